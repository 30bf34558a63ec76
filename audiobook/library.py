"""The catalogue: publications on disk. A folder that a librarian can read without this program.

    audiobook.toml  lexicon.toml  issues/<id>/{manuscript.*, issue.toml}  shelf/<id>/{publication.json, …}  cache/

``Shelf`` is the door by which feeds and web come in; ``Library`` is the editor's whole house around it.
"""

import hashlib
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from audiobook.disk import replace, replacing, sync_file, sync_folder
from audiobook.disk import store as store  # whoever keeps something in the library finds it here
from audiobook.errors import IssueExists, IssueUnknown, NoLibrary, SettingsError, ShelfDamaged, ShelfNewer, writing
from audiobook.issue_folder import lay_in, manuscript_in
from audiobook.locks import alone
from audiobook.model.publication import SHELF_FORMAT, Bulletin, Edition, Publication
from audiobook.records import decoded, encoded, pieces

_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")
_WINDOWS_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is finished: all that feeds and web are made from."""

    folder: Path

    def bulletin(self) -> Bulletin:
        """Who publishes, and what the bulletin is called. What an older program wrote is read as it is.

        Raises:
            ShelfDamaged: the file is missing or broken.
            ShelfNewer: a newer program wrote it.
        """
        found = decoded(self.folder / "bulletin.json", Bulletin)
        if found.format > SHELF_FORMAT:
            raise ShelfNewer(
                "giá này do một bản mới hơn của chương trình ghi.", thing=self.folder, advice="Cập nhật chương trình."
            )
        return found

    def publications(self) -> tuple[Publication, ...]:
        """Every issue, newest first.

        Raises:
            ShelfDamaged: a publication.json is broken.
        """
        return self.of_kind("issue")

    def of_kind(self, kind: str) -> tuple[Publication, ...]:
        """The same of another kind: ``correction``."""
        files = (each for each in self.folder.glob("*/publication.json") if not each.parent.name.startswith("."))
        found = [each for each in (decoded(file, Publication) for file in files) if each.kind == kind]
        return tuple(sorted(found, key=lambda each: (each.published, each.issue.id), reverse=True))

    def publication(self, issue_id: str) -> Publication:
        """One publication.

        Raises:
            IssueUnknown: the shelf has none of this id.
            ShelfDamaged: its publication.json is broken.
        """
        if not self.has(issue_id):
            raise IssueUnknown("số này chưa có trên giá.", thing=issue_id, advice="Xem các số đã có: audiobook list")
        return decoded(self.folder / issue_id / "publication.json", Publication)

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
        """Store the bulletin's own data, if they changed.

        Raises:
            ShelfNewer: a newer program's would be written over.
        """
        with suppress(ShelfDamaged):  # what is missing or broken is made anew
            self.bulletin()
        store(self.folder / "bulletin.json", encoded(bulletin))

    def changing(self) -> AbstractContextManager[None]:
        """Hold the shelf while something is made from all of it, so that no older view is written over a newer one.

        Raises:
            IssueBusy: another run has held it for a minute.
        """
        said = "giá đang được ghi ở một cửa sổ khác."
        return alone(self.folder / ".lock", said, thing=self.folder, wait_s=60)

    def put(self, publication: Publication, *, made_in: Path) -> None:
        """Move the finished editions from ``made_in`` to the shelf; the issue is published whole or not at all.

        An edition's name carries its hash, so new files never cover old ones: what is published is named by
        publication.json, which is replaced in one step after every file lies on the disk.

        Raises:
            DiskFull, NotWritable: the publication of before stays as it was.
        """
        home = self.folder / publication.issue.id
        needs = sum(edition.bytes for edition in publication.editions)
        with self.changing(), writing(home, needs=needs):
            for edition in publication.editions:
                _move(made_in / PurePosixPath(edition.file), home / PurePosixPath(edition.file))
            for folder in {(home / PurePosixPath(edition.file)).parent for edition in publication.editions}:
                sync_folder(folder)  # no power cut may leave publication.json without what it names
            with replacing(home / "publication.json") as out:
                out.writelines(pieces(publication))
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

    def withdrawn_ids(self) -> frozenset[str]:
        """The issues that were taken off the shelf and have not been made again since."""
        away = self.folder / "withdrawn"
        found = (each.name for each in away.iterdir() if not each.name.startswith(".")) if away.is_dir() else ()
        return frozenset(each for each in found if not self.shelf.has(each))

    def withdraw(self, issue_id: str) -> Publication:
        """Take an issue off the shelf, its corrections first; kept under withdrawn/. Done twice, it is done once.

        Raises:
            IssueUnknown: it stands neither on the shelf nor among the withdrawn.
        """
        for correction in self.shelf.of_kind("correction"):
            if correction.corrects == issue_id:
                self.withdraw(correction.issue.id)
        away = Shelf(self.folder / "withdrawn")
        if not self.shelf.has(issue_id) and away.has(issue_id):
            return away.publication(issue_id)
        publication, home = self.shelf.publication(issue_id), away.folder / issue_id
        with writing(away.folder):
            away.folder.mkdir(exist_ok=True)
            if home.exists():  # withdrawn before, and made again since: that one is kept too
                older = sum(1 for _ in away.folder.glob(f".{issue_id}.*"))
                replace(home, away.folder / f".{issue_id}.{older + 1}")
            replace(self.shelf.folder / issue_id, home)
            sync_folder(away.folder)
            sync_folder(self.shelf.folder)
        return publication

    def locked(self, issue_id: str) -> AbstractContextManager[None]:
        """Hold the issue while it is produced.

        Raises:
            IssueBusy: another run holds it.
        """
        lock = self.cache / "locks" / f"{issue_id}.lock"
        return alone(lock, "số này đang được làm ở một cửa sổ khác.", thing=issue_id)

    def publishing(self) -> AbstractContextManager[None]:
        """Hold the library while it is published, backed up or restored.

        Raises:
            IssueBusy: another run is at it.
        """
        said = "thư viện này đang được phát hành hoặc sao lưu ở một cửa sổ khác."
        return alone(self.cache / "locks" / "_library.lock", said, thing=self.folder)  # no issue's id begins so


def is_id(text: str) -> bool:
    """Whether a text can name an issue's folder and address everywhere.

    >>> is_id("2023-03"), is_id("../x"), is_id("nul")
    (True, False, False)
    """
    return bool(_ID.fullmatch(text)) and not _WINDOWS_DEVICES.fullmatch(text)


def _move(source: Path, target: Path) -> None:
    if target.is_file() and target.stat().st_size == source.stat().st_size:
        return  # its name carries its hash: it is the same file
    target.parent.mkdir(parents=True, exist_ok=True)
    sync_file(source)
    replace(source, target)


def _sweep(home: Path, named: set[str]) -> None:
    for file in home.rglob("*"):
        if file.is_file() and file.relative_to(home).as_posix() not in named:
            file.unlink()
