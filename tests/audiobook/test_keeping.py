"""Verify, backup and restore: what is damaged is found, what is kept comes back byte for byte."""

import errno
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from audiobook.archive import SUMS, backup, restore
from audiobook.disk import digest, store
from audiobook.errors import ArchiveDamaged, DiskFull, IssueBusy, LibraryExists
from audiobook.integrity import shelf_faults, take_off
from audiobook.library import Library, Shelf
from audiobook.model.issue import Issue
from audiobook.model.publication import Bulletin, Edition, Podcast, Publication, Publisher, Site
from audiobook.model.recording import Timeline

BULLETIN = Bulletin(
    publisher=Publisher(name="Nhà xuất bản", licence_number="1", supplier="B"),
    podcast=Podcast(guid="g", title="Bản tin", description="…"),
    site=Site(base_url="https://bantin.example.vn"),
)


def edition(content: bytes, kind: str, suffix: str) -> Edition:
    name = sha256(content).hexdigest()
    return Edition(kind=kind, file=f"{kind}.{name[:8]}{suffix}", media_type="x/y", bytes=len(content), sha256=name)


def put(shelf: Shelf, made_in: Path, issue_id: str, sound: bytes, **changes: object) -> Publication:
    contents = {"mp3": sound, "vtt": b"WEBVTT " + sound}
    editions = tuple(edition(content, kind, f".{kind}") for kind, content in contents.items())
    made_in.mkdir(exist_ok=True)
    for each in editions:
        (made_in / each.file).write_bytes(contents[each.kind])
    publication = Publication(
        guid=issue_id,
        issue=Issue(id=issue_id, title="", number=1, date=date(2023, 3, 30), publisher="", chapters=()),
        timeline=Timeline(chapters=(), sentences=()),
        editions=editions,
        voices=(),
        published=datetime(2023, 3, 30, tzinfo=UTC),
        fingerprint="f",
    )
    publication = replace(publication, **changes)
    shelf.put(publication, made_in=made_in)
    return publication


@pytest.fixture
def library(tmp_path: Path) -> Library:
    home = tmp_path / "thu-vien"
    (home / "issues" / "2023-03" / "hình").mkdir(parents=True)
    for name in ("audiobook.toml", "lexicon.toml", "issues/2023-03/manuscript.md", "issues/2023-03/hình/bếp.png"):
        (home / name).write_text(name, encoding="utf-8")
    (home / "cache").mkdir()
    (home / "cache" / "take.wav").write_bytes(b"can be made again")
    library = Library.at(home)
    library.shelf.keep_bulletin(BULLETIN)
    for issue_id in ("2023-02", "2023-03"):
        put(library.shelf, tmp_path / "made", issue_id, f"sound of {issue_id}".encode() * 100)
    return library


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and "cache" not in file.parts and file.name != ".lock"
    }


def test_a_whole_shelf_has_no_faults(library: Library) -> None:
    told: list[tuple[int, int]] = []
    assert shelf_faults(library.shelf, looked=lambda done, total: told.append((done, total))) == ()
    assert told[-1][0] == told[-1][1] > 0


@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_a_damaged_edition_is_found_and_taken_off_so_that_it_is_made_again(library: Library, harm: str) -> None:
    publication = library.shelf.publication("2023-03")
    file = library.shelf.file(publication, publication.editions[0])
    data = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(data[:-1] if harm == "cut" else bytes([data[0] ^ 1]) + data[1:])
    faults = shelf_faults(library.shelf)
    assert [(each.file, each.issue) for each in faults] == [(file, "2023-03")]
    take_off(faults)
    assert not library.shelf.is_whole(publication)
    assert library.shelf.is_whole(library.shelf.publication("2023-02"))


