"""VieNeu-TTS v3 (package vieneu 3.8): the neural voice, on ONNX Runtime.

Options: ``mode`` ("v3turbo" or "v3nano"), ``precision`` ("fp32" or "int8", of v3turbo), ``seed``, ``model_dir`` (a folder
laid out as a Hugging Face home, such as a USB stick's; else the user's own cache).

Its traps, met here: it samples with numpy's global generator, so each text seeds it; it normalizes words again and drops
one of "năm năm" before a number; brackets would become noises; it looks to the network unless told that it is offline.
"""

import hashlib
import importlib.util
import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import numpy as np

from audiobook.errors import SpeechFailed, UnknownVoice, VoiceNotInstalled
from audiobook.model.recording import Voice
from audiobook.synthesis.engine import Speech

Options = Mapping[str, str | int | float]

_TURBO = "pnnbao-ump/VieNeu-TTS-v3-Turbo"
_NANO = "pnnbao-ump/VieNeu-TTS-v3-Nano"
_CODEC = "OpenMOSS-Team/MOSS-Audio-Tokenizer-Nano-ONNX"
_SUBFOLDERS = {"fp32": "onnx_update", "int8": "onnx_int8"}
_TURBO_FILES = (
    "vieneu_prefill.onnx",
    "vieneu_decode_step.onnx",
    "vieneu_acoustic_cached.onnx",
    "vieneu_backbone_shared.data",
    "vieneu_v3_heads.npz",
    "config.json",
    "tokenizer.json",
)
_CODEC_FILES = (
    "moss_audio_tokenizer_decode_full.onnx",
    "moss_audio_tokenizer_decode_shared.data",
    "moss_audio_tokenizer_decode_step.onnx",
    "codec_browser_onnx_meta.json",
    "moss_audio_tokenizer_encode.onnx",
    "moss_audio_tokenizer_encode.data",
)
_NANO_FILES = (
    "text_encoder.onnx",
    "duration_predictor.onnx",
    "vector_estimator.onnx",
    "codec_decoder.onnx",
    "config.json",
    "constants.npz",
)
_FIRST_CHOICE = "Mai Anh"  # a newsreader of the north, in both models
_SEXES = {"male": "nam", "female": "nữ"}
_FOREIGN = re.compile(r"[^\w\s,.?!]")
_DIGIT = "không|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|tám|chín|mười|mươi|linh|trăm|nghìn|triệu|tỷ"
_FIVE_FIVE = re.compile(rf"\bnăm (?=năm (?:{_DIGIT})\b)")


def missing(options: Options) -> str:
    """What keeps it from speaking here, in one sentence; "" for nothing. Looks at files only: no import, no network."""
    if importlib.util.find_spec("vieneu") is None:
        return "chưa cài VieNeu trên máy này; cài bằng: pip install --require-hashes -r .ci/vieneu.lock"
    hub = _home(options) / "hub"
    for repository, names in _needed(options):
        if not all(_in_cache(hub, repository, name) for name in names):
            return (
                f"chưa có trọng số {repository} trong {hub}; tải bằng: audiobook voices fetch, "
                "hoặc chép thư mục hub từ một máy đã tải (qua USB) vào đó."
            )
    return ""


def version(options: Options) -> str:
    """Package, model, precision and the weights' revision: whatever changes the sound."""
    revisions = [_revision(_home(options) / "hub", repository) for repository, _ in _needed(options)]
    return " ".join([package_version("vieneu"), _mode(options), _precision(options), *revisions])


def voices(options: Options) -> tuple[Voice, ...]:
    """The preset voices as the package describes them, ours first; without loading a model."""
    import msgspec

    package = importlib.util.find_spec("vieneu")
    if package is None or not package.submodule_search_locations:
        return ()
    name = {"v3turbo": "voices_v3_turbo.json", "v3nano": "voices_v3_nano.json"}[_mode(options)]
    file = Path(package.submodule_search_locations[0]) / "assets" / name
    presets: dict[str, dict[str, Any]] = msgspec.json.decode(file.read_bytes())["presets"]
    found = [_voice(each, about) for each, about in presets.items()]
    return tuple(sorted(found, key=lambda voice: voice.name != _FIRST_CHOICE))


