"""Speech -> Measures: the few numbers by which a take is judged; in 10 ms frames, half a millisecond of work a sentence."""

import struct
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiobook.synthesis.engine import Speech

Samples = NDArray[np.float32]
Levels = NDArray[np.floating[Any]]

MEASURES_VERSION = 1
"""Kept beside every take; raise it when a number is measured otherwise, and kept takes are measured anew."""

FRAMES_PER_SECOND = 100
_ENOUGH_HZ = 32_000
_GAP_FRAMES = 6  # shorter silences are the closure of a stop
_LONG_GAP_S = 0.2
_BELOW_DB = -40.0  # of the loud frames' level: silence inside and around the words
_LOUD_DB = -15.0  # of the loudest frame: what counts for clearness
_SILENT_DBFS = -60.0
_DEAD = 0.003  # of the peak: digital silence, with a little dither
_TINY = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What is measured of a take. ``_db`` is relative to the take's loud frames, whose own level is ``level_dbfs``."""

    seconds: float  # from the first loud frame to the last
    level_dbfs: float  # 95th percentile of the frames
    half_db: float  # second half against the first
    clearness: float  # correlation of neighbouring samples in the clearest loud frames: 0 is noise, near 1 a vowel
    clipped: float  # share of samples that stand in flat tops
    offset: float  # mean over root mean square
    click: float  # the sharpest corner of the wave against the corners around it
    jump: float  # the greatest step into or out of silence or at the ends, against the peak: words fade, cuts jump
    gap_s: float  # the longest silence between words
    gaps: int  # silences longer than 200 ms
    last_s: float  # length of the sound after the last gap
    last_clearness: float

    @property
    def packed(self) -> bytes:
        """In a quarter of their room."""
        return _PACKED.pack(*(getattr(self, name) for name in _NAMES))

    @classmethod
    def unpacked(cls, packed: bytes) -> "Measures":
        """What was packed."""
        return cls(**dict(zip(_NAMES, _PACKED.unpack(packed), strict=True)))


_NAMES = tuple(each.name for each in fields(Measures))
_PACKED = struct.Struct("".join("q" if each.type in (int, "int") else "d" for each in fields(Measures)))


def measure(speech: Speech) -> Measures | None:
    """Measure a take; None where there is no sound at all: nothing, broken numbers, or silence."""
    samples, rate = speech.samples, speech.rate
    if rate > _ENOUGH_HZ:
        samples, rate = samples[::2], rate // 2  # every second sample tells as much, in half of the time
    hop = rate // FRAMES_PER_SECOND
    count = samples.size // hop
    if count < 3:
        return None
    power = _power(samples, hop)
    if not np.isfinite([power.sum(), samples[count * hop :].sum()]).all():
        return None
    decibels = 10 * np.log10(power)
    level = _rank(decibels, 0.95)
    if level < _SILENT_DBFS:
        return None
    relative = decibels - level
    voiced = np.flatnonzero(relative > _BELOW_DB)
    first, last = int(voiced[0]), int(voiced[-1]) + 1
    gaps = _runs(relative[first:last] <= _BELOW_DB, at_least=_GAP_FRAMES) + first
    lengths = (gaps[:, 1] - gaps[:, 0]) / FRAMES_PER_SECOND
    after = int(gaps[-1, 1]) if len(gaps) else first
    steps = np.diff(samples)
    clearness = 1 - _power(steps, hop)[: count - 1] / (2 * power[: count - 1])
    height = np.abs(samples)
    peak = float(height.max())
    return Measures(
        seconds=(last - first) / FRAMES_PER_SECOND,
        level_dbfs=round(level, 2),
        half_db=round(_half_db(relative[first:last]), 2),
        clearness=_clearest(clearness, relative, first, last),
        clipped=round(_flat_tops(height, peak), 6),
        offset=round(float(abs(samples.mean()) / np.sqrt(power.mean())), 4),
        click=round(_click(steps, hop, 10 ** (level / 20)), 2),
        jump=round(_jump(height, hop, peak) / peak, 4),
        gap_s=float(lengths.max(initial=0)),
        gaps=int((lengths >= _LONG_GAP_S).sum()),
        last_s=(last - after) / FRAMES_PER_SECOND,
        last_clearness=_clearest(clearness, relative, after, last),
    )


def _power(samples: Samples, hop: int) -> NDArray[np.float32]:
    frames = samples[: samples.size // hop * hop].reshape(-1, hop)
    power: NDArray[np.float32] = np.einsum("ij,ij->i", frames, frames) / np.float32(hop) + np.float32(_TINY)
    return power


def _rank(values: Levels, share: float) -> float:
    """A percentile without interpolation, in a tenth of numpy's time."""
    return float(np.sort(values)[int(share * (values.size - 1))]) if values.size else 0.0


def _runs(flags: NDArray[np.bool_], *, at_least: int) -> NDArray[np.intp]:
    """[start, end) of every stretch of True that is long enough, shape (n, 2)."""
    padded = np.zeros(flags.size + 2, np.int8)
    padded[1:-1] = flags
    edges = np.flatnonzero(np.diff(padded)).reshape(-1, 2)
    return edges[edges[:, 1] - edges[:, 0] >= at_least]


def _clearest(clearness: Levels, relative: Levels, first: int, last: int) -> float:
    stretch, loudness = clearness[first:last], relative[first:last][: clearness.size - first]
    return round(_rank(stretch[loudness > loudness.max(initial=_BELOW_DB) + _LOUD_DB], 0.9), 4)


def _half_db(relative: Levels) -> float:
    if relative.size < FRAMES_PER_SECOND:
        return 0.0
    return _rank(relative[relative.size // 2 :], 0.9) - _rank(relative[: relative.size // 2], 0.9)


def _flat_tops(height: Samples, peak: float) -> float:
    near = np.flatnonzero(height >= peak * 0.999)
    return float(np.count_nonzero(near[2:] - near[:-2] == 2) / height.size)


def _click(steps: Samples, hop: int, loud: float) -> float:
    corners = np.abs(np.diff(steps))
    highest = corners[: corners.size // hop * hop].reshape(-1, hop).max(axis=1)
    if highest.size < 5:
        return 0.0
    around = np.sort(np.stack([highest[:-4], highest[1:-3], highest[3:-1], highest[4:]]), axis=0)[1:3].mean(axis=0)
    return float((highest[2:-2] / (around + 0.05 * loud)).max())


def _jump(height: Samples, hop: int, peak: float) -> float:
    """Silences of two whole frames and more; their edges lie somewhere in the frames beside them."""
    quiet = height[: height.size // hop * hop].reshape(-1, hop).max(axis=1) < peak * _DEAD
    highest = float(max(height[0], height[-1]))
    for start, end in _runs(quiet, at_least=2) * hop:
        before, behind = height[max(0, start - hop) : start], height[end : end + hop]
        for sound, nearest in ((before, -1), (behind, 0)):
            audible = np.flatnonzero(sound >= peak * _DEAD)
            if audible.size:
                highest = max(highest, float(sound[audible[nearest]]))
    return highest
