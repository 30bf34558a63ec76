"""VieNeu-TTS v3 (package vieneu 3.8): the neural voice, on ONNX Runtime, or on PyTorch where there is a graphics card.

Options: ``mode`` ("v3turbo" or "v3nano"), ``precision`` ("fp32" or "int8", of v3turbo), ``device`` ("cpu", "cuda" or
"auto"), ``seed``, ``speed`` and ``steps`` (of v3nano), ``model_dir`` (where the weights lie, such as a USB stick).

Its traps, met here: it samples with numpy's global generator, so each text seeds it; it normalizes words again and drops
one of "năm năm" before a digit; brackets would become noises; a leading stop makes it babble; it looks to the network
unless told that it is offline. Its watermark stays as the package has it (on where resemble-perth is installed).
"""

import hashlib
import importlib.util
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import numpy as np

from audiobook.errors import SpeechFailed, UnknownVoice, VoiceNotInstalled
from audiobook.model.recording import Voice
from audiobook.synthesis.engine import Speech
from audiobook.synthesis.engines.weights import Options, missing, model_of, revisions, use_offline

__all__ = ["ATTEMPTS", "VieNeu", "missing", "open_engine", "version", "voices"]

ATTEMPTS = 4
"""How often a text is said in all, each time with another seed, until a take is sound."""

_FIRST_CHOICE = "Mai Anh"  # a newsreader of the north, in both models
_SEXES = {"male": "nam", "female": "nữ"}
_FOREIGN = re.compile(r"[^\w\s,.?!]")
_DIGIT = "không|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|tám|chín|mười|mươi|linh|trăm|nghìn|triệu|tỷ"
_FIVE_FIVE = re.compile(rf"\bnăm (?=năm (?:{_DIGIT})\b)")


def version(options: Options) -> str:
    """Package, the one that turns its words into sounds, model, precision, watermark, the weights' revision."""
    model = model_of(options)
    how = model.precision if model.device == "cpu" else model.device
    marked = ("watermark",) if importlib.util.find_spec("perth") else ()
    packages = (package_version("vieneu"), package_version("sea-g2p"))
    return " ".join([*packages, model.mode, how, *marked, *revisions(options)])


def voices(options: Options) -> tuple[Voice, ...]:
    """The preset voices as the package describes them, ours first; without loading a model."""
    import msgspec

    package = importlib.util.find_spec("vieneu")
    if package is None or not package.submodule_search_locations:
        return ()
    name = {"v3turbo": "voices_v3_turbo.json", "v3nano": "voices_v3_nano.json"}[model_of(options).mode]
    file = Path(package.submodule_search_locations[0]) / "assets" / name
    presets: dict[str, dict[str, Any]] = msgspec.json.decode(file.read_bytes())["presets"]
    found = [_voice(each, about) for each, about in presets.items()]
    return tuple(sorted(found, key=lambda voice: voice.name != _FIRST_CHOICE))


def slowed(options: Options, factor: float) -> Options | None:
    """The same at so much of the speed; v3turbo has none of its own."""
    if model_of(options).mode != "v3nano":
        return None
    return {**options, "speed": round(float(options.get("speed", 1)) * factor, 3)}


def open_engine(options: Options) -> "VieNeu":
    """Load the model into this process.

    Raises:
        VoiceNotInstalled: package or weights are missing.
    """
    absent = missing(options)
    if absent:
        raise VoiceNotInstalled(absent, thing="vieneu")
    return VieNeu(options)


class VieNeu:
    """The engine; see ``Engine``."""

    def __init__(self, options: Options) -> None:
        """Load the model, offline: what it needs is known to be here."""
        use_offline(options)
        from vieneu import Vieneu

        model = model_of(options)
        self._seed = int(options.get("seed", 0))
        self._on_graphics_card = model.device == "cuda"
        self._nano: dict[str, Any] = {}
        if model.mode == "v3nano":
            self._nano = {name: options[name] for name in ("speed", "steps") if name in options}
            self._model = Vieneu(mode=model.mode, threads=1)
        else:
            self._model = Vieneu(mode=model.mode, threads=1, precision=model.precision, device=model.device)
        self._seeded = model.mode == "v3nano"
        self._voices = voices(options)

    @property
    def voices(self) -> Sequence[Voice]:
        """The preset voices."""
        return self._voices

    def speak(self, texts: Sequence[str], voice: str, *, attempt: int = 0) -> Iterator[Speech]:
        """Say each text with its own seed, so that the same attempt of the same text always sounds the same."""
        if voice not in {each.name for each in self._voices}:
            known = ", ".join(each.name for each in self._voices)
            raise UnknownVoice("không có giọng này.", thing=voice, advice=f"Có: {known}.")
        for text in texts:
            yield self._said(_fit(text), voice, attempt)

    def _said(self, text: str, voice: str, attempt: int) -> Speech:
        digest = hashlib.sha256(f"{self._seed}\0{attempt}\0{voice}\0{text}".encode()).digest()
        seed = int.from_bytes(digest[:4], "big")
        np.random.seed(seed)  # the package samples with the global generator
        if self._on_graphics_card:
            import torch

            torch.manual_seed(seed)
        own = {"seed": seed, **self._nano} if self._seeded else {}
        try:
            samples = np.asarray(self._model.infer(text, voice=voice, **own), np.float32)
        except Exception as error:  # the package's errors and those of its runtimes have nothing in common
            raise SpeechFailed(f"máy đọc báo lỗi: {error}", thing=text) from error
        return Speech(samples=np.clip(samples, -1, 1), rate=int(self._model.sample_rate))


def _fit(text: str) -> str:
    """The words as VieNeu can be given them.

    Raises:
        SpeechFailed: there are none, or there is more than words and stops.

    >>> _fit(". ngày năm tháng năm năm hai nghìn.")
    'ngày năm tháng năm, năm hai nghìn.'
    """
    words = text.lstrip(" ,.?!")
    if not words:
        raise SpeechFailed("không có chữ nào để đọc.", thing=text)
    if _FOREIGN.search(words):
        raise SpeechFailed("lời nói chỉ được gồm chữ và dấu , . ? !", thing=text)
    return _FIVE_FIVE.sub("năm, ", words)


def _voice(name: str, about: Mapping[str, Any]) -> Voice:
    description = str(about.get("description", ""))
    region = about.get("region") or next((each for each in ("Bắc", "Trung", "Nam") if f"· {each} ·" in description), "")
    return Voice(
        engine="vieneu",
        name=name,
        label=f"VieNeu {name} ({description})" if description else f"VieNeu {name}",
        region=str(region).lower(),
        sex=_SEXES.get(str(about.get("gender")), ""),
    )
