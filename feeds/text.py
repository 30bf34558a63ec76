"""Channel and items -> the bytes of a feed: written by feedgen one by one, joined as if it had written them at once."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from audiobook.addresses import FEED, FEED_STYLE
from audiobook.model.publication import Bulletin
from feeds.channel import Heading, written
from feeds.items import Item

T = TypeVar("T")
_DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>\n"
_STYLE = f'<?xml-stylesheet type="text/css" href="{FEED_STYLE}"?>\n'.encode()
_END = b"  </channel>\n</rss>\n"
_ITEM = b"    <item>\n"
_AT_A_TIME = 100  # publications in memory; items in feedgen's tree, which takes more than all that is written of it
_ANY = Heading(feed=FEED, path=FEED, title="", changed=datetime(2000, 1, 1, tzinfo=UTC))


def head(bulletin: Bulletin, heading: Heading, *, picture: str) -> bytes:
    """All of a document that stands before its items."""
    return _styled(written(bulletin, heading, (), picture=picture)).removesuffix(_END)


def item_texts(bulletin: Bulletin, items: Sequence[Item]) -> list[bytes]:
    """Each item as it stands in a document. No text in it can look like the tag: "<" is written as an entity."""
    return [text for some in batches(items) for text in _texts(bulletin, some)]


def batches(found: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at a time as may be held in memory."""
    return (found[start : start + _AT_A_TIME] for start in range(0, len(found), _AT_A_TIME))


def _texts(bulletin: Bulletin, items: Sequence[Item]) -> list[bytes]:
    *parts, last = written(bulletin, _ANY, items, picture="").split(_ITEM)[1:]
    return [_ITEM + part for part in (*parts, last.removesuffix(_END))]


def joined(before: bytes, items: Sequence[bytes]) -> bytes:
    """A whole document."""
    return b"".join((before, *items, _END))


def whole(bulletin: Bulletin, heading: Heading, items: Sequence[Item], *, picture: str) -> bytes:
    """The same document written by feedgen in one go."""
    return _styled(written(bulletin, heading, items, picture=picture))


def _styled(made: bytes) -> bytes:
    """With the style that browsers show it by: a feed that is opened by mistake explains itself."""
    return _DECLARATION + _STYLE + made.removeprefix(_DECLARATION)
