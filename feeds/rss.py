"""The shelf -> its feeds: issues, single articles, the latest issue; with archives, a list of feeds, and their style.

Sources: RSS 2.0, Apple's podcaster guide, PSP-1 (Podcast Standards Project), Podcasting 2.0, RFC 5005.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from audiobook.addresses import FEED, FEED_ARTICLES, FEED_LATEST, FEED_STYLE, FEEDS_LIST, Addresses
from audiobook.disk import store
from audiobook.library import Shelf
from audiobook.model.publication import Bulletin
from feeds.artwork import artwork
from feeds.channel import Heading
from feeds.contents import contents
from feeds.items import latest_items
from feeds.opml import opml
from feeds.paging import Page, pages
from feeds.refresh import refresh
from feeds.stored import FILE, Facts, Row, StoredItems, moment, opened
from feeds.text import head, item_texts, joined

TITLES = {FEED: "", FEED_ARTICLES: "từng bài", FEED_LATEST: "số mới nhất"}
"""Each feed, and what its name adds to the bulletin's."""

_NO_ISSUE_YET = 946_684_800  # an empty feed is dated 2000-01-01, never "now"


def write(shelf: Shelf) -> Path:
    """Build the feeds and keep them on the shelf; a file is replaced in one step, and only when its bytes differ.

    Raises:
        DiskFull, NotWritable: the feeds of before stay whole.
        ShelfDamaged: what stands on the shelf cannot be read.
        IssueBusy: another run has been writing for a minute.
    """
    bulletin = shelf.bulletin()
    with shelf.changing(), opened(shelf.folder / FILE, maker=_maker(bulletin)) as stored:
        made = _print(shelf, bulletin, stored, into=shelf.folder)
        for old in set(stored_documents(shelf)) - made:
            (shelf.folder / old).unlink()
    return shelf.folder / FEED


def build(shelf: Shelf) -> dict[str, bytes]:
    """Every document as the shelf wants it, by path; made anew, nothing on the shelf is touched.

    Raises:
        ShelfDamaged: what stands on the shelf cannot be read.
    """
    bulletin = shelf.bulletin()
    with TemporaryDirectory() as folder, opened(Path(folder) / FILE, maker=_maker(bulletin)) as stored:
        return {path: (Path(folder) / path).read_bytes() for path in _print(shelf, bulletin, stored, into=Path(folder))}


def _print(shelf: Shelf, bulletin: Bulletin, stored: StoredItems, *, into: Path) -> set[str]:
    newest_first = refresh(stored, shelf, bulletin)
    own = artwork(shelf, bulletin, ())
    press = _Press(
        shelf=shelf,
        folder=into,
        bulletin=bulletin,
        own_picture=own.path if own else "",
        stored=stored,
        facts={each.id: each for each in newest_first},
    )
    issues = [each for each in newest_first if each.kind == "issue"]
    made = [*press.latest(issues[0])] if issues else []
    if any(each.articles for each in issues):
        made += press.pages(FEED_ARTICLES)
    made += press.pages(FEED)
    store(into / FEED_STYLE, files("feeds").joinpath(FEED_STYLE).read_bytes())
    store(into / FEEDS_LIST, opml(bulletin, {feed: name for feed, name in TITLES.items() if feed in made}))
    return {*made, FEED_STYLE, FEEDS_LIST}


def stored_documents(shelf: Shelf) -> tuple[str, ...]:
    """The path of everything here that is served: feeds, archives, list and style; the main feed last."""
    found = [*shelf.folder.glob("feed*.xml"), *(shelf.folder / name for name in (FEED_STYLE, FEEDS_LIST))]
    return tuple(sorted((file.name for file in found if file.is_file()), key=lambda name: (name == FEED, name)))


def stored_feeds(shelf: Shelf) -> Mapping[str, str]:
    """The feeds that there are, without their archives: path, and what the name adds to the bulletin's."""
    return {feed: name for feed, name in TITLES.items() if (shelf.folder / feed).is_file()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Press:
    """What every document is printed from; its methods write files and give their names."""

    shelf: Shelf
    folder: Path
    bulletin: Bulletin
    own_picture: str  # the bulletin's, by its path
    stored: StoredItems
    facts: Mapping[str, Facts]

    def latest(self, newest: Facts) -> Iterator[str]:
        """The feed of the latest issue alone."""
        publication = contents(self.shelf, newest.id)
        items = latest_items(publication, self.bulletin, when=moment(newest.at))
        page = Page(path=FEED_LATEST, start=0, end=len(items), links=())
        before = self._head(FEED_LATEST, page, newest.changed, picture=self._picture([newest]))
        store(self.folder / FEED_LATEST, joined(before, item_texts(self.bulletin, items)))
        yield FEED_LATEST

    def pages(self, feed: str) -> Iterator[str]:
        """A feed with its archives. What is made from the same items as before is not even looked at."""
        rows = self.stored.rows(feed)
        for page in pages(feed, len(rows)):
            self._page(feed, page, rows[page.start : page.end])
            yield page.path

    def _page(self, feed: str, page: Page, rows: list[Row]) -> None:
        file = self.folder / page.path
        facts = [self.facts[row.id] for row in rows]
        changed, picture = max((each.changed for each in facts), default=_NO_ISSUE_YET), self._picture(facts)
        made_from = (page, changed, picture, [row.digest for row in rows])
        digest = hashlib.sha256(repr(made_from).encode()).hexdigest()
        if self.stored.is_written(file, digest):
            return
        before = self._head(feed, page, changed, picture=picture)
        items = self.stored.xml(feed, first=rows[0].at, last=rows[-1].at) if rows else []
        store(file, joined(before, items))
        self.stored.wrote(file, digest)

    def _picture(self, facts: Sequence[Facts]) -> str:
        """The bulletin's own picture, else the newest cover on the page: an archive keeps the one that it has."""
        covers = (each.cover for each in reversed(facts) if each.kind == "issue" and each.cover)
        path = self.own_picture or next(covers, "")
        return Addresses(self.bulletin.site.base_url).of(path) if path else ""

    def _head(self, feed: str, page: Page, changed: int, *, picture: str) -> bytes:
        heading = Heading(feed=feed, path=page.path, title=TITLES[feed], changed=moment(changed), links=page.links)
        return head(self.bulletin, heading, picture=picture)


def _maker(bulletin: Bulletin) -> str:
    """A hash of all that an item is made from beside its publication: the settings, and this program."""
    digest = hashlib.sha256(msgspec.json.encode(bulletin))
    for resource in sorted(files("feeds").iterdir(), key=lambda each: each.name):
        if resource.name.endswith(".py"):
            digest.update(resource.read_bytes())
    return digest.hexdigest()
