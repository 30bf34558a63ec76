"""The whole walk on one page: manuscript -> Issue -> Narration -> takes -> Recording -> editions -> shelf."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from audiobook import inputs, last_said, settings
from audiobook.acceptance import Acceptance
from audiobook.casting import Studio, choose_studio
from audiobook.corrections import changes
from audiobook.disk import store
from audiobook.errors import DoubtStands, writing
from audiobook.library import Library, Shelf
from audiobook.model.issue import Issue
from audiobook.model.narration import Remark, Utterance
from audiobook.model.publication import KINDS, Publication, Revision
from audiobook.processes import stay_small
from audiobook.recording import Recordings, Report, Session, record, say
from audiobook.records import decoded
from audiobook.room import trim
from audiobook.script import write_script
from audiobook.sessions import pieces_of, plans_of
from audiobook.settings import Settings

if TYPE_CHECKING:
    from audiobook.booth import Booth

_NOTHING_ACCEPTED = Acceptance()
_ISSUED_AT = time(6, tzinfo=timezone(timedelta(hours=7)))  # an issue carries a day, feeds want a moment: six in Vietnam
_SYLLABLES_PER_SECOND = 3.0  # of the embedded voice at its usual rate; for estimates only


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBy:
    """Who says an issue, and who listens to it: a Dask scheduler's address, "local", or "" for plain processes."""

    cluster: str = ""
    listening: bool = False
    tell: Callable[[str], None] = lambda line: None

    @property
    def elsewhere(self) -> bool:
        """Whether it is said by other machines than this one."""
        return self.cluster not in ("", "local")

    def booth(self, library: Library, chosen: Settings, studio: Studio) -> "Booth":
        """The booth, once it is known that there is something to say: it brings the libraries for numbers along."""
        from audiobook.booth import open_booth

        return open_booth(library, chosen, studio, cluster=self.cluster, listening=self.listening, tell=self.tell)


_HERE = SaidBy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Produced:
    """What a production gave; ``changed`` is False where everything was already as it should be."""

    publication: Publication
    remarks: tuple[Remark, ...]
    changed: bool


def produce(
    library: Library,
    issue_id: str,
    *,
    report: Report,
    voice: str = "",
    pace: str = "",
    kinds: tuple[str, ...] = KINDS,
    acceptance: Acceptance = _NOTHING_ACCEPTED,
    said_by: SaidBy = _HERE,
) -> Produced:
    """Walk one issue through all the steps. What was made before is used again; a run that was killed goes on.

    ``pace``: "slow" makes a slower rendition too, "normal" none; "" does what was done before, or what is set.

    Raises:
        DoubtStands: something would be said that an editor must see first, and did not let pass.
        AudiobookError: what the run cannot survive; the shelf stays as it was.
    """
    stay_small()
    chosen = settings.load(library.settings_file)
    manuscript = library.manuscript(issue_id)
    with library.locked(issue_id):
        library.shelf.keep_bulletin(inputs.bulletin(library, chosen))
        studio = choose_studio(chosen.voice, voice=voice, elsewhere=said_by.elsewhere)
        previous = library.shelf.publication(issue_id) if library.shelf.has(issue_id) else None
        chosen = _paced(chosen, pace, previous)
        fingerprint = inputs.fingerprint(library, manuscript.parent, chosen=chosen, studio=studio, kinds=kinds)
        is_as_it_was = bool(previous and previous.fingerprint == fingerprint and library.shelf.is_whole(previous))
        if previous and is_as_it_was and not (said_by.listening or is_in_doubt(library, issue_id)):
            return Produced(publication=previous, remarks=(), changed=False)
        acceptance = replace(acceptance, before=previous.accepted if previous else ())
        del previous  # as large as the issue, and not needed for long
        with workshop(library, issue_id) as folder, doubted(library, issue_id):
            script = write_script(library, issue_id, chosen=chosen, acceptance=acceptance, folder=folder)
            studio = replace(studio, voices=(*studio.voices, *script.voices))
            booth = said_by.booth(library, chosen, studio)
            programmes = say(
                Session(
                    narration=script.narration,
                    loudspeaker=script.loudspeaker,
                    studio=studio,
                    sounds=inputs.sounds(library, chosen),
                    kinds=kinds,
                    is_slow_wanted=chosen.sound.slow,
                    say=booth.saying(report=report, judge=acceptance.of),
                    cache=library.cache,
                    people=script.takes,
                    people_levels=script.levels,
                )
            )
            script = script.when_said
            recordings = record(programmes, cache=library.cache, report=report)
            del programmes
            made, remarks = publication_of(
                library,
                decoded(script.issue, Issue),
                recordings,
                lexicon=script.lexicon,
                chosen=chosen,
                studio=studio,
                folder=folder,
                kinds=kinds,
                report=report,
            )
            named = _named(made, shelf=library.shelf, chosen=chosen)
            publication = replace(named, fingerprint=fingerprint, accepted=(*script.accepted, *booth.accepted))
            with booth.takes.needing(publication.guid, booth.said):
                library.shelf.put(publication, made_in=folder / "editions")
            last_said.keep(library, issue_id, script.said)
            booth.takes.clean(
                limit_bytes=round(chosen.cache.limit_gb * 1e9),
                published=lambda: [
                    e.guid for e in (*library.shelf.publications(), *library.shelf.of_kind("correction"))
                ],
            )
            made_again = tuple(library.cache / name for name in ("readings", "masters", "encoded"))
            trim(made_again, limit_bytes=round(chosen.cache.chapters_gb * 1e9))
    return Produced(publication=publication, remarks=(*script.remarks, *remarks), changed=not is_as_it_was)