def fetch(options: Options, *, progress: Callable[[int, int], None]) -> None:
    """Bring the weights to this machine; ``progress`` is told files done and files in all.

    Raises:
        VoiceNotInstalled: the package is missing, or the network gave no answer.
    """
    if importlib.util.find_spec("vieneu") is None:
        raise VoiceNotInstalled(missing(options), thing="vieneu")
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # its retries end in our one sentence
    wanted = [(repository, name) for repository, names in _needed(options) for name in names]
    for done, (repository, name) in enumerate(wanted):
        progress(done, len(wanted))
        if _in_cache(_home(options) / "hub", repository, name):
            continue
        try:
            hf_hub_download(repository, name, cache_dir=_home(options) / "hub")
        except (OSError, HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled) as error:
            raise VoiceNotInstalled(
                f"không tải được {repository}/{name}: mạng không có hoặc kho không trả lời.",
                thing="vieneu",
                advice="Thử lại khi có mạng, hoặc chép thư mục hub từ một máy đã tải (qua USB).",
            ) from error
    progress(len(wanted), len(wanted))


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
        os.environ["HF_HOME"] = str(_home(options))
        os.environ["HF_HUB_OFFLINE"] = "1"
        from vieneu import Vieneu

        self._seed = int(options.get("seed", 0))
        self._nano = _mode(options) == "v3nano"
        own: dict[str, Any] = {} if self._nano else {"precision": _precision(options)}
        self._model = Vieneu(mode=_mode(options), threads=1, **own)
        self._voices = voices(options)

    @property
    def voices(self) -> Sequence[Voice]:
        """The preset voices."""
        return self._voices

    def speak(self, texts: Sequence[str], voice: str) -> Iterator[Speech]:
        """Say each text with its own seed, so that the same text always sounds the same."""
        if voice not in {each.name for each in self._voices}:
            known = ", ".join(each.name for each in self._voices)
            raise UnknownVoice("không có giọng này.", thing=voice, advice=f"Có: {known}.")
        for text in texts:
            if _FOREIGN.search(text):
                raise SpeechFailed("lời nói chỉ được gồm chữ và dấu , . ? !", thing=text)
            yield self._said(_FIVE_FIVE.sub("năm, ", text), voice)

    def _said(self, text: str, voice: str) -> Speech:
        digest = hashlib.sha256(f"{self._seed}\0{voice}\0{text}".encode()).digest()
        seed = int.from_bytes(digest[:4], "big")
        np.random.seed(seed)  # the package samples with the global generator
        own = {"seed": seed} if self._nano else {}
        samples = np.asarray(self._model.infer(text, voice=voice, **own), np.float32)
        return Speech(samples=np.clip(samples, -1, 1), rate=int(self._model.sample_rate))


def _mode(options: Options) -> str:
    mode = str(options.get("mode", "v3turbo"))
    if mode not in ("v3turbo", "v3nano"):
        raise UnknownVoice("VieNeu không có kiểu này.", thing=mode, advice="Có: v3turbo, v3nano.")
    return mode


def _precision(options: Options) -> str:
    precision = str(options.get("precision", "fp32"))
    if precision not in _SUBFOLDERS:
        raise UnknownVoice("VieNeu không có độ chính xác này.", thing=precision, advice="Có: fp32, int8.")
    return precision


def _needed(options: Options) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(repository, files in it) of a mode."""
    if _mode(options) == "v3nano":
        return ((_NANO, _NANO_FILES),)
    subfolder = _SUBFOLDERS[_precision(options)]
    return ((_TURBO, tuple(f"{subfolder}/{name}" for name in _TURBO_FILES)), (_CODEC, _CODEC_FILES))


def _home(options: Options) -> Path:
    given = options.get("model_dir") or os.environ.get("HF_HOME")
    return Path(str(given)) if given else Path.home() / ".cache" / "huggingface"


def _revision(hub: Path, repository: str) -> str:
    file = hub / f"models--{repository.replace('/', '--')}" / "refs" / "main"
    return file.read_text().strip() if file.is_file() else ""


def _in_cache(hub: Path, repository: str, name: str) -> bool:
    folder = hub / f"models--{repository.replace('/', '--')}" / "snapshots"
    return (folder / (_revision(hub, repository) or "none") / name).is_file()


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
