"""What every edition is made from, and what a maker gives back."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from audiobook.addresses import Addresses
from audiobook.model.issue import Issue
from audiobook.model.loudspeaker import Piece, SessionPlan
from audiobook.model.narration import Remark
from audiobook.model.publication import Bulletin
from audiobook.model.recording import Recording, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Masters:
    """The same issue mastered otherwise, where that was wanted: at 48 kHz, slower, for horns."""

    high: Recording | None = None
    slow: Recording | None = None
    horns: Recording | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """All that an edition may need."""

    issue: Issue  # its figures' files are relative to ``folder``
    recording: Recording
    masters: Masters
    pieces: tuple[Piece, ...]
    plans: tuple[SessionPlan, ...]
    bulletin: Bulletin
    voices: tuple[Voice, ...]
    source: Path
    folder: Path
    cache: Path
    cover: bytes
    logo: bytes  # a PNG, or nothing
    lexicon: Mapping[str, str]  # printed word -> the words said for it
    progress: Callable[[int, int], None]
    made: Mapping[str, Path] = field(default_factory=dict)  # kind -> the last of its files, of what was made before

    @property
    def addresses(self) -> Addresses:
        """The site's addresses."""
        return Addresses(self.bulletin.site.base_url)

    @property
    def small_cover(self) -> bytes:
        """The cover for a tag."""
        from audiobook.editions.cover import small_cover

        return small_cover(self.cover)

    @property
    def workers(self) -> int:
        """Processes that may work at once."""
        return os.cpu_count() or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A file that a maker made: its bytes, or where it was written below the job's folder.

    A kind that gives one file a chapter names the chapter; one that gives several otherwise names each ``part``.
    """

    data: bytes | Path
    chapter: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a maker gives: files in their order, and what an editor should look at."""

    products: tuple[Product, ...]
    remarks: tuple[Remark, ...] = ()


Maker = Callable[[Job], Result]


def one(data: bytes | Path, remarks: tuple[Remark, ...] = ()) -> Result:
    """The result of a kind that is a single file."""
    return Result(products=(Product(data=data),), remarks=remarks)


def text(job: Job, name: str, pieces: Iterable[str]) -> Path:
    """Write text below the job's folder, a piece at a time: of ten hours no edition is held as a whole."""
    file = job.folder / name
    with file.open("w", encoding="utf-8", newline="") as out:
        out.writelines(pieces)
    return file
