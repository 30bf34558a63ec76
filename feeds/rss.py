"""The shelf -> feed.xml: every issue as one item, for every podcast app.

Sources: RSS 2.0, Apple's podcaster guide, PSP-1 (Podcast Standards Project), Podcasting 2.0, Podlove Simple Chapters.

feedgen's traps that are stepped around here: the channel's link is the last ``link()`` call; lastBuildDate is "now"
unless it is set; entries are prepended unless told otherwise; a lone content of type CDATA becomes the description.
Its dates change the locale of the whole process for a moment: build when the shelf changes, in a process of its own,
and serve what is stored; never inside a request.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from audiobook.addresses import FEED, HOME, Addresses, issue_path, media_path
from audiobook.disk import store
from audiobook.library import Shelf
from audiobook.model.publication import Bulletin, Podcast, Publication
from feeds import podcasting
from feeds.artwork import artwork
from feeds.podcasting import Tag
from feeds.wording import cut, issue_description, issue_title, legal, line, show_description

TRANSCRIPTS = (  # edition -> media type, and whether its words carry times; AntennaPod takes the first that it knows
    ("vtt", "text/vtt", True),
    ("srt", "application/x-subrip", True),
    ("transcript-json", "application/json", True),
    ("transcript-html", "text/html", False),
)


def write(shelf: Shelf) -> Path:
    """Build the feed and keep it on the shelf; the file is replaced in one step, and only when its bytes differ.

    Raises:
        DiskFull, NotWritable: the feed of before stays whole.
        ShelfDamaged: what stands on the shelf cannot be read.
    """
    file = shelf.folder / FEED
    with shelf.changing():  # of two productions that end together, the later one sees both
        store(file, build(shelf))
    return file


def build(shelf: Shelf) -> bytes:
    """The feed's bytes: the same shelf gives the same bytes.

    Raises:
        ShelfDamaged: what stands on the shelf cannot be read.
    """
    bulletin, publications = shelf.bulletin(), shelf.publications()
    picture = artwork(shelf, bulletin, publications)
    addresses = Addresses(bulletin.site.base_url)
    return render(bulletin, publications, picture=addresses.of(picture.path) if picture else "")


def render(bulletin: Bulletin, publications: Sequence[Publication], *, picture: str) -> bytes:
    """The feed of these publications, newest first; ``picture`` is the address of the bulletin's, or "".

    A publication without an MP3 has nothing to be heard and is left out.
    """
    heard = [publication for publication in publications if publication.edition("mp3")]
    dates = distinct_dates(heard)
    feed = podcasting.generator()
    _describe_channel(feed, bulletin, picture=picture)
    feed.lastBuildDate(max(dates.values(), default=datetime(2000, 1, 1, tzinfo=UTC)))
    for publication in sorted(heard, key=lambda each: dates[each.guid], reverse=True):
        _add_item(feed, publication, bulletin=bulletin, when=dates[publication.guid])
    made: bytes = feed.rss_str(pretty=True)
    return made


def distinct_dates(publications: Sequence[Publication]) -> dict[str, datetime]:
    """A date for each guid, in whole seconds, no two alike: apps order by date. The older one of two keeps its own."""
    dates: dict[str, datetime] = {}
    last = None
    for publication in sorted(publications, key=lambda each: (each.published, each.issue.id)):
        date = publication.published.astimezone(UTC).replace(microsecond=0)
        last = date if last is None or date > last else last + timedelta(seconds=1)
        dates[publication.guid] = last
    return dates


def _describe_channel(feed: Any, bulletin: Bulletin, *, picture: str) -> None:
    addresses, podcast, publisher = Addresses(bulletin.site.base_url), bulletin.podcast, bulletin.publisher
    title, name = line(podcast.title) or line(publisher.name) or "Bản tin", line(publisher.name)
    feed.title(title)
    feed.description(show_description(bulletin))
    feed.link(href=addresses.of(FEED), rel="self", type="application/rss+xml")
    feed.link(href=addresses.of(HOME), rel="alternate")  # the last one becomes the channel's link
    feed.language(line(podcast.language))
    feed.generator("ban-tin-noi")  # without its version: a new one changes no byte
    feed.docs("")
    feed.ttl(60)
    feed.copyright(line(podcast.copyright) or f"© {name}")
    feed.podcast.itunes_author(name)
    feed.podcast.itunes_type("episodic")
    if email := line(publisher.email):
        feed.podcast.itunes_owner(name=name, email=email)
    if picture:
        feed.image(picture, title=title, link=addresses.of(HOME))
        feed.podcasting.add(podcasting.image(picture))
    feed.podcasting.add(_category(podcast), podcasting.explicit(is_explicit=False))
    feed.podcasting.add(
        Tag("podcast:guid", podcast.guid),
        Tag("podcast:locked", "yes", {"owner": line(publisher.email)}),
        Tag("podcast:medium", "podcast"),
        *_licence(podcast.contents_licence),
        podcasting.ai_content(),
    )


def _category(podcast: Podcast) -> Tag:
    """itunes:category by Apple's list; a subcategory stands after ">": "News > Politics"."""
    main, _, sub = (part.strip() for part in podcast.category.partition(">"))
    children = (Tag("itunes:category", attributes={"text": sub}),) if sub else ()
    return Tag("itunes:category", attributes={"text": main or "Government"}, children=children)


