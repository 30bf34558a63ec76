"""Dates and times -> words; and when a/b is a date, a share or a count.

"25/9" is a date where words for time stand before it or it is a feast; "2/5 số xã" is a share; "18/19 xã" is a count
out of a total.
"""

import calendar
import re
from collections.abc import Iterator

from audiobook.spoken.numbers import cardinal, month, number, ordinal
from audiobook.spoken.spans import Span, words_after, words_before

FULL, SHORT, CLOCK, SHARE, BETWEEN = 80, 66, 78, 64, 30

_FULL = re.compile(r"(?<![\w/.-])(\d{1,2})([/.-])(\d{1,2})\2((?:1[0-9]|20)\d\d)(?![\w/]|[.,]\d)")
_DAYS_IN_MONTH = re.compile(r"(?<![\w/.,-])(\d{1,2})\s?[-–]\s?(\d{1,2})/(\d{1,2})(?:/((?:19|20)\d\d))?(?![\w/])")
_MONTH_YEAR = re.compile(r"(?<![\w/.,-])(0?[1-9]|1[0-2])\s?[/-]\s?((?:19|20)\d\d)(?![\w/]|[.,]\d)")
_SHORT = re.compile(r"(?<![\w/.,-])(\d{1,3}(?:\.\d{3})*)\s?([/-])\s?(\d{1,3}(?:\.\d{3})*)(?![\w/%-]|[.,]\d)")
_QUARTER_YEAR = re.compile(r"(?<=[IVX])/((?:19|20)\d\d)(?![\w/])")
_BETWEEN = re.compile(r"(?<=[\dhg])\s?[-–]\s?(?=\d)")
_MONTH = re.compile(r"\b(tháng|Tháng|THÁNG)\s(0?[1-9]|1[0-2])(?![\d/%]|[.,]\d)")
_YEARS = re.compile(r"(?<![\w/.,-])((?:1[5-9]|20)\d\d)\s?[-–]\s?((?:1[5-9]|20)\d\d)(?![\w/]|[.,]\d)")
_CLOCK = re.compile(
    r"(?<![\w/.,-])([01]?\d|2[0-4])\s?(?:(h|giờ|H|g(?=[0-5]\d))(?:\s?([0-5]\d))?|(:)([0-5]\d))(?:'|p|ph|phút)?(?![\w:/])"
)
_THU = re.compile(r"\b(thứ|Thứ|mùng|Mùng|mồng|Mồng)\s(\d{1,3})(?![\d/]|[.,]\d)")

_TIME_BEFORE = re.compile(
    r"(?:^|\s)(?:ngày|sáng|trưa|chiều|tối|đêm|khuya|hôm|hôm nay|lễ|dịp|tết|trước|sau|hết|từ|đến|tới|kể từ|vào|mùng|mồng"
    r"|rằm"
    r"|chủ nhật|thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|niệm|việt nam|phụ nữ|thiếu nhi|quốc tế)$"
)
_FEASTS = frozenset(
    [
        "1/1",
        "3/2",
        "8/3",
        "26/3",
        "30/4",
        "1/5",
        "7/5",
        "19/5",
        "1/6",
        "21/6",
        "28/6",
        "27/7",
        "19/8",
        "2/9",
        "10/10",
        "20/10",
        "20/11",
        "22/12",
        "27/2",
        "10/3",
        "15/5",
        "9/5",
    ]
)
_SHARE_AFTER = (
    "số",
    "dân số",
    "diện tích",
    "tổng",
    "thời gian",
    "quân số",
    "lượng",
    "chặng",
    "quãng",
    "khẩu phần",
    "cốc",
    "thìa",
)
_HOUSE_BEFORE = re.compile(r"(?:^|\s)(?:ngõ|ngách|hẻm|kiệt|nhà|địa chỉ|căn hộ|phòng)(?: số)?$")
_SCORE_BEFORE = re.compile(r"(?:thắng|thua|hòa|tỷ số|tỉ số|dẫn)$")


def dates(text: str) -> Iterator[Span]:
    """Every date, month and span of years in a text."""
    yield from _days(text)
    yield from _months_and_years(text)


