"""Pieces of marked text -> one text with its marks; shared by the readers."""

import re
import unicodedata
from dataclasses import dataclass, field

from audiobook.model.issue import Mark, Markup


@dataclass(slots=True)
class MarkedText:
    """Text that grows at its end while marks are opened and closed over it; always NFC."""

    text: str = ""
    marks: list[Mark] = field(default_factory=list)

    def add(self, text: str, *markup: tuple[Markup, str]) -> None:
        """Append text under the given (kind, value) marks; touching marks of one kind and value grow together."""
        start = len(self.text)
        self.text = unicodedata.normalize("NFC", self.text + text)
        if len(self.text) <= start:
            return
        for kind, value in markup:
            self._mark(Mark(start=start, end=len(self.text), kind=kind, value=value))

    def finished(self) -> tuple[str, tuple[Mark, ...]]:
        """The text without white space at its ends and doubled inside, and its marks moved with it."""
        kept, moved = _squeezed(self.text)
        marks = [
            Mark(start=moved[mark.start], end=moved[mark.end], kind=mark.kind, value=mark.value) for mark in self.marks
        ]
        ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end, mark.kind, mark.value))
        return kept, tuple(mark for mark in ordered if mark.start < mark.end)

    def _mark(self, mark: Mark) -> None:
        for position, other in enumerate(self.marks):
            if other.end == mark.start and (other.kind, other.value) == (mark.kind, mark.value):
                self.marks[position] = Mark(start=other.start, end=mark.end, kind=mark.kind, value=mark.value)
                return
        self.marks.append(mark)


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


def one_line(text: str) -> str:
    r"""Text of a title: line ends and doubled blanks are single blanks, NFC.

    >>> one_line("BẢN TIN\n  số 3 ")
    'BẢN TIN số 3'
    """
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text)).strip()
