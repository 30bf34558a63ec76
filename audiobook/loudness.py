"""Sound -> how loud it is, and a limiter. float32 mono within -1..1; numpy alone, no loop over samples.

Sources: ITU-R BS.1770-4 (K-weighting, gated loudness, true peak by four-fold oversampling), EBU R 128, EBU Tech 3342
(loudness range).
"""

from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
SILENCE_LUFS = -70.0
HOPS_A_SECOND = 10
_OFFSET = -0.691
_TAPS = 24  # samples around a peak that decide what lies between them
PEAK_MARGIN = _TAPS // 2
_NEAR_PEAK = 0.5  # of the highest sample: what lies between samples is no more than twice as high in speech
_NEIGHBOUR = 0.7  # of a peak, at least, where nothing is above a quarter of the rate: cos(pi / 4) = 0.707
_JOINED = 32  # look-aheads between two loud places that are limited in one go: fewer steps, more samples; measured
_AT_ONCE = 20_000  # peaks looked at together, so that a loud sound needs no more memory than a soft one


@cache
def _weighting(rate: int) -> NDArray[np.float32]:
    """The power response of the K-weighting filter at the frequencies of a 100 ms spectrum, shape (hop // 2 + 1,)."""
    hop = rate // HOPS_A_SECOND
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(hop))
    shelf_k = np.tan(np.pi * 1681.974450955533 / rate)
    shelf_q, gain = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = gain**0.4996667741545416
    low = 2 * (shelf_k**2 - 1)
    shelf = (
        (gain + band * shelf_k / shelf_q + shelf_k**2)
        + 2 * (shelf_k**2 - gain) * z
        + (gain - band * shelf_k / shelf_q + shelf_k**2) * z**2
    ) / ((1 + shelf_k / shelf_q + shelf_k**2) + low * z + (1 - shelf_k / shelf_q + shelf_k**2) * z**2)
    pass_k, pass_q = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    norm = 1 + pass_k / pass_q + pass_k**2
    high_pass = (1 - 2 * z + z**2) / (
        1 + 2 * (pass_k**2 - 1) / norm * z + (1 - pass_k / pass_q + pass_k**2) / norm * z**2
    )
    power = np.abs(shelf * high_pass) ** 2
    power[1 : len(power) - (hop % 2 == 0)] *= 2  # each stands for its negative frequency too
    weights: NDArray[np.float32] = (power / hop**2).astype(np.float32)
    return weights


def hop_powers(samples: Samples, rate: int) -> NDArray[np.float64]:
    """K-weighted mean square of each whole 100 ms, shape (n,): all that loudness needs to know of a sound.

    Weighted in the spectrum of each hop (Parseval), which differs from the filter by what rings over a hop's edge: under
    0.1 LU for speech, and in a third of the time.
    """
    hop = rate // HOPS_A_SECOND
    count = len(samples) // hop
    spectrum = np.fft.rfft(samples[: count * hop].reshape(count, hop), axis=1)
    powers: NDArray[np.float64] = ((spectrum.real**2 + spectrum.imag**2) @ _weighting(rate)).astype(np.float64)
    return powers


def integrated_lufs(hops: Iterable[NDArray[np.floating]]) -> float:
    """Gated loudness of all hops together: 400 ms blocks with 75 % overlap, gates at -70 LUFS and -10 LU."""
    blocks = _blocks(np.concatenate([np.zeros(0, np.float32), *hops]), seconds=0.4)
    blocks = blocks[blocks > 10 ** ((SILENCE_LUFS - _OFFSET) / 10)]
    if not len(blocks):
        return SILENCE_LUFS
    blocks = blocks[blocks > blocks.mean(dtype=np.float64) / 10]
    return float(_OFFSET + 10 * np.log10(blocks.mean(dtype=np.float64)))


def short_term_lufs(hops: NDArray[np.floating]) -> NDArray[np.float32]:
    """Loudness of every 3 s, one value each 100 ms, shape (n,)."""
    lufs = _blocks(hops, seconds=3)
    np.log10(np.maximum(lufs, np.float32(1e-12), out=lufs), out=lufs)
    lufs *= np.float32(10)
    lufs += np.float32(_OFFSET)
    return lufs


def loudness_range_lu(short_term: NDArray[np.float32]) -> float:
    """How far soft and loud stretches lie apart: the 10th to the 95th part in a hundred of short-term loudness."""
    short = short_term[short_term > SILENCE_LUFS]
    if not len(short):
        return 0.0
    powers = short / np.float32(10)
    gate = 10 * np.log10(np.mean(np.power(np.float32(10), powers, out=powers), dtype=np.float64)) - 20
    del powers  # of ten hours each of these is more than a megabyte
    low, high = np.percentile(short[short > gate], (10, 95), overwrite_input=True)
    return float(high - low)


