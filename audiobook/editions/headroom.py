"""A track -> the same, its peaks held lower and made as loud again: room for what a codec adds to a peak."""

import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile

from audiobook.loudness import Samples, limited

_BLOCK_S = 10
_EDGE_S = 0.02  # of a block's neighbours, which its limiter must see; ten times its look-ahead
_HEARD_S = 6  # of a track, from its middle: enough to know what the limiter takes from a voice
_TRIED_DB = (1.0, 2.5)
_LEAST_SLOPE = 0.1  # LU won by a decibel more; less is not worth it, and silence wins none
_MOST_GAIN_DB = 3.0
_SILENT = 1e-9  # a power so small that silence has a logarithm


def with_headroom(sound: Path, target: Path, *, ceiling_dbfs: float, louder_lu: float = 0.0) -> None:
    """Write a WAV (mono, 16 bit) again under a ceiling, as loud as it was, as far as 3 dB can give it back.

    ``louder_lu``: so much louder than it was, for what the codec takes.

    Raises:
        OSError: from the disk.
    """
    with written_again(sound, target) as (source, write):
        heard = _middle(source)
        gain_db = _gain_db(heard, source.samplerate, ceiling_dbfs=ceiling_dbfs, louder_lu=louder_lu)
        for held in _held(source, gain_db=gain_db, ceiling_dbfs=ceiling_dbfs):
            write(held)


@contextmanager
def written_again(sound: Path, target: Path) -> Iterator[tuple[soundfile.SoundFile, Callable[[Samples], None]]]:
    """A WAV to read from, and what writes samples into another of its kind (mono, 16 bit)."""
    with soundfile.SoundFile(sound) as source, wave.open(str(target), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(source.samplerate)
        yield source, lambda samples: out.writeframesraw(np.round(samples * 32767).astype("<i2").tobytes())


def _held(source: soundfile.SoundFile, *, gain_db: float, ceiling_dbfs: float) -> Iterator[Samples]:
    rate = source.samplerate
    block, edge = rate * _BLOCK_S, round(rate * _EDGE_S)
    for start in range(0, source.frames, block):
        first = max(0, start - edge)
        seen = _read(source, first, start + block + edge)
        held = limited(_louder(seen, gain_db), rate, ceiling_dbfs=ceiling_dbfs)
        yield held[start - first : start - first + min(block, source.frames - start)]


def _gain_db(heard: Samples, rate: int, *, ceiling_dbfs: float, louder_lu: float) -> float:
    """What makes it so much louder under the ceiling than it is without: on a line through two gains that were tried.

    A limiter lowers all frequencies alike, so that loudness without weighting tells as much, in a third of the time.
    """
    wanted = _power_db(heard) + louder_lu
    first, second = (
        wanted - _power_db(limited(_louder(heard, gain), rate, ceiling_dbfs=ceiling_dbfs)) for gain in _TRIED_DB
    )
    slope = max(_LEAST_SLOPE, (first - second) / (_TRIED_DB[1] - _TRIED_DB[0]))
    return min(_TRIED_DB[1] + second / slope, _MOST_GAIN_DB)


def _power_db(samples: Samples) -> float:
    return float(10 * np.log10(_SILENT + np.dot(samples, samples)))


def _middle(source: soundfile.SoundFile) -> Samples:
    """What a gain is found by: a long track takes no more than a short one, and a jingle stands at an end."""
    length = source.samplerate * _HEARD_S
    start = max(0, (source.frames - length) // 2)
    return _read(source, start, start + length)


def _read(source: soundfile.SoundFile, start: int, stop: int) -> Samples:
    source.seek(start)
    samples: Samples = source.read(max(0, min(stop, source.frames) - start), dtype="float32")
    return samples


def _louder(samples: Samples, gain_db: float) -> Samples:
    return samples * np.float32(10 ** (gain_db / 20))
