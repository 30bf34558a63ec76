"""Items that were written before, kept beside the feeds: a new issue costs itself, however many there are.

A cache: deleted or damaged, it is made anew from the shelf, and the feeds come out the same to the byte.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from audiobook.errors import writing

FILE = "feed-items.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS facts
  (id TEXT PRIMARY KEY, stamp, kind, heard, articles, cover, published, changed, at, articles_at);
CREATE TABLE IF NOT EXISTS items (feed, at INTEGER, id TEXT, digest, xml BLOB);
CREATE INDEX IF NOT EXISTS items_of ON items (id);
CREATE INDEX IF NOT EXISTS items_by_date ON items (feed, at, id, digest);
CREATE TABLE IF NOT EXISTS pages (path TEXT PRIMARY KEY, digest, stamp);
CREATE TABLE IF NOT EXISTS made_by (maker);
"""
_INSERT_FACTS = "INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Facts(NamedTuple):  # tuples: ten thousand of them are made whenever one issue is shelved
    """What is known of a publication without opening it; times are seconds since 1970, UTC."""

    id: str
    stamp: str  # changes whenever its publication.json does
    kind: str
    heard: bool
    articles: int  # how many have a sound of their own
    cover: str  # its picture's path, "" where it has none
    published: int
    changed: int
    at: int  # what its item is dated
    articles_at: int  # what its first article is dated


class Row(NamedTuple):
    """A stored item: when it is dated, what it was made from, a hash of its bytes."""

    at: int
    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class StoredItems:
    """Use inside ``opened``; everything is kept at once when that ends well."""

    database: sqlite3.Connection

    def facts(self) -> dict[str, Facts]:
        """What is known, by id."""
        return {row[0]: Facts._make(row) for row in self.database.execute("SELECT * FROM facts")}

    def forget(self, ids: Sequence[str]) -> None:
        """Drop all that is stored of these."""
        for table in ("facts", "items"):
            self.database.executemany(f"DELETE FROM {table} WHERE id = ?", [(each,) for each in ids])  # noqa: S608

    def keep(self, made: Sequence[tuple[Facts, Mapping[str, Sequence[tuple[datetime, bytes]]]]]) -> None:
        """Store publications' items, by feed."""
        self.forget([facts.id for facts, _ in made])
        self.database.executemany(_INSERT_FACTS, [facts for facts, _ in made])
        rows = (
            (feed, int(at.timestamp()), facts.id, hashlib.sha256(xml).hexdigest(), xml)
            for facts, items in made
            for feed, written in items.items()
            for at, xml in written
        )
        self.database.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?)", rows)

    def rows(self, feed: str) -> list[Row]:
        """A feed's items, the oldest first."""
        found = self.database.execute("SELECT at, id, digest FROM items WHERE feed = ? ORDER BY at", (feed,))
        return [Row._make(row) for row in found]

    def xml(self, feed: str, *, first: int, last: int) -> list[bytes]:
        """The items dated ``first`` to ``last``, the newest first."""
        query = "SELECT xml FROM items WHERE feed = ? AND at BETWEEN ? AND ? ORDER BY at DESC"
        return [row[0] for row in self.database.execute(query, (feed, first, last))]

    def is_written(self, file: Path, digest: str) -> bool:
        """Whether the page was made from just this, and its file was not touched since."""
        row = self.database.execute("SELECT digest, stamp FROM pages WHERE path = ?", (file.name,)).fetchone()
        return bool(row) and file.is_file() and tuple(row) == (digest, _stamp(file))

    def wrote(self, file: Path, digest: str) -> None:
        """Remember what a page was made from."""
        self.database.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", (file.name, digest, _stamp(file)))


@contextmanager
def opened(file: Path, *, maker: str) -> Iterator[StoredItems]:
    """The stored items; those of another ``maker`` (settings, or version of this program) are dropped.

    On a disk that may only be read they live as long as the run.

    Raises:
        DiskFull, NotWritable: from the disk.
    """
    with writing(file):
        database = _opened(file)
        try:
            if database.execute("SELECT maker FROM made_by").fetchall() != [(maker,)]:
                for table in ("facts", "items", "pages", "made_by"):
                    database.execute(f"DELETE FROM {table}")  # noqa: S608
                database.execute("INSERT INTO made_by VALUES (?)", (maker,))
            yield StoredItems(database)
            database.execute("COMMIT")
        finally:
            database.close()


def moment(seconds: int) -> datetime:
    """Seconds since 1970 as an aware time."""
    return datetime.fromtimestamp(seconds, UTC)


def _opened(file: Path) -> sqlite3.Connection:
    try:
        return _connected(str(file))
    except sqlite3.OperationalError:  # a disk that may only be read
        return _connected(":memory:")
    except sqlite3.DatabaseError:
        file.unlink()
        return _connected(str(file))


def _connected(name: str) -> sqlite3.Connection:
    database = sqlite3.connect(name, timeout=60, isolation_level=None)
    database.execute("PRAGMA page_size = 16384")  # an item is 6 KB: pages of 4 would hold it in pieces
    database.execute("BEGIN IMMEDIATE")  # two runs at once: the second waits, and finds the work done
    for statement in _TABLES.split(";"):
        database.execute(statement)
    return database


def _stamp(file: Path) -> str:
    stat = file.stat()
    return f"{stat.st_mtime_ns}:{stat.st_size}"
