"""A sound file -> what measuring keeps of it, stretch after stretch; an encoded chapter is heard once and remembered."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from audiobook.disk import UNFINISHED, digest, replacing
from audiobook.editions.decoding import Peak, decoded
from audiobook.editions.encode import Encoded
from audiobook.editions.frames import Mp3, stream
from audiobook.errors import writing
from audiobook.loudness import Samples, hop_powers

SOFTEST_DBFS, STEP_DB = -120.0, 0.1
"""Levels are counted in steps above the softest."""

_VERSION = 1  # of what is kept; raise it when something is heard otherwise


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


def hear_chapters(chapters: Iterable[Sequence[Encoded]], encoding: Mp3) -> Iterator[Heard]:
    """Each chapter's tracks, decoded as they lie in the whole: between silences, from the first sample to the last.

    What is heard is kept beside the first of them, so that a chapter that did not change is not decoded again.

    Raises:
        DiskFull, NotWritable: from the disk.
    """
    for tracks in chapters:
        kept = tracks[0].file.with_suffix(f".heard{_VERSION}")
        yield _remembered(kept, of=tracks) or _heard(tracks, encoding, kept)


def _remembered(kept: Path, *, of: Sequence[Encoded]) -> Heard | None:
    try:
        known = msgspec.msgpack.decode(kept.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError):
        return None
    return known.heard if known.sha256 == _digests(of) else None


def _digests(tracks: Sequence[Encoded]) -> str:
    return " ".join(digest(each.file) for each in tracks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What was heard of an encoded chapter, and of which bytes."""

    sha256: str
    heard: Heard


def _heard(tracks: Sequence[Encoded], encoding: Mp3, kept: Path) -> Heard:
    alone = kept.with_name(f"{UNFINISHED}{os.getpid()}-{kept.stem}.mp3")
    with writing(kept):
        try:
            with alone.open("wb") as out:
                out.writelines(stream(tracks, encoding))
            heard = _whole(hear(alone))
        finally:
            alone.unlink(missing_ok=True)
        if heard.samples == sum(each.samples for each in tracks):  # else the decoder was stopped: not remembered
            with replacing(kept) as out:
                out.write(msgspec.msgpack.encode(_Kept(sha256=_digests(tracks), heard=heard)))
    return heard


def _whole(stretches: Iterable[Heard]) -> Heard:
    every = list(stretches)
    return Heard(
        samples=sum(each.samples for each in every),
        rate=every[0].rate if every else 0,
        peak=max((each.peak for each in every), default=0.0),
        hops=b"".join(each.hops for each in every),
        heights=b"".join(each.heights for each in every),
        levels=b"".join(each.levels for each in every),
    )
