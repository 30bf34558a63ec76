"""T2 to T7 and CN -> days of the week; T8, T.10, "tổng kết T6" -> months; T1 of an airport is neither."""

import re
from collections.abc import Iterator

from audiobook.spoken.cues import before
from audiobook.spoken.letters import spelled
from audiobook.spoken.numbers import cardinal, month, ordinal
from audiobook.spoken.spans import Span, words_before

PRIORITY = 64

_LIST = re.compile(r"(?<![\w./-])T\.?\d{1,2}(?:(?:, | và | đến |\s?[-–]\s?)T\.?\d{1,2})*(?![\w/]|[.,]\d)")
_NUMBER = re.compile(r"T(\.?)0?(\d{1,2})")
_YEAR = re.compile(r"\snăm\s(?:19|20)\d\d")
_MONTH_TOO = re.compile(r"[Tt]háng\s\d{1,2}(?:, | và )$")
_GIVER = re.compile(r"[A-ZĐ]\w+(?:\s[-–]|,)?\s\(?$")
_GIFT = re.compile(
    r"\)?\s?[-–:,]?\s?\d{1,3}(?:\.\d{3})+\s?(?:đ|đồng|VNĐ)(?!\w)|\)?\s?[-–:,]?\s?\d+\s?(?:nghìn|triệu|kg|suất)"
)
_SUNDAY = re.compile(r"(?<![\w.])CN(?![\w])")
_SCHEDULE = re.compile(r"(?:(?<![\w.])T[2-7]\b|\b\d\d?\s?(?:h|g|giờ|:)\d?|[Tt]hứ\s\w)")


def weekdays(text: str) -> Iterator[Span]:
    """Every day of the week and every month that is written by its letter."""
    for match in _LIST.finditer(text):
        named = [(found, int(found[2])) for found in _NUMBER.finditer(text, match.start(), match.end())]
        numbers = [number for _, number in named]
        left = words_before(text, match.start())
        if before(left, "terminal_before") or not 1 <= min(numbers) <= max(numbers) <= 12:
            continue
        if _GIVER.search(text[: match.start()]) and _GIFT.match(text, match.end()):
            for found, number in named:  # a giver's group or village: the letter is left as it is
                yield _span(found, f"{spelled('T')} {cardinal(number)}")
            continue
        of_days = not named[0][0][1] and {1, *range(8, 13)}.isdisjoint(numbers)
        is_month = not of_days or before(left, "month_before") or _is_month(text, match)
        for position, (found, number) in enumerate(named):
            said = f"tháng {month(number)}" if is_month else f"thứ {ordinal(number)}"
            yield _span(found, month(number) if not position and left.endswith("tháng") else said)
    if _SCHEDULE.search(text):
        for match in _SUNDAY.finditer(text):
            yield _span(match, "chủ nhật")


def _is_month(text: str, match: re.Match[str]) -> bool:
    return bool(_YEAR.match(text, match.end()) or _MONTH_TOO.search(text[: match.start()]))


def _span(match: re.Match[str], spoken: str) -> Span:
    return Span.of(match, spoken, priority=PRIORITY, rule="date")
