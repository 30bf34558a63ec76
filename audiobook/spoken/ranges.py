"""Two amounts with a dash between -> from the one to the other; the dash alone, where each has its unit."""

import re
from collections.abc import Iterator
from functools import cache

from audiobook.spoken.apart import are_apart
from audiobook.spoken.numbers import NUMBER, number
from audiobook.spoken.spans import Span
from audiobook.spoken.units import SCALES, unit_forms

RANGE, BETWEEN, APART = 60, 30, 29

_TWO = re.compile(
    rf"(?<![\w.,/-])(?P<sign>[-–](?=\d))?(?P<first>{NUMBER})(?P<dash>\s?[-–]\s?)(?P<last>{NUMBER})(?![\w/-]|[.,]\d)"
)
_PAUSE = re.compile(r"(?<=[\w.)%])\s-\s(?=\d)")
_WORDS = re.compile(
    r"(?:\d\s?(?:h|giờ|g)\d{0,2}\s(?:sáng|trưa|chiều|tối|đêm)|[Tt]hứ\s\w+|\bT[2-7]|[Kk]m\s?\d+(?:\+\d+)?|\b[A-Z]\d{1,3}|\d\s?%"
    r"|[Tt]háng\s\d+|[Nn]gày\s\d+|[Cc]hủ nhật|[Tt]uổi|[Nn]ăm\s\d{4})(?P<dash>\s?[-–]\s?)"
    r"(?=\d|[Tt]hứ\s|T[2-7]\b|CN\b|[Cc]hủ nhật|[Kk]m\s?\d|[A-Z]\d{1,3}\b|[Tt]háng\s\d|[Nn]gày\s\d|[Nn]ăm\s\d)"
)


@cache
def _measured() -> re.Pattern[str]:
    unit = rf"(?:{unit_forms()}|giờ|h|h\d\d'?|{SCALES})"
    return re.compile(rf"(?<![\w-])\d[\d.,]*(?:\s?{unit})?(?P<dash>\s?[-–]\s?)(?=\d)")


def ranges(text: str) -> Iterator[Span]:
    """Every dash that means "đến"; a dash between a name and its number, which is a pause."""
    for match in _TWO.finditer(text):
        if not are_apart(text, match.start("first"), match):
            sign = "âm " if match["sign"] else ""
            said = f"{sign}{number(match['first'])} đến {number(match['last'])}"
            yield Span.of(match, said, priority=RANGE, rule="range")
    for pattern, priority in ((_measured(), BETWEEN), (_WORDS, RANGE - 12)):
        for match in pattern.finditer(text):
            if not are_apart(text, match.start(), match):
                start, end = match.span("dash")
                yield Span(start=start, end=end, spoken="đến", priority=priority, rule="range")
    for match in _PAUSE.finditer(text):
        yield Span.of(match, ",", priority=APART, rule="dash")
