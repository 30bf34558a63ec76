"""A stretch of a passage and its takes -> a track: levelled sound with exact silence between, one take at a time.

Only one take is held at once, so an issue of ten hours needs no more memory than a short one.
"""

import hashlib
import os
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from audiobook.disk import digest
from audiobook.errors import writing
from audiobook.loudness import HOPS_A_SECOND, Samples, hop_powers, true_peak
from audiobook.mastering.clips import clip
from audiobook.mastering.mix import EARS, Mix
from audiobook.mastering.speech import levelled, treated
from audiobook.mastering.stretches import FIRST_SILENCE_MS
from audiobook.model.narration import Passage
from audiobook.model.recording import HUMAN, Take
from audiobook.room import used

TARGET_LUFS = -16.0

MASTERING_VERSION = "4"
"""Part of every track's key: raise it when the same takes would sound otherwise."""

_WAV_HEAD = 44  # bytes of the head that ``wave`` writes
_LAST_SILENCE_MS = 1200  # behind a closing jingle: some apps jump a second early


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One track to be made, of a stretch of a passage. ``speed``: below 1 is slower. ``key`` names all that makes its sound."""

    passage: Passage
    takes: Mapping[str, Take]
    gains_db: Mapping[str, float]
    mix: Mix
    speed: float
    people_speed: float
    opening: Path | None
    closing: Path | None
    folder: Path

    @property
    def key(self) -> str:
        """The name of the track."""
        parts = [MASTERING_VERSION, self.mix.name, f"{self.speed:.3f} {self.people_speed:.3f}"]
        parts += [f"{voice}={self.gains_db[voice]:.3f}" for voice in sorted({t.voice for t in self.takes.values()})]
        parts += [_named(sound) for sound in (self.opening, self.closing)]
        parts += [f"{each.id} {self.takes[each.id].key} {each.pause_ms}" for each in self.passage.utterances]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """What is known of a track; kept beside it. Sentence times are samples from the track's beginning."""

    samples: int
    sentences: tuple[tuple[str, int, int], ...]
    hops: bytes  # mean power of each 100 ms, float32 little-endian: ten hours are 1.4 MB; none where it isn't measured
    peak: float
    sha256: str


def assemble(order: Order) -> str:
    """Write ``<key>.wav`` (mono, 16 bit, whole frames) and ``<key>.json`` into the folder; returns the key.

    Raises:
        DiskFull, NotWritable: nothing half is left behind.
    """
    key, folder = order.key, order.folder
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        coming = folder / f".tmp-{os.getpid()}-{key[:16]}.wav"
        try:
            with wave.open(str(coming), "wb") as out:
                out.setnchannels(1)
                out.setsampwidth(2)
                out.setframerate(order.mix.rate)
                tape = _Tape(out, order.mix)
                _play(order, tape)
            made = Assembled(
                samples=tape.position,
                sentences=tuple(tape.sentences),
                hops=np.concatenate(tape.hops).astype("<f4").tobytes(),
                peak=round(tape.peak, 6),
                sha256=digest(coming),
            )
            coming.replace(folder / f"{key}.wav")
            coming.write_bytes(msgspec.json.encode(made))
            coming.replace(folder / f"{key}.json")
        finally:
            coming.unlink(missing_ok=True)
    return key


def assembled(key: str, folder: Path) -> Assembled:
    """What is known of a track that is there."""
    return msgspec.json.decode((folder / f"{key}.json").read_bytes(), type=Assembled)


def is_whole(key: str, folder: Path) -> bool:
    """Whether a track was assembled before under this key, as long as it should be; who reads it looks closer."""
    file = folder / f"{key}.wav"
    try:
        is_long_enough = file.stat().st_size == _WAV_HEAD + 2 * assembled(key, folder).samples
        used(file)
    except (OSError, msgspec.MsgspecError):
        return False
    return is_long_enough


class _Tape:
    """The track while it is written."""

    def __init__(self, out: wave.Wave_write, mix: Mix) -> None:
        self.position = 0
        self.sentences: list[tuple[str, int, int]] = []
        self.hops: list[np.ndarray] = [np.zeros(0)]
        self.peak = 0.0
        self._out, self._mix = out, mix

    def sound(self, samples: Samples) -> None:
        if self._mix.is_measured:
            self.hops.append(hop_powers(samples, self._mix.rate))
            self.peak = max(self.peak, true_peak(samples))
        self._out.writeframesraw(np.round(samples * 32767).astype("<i2").tobytes())
        self.position += len(samples)

    def silence(self, samples: int) -> None:
        self._out.writeframesraw(bytes(2 * samples))
        if self._mix.is_measured:
            self.hops.append(np.zeros(samples * HOPS_A_SECOND // self._mix.rate))
        self.position += samples


def _play(order: Order, tape: _Tape) -> None:
    mix = order.mix
    tape.silence(mix.samples(FIRST_SILENCE_MS))
    if order.opening:
        tape.sound(_jingle(order.opening, mix))
    for utterance in order.passage.utterances:
        take = order.takes[utterance.id]
        is_whole = take.voice.startswith(HUMAN)
        speed = order.people_speed if is_whole else order.speed
        speech = levelled(take, mix, gain_db=order.gains_db[take.voice], speed=speed, is_whole=is_whole)
        start = tape.position
        tape.sound(speech)
        if utterance.source:
            tape.sentences.append((utterance.source, start, tape.position))
        tape.silence(mix.samples(utterance.pause_ms))
    if order.closing:
        tape.sound(_jingle(order.closing, mix))
        tape.silence(mix.samples(_LAST_SILENCE_MS))
    tape.silence(-tape.position % mix.frame)


def _jingle(file: Path, mix: Mix) -> Samples:
    return treated(clip(file, rate=EARS.rate, target_lufs=TARGET_LUFS), EARS.rate, mix, is_faded=False)


def _named(sound: Path | None) -> str:
    if sound is None:
        return ""
    return hashlib.sha256(sound.read_bytes()).hexdigest() if sound.is_file() else str(sound)
