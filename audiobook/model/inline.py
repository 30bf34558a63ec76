"""Block -> stretches: its text cut where sentences and marks begin and end, ready to be nested by any format."""

import itertools
from dataclasses import dataclass

from audiobook.model.issue import Block, Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A piece of text under the same marks throughout."""

    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A sentence, or what stands between sentences (``sentence`` is then "")."""

    sentence: str
    runs: tuple[Run, ...]


def stretches(block: Block, *, start: int = 0, end: int | None = None, sentences: bool = True) -> tuple[Stretch, ...]:
    """Cut ``block.text[start:end]``: sentences outermost, marks inside; a mark across two sentences is cut in two.

    ``sentences=False`` leaves the sentences out (in a table a sentence is a whole row, and cells are cut alone).
    """
    stop = len(block.text) if end is None else end
    found = []
    at = start
    for sentence in block.sentences if sentences else ():
        first, last = max(at, sentence.start), min(stop, sentence.end)
        if last < first:
            continue
        if at < first:
            found.append(Stretch(sentence="", runs=_runs(block, at, first)))
        found.append(Stretch(sentence=sentence.id, runs=_runs(block, first, last)))
        at = last
    if at < stop:
        found.append(Stretch(sentence="", runs=_runs(block, at, stop)))
    return tuple(found)


def _runs(block: Block, start: int, end: int) -> tuple[Run, ...]:
    inside = [mark for mark in block.marks if mark.start < end and mark.end > start and mark.start < mark.end]
    edges = sorted({start, end, *(edge for mark in inside for edge in (mark.start, mark.end) if start < edge < end)})
    return tuple(
        Run(text=block.text[a:b], marks=tuple(mark for mark in inside if mark.start <= a and mark.end >= b))
        for a, b in itertools.pairwise(edges)
    )
