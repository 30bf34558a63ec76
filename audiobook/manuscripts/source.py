"""What every reader gives: a flat list of blocks as they stand in the file, before chapters are made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from audiobook.model.issue import Cell, Kind, Mark, MediaKind
from audiobook.model.narration import Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as it lies in the manuscript."""

    name: str  # as the manuscript calls it; for messages
    data: bytes
    alt: str
    kind: MediaKind = MediaKind.IMAGE
    table: tuple[tuple[str, ...], ...] = ()  # as Media has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a paragraph is printed, where nothing says what it is; a heading is told by it."""

    bold: bool = False
    italic: bool = False
    centred: bool = False
    apart: bool = False  # space or a page break before it
    size_pt: float = 0.0  # 0: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A sound or a film beside the manuscript, with its subtitles (WebVTT) and a still picture."""

    name: str  # as the manuscript calls it; for messages
    file: Path
    alt: str
    captions: Path | None = None
    still: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceBlock:
    """A block; ``place`` tells an editor where it stands ("dòng 12", "đoạn 40")."""

    kind: Kind
    text: str
    place: str
    marks: tuple[Mark, ...] = ()  # a footnote mark's value is its key in Source.notes
    level: int = 0  # heading: from 1, as in the file; item: nesting from 1
    marker: str = ""  # item, numbered heading: what is printed before it
    cells: tuple[Cell, ...] = ()
    picture: Picture | None = None
    clip: Clip | None = None
    important: bool = False
    look: Look | None = None
    confidence: int = 100  # heading: how sure it is that it is one, in percent
    evidence: str = ""  # heading: what told so
    author: str = ""  # heading: who wrote what stands under it
    printed: str = ""  # heading: what is printed, where an editor gave it another title
    aside: str = ""  # the code of the reason for which it is not narrated unless an editor wants it

    @property
    def shows(self) -> bool:
        """Whether it has a picture, a sound or a film."""
        return self.picture is not None or self.clip is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """Words or a picture of the manuscript that are not narrated; ``code`` names the reason (see account.REASONS)."""

    code: str
    place: str
    text: str
    picture: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A manuscript, read.

    ``facts``: what it says of itself (title, number, date, summary, licence, cover …); ``front``: the blocks of its
    text that said so; ``words``: how many words stand in the file, counted by other code than the reader's.
    """

    blocks: tuple[SourceBlock, ...]
    notes: Mapping[str, SourceBlock] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    front: tuple[SourceBlock, ...] = ()
    cover: Picture | None = None
    omissions: tuple[Omission, ...] = ()
    remarks: tuple[Remark, ...] = ()
    words: int = 0
