"""How many items a feed has -> its pages, after RFC 5005: the newest in the feed itself, older ones in archives.

Archives are counted from the oldest item and hold a fixed number, so that a full one never changes again. It links to
older pages and to the feed only: a link to the next newer one would have to change when that one is made.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from audiobook.addresses import feed_archive

IN_THE_FEED = 300  # items; about 1 MiB is reached at 470 issues
IN_AN_ARCHIVE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The items ``start`` to ``end`` (exclusive) of a feed, counted from the oldest."""

    path: str
    start: int
    end: int
    links: tuple[tuple[str, str], ...]


def pages(feed: str, count: int) -> Iterator[Page]:
    """The pages of a feed of ``count`` items, the oldest first, the feed itself last.

    >>> [(page.path, page.start, page.end) for page in pages("feed.xml", 301)]
    [('feed-page-1.xml', 0, 100), ('feed.xml', 100, 301)]
    """
    archives = max(0, -(-(count - IN_THE_FEED) // IN_AN_ARCHIVE))
    for number in range(1, archives + 1):
        start = (number - 1) * IN_AN_ARCHIVE
        links = (*_older(feed, number), ("current", feed))
        yield Page(path=feed_archive(feed, number), start=start, end=start + IN_AN_ARCHIVE, links=links)
    yield Page(path=feed, start=archives * IN_AN_ARCHIVE, end=count, links=tuple(_older(feed, archives + 1)))


def _older(feed: str, number: int) -> Iterator[tuple[str, str]]:
    """Links of the page ``number``: "next" is what apps follow (RFC 5005, 3), "prev-archive" what archives have (4)."""
    if number > 1:
        older = feed_archive(feed, number - 1)
        yield from (("first", feed), ("next", older), ("prev-archive", older), ("last", feed_archive(feed, 1)))
