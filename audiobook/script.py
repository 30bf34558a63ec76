"""Manuscript -> Script: what is written and what will be said of an issue, as far as the steps after it need it.

It is written in a process of its own: what reading a long manuscript takes of memory is given back with that process.
"""

from collections.abc import Mapping
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import inputs, last_said
from audiobook.acceptance import Acceptance
from audiobook.errors import ManuscriptError
from audiobook.library import Library
from audiobook.model.narration import Narration, Remark, spoken_only
from audiobook.model.publication import Accepted
from audiobook.model.recording import Take, Voice
from audiobook.processes import apart
from audiobook.records import encoded
from audiobook.settings import Settings

if TYPE_CHECKING:
    from audiobook.manuscripts.read import Reading
    from audiobook.spoken.prepare import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What is to be said, and by which people.

    What grows with an issue's length and is not needed while it is said lies in files: the issue as JSON, and what will
    be ``said``, to be kept at the end (see last_said). The narrations are without their segments. ``takes``, ``levels``
    and ``voices`` are people's (see Readers).
    """

    issue: Path
    said: Path
    narration: Narration
    loudspeaker: Narration
    lexicon: Mapping[str, str]
    takes: Mapping[str, Take]
    levels: Mapping[str, float]
    voices: tuple[Voice, ...]
    remarks: tuple[Remark, ...]
    accepted: tuple[Accepted, ...]

    @property
    def when_said(self) -> "Script":
        """Without the words, which grow with the issue and are not needed any more."""
        return replace(self, narration=_SILENT, loudspeaker=_SILENT)


_SILENT = Narration(passages=())


def write_script(library: Library, issue_id: str, *, chosen: Settings, acceptance: Acceptance, folder: Path) -> Script:
    """Read the manuscript and decide every word. Pictures are laid into ``folder``/images, two JSON files beside them.

    Raises:
        ManuscriptError: the manuscript cannot be read; or its process was ended from outside.
        SettingsError: a template, a decision, a lexicon or a recording that is not as it should be.
        DoubtStands: something would be said that an editor must see first, and did not let pass.
    """
    try:
        return apart(_write, library, issue_id, chosen=chosen, acceptance=acceptance, folder=folder)
    except BrokenProcessPool as error:
        raise ManuscriptError(
            "việc đọc bản thảo bị dừng đột ngột (máy hết bộ nhớ?).", thing=library.manuscript(issue_id)
        ) from error


def understand(
    library: Library, issue_id: str, *, chosen: Settings, images: Path, with_items: bool = False
) -> tuple["Reading", "Prepared"]:
    """The first two steps: what is written, and what will be said. Pictures are laid into ``images``."""
    from audiobook.manuscripts import decisions
    from audiobook.manuscripts.read import Details, read
    from audiobook.spoken.prepare import prepare

    manuscript = library.manuscript(issue_id)
    facts = inputs.facts(manuscript.parent)
    details = Details(
        id=issue_id,
        number=facts.number,
        date=facts.date,
        publisher=chosen.publisher.name,
        title=facts.title,
    )
    decided = decisions.load(manuscript.parent)
    reading = read(
        manuscript,
        details=details,
        images=images,
        decisions=decided,
        checked_before=library.cache / "readings",
    )
    designed = sorted(manuscript.parent.glob("*.pdf"))
    previous = library.shelf.publication(issue_id) if library.shelf.has(issue_id) else None
    prepared = prepare(
        replace(reading.issue, designed_pdf=str(designed[0].resolve()) if designed else ""),
        bulletin=chosen.bulletin,
        words=inputs.words(chosen, library.settings_file),
        pauses=chosen.pauses,
        tables=chosen.tables,
        lexicon=inputs.lexicon(library, manuscript.parent),
        previous=previous.issue if previous else None,
        with_items=with_items,
        memory=inputs.memory(library),
    )
    return reading, prepared


def _write(library: Library, issue_id: str, *, chosen: Settings, acceptance: Acceptance, folder: Path) -> Script:
    from audiobook.editions.epub.lexicon import lexemes

    beside = library.manuscript(issue_id).parent
    reading, prepared = understand(library, issue_id, chosen=chosen, images=folder / "images")
    accepted = acceptance.of(prepared.faults)
    readers = inputs.readers(library, beside, prepared, chosen=chosen)
    horns = inputs.loudspeaker(library, beside, readers, chosen=chosen)
    narration, loudspeaker = spoken_only(readers.narration, horns)
    issue, said = folder / "issue.json", folder / "said.json"
    issue.write_bytes(encoded(readers.issue))
    said.write_bytes(last_said.encoded(readers.narration))
    return Script(
        issue=issue,
        said=said,
        narration=narration,
        loudspeaker=loudspeaker,
        lexicon=lexemes(readers.issue, readers.narration),
        takes=readers.takes,
        levels=readers.levels,
        voices=readers.voices,
        remarks=(*reading.remarks, *prepared.remarks, *readers.remarks),
        accepted=accepted,
    )
