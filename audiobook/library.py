"""The catalogue: publications on disk. A folder that a librarian can read without this program.

    audiobook.toml  lexicon.toml  issues/<id>/{manuscript.*, issue.toml}  shelf/<id>/{publication.json, …}  cache/

``Shelf`` is the door by which feeds and web come in; ``Library`` is the editor's whole house around it.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import msgspec

from audiobook.errors import IssueBusy, IssueExists, IssueUnknown, NoLibrary, SettingsError, ShelfDamaged, writing
from audiobook.issue_folder import lay_in, manuscript_in
from audiobook.model.publication import Bulletin, Edition, Publication

T = TypeVar("T")
_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")
_WINDOWS_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is finished: all that feeds and web are made from."""

    folder: Path

    def bulletin(self) -> Bulletin:
        """Who publishes, and what the bulletin is called.

        Raises:
            ShelfDamaged: the file is missing or broken.
        """
        return _decoded(self.folder / "bulletin.json", Bulletin)

    def publications(self) -> tuple[Publication, ...]:
        """Every publication, newest first.

        Raises:
            ShelfDamaged: a publication.json is broken.
        """
        files = self.folder.glob("*/publication.json")
        found = [_decoded(file, Publication) for file in files if not file.parent.name.startswith(".")]
        return tuple(sorted(found, key=lambda each: (each.published, each.issue.id), reverse=True))

    def publication(self, issue_id: str) -> Publication:
        """One publication.

        Raises:
            IssueUnknown: the shelf has none of this id.
            ShelfDamaged: its publication.json is broken.
        """
        if not self.has(issue_id):
            raise IssueUnknown("số này chưa có trên giá.", thing=issue_id, advice="Xem các số đã có: audiobook list")
        return _decoded(self.folder / issue_id / "publication.json", Publication)

    def has(self, issue_id: str) -> bool:
        """Whether the issue stands on the shelf."""
        return is_id(issue_id) and (self.folder / issue_id / "publication.json").is_file()

    def file(self, publication: Publication, edition: Edition) -> Path:
        """The edition's file."""
        return self.folder / publication.issue.id / PurePosixPath(edition.file)

    def version(self) -> str:
        """A text that changes whenever anything that stands on the shelf does."""
        files = sorted(
            [*self.folder.glob("*.json"), *self.folder.glob("*.xml"), *self.folder.glob("*/publication.json")]
        )
        seen = [f"{file.relative_to(self.folder)}:{(stat := file.stat()).st_mtime_ns}:{stat.st_size}" for file in files]
        return hashlib.sha256("\n".join(seen).encode()).hexdigest()

    def is_whole(self, publication: Publication) -> bool:
        """Whether every edition's file is there with its size (contents are checked when the library is verified)."""
        files = [(self.file(publication, edition), edition.bytes) for edition in publication.editions]
        return all(file.is_file() and file.stat().st_size == size for file, size in files)

    def keep_bulletin(self, bulletin: Bulletin) -> None:
        """Store the bulletin's own data, if they changed."""
        store(self.folder / "bulletin.json", _encoded(bulletin))

    def put(self, publication: Publication, *, made_in: Path) -> None:
        """Move the finished editions from ``made_in`` to the shelf; the issue is published whole or not at all.

        An edition's name carries its hash, so new files never cover old ones: what is published is named by
        publication.json, which is replaced in one step after every file lies on the disk.

        Raises:
            DiskFull, NotWritable: the publication of before stays as it was.
        """
        home = self.folder / publication.issue.id
        with writing(home):
            for edition in publication.editions:
                _move(made_in / PurePosixPath(edition.file), home / PurePosixPath(edition.file))
            store(home / "publication.json", _encoded(publication))
            _sweep(home, {edition.file for edition in publication.editions} | {"publication.json"})


