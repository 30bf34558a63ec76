"""A library -> one archive that a librarian can open without this program; and back, every file checked.

A ZIP file: audiobook.toml, lexicon.toml, manuscripts, shelf and the withdrawn, not the cache; and SHA256SUMS, which
`sha256sum --check` reads. Entries are stored in order and dated from nothing, so that the same library gives the same
bytes. Source: APPNOTE.TXT 6.3 (ZIP, with the 64-bit extensions); names are checked as OWASP says of "zip slip".
"""

import hashlib
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from audiobook.disk import UNFINISHED, replacing, sync_folder
from audiobook.errors import ArchiveDamaged, LibraryExists, writing
from audiobook.library import Library

SUMS = "SHA256SUMS"
_TOP = ("audiobook.toml", "lexicon.toml", "issues", "shelf", "withdrawn")
_DATED = (1980, 1, 1, 0, 0, 0)  # the earliest that ZIP knows
_BLOCK = 2**20

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """How many files an archive holds, and which of them were damaged on the shelf already."""

    files: int
    damaged: tuple[str, ...]


def backup(library: Library, file: Path, *, report: Report = lambda done, total: None) -> Packed:
    """Write the archive, whole or not at all. ``report`` is told bytes done and in all.

    Raises:
        IssueBusy: the library is being published, backed up or restored.
        DiskFull, NotWritable: an archive that was there before stays whole.
    """
    with library.publishing(), library.shelf.changing():
        found = {each.relative_to(library.folder).as_posix(): each for each in _files(library.folder)}
        total, done = sum(each.stat().st_size for each in found.values()), 0
        sums: dict[str, str] = {}
        with (
            writing(file, needs=total),
            replacing(file.absolute()) as stream,
            zipfile.ZipFile(stream, "w", allowZip64=True) as archive,
        ):
            for name, each in found.items():
                sums[name] = _pack(archive, name, each)
                report(done := done + each.stat().st_size, total)
            lines = "".join(f"{each}  {name}\n" for name, each in sums.items())
            archive.writestr(zipfile.ZipInfo(SUMS, _DATED), lines)
    wanted = _promised(library)
    return Packed(files=len(found), damaged=tuple(name for name in sums if wanted.get(name, sums[name]) != sums[name]))


def _promised(library: Library) -> dict[str, str]:
    """What the publications say of their editions."""
    return {
        library.shelf.file(each, edition).relative_to(library.folder).as_posix(): edition.sha256
        for each in library.shelf.publications()
        for edition in each.editions
    }


def restore(file: Path, folder: Path, *, report: Report = lambda done, total: None) -> int:
    """Unpack the archive into a folder that holds no library yet; whole or not at all. How many files there are.

    Raises:
        ArchiveDamaged: no archive of ours, a file missing or changed, or a name that leads elsewhere.
        LibraryExists: the folder is not empty.
        DiskFull, NotWritable: nothing is left behind.
    """
    if folder.exists() and any(folder.iterdir()):
        raise LibraryExists("thư mục này không trống.", thing=folder, advice="Chọn thư mục mới; không ghi đè gì cả.")
    coming = folder.absolute().with_name(f"{UNFINISHED}{folder.absolute().name}")
    with _opened(file) as archive:
        sums = _sums(archive, file)
        total, done = sum(archive.getinfo(name).file_size for name in sums), 0
        with writing(coming, needs=total):
            shutil.rmtree(coming, ignore_errors=True)
            try:
                for name, wanted in sums.items():
                    _unpack(archive, name, coming, wanted=wanted, thing=file)
                    report(done := done + archive.getinfo(name).file_size, total)
                if folder.exists():
                    folder.rmdir()
                coming.replace(folder.absolute())
                sync_folder(folder.absolute().parent)
            finally:
                shutil.rmtree(coming, ignore_errors=True)
    return len(sums)


def _files(folder: Path) -> Iterator[Path]:
    for top in _TOP:
        place = folder / top
        each = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (file for file in each if file.is_file() and not file.name.startswith((UNFINISHED, ".lock")))


def _pack(archive: zipfile.ZipFile, name: str, file: Path) -> str:
    found = hashlib.sha256()
    entry = zipfile.ZipInfo(name, _DATED)  # stored: sound and pictures are packed already
    with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
        while block := source.read(_BLOCK):
            found.update(block)
            target.write(block)
    return found.hexdigest()


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, FileNotFoundError, EOFError) as error:
        raise ArchiveDamaged("không đọc được bản sao lưu.", thing=file, place=str(error)) from error


def _sums(archive: zipfile.ZipFile, file: Path) -> dict[str, str]:
    """What should be in it; everything in it has to be named."""
    names = set(archive.namelist()) - {SUMS}
    try:
        lines = archive.read(SUMS).decode().splitlines()
        sums = {name: wanted for wanted, name in (line.split("  ", 1) for line in lines)}
    except (KeyError, ValueError) as error:
        raise ArchiveDamaged("không phải bản sao lưu của chương trình này.", thing=file, place=SUMS) from error
    strange = [name for name in sums if not _is_ours(name)] or sorted(names ^ sums.keys())
    if strange:
        raise ArchiveDamaged("bản sao lưu thiếu tệp, hoặc có tệp lạ.", thing=file, place=strange[0])
    return sums


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    clean = not path.is_absolute() and "\\" not in name and ":" not in name and ".." not in path.parts
    return clean and bool(path.parts) and path.parts[0] in _TOP and path.as_posix() == name


def _unpack(archive: zipfile.ZipFile, name: str, folder: Path, *, wanted: str, thing: Path) -> None:
    target, found = folder / PurePosixPath(name), hashlib.sha256()
    with archive.open(name) as source, replacing(target) as stream:
        _copy(source, stream, found)
    if found.hexdigest() != wanted:
        raise ArchiveDamaged("bản sao lưu bị hỏng; chưa phục hồi gì.", thing=thing, place=name)


def _copy(source: IO[bytes], target: IO[bytes], found: "hashlib._Hash") -> None:
    while block := source.read(_BLOCK):
        found.update(block)
        target.write(block)
