"""A shelf as the server shows it now: read once, read anew when something on the shelf has changed."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

from audiobook.library import Shelf
from web import site
from web.catalogue import Catalogue, Medium
from web.documents import Document
from web.links import on_server

_PAGES_KEPT = 64  # rendered pages; about 100 KB each


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    version: str
    catalogue: Catalogue
    page: Callable[[str, str], Document | None]


class ReadingRoom:
    """Threads share it: a reading is made whole and then put in place at once."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._latest: _Reading | None = None

    def catalogue(self) -> Catalogue:
        """The shelf as it is now."""
        return self._reading().catalogue

    def page(self, path: str, *, root: str) -> Document | None:
        """A page, rendered once for each change of the shelf."""
        return self._reading().page(path, root)

    def feed(self) -> Document | None:
        """The stored feed, byte for byte."""
        data = self.catalogue().feed
        return Document.of(data, "application/rss+xml; charset=utf-8") if data else None

    def medium(self, path: str) -> Medium | None:
        """A finished file. Its path names its content, so what is known need not be read again."""
        known = self._latest.catalogue.media.get(path) if self._latest else None
        if known and known.file.is_file():
            return known
        found = self.catalogue().media.get(path)
        return found if found and found.file.is_file() else None

    def _reading(self) -> _Reading:
        version, latest = self._shelf.version(), self._latest
        if latest is None or latest.version != version:
            latest = self._latest = _read(self._shelf, version)
        return latest


def _read(shelf: Shelf, version: str) -> _Reading:
    catalogue = Catalogue.of(shelf)
    known = frozenset(site.paths(catalogue))

    @functools.lru_cache(maxsize=_PAGES_KEPT)
    def rendered(path: str, root: str) -> Document | None:
        text = site.page(catalogue, path, link=on_server(root))
        return Document.of(text.encode(), "text/html; charset=utf-8") if text is not None else None

    def page(path: str, root: str) -> Document | None:
        return rendered(path, root) if path in known else None  # what is not there must not push out what is

    return _Reading(version=version, catalogue=catalogue, page=page)
