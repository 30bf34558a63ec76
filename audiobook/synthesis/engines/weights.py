"""VieNeu's weights: where they lie on this machine, what is missing of them, and how they come here.

They lie in a Hugging Face cache: the user's own, or one in ``model_dir`` (a USB stick's, say). The ONNX graphs serve every
processor; a graphics card takes the PyTorch checkpoint of the same repository, which v3nano has not.
"""

import importlib.util
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiobook.errors import UnknownVoice, VoiceNotInstalled, writing

Options = Mapping[str, str | int | float]

_TURBO = "pnnbao-ump/VieNeu-TTS-v3-Turbo"
_NANO = "pnnbao-ump/VieNeu-TTS-v3-Nano"
_CODEC = "OpenMOSS-Team/MOSS-Audio-Tokenizer-Nano"
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
_INSTALL = "cài bằng: pip install --require-hashes -r .ci/vieneu.lock"
_FOR_A_CARD = ("torch", "transformers", "safetensors")
_PLACES = (
    ("HF_HUB_CACHE", ""),
    ("HUGGINGFACE_HUB_CACHE", ""),
    ("HF_HOME", "hub"),
    ("XDG_CACHE_HOME", "huggingface/hub"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Which of VieNeu's models, and on what it runs."""

    mode: str  # "v3turbo" or "v3nano"
    precision: str  # of v3turbo on a processor: "fp32" or "int8"
    device: str  # "cpu" or "cuda"

    @property
    def repositories(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(repository, the files of it that are loaded)."""
        if self.mode == "v3nano":
            return ((_NANO, _NANO_FILES),)
        if self.device == "cuda":
            checkpoint = ("update/model.safetensors", "update/config.json", "speaker_encoder.onnx")
            return ((_TURBO, checkpoint), (_CODEC, ("config.json",)))
        subfolder = _SUBFOLDERS[self.precision]
        return ((_TURBO, tuple(f"{subfolder}/{name}" for name in _TURBO_FILES)), (f"{_CODEC}-ONNX", _CODEC_FILES))


def model_of(options: Options) -> Model:
    """The model that the options name; on a graphics card where they leave it to the machine and it has one.

    Raises:
        UnknownVoice: there is no such mode, precision or device.
    """
    wanted = {"mode": ("v3turbo", "v3nano"), "precision": tuple(_SUBFOLDERS), "device": ("auto", "cpu", "cuda")}
    chosen = {name: str(options.get(name, known[0])) for name, known in wanted.items()}
    for name, known in wanted.items():
        if chosen[name] not in known:
            advice = f"Có: {', '.join(known)}."
            raise UnknownVoice(f"VieNeu không có {name} này.", thing=chosen[name], advice=advice)
    if chosen["mode"] == "v3nano":
        chosen["device"] = "cpu"  # the package has it for nothing else
    elif chosen["device"] == "auto":
        chosen["device"] = "cuda" if _has_graphics_card() else "cpu"
    return Model(**chosen)


def missing(options: Options, *, elsewhere: bool = False) -> str:
    """What keeps it from speaking, in one sentence; "" for nothing. Looks at files only: no network.

    ``elsewhere``: other machines, set up as this one, are to speak; only they need a graphics card.
    """
    if importlib.util.find_spec("vieneu") is None:
        return f"chưa cài VieNeu trên máy này; {_INSTALL}"
    model, hub = model_of(options), hub_folder(options)
    if model.device == "cuda" and not elsewhere and not _has_graphics_card():
        needed = ", ".join(_FOR_A_CARD)
        return f'máy này không có card đồ họa dùng được (hoặc chưa cài {needed}); đặt device = "cpu".'
    for repository, names in model.repositories:
        if not all(_cached(hub, repository, name).is_file() for name in names):
            on_a_card = " --device cuda" if model.device == "cuda" else ""
            instead = ', hoặc đặt device = "cpu"' if on_a_card else ""
            return (
                f"chưa có trọng số {repository} trong {hub}; tải bằng: audiobook voices fetch{on_a_card}, "
                f"hoặc chép thư mục hub từ một máy đã tải (qua USB) vào đó{instead}."
            )
    return ""


def revisions(options: Options) -> tuple[str, ...]:
    """Which weights lie here: the revision of each repository."""
    return tuple(_revision(hub_folder(options), repository) for repository, _ in model_of(options).repositories)


def files(options: Options) -> Iterator[Path]:
    """Every file of the weights that is loaded."""
    hub = hub_folder(options)
    return (_cached(hub, repository, name) for repository, names in model_of(options).repositories for name in names)


def hub_folder(options: Options) -> Path:
    """The Hugging Face cache. ``model_dir`` may be its home (with a folder hub) or the cache itself.

    Without it: where the environment says, in the order of huggingface_hub's own documentation.
    """
    if given := options.get("model_dir"):
        home = Path(str(given)).expanduser()
        return home if not (home / "hub").is_dir() and any(home.glob("models--*")) else home / "hub"
    for variable, inside in _PLACES:
        if place := os.environ.get(variable):
            return Path(os.path.expandvars(place)).expanduser() / inside
    return Path("~/.cache/huggingface/hub").expanduser()


def use_offline(options: Options) -> None:
    """Let the package find the weights here, and look nowhere else: it would ask the network at every start."""
    from huggingface_hub import constants

    # Not into the environment, where it would be taken for the user's own by whoever comes without a model_dir.
    constants.HF_HUB_CACHE = str(hub_folder(options))
    constants.HF_HUB_OFFLINE = True
    os.environ["HF_HUB_OFFLINE"] = "1"  # which transformers reads for itself


def fetch(options: Options, *, progress: Callable[[int, int], None]) -> None:
    """Bring the weights to this machine; what is there, even half, is not fetched again.

    Args:
        options: as for the engine.
        progress: told bytes done and bytes in all.

    Raises:
        VoiceNotInstalled: the package is missing, or the network gave no answer.
        DiskFull, NotWritable: what came is kept.
    """
    if importlib.util.find_spec("vieneu") is None:
        raise VoiceNotInstalled(missing(options), thing="vieneu")
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # its retries end in our one sentence
    hub, model = hub_folder(options), model_of(options)
    asked = model.repositories[0][0]
    try:
        with writing(hub):
            wanted = [(repository, name) for repository, names in _files(model) for name in names]
            sizes = {}
            for repository, name in wanted:
                asked = f"{repository}/{name}"
                sizes[asked] = hf_hub_download(repository, name, cache_dir=hub, dry_run=True).file_size or 0
            meter = _Meter(sum(sizes.values()), progress)
            for repository, name in wanted:
                asked = f"{repository}/{name}"
                hf_hub_download(repository, name, cache_dir=hub, tqdm_class=meter.bar)
                meter.finish(sizes[asked])
    except (HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled, ConnectionError, TimeoutError) as error:
        raise VoiceNotInstalled(
            f"không tải được {asked}: mạng không có hoặc kho không trả lời.",
            thing="vieneu",
            advice="Thử lại khi có mạng, hoặc chép thư mục hub từ một máy đã tải (qua USB).",
        ) from error


class _Meter:
    """Bytes of all files together, told as they come."""

    def __init__(self, total: int, progress: Callable[[int, int], None]) -> None:
        self._total, self._progress = total, progress
        self._finished = self._coming = 0
        progress(0, total)

    @property
    def bar(self) -> type[Any]:
        """What huggingface_hub takes for a progress bar."""
        from tqdm import tqdm

        meter = self

        class Bar(tqdm):  # type: ignore[misc, type-arg, unused-ignore]
            def __init__(self, *args: Any, **options: Any) -> None:
                options.pop("name", None)
                super().__init__(*args, **options | {"disable": True})

            def update(self, n: float | None = 1) -> None:
                meter.come(int(n or 0))

        return Bar

    def come(self, count: int) -> None:
        self._coming += count
        self._progress(min(self._finished + self._coming, self._total), self._total)

    def finish(self, size: int) -> None:
        self._finished, self._coming = self._finished + size, 0
        self._progress(self._finished, self._total)


def _files(model: Model) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is to be fetched: for a graphics card the checkpoint with its tokenizer and the codec's own code."""
    if model.device == "cpu":
        return model.repositories
    from huggingface_hub import list_repo_files

    parts = {_TURBO: ("update/", "speaker_encoder.onnx", "config.json"), _CODEC: ("",)}
    return tuple(
        (repository, tuple(name for name in list_repo_files(repository) if name.startswith(begins)))
        for repository, begins in parts.items()
    )


def _has_graphics_card() -> bool:
    """Whether the package would find one, and what it needs to speak on it."""
    if not all(map(importlib.util.find_spec, _FOR_A_CARD)):
        return False
    try:
        import torch
    except (ImportError, OSError):  # half installed, or without its libraries: the package goes on without it, too
        return False
    return bool(torch.cuda.is_available())


def _revision(hub: Path, repository: str) -> str:
    file = hub / f"models--{repository.replace('/', '--')}" / "refs" / "main"
    return file.read_text().strip() if file.is_file() else ""


def _cached(hub: Path, repository: str, name: str) -> Path:
    folder = hub / f"models--{repository.replace('/', '--')}" / "snapshots"
    return folder / (_revision(hub, repository) or "none") / name
