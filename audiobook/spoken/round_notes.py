"""Marks of footnotes in round brackets -> silence: văn hóa(1), 98,5%(2) hộ dân, nhân chứng (3). Counts and parts are said."""

import itertools
import re
from collections.abc import Iterator
from functools import cache

from audiobook.spoken.cues import before, forms
from audiobook.spoken.marks import NOTE
from audiobook.spoken.spans import Span, words_before

_ROUND = re.compile(
    r"(?:(?:(?<=[^\W\d_]{2})|(?<=[\"'%]))\((?P<close>[1-9]\d?)\)|(?<=[\w\"'%])\s\((?P<apart>[1-9])\)(?=[\"']?\s?(?:[.,;!?]|$)))(?!\w)"
)
_ENUMERATED = re.compile(r"(?:[;:,.]|\svà)\s*\(\d{1,2}\)\s?\w|^[^(]*\s\(1\)\s\w")


def round_notes(text: str) -> Iterator[Span]:
    """The marks of a text, unless it counts by them ((1) …; (2) …) or they do not run on by one."""
    found = [match for match in _ROUND.finditer(text) if not _is_part(text, match)]
    numbers = [int(match["close"] or match["apart"]) for match in found]
    if any(second - first not in (0, 1) for first, second in itertools.pairwise(numbers)) or _ENUMERATED.search(text):
        return
    counts = any(match["apart"] and _is_count(text, match) for match in found)
    for match in found:
        if match["close"] or not counts:
            # a count that was glued to its word would be lost: an editor must see what is not said
            yield Span.of(match, "", priority=NOTE, rule="note", doubt="S-NOTE")


def _is_part(text: str, match: re.Match[str]) -> bool:
    """Khoản (2) and Điều(3) are named so."""
    return before(words_before(text, match.start()), "part_before")


def _is_count(text: str, match: re.Match[str]) -> bool:
    """12 hộ cận nghèo (5); "số người vắng (3)"; "ông Lan (2)" gave two of something."""
    left = words_before(text, match.start(), count=5).split()
    return bool(_NAME.search(text[: match.start()])) or any(word in _counted() for word in left)


@cache
def _counted() -> frozenset[str]:
    return frozenset(("số", "tổng", "gồm", "còn", "có", *forms("count_after"), *forms("things_after")))


_NAME = re.compile(r"[A-ZĐÁÀẢÃẠÂĂÊÔƠƯ][^\W\d_]*$")
