"""A stretch of a passage and its takes -> its tracks: levelled sound with exact silence between, one take at a time.

Only one take is held at once, so an issue of ten hours needs no more memory than a short one.
"""

import hashlib
import os
import wave
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec
import numpy as np

from audiobook.disk import digest
from audiobook.errors import writing
from audiobook.loudness import HOPS_A_SECOND, Samples, hop_powers, true_peak
from audiobook.mastering.clips import clip
from audiobook.mastering.mix import EARS, Mix
from audiobook.mastering.speech import levelled, treated
from audiobook.mastering.stretches import FIRST_SILENCE_MS
from audiobook.model.narration import Passage, Utterance
from audiobook.model.recording import HUMAN, Take
from audiobook.room import used

TARGET_LUFS = -16.0

MASTERING_VERSION = "4"
"""Part of every track's key: raise it when the same takes would sound otherwise."""

_WAV_HEAD = 44  # bytes of the head that ``wave`` writes
_LAST_SILENCE_MS = 1200  # behind a closing jingle: some apps jump a second early


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A stretch of a passage to be made, as one track for each mix. ``speed``: below 1 is slower."""

    passage: Passage
    takes: Mapping[str, Take]
    gains_db: Mapping[str, float]
    mixes: tuple[Mix, ...]
    speed: float
    people_speed: float
    opening: Path | None
    closing: Path | None
    folder: Path

    def key(self, mix: Mix) -> str:
        """The name of a track: of all that makes its sound."""
        parts = [MASTERING_VERSION, mix.name, f"{self.speed:.3f} {self.people_speed:.3f}"]
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


def assemble(order: Order) -> int:
    """Write ``<key>.wav`` (mono, 16 bit, whole frames) and ``<key>.json`` of each mix into the folder; returns how many.

    A take is read and trimmed once for all of them.

    Raises:
        DiskFull, NotWritable: nothing half is left behind.
    """
    with writing(order.folder):
        order.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            tapes = [stack.enter_context(_Tape(order.folder, order.key(mix), mix)) for mix in order.mixes]
            _play(order, tapes)
            for tape in tapes:
                tape.keep()
    return len(order.mixes)


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
    """A track while it is written; one that is not kept leaves nothing."""

    def __init__(self, folder: Path, key: str, mix: Mix) -> None:
        self.mix, self.position = mix, 0
        self.sentences: list[tuple[str, int, int]] = []
        self._hops: list[np.ndarray] = [np.zeros(0)]
        self._peak = 0.0
        self._file, self._coming = folder / f"{key}.wav", folder / f".tmp-{os.getpid()}-{key[:16]}.wav"

    def __enter__(self) -> Self:
        self._out = wave.open(str(self._coming), "wb")  # closed by keep, or on the way out
        self._out.setnchannels(1)
        self._out.setsampwidth(2)
        self._out.setframerate(self.mix.rate)
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._out.close()
        finally:
            self._coming.unlink(missing_ok=True)

    def sound(self, samples: Samples) -> None:
        if self.mix.is_measured:
            self._hops.append(hop_powers(samples, self.mix.rate))
            self._peak = max(self._peak, true_peak(samples))
        self._out.writeframesraw(np.round(samples * 32767).astype("<i2").tobytes())
        self.position += len(samples)

    def silence(self, samples: int) -> None:
        self._out.writeframesraw(bytes(2 * samples))
        if self.mix.is_measured:
            self._hops.append(np.zeros(samples * HOPS_A_SECOND // self.mix.rate))
        self.position += samples

    def keep(self) -> None:
        self._out.close()
        made = Assembled(
            samples=self.position,
            sentences=tuple(self.sentences),
            hops=np.concatenate(self._hops).astype("<f4").tobytes(),
            peak=round(self._peak, 6),
            sha256=digest(self._coming),
        )
        self._coming.replace(self._file)
        self._coming.write_bytes(msgspec.json.encode(made))
        self._coming.replace(self._file.with_suffix(".json"))


def _play(order: Order, tapes: Sequence[_Tape]) -> None:
    for tape in tapes:
        tape.silence(tape.mix.samples(FIRST_SILENCE_MS))
        if order.opening:
            tape.sound(_jingle(order.opening, tape.mix))
    for utterance in order.passage.utterances:
        _say(utterance, order, tapes)
    for tape in tapes:
        if order.closing:
            tape.sound(_jingle(order.closing, tape.mix))
            tape.silence(tape.mix.samples(_LAST_SILENCE_MS))
        tape.silence(-tape.position % tape.mix.frame)


def _say(utterance: Utterance, order: Order, tapes: Sequence[_Tape]) -> None:
    take = order.takes[utterance.id]
    is_whole = take.voice.startswith(HUMAN)
    speed = order.people_speed if is_whole else order.speed
    samples, rate = levelled(take, gain_db=order.gains_db[take.voice], speed=speed, is_whole=is_whole)
    for tape in tapes:
        start = tape.position
        tape.sound(treated(samples, rate, tape.mix, is_faded=not is_whole))
        if utterance.source:
            tape.sentences.append((utterance.source, start, tape.position))
        tape.silence(tape.mix.samples(utterance.pause_ms))


def _jingle(file: Path, mix: Mix) -> Samples:
    return treated(clip(file, rate=EARS.rate, target_lufs=TARGET_LUFS), EARS.rate, mix, is_faded=False)


def _named(sound: Path | None) -> str:
    if sound is None:
        return ""
    return hashlib.sha256(sound.read_bytes()).hexdigest() if sound.is_file() else str(sound)
