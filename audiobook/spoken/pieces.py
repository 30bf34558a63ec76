"""Segments -> pieces that an engine can say in one breath: long sentences are cut at a mark, else between words."""

from collections.abc import Sequence

from audiobook.model.narration import Segment

LONGEST = 256
"""Characters; VieNeu cuts by itself above this, and then in bad places."""


def pieces(segments: Sequence[Segment], *, at_commas: bool = False) -> tuple[str, ...]:
    """The spoken words in pieces of at most ``LONGEST`` characters; a segment is cut only if it alone is longer.

    ``at_commas``: every mark ends a piece, so that the pause at it can be set.
    """
    words = [word for each in segments if each.spoken for word in _unbroken(each.spoken)]
    found: list[str] = []
    while words:
        count = _to_mark(words) if at_commas else _fitting(words)
        found.append(" ".join(words[:count]))
        words = words[count:]
    return tuple(found)


def _to_mark(words: Sequence[str]) -> int:
    marked = next((count for count, word in enumerate(words, start=1) if word[-1] in ",.?!"), len(words))
    return min(marked, _fitting(words))


def _unbroken(spoken: str) -> list[str]:
    return [spoken] if len(spoken) <= LONGEST else spoken.split()


def _fitting(words: Sequence[str]) -> int:
    """How many of the words make the next piece: all, or up to the last mark that fits, or what fits."""
    length, fitting, at_mark = -1, 0, 0
    for count, word in enumerate(words, start=1):
        length += len(word) + 1
        if length > LONGEST:
            break
        fitting = count
        if word[-1] in ",.?!":
            at_mark = count
    if fitting == len(words):
        return fitting
    return at_mark or fitting
