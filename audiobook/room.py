"""Room on the disk: what can be made again is kept until there is too much of it."""

import hashlib
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_CHECK = hashlib.sha256().digest_size
_IN_USE_S = 3600  # what was used within this time may be in use now; and a use is noted no more often


def used(file: Path) -> None:
    """Note that a kept file was used again: ``trim`` takes it for as new as that."""
    if time.time() - file.stat().st_mtime > _IN_USE_S:
        os.utime(file)


def kept(file: Path, make: Callable[[], bytes]) -> bytes:
    """What a file keeps, if it is there and whole; else it is made, and kept as far as the disk takes it.

    A file that was damaged, or found half written after a power cut, counts as none: its checksum stands before it.
    """
    with suppress(OSError):
        data = file.read_bytes()
        if hashlib.sha256(data[_CHECK:]).digest() == data[:_CHECK]:
            used(file)
            return data[_CHECK:]
    made = make()
    coming = file.with_name(f".tmp-{os.getpid()}-{file.name}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            coming.write_bytes(hashlib.sha256(made).digest() + made)
            coming.replace(file)
        finally:
            coming.unlink(missing_ok=True)
    return made


def trim(folders: Sequence[Path], *, limit_bytes: int) -> int:
    """Remove what was not used for the longest time until the rest is small enough; returns how many bytes.

    Files of one stem go together. What was used within the last hour stays, however large: somebody may be at it.
    """
    excess, removed = sum(stat.st_size for _, stat in _seen(folders)) - limit_bytes, 0
    if excess <= 0:  # as nearly always; and what is known of each file of a large library is megabytes
        return 0
    things: dict[Path, _Thing] = defaultdict(_Thing)
    for file, stat in _seen(folders):
        thing = things[file.with_name(file.name.partition(".")[0] or file.name)]
        thing.files.append(file)
        thing.size += stat.st_size
        thing.used_s = max(thing.used_s, stat.st_mtime)
    for thing in sorted(things.values(), key=lambda thing: (thing.used_s, min(thing.files))):
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


def _seen(folders: Sequence[Path]) -> Iterator[tuple[Path, os.stat_result]]:
    for folder in folders:
        with suppress(FileNotFoundError), os.scandir(folder) as found:
            for each in found:
                with suppress(FileNotFoundError):  # another production has just finished or removed it
                    yield Path(each.path), each.stat()
