"""What is to be said: words only, in order, with the silence after each utterance."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import overload


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Printed ``text[start:end]`` of the source's block or title -> the words said for it.

    An empty range carries words that are not printed (an announcement). A table row may visit a header's range again.
    """

    start: int
    end: int
    spoken: str


@dataclass(frozen=True, slots=True)
class Segments(Sequence[Segment]):
    """Segments in a tenth of their room: an issue of ten hours has 70,000, which as objects are its largest part.

    >>> several = Segments.of([Segment(start=0, end=2, spoken="hai mươi"), Segment(start=2, end=5, spoken="")])
    >>> len(several), several[0].spoken, several[1].end
    (2, 'hai mươi', 5)
    """

    ranges: "array[int]"  # start, end, start, end, …
    spoken: str  # a line for each: words have no line ends

    @classmethod
    def of(cls, segments: Iterable[Segment]) -> "Segments":
        """Pack them."""
        given = tuple(segments)
        return cls(
            array("I", (edge for each in given for edge in (each.start, each.end))),
            "\n".join(each.spoken for each in given),
        )

    def __len__(self) -> int:
        """How many."""
        return len(self.ranges) // 2

    def __iter__(self) -> Iterator[Segment]:
        """Each, unpacked."""
        edges = iter(self.ranges)
        for spoken in self.spoken.split("\n")[: len(self)]:
            yield Segment(start=next(edges), end=next(edges), spoken=spoken)

    @overload
    def __getitem__(self, at: int) -> Segment: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Segment, ...]: ...
    def __getitem__(self, at: int | slice) -> Segment | tuple[Segment, ...]:
        """One of them, or several."""
        return tuple(self)[at]


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What one take holds: a sentence, or a title with its announcement.

    ``pieces`` are said one after the other inside the take: each at most 256 characters, words and ``, . ? !`` only.
    ``part`` names the reader in the cast: "heading", "text", "quote" or "verse".
    ``source`` is the sentence's id; None for an announcement that belongs to no sentence.
    """

    id: str
    source: str | None
    part: str
    pieces: tuple[str, ...]
    segments: Sequence[Segment]
    pause_ms: int

    @property
    def spoken(self) -> str:
        """All that is said, as one string."""
        return " ".join(self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chapter to be said; ``id`` and ``title`` are the chapter's."""

    id: str
    title: str
    utterances: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narration:
    """An issue to be said."""

    passages: tuple[Passage, ...]

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """Every utterance, in order."""
        return tuple(utterance for passage in self.passages for utterance in passage.utterances)

    @property
    def wordless(self) -> "Narration":
        """The same without its words: all that is needed to lay its takes one after another."""
        return Narration(
            passages=tuple(
                replace(passage, utterances=tuple(replace(each, pieces=(), segments=()) for each in passage.utterances))
                for passage in self.passages
            )
        )


def spoken_only(*narrations: Narration) -> tuple[Narration, ...]:
    """The same without segments, an issue's largest part: all that is needed to say them. What they share stays shared."""
    known: dict[int, Utterance] = {}

    def without(utterance: Utterance) -> Utterance:
        return known.setdefault(id(utterance), replace(utterance, segments=()))

    return tuple(
        Narration(passages=tuple(replace(p, utterances=tuple(map(without, p.utterances))) for p in narration.passages))
        for narration in narrations
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An utterance with its reader: what one take is made of."""

    id: str
    voice: str
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """Silence after what was said, in ms, by the boundary that follows."""

    clause_ms: int = 250  # between the pieces of one long sentence
    comma_ms: int = 0  # at every comma; 0 leaves it to the voice, which keeps its melody better
    line_ms: int = 500  # the line of a poem
    sentence_ms: int = 700
    paragraph_ms: int = 1200
    item_ms: int = 900
    heading_ms: int = 1200
    chapter_ms: int = 2400  # never under 1200: some apps jump a second early

    @property
    def inside_ms(self) -> int:
        """Silence between the pieces of a sentence."""
        return self.comma_ms or self.clause_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The largest table that is read row by row; a larger one is named and left to the PDF."""

    rows: int = 12
    columns: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What an editor should look at; never stops the run. ``place`` is a sentence, block or chapter id, or a file."""

    code: str
    place: str
    text: str
    sound: str = ""  # SHA-256 of the take that it is about; "" where it is about no sound
