"""Settings and a wish -> Studio: which engine speaks here, who reads which part, and how loud each reader is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from audiobook.errors import SettingsError
from audiobook.model.narration import Line, Narration, Passage, Remark
from audiobook.model.recording import Take, Voice
from audiobook.settings import EngineChoice, VoiceSettings
from audiobook.spoken.pieces import shorter
from audiobook.synthesis.engine import EngineSpec
from audiobook.synthesis.voices import ENGINES, choose, engine_voices, find_voice, longest, slowed

STANDS_IN = "Giọng VieNeu chưa có trên máy làm bản tin này, nên cả số được đọc bằng giọng nhúng sẵn (espeak-ng)."
_SLOW = "-slow"
PARTS = ("text", "heading", "quote", "verse")
"""What a cast may name; "text" reads whatever is not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Part -> voice, for the whole issue and for chapters of their own (by id or by title)."""

    parts: Mapping[str, str]
    chapters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def reader(self, passage: Passage, part: str) -> str:
        """Who reads a part: the chapter's own readers first, in each case the part's before the text's.

        >>> cast = Cast(parts={"text": "Mai", "heading": "Sơn"}, chapters={"Trang thơ": {"text": "Linh"}})
        >>> poems, news = (Passage(id="c09", title=title, utterances=()) for title in ("Trang thơ", "Tin"))
        >>> cast.reader(poems, "heading"), cast.reader(news, "heading"), cast.reader(news, "verse")
        ('Linh', 'Sơn', 'Mai')
        """
        own = self.chapters.get(passage.id) or self.chapters.get(passage.title) or {}
        return own.get(part) or own.get("text") or self.parts.get(part) or self.parts["text"]

    @property
    def names(self) -> frozenset[str]:
        """Every voice that is named."""
        return frozenset({*self.parts.values(), *(each for own in self.chapters.values() for each in own.values())})


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """Who reads: an engine, the voice for each part, and what listeners should be told of it.

    ``mark`` ends the places of the doubts about what is read: a sentence may be said at the usual speed and slower, and
    an announcement has ids of its own that are an issue's too, and each doubt is let pass by itself.
    """

    spec: EngineSpec
    cast: Cast
    voices: tuple[Voice, ...]
    remarks: tuple[str, ...] = ()
    mark: str = ""

    def slower(self, factor: float) -> "Studio | None":
        """The same readers at so much of their speed, where the engine itself can speak slower."""
        options = slowed(self.spec, factor)
        return None if options is None else replace(self, spec=replace(self.spec, options=options), mark=_SLOW)

    def marked(self, doubts: Iterable[Remark]) -> tuple[Remark, ...]:
        """The doubts with their places told apart from those of other readings."""
        return tuple(replace(doubt, place=doubt.place + self.mark) for doubt in doubts)

    def lines(self, narration: Narration) -> tuple[Line, ...]:
        """Every utterance with its reader, in pieces as short as its engine wants them."""
        limit = longest(self.spec)
        return tuple(
            Line(
                id=utterance.id,
                voice=self.cast.reader(passage, utterance.part),
                pieces=shorter(utterance.pieces, longest=limit) if limit else utterance.pieces,
            )
            for passage in narration.passages
            for utterance in passage.utterances
        )


def choose_studio(settings: VoiceSettings, *, voice: str = "", elsewhere: bool = False) -> Studio:
    """Who reads. ``voice`` stands above the settings: an engine ("espeak"), or one with a voice ("espeak:nam").

    ``elsewhere``: nothing is said by this machine itself (see ``choose``).

    Raises:
        UnknownVoice, VoiceNotInstalled: nobody of this name can speak here.
        SettingsError: a cast names a part that there is not.
    """
    wanted, _, speaker = voice.partition(":")
    choice = choose(wanted or settings.engine, engine_options(settings), elsewhere=elsewhere)
    there = engine_voices(choice.spec)
    cast = _cast(settings.of(choice.spec.name), there, speaker=speaker, engine=choice.spec.name)
    return Studio(
        spec=choice.spec,
        cast=cast,
        voices=tuple(each for each in there if each.name in cast.names),
        remarks=(STANDS_IN,) if choice.stands_in else (),
    )


def engine_options(settings: VoiceSettings) -> Mapping[str, Mapping[str, str | int | float]]:
    """What is set for each engine."""
    return {engine: settings.of(engine).options for engine in ENGINES}


def calibration(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The same few sentences for every voice that reads here: what its loudness and its pace are known by."""
    from audiobook.mastering.master import CALIBRATION_TEXTS

    return tuple(
        Line(id=f"{_CALIBRATION}{voice} {number}", voice=voice, pieces=(text,))
        for voice in sorted({line.voice for line in lines})
        for number, text in enumerate(CALIBRATION_TEXTS)
    )


def levels(takes: Mapping[str, Take], *, cache: Path) -> Mapping[str, float]:
    """Voice -> loudness in LUFS, from its calibration takes only, so that gain never moves; kept in the cache."""
    from audiobook.mastering.master import known_level

    by_voice: dict[str, list[Take]] = {}
    for line_id, take in takes.items():
        if line_id.startswith(_CALIBRATION):
            by_voice.setdefault(take.voice, []).append(take)
    return {voice: known_level(said, cache=cache / "levels") for voice, said in by_voice.items()}


_CALIBRATION = "calibration "  # no utterance's id has a space


def _cast(choice: EngineChoice, there: Sequence[Voice], *, speaker: str, engine: str) -> Cast:
    if speaker:
        return Cast(parts={"text": find_voice(there, speaker).name})
    named = {"": choice.cast, **choice.chapters}
    for chapter, own in named.items():
        for part in own:
            if part not in PARTS:
                place = ".".join(filter(None, ("voice", engine, "chapters" if chapter else "cast", chapter, part)))
                raise SettingsError(
                    "không có phần này.", thing="audiobook.toml", place=place, advice=f"Có: {', '.join(PARTS)}."
                )
    found = {
        chapter: {part: find_voice(there, name).name for part, name in own.items()} for chapter, own in named.items()
    }
    parts = {"text": there[0].name} | found.pop("")
    return Cast(parts=parts, chapters=found)
