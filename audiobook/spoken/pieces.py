"""Segments -> pieces that an engine can say in one breath: long sentences are cut at a mark, else between words."""

import math
from collections.abc import Sequence
from itertools import pairwise

from audiobook.model.narration import Segment
from audiobook.spoken.heard import NUMERALS

LONGEST = 256
"""Characters: what most engines say well in one go; for those that cannot, see ``shorter``."""


def pieces(segments: Sequence[Segment], *, at_commas: bool = False) -> tuple[str, ...]:
    """The spoken words in pieces of at most ``LONGEST`` characters; a segment is cut only if it alone is longer.

    ``at_commas``: every mark ends a piece, so that the pause at it can be set.
    """
    words = [word for each in segments if each.spoken for word in _unbroken(each.spoken)]
    found: list[str] = []
    while words:
        count = _to_mark(words) if at_commas else _fitting(words, LONGEST)
        found.append(" ".join(words[:count]))
        words = words[count:]
    return tuple(found)


def shorter(said: Sequence[str], *, longest: int) -> tuple[str, ...]:
    """The same pieces, those that are longer than ``longest`` characters cut again; never inside a number.

    >>> shorter(["phường báo tin, sáng mai có một trăm hai mươi suất quà tặng các cụ."], longest=36)
    ('phường báo tin,', 'sáng mai có một trăm hai mươi', 'suất quà tặng các cụ.')
    """
    found: list[str] = []
    for piece in said:
        words = [piece] if len(piece) <= longest else _with_whole_numbers(_words(piece, longest), longest)
        while words:
            count = _fitting(words, longest)
            found.append(" ".join(words[:count]))
            words = words[count:]
    return tuple(found)


def _with_whole_numbers(words: Sequence[str], longest: int) -> list[str]:
    """The words, those of a number as one."""
    found: list[str] = []
    for before, word in pairwise(("", *words)):
        is_number = before in NUMERALS and word.rstrip(",.?!") in NUMERALS
        if is_number and len(found[-1]) + 1 + len(word) <= longest:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def _to_mark(words: Sequence[str]) -> int:
    marked = next((count for count, word in enumerate(words, start=1) if word[-1] in ",.?!"), len(words))
    return min(marked, _fitting(words, LONGEST))


def _unbroken(spoken: str) -> list[str]:
    return [spoken] if len(spoken) <= LONGEST else _words(spoken, LONGEST)


def _words(spoken: str, longest: int) -> list[str]:
    """None longer than a piece may be: an address or a code without blanks is cut evenly."""
    found = []
    for word in spoken.split():
        share = math.ceil(len(word) / math.ceil(len(word) / longest))
        found += [word[at : at + share] for at in range(0, len(word), share)]
    return found


def _fitting(words: Sequence[str], longest: int) -> int:
    """How many of the words make the next piece: all, or up to the last mark that fits, or an even share."""
    length, fitting, at_mark = -1, 0, 0
    for count, word in enumerate(words, start=1):
        length += len(word) + 1
        if length > longest:
            break
        fitting = count
        if word[-1] in ",.?!":
            at_mark = count
    if fitting == len(words):
        return fitting
    return at_mark or min(fitting, _even(words, longest))


def _even(words: Sequence[str], longest: int) -> int:
    """How many make a share as large as the others: a last piece of a word or two would be said badly."""
    length = len(" ".join(words))
    share = length / math.ceil(length / longest)
    return next(count for count in range(1, len(words) + 1) if len(" ".join(words[:count])) >= share)
