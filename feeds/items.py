"""A publication -> the items that stand for it: the issue as one, each article as one, a correction as one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from audiobook.addresses import Addresses, chapter_path, issue_path, media_path
from audiobook.model.issue import Chapter
from audiobook.model.loudspeaker import Session, SessionPlan
from audiobook.model.publication import Bulletin, Edition, Publication
from audiobook.model.recording import Cue, Voice
from feeds import tags
from feeds.podcasting import Tag, tag
from feeds.wording import article_description, issue_description, issue_title, line, session_description

TRANSCRIPTS = (  # edition -> media type, and whether its words carry times; AntennaPod takes the first that it knows
    ("vtt", "text/vtt", True),
    ("srt", "application/x-subrip", True),
    ("transcript-json", "application/json", True),
    ("transcript-html", "text/html", False),
)
_OTHER_SOUNDS = (  # edition -> what an app calls it, and whether it is as long as the enclosure
    ("opus-low", "Tiết kiệm dữ liệu (Opus)", True),
    ("mp3-low", "Tiết kiệm dữ liệu (MP3)", True),
    ("mp3-high", "Chất lượng cao", True),
    ("mp3-slow", "Đọc chậm", False),
    ("loudspeaker-mp3", "Cho loa truyền thanh", False),
)
_ARTICLES_PER_ISSUE = 1000  # for numbers of articles that never meet: article 4 of number 3 is 3004


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What an app shows and plays as one thing."""

    guid: str
    title: str
    link: str
    when: datetime
    sound: Edition
    address: str  # of the sound
    duration_ms: int
    description: str  # HTML
    author: str
    episode_type: str
    season: int
    number: int  # 0: it has none
    tags: tuple[Tag, ...]


def issue_item(publication: Publication, bulletin: Bulletin, *, when: datetime) -> Item:
    """The issue, or a correction, as one item.

    Raises:
        ValueError: it has no MP3.
    """
    addresses, issue, sound = Addresses(bulletin.site.base_url), publication.issue, publication.edition("mp3")
    if sound is None:
        raise ValueError(f"{issue.id} has nothing to be heard")
    is_issue = publication.kind == "issue"
    return Item(
        guid=publication.guid,
        title=issue_title(issue, bulletin.podcast.title),
        link=addresses.of(issue_path(issue.id)),
        when=when,
        sound=sound,
        address=addresses.of(media_path(sound)),
        duration_ms=publication.timeline.duration_ms,
        description=issue_description(publication, bulletin.publisher),
        author=line(issue.publisher),
        episode_type="full" if is_issue else "bonus",
        season=issue.date.year,
        number=issue.number if is_issue else 0,
        tags=tuple(_issue_tags(publication, sound, addresses)),
    )


def article_items(publication: Publication, bulletin: Bulletin, *, when: datetime) -> tuple[Item, ...]:
    """Each article that has a sound of its own, the first one newest: apps that play the newest read in order.

    Their guids follow from the issue's, which is stored, and the chapter's id, which a revision keeps and never
    gives to another: they are as permanent as both.
    """
    found: list[Item] = []
    cues = {cue.id: cue for cue in publication.timeline.chapters}
    for index, chapter in enumerate(publication.issue.articles, start=1):
        sound = publication.edition("mp3-article", chapter.id)
        if sound and chapter.id in cues:
            moment = when - timedelta(seconds=len(found))
            found.append(_article(publication, chapter, cues[chapter.id], sound, bulletin, index=index, when=moment))
    return tuple(found)


def latest_items(publication: Publication, bulletin: Bulletin, *, when: datetime) -> tuple[Item, ...]:
    """What a loudspeaker's program fetches of the latest issue: the horn master, a session as an item, the first newest.

    Where no sessions were made it is the issue itself.
    """
    plan = publication.loudspeaker[0] if publication.loudspeaker else None
    sounds = {edition.part: edition for edition in publication.editions if edition.kind == "loudspeaker-mp3"}
    found = [
        _session(publication, plan, session, sounds[plan.part(session)], bulletin, when=when)
        for session in (plan.sessions if plan else ())
        if plan and plan.part(session) in sounds
    ]
    return tuple(found) or (issue_item(publication, bulletin, when=when),)


def _session(
    publication: Publication, plan: SessionPlan, session: Session, sound: Edition, bulletin: Bulletin, *, when: datetime
) -> Item:
    addresses, issue = Addresses(bulletin.site.base_url), publication.issue
    title = issue_title(issue, bulletin.podcast.title)
    if len(plan.sessions) > 1:
        title = f"{title} – buổi {session.number}"
    starts = [(each.piece.title, each.start_ms) for each in session.items]
    chapters = [
        Cue(id="", title=each.piece.title, start_ms=each.start_ms, end_ms=each.end_ms) for each in session.items
    ]
    found = [
        *_first_tags(publication, addresses),
        tags.simple_chapters(chapters),
        *_last_tags(publication, publication.voices),
    ]
    return Item(
        guid=str(uuid5(UUID(publication.guid), f"loudspeaker-{plan.part(session)}")),
        title=title,
        link=addresses.of(issue_path(issue.id)),
        when=when - timedelta(seconds=session.number - 1),
        sound=sound,
        address=addresses.of(media_path(sound)),
        duration_ms=session.duration_ms,
        description=session_description(publication, bulletin.publisher, starts),
        author=line(issue.publisher),
        episode_type="full",
        season=issue.date.year,
        number=0,
        tags=tuple(found),
    )


