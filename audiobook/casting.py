"""Settings and a wish -> Studio: which engine speaks here, who reads which part, and how loud each reader is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from audiobook.model.narration import Narration, Passage, Utterance
from audiobook.model.recording import Voice
from audiobook.settings import VoiceSettings
from audiobook.synthesis.engine import EngineSpec
from audiobook.synthesis.voices import choose, engine_voices, find_voice

STANDS_IN = "Giọng VieNeu chưa có trên máy làm bản tin này, nên cả số được đọc bằng giọng nhúng sẵn (espeak-ng)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """Who reads: an engine, the voice for each part, and what listeners should be told of it."""

    spec: EngineSpec
    cast: Mapping[str, str]
    voices: tuple[Voice, ...]
    remarks: tuple[str, ...] = ()


def choose_studio(settings: VoiceSettings, *, voice: str = "") -> Studio:
    """Who reads. ``voice`` stands above the settings: an engine ("espeak"), or one with a voice ("espeak:nam").

    Raises:
        UnknownVoice, VoiceNotInstalled: nobody of this name can speak here.
    """
    wanted, _, speaker = voice.partition(":")
    options = {engine: settings.of(engine).options for engine in ("vieneu", "espeak", "tone")}
    choice = choose(wanted or settings.engine, options)
    there = engine_voices(choice.spec)
    named = {"text": speaker} if speaker else dict(settings.of(choice.spec.name).cast)
    cast = {part: find_voice(there, each).name for part, each in named.items()}
    cast.setdefault("text", there[0].name)
    return Studio(
        spec=choice.spec,
        cast=cast,
        voices=tuple(each for each in there if each.name in cast.values()),
        remarks=(STANDS_IN,) if choice.stands_in else (),
    )


def levels(studio: Studio, *, cache: Path) -> Mapping[str, float]:
    """How loud each part's voice is, in LUFS, from the same few sentences for ever, so that gain never moves."""
    from audiobook.mastering.master import CALIBRATION_TEXTS, measure_level
    from audiobook.synthesis.render import render

    utterances = tuple(
        Utterance(id=f"calibration{number}", source=None, part="text", pieces=(text,), segments=(), pause_ms=0)
        for number, text in enumerate(CALIBRATION_TEXTS)
    )
    narration = Narration(passages=(Passage(id="calibration", title="", utterances=utterances),))

    def measured(voice: str) -> float:
        alone = replace(studio, cast={"text": voice})
        takes = render(
            narration, spec=alone.spec, cast=alone.cast, cache=cache, workers=1, progress=lambda done, total: None
        )
        return measure_level(tuple(takes.values()))

    by_voice = {voice: measured(voice) for voice in sorted(set(studio.cast.values()))}
    return {part: by_voice[voice] for part, voice in studio.cast.items()}
