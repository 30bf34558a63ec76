"""Times of the clock and lengths of time -> words: 7h45, 16:00, 08g30, 8–10h, 24/24h, 10:30:15, 5'30"."""

import re
from collections.abc import Iterator

from audiobook.spoken.cues import before
from audiobook.spoken.numbers import cardinal
from audiobook.spoken.spans import Span, words_before

RANGE, CLOCK = 79, 78

_L = r"(?<![\w/.,-])"
_CLOCK = re.compile(
    r"(?<![\w/.,])(?<![A-Z]-)([01]?\d|2[0-4])\s?"
    r"(?:(?:h|giờ|H|GIỜ|g(?=\s?[0-5]\d|\s(?:sáng|trưa|chiều|tối|đêm|ngày|kém|rưỡi)))(?:\s?([0-5]\d)(?!\d))?|:([0-5]\d))"
    r"(?:'|p|ph|phút| phút)?(?![\w/%]|[.,:]\d)"
)
_SECONDS = re.compile(r"(?<![\w/.,:])([01]?\d|2[0-4]):([0-5]\d):([0-5]\d)(?![\w:/]|[.,]\d)")
_H_M_S = re.compile(
    r"(?<![\w/.,])(\d{1,2})(?:h|\s?giờ)\s?([0-5]?\d)(?:(?:m|p|ph|')\s?([0-5]?\d)s|'\s?([0-5]?\d)(?:''|\"))(?!\w)"
)
_CLOCK_SHORT = re.compile(r"(?<![\w/.,-])([01]?\d|2[0-4])h([1-9])(?:'|p|ph|\s?phút)?(?![\w/%]|[.,:]\d)")
_HOURS = re.compile(rf"{_L}(\d{{1,2}})\s?[-–]\s?(\d{{1,2}})\s?(?:h|giờ)(?:\s?([0-5]\d))?(?![\w/%]|:\d)")
_AROUND_THE_CLOCK = re.compile(rf"{_L}24/(24|7)\s?(?:h|giờ)?(?!\w)")
_DOTTED = re.compile(r"(?<![\w/.,])([01]?\d|2[0-3])\.([0-5]\d)(?![\w/%]|[.,]\d|\s(?:triệu|tỷ|nghìn|kg|km|m|đồng))")
_AT = re.compile(r"(?:lúc|từ|đến|hồi|vào)\s$", re.IGNORECASE)
_SCREEN = re.compile(r"(?:tỷ lệ|tỉ lệ|khung hình|màn hình)\s$")
_NOON = re.compile(r"(?<=\d)\s?([aApP])\.?[mM]\.?(?!\w)")
_TENTHS = re.compile(r"(?<![\w/.,])(\d{1,3})\"(\d{1,2})(?!\w)")
_HUNDREDTHS = re.compile(r"(?<![\w/.,])(\d{1,3})'\s?([0-5]?\d)(?:\"|'')(\d{1,2})(?!\w)")
_MINUTES = re.compile(r"(?<![\w/.,])(\d{1,3})(?:'(?:\s?([0-5]?\d)(?:\"|'')?)?|p)(?!\w)")
_M_S = re.compile(r"(?<![\w/.,])(\d{1,3})\s?(?:p|ph)\s?([0-5]?\d)\s?s(?!\w)")


_HOURS_G = re.compile(r"(?<![\w/.,-])([01]?\d|2[0-4])g(\s?[-–]\s?)([01]?\d|2[0-4])g([0-5]\d)?(?![\w/%]|[.,]\d)")
_HOUR_G = re.compile(
    r"(?:(?<=g\d\d-)|(?<=g\d\d - )|(?<=lúc )|(?<=từ )|(?<=đến )|(?<=hồi )|(?<=vào )|(?<=trước )|(?<=sau ))"
    r"([01]?\d|2[0-4])g(?![\w/%]|[.,]\d)",
    re.IGNORECASE,
)


def times(text: str) -> Iterator[Span]:
    """Every time of the clock and every length of time."""
    yield from _clock(text)
    yield from _hours_by_g(text)
    yield from _spans_of_hours(text)
    yield from _lengths(text)


def _hours_by_g(text: str) -> Iterator[Span]:
    for match in _HOURS_G.finditer(text):
        yield _span(match, f"{_hours(match[1], '')} đến {_hours(match[3], match[4] or '')}", RANGE)
    for match in _HOUR_G.finditer(text):
        yield _span(match, _hours(match[1], ""))


def _clock(text: str) -> Iterator[Span]:
    for match in _SECONDS.finditer(text):
        yield _span(match, f"{_hours(match[1], match[2])} {cardinal(int(match[3]))} giây")
    for match in _H_M_S.finditer(text):
        yield _span(match, f"{_hours(match[1], match[2])} {cardinal(int(match[3] or match[4]))} giây", RANGE)
    for match in _CLOCK_SHORT.finditer(text):
        yield _span(match, _hours(match[1], match[2]))
    for match in _CLOCK.finditer(text):
        if match[3] and (
            before(words_before(text, match.start()), "score_before") or _SCREEN.search(text[: match.start()])
        ):
            continue
        yield _span(match, _hours(match[1], match[2] or match[3] or ""))
    for match in _DOTTED.finditer(text):
        if _AT.search(text[: match.start()]):
            yield _span(match, _hours(match[1], match[2]), RANGE)
    for match in _NOON.finditer(text):
        hour = re.search(r"(\d{1,2})(?::\d\d)?$", text[: match.start()])
        late = hour is not None and 6 <= int(hour[1]) <= 11
        part = "sáng" if match[1] in "aA" else "tối" if late else "chiều"
        yield _span(match, part if ":" in (hour[0] if hour else ":") else f"giờ {part}")


def _spans_of_hours(text: str) -> Iterator[Span]:
    for match in _HOURS.finditer(text):
        if int(match[1]) < int(match[2]) <= 24:
            yield _span(match, f"{cardinal(int(match[1]))} đến {_hours(match[2], match[3] or '')}", RANGE)
    for match in _AROUND_THE_CLOCK.finditer(text):
        if match[1] == "24" or not before(words_before(text, match.start()), "date_before"):
            hours = " giờ" if match[0][-1] in "hờ" else ""
            yield _span(match, f"hai mươi bốn trên {cardinal(int(match[1]))}{hours}", RANGE)


def _lengths(text: str) -> Iterator[Span]:
    for match in _TENTHS.finditer(text):
        yield _span(match, f"{cardinal(int(match[1]))} giây {cardinal(int(match[2]))}")
    for match in _HUNDREDTHS.finditer(text):
        minutes, seconds, rest = (cardinal(int(each)) for each in match.groups())
        yield _span(match, f"{minutes} phút {seconds} giây {rest}", RANGE)
    for pattern in (_MINUTES, _M_S):
        for match in pattern.finditer(text):
            seconds = f" {cardinal(int(match[2]))} giây" if match[2] else ""
            minutes = "" if words_before(text, match.start()).endswith("phút") else " phút"  # "phút 88'"
            yield _span(match, f"{cardinal(int(match[1]))}{minutes}{seconds}")


def _hours(hours: str, minutes: str) -> str:
    words = f"{cardinal(int(hours))} giờ"
    return f"{words} {cardinal(int(minutes))} phút" if minutes and int(minutes) else words


def _span(match: re.Match[str], spoken: str, priority: int = CLOCK) -> Span:
    return Span.of(match, spoken, priority=priority, rule="time")