@dataclass(frozen=True, slots=True)
class Library:
    """The editor's folder."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> "Library":
        """The library in a folder.

        Raises:
            NoLibrary: there is none.
        """
        if not (folder / "audiobook.toml").is_file():
            raise NoLibrary(
                "thư mục này chưa phải là thư viện (không có audiobook.toml).",
                thing=folder.resolve(),
                advice="Tạo mới bằng: audiobook new THƯ-MỤC, hoặc chỉ đúng thư mục bằng --library.",
            )
        return cls(folder)

    @property
    def settings_file(self) -> Path:
        """audiobook.toml."""
        return self.folder / "audiobook.toml"

    @property
    def lexicon_file(self) -> Path:
        """The library's own lexicon."""
        return self.folder / "lexicon.toml"

    @property
    def shelf(self) -> Shelf:
        """What is finished."""
        return Shelf(self.folder / "shelf")

    @property
    def cache(self) -> Path:
        """What can be made again: takes, masters, encoded chapters."""
        return self.folder / "cache"

    def issue_folder(self, issue_id: str) -> Path:
        """Where an issue's manuscript lies.

        Raises:
            IssueUnknown: there is no such issue.
        """
        folder = self.folder / "issues" / issue_id
        if not is_id(issue_id) or not folder.is_dir():
            known = ", ".join(self.issue_ids()) or "chưa có số nào"
            raise IssueUnknown("không có số này trong thư viện.", thing=issue_id, advice=f"Đang có: {known}.")
        return folder

    def issue_ids(self) -> tuple[str, ...]:
        """Every issue that has a manuscript, oldest first."""
        folders = (self.folder / "issues").glob("*/issue.toml")
        return tuple(sorted(folder.parent.name for folder in folders if is_id(folder.parent.name)))

    def manuscript(self, issue_id: str) -> Path:
        """The manuscript's file.

        Raises:
            IssueUnknown: there is none.
        """
        found = manuscript_in(self.issue_folder(issue_id))
        if found is None:
            raise IssueUnknown("thư mục của số này không có bản thảo.", thing=self.folder / "issues" / issue_id)
        return found

    def add(
        self,
        issue_id: str,
        *,
        manuscript: Path,
        beside: Sequence[PurePosixPath],
        facts: bytes,
        revises: bool = False,
    ) -> None:
        """Take a manuscript (a file, or a folder) in, with the files ``beside`` it that it names and issue.toml.

        Whole or not at all. A revision takes the old manuscript's place; whatever else lies in the folder stays.

        Raises:
            IssueExists: the id is taken.
            SettingsError: no id that can name a folder on every system.
        """
        if not is_id(issue_id):
            raise SettingsError(
                "mã số chỉ gồm chữ thường không dấu, chữ số và gạch nối, dài 1 đến 80 ký tự.", thing=issue_id
            )
        target = self.folder / "issues" / issue_id
        if target.exists() and not revises:
            raise IssueExists(
                "mã số này đã có trong thư viện.",
                thing=issue_id,
                advice="Là bản thảo mới của số ấy thì thêm --revise; là số khác thì dùng --id để đặt mã khác.",
            )
        lay_in(target, manuscript=manuscript, beside=beside, facts=facts)

    @contextmanager
    def locked(self, issue_id: str) -> Iterator[None]:
        """Hold the issue while it is produced.

        Raises:
            IssueBusy: another run holds it.
        """
        from filelock import FileLock, Timeout

        locks = self.cache / "locks"
        with writing(locks):
            locks.mkdir(parents=True, exist_ok=True)
            lock = FileLock(locks / f"{issue_id}.lock")
            try:
                lock.acquire(timeout=0)
            except Timeout as error:
                raise IssueBusy(
                    "số này đang được làm ở một cửa sổ khác.", thing=issue_id, advice="Chờ xong rồi chạy lại."
                ) from error
        try:
            yield
        finally:
            lock.release()


def is_id(text: str) -> bool:
    """Whether a text can name an issue's folder and address everywhere.

    >>> is_id("2023-03"), is_id("../x"), is_id("nul")
    (True, False, False)
    """
    return bool(_ID.fullmatch(text)) and not _WINDOWS_DEVICES.fullmatch(text)


def store(file: Path, data: bytes) -> None:
    """Replace a file in one step, durably, if its bytes change (temporary file, fsync, rename, fsync of the folder).

    Raises:
        DiskFull, NotWritable: the old file stays whole.
    """
    with writing(file):
        if file.is_file() and file.read_bytes() == data:
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        coming = file.with_name(f".tmp-{os.getpid()}-{file.name}")
        try:
            with coming.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            coming.replace(file)
        finally:
            coming.unlink(missing_ok=True)
        _sync_folder(file.parent)


def _move(source: Path, target: Path) -> None:
    if target.is_file() and target.stat().st_size == source.stat().st_size:
        return  # its name carries its hash: it is the same file
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb+") as stream:
        os.fsync(stream.fileno())
    source.replace(target)


def _sweep(home: Path, named: set[str]) -> None:
    for file in home.rglob("*"):
        if file.is_file() and file.relative_to(home).as_posix() not in named:
            file.unlink()


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open a folder; its rename is journalled
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _encoded(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def _decoded(file: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError) as error:
        raise ShelfDamaged(
            "tệp trên giá bị thiếu hoặc hỏng.",
            thing=file,
            place=str(error),
            advice="Chạy lại audiobook produce cho số này, hoặc phục hồi từ bản sao lưu.",
        ) from error
