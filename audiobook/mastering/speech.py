"""A take -> its samples as they are laid into a track: trimmed, levelled, faded, limited, at the mix's rate."""

import numpy as np
import soundfile
import soxr

from audiobook.loudness import Samples, limited
from audiobook.mastering.horns import for_horns
from audiobook.mastering.mix import EARS, Mix
from audiobook.mastering.stretch import stretched
from audiobook.model.recording import Take

CEILING_DBFS = -2.0
"""Leaves room for what encoding adds, so that the decoded MP3 stays under -1 dBTP."""

_HORNS_CEILING_DBFS = -2.0
_LEAD_MS, _TAIL_MS, _FADE_MS = 20, 60, 8
_QUIET_DB = -45.0  # below the take's own peak


def levelled(take: Take, *, gain_db: float, speed: float, is_whole: bool) -> tuple[Samples, int]:
    """A take's sound, shape (n,), at its own rate, and that rate: trimmed, drawn out and levelled, the same for all mixes.

    ``is_whole``: a piece of a person's recording, whose silence is part of it.
    """
    samples, rate = soundfile.read(take.file, dtype="float32")
    kept = samples if is_whole else trimmed(samples, rate)
    if speed != 1:
        kept = stretched(kept, rate, speed=speed)
    return kept * np.float32(10 ** (gain_db / 20)), rate


def treated(samples: Samples, rate: int, mix: Mix, *, is_faded: bool = True) -> Samples:
    """What every sound passes on its way into a track; at twice the rate of ``EARS`` it is exactly twice as long."""
    sound = for_horns(samples, rate) if mix.is_for_horns else samples
    at_rate = _resampled(sound, rate, mix)
    if is_faded:
        _fade(at_rate, mix)
    ceiling = _HORNS_CEILING_DBFS if mix.is_for_horns else CEILING_DBFS
    return limited(at_rate, mix.rate, ceiling_dbfs=ceiling)


def trimmed_take(take: Take) -> tuple[Samples, int]:
    """A take's samples without the silence around the words, and their rate."""
    samples, rate = soundfile.read(take.file, dtype="float32")
    return trimmed(samples, rate), rate


def trimmed(samples: Samples, rate: int) -> Samples:
    """Without the silence around the words, but for a little, so that soft consonants stay whole."""
    height = np.abs(samples)
    loud = np.flatnonzero(height > height.max(initial=0) * 10 ** (_QUIET_DB / 20))
    if not loud.size:
        return samples
    start = max(0, int(loud[0]) - rate * _LEAD_MS // 1000)
    return samples[start : int(loud[-1]) + 1 + rate * _TAIL_MS // 1000]


def _resampled(samples: Samples, rate: int, mix: Mix) -> Samples:
    """At the mix's rate, in an array of its own; its length is counted at 24 kHz, so that 48 kHz have the same times."""
    made = samples.copy() if rate == mix.rate else soxr.resample(samples, rate, mix.rate)  # others need it as it is
    if mix.is_for_horns:
        return made
    count = round(len(samples) * EARS.rate / rate) * (mix.rate // EARS.rate)
    return made[:count] if len(made) >= count else np.pad(made, (0, count - len(made)))


def _fade(samples: Samples, mix: Mix) -> None:
    """In place."""
    if count := min(len(samples) // 2, mix.samples(_FADE_MS)):
        ramp = np.linspace(0, 1, count, dtype=np.float32)
        samples[:count] *= ramp
        samples[-count:] *= ramp[::-1]
