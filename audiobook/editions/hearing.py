"""A sound file -> what measuring keeps of it, stretch after stretch; an encoded track is heard once and remembered."""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from audiobook.disk import UNFINISHED, digest, replacing
from audiobook.editions.decoding import BLOCK_S, Peak, decoded
from audiobook.editions.encode import Encoded
from audiobook.editions.frames import Mp3, stream
from audiobook.errors import writing
from audiobook.loudness import Samples, hop_powers

SOFTEST_DBFS, STEP_DB = -120.0, 0.1
"""Levels are counted in steps above the softest."""

_VERSION = 2  # of what is kept; raise it when something is heard otherwise
_TOGETHER_S = 240  # of tracks that are decoded in one go: a decoder is a program, which takes as long to start as 20 s


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A stretch of sound; bytes are little-endian values.

    ``peak``: its true peak as a factor of full scale. ``hops``: the K-weighted mean square of each 100 ms, float32.
    ``heights``: the highest sample of each 10 ms, float32. ``levels``: their mean square, in steps, uint16.
    """

    samples: int
    rate: int
    peak: float
    hops: bytes
    heights: bytes
    levels: bytes


def hear(file: Path) -> Iterator[Heard]:
    """A file as a player decodes it, in stretches of 10 s; nothing if no sound could be decoded."""
    peak = Peak()
    for block, rate in decoded(file):
        peak.add(block)
        yield of(block, rate, peak=peak.height)


def of(block: Samples, rate: int, *, peak: float = 0.0) -> Heard:
    """A stretch, shape (n,); n is a whole number of 100 ms, but for the last."""
    piece = rate // 100
    pieces = block[: len(block) // piece * piece].reshape(-1, piece)
    powers = np.einsum("ij,ij->i", pieces, pieces, dtype=np.float64) / piece
    levels = 10 * np.log10(np.maximum(powers, 10 ** (SOFTEST_DBFS / 10)))
    return Heard(
        samples=len(block),
        rate=rate,
        peak=peak,
        hops=hop_powers(block, rate).astype("<f4").tobytes(),
        heights=np.abs(pieces).max(axis=1, initial=0).astype("<f4").tobytes(),
        levels=np.minimum(np.round((levels - SOFTEST_DBFS) / STEP_DB), -SOFTEST_DBFS / STEP_DB).astype("<u2").tobytes(),
    )


def hear_tracks(tracks: Sequence[Encoded], encoding: Mp3) -> Iterator[Heard]:
    """Each track, decoded as it lies in the whole: between silences, from the first sample to the last.

    What is heard is kept beside the track, so that only what changed is decoded again; those that follow one another in one go.

    Raises:
        DiskFull, NotWritable: from the disk.
    """
    waiting = deque(tracks)
    while waiting:
        if known := _remembered(waiting[0]):
            waiting.popleft()
            yield known
            continue
        run, seconds = list[Encoded](), 0.0
        for each in waiting:
            if seconds >= _TOGETHER_S or _remembered(each):
                break
            run.append(each)
            seconds += each.samples / encoding.rate
        for heard in _heard(run, encoding):
            waiting.popleft()
            yield heard


def _remembered(track: Encoded) -> Heard | None:
    try:
        known = msgspec.msgpack.decode(_beside(track).read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError):
        return None
    return known.heard if known.sha256 == digest(track.file) else None


def _beside(track: Encoded) -> Path:
    return track.file.with_suffix(f".heard{_VERSION}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What was heard of an encoded track, and of which bytes."""

    sha256: str
    heard: Heard


def _heard(run: Sequence[Encoded], encoding: Mp3) -> Iterator[Heard]:
    """Each of tracks that follow one another; where the decoder stops, what it gave of that one, and none after it."""
    alone = run[0].file.with_name(f"{UNFINISHED}{os.getpid()}-{run[0].file.stem}.mp3")
    with writing(alone):
        try:
            with alone.open("wb") as out:
                out.writelines(stream(run, encoding))
            with closing(decoded(alone)) as blocks:  # or Windows does not let its file be taken away
                yield from _remembering(run, _Reel(blocks, encoding.rate), encoding.rate)
        finally:
            alone.unlink(missing_ok=True)


def _remembering(run: Sequence[Encoded], reel: "_Reel", rate: int) -> Iterator[Heard]:
    for track in run:
        heard = _whole(reel.stretches(track.samples), rate)
        if heard.samples < track.samples:
            yield heard
            return
        with replacing(_beside(track)) as kept:
            kept.write(msgspec.msgpack.encode(_Kept(sha256=digest(track.file), heard=heard)))
        yield heard


class _Reel:
    """Decoded blocks, of which one takes as many samples as one needs."""

    def __init__(self, blocks: Iterable[tuple[Samples, int]], rate: int) -> None:
        self._blocks, self._rate = iter(blocks), rate
        self._left = np.zeros(0, np.float32)

    def stretches(self, samples: int) -> Iterator[Heard]:
        """The next so many, in stretches of 10 s."""
        peak, longest = Peak(), BLOCK_S * self._rate
        while samples and (block := self._next(min(samples, longest))).size:
            samples -= block.size
            peak.add(block)
            yield of(block, self._rate, peak=peak.height)

    def _next(self, samples: int) -> Samples:
        while len(self._left) < samples and (more := next(self._blocks, None)):
            self._left = np.concatenate([self._left, more[0]])
        block, self._left = self._left[:samples], self._left[samples:]
        return block


def _whole(stretches: Iterable[Heard], rate: int) -> Heard:
    every = list(stretches)
    return Heard(
        samples=sum(each.samples for each in every),
        rate=rate,
        peak=max((each.peak for each in every), default=0.0),
        hops=b"".join(each.hops for each in every),
        heights=b"".join(each.heights for each in every),
        levels=b"".join(each.levels for each in every),
    )
