"""Chapters -> one PDF, however long: a long issue is set in gatherings, as books are, and these are bound.

Typst holds all pages of a document at once (0.8 MB a chapter, as measured); set by itself, a gathering of an issue of ten
hours takes no more than an issue of one. All are set twice: page numbers are known when everything was set once.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from audiobook.editions.typeset import Forme
from audiobook.errors import EditionError
from audiobook.processes import apart

LARGEST = 420_000
"""Characters of data, about an hour of speech. A shorter issue is one gathering, and nothing breaks its run of chapters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Consecutive chapters, each a line of JSON in ``file``. ``notes``: footnotes before them."""

    file: Path
    notes: int

    @property
    def chapters(self) -> Iterator[str]:
        """Each chapter's data."""
        with self.file.open(encoding="utf-8") as lines:
            yield from lines


def print_gathered(
    forme: Forme, template: str, data: Mapping[str, Any], *, chapters: Iterable[Mapping[str, Any]], target: Path
) -> None:
    """Write a PDF/UA-1 of any length.

    Args:
        forme: where it is set.
        template: one that knows gatherings (see parts.typ).
        data: what it reads beside the chapters.
        chapters: each is written down before the next is asked for; ``title``, and as ``notes`` how many footnotes stand
            before it, are looked at here.
        target: the file.

    Raises:
        EditionError: typst refused, or took too long; or a process was ended from outside.
    """
    gatherings, titles = _gathered(chapters, forme.folder)
    if len(gatherings) == 1:
        told = {**data, "gathering": _told(opens=True, closes=True)}
        forme.print(template, told, chapters=gatherings[0].chapters, target=target)
        return
    book = _Book(forme, template, data, gatherings, [*titles, data["imprint_title"]])
    try:
        _print_bound(book, target)
    except BrokenProcessPool as error:
        raise EditionError(
            "việc đóng các phần PDF thành một bị dừng đột ngột (máy hết bộ nhớ?).", thing=forme.thing, place=template
        ) from error


def _print_bound(book: "_Book", target: Path) -> None:
    drafts = book.set_up(before=[0] * len(book.gatherings), pages=1, begins=[1] * len(book.titles))
    (_, (first_leaf, *_)), *rest = apart(_surveyed, drafts)
    *before, pages = accumulate((pages for pages, _ in rest), initial=first_leaf)
    begins = [start + page + 1 for start, (_, found) in zip(before, rest, strict=True) for page in found]
    apart(_bind, book.set_up(before=before, pages=pages, begins=begins), target)


def _surveyed(files: Sequence[Path]) -> list[tuple[int, list[int]]]:
    from audiobook.editions.binding import surveyed  # brings pikepdf along, which the production itself has no use for

    return surveyed(files)


def _bind(files: Sequence[Path], target: Path) -> None:
    from audiobook.editions.binding import bind

    bind(files, target)


@dataclass(frozen=True, slots=True)
class _Book:
    """A long issue. ``titles``: of all chapters, the imprint's at the end."""

    forme: Forme
    template: str
    data: Mapping[str, Any]
    gatherings: Sequence[Gathering]
    titles: Sequence[str]

    def set_up(self, *, before: Sequence[int], pages: int, begins: Sequence[int]) -> list[Path]:
        """What opens the book, and each gathering.

        Args:
            before: how many pages each gathering has before it.
            pages: of the whole.
            begins: the page, counted from 1, on which each title stands.
        """
        elsewhere = [{"title": title, "page": page} for title, page in zip(self.titles, begins, strict=True)]
        files = [self._print(0, _told(opens=True, of=pages, elsewhere=elsewhere), ())]
        for number, (gathering, start) in enumerate(zip(self.gatherings, before, strict=True), start=1):
            closes = number == len(self.gatherings)
            told = _told(closes=closes, pages=start, of=pages, notes=gathering.notes)
            files.append(self._print(number, told, gathering.chapters))
        return files

    def _print(self, number: int, told: Mapping[str, Any], chapters: Iterable[str]) -> Path:
        target = self.forme.folder / f"gathering-{number}.pdf"
        self.forme.print(self.template, {**self.data, "gathering": told}, chapters=chapters, target=target)
        return target


def _told(
    *,
    opens: bool = False,
    closes: bool = False,
    pages: int = 0,
    of: int = 0,
    notes: int = 0,
    elsewhere: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """What the template reads: ``pages`` and ``notes`` before it, ``of`` how many pages in all (0: as many as it has)."""
    return {"opens": opens, "closes": closes, "pages": pages, "of": of, "notes": notes, "elsewhere": list(elsewhere)}


def _gathered(chapters: Iterable[Mapping[str, Any]], folder: Path) -> tuple[list[Gathering], list[str]]:
    """The gatherings, and the chapters' titles; one chapter, however long, is never parted."""
    gatherings, titles, room = list[Gathering](), list[str](), 0
    for chapter in chapters:
        line = json.dumps(chapter, ensure_ascii=False) + "\n"
        if len(line) > room:
            gatherings.append(Gathering(file=folder / f"gathering-{len(gatherings)}.jsonl", notes=chapter["notes"]))
            room = LARGEST
        room -= len(line)
        with gatherings[-1].file.open("a", encoding="utf-8") as out:
            out.write(line)
        titles.append(chapter["title"])
    return gatherings, titles
