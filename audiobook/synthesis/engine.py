"""The seam to voice technologies: typed values in and out, no state between calls."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from audiobook.model.recording import Voice

_UNHEARD = ("model_dir",)  # options that say where something lies; which weights lie there stands in the version


@dataclass(frozen=True, slots=True)
class Speech:
    """What an engine said: float32 mono samples, shape (n,), within -1..1, at ``rate`` Hz."""

    samples: NDArray[np.float32]
    rate: int


class Engine(Protocol):
    """A voice technology, opened once in a process."""

    @property
    def voices(self) -> Sequence[Voice]:
        """The voices that it has."""
        ...

    def speak(self, texts: Sequence[str], voice: str, *, attempt: int = 0) -> Iterator[Speech]:
        """Say each text; one Speech a text, in order.

        The same attempt sounds the same; an engine that samples makes another sound of another attempt.

        Raises:
            UnknownVoice: the engine has no such voice.
            SpeechFailed: no usable sound came of a text.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSpec:
    """What a worker needs to open an engine; never the model itself. Small, hashable, picklable."""

    name: str
    version: str  # of the engine and its model: all that changes the sound without being an option
    options: Mapping[str, str | int | float] = field(default_factory=dict)

    def key(self, pieces: Sequence[str], voice: str) -> str:
        """The name of a take: SHA-256 over all that makes its sound."""
        heard = (f"{name}={self.options[name]}" for name in sorted(self.options) if name not in _UNHEARD)
        parts = [self.name, self.version, voice, *heard, "", *pieces]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def open(self) -> Engine:
        """Load the engine in this process."""
        module = import_module(f"audiobook.synthesis.engines.{self.name}")
        engine: Engine = module.open_engine(self.options)
        return engine
