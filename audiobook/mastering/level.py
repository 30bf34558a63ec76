"""Sounds -> how loud a voice is, with what the limiter takes from its peaks counted as missing."""

from collections.abc import Callable, Iterable

import numpy as np

from audiobook.loudness import Samples, hop_powers, integrated_lufs, limited
from audiobook.mastering.speech import CEILING_DBFS

_STEPS = 5  # each comes nearer to the gain that reaches the target through the limiter


def level(sounds: Callable[[], Iterable[tuple[Samples, int]]], *, wanted_lufs: float) -> float:
    """The loudness in LUFS from which a voice ends at ``wanted_lufs`` when the difference is given to it.

    What the limiter takes from a voice with sharp peaks (1 LU from espeak's central one) counts as missing loudness, so
    that every voice ends at the same. ``sounds()``: (samples, rate) one after the other, each time anew.
    """
    gain_db = 0.0
    for _ in range(_STEPS):
        factor = np.float32(10 ** (gain_db / 20))
        held = ((limited(samples * factor, rate, ceiling_dbfs=CEILING_DBFS), rate) for samples, rate in sounds())
        gain_db += wanted_lufs - integrated_lufs([hop_powers(samples, rate) for samples, rate in held])
    return wanted_lufs - gain_db
