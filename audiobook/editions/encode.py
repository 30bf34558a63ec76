"""Tracks -> encoded tracks, each kept under the hash of its sound and its encoding; in parallel, only what is missing."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Protocol

from audiobook.disk import digest, sweep
from audiobook.errors import EditionError, writing
from audiobook.model.recording import Track
from audiobook.processes import side_by_side
from audiobook.room import used

_TOGETHER_S = 240


class Encoding(Protocol):
    """A way to encode a chapter; small and picklable."""

    @property
    def rate(self) -> int:
        """Of the WAV files that it encodes, in Hz."""
        ...

    @property
    def name(self) -> str:
        """All that changes its bytes: part of the cache's key."""
        ...

    def write(self, files: Sequence[tuple[Path, Path]]) -> None:
        """Encode WAV files, each by itself, into others."""
        ...

    def is_whole(self, file: Path, samples: int) -> bool:
        """Whether a file that was kept is a whole encoding of so many samples."""
        ...


@dataclass(frozen=True, slots=True)
class Encoded:
    """A track encoded."""

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
    orders = list(_orders(missing))
    try:
        for count in side_by_side(_encode, orders, min(workers, len(orders))):
            done += count
            progress(done, total)
    except BrokenProcessPool as error:
        raise EditionError(
            "chương trình mã hóa âm thanh bị dừng đột ngột (máy hết bộ nhớ?).",
            thing=cache,
            advice="Chạy lại để làm tiếp; các đoạn đã mã hóa xong được giữ.",
        ) from error
    return tuple(files)


def by_chapter(tracks: Iterable[Track], files: Iterable[Encoded]) -> dict[str, tuple[Encoded, ...]]:
    """Chapter id -> its tracks encoded, both in the recording's order."""
    found: dict[str, tuple[Encoded, ...]] = {}
    for track, file in zip(tracks, files, strict=True):
        found[track.chapter] = (*found.get(track.chapter, ()), file)
    return found


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
            place=track.chapter,
            advice="Chạy lại để ghép lại bài này; các bài khác được giữ.",
        )


def _name(track: Track, encoding: Encoding) -> str:
    return hashlib.sha256(f"{track.key} {encoding.name}".encode()).hexdigest() + ".encoded"


@dataclass(frozen=True, slots=True)
class _Order:
    """Tracks that one process encodes one after the other, in the same way."""

    encoding: Encoding
    tracks: tuple[tuple[Track, Path], ...]


def _orders(missing: Mapping[Path, tuple[Track, Encoding]]) -> Iterator[_Order]:
    """About four minutes each, so that an encoder that is a program of its own is not started for every stretch."""
    for encoding, of_one in groupby(missing.items(), key=lambda each: each[1][1]):
        together, seconds = list[tuple[Track, Path]](), 0.0
        for file, (track, _) in of_one:
            together.append((track, file))
            seconds += track.samples / encoding.rate
            if seconds >= _TOGETHER_S:
                yield _Order(encoding, tuple(together))
                together, seconds = [], 0.0
        if together:
            yield _Order(encoding, tuple(together))


def _encode(order: _Order) -> int:
    """Returns how many."""
    for track, _ in order.tracks:
        _look_at(track)
    files = [(track.file, _coming(file)) for track, file in order.tracks]
    folder = order.tracks[0][1].parent
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            order.encoding.write(files)
            for (_, coming), (_, file) in zip(files, order.tracks, strict=True):
                coming.replace(file)
        finally:
            for _, coming in files:
                coming.unlink(missing_ok=True)
    return len(files)


def _coming(file: Path) -> Path:
    return file.with_name(f".tmp-{os.getpid()}-{file.name[:16]}")
