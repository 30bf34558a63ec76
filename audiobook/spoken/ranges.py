"""Two amounts with a dash between -> from the one to the other; the dash alone, where each has its unit."""

import re
from collections.abc import Iterator
from functools import cache

from audiobook.spoken.cues import before, forms
from audiobook.spoken.measures import ELECTRIC, SCALES, unit_forms
from audiobook.spoken.numbers import NUMBER, number
from audiobook.spoken.spans import Span, words_before

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
    unit = rf"(?:{unit_forms()}|giờ|h|h\d\d|{SCALES})"
    return re.compile(rf"(?<![\w-])\d[\d.,]*(?:\s?{unit})?(?P<dash>\s?[-–]\s?)(?=\d)")


def ranges(text: str) -> Iterator[Span]:
    """Every dash that means "đến"; a dash between a name and its number, which is a pause."""
    for match in _TWO.finditer(text):
        if not _are_apart(text, match.start("first"), match):
            sign = "âm " if match["sign"] else ""
            said = f"{sign}{number(match['first'])} đến {number(match['last'])}"
            yield Span.of(match, said, priority=RANGE, rule="range")
    for pattern, priority in ((_measured(), BETWEEN), (_WORDS, RANGE - 12)):
        for match in pattern.finditer(text):
            if not _are_apart(text, match.start(), match):
                start, end = match.span("dash")
                yield Span(start=start, end=end, spoken="đến", priority=priority, rule="range")
    for match in _PAUSE.finditer(text):
        yield Span.of(match, ",", priority=APART, rule="dash")


def _are_apart(text: str, at: int, match: re.Match[str]) -> bool:
    """Whether two things stand beside one another: "Thôn 4 – 12 hộ", "27/7 – 500 suất quà", two telephones, 12V-100Ah."""
    left, right = text[: match.start("dash")], text[match.end("dash") :]
    if _TELEPHONE.match(right):
        return True
    units = _ELECTRIC_END.search(left), _ELECTRIC_START.match(right)
    if units[0] and units[1]:
        return units[0][1] != units[1][1]
    if match["dash"].strip() == match["dash"]:
        return False
    if _DAY_END.search(left):
        return not _DAY_START.match(right)
    is_numbered = before(words_before(text, at, count=3), "numbered_before") or _NAMED_YEAR.search(left)
    return bool(is_numbered) and bool(_some_things().match(right))


_TELEPHONE = re.compile(r"0\d{2,3}[ .]?\d{3}")
_ELECTRIC_END = re.compile(rf"\d\s?({'|'.join(sorted(ELECTRIC, key=len, reverse=True))})$")
_ELECTRIC_START = re.compile(rf"\d[\d.,]*\s?({'|'.join(sorted(ELECTRIC, key=len, reverse=True))})(?!\w)")
_DAY_END = re.compile(r"(?<![\d/])\d{1,2}/\d{1,2}(?:/\d{4})?$")
_DAY_START = re.compile(r"\d{1,2}\s?/\s?\d{1,2}(?!\d)")
_NAMED_YEAR = re.compile(r"[Nn]ăm\s(?:19|20)\d\d$")


@cache
def _some_things() -> re.Pattern[str]:
    """So many of something, or an amount."""
    things = "|".join(forms("count_after") + forms("things_after"))
    return re.compile(rf"(?!(?:19|20)\d\d\b){NUMBER}\s?(?:{SCALES}|{unit_forms()}|(?:{things})(?!\s\d))(?!\w)")
