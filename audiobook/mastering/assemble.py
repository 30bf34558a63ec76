"""A passage and its takes -> a track: trimmed, levelled, faded, limited, with exact silence between, one take at a time.

Only one take is held at once, so an issue of ten hours needs no more memory than a short one.
"""

import hashlib
import math
import os
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import soundfile
from scipy.signal import firwin, resample_poly

from audiobook.errors import writing
from audiobook.mastering.clips import opening_clip
from audiobook.mastering.loudness import Samples, hop_powers, limited, true_peak
from audiobook.model.narration import Passage
from audiobook.model.recording import Take

RATE = 24_000
TARGET_LUFS = -16.0
FRAME = 576
"""Samples of an MP3 frame at 24 kHz: 24 ms."""

MASTERING_VERSION = "1"
"""Part of every track's key: raise it when the same takes would sound otherwise."""

_CEILING_DBFS = -1.8  # leaves room for what encoding adds, so that the decoded MP3 stays under -1 dBTP
_LEAD_MS, _TAIL_MS, _FADE_MS = 20, 60, 8
_QUIET_DB = -45.0  # below the take's own peak
_FIRST_SILENCE_MS = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """What is known of a track; kept beside it. Sentence times are samples from the track's beginning."""

    key: str
    samples: int
    sentences: tuple[tuple[str, int, int], ...]
    hops: bytes  # mean power of each 100 ms, float32 little-endian: ten hours are 1.4 MB
    peak: float
    sha256: str


def track_key(
    passage: Passage, takes: Mapping[str, Take], *, gains_db: Mapping[str, float], opening: Path | None
) -> str:
    """The name of a track: all that makes its sound."""
    readers = sorted({take.voice for take in takes.values()})
    parts = [MASTERING_VERSION, *(f"{voice}={gains_db[voice]:.3f}" for voice in readers)]
    if opening:
        parts.append(hashlib.sha256(opening.read_bytes()).hexdigest() if opening.is_file() else str(opening))
    parts += [f"{each.id} {takes[each.id].key} {each.pause_ms}" for each in passage.utterances]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def assemble(
    passage: Passage,
    takes: Mapping[str, Take],
    *,
    gains_db: Mapping[str, float],
    opening: Path | None,
    key: str,
    folder: Path,
) -> Assembled:
    """Write ``<key>.wav`` (24 kHz mono, 16 bit, whole frames) and ``<key>.json`` into the folder.

    Raises:
        DiskFull, NotWritable: nothing half is left behind.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        coming = folder / f".tmp-{os.getpid()}-{key[:16]}.wav"
        try:
            with wave.open(str(coming), "wb") as out:
                out.setnchannels(1)
                out.setsampwidth(2)
                out.setframerate(RATE)
                tape = _Tape(out)
                _play(passage, takes, tape, gains_db=gains_db, opening=opening)
            digest = _sha256(coming)
            made = Assembled(
                key=key,
                samples=tape.position,
                sentences=tuple(tape.sentences),
                hops=np.concatenate(tape.hops).astype("<f4").tobytes(),
                peak=round(tape.peak, 6),
                sha256=digest,
            )
            coming.replace(folder / f"{key}.wav")
            coming.write_bytes(msgspec.json.encode(made))
            coming.replace(folder / f"{key}.json")
        finally:
            coming.unlink(missing_ok=True)
    return made


def kept(key: str, folder: Path) -> Assembled | None:
    """What was assembled before under this key, if it is whole."""
    try:
        made = msgspec.json.decode((folder / f"{key}.json").read_bytes(), type=Assembled)
        whole = _sha256(folder / f"{key}.wav") == made.sha256
    except (OSError, msgspec.MsgspecError):
        return None
    return made if whole else None


class _Tape:
    """The track while it is written."""

    def __init__(self, out: wave.Wave_write) -> None:
        self.position = 0
        self.sentences: list[tuple[str, int, int]] = []
        self.hops: list[np.ndarray] = []
        self.peak = 0.0
        self._out = out

    def sound(self, samples: Samples) -> None:
        self.hops.append(hop_powers(samples, RATE))
        self.peak = max(self.peak, true_peak(samples))
        self._out.writeframesraw(np.round(samples * 32767).astype("<i2").tobytes())
        self.position += len(samples)

    def silence(self, samples: int) -> None:
        self._out.writeframesraw(bytes(2 * samples))
        self.hops.append(np.zeros(samples * 10 // RATE))
        self.position += samples


def _play(
    passage: Passage, takes: Mapping[str, Take], tape: _Tape, *, gains_db: Mapping[str, float], opening: Path | None
) -> None:
    tape.silence(RATE * _FIRST_SILENCE_MS // 1000)
    if opening:
        tape.sound(limited(opening_clip(opening, rate=RATE, target_lufs=TARGET_LUFS), RATE, ceiling_dbfs=_CEILING_DBFS))
    for utterance in passage.utterances:
        take = takes[utterance.id]
        speech = _levelled(take, gains_db[take.voice])
        start = tape.position
        tape.sound(speech)
        if utterance.source:
            tape.sentences.append((utterance.source, start, tape.position))
        tape.silence(RATE * utterance.pause_ms // 1000)
    tape.silence(-tape.position % FRAME)


def _levelled(take: Take, gain_db: float) -> Samples:
    samples, rate = soundfile.read(take.file, dtype="float32")
    trimmed = _trimmed(samples, rate)
    at_rate = trimmed if rate == RATE else _resampled(trimmed, rate)
    return limited(_faded(at_rate * np.float32(10 ** (gain_db / 20))), RATE, ceiling_dbfs=_CEILING_DBFS)


def trimmed_take(take: Take) -> tuple[Samples, int]:
    """A take's samples without the silence around the words, and their rate."""
    samples, rate = soundfile.read(take.file, dtype="float32")
    return _trimmed(samples, rate), rate


def _trimmed(samples: Samples, rate: int) -> Samples:
    """Without the silence around the words, but for a little, so that soft consonants stay whole."""
    height = np.abs(samples)
    loud = np.flatnonzero(height > height.max(initial=0) * 10 ** (_QUIET_DB / 20))
    if not loud.size:
        return samples
    start = max(0, int(loud[0]) - rate * _LEAD_MS // 1000)
    return samples[start : int(loud[-1]) + 1 + rate * _TAIL_MS // 1000]


def _resampled(samples: Samples, rate: int) -> Samples:
    common = math.gcd(rate, RATE)
    up, down = RATE // common, rate // common
    taps = firwin(12 * max(up, down) + 1, 0.94 / max(up, down)).astype(np.float32)  # a third of scipy's own length
    out: Samples = resample_poly(samples, up, down, window=taps).astype(np.float32)
    return out


def _faded(samples: Samples) -> Samples:
    count = min(len(samples) // 2, RATE * _FADE_MS // 1000)
    if count:
        ramp = np.linspace(0, 1, count, dtype=np.float32)
        samples[:count] *= ramp
        samples[-count:] *= ramp[::-1]
    return samples


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
