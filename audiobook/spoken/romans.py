"""Roman numerals -> numbers: with a word before them that is counted so, or where they can be nothing else."""

import re
from collections.abc import Iterator

from audiobook.spoken.cues import before
from audiobook.spoken.numbers import cardinal, ordinal, roman
from audiobook.spoken.spans import Span, words_before

PRIORITY = 55

_ROMAN = re.compile(r"(?<![\w/.&-])([IVXLCDM]{1,8})(?![^\W\d]|\d|&|/(?!(?:19|20)\d\d)|\.\w)")
_RANGE = re.compile(r"(?<![\w/.&-])([IVX]{1,7})\s?[-–]\s?([IVX]{1,7})(?![\w/&])")
_SMALL = re.compile(r"(?<=[\s(])(ii|iii|iv|vi|vii|viii|ix)(?=[).])")
_SURE = re.compile(r"[IVX]{2,8}")  # of these letters alone no abbreviation is made, but for a name


def romans(text: str) -> Iterator[Span]:
    """Every Roman numeral."""
    letters = [each for each in text if each.isalpha()]
    shouted = sum(each.isupper() for each in letters) > 0.7 * len(letters) and len(letters) > 8
    for match in _ROMAN.finditer(text):
        value = roman(match[1])
        left = words_before(text, match.start(), count=4)
        degrees = match[1] in "CDLM" and not left.endswith(("thế kỷ", "thứ"))  # 15 độ C, loại C
        cued = (before(left, "roman_before") and not degrees) or bool(
            _LISTED.search(text[: match.start()]) or _LISTED_AFTER.match(text, match.end())
        )
        sure = _SURE.fullmatch(match[1]) and not (shouted and match[1] in ("VI", "XI"))
        if not value or not (cued or sure or (value > 100 and len(match[1]) >= 4)):
            continue
        yield _span(match, _in_order(left, value))
    for match in _RANGE.finditer(text):
        first, last = roman(match[1]), roman(match[2])
        if first and last and (len(match[0]) > 3 or before(words_before(text, match.start()), "roman_before")):
            yield Span(
                start=match.start(),
                end=match.end(),
                spoken=f"{cardinal(first)} đến {cardinal(last)}",
                priority=PRIORITY + 1,
                rule="roman",
            )
    for match in _SMALL.finditer(text):
        yield _span(match, cardinal(roman(match[1].upper())))


def _in_order(left: str, value: int) -> str:
    if left.endswith("đệ"):
        return {1: "nhất", 2: "nhị", 3: "tam", 4: "tứ"}.get(value) or cardinal(value)
    return ordinal(value) if left.endswith("thứ") else cardinal(value)


_LISTED_AFTER = re.compile(r"\s?(?:,|và|hoặc|đến)\s?(?:I{2,3}|IV|VI{0,3}|IX|XI{0,3})\b")
_LISTED = re.compile(r"(?:[\s(,][IVX]{1,5}\s?(?:,|và|hoặc|đến)\s?)$")


def _span(match: re.Match[str], spoken: str) -> Span:
    return Span.of(match, spoken, priority=PRIORITY, rule="roman")
