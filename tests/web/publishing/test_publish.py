"""Publishing: in order, only what changed, and at no moment does something public name a file that is not there."""

import hashlib
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.addresses import media_path
from audiobook.disk import digest
from audiobook.errors import IssueBusy, NothingToServe, ShelfDamaged, StorageError
from audiobook.library import Shelf
from audiobook.model.issue import Issue
from audiobook.model.publication import Bulletin, Edition, Podcast, Publication, Publisher, Site
from audiobook.model.recording import Timeline
from web.downloads import disposition, download_names
from web.editions import OFFERED
from web.lock import EXPIRES_S, LOCK, held
from web.plan import site_files
from web.publish import Order, publish, rehearse
from web.state import STATE
from web.storage import Folder, Storage, Stored

SOUND, BOOK = b"sound " * 1000, b"book " * 100


def addressed(content: bytes, suffix: str) -> str:
    return f"m/{hashlib.sha256(content).hexdigest()}{suffix}"


def export_of(folder: Path, *issues: str) -> Path:
    """A small exported site: each file names in [brackets] what must lie beside it."""
    files: dict[str, bytes] = {"static/site.css": b"body {}", "index.html": b"", "feed.xml": b""}
    for issue in issues:
        sound, book = issue.encode() + SOUND, issue.encode() + BOOK
        files[addressed(sound, ".mp3")] = sound
        files[addressed(book, ".epub")] = book
        page = f"so/{issue}/index.html"
        files[page] = f"[{addressed(sound, '.mp3')}] [{addressed(book, '.epub')}] [static/site.css]".encode()
        files[f"so/{issue}/bai-1/index.html"] = f"[{addressed(sound, '.mp3')}]".encode()
        files["index.html"] += f"[{page}] [so/{issue}/bai-1/index.html]".encode()
        files["feed.xml"] += f"[{addressed(sound, '.mp3')}] [{page}]".encode()
    for key, content in files.items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_bytes(content)
    return folder


class Memory:
    """A storage that keeps a diary, checks every public promise at each step, and can break."""

    def __init__(self, *, breaks_after: int = 1_000_000) -> None:
        self.files: dict[str, bytes] = {}
        self.notes: dict[str, bytes] = {}
        self.diary: list[str] = []
        self.left = breaks_after
        self.writing = threading.Lock()

    label, opens_folders = "memory", True

    def can_hold(self, key: str) -> bool:
        return key != ""

    def list(self) -> Iterator[Stored]:
        for key, content in (self.files | self.notes).items():
            yield Stored(key=key, bytes=len(content), etag=hashlib.sha256(content).hexdigest())

    def holds(self, stored: Stored, file: Path) -> bool:
        return self.files[stored.key] == file.read_bytes()

    def put(self, key: str, file: Path, *, media_type: str, cache_control: str, disposition: str = "") -> None:
        self._do(f"put {key}")
        self.files[key] = file.read_bytes()
        self.keeps_its_promises()

    def read(self, key: str) -> bytes | None:
        return self.notes.get(key)

    def write(self, key: str, data: bytes) -> None:
        self.notes[key] = data

    def create(self, key: str, data: bytes) -> bool:
        return key not in self.notes and not self.write(key, data)

    def sha256(self, key: str) -> str:
        return hashlib.sha256(self.files[key]).hexdigest()

    def abort_unfinished(self) -> int:
        return 0

    def delete(self, key: str) -> None:
        if self.notes.pop(key, None) is not None:
            return
        self._do(f"delete {key}")
        del self.files[key]
        self.keeps_its_promises()

    def keeps_its_promises(self) -> None:
        for key, content in dict(self.files).items():
            for named in re.findall(r"\[(.+?)]", content.decode()):
                assert named in self.files, f"{key} names {named} too early"

    def _do(self, what: str) -> None:
        with self.writing:
            if self.left == 0:
                raise StorageError("đứt mạng")
            self.left -= 1
            self.diary.append(what)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return export_of(tmp_path / "export", "2023-01", "2023-02")


TODAY = date(2026, 11, 25)


def order(export: Path, **changes: object) -> Order:
    wish = Order(site=site_files(export), podcast="guid-1", owner="office", today=TODAY)
    return replace(wish, **changes)


def send(export: Path, storage: Storage, **changes: object) -> int:
    return len(publish(order(export, **changes), storage).puts)


