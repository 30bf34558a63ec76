"""VieNeu-TTS v3 (package vieneu 3.8): the neural voice, on ONNX Runtime, or on PyTorch where there is a graphics card.

Options: ``mode`` ("v3turbo" or "v3nano"), ``precision`` ("fp32" or "int8", of v3turbo on a processor), ``device`` ("auto",
as the package chooses, "cpu" or "cuda"), ``seed``, ``speed`` and ``steps`` (of v3nano), ``model_dir`` (where the weights lie,
such as a USB stick).

Its traps, met here: it samples with numpy's global generator, so each text seeds it; it normalizes words again and drops
one of "năm năm" before a digit; brackets would become noises; a leading stop makes it babble, and so does a text of a word
or two (see ``company``); it cuts long texts where it likes; it looks to the network unless told that it is offline. Its
watermark stays as the package has it (on where resemble-perth is installed).
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
from audiobook.synthesis.engines.company import cut_out, in_company, needs_company
from audiobook.synthesis.engines.damage import damaged
from audiobook.synthesis.engines.weights import Options, files, hub_folder, missing, model_of, revisions, use_offline

__all__ = ["ATTEMPTS", "VieNeu", "longest", "missing", "open_engine", "settled", "version", "voices"]

ATTEMPTS = 4
"""How often a text is said in all, each time with another seed, until a take is sound."""

_LONGEST = {"v3turbo": 256, "v3nano": 140}  # the package's own max_chars: what each model was trained on
_WHOLE = 1_000  # characters: more than any text that comes, so that the package never cuts one
_WAY = "in company"  # part of the version: change it when the same words are given to the model in another way
_FIRST_CHOICE = "Mai Anh"  # a newsreader of the north, in both models
_SEXES = {"male": "nam", "female": "nữ"}
_FOREIGN = re.compile(r"[^\w\s,.?!]")
_DIGIT = "không|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|tám|chín|mười|mươi|linh|trăm|nghìn|triệu|tỷ"
_FIVE_FIVE = re.compile(rf"\bnăm (?=năm (?:{_DIGIT})\b)")


def settled(options: Options) -> Options:
    """The same, with the device that "auto" is here: all machines of a cluster are to speak as the desk decided."""
    return {**options, "device": model_of(options).device}


def version(options: Options) -> str:
    """Package, the one that turns its words into sounds, model, precision or card, watermark, the weights' revision."""
    model = model_of(options)
    how = model.precision if model.device == "cpu" else model.device
    marked = ("watermark",) if importlib.util.find_spec("perth") else ()
    packages = (package_version("vieneu"), package_version("sea-g2p"))
    return " ".join([*packages, model.mode, how, _WAY, *marked, *revisions(options)])


def longest(options: Options) -> int:
    """Characters that it says well in one go."""
    return _LONGEST[model_of(options).mode]


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
        VoiceNotInstalled: package or weights are missing, or cannot be opened.
    """
    absent = missing(options)
    if absent:
        raise VoiceNotInstalled(absent, thing="vieneu")
    try:
        return VieNeu(options)
    except Exception as error:  # the package's errors and those of its runtimes have nothing in common
        raise _unusable(options, error) from error


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
            # On a card the package's own choice of numbers is the card's, and machines would differ in sound.
            self._model = Vieneu(
                mode=model.mode, threads=1, precision=model.precision, device=model.device, dtype="bfloat16"
            )
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
        for text in map(_fit, texts):
            alone = self._out_of_company(text, voice, attempt) if needs_company(text) else None
            yield alone or self._said(text, voice, attempt, given=text)

    def _out_of_company(self, text: str, voice: str, attempt: int) -> Speech | None:
        said = self._said(text, voice, attempt, given=in_company(text))
        samples = cut_out(said.samples, said.rate, text)
        return None if samples is None else Speech(samples=samples, rate=said.rate)

    def _said(self, text: str, voice: str, attempt: int, *, given: str) -> Speech:
        digest = hashlib.sha256(f"{self._seed}\0{attempt}\0{voice}\0{text}".encode()).digest()
        seed = int.from_bytes(digest[:4], "big")
        np.random.seed(seed)  # the package samples with the global generator
        if self._on_graphics_card:
            import torch

            torch.manual_seed(seed)
        own = {"seed": seed, **self._nano} if self._seeded else {}
        try:
            samples = np.asarray(self._model.infer(given, voice=voice, max_chars=_WHOLE, **own), np.float32)
        except Exception as error:  # the package's errors and those of its runtimes have nothing in common
            raise SpeechFailed(f"máy đọc báo lỗi: {error}", thing=text) from error
        return Speech(samples=np.clip(samples, -1, 1), rate=int(self._model.sample_rate))


def _unusable(options: Options, error: Exception) -> VoiceNotInstalled:
    file = damaged(files(options), error)
    if file is None:
        return VoiceNotInstalled(f"không mở được VieNeu: {error}", thing=hub_folder(options))
    repository = next(folder for folder in file.parents if folder.name.startswith("models--"))
    return VoiceNotInstalled(
        "tệp trọng số bị hỏng hoặc chép chưa hết.",
        thing=file,
        advice=f"Xóa thư mục {repository} rồi tải lại (audiobook voices fetch), hoặc chép lại từ một máy đã tải (qua USB).",
    )


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