def estimated_seconds(utterances: Sequence[Utterance]) -> float:
    """About how long it will take to say them, before it is done."""
    syllables = sum(len(utterance.spoken.split()) for utterance in utterances)
    return syllables / _SYLLABLES_PER_SECOND + sum(utterance.pause_ms for utterance in utterances) / 1000


def publication_of(
    library: Library,
    issue: Issue,
    recordings: Recordings,
    *,
    lexicon: Mapping[str, str],
    chosen: Settings,
    studio: Studio,
    folder: Path,
    kinds: tuple[str, ...],
    report: Report,
) -> tuple[Publication, tuple[Remark, ...]]:
    """The last step: every edition."""
    from audiobook.editions.job import Masters
    from audiobook.editions.make import make

    pieces = pieces_of(issue, recordings.horns) if recordings.horns else ()
    plans = plans_of(pieces, chosen.loudspeaker.slot_minutes) if pieces else ()
    made = make(
        issue,
        recordings.ears,
        bulletin=chosen.bulletin,
        voices=studio.voices,
        logo=inputs.logo(library, chosen),
        lexicon=lexicon,
        source=folder,
        folder=folder / "editions",
        cache=library.cache / "encoded",
        kinds=kinds,
        progress=lambda done, total: report("editions", done, total),
        masters=Masters(high=recordings.high, slow=recordings.slow, horns=recordings.horns),
        pieces=pieces,
        plans=plans,
    )
    publication = Publication(
        guid="",
        issue=made.issue,
        timeline=recordings.ears.timeline,
        editions=made.editions,
        voices=studio.voices,
        published=datetime.combine(issue.date, _ISSUED_AT).astimezone(UTC),
        fingerprint="",
        loudness_lufs=round(recordings.ears.loudness_lufs, 2),
        remarks=studio.remarks,
        loudspeaker=plans,
        loudspeaker_pieces=pieces,
    )
    return publication, made.remarks


def _paced(chosen: Settings, pace: str, previous: Publication | None) -> Settings:
    """An issue that has a slower rendition keeps it until it is asked not to."""
    had = previous is not None and previous.edition("mp3-slow") is not None
    is_slow = pace == "slow" if pace else had or chosen.sound.slow
    return replace(chosen, sound=replace(chosen.sound, slow=is_slow))


def _named(made: Publication, *, shelf: Shelf, chosen: Settings) -> Publication:
    """Give a new publication its guid and its moment; a revision keeps those of the first."""
    if shelf.has(made.issue.id):
        previous = shelf.publication(made.issue.id)
        changed = previous.editions != made.editions
        number = previous.revision + int(changed)
        found = changes(previous.issue, made.issue) if changed else ()
        new = (Revision(number=number, made=datetime.now(UTC).replace(microsecond=0), changes=found),) if found else ()
        kept = {"guid": previous.guid, "published": previous.published, "revisions": (*previous.revisions, *new)}
        return replace(made, revision=number, **kept)  # type: ignore[arg-type]
    guid = uuid5(UUID(chosen.podcast.guid), made.issue.id)
    taken = {each.published for each in (*shelf.publications(), *shelf.of_kind("correction"))}
    moment = min(made.published, datetime.now(UTC).replace(microsecond=0))  # apps hide what lies in the future
    while moment in taken:
        moment -= timedelta(minutes=1)
    return replace(made, guid=str(guid), published=moment)


def is_in_doubt(library: Library, issue_id: str) -> bool:
    """Whether the last production of an issue was stopped by a doubt, which may be about what is on the shelf already."""
    return _doubted(library, issue_id).is_file()


@contextmanager
def doubted(library: Library, issue_id: str) -> Iterator[None]:
    """Note what stops a production, until one comes to its end: an issue in doubt is not done with, though unchanged."""
    note = _doubted(library, issue_id)
    try:
        yield
    except DoubtStands as doubt:
        store(note, str(doubt).encode())
        raise
    note.unlink(missing_ok=True)


def _doubted(library: Library, issue_id: str) -> Path:
    return library.cache / "doubted" / f"{issue_id}.txt"


@contextmanager
def workshop(library: Library, issue_id: str) -> Iterator[Path]:
    """A folder to work in, on the shelf's own disk; swept before and after."""
    folder = library.cache / "work" / issue_id
    with writing(folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