def _article(
    publication: Publication,
    chapter: Chapter,
    cue: Cue,
    sound: Edition,
    bulletin: Bulletin,
    *,
    index: int,
    when: datetime,
) -> Item:
    addresses, issue = Addresses(bulletin.site.base_url), publication.issue
    return Item(
        guid=str(uuid5(UUID(publication.guid), chapter.id)),
        title=line(chapter.title) or f"Bài {index}",
        link=addresses.of(chapter_path(issue.id, chapter.id)),
        when=when,
        sound=sound,
        address=addresses.of(media_path(sound)),
        duration_ms=cue.end_ms - cue.start_ms,
        description=article_description(publication, chapter, bulletin.publisher, index=index),
        author=line(chapter.author) or line(issue.publisher),
        episode_type="full",
        season=issue.date.year,
        number=issue.number * _ARTICLES_PER_ISSUE + index if issue.number > 0 else 0,
        tags=tuple(_article_tags(publication, chapter, addresses, index=index)),
    )


def _issue_tags(publication: Publication, sound: Edition, addresses: Addresses) -> Iterator[Tag]:
    issue, is_issue = publication.issue, publication.kind == "issue"
    yield from _first_tags(publication, addresses)
    if is_issue:
        yield tag("podcast:episode", str(issue.number), {"display": f"Số {issue.number}"})
    yield from _transcripts(publication, "", addresses)
    if chapters := publication.edition("chapters-json"):
        yield tags.chapters_file(addresses.of(media_path(chapters)))
    if publication.timeline.chapters:
        yield tags.simple_chapters(publication.timeline.chapters)
    yield from _other_sounds(publication, sound, addresses)
    yield from _last_tags(publication, publication.voices)


def _article_tags(publication: Publication, chapter: Chapter, addresses: Addresses, *, index: int) -> Iterator[Tag]:
    issue = publication.issue
    yield from _first_tags(publication, addresses)
    number = str(issue.number * _ARTICLES_PER_ISSUE + index)
    yield tag("podcast:episode", number, {"display": f"Số {issue.number}, bài {index}"})
    yield from _transcripts(publication, chapter.id, addresses)
    heard = [voice for voice in publication.voices if chapter.human_voice or not voice.is_human]
    yield from _last_tags(publication, heard)


def _first_tags(publication: Publication, addresses: Addresses) -> Iterator[Tag]:
    issue = publication.issue
    yield tags.explicit(is_explicit=False)
    if cover := publication.edition("cover"):
        address = addresses.of(media_path(cover))
        yield tags.image(address)
        alt = f"Bìa {line(issue.title)}" if line(issue.title) else f"Bìa số {issue.number}"
        yield tags.described_image(address, alt=alt, media_type=cover.media_type, aspect_ratio="1/1", purpose="artwork")
    if wide := publication.edition("cover-wide"):
        yield tags.described_image(
            addresses.of(media_path(wide)),
            alt=f"Bìa ngang số {issue.number}",
            media_type=wide.media_type,
            aspect_ratio="1200/630",
            purpose="social",
        )
    yield tags.season(issue.date.year)


def _transcripts(publication: Publication, chapter: str, addresses: Addresses) -> Iterator[Tag]:
    for kind, media_type, timed in TRANSCRIPTS:
        if edition := publication.edition(kind, chapter):
            address, language = addresses.of(media_path(edition)), line(publication.issue.language)
            yield tags.transcript(address, media_type=media_type, language=language, timed=timed)


def _other_sounds(publication: Publication, sound: Edition, addresses: Addresses) -> Iterator[Tag]:
    language, duration_ms = line(publication.issue.language), publication.timeline.duration_ms
    by_kind: dict[str, list[Edition]] = {}
    for edition in publication.editions:
        by_kind.setdefault(edition.kind, []).append(edition)
    others = [
        (edition, title, duration_ms if same_length else 0)
        for kind, title, same_length in _OTHER_SOUNDS
        for edition, title in _numbered(by_kind.get(kind, []), title)
    ]
    if others:
        others.insert(0, (sound, "Bản thường", duration_ms))
    for edition, title, length_ms in others:
        address = addresses.of(media_path(edition))
        yield tags.other_sound(
            edition, address, title=title, duration_ms=length_ms, language=language, default=edition is sound
        )


def _numbered(editions: list[Edition], title: str) -> list[tuple[Edition, str]]:
    """A single file by its title; the sessions of a loudspeaker plan by their numbers."""
    if len(editions) == 1:
        return [(editions[0], title)]
    return [(edition, f"{title}, buổi {number}") for number, edition in enumerate(editions, start=1)]


def _last_tags(publication: Publication, heard: Sequence[Voice]) -> Iterator[Tag]:
    for voice in heard:
        yield tags.reader(voice)
    yield from tags.licence(publication.issue.licence)
    yield tags.no_comments()
    yield tags.ai_content()