def test_sound_goes_first_then_editions_then_pages_home_last_and_then_the_feed(export: Path) -> None:
    memory = Memory()
    assert send(export, memory) == 11
    kinds = [re.sub(r"put (?:m/\w+|so/[\d-]+)", "…", each) for each in memory.diary]
    groups = [sorted(kinds[start:stop]) for start, stop in ((0, 2), (2, 5), (5, 7), (7, 9), (9, 10), (10, 11))]
    assert groups == [
        ["….mp3"] * 2,
        ["put static/site.css", *["….epub"] * 2],
        ["…/bai-1/index.html"] * 2,
        ["…/index.html"] * 2,
        ["put index.html"],
        ["put feed.xml"],
    ]


def test_a_second_run_sends_nothing_and_a_changed_page_goes_alone(export: Path) -> None:
    memory = Memory()
    send(export, memory)
    assert send(export, memory) == 0
    page = export / "so/2023-01/index.html"
    page.write_bytes(page.read_bytes().replace(b"] [", b"]-["))
    done = publish(order(export), memory)
    assert ([put.key for put in done.puts], done.unchanged) == (["so/2023-01/index.html"], 10)
    assert done.bytes == page.stat().st_size


def test_another_name_for_a_download_is_sent_with_its_file(export: Path) -> None:
    memory, sound = Memory(), addressed(b"2023-01" + SOUND, ".mp3")
    send(export, memory)
    assert [put.key for put in publish(order(export, names={sound: "Số 1.mp3"}), memory).puts] == [sound]


def test_a_file_that_somebody_changed_in_the_storage_is_sent_again(export: Path) -> None:
    memory = Memory()
    send(export, memory)
    for key in ("index.html", addressed(b"2023-01" + SOUND, ".mp3")):
        memory.files[key] = bytes(len(memory.files[key]))
        assert [put.key for put in publish(order(export), memory).puts] == [key]


@pytest.mark.parametrize("steps", range(10))
def test_a_run_that_broke_anywhere_is_completed_by_the_next(tmp_path: Path, steps: int) -> None:
    memory = Memory()
    send(export_of(tmp_path / "before", "2023-01"), memory)
    export = export_of(tmp_path / "after", "2023-01", "2023-02", "2023-03")
    memory.left = steps
    with pytest.raises(StorageError, match="đứt mạng"):
        send(export, memory)
    memory.keeps_its_promises()
    memory.left = 1_000
    assert send(export, memory) == 10 - steps
    assert memory.files == {file.relative_to(export).as_posix(): file.read_bytes() for file in export.rglob("*.*")}


def test_what_the_export_no_longer_has_stays_for_its_time_and_goes_only_when_pruned(
    tmp_path: Path, export: Path
) -> None:
    memory = Memory()
    send(export, memory)
    smaller = export_of(tmp_path / "smaller", "2023-02")
    for days, prune, deleted in ((0, True, 0), (89, True, 0), (90, False, 0), (90, True, 4)):
        done = publish(order(smaller, today=TODAY + timedelta(days=days), prune=prune), memory)
        assert (len(done.gone), len(done.deletes)) == (4, deleted), days
    assert [key.rpartition(".")[2] for key in done.deletes] == ["html", "html", "epub", "mp3"]
    assert len(memory.files) == 7
    assert publish(order(smaller), memory).gone == {}


def test_a_clock_that_was_set_back_deletes_nothing_early_and_keeps_nothing_for_ever(
    tmp_path: Path, export: Path
) -> None:
    memory = Memory()
    send(export, memory)
    smaller = export_of(tmp_path / "smaller", "2023-02")
    send(smaller, memory, today=date(2099, 1, 1))
    assert publish(order(smaller, prune=True), memory).deletes == ()
    assert len(publish(order(smaller, prune=True, today=TODAY + timedelta(days=90)), memory).deletes) == 4


def test_what_comes_back_is_no_longer_waiting_to_be_deleted(tmp_path: Path, export: Path) -> None:
    memory = Memory()
    send(export, memory)
    send(export_of(tmp_path / "smaller", "2023-02"), memory)
    assert publish(order(export), memory).gone == {}
    assert publish(order(export, today=TODAY + timedelta(days=900), prune=True), memory).deletes == ()


def test_files_of_others_are_never_deleted(export: Path) -> None:
    memory = Memory()
    memory.files["ke-toan/2026.xlsx"] = b"not ours"
    send(export, memory)
    done = publish(order(export, today=TODAY + timedelta(days=900), prune=True, force=True), memory)
    assert (done.foreign, done.deletes) == (("ke-toan/2026.xlsx",), ())
    assert "ke-toan/2026.xlsx" in memory.files