@pytest.mark.parametrize("name", ["bulletin.json", "2023-03/publication.json"])
def test_a_damaged_catalogue_is_found_and_the_rest_is_still_looked_at(library: Library, name: str) -> None:
    (library.shelf.folder / name).write_bytes(b'{"guid": ')
    publication = library.shelf.publication("2023-02")
    library.shelf.file(publication, publication.editions[1]).unlink()
    assert sorted(each.file.name for each in shelf_faults(library.shelf)) == sorted(
        [Path(name).name, publication.editions[1].file]
    )


def test_a_library_comes_back_byte_for_byte(library: Library, tmp_path: Path) -> None:
    packed = backup(library, tmp_path / "sao-luu.zip")
    assert packed.damaged == ()
    assert restore(tmp_path / "sao-luu.zip", tmp_path / "moi") == packed.files
    assert contents(tmp_path / "moi") == contents(library.folder)
    assert shelf_faults(Library.at(tmp_path / "moi").shelf) == ()
    assert not (tmp_path / "moi" / "cache").exists()


def test_the_same_library_is_the_same_archive(library: Library, tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        backup(library, tmp_path / name)
    assert digest(tmp_path / "a.zip") == digest(tmp_path / "b.zip")


def test_the_archive_can_be_checked_without_this_program(library: Library, tmp_path: Path) -> None:
    backup(library, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "by-hand")
    for line in (tmp_path / "by-hand" / SUMS).read_text("utf-8").splitlines():
        wanted, name = line.split("  ", 1)
        assert digest(tmp_path / "by-hand" / name) == wanted


def test_a_backup_of_a_damaged_shelf_says_so(library: Library, tmp_path: Path) -> None:
    publication = library.shelf.publication("2023-03")
    file = library.shelf.file(publication, publication.editions[0])
    file.write_bytes(bytes(file.stat().st_size))
    assert backup(library, tmp_path / "a.zip").damaged == (f"shelf/2023-03/{file.name}",)


@contextmanager
def rewritten(file: Path, change: Callable[[dict[str, bytes]], None]) -> Iterator[None]:
    with zipfile.ZipFile(file) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    yield


def damage(entries: dict[str, bytes]) -> None:
    entries["audiobook.toml"] = b"changed"


def lose(entries: dict[str, bytes]) -> None:
    del entries["lexicon.toml"]


def add(entries: dict[str, bytes]) -> None:
    entries["shelf/more.txt"] = b"strange"


def no_sums(entries: dict[str, bytes]) -> None:
    del entries[SUMS]


def lead_elsewhere(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(entries: dict[str, bytes]) -> None:
        entries[name] = b"evil"
        entries[SUMS] += f"{sha256(b'evil').hexdigest()}  {name}\n".encode()

    return change


@pytest.mark.parametrize(
    "change",
    [
        damage,
        lose,
        add,
        no_sums,
        *map(lead_elsewhere, ("../evil", "/evil", "shelf/../../evil", "shelf\\..\\evil", "C:/evil", "bin/evil")),
    ],
)
def test_an_archive_that_is_not_what_it_was_restores_nothing(
    library: Library, tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    backup(library, tmp_path / "a.zip")
    before = set(tmp_path.iterdir())
    with rewritten(tmp_path / "a.zip", change), pytest.raises(ArchiveDamaged):
        restore(tmp_path / "a.zip", tmp_path / "moi")
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("size", [0, 100, -100])
def test_an_archive_that_is_cut_off_restores_nothing(library: Library, tmp_path: Path, size: int) -> None:
    backup(library, tmp_path / "a.zip")
    (tmp_path / "a.zip").write_bytes((tmp_path / "a.zip").read_bytes()[: size or None][: size or 0])
    with pytest.raises(ArchiveDamaged):
        restore(tmp_path / "a.zip", tmp_path / "moi")
    assert not (tmp_path / "moi").exists()


def test_nothing_is_restored_over_anything(library: Library, tmp_path: Path) -> None:
    backup(library, tmp_path / "a.zip")
    before = contents(library.folder)
    with pytest.raises(LibraryExists):
        restore(tmp_path / "a.zip", library.folder)
    assert contents(library.folder) == before


def test_a_full_disk_keeps_the_older_archive_and_says_how_much_is_needed(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(library, tmp_path / "a.zip")
    before = (tmp_path / "a.zip").read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match="cần 1 MB, còn"):
        backup(library, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == before
    assert not list(tmp_path.glob(".tmp-*"))


def test_a_library_that_is_being_published_is_not_backed_up_in_the_middle(library: Library, tmp_path: Path) -> None:
    with library.publishing(), pytest.raises(IssueBusy):
        backup(library, tmp_path / "a.zip")


class Disk:
    """A disk that forgets what was not synced: contents without fsync are empty, renames without it may be lost."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.synced, self.copies = folder, {}, 0
        self.durable: dict[str, bytes] = {}
        self.check: Callable[[Path], None] = lambda copy: None
        fsync, replace_file = os.fsync, Path.replace

        def watched_fsync(handle: int) -> None:
            fsync(handle)
            found = os.fstat(handle)
            self.synced[found.st_ino] = found.st_size
            if Path(f"/proc/self/fd/{handle}").resolve().is_dir():
                self.durable = self.now()  # this folder's names, and for our purpose all names before it
            self.crash()

        def watched_replace(source: Path, target: Path) -> Path:
            moved = replace_file(source, target)
            self.crash()
            return moved

        monkeypatch.setattr(os, "fsync", watched_fsync)
        monkeypatch.setattr(Path, "replace", watched_replace)

    def now(self) -> dict[str, bytes]:
        found = {}
        for file in self.folder.rglob("*"):
            if file.is_file():
                state = file.stat()
                is_safe = self.synced.get(state.st_ino) == state.st_size
                found[file.relative_to(self.folder).as_posix()] = file.read_bytes() if is_safe else b""
        return found

    def crash(self) -> None:
        """The power goes now: all names since the last sync are there, or none, or only the newest of them."""
        now = self.now()
        newest = {name: data for name, data in now.items() if self.durable.get(name) != data}
        for view in (now, self.durable, *({**self.durable, name: data} for name, data in newest.items())):
            copy = self.folder.with_name(f"crash-{self.copies}")
            self.copies += 1
            for name, data in view.items():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                (copy / name).write_bytes(data)
            copy.mkdir(exist_ok=True)
            self.check(copy)
            shutil.rmtree(copy)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at open files as Linux shows them")
def test_a_power_cut_at_any_moment_leaves_a_publication_that_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(tmp_path / "shelf")
    put(shelf, tmp_path / "made", "2023-03", b"first" * 50)
    disk = Disk(shelf.folder, monkeypatch)
    disk.synced = {file.stat().st_ino: file.stat().st_size for file in shelf.folder.rglob("*") if file.is_file()}
    disk.durable = disk.now()
    revisions: set[int] = set()

    def holds_together(copy: Path) -> None:
        after = Shelf(copy)
        publication = after.publication("2023-03")
        assert after.is_whole(publication), f"revision {publication.revision} names what is not there"
        assert [each for each in shelf_faults(after) if each.issue] == []
        revisions.add(publication.revision)

    disk.check = holds_together
    put(shelf, tmp_path / "made", "2023-03", b"second" * 50, revision=2)
    assert revisions == {1, 2}
    assert disk.copies > 8


def test_a_power_cut_at_any_moment_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "folder" / "feed.xml"
    store(file, b"<old/>")
    disk = Disk(file.parent, monkeypatch)
    disk.synced, disk.durable = {file.stat().st_ino: 6}, {"feed.xml": b"<old/>"}
    seen: set[bytes] = set()
    disk.check = lambda copy: seen.add((copy / "feed.xml").read_bytes())
    store(file, b"<new/>")
    assert seen == {b"<old/>", b"<new/>"}
