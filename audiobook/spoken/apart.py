"""A dash between two numbers that means no "đến": two things stand beside one another."""

import re
from functools import cache

from audiobook.spoken.cues import before, forms
from audiobook.spoken.numbers import NUMBER
from audiobook.spoken.spans import words_before
from audiobook.spoken.units import ELECTRIC, SCALES, unit_forms


def are_apart(text: str, at: int, match: re.Match[str]) -> bool:
    """Whether two things stand beside one another: "Thôn 4 – 12 hộ", "27/7 – 500 suất quà", two telephones, 12V-100Ah."""
    left, right = text[: match.start("dash")], text[match.end("dash") :]
    if _TELEPHONE.match(right):
        return True
    units = _ELECTRIC_END.search(left), _ELECTRIC_START.match(right)
    if units[0] and units[1]:
        return units[0][1] != units[1][1]
    if match["dash"].strip() == match["dash"]:
        return False
    if _AGE_END.search(left) and _GIFT.match(right):
        return True
    if _DAY_END.search(left):
        return not _DAY_START.match(right)
    is_numbered = before(words_before(text, at, count=3), "numbered_before") or _NAMED_YEAR.search(left)
    return bool(is_numbered) and bool(_some_things().match(right))


_TELEPHONE = re.compile(r"0\d{2,3}[ .]?\d{3}")
_ELECTRIC_END = re.compile(rf"\d\s?({'|'.join(sorted(ELECTRIC, key=len, reverse=True))})$")
_ELECTRIC_START = re.compile(rf"\d[\d.,]*\s?({'|'.join(sorted(ELECTRIC, key=len, reverse=True))})(?!\w)")
_DAY_END = re.compile(r"(?<![\d/])\d{1,2}/\d{1,2}(?:/\d{4})?$")
_DAY_START = re.compile(r"\d{1,2}\s?/\s?\d{1,2}(?!\d)")
_AGE_END = re.compile(r"[Tt]uổi$|\b[A-Z]{0,2}\d{1,2}[A-Z]$")
_GIFT = re.compile(r"\d{1,3}(?:\.\d{3})+\s?(?:đ|đồng|VNĐ)(?!\w)")
_NAMED_YEAR = re.compile(r"[Nn]ăm\s(?:19|20)\d\d$")


@cache
def _some_things() -> re.Pattern[str]:
    """So many of something, or an amount."""
    things = "|".join(forms("count_after") + forms("things_after"))
    return re.compile(rf"(?!(?:19|20)\d\d\b){NUMBER}\s?(?:{SCALES}|{unit_forms()}|(?:{things})(?!\s\d))(?!\w)")