def _days(text: str) -> Iterator[Span]:
    for match in _FULL.finditer(text):
        day, month_, year = int(match[1]), int(match[3]), int(match[4])
        if _is_day(day, month_, year):
            yield _span(match, f"{_day_word(text, match.start())}{_day(day, month_)} năm {cardinal(year)}", FULL)
    for match in _DAYS_IN_MONTH.finditer(text):
        first, last, month_ = int(match[1]), int(match[2]), int(match[3])
        if first < last and _is_day(last, month_):
            year_words = f" năm {cardinal(int(match[4]))}" if match[4] else ""
            yield _span(match, f"{cardinal(first)} đến {_day(last, month_)}{year_words}", FULL)


def _months_and_years(text: str) -> Iterator[Span]:
    for match in _MONTH_YEAR.finditer(text):
        word = "" if words_before(text, match.start(), count=1) == "tháng" else "tháng "
        yield _span(match, f"{word}{month(int(match[1]))} năm {cardinal(int(match[2]))}", FULL)
    for match in _YEARS.finditer(text):
        yield _span(match, f"{cardinal(int(match[1]))} đến {cardinal(int(match[2]))}", FULL)
    for match in _QUARTER_YEAR.finditer(text):
        yield _span(match, f"năm {cardinal(int(match[1]))}", FULL)
    for match in _BETWEEN.finditer(text):
        yield _span(match, "đến", BETWEEN)
    for match in _MONTH.finditer(text):
        yield _span(match, f"tháng {month(int(match[2]))}", SHARE)
    for match in _THU.finditer(text):
        value = int(match[2])
        said = ordinal(value) if match[1].lower() == "thứ" else cardinal(value)
        yield _span(match, f"{match[1].lower()} {said}", SHARE)


def times(text: str) -> Iterator[Span]:
    """Every time of the clock."""
    for match in _CLOCK.finditer(text):
        minutes = match[3] or match[5] or ""
        words = f"{cardinal(int(match[1]))} giờ"
        if minutes and int(minutes):
            words += f" {cardinal(int(minutes))} phút"
        yield _span(match, words, CLOCK)


def slashed(text: str) -> Iterator[Span]:
    """a/b and a-b of two short numbers: a date, a score, a share, or a count out of a total."""
    for match in _SHORT.finditer(text):
        said = _slashed(match, text)
        if said:
            yield _span(match, said, SHORT)


def _slashed(match: re.Match[str], text: str) -> str:
    before = words_before(text, match.start(), count=6)
    after = words_after(text, match.end(), count=2)
    first, last = int(match[1].replace(".", "")), int(match[3].replace(".", ""))
    day = "." not in match[1] + match[3] and _is_day(first, last)
    feast = f"{first}/{last}" in _FEASTS
    if match[2] == "-":
        if _SCORE_BEFORE.search(before):
            return f"{cardinal(first)} {cardinal(last)}"
        named = before.endswith(("ngày", "sáng", "chiều", "tối", "niệm"))
        return _date_words(text, match, first, last) if day and ((feast and "ngày" in before) or named) else ""
    if _HOUSE_BEFORE.search(before):
        return f"{number(match[1])} trên {number(match[3])}"
    if day and _TIME_BEFORE.search(before):
        return _date_words(text, match, first, last)
    if after.startswith(_SHARE_AFTER):
        return f"{number(match[1])} phần {number(match[3])}"
    if day and feast and not re.match(r"(?:xã|phường|hộ|tiêu chí|đồng chí|đại biểu|chi bộ|thôn|tổ)\b", after):
        return _date_words(text, match, first, last)
    counted = after and first <= last
    if day and not counted:
        return _date_words(text, match, first, last)
    return f"{number(match[1])} trên {number(match[3])}"


def _date_words(text: str, match: re.Match[str], day: int, month_: int) -> str:
    return f"{_day_word(text, match.start())}{_day(day, month_)}"


def _day(day: int, month_: int) -> str:
    return f"{cardinal(day)} tháng {month(month_)}"


def _day_word(text: str, at: int) -> str:
    """The word "ngày" where a sentence would want it: not after a name, nor after a word that has it."""
    before = words_before(text, at, count=2).split(" ")
    last = before[-1]
    if last in ("ngày", "mùng", "mồng", "hôm", "rằm") or re.search(
        r"[A-ZĐ]\w*\s\w+\s$|tiểu học $|đường $|phố $", text[:at]
    ):
        return ""
    return "ngày "


def _is_day(day: int, month_: int, year: int = 2024) -> bool:
    return 1 <= month_ <= 12 and 1 <= day <= calendar.monthrange(max(1, year), month_)[1]


def _span(match: re.Match[str], spoken: str, priority: int) -> Span:
    return Span(start=match.start(), end=match.end(), spoken=spoken, priority=priority)
