"""What an editor looks at before the sound is made: the sheet of what will be said, and what a production would change."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import announcement, inputs, last_said, settings
from audiobook.casting import choose_studio
from audiobook.errors import ManuscriptDamaged, SettingsError
from audiobook.library import Library, store
from audiobook.listening import save, take_sound
from audiobook.manuscripts.decode import decoded
from audiobook.manuscripts.read import Reading
from audiobook.model.narration import Remark
from audiobook.production import SaidBy, estimated_seconds
from audiobook.recording import SLOW, spoken_lines
from audiobook.script import understand
from audiobook.spoken.lexicon import entry_lines, load
from audiobook.spoken.prepare import Prepared
from audiobook.spoken.sheet import Row, as_html, as_tsv, corrections, rows

if TYPE_CHECKING:
    from audiobook.booth import Doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The sheet's files and what was understood."""

    reading: Reading
    prepared: Prepared
    rows: tuple[Row, ...]
    page: Path
    table: Path

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Everything that an editor should look at, what would stop production first."""
        return (*self.prepared.faults, *self.reading.remarks, *self.prepared.remarks)


def look_through(library: Library, issue_id: str, *, with_items: bool = False) -> tuple[Reading, Prepared]:
    """What is written and what will be said, without a sound; with the sheet's items where they are wanted."""
    chosen = settings.load(library.settings_file)
    with tempfile.TemporaryDirectory() as images:
        return understand(library, issue_id, chosen=chosen, images=Path(images) / "images", with_items=with_items)


def make_sheet(library: Library, issue_id: str, *, with_sound: bool, voice: str = "") -> Sheet:
    """Write the sheet into cache/check/<id>/; with the sound of each doubtful sentence where it is wanted.

    Raises:
        ManuscriptError: the manuscript cannot be read.
        VoiceError: nobody can say the doubtful sentences.
    """
    reading, prepared = look_through(library, issue_id, with_items=True)
    folder = library.cache / "check" / issue_id
    listed = rows(prepared.items)
    sounds = _clips(library, prepared, listed, folder, voice=voice) if with_sound else {}
    sheet = Sheet(
        reading=reading, prepared=prepared, rows=listed, page=folder / "loi-doc.html", table=folder / "loi-doc.tsv"
    )
    title = f"Lời đọc của số {issue_id}"
    command = ("audiobook", "lexicon", "add", "--library", str(library.folder))
    store(sheet.page, as_html(listed, title=title, sounds=sounds, command=command).encode())
    store(sheet.table, ("\ufeff" + as_tsv(listed)).encode())  # the mark tells Excel that it is UTF-8
    return sheet


def _clips(
    library: Library, prepared: Prepared, listed: tuple[Row, ...], folder: Path, *, voice: str
) -> dict[str, str]:
    """Place -> the clip of its sentence; takes go to the cache, so that nothing is said twice."""
    from audiobook.booth import takes_of
    from audiobook.synthesis.executors import local
    from audiobook.synthesis.render import render

    chosen = settings.load(library.settings_file)
    studio = choose_studio(chosen.voice, voice=voice)
    doubtful = {row.item.place for row in listed if row.item.doubt}
    lines = tuple(line for line in studio.lines(prepared.narration) if line.id in doubtful)
    takes = render(
        lines,
        spec=studio.spec,
        takes=takes_of(library, chosen),
        hire=local(1),
        progress=lambda done, total: None,
        clause_ms=chosen.pauses.inside_ms,
    ).takes
    folder.mkdir(parents=True, exist_ok=True)
    for place, take in takes.items():
        save(take_sound(take), folder / f"{place}.mp3")
    return {place: f"{place}.mp3" for place in takes}


