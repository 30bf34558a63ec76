"""Tones instead of speech, for tests: fast, the same every time, about as long as the words would be."""

import time
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from audiobook.errors import UnknownVoice
from audiobook.model.recording import Voice
from audiobook.synthesis.engine import Speech

ATTEMPTS = 1
"""Another attempt would sound the same."""

Samples = np.ndarray[tuple[int], np.dtype[np.float32]]

_HZ = 24_000
_SYLLABLE_S = 0.06
_COMMA_S = 0.12  # a breath: an inspection that learns how long words take would miss it, as any voice has one
_EDGE_S = 0.05  # silence at both ends, as real engines leave it
_PITCH_HZ = {"thap": 220.0, "cao": 330.0}
_VOICES = tuple(Voice(engine="tone", name=name, label=f"âm thử {name}") for name in _PITCH_HZ)


def missing(options: Mapping[str, str | int | float], *, elsewhere: bool = False) -> str:
    """Nothing is ever missing."""
    return ""


def settled(options: Mapping[str, str | int | float]) -> Mapping[str, str | int | float]:
    """They are the same on every machine."""
    return options


def longest(options: Mapping[str, str | int | float]) -> None:
    """It says any number of characters in one go."""


def version(options: Mapping[str, str | int | float]) -> str:
    """Changes with the sound."""
    return "2"


def voices(options: Mapping[str, str | int | float]) -> tuple[Voice, ...]:
    """A low and a high one."""
    return _VOICES


def slowed(options: Mapping[str, str | int | float], factor: float) -> None:
    """It has no speed."""


def open_engine(options: Mapping[str, str | int | float]) -> "Tone":
    """Option ``seconds``: how long each text is to take, as a slow engine would."""
    return Tone(seconds=float(options.get("seconds", 0)))


class Tone:
    """The engine; see ``Engine``."""

    def __init__(self, *, seconds: float = 0) -> None:
        """Take ``seconds`` of time for each text."""
        self._seconds = seconds

    @property
    def voices(self) -> Sequence[Voice]:
        """A low and a high one."""
        return _VOICES

    def speak(self, texts: Sequence[str], voice: str, *, attempt: int = 0) -> Iterator[Speech]:
        """A tone for each text, a beat for each syllable, a breath for each comma."""
        if voice not in _PITCH_HZ:
            raise UnknownVoice("không có giọng này.", thing=voice, advice=f"Có: {', '.join(_PITCH_HZ)}.")
        for text in texts:
            time.sleep(self._seconds)
            parts = [_tone(len(part.split()), _PITCH_HZ[voice]) for part in text.split(",")]
            yield Speech(samples=_spoken(parts), rate=_HZ)


def _spoken(parts: Sequence[Samples]) -> Samples:
    """The parts with a breath between, and silence around."""
    edge, breath = (np.zeros(int(seconds * _HZ), np.float32) for seconds in (_EDGE_S, _COMMA_S))
    between = [piece for part in parts for piece in (breath, part)][1:]
    return np.concatenate([edge, *between, edge])


def _tone(syllables: int, pitch_hz: float) -> Samples:
    time_s = np.arange(int(syllables * _SYLLABLE_S * _HZ)) / _HZ
    beat = 0.75 - 0.25 * np.cos(2 * np.pi * time_s / _SYLLABLE_S)
    sound = 0.3 * beat * np.sin(2 * np.pi * pitch_hz * time_s)
    return sound.astype(np.float32)