def test_deletions_come_after_the_feed(tmp_path: Path, export: Path) -> None:
    memory = Memory()
    send(export, memory)
    smaller = export_of(tmp_path / "smaller", "2023-02")
    memory.diary.clear()
    send(smaller, memory, keep_days=0, prune=True)
    assert [each.split()[0] for each in memory.diary] == ["put"] * 2 + ["delete"] * 4
    assert memory.diary[1] == "put feed.xml"


def test_a_withdrawn_issue_goes_at_once_after_nothing_names_it(tmp_path: Path, export: Path) -> None:
    memory = Memory()
    send(export, memory)
    smaller = export_of(tmp_path / "smaller", "2023-02")
    done = publish(order(smaller, at_once=lambda key: "2023-01" in key), memory)
    assert sorted(done.deletes) == ["so/2023-01/bai-1/index.html", "so/2023-01/index.html"]
    assert not [key for key in memory.files if "2023-01" in key]


def test_half_a_site_is_not_deleted_by_mistake(tmp_path: Path) -> None:
    memory = Memory()
    send(export_of(tmp_path / "all", *(f"2023-{number:02}" for number in range(1, 13))), memory)
    one = export_of(tmp_path / "one", "2023-01")
    before = dict(memory.files)
    with pytest.raises(StorageError, match="nhiều hơn số tệp của cả trang"):
        send(one, memory, keep_days=0, prune=True)
    assert memory.files == before
    assert len(publish(order(one, keep_days=0, prune=True, force=True), memory).deletes) == 44


def test_a_rehearsal_says_everything_and_does_nothing(export: Path) -> None:
    memory = Memory()
    memory.files["old.html"] = b""
    planned, _ = rehearse(order(export), memory)
    assert (len(planned.puts), planned.foreign, planned.bytes > len(SOUND)) == (11, ("old.html",), True)
    assert (memory.diary, memory.notes) == ([], {})


def test_the_feed_waits_until_the_storage_shows_every_sound_in_full(export: Path) -> None:
    class Forgetful(Memory):
        def list(self) -> Iterator[Stored]:
            yield from (each for each in super().list() if not each.key.endswith(".mp3"))

    memory = Forgetful()
    with pytest.raises(StorageError, match="nguồn podcast chưa được thay"):
        send(export, memory)
    assert "feed.xml" not in memory.files


def test_a_damaged_file_of_the_shelf_is_not_published(export: Path) -> None:
    memory, sound = Memory(), addressed(b"2023-01" + SOUND, ".mp3")
    (export / sound).write_bytes(bytes((export / sound).stat().st_size))
    with pytest.raises(ShelfDamaged, match="audiobook verify"):
        send(export, memory)
    assert sound not in memory.files
    assert "feed.xml" not in memory.files


