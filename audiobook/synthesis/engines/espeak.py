"""espeak-ng inside this process, by ctypes; library and data come with the package espeakng-loader.

The C library keeps one global state: one engine a process, one call at a time (two threads crash it), and the samples
of a text depend a little (up to 19 ms) on what the process said before.
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
from audiobook.foreign_words import respelled, respelling_version
from audiobook.model.recording import Voice
from audiobook.synthesis.engine import Speech

_SYNCHRONOUS, _DONT_EXIT = 2, 0x8000
_CHARACTER, _UTF8 = 1, 1
_RATE = 1
_BUFFER_MS = 500
_LONGEST_DATA_PATH = 140  # the library copies the path into 160 bytes and appends to it
ATTEMPTS = 4
"""Its sound depends on what the process said before: one plosive in ten thousand begins like a cut, another time not."""

_WORDS_PER_MINUTE = 130  # about 176 Vietnamese syllables a minute: for old ears

_NATIVE = {"bac": "vi", "trung": "vi-vn-x-central", "nam": "vi-vn-x-south"}
_VOICES = tuple(
    Voice(engine="espeak", name=name, label=f"espeak-ng, giọng {place}", region=region)
    for name, place, region in (("bac", "Bắc", "bắc"), ("trung", "Trung", "trung"), ("nam", "Nam", "nam"))
)


def missing(options: Mapping[str, str | int | float]) -> str:
    """What keeps it from speaking here: nothing, it comes with the program."""
    return ""


def version(options: Mapping[str, str | int | float]) -> str:
    """The version of library and voice data together, and of how foreign words are spelled for it."""
    return f"{package_version('espeakng-loader')} {respelling_version()}"


def voices(options: Mapping[str, str | int | float]) -> tuple[Voice, ...]:
    """The three Vietnamese voices."""
    return _VOICES


def slowed(options: Mapping[str, str | int | float], factor: float) -> Mapping[str, str | int | float]:
    """The same at so much of the speed."""
    return {**options, "rate": round(int(options.get("rate", _WORDS_PER_MINUTE)) * factor)}


def open_engine(options: Mapping[str, str | int | float]) -> "Espeak":
    """Load the library into this process. Option ``rate``: espeak's words a minute."""
    return Espeak(rate=int(options.get("rate", _WORDS_PER_MINUTE)))


class Espeak:
    """The engine; see ``Engine``."""

    def __init__(self, *, rate: int) -> None:
        """Start the library, if no engine of this process has.

        Raises:
            SpeechFailed: it does not start.
        """
        self._library, self._hz = _started()
        self._rate = rate

    @property
    def voices(self) -> Sequence[Voice]:
        """The three Vietnamese voices."""
        return _VOICES

    def speak(self, texts: Sequence[str], voice: str, *, attempt: int = 0) -> Iterator[Speech]:
        """Say each text; plain words only, never SSML or phoneme brackets."""
        self._use(voice)
        for text in texts:
            _heard.clear()
            data = respelled(text).encode() + b"\0"  # it reads by Vietnamese spelling alone
            failed = self._library.espeak_Synth(data, ctypes.c_size_t(len(data)), 0, _CHARACTER, 0, _UTF8, None, None)
            if failed:
                raise SpeechFailed(f"giọng nhúng sẵn báo lỗi {failed}.", thing=text)
            samples = np.frombuffer(b"".join(_heard), np.int16).astype(np.float32)
            yield Speech(samples=samples / np.float32(32768), rate=self._hz)

    def _use(self, voice: str) -> None:
        if voice not in _NATIVE or self._library.espeak_SetVoiceByName(_NATIVE[voice].encode()):
            raise UnknownVoice("không có giọng này.", thing=voice, advice=f"Có: {', '.join(_NATIVE)}.")
        self._library.espeak_SetParameter(_RATE, self._rate, 0)


@cache
def _started() -> tuple[ctypes.CDLL, int]:
    """The library and its samples a second. It is started once a process and never again: its state is global."""
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = _short_path(Path(espeakng_loader.get_data_path()))
    hz: int = library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, str(data).encode(), _DONT_EXIT)
    if hz <= 0:
        raise SpeechFailed("giọng nhúng sẵn không khởi động được.", thing=data)
    library.espeak_SetSynthCallback(_CALLBACK)
    return library, hz


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
