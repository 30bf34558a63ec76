"""What feedgen 1.0.0 cannot write: podcast:*, psc:*, explicit and image of itunes, atom links; as one extension pair.

Sources: Podcasting 2.0 namespace (podcastindex.org/namespace/1.0), Podlove Simple Chapters 1.2, Apple's RSS tags.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from audiobook.model.recording import Cue
from feeds.wording import legal, line

NAMESPACES = {  # apps such as AntennaPod know a namespace under its usual prefix only
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
    "atom": "http://www.w3.org/2005/Atom",
}


@dataclass(frozen=True, slots=True)
class Tag:
    """An element to be: ``name`` with its usual prefix; attributes whose value is "" are left out."""

    name: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple["Tag", ...] = ()


def generator() -> Any:
    """A FeedGenerator that takes our tags: ``generator().podcasting.add(tag)``, and ``entry.podcasting.add(tag)``."""
    feed = FeedGenerator()
    feed.load_extension("podcast", atom=False)
    feed.register_extension("podcasting", ChannelTags, ItemTags, atom=False)
    return feed


class ChannelTags(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """Tags that stand in the channel, before its items."""

    def __init__(self) -> None:
        self._tags: list[Tag] = []

    def add(self, *tags: Tag) -> None:
        """Write these too, in this order."""
        self._tags.extend(tags)

    def extend_ns(self) -> dict[str, str]:
        """The root's namespaces; feedgen asks the channel's extension alone."""
        return {prefix: NAMESPACES[prefix] for prefix in ("podcast", "psc")}

    def extend_rss(self, rss: Any) -> Any:
        """Write into ``<rss>``, whose only child is the channel."""
        for tag in self._tags:
            _append(rss[0], tag)
        return rss


class ItemTags(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """Tags that stand in an item."""

    def __init__(self) -> None:
        self._tags: list[Tag] = []

    def add(self, *tags: Tag) -> None:
        """Write these too, in this order."""
        self._tags.extend(tags)

    def extend_rss(self, item: Any) -> Any:
        """Write into ``<item>``."""
        for tag in self._tags:
            _append(item, tag)
        return item


def explicit(*, is_explicit: bool) -> Tag:
    """itunes:explicit as Apple wants it now; feedgen only knows yes, no and clean."""
    return Tag("itunes:explicit", "true" if is_explicit else "false")


def image(address: str) -> Tag:
    """itunes:image; feedgen silently drops .jpeg, .webp and addresses with a query."""
    return Tag("itunes:image", attributes={"href": address})


def transcript(address: str, *, media_type: str, language: str, timed: bool) -> Tag:
    """podcast:transcript; the media type must be bare, AntennaPod ignores one with parameters."""
    rel = {"rel": "captions"} if timed else {}
    return Tag("podcast:transcript", attributes={"url": address, "type": media_type, "language": language, **rel})


def chapters_file(address: str) -> Tag:
    """podcast:chapters: a JSON chapters 1.2 file."""
    return Tag("podcast:chapters", attributes={"url": address, "type": "application/json+chapters"})


def simple_chapters(cues: Sequence[Cue]) -> Tag:
    """psc:chapters: the only ones that gPodder and podcastparser see."""
    children = (Tag("psc:chapter", attributes={"start": play_time(cue.start_ms), "title": cue.title}) for cue in cues)
    return Tag("psc:chapters", attributes={"version": "1.2"}, children=tuple(children))


def play_time(ms: int) -> str:
    """Normal play time (RFC 2326, 3.6).

    >>> play_time(3_661_042)
    '01:01:01.042'
    """
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def ai_content() -> Tag:
    """That the sound is made by a machine."""
    return Tag("podcast:txt", "true", {"purpose": "ai-content"})


def _append(parent: Any, tag: Tag) -> None:
    prefix, _, name = tag.name.partition(":")
    element = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{name}")
    for attribute, value in tag.attributes.items():
        if cleaned := line(value):
            element.set(attribute, cleaned)
    element.text = legal(tag.text) or None
    for child in tag.children:
        _append(element, child)