def true_peak(samples: Samples) -> float:
    """The highest value between the samples too, as a factor of full scale; looked for around the highest samples only.

    Not between the outermost ``PEAK_MARGIN`` samples, whose neighbours are not known: blocks of one sound must overlap.
    """
    height = np.abs(samples)
    top = float(height.max(initial=0))
    if not top or len(samples) < _TAPS:
        return top
    near = np.flatnonzero(height[PEAK_MARGIN : len(samples) - PEAK_MARGIN + 1] >= _NEAR_PEAK * top)
    around = np.lib.stride_tricks.sliding_window_view(samples, _TAPS)
    for start in range(0, len(near), _AT_ONCE):
        top = max(top, float(np.abs(around[near[start : start + _AT_ONCE]] @ _between()).max()))
    return top


def peaks_over(samples: Samples, over: float) -> list[tuple[int, float]]:
    """(sample, height) wherever the sample, or what lies between it and the one before, is higher than ``over``.

    Not in the outermost ``PEAK_MARGIN``. For sound that holds nothing above a quarter of its rate: there one of a peak's two
    neighbours is at least 0.707 of it, so that few samples have to be looked at. Source: Duffin and Schaeffer, "Some
    inequalities concerning functions of exponential type" (Bull. AMS 43, 1937): near its height M, M cos(w t) at least.
    """
    if len(samples) < _TAPS:
        return []
    is_high = np.abs(samples[PEAK_MARGIN - 1 : len(samples) - PEAK_MARGIN + 1]) >= _NEIGHBOUR * over
    near = np.flatnonzero(is_high[:-1] | is_high[1:])
    around = np.lib.stride_tricks.sliding_window_view(samples, _TAPS)
    found = list[tuple[int, float]]()
    for start in range(0, len(near), _AT_ONCE):
        some = near[start : start + _AT_ONCE]
        heights = np.abs(around[some] @ _between()).max(axis=1)
        heights = np.maximum(heights, np.abs(samples[some + PEAK_MARGIN]))
        high = heights > over
        found += zip((some[high] + PEAK_MARGIN).tolist(), heights[high].tolist(), strict=True)
    return found


@cache
def _between() -> NDArray[np.float32]:
    """The values a quarter, a half and three quarters before a sample, from those around it: shape (_TAPS, 3)."""
    at = np.arange(_TAPS)[:, None] - _TAPS // 2 + np.array([0.25, 0.5, 0.75])
    window = np.i0(8 * np.sqrt(np.maximum(0, 1 - (at / (_TAPS / 2)) ** 2))) / np.i0(8)
    taps: NDArray[np.float32] = (np.sinc(at) * window).astype(np.float32)
    return taps


def limited(samples: Samples, rate: int, *, ceiling_dbfs: float, look_ms: float = 2.0) -> Samples:
    """Hold samples under a ceiling: the smallest gain within the look-ahead, smoothed as long, so it never overshoots."""
    ceiling = np.float32(10 ** (ceiling_dbfs / 20))
    over = np.flatnonzero((samples > ceiling) | (samples < -ceiling))
    if not over.size:
        return samples
    width = int(rate * look_ms / 1000) | 1
    held = samples.copy()
    for first, last in _stretches(over, apart=_JOINED * width):
        start, stop = max(0, first - 2 * width), min(len(samples), last + 1 + 2 * width)
        lowered = np.abs(samples[start:stop])  # the gain, times -1
        np.maximum(lowered, ceiling, out=lowered)
        np.divide(-ceiling, lowered, out=lowered)
        held[start:stop] *= -smoothed(greatest(lowered, 2 * width - 1), width)
    return held


def _blocks(powers: NDArray[np.floating], *, seconds: float) -> NDArray[np.float32]:
    """The mean of every ``seconds``, each 100 ms; of all where there is less. Ten hours are 360,000, so not as float64."""
    count = min(len(powers), round(seconds * HOPS_A_SECOND))
    if not count:
        return np.zeros(0, np.float32)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(powers, count).mean(axis=1, dtype=np.float32))


def _stretches(places: NDArray[np.intp], *, apart: int) -> Iterable[tuple[int, int]]:
    """(first, last) of each group of places that lie near one another."""
    cuts = np.flatnonzero(np.diff(places) > apart)
    return zip(places[np.r_[0, cuts + 1]].tolist(), places[np.r_[cuts, len(places) - 1]].tolist(), strict=True)


def greatest(values: Samples, width: int) -> Samples:
    """The greatest within ``width`` neighbours (odd) of each, by doubling, so it takes log(width) passes."""
    found, span = _held_on(values, width // 2, width // 2), 1
    while span < width:
        step = min(span, width - span)
        found = np.maximum(found[:-step], found[step:])
        span += step
    return found


def smoothed(values: Samples, width: int) -> Samples:
    """The mean of ``width`` neighbours of each; beyond the ends the last value goes on."""
    sums = np.cumsum(_held_on(values, width // 2 + 1, (width - 1) // 2), dtype=np.float64)
    mean: Samples = ((sums[width:] - sums[:-width]) / width).astype(np.float32)
    return mean


def _held_on(values: Samples, before: int, behind: int) -> Samples:
    """With the first and the last value so many times more; a tenth of ``np.pad``'s time for a stretch of speech."""
    held = np.empty(before + len(values) + behind, values.dtype)
    held[:before], held[before : before + len(values)], held[before + len(values) :] = values[0], values, values[-1]
    return held
