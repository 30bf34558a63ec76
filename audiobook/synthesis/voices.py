"""A name -> the engine and voice that it means on this machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from audiobook.errors import UnknownVoice, VoiceNotInstalled
from audiobook.model.recording import Voice
from audiobook.synthesis.engine import EngineSpec

ENGINES = ("vieneu", "espeak", "tone")
"""Every engine; its module in engines/ has ``ATTEMPTS`` and what is asked of it below."""

Options = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An engine that can speak here; ``stands_in`` where it does so for a neural one that cannot."""

    spec: EngineSpec
    stands_in: bool = False


def choose(name: str, options: Mapping[str, Options], *, elsewhere: bool = False) -> Choice:
    """The engine of a name; ``auto`` is VieNeu where it can speak on this machine, else the embedded voice.

    ``elsewhere``: other machines, set up as this one, speak or have spoken; what only they need may be missing here.

    Raises:
        UnknownVoice: no engine is called so.
        VoiceNotInstalled: its package or weights are not here.
    """
    if name == "auto":
        ready = not _module("vieneu").missing(options.get("vieneu", {}), elsewhere=elsewhere)
        return Choice(spec=_spec("vieneu" if ready else "espeak", options), stands_in=not ready)
    if name not in ENGINES:
        raise UnknownVoice(
            "không có máy đọc này.", thing=name, advice="Có: auto, vieneu, espeak (xem: audiobook voices)."
        )
    missing = _module(name).missing(options.get(name, {}), elsewhere=elsewhere)
    if missing:
        raise VoiceNotInstalled(missing, thing=name)
    return Choice(spec=_spec(name, options))


def engine_voices(spec: EngineSpec) -> tuple[Voice, ...]:
    """The voices of an engine, its first choice first; without loading a model."""
    voices: tuple[Voice, ...] = _module(spec.name).voices(spec.options)
    return voices


def find_voice(voices: Sequence[Voice], name: str) -> Voice:
    """The voice of a name.

    Raises:
        UnknownVoice: there is none; the message names those there are.
    """
    for voice in voices:
        if voice.name == name:
            return voice
    known = ", ".join(voice.name for voice in voices)
    raise UnknownVoice("không có giọng này.", thing=name, advice=f"Có: {known}.")


def all_voices(options: Mapping[str, Options]) -> tuple[Voice, ...]:
    """Every voice that can speak on this machine; the tests' tones are left out."""
    ready = [engine for engine in ENGINES if engine != "tone" and not _module(engine).missing(options.get(engine, {}))]
    return tuple(voice for engine in ready for voice in _module(engine).voices(options.get(engine, {})))


def attempts(spec: EngineSpec) -> int:
    """How often a text is said in all before a doubtful take is kept: more than once where an engine samples."""
    count: int = _module(spec.name).ATTEMPTS
    return count


def longest(spec: EngineSpec) -> int | None:
    """Characters that an engine says well in one go; None where it takes any number."""
    characters: int | None = _module(spec.name).longest(spec.options)
    return characters


def current_version(spec: EngineSpec) -> str:
    """The version of a spec's engine as it is on this machine, which may not be the one where the spec was made."""
    version: str = _module(spec.name).version(spec.options)
    return version


def why_missing(name: str, options: Mapping[str, Options]) -> str:
    """What keeps an engine from speaking here, in one sentence; "" for nothing."""
    reason: str = _module(name).missing(options.get(name, {}))
    return reason


def slowed(spec: EngineSpec, factor: float) -> Options | None:
    """The engine's options at so much of its speed; None where it has no speed of its own."""
    options: Options | None = _module(spec.name).slowed(spec.options, factor)
    return options


def _spec(name: str, options: Mapping[str, Options]) -> EngineSpec:
    module = _module(name)
    own: Options = module.settled(options.get(name, {}))
    return EngineSpec(name=name, version=module.version(own), options=dict(own))


def _module(name: str) -> ModuleType:
    return import_module(f"audiobook.synthesis.engines.{name}")
