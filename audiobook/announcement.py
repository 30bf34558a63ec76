"""A revised publication -> a short spoken notice on the shelf: some apps never fetch a changed sound again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from audiobook import inputs, settings
from audiobook.acceptance import Acceptance
from audiobook.casting import Studio, choose_studio
from audiobook.corrections import notice
from audiobook.errors import NothingToAnnounce
from audiobook.library import Library
from audiobook.model.issue import Issue
from audiobook.model.narration import Narration
from audiobook.model.publication import Publication
from audiobook.production import SaidBy, doubted, is_in_doubt, publication_of, workshop
from audiobook.recording import Report, Session, Sounds, record, say
from audiobook.settings import Settings
from audiobook.spoken.prepare import Prepared, prepare
from audiobook.spoken.words import Words

_KINDS = ("mp3", "vtt", "srt", "transcript-json", "transcript-html", "chapters-json", "cover")
_SILENT = Words(opening="", article="", closing="")  # the notice has all its words itself
_VIETNAM = timedelta(hours=7)


def announce(
    library: Library,
    issue_id: str,
    *,
    report: Report,
    words: str = "",
    voice: str = "",
    acceptance: Acceptance,
    said_by: SaidBy,
) -> Publication:
    """Say what the newest revision of an issue mended, as a publication of its own; done twice, it is done once.

    Args:
        library: the editor's house.
        issue_id: of the issue that was revised.
        report: (step, done, total).
        words: what is to be said instead of the changes found in the text; for what was misread, say.
        voice: as in ``produce``.
        acceptance: who lets which doubts pass.
        said_by: as in ``produce``.

    Raises:
        NothingToAnnounce: the text was not changed by the newest revision, and no words are given.
        DoubtStands: something would be said that an editor must see first.
    """
    chosen = settings.load(library.settings_file)
    issue = _written(library, issue_id, chosen=chosen, words=words)
    if issue is None:
        raise NothingToAnnounce(
            "lần làm mới nhất không đổi chữ nào của số này.",
            thing=issue_id,
            advice='Nếu máy đã đọc sai: --announce-words "…" nói rõ chỗ sai và chỗ đúng.',
        )
    before = library.shelf.publication(issue.id) if library.shelf.has(issue.id) else None
    if before and before.issue.summary == issue.summary and library.shelf.is_whole(before):
        if not (said_by.listening or is_in_doubt(library, issue.id)):
            return before
        issue = replace(issue, date=before.issue.date)  # the same notice, heard once more
    acceptance = replace(acceptance, before=before.accepted if before else ())
    with library.locked(issue.id), workshop(library, issue.id) as folder, doubted(library, issue.id):
        studio = announcer(chosen, voice=voice)
        prepared = _prepared(library, issue_id, issue, chosen=chosen)
        accepted = acceptance.of(studio.marked(prepared.faults))
        booth = said_by.booth(library, chosen, studio)
        programmes = say(
            Session(
                narration=prepared.narration,
                loudspeaker=Narration(passages=()),
                studio=studio,
                sounds=Sounds(),
                kinds=_KINDS,
                is_slow_wanted=False,
                say=booth.saying(report=report, judge=acceptance.of),
                cache=library.cache,
            )
        )
        recordings = record(programmes, cache=library.cache, report=report)
        made, _ = publication_of(
            library,
            prepared.issue,
            recordings,
            lexicon={},
            chosen=chosen,
            studio=studio,
            folder=folder,
            kinds=_KINDS,
            report=report,
        )
        told = replace(
            made,
            guid=before.guid if before else str(uuid5(UUID(chosen.podcast.guid), issue.id)),
            published=before.published if before else datetime.now(UTC).replace(microsecond=0),
            revision=before.revision + (before.editions != made.editions) if before else 1,
            kind="correction",
            corrects=issue_id,
            accepted=(*accepted, *booth.accepted),
        )
        with booth.takes.needing(told.guid, booth.said):
            library.shelf.put(told, made_in=folder / "editions")
    return told


def narration(library: Library, issue_id: str, *, chosen: Settings, words: str) -> Narration | None:
    """What the announcement of an issue's newest revision says; None where there is nothing to announce."""
    issue = _written(library, issue_id, chosen=chosen, words=words) if library.shelf.has(issue_id) else None
    return _prepared(library, issue_id, issue, chosen=chosen).narration if issue else None


def announcer(chosen: Settings, *, voice: str) -> Studio:
    """Who reads a notice.

    Raises:
        UnknownVoice, VoiceNotInstalled: nobody of this name can speak here.
    """
    return replace(choose_studio(chosen.voice, voice=voice), mark="-announce")


def _written(library: Library, issue_id: str, *, chosen: Settings, words: str) -> Issue | None:
    """The notice of an issue's newest revision, or one in an editor's own words; None where there is neither."""
    corrected = library.shelf.publication(issue_id)
    newest = next((each for each in corrected.revisions if each.number == corrected.revision), None)
    if not (newest or words.strip()):
        return None
    today = (datetime.now(UTC) + _VIETNAM).date()
    return notice(corrected, newest, chosen.bulletin, words=words, on=today)


def _prepared(library: Library, issue_id: str, issue: Issue, *, chosen: Settings) -> Prepared:
    """Every word of a notice, by the lexicons of the issue that it tells of."""
    return _alone(
        prepare(
            issue,
            bulletin=chosen.bulletin,
            words=_SILENT,
            pauses=chosen.pauses,
            lexicon=inputs.lexicon(library, library.issue_folder(issue_id)),
        )
    )


def _alone(prepared: Prepared) -> Prepared:
    """The notice without an issue's opening and closing."""
    articles = prepared.issue.articles
    said = tuple(each for each in prepared.narration.passages if each.id in {chapter.id for chapter in articles})
    return replace(
        prepared,
        issue=replace(prepared.issue, chapters=articles),
        narration=replace(prepared.narration, passages=said),
    )