def test_progress_tells_bytes_done_and_in_all(export: Path) -> None:
    told: list[tuple[int, int]] = []
    done = publish(order(export), Memory(), progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (done.bytes, done.bytes)
    assert told == sorted(told)


def test_every_file_is_described(export: Path) -> None:
    sound = addressed(b"2023-01" + SOUND, ".mp3")
    planned, _ = rehearse(order(export, names={sound: "Số 1.mp3"}), Memory())
    puts = {put.key: put for put in planned.puts}
    assert puts[sound].media_type == "audio/mpeg"
    assert puts[sound].cache_control == "public, max-age=31536000, immutable"
    assert puts[sound].disposition == "inline; filename=\"So 1.mp3\"; filename*=UTF-8''S%E1%BB%91%201.mp3"
    assert puts["feed.xml"].media_type == "application/rss+xml; charset=utf-8"
    assert puts["feed.xml"].cache_control == "public, max-age=300"
    assert puts["so/2023-01/index.html"].media_type == "text/html; charset=utf-8"


def test_an_exported_site_arrives_in_every_storage_as_it_is(export: Path, storage: Storage) -> None:
    send(export, storage)
    files = {file.relative_to(export).as_posix(): file for file in export.rglob("*.*")}
    stored = {each.key: each for each in storage.list()}
    assert set(stored) - set(files) == {STATE}
    assert all(storage.holds(stored[key], file) and storage.sha256(key) == digest(file) for key, file in files.items())
    assert send(export, storage) == 0


def test_two_publishers_cannot_harm_each_other(export: Path, storage: Storage) -> None:
    with held(storage, owner="another machine"), pytest.raises(IssueBusy) as refusal:
        send(export, storage)
    assert refusal.value.exit_code == 75
    assert "feed.xml" not in {each.key for each in storage.list()}
    assert send(export, storage) == 11


def test_a_lock_that_a_dead_run_left_is_taken_over(storage: Storage) -> None:
    storage.create(LOCK, b'{"owner": "office", "since": 1000}')
    with held(storage, owner="office", now=lambda: 1060.0):
        assert b"1060" in (storage.read(LOCK) or b"")
    storage.create(LOCK, b'{"owner": "another", "since": 1000}')
    for moment in (1000.0 + EXPIRES_S, 1000.0 - EXPIRES_S):
        with held(storage, owner="office", now=lambda moment=moment: moment):
            pass
    assert storage.read(LOCK) is None


def test_a_lock_is_renewed_while_its_holder_lives(storage: Storage) -> None:
    moments = iter((1000.0, 1100.0, 1400.0, 1400.0))
    with held(storage, owner="office", now=lambda: next(moments)) as renew:
        renew()
        assert b"1000" in (storage.read(LOCK) or b"")
        renew()
        assert b"1400" in (storage.read(LOCK) or b"")


def test_another_bulletin_is_not_published_over_this_one(export: Path, storage: Storage) -> None:
    send(export, storage)
    with pytest.raises(StorageError, match="đang chứa một bản tin khác"):
        send(export, storage, podcast="guid-2")


def test_a_note_of_a_newer_program_is_left_alone(export: Path) -> None:
    memory = Memory()
    memory.notes[STATE] = b'{"podcast": "guid-1", "format": 99}'
    with pytest.raises(StorageError, match="bản mới hơn"):
        send(export, memory)


def test_a_lost_note_costs_no_sound_and_deletes_nothing(tmp_path: Path, export: Path) -> None:
    memory = Memory()
    send(export, memory)
    for note in (None, b"{damaged"):
        memory.notes = {STATE: note} if note else {}
        assert send(export, memory, prune=True, keep_days=0) == 0
    assert len(memory.files) == 11


def test_a_folder_that_is_no_exported_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingToServe, match="audiobook export"):
        order(tmp_path)


def test_a_target_that_holds_the_export_is_refused(export: Path) -> None:
    for target in (export, export.parent, export / "public"):
        with pytest.raises(StorageError, match="không được nằm trong nhau"):
            send(export, Folder(target), prune=True)
    assert (export / "index.html").is_file()


@given(name=st.text())
def test_any_name_gives_a_header_that_cannot_be_broken_out_of(name: str) -> None:
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert re.fullmatch(r"inline; filename=\"[^\"\\/]*\"; filename\*=UTF-8''[A-Za-z0-9%._~-]*", header)


def test_downloads_are_called_by_the_bulletins_name(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    publisher = Publisher(name="Hội", licence_number="1", supplier="Hội")
    podcast = Podcast(guid="g", title="Bản tin An Phú", description="")
    shelf.keep_bulletin(Bulletin(publisher=publisher, podcast=podcast, site=Site(base_url="https://a.example")))
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "a.1234.mp3").write_bytes(SOUND)
    sound = Edition(
        kind="mp3",
        file="a.1234.mp3",
        media_type="audio/mpeg",
        bytes=len(SOUND),
        sha256=hashlib.sha256(SOUND).hexdigest(),
    )
    issue = Issue(id="2023-03", title="", number=3, date=date(2023, 3, 30), publisher="Hội", chapters=())
    publication = Publication(
        guid="1",
        issue=issue,
        timeline=Timeline(chapters=(), sentences=()),
        editions=(sound,),
        voices=(),
        published=datetime(2023, 3, 30, tzinfo=UTC),
        fingerprint="",
    )
    shelf.put(publication, made_in=tmp_path / "made")
    assert download_names(shelf) == {addressed(SOUND, ".mp3"): "Bản tin An Phú số 3-2023.mp3"}


def test_no_two_kinds_of_an_issue_are_called_the_same(office) -> None:
    names = download_names(office.shelf)
    offered = {names[media_path(e)] for kind, *_ in OFFERED if (e := office.latest.edition(kind))}
    assert len(offered) == len([kind for kind, *_ in OFFERED if office.latest.edition(kind)])
    article = next(each for each in office.latest.editions if each.kind == "mp3-article" and each.chapter == "c02")
    assert names[media_path(article)] == 'Bản tin "A & B" <script>alert(1)</script> số 1-2023 (Bảng số liệu).mp3'
