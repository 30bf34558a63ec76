"""Sound -> how loud it is, and a limiter. float32 mono within -1..1; numpy and scipy, no loop over samples.

Sources: ITU-R BS.1770-4 (K-weighting, gated loudness, true peak by four-fold oversampling), EBU R 128.
"""

from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import resample_poly, sosfilt, tf2sos

Samples = NDArray[np.float32]
SILENCE_LUFS = -70.0
_OFFSET = -0.691
_HOPS_A_SECOND = 10


@cache
def _weighting(rate: int) -> NDArray[np.float32]:
    """The K-weighting filter as second-order sections at any rate: a high shelf, then a high-pass."""
    shelf_k = np.tan(np.pi * 1681.974450955533 / rate)
    shelf_q, gain = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = gain**0.4996667741545416
    norm = 1 + shelf_k / shelf_q + shelf_k**2
    low = 2 * (shelf_k**2 - 1)
    shelf = tf2sos(
        np.array(
            [
                gain + band * shelf_k / shelf_q + shelf_k**2,
                2 * (shelf_k**2 - gain),
                gain - band * shelf_k / shelf_q + shelf_k**2,
            ]
        )
        / norm,
        np.array([norm, low, 1 - shelf_k / shelf_q + shelf_k**2]) / norm,
    )
    pass_k, pass_q = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    norm = 1 + pass_k / pass_q + pass_k**2
    high_pass = tf2sos([1, -2, 1], np.array([norm, 2 * (pass_k**2 - 1), 1 - pass_k / pass_q + pass_k**2]) / norm)
    sections: NDArray[np.float32] = np.concatenate([shelf, high_pass]).astype(np.float32)
    return sections


def hop_powers(samples: Samples, rate: int) -> NDArray[np.float64]:
    """K-weighted mean square of each whole 100 ms, shape (n,): all that loudness needs to know of a sound."""
    hop = rate // _HOPS_A_SECOND
    count = len(samples) // hop
    if not count:
        return np.zeros(0)
    weighted = sosfilt(_weighting(rate), samples)[: count * hop].reshape(count, hop)
    powers: NDArray[np.float64] = np.einsum("ij,ij->i", weighted, weighted).astype(np.float64) / hop
    return powers


def integrated_lufs(hops: Iterable[NDArray[np.floating]]) -> float:
    """Gated loudness of all hops together: 400 ms blocks with 75 % overlap, gates at -70 LUFS and -10 LU."""
    powers = np.concatenate([np.zeros(0), *hops])
    blocks = np.convolve(powers, np.full(4, 0.25), "valid") if len(powers) >= 4 else powers
    blocks = blocks[blocks > 10 ** ((SILENCE_LUFS - _OFFSET) / 10)]
    if not len(blocks):
        return SILENCE_LUFS
    blocks = blocks[blocks > blocks.mean() / 10]
    return float(_OFFSET + 10 * np.log10(blocks.mean()))


def true_peak(samples: Samples) -> float:
    """The highest value between the samples too, as a factor of full scale."""
    return float(np.abs(resample_poly(samples, 4, 1)).max(initial=0)) if samples.size else 0.0


def limited(samples: Samples, rate: int, *, ceiling_dbfs: float, look_ms: float = 2.0) -> Samples:
    """Hold samples under a ceiling: the smallest gain within the look-ahead, smoothed as long, so it never overshoots."""
    ceiling = np.float32(10 ** (ceiling_dbfs / 20))
    height = np.abs(samples)
    if height.max(initial=0) <= ceiling:
        return samples
    width = int(rate * look_ms / 1000) | 1
    gain = np.minimum(1, ceiling / np.maximum(height, 1e-9)).astype(np.float32)
    held: Samples = samples * uniform_filter1d(minimum_filter1d(gain, 2 * width - 1), width)
    return held
