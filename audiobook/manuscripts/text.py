"""Pieces of marked text -> one text with its marks; shared by the readers."""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from audiobook.model.issue import Mark, Markup

_LONGEST_CLUSTER = 1_000
"""No letter has more signs; a hostile text may."""


@dataclass(slots=True)
class MarkedText:
    """Text that grows at its end while marks are opened and closed over it; always NFC."""

    _pieces: list[str] = field(default_factory=list)
    _length: int = 0
    _marks: list[Mark] = field(default_factory=list)
    _open: dict[tuple[Markup, str], int] = field(default_factory=dict)  # markup -> where its last mark stands in _marks

    def __bool__(self) -> bool:
        """Whether anything was added."""
        return self._length > 0

    def add(self, text: str, *markup: tuple[Markup, str]) -> None:
        """Append text under the given (kind, value) marks; touching marks of one kind and value grow together."""
        start = self._length
        self._append(text)
        if self._length <= start:
            return
        for kind, value in markup:
            self._mark(Mark(start=start, end=self._length, kind=kind, value=value))

    def add_finished(self, text: str, marks: Sequence[Mark]) -> None:
        """Append a finished text with its marks."""
        edges = sorted({0, len(text), *(edge for mark in marks for edge in (mark.start, mark.end))})
        for start, end in itertools.pairwise(edges):
            under = [(mark.kind, mark.value) for mark in marks if mark.start <= start and mark.end >= end]
            self.add(text[start:end], *under)

    def finished(self) -> tuple[str, tuple[Mark, ...]]:
        """The text without white space at its ends and doubled inside, and its marks moved with it."""
        text = "".join(self._pieces)
        if not self._marks and text.isprintable() and "  " not in text:
            return text.strip(" "), ()
        kept, moved = _squeezed(text)
        marks = [
            Mark(start=moved[mark.start], end=moved[mark.end], kind=mark.kind, value=mark.value) for mark in self._marks
        ]
        ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end, mark.kind, mark.value))
        return kept, tuple(mark for mark in ordered if mark.start < mark.end)

    def _append(self, text: str) -> None:
        """A piece that begins with combining signs belongs to the letter before it."""
        if text and self._pieces and unicodedata.combining(text[0]) and len(self._pieces[-1]) < _LONGEST_CLUSTER:
            own = text.lstrip("".join({sign for sign in text[:_LONGEST_CLUSTER] if unicodedata.combining(sign)}))
            last = self._pieces.pop()
            self._length -= len(last)
            text = last + text[: len(text) - len(own)] + own
        text = unicodedata.normalize("NFC", text)
        if text:
            self._pieces.append(text)
            self._length += len(text)

    def _mark(self, mark: Mark) -> None:
        at = self._open.get((mark.kind, mark.value))
        if at is not None and self._marks[at].end == mark.start:
            self._marks[at] = Mark(start=self._marks[at].start, end=mark.end, kind=mark.kind, value=mark.value)
            return
        self._open[mark.kind, mark.value] = len(self._marks)
        self._marks.append(mark)


def _squeezed(text: str) -> tuple[str, list[int]]:
    """Text with runs of blanks made one and ends trimmed; line ends stay. And where each offset went."""
    kept: list[str] = []
    moved = []
    for character in text:
        moved.append(len(kept))
        blank = character in " \t\r\f\v"
        if blank and (not kept or kept[-1] in " \n"):
            continue
        if character == "\n":
            while kept and kept[-1] == " ":
                kept.pop()
            if not kept:
                continue
        kept.append(" " if blank else character)
    while kept and kept[-1] in " \n":
        kept.pop()
    moved.append(len(kept))
    return "".join(kept), [min(place, len(kept)) for place in moved]


def moved(marks: tuple[Mark, ...], by: int) -> tuple[Mark, ...]:
    """Marks of a text that now stands ``by`` characters further right."""
    return tuple(Mark(start=m.start + by, end=m.end + by, kind=m.kind, value=m.value) for m in marks)


def cut(marks: tuple[Mark, ...], start: int, end: int) -> tuple[Mark, ...]:
    """The parts of marks that lie in ``text[start:end]``, counted from its start."""
    inside = (
        Mark(start=max(m.start, start) - start, end=min(m.end, end) - start, kind=m.kind, value=m.value) for m in marks
    )
    return tuple(mark for mark in inside if mark.start < mark.end)


def one_line(text: str) -> str:
    r"""Text of a title: line ends and doubled blanks are single blanks, NFC.

    >>> one_line("BẢN TIN\n  số 3 ")
    'BẢN TIN số 3'
    """
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text)).strip()
