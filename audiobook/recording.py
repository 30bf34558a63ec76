"""Narration -> the recordings that an issue's editions need: what is missing is said, and mastered in one go."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from audiobook.casting import Studio, calibration, levels
from audiobook.model.narration import Narration
from audiobook.model.publication import LOUDSPEAKER_KINDS
from audiobook.model.recording import Recording, Take

Report = Callable[[str, int, int], None]
"""(step, done, total): what an editor is shown while it runs."""

_WORKERS = os.cpu_count() or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordings:
    """An issue mastered for ears; and, where it was wanted, at 48 kHz and for horns."""

    ears: Recording
    high: Recording | None = None
    horns: Recording | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounds:
    """The sounds that are no speech: before the first chapter and behind the last."""

    opening: Path | None = None
    closing: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """All that recording an issue needs to know. ``loudspeaker``: what horns say of it."""

    narration: Narration
    loudspeaker: Narration
    studio: Studio
    sounds: Sounds
    kinds: tuple[str, ...]
    cache: Path
    report: Report
    clause_ms: int = 250

    @property
    def is_for_horns(self) -> bool:
        """Whether any wanted edition is for loudspeakers."""
        return any(kind in LOUDSPEAKER_KINDS for kind in self.kinds)


def record(session: Session) -> Recordings:
    """Say and master what the wanted kinds of edition are made from.

    Raises:
        SpeechFailed: some sentences cannot be said; all others were said and are kept.
        DiskFull, NotWritable: likewise.
    """
    from audiobook.mastering.clips import CHIME
    from audiobook.mastering.master import Programme, master
    from audiobook.mastering.mix import EARS, HIGH, HORNS

    takes = _said(session)
    sounds, loud = session.sounds, levels(takes)
    ears = Programme(
        narration=session.narration, takes=takes, levels=loud, opening=sounds.opening, closing=sounds.closing
    )
    programmes = {"ears": replace(ears, mix=EARS)}
    if "mp3-high" in session.kinds:
        programmes["high"] = replace(ears, mix=HIGH)
    if session.is_for_horns:
        programmes["horns"] = Programme(
            narration=session.loudspeaker, takes=takes, levels=loud, mix=HORNS, opening=CHIME
        )
    made = master(
        tuple(programmes.values()),
        folder=session.cache / "masters",
        workers=_WORKERS,
        progress=lambda done, total: session.report("mastering", done, total),
    )
    return Recordings(**dict(zip(programmes, made, strict=True)))


def _said(session: Session) -> dict[str, Take]:
    from audiobook.synthesis.render import render

    lines = session.studio.lines(session.narration)
    if session.is_for_horns:
        lines = tuple({line.id: line for line in (*lines, *session.studio.lines(session.loudspeaker))}.values())
    return render(
        (*calibration(lines), *lines),
        spec=session.studio.spec,
        cache=session.cache,
        workers=_WORKERS,
        progress=lambda done, total: session.report("narration", done, total),
        clause_ms=session.clause_ms,
    )
