"""Tracks -> encoded chapters, each kept under the hash of its sound and its encoding; in parallel, only what is missing."""

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from audiobook.disk import digest, sweep
from audiobook.errors import EditionError, writing
from audiobook.model.recording import Track
from audiobook.processes import side_by_side
from audiobook.room import used


class Encoding(Protocol):
    """A way to encode a chapter; small and picklable."""

    @property
    def name(self) -> str:
        """All that changes its bytes: part of the cache's key."""
        ...

    def write(self, sound: Path, target: Path) -> None:
        """Encode a WAV file."""
        ...

    def is_whole(self, file: Path, samples: int) -> bool:
        """Whether a file that was kept is a whole encoding of so many samples."""
        ...


@dataclass(frozen=True, slots=True)
class Encoded:
    """A chapter encoded."""

    file: Path
    samples: int


def encoded(
    wanted: Sequence[tuple[Track, Encoding]],
    *,
    cache: Path,
    workers: int,
    progress: Callable[[int, int], None],
) -> tuple[Encoded, ...]:
    """Each track in its encoding; only those are encoded that the cache does not hold.

    Raises:
        DiskFull, NotWritable: finished ones are kept.
        EditionError: the encoder stopped; or a track is damaged, and taken away.
    """
    sweep(cache.glob(".tmp-*"))
    files = [Encoded(cache / _name(track, encoding), track.samples) for track, encoding in wanted]
    missing = {
        each.file: (track, encoding)
        for each, (track, encoding) in zip(files, wanted, strict=True)
        if not (each.file.is_file() and encoding.is_whole(each.file, each.samples))
    }
    for each in files:
        if each.file not in missing:
            used(each.file)
    done, total = len(wanted) - len(missing), len(wanted)
    progress(done, total)
    longest_first = sorted(
        ((track, encoding, file) for file, (track, encoding) in missing.items()), key=lambda each: -each[0].samples
    )
    try:
        made = side_by_side(_encode, longest_first, min(workers, len(missing)))
        for count, _ in enumerate(made, start=done + 1):
            progress(count, total)
    except BrokenProcessPool as error:
        raise EditionError(
            "chương trình mã hóa âm thanh bị dừng đột ngột (máy hết bộ nhớ?).",
            thing=cache,
            advice="Chạy lại để làm tiếp; các bài đã mã hóa xong được giữ.",
        ) from error
    return tuple(files)


def _look_at(track: Track) -> None:
    """Disks decay in silence; a track is made again from its takes when it is not there."""
    try:
        is_as_it_was = digest(track.file) == track.sha256
    except FileNotFoundError:
        is_as_it_was = False  # another process, at another encoding of it, has just taken it away
    if not is_as_it_was:
        track.file.unlink(missing_ok=True)
        raise EditionError(
            "bản ghép của một bài bị hỏng trên đĩa, đã bỏ đi.",
            thing=track.file,
            place=track.id,
            advice="Chạy lại để ghép lại bài này; các bài khác được giữ.",
        )


def _name(track: Track, encoding: Encoding) -> str:
    return hashlib.sha256(f"{track.key} {encoding.name}".encode()).hexdigest() + ".encoded"


def _encode(order: tuple[Track, Encoding, Path]) -> None:
    track, encoding, file = order
    _look_at(track)
    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        coming = file.with_name(f".tmp-{os.getpid()}-{file.name[:16]}")
        try:
            encoding.write(track.file, coming)
            coming.replace(file)
        finally:
            coming.unlink(missing_ok=True)
