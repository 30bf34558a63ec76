"""Bytes -> files that are whole after a power cut: temporary file, fsync, rename, fsync of the folder.

Sources: POSIX rename(2) and fsync(2); "All File Systems Are Not Created Equal" (Pillai et al., OSDI 2014), which found
that a rename without fsync of the file and of the folder may leave an empty file, or the old one.
"""

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from audiobook.errors import writing

UNFINISHED = ".tmp-"
"""How the names of files begin that a killed run may have left half written."""

_BLOCK_BYTES = 64 * 1024
_LEFT_BEHIND_S = 3600  # a half-written file that nobody writes any more; another machine may be at a younger one
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
    """The SHA-256 of a file's content.

    In blocks that are read without a page of memory more; ``hashlib.file_digest`` takes 256 kB anew for each of many takes.
    """
    found = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            found.update(block)
    return found.hexdigest()


def sweep(files: Iterable[Path]) -> None:
    """Remove what killed runs left half written, once it is old enough to be nobody's work."""
    for left in files:
        try:
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND_S:
                left.unlink()
        except FileNotFoundError:
            continue  # its writer has just finished
