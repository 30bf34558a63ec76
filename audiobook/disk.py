"""Bytes -> files that are whole after a power cut: temporary file, fsync, rename, fsync of the folder.

Sources: POSIX rename(2) and fsync(2); "All File Systems Are Not Created Equal" (Pillai et al., OSDI 2014), which found
that a rename without fsync of the file and of the folder may leave an empty file, or the old one.
"""

import hashlib
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from audiobook.errors import writing

UNFINISHED = ".tmp-"
"""How the names of files begin that a killed run may have left half written."""

_LEFT_BEHIND_S = 3600  # a half-written file that nobody writes any more; another machine may be at a younger one
_IN_USE_S = 3600  # what was used within this time may be in use now; and a use is noted no more often
_BUSY_S = (0.05, 0.1, 0.2, 0.4, 0.8)  # a virus scanner on Windows holds a new file for a moment


def store(file: Path, data: bytes) -> None:
    """Replace a file in one step, durably, if its bytes change.

    Raises:
        DiskFull, NotWritable: the old file stays whole.
    """
    with writing(file, needs=len(data)):
        if file.is_file() and file.read_bytes() == data:
            return
        with replacing(file) as stream:
            stream.write(data)


@contextmanager
def replacing(file: Path) -> Iterator[BinaryIO]:
    """A stream that becomes the file when the block ends well; else the old file stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    coming = file.with_name(f"{UNFINISHED}{os.getpid()}-{file.name}")
    try:
        with coming.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        replace(coming, file)
    finally:
        coming.unlink(missing_ok=True)
    sync_folder(file.parent)


def replace(source: Path, target: Path) -> None:
    """Rename over the target; on Windows again and again for a moment, while another program holds it."""
    for pause_s in _BUSY_S if os.name == "nt" else ():
        try:
            source.replace(target)
        except PermissionError:
            time.sleep(pause_s)
        else:
            return
    source.replace(target)


def sync_file(file: Path) -> None:
    """See that a file's content lies on the disk."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """See that a folder's names lie on the disk."""
    if os.name == "nt":
        return  # Windows cannot open a folder; its rename is journalled
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(file: Path) -> str:
    """The SHA-256 of a file's content."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sweep(files: Iterable[Path]) -> None:
    """Remove what killed runs left half written, once it is old enough to be nobody's work."""
    for left in files:
        try:
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND_S:
                left.unlink()
        except FileNotFoundError:
            continue  # its writer has just finished


def used(file: Path) -> None:
    """Note that a kept file was used again: ``trim`` takes it for as new as that."""
    if time.time() - file.stat().st_mtime > _IN_USE_S:
        os.utime(file)


def trim(folders: Iterable[Path], *, limit_bytes: int) -> int:
    """Remove what was not used for the longest time until the rest is small enough; returns how many bytes.

    Files of one stem go together. What was used within the last hour stays, however large: somebody may be at it.
    """
    things: dict[Path, _Thing] = defaultdict(_Thing)
    for file, stat in _seen(folders):
        thing = things[file.with_name(file.name.partition(".")[0] or file.name)]
        thing.files.append(file)
        thing.size += stat.st_size
        thing.used_s = max(thing.used_s, stat.st_mtime)
    excess, removed = sum(thing.size for thing in things.values()) - limit_bytes, 0
    for thing in sorted(things.values(), key=lambda thing: (thing.used_s, thing.files)):
        if removed >= excess or time.time() - thing.used_s < _IN_USE_S:
            break
        for file in thing.files:
            file.unlink(missing_ok=True)
        removed += thing.size
    return removed


@dataclass(slots=True)
class _Thing:
    """What goes together."""

    files: list[Path] = field(default_factory=list)
    size: int = 0
    used_s: float = 0.0


def _seen(folders: Iterable[Path]) -> Iterator[tuple[Path, os.stat_result]]:
    for folder in folders:
        for file in sorted(folder.glob("*.*")):
            try:
                yield file, file.stat()
            except FileNotFoundError:
                continue  # another production has just finished or removed it
