"""What feedgen 1.0.0 cannot write: podcast:*, psc:*, explicit and image of itunes, atom links; as one extension pair.

The extensions hold a place in the channel and in each item; ``written`` puts the tags there as the text that they are.
Made as elements, 350,000 of ten thousand issues, they were most of what a feed cost.

Sources: Podcasting 2.0 namespace (podcastindex.org/namespace/1.0), Podlove Simple Chapters 1.2, Apple's RSS tags.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from itertools import chain
from types import MappingProxyType
from typing import Any, NewType

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.wording import line

NAMESPACES = {  # apps such as AntennaPod know a namespace under its usual prefix only
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
    "atom": "http://www.w3.org/2005/Atom",
}
HISTORY = {"fh": "http://purl.org/syndication/history/1.0"}  # RFC 5005; stands in archive pages only
_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
_PLACE = "tags"  # nobody's words can look like it: "<" is written as an entity
_INDENT = "  "

Tag = NewType("Tag", str)
"""An element as it will stand, with its usual prefix: a line, and an indented line for each child."""


def tag(name: str, text: str = "", attributes: Mapping[str, str] = _NO_ATTRIBUTES) -> Tag:
    """Write an element of text; attributes whose value is "" are left out.

    >>> tag("podcast:locked", "yes", {"owner": ""})
    '<podcast:locked>yes</podcast:locked>'
    """
    opened = name + "".join([attribute(key, value) for key, value in attributes.items()])
    inside = escape(line(text), quote=False)
    return Tag(f"<{opened}>{inside}</{name}>" if inside else f"<{opened}/>")


def around(name: str, attributes: str, children: Sequence[Tag]) -> Tag:
    """Write an element around others; its attributes are written already."""
    inside = "".join([f"\n{_INDENT}{child}" for child in children])
    return Tag(f"<{name}{attributes}>{inside}\n</{name}>" if inside else f"<{name}{attributes}/>")


def attribute(name: str, value: str) -> str:
    """Write an attribute, its value in one line; nothing where that is ""."""
    cleaned = escape(line(value), quote=False).replace('"', "&quot;")
    return f' {name}="{cleaned}"' if cleaned else ""


common_attribute = lru_cache(attribute)
"""The same for a value that many items share, such as a language; an address would only push others out."""


def generator() -> Any:
    """A FeedGenerator that takes our tags: ``generator().podcasting.add(tag)``, and ``entry.podcasting.add(tag)``."""
    feed = FeedGenerator()
    feed.load_extension("podcast", atom=False)
    feed.register_extension("podcasting", ChannelTags, ItemTags, atom=False)
    return feed


def written(feed: Any) -> bytes:
    """The RSS of a ``generator()``, an element a line."""
    parts = feed.rss_str(pretty=True).split(f"<!--{_PLACE}-->\n".encode())
    tags = [each.podcasting.text() for each in (feed, *feed.entry())]
    return b"".join(chain.from_iterable(zip(parts, [*tags, b""], strict=True)))


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
        """Hold the place in ``<rss>``, whose only child is the channel."""
        rss[0].append(etree.Comment(_PLACE))
        return rss

    def text(self) -> bytes:
        """What comes to that place."""
        return _lines(self._tags, depth=2)


class ItemTags(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """Tags that stand in an item."""

    def __init__(self) -> None:
        self._tags: list[Tag] = []

    def add(self, *tags: Tag) -> None:
        """Write these too, in this order."""
        self._tags.extend(tags)

    def extend_rss(self, item: Any) -> Any:
        """Hold the place in ``<item>``."""
        item.append(etree.Comment(_PLACE))
        return item

    def text(self) -> bytes:
        """What comes to that place."""
        return _lines(self._tags, depth=3)


def _lines(tags: Iterable[Tag], *, depth: int) -> bytes:
    """As they stand at this depth; the place itself is indented already."""
    return ("\n".join(tags).replace("\n", "\n" + _INDENT * depth) + "\n").encode()
