"""An arrow -> "đến" between two times, amounts, names or stages; a pause between steps; nothing before the first word."""

import re
from collections.abc import Iterator
from functools import cache

from audiobook.spoken.spans import Span
from audiobook.spoken.units import SCALES, unit_forms

ARROW = 98
"""Above a list's mark: "->" begins a line as often as a dash does."""

_ARROW = re.compile(r"\s?(?:<?[-–=]{1,2}>|[→⇒➔➜➞➝➙⟶⟹↔⇔⇄])\s?")
_CAPITAL = "A-ZĐÁÀẢÃẠÂĂÊÔƠƯ"
_NAME = re.compile(rf"(?<!\w)(?:[{_CAPITAL}]\w*\s)*[{_CAPITAL}][a-zà-ỹ]+$")
_NAME_TOO = re.compile(rf"[{_CAPITAL}][a-zà-ỹ]+(?!\w)")
_STAGE = re.compile(r"([^\W\d_]+)\s?(?:\d+|[IVX]+|nhất|hai|ba|tư|năm|sáu|bảy)$")
_STAGE_TOO = re.compile(r"([^\W\d_]+)\s?(?:\d+|[IVX]+|nhất|hai|ba|tư|năm|sáu|bảy)(?!\w)")
_FIRST_WORD = re.compile(r"\W*[^\W\d_]+$")
_NUMBER_TOO = re.compile(r"(?:hết |ngày |trước )?[-+]?\d|T\d")


def arrows(text: str) -> Iterator[Span]:
    """Every arrow."""
    for match in _ARROW.finditer(text):
        left, right = text[: match.start()], text[match.end() :]
        if not any(map(str.isalnum, left)):
            said = ""
        elif "=" in left and "=" in match[0]:
            said = "suy ra"  # of a reckoning
        else:
            said = "đến" if _leads(left[-60:], right[:40]) else ","
        yield Span.of(match, said, priority=ARROW, rule="sign")


def _leads(left: str, right: str) -> bool:
    """Whether it goes from one place, time or amount to another of the same kind."""
    if _amount_end().search(left) and _NUMBER_TOO.match(right):
        return True
    stage, other = _STAGE.search(left), _STAGE_TOO.match(right)
    if stage and other and stage[1].lower() == other[1].lower():
        return True
    is_name = _NAME.search(left) and not _FIRST_WORD.fullmatch(left)
    return bool(is_name and _NAME_TOO.match(right))


@cache
def _amount_end() -> re.Pattern[str]:
    return re.compile(rf"\d(?:\s?(?:{SCALES}|{unit_forms()}|[hg]\d{{0,2}}|giờ(?:\s\d\d)?|phút|hộ|người|điểm|tuổi))?$")
