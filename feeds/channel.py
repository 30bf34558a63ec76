"""The bulletin -> a feed's channel, by feedgen; and items into it.

feedgen's traps that are stepped around here: the channel's link is the last ``link()`` call; lastBuildDate is "now"
unless it is set; entries are prepended unless told otherwise; a lone content of type CDATA becomes the description.
Its dates change the locale of the whole process for a moment: build when the shelf changes, in a process of its own,
and serve what is stored; never inside a request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from audiobook.addresses import FEED, HOME, Addresses
from audiobook.model.publication import Bulletin
from feeds import podcasting, tags
from feeds.items import Item
from feeds.podcasting import Tag, tag
from feeds.wording import legal, line, show_description


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What one document of a feed says of itself that another of the same bulletin does not."""

    feed: str  # the path of the document that apps subscribe to
    path: str  # its own
    title: str  # what stands after the bulletin's name; "" in the main feed
    changed: datetime
    links: tuple[tuple[str, str], ...] = ()  # rel and path: other pages of the feed

    @property
    def is_archive(self) -> bool:
        """Whether it is a page of older items."""
        return self.path != self.feed


def written(bulletin: Bulletin, heading: Heading, items: Sequence[Item], *, picture: str) -> bytes:
    """The RSS of these items in their order; ``picture`` is the address of the bulletin's, or ""."""
    feed = podcasting.generator()
    _describe(feed, bulletin, heading, picture=picture)
    for item in items:
        _add(feed, item)
    return podcasting.written(feed)


def show_title(bulletin: Bulletin) -> str:
    """The bulletin's name, as every feed of it begins."""
    return line(bulletin.podcast.title) or line(bulletin.publisher.name) or "Bản tin"


def feed_guid(podcast_guid: str, feed: str) -> str:
    """podcast:guid of one of the bulletin's feeds: the stored one for the main feed, others follow from it for ever."""
    return podcast_guid if feed == FEED else str(uuid5(UUID(podcast_guid), feed))


def _describe(feed: Any, bulletin: Bulletin, heading: Heading, *, picture: str) -> None:
    addresses, podcast, publisher = Addresses(bulletin.site.base_url), bulletin.podcast, bulletin.publisher
    title, name = show_title(bulletin), line(publisher.name)
    feed.title(f"{title} – {heading.title}" if heading.title else title)
    feed.description(show_description(bulletin))
    feed.link(href=addresses.of(heading.path), rel="self", type="application/rss+xml")
    feed.link(href=addresses.of(HOME), rel="alternate")  # the last one becomes the channel's link
    feed.language(line(podcast.language))
    feed.lastBuildDate(heading.changed)
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
    feed.podcasting.add(*_links(bulletin, heading, addresses), *_tags(bulletin, heading, addresses, picture=picture))


def _links(bulletin: Bulletin, heading: Heading, addresses: Addresses) -> list[Tag]:
    links = [tags.atom_link(rel, addresses.of(path)) for rel, path in heading.links]
    if bulletin.podcast.hub and not heading.is_archive:
        links.append(tags.atom_link("hub", bulletin.podcast.hub))
    if heading.is_archive:
        links.append(tags.archive())
    return links


def _tags(bulletin: Bulletin, heading: Heading, addresses: Addresses, *, picture: str) -> list[Tag]:
    podcast = bulletin.podcast
    found = []
    if picture:
        media_type = "image/png" if picture.endswith(".png") else "image/jpeg"
        alt = f"Bìa {show_title(bulletin)}"
        found.append(tags.image(picture))
        found.append(
            tags.described_image(picture, alt=alt, media_type=media_type, aspect_ratio="1/1", purpose="artwork")
        )
    found += [tags.category(podcast), tags.explicit(is_explicit=False)]
    if bulletin.site.moving:
        found.append(tag("itunes:new-feed-url", addresses.of(heading.feed)))
    found += [
        tag("podcast:guid", feed_guid(podcast.guid, heading.feed)),
        tag("podcast:locked", "yes", {"owner": line(bulletin.publisher.email)}),
        tag("podcast:medium", "podcast"),
        *tags.licence(podcast.contents_licence),
        *tags.place(podcast),
        *tags.frequency(podcast),
        tags.ai_content(),
    ]
    return found


def _add(feed: Any, item: Item) -> None:
    entry = feed.add_entry(order="append")
    entry.title(item.title)
    entry.guid(legal(item.guid), permalink=False)
    entry.link(href=item.link)
    entry.pubDate(item.when)
    entry.enclosure(item.address, str(item.sound.bytes), "audio/mpeg")
    entry.content(item.description, type="CDATA")
    entry.podcast.itunes_title(item.title)
    entry.podcast.itunes_author(item.author)
    entry.podcast.itunes_duration(round(item.duration_ms / 1000))
    entry.podcast.itunes_episode_type(item.episode_type)
    entry.podcast.itunes_season(item.season)
    if item.number > 0:  # Apple refuses 0
        entry.podcast.itunes_episode(item.number)
    entry.podcasting.add(*item.tags)