def _licence(licence: str) -> tuple[Tag, ...]:
    """podcast:license: of the contents, by its SPDX-like short name where it is a Creative Commons licence."""
    text = line(licence)
    if not text:
        return ()
    address = text if re.match(r"https?://", text) else ""
    known = re.search(r"(?:licenses/|cc[ -])(by(?:-[a-z]{2})*)[/ -](\d\.\d)", text, re.IGNORECASE)
    name = f"cc-{known[1]}-{known[2]}".lower() if known else text
    return (Tag("podcast:license", cut(name, 128), {"url": address}),)


def _add_item(feed: Any, publication: Publication, *, bulletin: Bulletin, when: datetime) -> None:
    addresses, issue = Addresses(bulletin.site.base_url), publication.issue
    title = issue_title(issue, bulletin.podcast.title)
    sound = publication.edition("mp3")
    assert sound  # noqa: S101  # render() lets no other pass
    item = feed.add_entry(order="append")
    item.title(title)
    item.guid(legal(publication.guid), permalink=False)
    item.link(href=addresses.of(issue_path(issue.id)))
    item.pubDate(when)
    item.enclosure(addresses.of(media_path(sound)), str(sound.bytes), "audio/mpeg")
    item.content(issue_description(publication, bulletin.publisher), type="CDATA")
    item.podcast.itunes_title(title)
    item.podcast.itunes_author(line(issue.publisher))
    item.podcast.itunes_duration(round(publication.timeline.duration_ms / 1000))
    item.podcast.itunes_episode_type("full")
    item.podcast.itunes_season(issue.date.year)
    if issue.number > 0:  # Apple refuses 0
        item.podcast.itunes_episode(issue.number)
    item.podcasting.add(*_item_tags(publication, addresses, bulletin.podcast))


def _item_tags(publication: Publication, addresses: Addresses, podcast: Podcast) -> list[Tag]:
    issue = publication.issue
    tags = [podcasting.explicit(is_explicit=False)]
    if cover := publication.edition("cover"):
        tags.append(podcasting.image(addresses.of(media_path(cover))))
    tags.append(Tag("podcast:season", str(issue.date.year), {"name": f"Năm {issue.date.year}"}))
    tags.append(Tag("podcast:episode", str(issue.number), {"display": f"Số {issue.number}"}))
    for kind, media_type, timed in TRANSCRIPTS:
        if edition := publication.edition(kind):
            address = addresses.of(media_path(edition))
            language = line(issue.language)
            tags.append(podcasting.transcript(address, media_type=media_type, language=language, timed=timed))
    if chapters := publication.edition("chapters-json"):
        tags.append(podcasting.chapters_file(addresses.of(media_path(chapters))))
    if publication.timeline.chapters:
        tags.append(podcasting.simple_chapters(publication.timeline.chapters))
    for voice in publication.voices:
        reader = f"{line(voice.label) or line(voice.name)} (giọng nhân tạo)"
        tags.append(Tag("podcast:person", cut(reader, 128), {"role": "narrator", "group": "cast"}))
    return [*tags, *_licence(issue.licence), podcasting.ai_content()]
