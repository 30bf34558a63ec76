"""espeak-ng inside this process, by ctypes; library and data come with the package espeakng-loader.

The C library keeps one global state: one call at a time (two threads crash it), and in a library that goes on the samples
of a text would depend a little (up to 31 ms in length) on what was said before. So each text is said by a library that is
loaded anew (0.7 ms, where the text takes 5): the same text is the same sound, in any process and any order.
"""

import ctypes
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import version as package_version
from pathlib import Path

import numpy as np

from audiobook.errors import SpeechFailed, UnknownVoice
from audiobook.espeak_library import espeak_library
from audiobook.foreign_words import respelled, respelling_version
from audiobook.loudness import Samples
from audiobook.model.recording import Voice
from audiobook.synthesis.engine import Speech

_SYNCHRONOUS, _DONT_EXIT = 2, 0x8000
_CHARACTER, _UTF8 = 1, 1
_RATE = 1
_BUFFER_MS = 500
_LONGEST_DATA_PATH = 140  # the library copies the path into 160 bytes and appends to it
ATTEMPTS = 4
"""One plosive in ten thousand begins like a cut; another attempt says a syllable before it, and it sounds otherwise."""

_WORDS_PER_MINUTE = 130  # about 176 Vietnamese syllables a minute: for old ears

# By its file the library finds a voice at once, by its name after reading 130 files (3 ms); it finds no file with capitals.
_NATIVE = {"bac": "aav/vi", "trung": "vi-vn-x-central", "nam": "vi-vn-x-south"}
_VOICES = tuple(
    Voice(engine="espeak", name=name, label=f"espeak-ng, giọng {place}", region=region)
    for name, place, region in (("bac", "Bắc", "bắc"), ("trung", "Trung", "trung"), ("nam", "Nam", "nam"))
)


def missing(options: Mapping[str, str | int | float], *, elsewhere: bool = False) -> str:
    """What keeps it from speaking here: nothing, it comes with the program."""
    return ""


def settled(options: Mapping[str, str | int | float]) -> Mapping[str, str | int | float]:
    """They are the same on every machine."""
    return options


def longest(options: Mapping[str, str | int | float]) -> None:
    """It says any number of characters in one go."""


def version(options: Mapping[str, str | int | float]) -> str:
    """The version of library and voice data together, and of how foreign words are spelled for it."""
    return f"{package_version('espeakng-loader')} anew {respelling_version()}"


def voices(options: Mapping[str, str | int | float]) -> tuple[Voice, ...]:
    """The three Vietnamese voices."""
    return _VOICES


def slowed(options: Mapping[str, str | int | float], factor: float) -> Mapping[str, str | int | float]:
    """The same at so much of the speed."""
    return {**options, "rate": round(int(options.get("rate", _WORDS_PER_MINUTE)) * factor)}


def open_engine(options: Mapping[str, str | int | float]) -> "Espeak":
    """The engine. Option ``rate``: espeak's words a minute."""
    return Espeak(rate=int(options.get("rate", _WORDS_PER_MINUTE)))


class Espeak:
    """The engine; see ``Engine``."""

    def __init__(self, *, rate: int) -> None:
        """Its speed in espeak's words a minute."""
        self._rate = rate

    @property
    def voices(self) -> Sequence[Voice]:
        """The three Vietnamese voices."""
        return _VOICES

    def speak(self, texts: Sequence[str], voice: str, *, attempt: int = 0) -> Iterator[Speech]:
        """Say each text; plain words only, never SSML or phoneme brackets.

        Raises:
            UnknownVoice: it is none of its voices.
            SpeechFailed: the library does not start, or gives up at a text.
        """
        if voice not in _NATIVE:
            raise UnknownVoice("không có giọng này.", thing=voice, advice=f"Có: {', '.join(_NATIVE)}.")
        for text in texts:
            with espeak_library() as library:
                hz = self._start(library, voice)
                for before in ["a"] * attempt:
                    _said(library, before)
                samples = _said(library, respelled(text))  # it reads by Vietnamese spelling alone
                library.espeak_Terminate()
            yield Speech(samples=samples, rate=hz)

    def _start(self, library: ctypes.CDLL, voice: str) -> int:
        """Samples a second."""
        data = str(_data()).encode()
        hz: int = library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data, _DONT_EXIT)
        if hz <= 0 or library.espeak_SetVoiceByName(_NATIVE[voice].encode()):
            raise SpeechFailed("giọng nhúng sẵn không khởi động được.", thing=data.decode())
        library.espeak_SetSynthCallback(_CALLBACK)
        library.espeak_SetParameter(_RATE, self._rate, 0)
        return hz


def _said(library: ctypes.CDLL, text: str) -> Samples:
    _heard.clear()
    data = text.encode() + b"\0"
    failed = library.espeak_Synth(data, ctypes.c_size_t(len(data)), 0, _CHARACTER, 0, _UTF8, None, None)
    if failed:
        raise SpeechFailed(f"giọng nhúng sẵn báo lỗi {failed}.", thing=text)
    return np.frombuffer(b"".join(_heard), np.int16).astype(np.float32) / np.float32(32768)


@cache
def _data() -> Path:
    import espeakng_loader

    return _short_path(Path(espeakng_loader.get_data_path()))


_heard: list[bytes] = []


def _hear(samples: int | None, count: int, _events: int) -> int:
    if samples and count > 0:
        _heard.append(ctypes.string_at(samples, count * 2))
    return 0


# C holds only the pointer: it must live for ever.
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(_hear)


def _short_path(data: Path) -> Path:
    """The voice data at a path that the library can hold: a copy in the temporary folder where its own is too long."""
    if len(os.fsencode(data)) <= _LONGEST_DATA_PATH:
        return data
    name = hashlib.sha256(os.fsencode(data) + version({}).encode()).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"espeak-{name}"
    if not short.is_dir():
        coming = Path(tempfile.mkdtemp(prefix="espeak-"))
        shutil.copytree(data, coming, dirs_exist_ok=True)
        try:
            coming.rename(short)
        except OSError:  # another process was first; its copy is as good
            shutil.rmtree(coming)
    return short
