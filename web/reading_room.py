"""A shelf as the server shows it now: read once, read anew when something on the shelf has changed."""

import functools
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from audiobook.library import Shelf
from web import signposts, site
from web.catalogue import Catalogue, Medium
from web.documents import Document
from web.links import on_server
from web.search.asking import ask
from web.search.index import Index
from web.search.results import Found
from web.storage import media_type
from web.view import language_of

_FRESH_S = 0.2  # so long a look at the shelf holds: a look costs a stat for each issue
_AN_ANSWER_S = 0.01  # longer than it takes to lend a file: what is at hand stays so until it is answered
_PAGES_KEPT = 64  # rendered pages; about 100 KB each
_FEEDS_KEPT = 16  # up to 1 MB each
_PAGE_TYPE = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    version: str
    catalogue: Catalogue
    page: Callable[[str, str], Document | None]
    feed: Callable[[str], Document | None]


class ReadingRoom:
    """Threads share it: a reading is made whole and then put in place at once."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._latest: _Reading | None = None
        self._index: Index | None = None
        self._looked = 0.0

    def catalogue(self) -> Catalogue:
        """The shelf as it is now."""
        return self._reading().catalogue

    def page(self, path: str, *, root: str) -> Document | None:
        """A page, or what machines ask for, made once for each change of the shelf."""
        return self._reading().page(path, root)

    def answers(self, question: str, path: str, *, root: str) -> Document:
        """The page that answers a question."""
        reading = self._reading()
        index = self._index = self._index or Index(_index_file(self._shelf))
        index.update(reading.catalogue.publications, version=reading.version)
        found = Found(question=question, answer=ask(index, question))
        language = language_of(path)[0]
        text = site.search_page(reading.catalogue, found, link=on_server(root), language=language)
        return Document.of(text.encode(), _PAGE_TYPE)

    def oembed(self, address: str, *, width: str) -> bytes | None:
        """What other sites may show of the page at ``address``, for consumers that ask by query."""
        return signposts.asked_oembed(self.catalogue(), address, width=width)

    def feed(self, path: str) -> Document | None:
        """A stored feed, or what belongs to the feeds, byte for byte."""
        return self._reading().feed(path)

    def medium(self, path: str) -> Medium | None:
        """A finished file. Its path names its content, so what is known need not be read again."""
        known = self._latest.catalogue.media.get(path) if self._latest else None
        if known and known.file.is_file():
            return known
        found = self.catalogue().media.get(path)
        return found if found and found.file.is_file() else None

    def at_hand(self, path: str) -> bool:
        """Whether ``medium`` can tell of a file without another look at the shelf, which may take long."""
        latest = self._latest
        is_fresh = time.monotonic() - self._looked < _FRESH_S - _AN_ANSWER_S
        return latest is not None and is_fresh and path in latest.catalogue.media

    def _reading(self) -> _Reading:
        latest, now = self._latest, time.monotonic()
        if latest and now - self._looked < _FRESH_S:
            return latest
        version = self._shelf.version()
        if latest is None or latest.version != version:
            latest = self._latest = _read(self._shelf, version)
        self._looked = now
        return latest


def _index_file(shelf: Shelf) -> Path:
    """In the library's cache; where nothing can be written there, among this machine's temporary files."""
    cache = shelf.folder.parent / "cache"
    folder = cache if os.access(cache, os.W_OK) else Path(tempfile.mkdtemp(prefix="ban-tin-noi-"))
    return folder / "search.sqlite"


def _read(shelf: Shelf, version: str) -> _Reading:
    catalogue = Catalogue.of(shelf)
    pages, posts = frozenset(site.paths(catalogue)), frozenset(signposts.paths(catalogue))

    @functools.lru_cache(maxsize=_PAGES_KEPT)
    def rendered(path: str, root: str) -> Document | None:
        link = on_server(root)
        if path in posts:
            data = signposts.signpost(catalogue, path, link=link)
            return Document.of(data, media_type(path)) if data is not None else None
        text = site.page(catalogue, path, link=link)
        return Document.of(text.encode(), _PAGE_TYPE) if text is not None else None

    def page(path: str, root: str) -> Document | None:
        known = path in pages or path in posts  # what is not there must not push out what is
        return rendered(path, root) if known else None

    @functools.lru_cache(maxsize=_FEEDS_KEPT)
    def stored(path: str) -> Document:
        return Document.of(catalogue.feeds[path].read_bytes(), media_type(path))

    def feed(path: str) -> Document | None:
        return stored(path) if path in catalogue.feeds else None

    return _Reading(version=version, catalogue=catalogue, page=page, feed=feed)
