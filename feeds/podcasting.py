"""What feedgen 1.0.0 cannot write: podcast:*, psc:*, explicit and image of itunes, atom links; as one extension pair.

Sources: Podcasting 2.0 namespace (podcastindex.org/namespace/1.0), Podlove Simple Chapters 1.2, Apple's RSS tags.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.wording import legal, line

NAMESPACES = {  # apps such as AntennaPod know a namespace under its usual prefix only
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
    "atom": "http://www.w3.org/2005/Atom",
}
HISTORY = {"fh": "http://purl.org/syndication/history/1.0"}  # RFC 5005; stands in archive pages only


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


def _append(parent: Any, tag: Tag) -> None:
    prefix, _, name = tag.name.partition(":")
    if prefix in HISTORY:
        element = etree.SubElement(parent, f"{{{HISTORY[prefix]}}}{name}", nsmap=HISTORY)
    else:
        element = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{name}")
    for attribute, value in tag.attributes.items():
        if cleaned := line(value):
            element.set(attribute, cleaned)
    element.text = legal(tag.text) or None
    for child in tag.children:
        _append(element, child)
