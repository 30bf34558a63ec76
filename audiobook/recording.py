"""Narration -> the recordings that an issue's editions need: what is missing is said, and mastered in one go."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from audiobook.casting import Studio, calibration, levels
from audiobook.model.narration import Narration
from audiobook.model.recording import Recording

Report = Callable[[str, int, int], None]
"""(step, done, total): what an editor is shown while it runs."""

_WORKERS = os.cpu_count() or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordings:
    """An issue mastered for ears; and, where it was wanted, at 48 kHz."""

    ears: Recording
    high: Recording | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounds:
    """The sounds that are no speech: before the first chapter and behind the last."""

    opening: Path | None = None
    closing: Path | None = None


def record(
    narration: Narration, *, studio: Studio, sounds: Sounds, kinds: tuple[str, ...], cache: Path, report: Report
) -> Recordings:
    """Say and master what these kinds of edition are made from.

    Raises:
        SpeechFailed: some sentences cannot be said; all others were said and are kept.
        DiskFull, NotWritable: likewise.
    """
    from audiobook.mastering.master import Programme, master
    from audiobook.mastering.mix import EARS, HIGH
    from audiobook.synthesis.render import render

    lines = studio.lines(narration)
    takes = render(
        (*calibration(lines), *lines),
        spec=studio.spec,
        cache=cache,
        workers=_WORKERS,
        progress=lambda done, total: report("narration", done, total),
    )
    mixes = [EARS, *([HIGH] if "mp3-high" in kinds else [])]
    programmes = [
        Programme(
            narration=narration,
            takes=takes,
            levels=levels(takes),
            mix=mix,
            opening=sounds.opening,
            closing=sounds.closing,
        )
        for mix in mixes
    ]
    made = master(
        programmes,
        folder=cache / "masters",
        workers=_WORKERS,
        progress=lambda done, total: report("mastering", done, total),
    )
    return Recordings(ears=made[0], high=made[1] if len(made) > 1 else None)
