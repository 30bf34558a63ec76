"""What was said, and when. Times are integers in ms from cumulative sample counts, so nothing drifts."""

from dataclasses import dataclass, replace
from pathlib import Path

HUMAN = "human"
"""The engine of a voice that is a person's, and the part that is read by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice of an engine."""

    engine: str
    name: str  # what audiobook.toml and --voice call it
    label: str  # what people call it
    language: str = "vi"
    region: str = ""  # "bắc", "trung", "nam" or unknown
    sex: str = ""  # "nữ", "nam" or unknown

    @property
    def is_human(self) -> bool:
        """Whether a person reads: feeds and pages must not call this voice artificial."""
        return self.engine == HUMAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One utterance as the engine said it: a mono FLAC in the cache.

    The key is its file's name. A long issue has thousands of takes, and a Path of each would be larger than all the rest.
    """

    key: str
    voice: str
    folder: Path
    samples: int
    rate: int

    @property
    def file(self) -> Path:
        """Where it lies."""
        return self.folder / f"{self.key}.flac"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """When a chapter or sentence is heard; ``id`` is the chapter's or the sentence's."""

    id: str
    title: str  # a chapter's title; "" for a sentence
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Chapters tile the whole; sentences lie in time order inside them (the pause after one is not part of it).

    A sentence that is said twice stands twice.
    """

    chapters: tuple[Cue, ...]
    sentences: tuple[Cue, ...]

    @property
    def duration_ms(self) -> int:
        """The length of the whole."""
        return self.chapters[-1].end_ms if self.chapters else 0


def alone(timeline: Timeline, chapter_id: str) -> Timeline:
    """A chapter's part of a timeline, as it is when the chapter is heard by itself."""
    (chapter,) = (cue for cue in timeline.chapters if cue.id == chapter_id)
    inside = (cue for cue in timeline.sentences if chapter.start_ms <= cue.start_ms < chapter.end_ms)

    def moved(cue: Cue) -> Cue:
        return replace(cue, start_ms=cue.start_ms - chapter.start_ms, end_ms=cue.end_ms - chapter.start_ms)

    return Timeline(chapters=(moved(chapter),), sentences=tuple(map(moved, inside)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A chapter, or a stretch of it, mastered: a mono 16-bit WAV of whole 24 ms frames that begins and ends in silence.

    ``key`` names all that makes its sound, so that what is encoded from it can be kept under it: it is its file's name, too.
    ``sha256`` is its file's, to be looked at by whoever reads it.
    """

    chapter: str  # its id
    key: str
    folder: Path
    samples: int
    sha256: str

    @property
    def file(self) -> Path:
        """Where it lies."""
        return self.folder / f"{self.key}.wav"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The master of an issue: its chapters' tracks, one behind the other; a chapter has one or several."""

    rate: int
    tracks: tuple[Track, ...]
    timeline: Timeline
    loudness_lufs: float
    true_peak_dbtp: float
