"""Publishing: in order, only what changed, and at no moment does something public name a file that is not there."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.errors import NothingToServe, StorageError
from audiobook.library import Shelf
from audiobook.model.issue import Issue
from audiobook.model.publication import Bulletin, Edition, Podcast, Publication, Publisher, Site
from audiobook.model.recording import Timeline
from web.downloads import disposition, download_names
from web.publish import plan, publish
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
        self.diary: list[str] = []
        self.left = breaks_after

    def list(self) -> Iterator[Stored]:
        yield from [Stored(key=key, bytes=len(content)) for key, content in self.files.items()]

    def holds(self, stored: Stored, file: Path) -> bool:
        return self.files[stored.key] == file.read_bytes()

    def put(self, key: str, file: Path, *, media_type: str, cache_control: str, disposition: str = "") -> None:
        self._do(f"put {key}")
        self.files[key] = file.read_bytes()
        self.keeps_its_promises()

    def delete(self, key: str) -> None:
        self._do(f"delete {key}")
        del self.files[key]
        self.keeps_its_promises()

    def keeps_its_promises(self) -> None:
        for key, content in self.files.items():
            for named in re.findall(r"\[(.+?)]", content.decode()):
                assert named in self.files, f"{key} names {named} too early"

    def _do(self, what: str) -> None:
        if self.left == 0:
            raise StorageError("đứt mạng")
        self.left -= 1
        self.diary.append(what)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return export_of(tmp_path / "export", "2023-01", "2023-02")


def send(export: Path, storage: Storage, *, prune: bool = False) -> int:
    return len(publish(export, storage, prune=prune, dry_run=False).puts)


def test_sound_goes_first_then_editions_then_pages_home_last_and_then_the_feed(export: Path) -> None:
    memory = Memory()
    assert send(export, memory) == 11
    kinds = [re.sub(r"put (?:m/\w+|so/[\d-]+)", "…", each) for each in memory.diary]
    assert kinds == [
        *["….mp3"] * 2,
        *["….epub"] * 2,
        "put static/site.css",
        *["…/bai-1/index.html"] * 2,
        *["…/index.html"] * 2,
        "put index.html",
        "put feed.xml",
    ]


def test_a_second_run_sends_nothing_and_a_changed_page_goes_alone(export: Path) -> None:
    memory = Memory()
    send(export, memory)
    assert send(export, memory) == 0
    page = export / "so/2023-01/index.html"
    page.write_bytes(page.read_bytes().replace(b"] [", b"]-["))
    report = publish(export, memory, prune=False, dry_run=False)
    assert (report.puts, report.unchanged, report.bytes) == (("so/2023-01/index.html",), 10, page.stat().st_size)


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


def test_what_the_export_no_longer_has_is_kept_unless_it_is_to_be_pruned(tmp_path: Path, export: Path) -> None:
    memory = Memory()
    send(export, memory)
    smaller = export_of(tmp_path / "smaller", "2023-02")
    report = publish(smaller, memory, prune=False, dry_run=False)
    assert (report.deletes, len(report.kept)) == ((), 4)
    report = publish(smaller, memory, prune=True, dry_run=False)
    assert [key.rpartition(".")[2] for key in report.deletes] == ["html", "html", "epub", "mp3"]
    assert len(memory.files) == 7


def test_deletions_come_after_the_feed(tmp_path: Path, export: Path) -> None:
    memory = Memory()
    send(export, memory)
    memory.diary.clear()
    send(export_of(tmp_path / "smaller", "2023-02"), memory, prune=True)
    assert [each.split()[0] for each in memory.diary] == ["put"] * 2 + ["delete"] * 4
    assert memory.diary[1] == "put feed.xml"


def test_a_rehearsal_says_everything_and_does_nothing(export: Path) -> None:
    memory = Memory()
    memory.files["old.html"] = b""
    report = publish(export, memory, prune=True, dry_run=True)
    assert (len(report.puts), report.deletes, report.bytes > len(SOUND)) == (11, ("old.html",), True)
    assert memory.diary == []


def test_the_feed_waits_until_the_storage_shows_every_sound_in_full(export: Path) -> None:
    class Forgetful(Memory):
        def list(self) -> Iterator[Stored]:
            yield from (each for each in super().list() if not each.key.endswith(".mp3"))

    memory = Forgetful()
    with pytest.raises(StorageError, match="nguồn podcast chưa được thay"):
        send(export, memory)
    assert "feed.xml" not in memory.files


def test_progress_tells_bytes_done_and_in_all(export: Path) -> None:
    told: list[tuple[int, int]] = []
    report = publish(
        export, Memory(), prune=False, dry_run=False, progress=lambda done, total: told.append((done, total))
    )
    assert told[-1] == (report.bytes, report.bytes)
    assert told == sorted(told)


def test_every_file_is_described(export: Path) -> None:
    sound = addressed(b"2023-01" + SOUND, ".mp3")
    puts = {put.key: put for put in plan(export, Memory(), names={sound: "Số 1.mp3"}).puts}
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
    assert set(stored) == set(files)
    assert all(storage.holds(each, files[key]) for key, each in stored.items())
    assert send(export, storage) == 0


def test_a_folder_that_is_no_exported_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingToServe, match="audiobook export"):
        publish(tmp_path, Memory(), prune=True, dry_run=False)


def test_a_target_that_holds_the_export_is_refused(export: Path) -> None:
    for target in (export, export.parent, export / "public"):
        with pytest.raises(StorageError, match="không được nằm trong nhau"):
            publish(export, Folder(target), prune=True, dry_run=False)
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