def apply_sheet(file: Path, *, lexicon: Path) -> int:
    """Append what was approved and corrected in a sheet to a lexicon; the count of it.

    Raises:
        SettingsError: not our sheet, or a correction that cannot be said; the lexicon stays as it was.
    """
    try:
        text = decoded(file).text  # Excel saves it as UTF-16 or in the system's own characters
    except ManuscriptDamaged as error:
        raise SettingsError("không đọc được chữ trong tờ lời đọc.", thing=file, advice=error.advice) from error
    decided = corrections(text, file=str(file))
    known = {(entry.written, entry.spoken) for entry in load(*([lexicon] if lexicon.is_file() else [])).entries}
    new = [each for each in dict.fromkeys(decided) if (each.written, each.spoken) not in known]
    lines = [entry_lines(written=each.written, spoken=each.spoken, note=each.note) for each in new]
    append(lexicon, "".join(lines))
    return len(new)


def append(lexicon: Path, lines: str) -> None:
    """Add lines to a lexicon's file; what it says already, remarks included, stays."""
    before = lexicon.read_text("utf-8") if lexicon.is_file() else ""
    if lines:
        store(lexicon, (before.rstrip("\n") + "\n" + lines).lstrip("\n").encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A sentence that will be said otherwise: ``before`` is "" for a new one, ``after`` for one that is gone."""

    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What a production would change; ``seconds`` of sound, about, would have to be made."""

    changes: tuple[Change, ...]
    known: bool  # whether anything is known of the last production
    sentences: int
    seconds: float


def differences(library: Library, issue_id: str, *, voice: str = "") -> Differences:
    """Compare what will be said with what was said at the last production.

    Raises:
        ManuscriptError: the manuscript cannot be read.
        VoiceError: the voice is not there.
    """
    from audiobook.booth import takes_of
    from audiobook.synthesis.render import unsaid

    chosen = settings.load(library.settings_file)
    narration = look_through(library, issue_id)[1].narration
    before, after = last_said.kept(library, issue_id), {each.id: each.spoken for each in narration.utterances}
    places = [*after, *(place for place in before if place not in after)]
    changes = tuple(
        Change(place=place, before=before.get(place, ""), after=after.get(place, ""))
        for place in places
        if before.get(place, "") != after.get(place, "")
    )
    studio = choose_studio(chosen.voice, voice=voice, elsewhere=True)
    missing = unsaid(
        studio.lines(narration),
        spec=studio.spec,
        takes=takes_of(library, chosen),
        clause_ms=chosen.pauses.inside_ms,
    )
    ids = {line.id for line in missing}
    seconds = estimated_seconds([utterance for utterance in narration.utterances if utterance.id in ids])
    return Differences(changes=changes, known=bool(before), sentences=len(missing), seconds=seconds)


def doubtful(library: Library, issue_id: str, *, voice: str, words: str = "") -> "tuple[Doubt, ...]":
    """What an editor should hear of what was said so far for an issue; nothing is said anew.

    Of the slower rendition and of the announcement of a correction too; ``words`` are the announcement's own, as told
    to ``produce``.

    Raises:
        IssueUnknown: there is no such issue.
    """
    chosen = settings.load(library.settings_file)
    studio = choose_studio(chosen.voice, voice=voice, elsewhere=True)
    prepared = look_through(library, issue_id)[1]
    folder = library.manuscript(issue_id).parent
    readers = inputs.readers(library, folder, prepared, chosen=chosen)
    horns = inputs.loudspeaker(library, folder, readers, chosen=chosen)
    said = [(studio, spoken_lines(studio, (readers.narration, horns), people=readers.takes))]
    if slower := studio.slower(SLOW):
        said.append((slower, spoken_lines(slower, (readers.narration,), people=readers.takes)))
    if notice := announcement.narration(library, issue_id, chosen=chosen, words=words):
        announcer = announcement.announcer(chosen, voice=voice)
        said.append((announcer, announcer.lines(notice)))
    booth = SaidBy().booth(library, chosen, studio)
    return tuple(doubt for each, lines in said for doubt in booth.doubts(lines, studio=each))
