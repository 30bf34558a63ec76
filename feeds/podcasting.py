"""What feedgen 1.0.0 cannot write: podcast:*, psc:*, explicit and image of itunes, atom links; as one extension pair.

Sources: Podcasting 2.0 namespace (podcastindex.org/namespace/1.0), Podlove Simple Chapters 1.2, Apple's RSS tags.
"""

from collections.abc import Iterable, Mapping
from html import escape
from types import MappingProxyType
from typing import Any, NamedTuple

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
_DECLARED = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in (NAMESPACES | HISTORY).items())


class Tag(NamedTuple):  # a tuple: ten thousand items have 350,000 of them
    """An element to be: ``name`` with its usual prefix; attributes whose value is "" are left out."""

    name: str
    text: str = ""
    attributes: Mapping[str, str] = MappingProxyType({})
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
        rss[0].extend(_elements(self._tags))
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
        item.extend(_elements(self._tags))
        return item


def _elements(found: Iterable[Tag]) -> list[Any]:
    """Written as text and parsed at once: a third of the time that building them one by one takes."""
    return list(etree.fromstring(f"<tags {_DECLARED}>{''.join(map(_xml, found))}</tags>"))


def _xml(tag: Tag) -> str:
    opened = tag.name
    for name, value in tag.attributes.items():
        if cleaned := line(value):
            opened += f' {name}="{escape(cleaned)}"'
    if not (tag.text or tag.children):
        return f"<{opened}/>"
    return f"<{opened}>{escape(legal(tag.text))}{''.join(map(_xml, tag.children))}</{tag.name}>"
