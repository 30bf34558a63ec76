"""Publications -> an SQLite FTS5 index of their sentences, always rebuildable from the shelf; and asking it.

Two columns: the words as written (unicode61 keeps their diacritics) and folded (unicode61 itself would never fold đ).
The index keeps no text of its own (contentless); sentences lie beside it. Source: https://sqlite.org/fts5.html.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from audiobook.model.issue import Chapter, Role
from audiobook.model.publication import Publication
from web.search.folding import accented, words

FORMAT = "1"
_SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS issues (id TEXT PRIMARY KEY, mark TEXT);
CREATE TABLE IF NOT EXISTS sentences (
  row INTEGER PRIMARY KEY, issue TEXT, chapter TEXT, sentence TEXT, start_ms INTEGER, text TEXT);
CREATE INDEX IF NOT EXISTS by_issue ON sentences (issue);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
  written, folded, content='', tokenize="unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE IF NOT EXISTS known USING fts5vocab (words, row);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence of the index."""

    issue: str
    chapter: str
    sentence: str
    start_ms: int
    text: str


class Index:
    """Threads share it: each opens its own connection, one at a time writes."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._own = threading.local()
        self._writing = threading.Lock()

    def update(self, publications: Sequence[Publication], *, version: str) -> None:
        """Bring the index to what the publications are; what has not changed is not read again."""
        with self._writing, self._changing() as database:
            stored = database.execute("SELECT value FROM facts WHERE name = 'version'").fetchone()
            if stored == (f"{FORMAT} {version}",):
                return
            marks = {each.issue.id: f"{each.fingerprint} {each.revision}" for each in publications}
            known = dict(database.execute("SELECT id, mark FROM issues"))
            for issue in [id_ for id_, mark in known.items() if marks.get(id_) != mark]:
                _forget(database, issue)
            for publication in reversed(publications):  # the newest last: it has the highest rows
                if known.get(publication.issue.id) != marks[publication.issue.id]:
                    _learn(database, publication)
                    database.execute(
                        "INSERT INTO issues VALUES (?, ?)", (publication.issue.id, marks[publication.issue.id])
                    )
            database.execute("INSERT OR REPLACE INTO facts VALUES ('version', ?)", (f"{FORMAT} {version}",))

    def matching(self, question: str, *, limit: int) -> Iterator[Line]:
        """The sentences that an FTS5 question finds: articles the newest first, the sentences of each in their order."""
        found = self._connection().execute(
            "SELECT issue, chapter, sentence, start_ms, text FROM words JOIN sentences ON row = words.rowid "
            "WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT ?",
            (question, limit),
        )
        lines = (Line(issue=row[0], chapter=row[1], sentence=row[2], start_ms=row[3], text=row[4]) for row in found)
        for _, some in groupby(lines, key=lambda line: (line.issue, line.chapter)):
            yield from reversed(list(some))

    def frequencies(self, candidates: Iterable[str]) -> dict[str, int]:
        """In how many sentences each of these words stands; those that stand in none are left out."""
        asked = sorted(set(candidates))
        found: dict[str, int] = {}
        for start in range(0, len(asked), 500):
            some = asked[start : start + 500]
            marks = ",".join("?" * len(some))
            found |= dict(self._connection().execute(f"SELECT term, doc FROM known WHERE term IN ({marks})", some))  # noqa: S608
        return found

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._own, "connection"):
            self._own.connection = sqlite3.connect(self.file, timeout=30, isolation_level=None)
        connection: sqlite3.Connection = self._own.connection
        return connection

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        database = self._connection()
        database.executescript(_SCHEMA)
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")


def _learn(database: sqlite3.Connection, publication: Publication) -> None:
    starts = first_starts(publication)
    for chapter in publication.issue.chapters:
        for sentence, text in sentences(chapter):
            row = database.execute(
                "INSERT INTO sentences (issue, chapter, sentence, start_ms, text) VALUES (?, ?, ?, ?, ?)",
                (publication.issue.id, chapter.id, sentence, starts.get(sentence, -1), text),
            ).lastrowid
            database.execute("INSERT INTO words (rowid, written, folded) VALUES (?, ?, ?)", (row, *_columns(text)))


def _forget(database: sqlite3.Connection, issue: str) -> None:
    """A contentless index is told what it had (older SQLite cannot delete otherwise)."""
    for row, text in database.execute("SELECT row, text FROM sentences WHERE issue = ?", (issue,)).fetchall():
        database.execute(
            "INSERT INTO words (words, rowid, written, folded) VALUES ('delete', ?, ?, ?)", (row, *_columns(text))
        )
    database.execute("DELETE FROM sentences WHERE issue = ?", (issue,))
    database.execute("DELETE FROM issues WHERE id = ?", (issue,))


def _columns(text: str) -> tuple[str, str]:
    return " ".join(accented(text)), " ".join(words(text))


def first_starts(publication: Publication) -> dict[str, int]:
    """When each sentence is first heard, in ms."""
    found: dict[str, int] = {}
    for cue in publication.timeline.sentences:
        found.setdefault(cue.id, cue.start_ms)
    return found


def sentences(chapter: Chapter) -> Iterator[tuple[str, str]]:
    """A chapter's title and sentences, each with its id. The spoken opening repeats other chapters' titles: left out."""
    if chapter.role is not Role.ARTICLE:
        return
    yield chapter.heading_id, chapter.title
    for block in chapter.blocks:
        for sentence in block.sentences:
            text = " ".join(block.text[sentence.start : sentence.end].split())
            if text:
                yield sentence.id, text
