"""What is written: an issue of a bulletin as plain frozen data.

Inline markup is standoff: marks, sentences and table cells are ranges (Python string offsets, end exclusive) over a
block's ``text``, so nothing has to be matched again later.

Ids: chapters ``c01``, blocks ``c01b02``, sentences ``c01b02s1``, a chapter's title ``c01h``. A sentence's id is also
its cue, its XHTML id and its SMIL target. The spoken opening and closing are chapters too, with the ids ``opening``
and ``closing``; ``prepare()`` adds them.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a chapter is in its issue."""

    OPENING = "opening"
    ARTICLE = "article"
    CLOSING = "closing"


class Kind(StrEnum):
    """What a block is in its chapter."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"
    VERSE = "verse"  # line ends ("\n" in the text) are pauses
    TABLE = "table"  # text: cells joined by "\t", rows by "\n"
    FIGURE = "figure"  # text: the caption
    NOTE = "note"  # a footnote; stands right after the block that refers to it


class Markup(StrEnum):
    """What a mark says of its range."""

    EMPHASIS = "emphasis"
    STRONG = "strong"
    LINK = "link"  # value: the address
    FOOTNOTE = "footnote"  # value: the note block's id; the range is the printed mark
    LANGUAGE = "language"  # value: a BCP 47 tag


class MediaKind(StrEnum):
    """What a figure shows."""

    IMAGE = "image"
    CHART = "chart"
    AUDIO = "audio"
    VIDEO = "video"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Inline markup over ``text[start:end]`` of its block."""

    start: int
    end: int
    kind: Markup
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence: ``text[start:end]`` of its block. In a table each row is one."""

    id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A table cell: ``text[start:end]`` of its block, at a zero-based place in the grid."""

    start: int
    end: int
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A figure's picture, sound or film.

    ``file`` is relative: to the manuscript's folder while written, to the publication's folder once shelved.
    """

    kind: MediaKind
    file: str
    media_type: str
    alt: str
    width: int = 0
    height: int = 0
    still: str = ""  # of a film or sound: a picture of it, and its subtitles (WebVTT); files as above
    captions: str = ""
    transcript: str = ""  # what is said in it
    table: tuple[tuple[str, ...], ...] = ()  # of a chart: its numbers, a row of names first, all rows of one length


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One heading, paragraph, item, quote, poem, table, figure or note."""

    id: str
    kind: Kind
    text: str
    marks: tuple[Mark, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    level: int = 0  # heading: 2 to 6 (a chapter's title is 1); item: nesting from 1
    marker: str = ""  # item: what is printed before it ("1.", "a)", "–"); note: its number
    cells: tuple[Cell, ...] = ()
    media: Media | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """An article of the issue (or its spoken opening or closing)."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    role: Role = Role.ARTICLE
    author: str = ""
    important: bool = False
    human_voice: bool = False  # a person's recording lies beside the manuscript and is heard instead of the machine

    @property
    def heading_id(self) -> str:
        """The id of the title as a sentence."""
        return f"{self.id}h"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One number of the bulletin, as written."""

    id: str  # "2023-03": year and number of two digits or more
    title: str
    number: int
    date: date
    publisher: str
    chapters: tuple[Chapter, ...]
    language: str = "vi"
    summary: str = ""
    contributors: tuple[str, ...] = ()
    licence: str = ""  # of the contents; apart from the publishing licence
    cover: str = ""  # a picture's file, relative as Media.file; "" = one is drawn
    designed_pdf: str = ""  # while it is made: the publisher's own PDF, published instead of ours

    @property
    def articles(self) -> tuple[Chapter, ...]:
        """The chapters that were written, without opening and closing."""
        return tuple(chapter for chapter in self.chapters if chapter.role is Role.ARTICLE)
