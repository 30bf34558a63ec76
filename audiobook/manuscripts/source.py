"""What every reader gives: a flat list of blocks as they stand in the file, before chapters are made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from audiobook.model.issue import Cell, Kind, Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as it lies in the manuscript."""

    name: str  # as the manuscript calls it; for messages
    data: bytes
    alt: str


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
    marker: str = ""
    cells: tuple[Cell, ...] = ()
    picture: Picture | None = None
    clip: Clip | None = None
    important: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A manuscript, read. ``facts``: what it says of itself (title, number, date, summary, licence, cover …)."""

    blocks: tuple[SourceBlock, ...]
    notes: Mapping[str, SourceBlock] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    cover: Picture | None = None
