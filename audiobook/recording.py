"""Narration -> takes -> the recordings that an issue's editions need, mastered in one go."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.casting import Studio, levels
from audiobook.model.narration import Line, Narration, Passage
from audiobook.model.publication import LOUDSPEAKER_KINDS
from audiobook.model.recording import Recording, Take

if TYPE_CHECKING:
    from audiobook.mastering.master import Programme

Report = Callable[[str, int, int], None]
"""(step, done, total): what an editor is shown while it runs."""

SLOW = 0.8
"""Of the usual speed: about 140 syllables a minute with the embedded voice. Pauses grow in the same measure, and more."""

_SLOW_PAUSES = 1.4
_WORKERS = os.cpu_count() or 1


Say = Callable[[Studio, Sequence[Line]], Mapping[str, Take]]
"""Says lines, each once: their takes by line id, with those of the calibration sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordings:
    """An issue mastered for ears; and, where it was wanted, at 48 kHz, slower, and for horns."""

    ears: Recording
    high: Recording | None = None
    slow: Recording | None = None
    horns: Recording | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounds:
    """The sounds that are no speech: before the first chapter and behind the last."""

    opening: Path | None = None
    closing: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """All that saying an issue needs to know.

    ``loudspeaker`` is what horns say of it; ``people``: takes of persons by utterance id, with their ``people_levels``
    by voice; ``is_slow_wanted``: whether there is to be a slower rendition too; ``cache``: where it is kept how loud voices are.
    """

    narration: Narration
    loudspeaker: Narration
    studio: Studio
    sounds: Sounds
    kinds: tuple[str, ...]
    is_slow_wanted: bool
    say: Say
    cache: Path
    people: Mapping[str, Take] = field(default_factory=dict)
    people_levels: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_for_horns(self) -> bool:
        """Whether any wanted edition is for loudspeakers."""
        return any(kind in LOUDSPEAKER_KINDS for kind in self.kinds)


def say(session: Session) -> dict[str, "Programme"]:
    """Say every line, and lay out what is to be mastered from it: by its name in Recordings, without its words.

    Raises:
        SpeechFailed: some sentences cannot be said; all others were said and are kept.
        DiskFull, NotWritable: likewise.
    """
    from audiobook.mastering.clips import CHIME
    from audiobook.mastering.master import Programme
    from audiobook.mastering.mix import EARS, HIGH, HORNS

    narrations = [session.narration, *([session.loudspeaker] if session.is_for_horns else [])]
    takes = _said(session, session.studio, narrations)
    loud, sounds = {**levels(takes, cache=session.cache), **session.people_levels}, session.sounds
    ears = Programme(
        narration=session.narration.wordless,
        takes=takes,
        levels=loud,
        opening=sounds.opening,
        closing=sounds.closing,
        mixes=(EARS, HIGH) if "mp3-high" in session.kinds else (EARS,),
    )
    programmes = {"ears": ears}
    if "mp3-slow" in session.kinds and session.is_slow_wanted:
        programmes["slow"] = replace(_slower(session, ears), mixes=(EARS,), is_followed=False)
    if session.is_for_horns:
        programmes["horns"] = Programme(
            narration=session.loudspeaker.wordless,
            takes=takes,
            levels=loud,
            mixes=(HORNS,),
            opening=CHIME,
            is_followed=False,
        )
    return programmes


def spoken_lines(studio: Studio, narrations: Sequence[Narration], *, people: Mapping[str, Take]) -> tuple[Line, ...]:
    """What an engine says of narrations, each line once; not what ``people`` say."""
    lines = {line.id: line for narration in narrations for line in studio.lines(narration)}
    return tuple(line for line in lines.values() if line.id not in people)


def record(programmes: Mapping[str, "Programme"], *, cache: Path, report: Report) -> Recordings:
    """Master what was said.

    Raises:
        DiskFull, NotWritable: finished chapters are kept.
    """
    from audiobook.mastering.master import master

    made = master(
        tuple(programmes.values()),
        folder=cache / "masters",
        workers=_WORKERS,
        progress=lambda done, total: report("mastering", done, total),
    )
    of_each = dict(zip(programmes, made, strict=True))
    ears, *high = of_each.pop("ears")
    return Recordings(ears=ears, high=high[0] if high else None, **{name: only for name, (only,) in of_each.items()})


def _slower(session: Session, ears: "Programme") -> "Programme":
    """The same, said slower by the engine where it can, else drawn out; with longer pauses in either case."""
    narration = _with_longer_pauses(ears.narration)
    studio = session.studio.slower(SLOW)
    if studio is None:
        return replace(ears, narration=narration, speed=SLOW, people_speed=SLOW)
    takes = _said(session, studio, [session.narration])
    loud = {**levels(takes, cache=session.cache), **session.people_levels}
    return replace(ears, narration=narration, takes=takes, levels=loud, people_speed=SLOW)


def _with_longer_pauses(narration: Narration) -> Narration:
    def longer(passage: Passage) -> Passage:
        told = (replace(each, pause_ms=round(each.pause_ms * _SLOW_PAUSES)) for each in passage.utterances)
        return replace(passage, utterances=tuple(told))

    return Narration(passages=tuple(map(longer, narration.passages)))


def _said(session: Session, studio: Studio, narrations: Sequence[Narration]) -> dict[str, Take]:
    return {**session.say(studio, spoken_lines(studio, narrations, people=session.people)), **session.people}
