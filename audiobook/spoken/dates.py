"""Days, months, quarters and years -> words: 3/5/2023, 30/4–1/5, tháng 4/2025, quý II/2024, 2020–2025, mùng 4."""

import calendar
import re
from collections.abc import Iterator

from audiobook.spoken.cues import after, before
from audiobook.spoken.numbers import cardinal, month, ordinal, roman
from audiobook.spoken.spans import Span, words_after, words_before

RANGE, FULL, WORD = 82, 80, 64
_NO_DAY = 31
"""Priorities: of two dates with a dash between; of one date; of a word with its number ("tháng 4")."""

_L, _R = r"(?<![\w/.,-])", r"(?![\w/]|[.,-]\d)"
_D, _Y = r"(\d{1,2})", r"((?:1[0-9]|20)\d\d)"
_DASH = r"\s?[-–]\s?"
_FULL = re.compile(rf"{_L}{_D}\s?([/.-])\s?{_D}\s?\2\s?{_Y}(?![\w/]|[.,]\d)")
_ISO = re.compile(rf"{_L}{_Y}([/.-])(\d\d?)\2(\d\d?){_R}")
_SHORT_YEAR = re.compile(rf"{_L}{_D}([/.-]){_D}\2(\d\d){_R}")
_BOTH = re.compile(rf"{_L}{_D}/{_D}(?:/{_Y})?{_DASH}{_D}/{_D}(?:/{_Y})?(?![\w/%]|[.,]\d)")
_DAYS = re.compile(rf"{_L}{_D}{_DASH}{_D}([/-]){_D}(?:\3{_Y})?(?![\w/%]|[.,]\d)")
_MONTHS = re.compile(rf"{_L}(0?[1-9]|1[0-2]){_DASH}(0?[1-9]|1[0-2])/{_Y}{_R}")
_MONTH_YEAR = re.compile(rf"{_L}(0?[1-9]|1[0-2])\s?[/-]\s?{_Y}(?![\w/%]|[.,]\d)")
_MONTH_DOT_YEAR = re.compile(rf"{_L}(0?[1-9]|1[0-2])\.{_Y}{_R}")
_YEARS = re.compile(rf"{_L}((?:1\d|20)\d\d){_DASH}((?:1\d|20)\d\d){_R}")
_SHORT_YEARS = re.compile(rf"{_L}((?:19|20)\d\d){_DASH}(\d\d){_R}")
_SCHOOL_YEARS = re.compile(rf"{_L}((?:19|20)\d\d)/((?:19|20)\d\d|\d\d){_R}")
_QUARTER = re.compile(
    r"\b(?:(?P<word>[Qq]uý|QUÝ)\s|(?P<letter>Q)\.?)(?P<n>IV|I{1,3}|[1-4])(?:\s?[/-]\s?(?P<year>(?:19|20)\d\d))?(?![\w/]|[.,]\d)"
)
_MONTH = re.compile(r"\b([Tt]háng|THÁNG)\s(0?[1-9]|1[0-2])(?:\s?[-–]\s?(0?[1-9]|1[0-2]))?(?![\d/%]|[.,]\d)")
_QUARTERS = re.compile(
    r"\b[Qq]uý\s(?P<first>IV|I{1,3}|[1-4])(?P<link>\s(?:và|đến)\s|\s?[-–]\s?|,\s)(?P<last>IV|I{1,3}|[1-4])"
    r"(?:\s?[/-]\s?(?P<year>(?:19|20)\d\d))?(?![\w/]|[.,]\d)"
)
_T_MONTH = re.compile(rf"(?<![\w.])T\.?(0?[1-9]|1[0-2])[/-]{_Y}{_R}")
_NTH = re.compile(r"\b(thứ|Thứ|THỨ|mùng|Mùng|MÙNG|mồng|Mồng)\s(\d{1,3})(?:(\s?[-–]\s?)(\d{1,3}))?(?![\d/]|[.,]\d)")
_DOTTED = re.compile(
    r"(?:(?<=ngày )|(?<=sáng )|(?<=trưa )|(?<=chiều )|(?<=tối )|(?<=đêm )|(?<=hôm )|(?<=dịp )|(?<=lễ )|(?<=mừng )|(?<=niệm )"
    r"|(?<=ngày \d\d\.\d và )|(?<=ngày \d\.\d và ))(\d{1,2})\.(\d{1,2})"
    r"(?![\w/%]|[.,]\d|\s(?:triệu|tỷ|nghìn|ha|km|m|kg|tấn|tạ|độ|điểm|đồng|lít)\b)",
    re.IGNORECASE,
)
_OLD_MONTH = re.compile(
    r"(?:(?<=tháng )|(?<=ngũ )|(?<=ngũ: )|(?<=hy sinh )|(?<=hi sinh )|(?<=xuất ngũ )|(?<=cuối )|(?<=đầu )|(?<=giữa ))"
    r"(0?[1-9]|1[0-2])/(\d\d)(?![\w/%]|[.,]\d)",
    re.IGNORECASE,
)
_LISTED = re.compile(r"ngày\s(?:\d{1,2}(?:/\d{1,2})?\s?(?:,|;|và|hoặc)\s?)+$", re.IGNORECASE)


def dates(text: str) -> Iterator[Span]:
    """Every date, month, quarter and span of years in a text."""
    yield from _whole_dates(text)
    yield from _dotted(text)
    yield from _from_to(text)
    yield from _months(text)
    yield from _years(text)
    yield from _named(text)


def _whole_dates(text: str) -> Iterator[Span]:
    for match in _FULL.finditer(text):
        yield from _dated(text, match, match[1], match[3], match[4])
    for match in _ISO.finditer(text):
        yield from _dated(text, match, match[4], match[3], match[1])
    for match in _SHORT_YEAR.finditer(text):
        if before(words_before(text, match.start()), "date_before") or match[2] == "/":
            yield from _dated(text, match, match[1], match[3], match[4])


def _dotted(text: str) -> Iterator[Span]:
    for match in _DOTTED.finditer(text):
        if is_day(int(match[1]), int(match[2])):
            yield _span(match, spoken_day(int(match[1]), int(match[2])), FULL)


def _dated(text: str, match: re.Match[str], day: str, month_: str, year: str) -> Iterator[Span]:
    if is_day(int(day), int(month_), int(year) if len(year) == 4 else 2024):
        said = f"{day_word(text, match.start())}{spoken_day(int(day), int(month_))} năm {cardinal(int(year))}"
        yield _span(match, said, FULL)


def _from_to(text: str) -> Iterator[Span]:
    for match in _BOTH.finditer(text):
        d1, m1, y1, d2, m2, y2 = match.groups()
        if is_day(int(d1), int(m1)) and is_day(int(d2), int(m2)) and not _is_measure(text, match):
            first = spoken_day(int(d1), int(m1)) + _of_year(y1)
            yield _span(
                match,
                f"{day_word(text, match.start())}{first} đến ngày {spoken_day(int(d2), int(m2))}{_of_year(y2)}",
                RANGE,
            )
    for match in _DAYS.finditer(text):
        day, last, month_ = int(match[1]), int(match[2]), int(match[4])
        if match[3] == "-" and not match[5]:
            continue
        if day < last and is_day(last, month_):
            said = f"{day_word(text, match.start())}{cardinal(day)} đến {spoken_day(last, month_)}{_of_year(match[5])}"
            yield _span(match, said, RANGE)


def _is_measure(text: str, match: re.Match[str]) -> bool:
    """1/3 - 1/2 of an area are shares."""
    right = words_after(text, match.end())
    return (
        after(right, "share_after")
        or after(right, "count_after")
        or bool(re.search(r"(?:tỷ lệ|tỉ lệ)\s$", text[: match.start()]))
    )


def _months(text: str) -> Iterator[Span]:
    for match in _MONTHS.finditer(text):
        word = "" if _after_month(text, match) else "tháng "
        yield _span(
            match, f"{word}{month(int(match[1]))} đến tháng {month(int(match[2]))} năm {cardinal(int(match[3]))}", RANGE
        )
    for pattern in (_MONTH_YEAR, _MONTH_DOT_YEAR):
        for match in pattern.finditer(text):
            if before(words_before(text, match.start()), "number_before"):  # "Bản tin số 5/2025", "đợt 2/2024"
                yield _span(match, f"{cardinal(int(match[1]))} năm {cardinal(int(match[2]))}", FULL)
                continue
            word = "" if _after_month(text, match) else "tháng "
            yield _span(match, f"{word}{month(int(match[1]))} năm {cardinal(int(match[2]))}", FULL)
    for match in _OLD_MONTH.finditer(text):
        if int(match[2]) > _NO_DAY:  # "tháng 3/75"; "đầu 1/10" may be a day
            word = "" if _after_month(text, match) else "tháng "
            yield _span(match, f"{word}{month(int(match[1]))} năm {cardinal(int(match[2]))}", FULL)
    for match in _T_MONTH.finditer(text):
        yield _span(match, f"tháng {month(int(match[1]))} năm {cardinal(int(match[2]))}", FULL)
    for match in _MONTH.finditer(text):
        last = f" đến tháng {month(int(match[3]))}" if match[3] else ""
        yield _span(match, f"tháng {month(int(match[2]))}{last}", WORD)


def _after_month(text: str, match: re.Match[str]) -> bool:
    return words_before(text, match.start(), count=1) == "tháng"


def _years(text: str) -> Iterator[Span]:
    for match in _YEARS.finditer(text):
        if int(match[1]) >= int(match[2]) or before(words_before(text, match.start()), "digits_before"):
            continue  # 1800-1234 is a telephone
        yield _span(match, f"{cardinal(int(match[1]))} đến {cardinal(int(match[2]))}", FULL)
    for match in _SHORT_YEARS.finditer(text):
        if int(match[1][2:]) < int(match[2]) and re.search(
            r"(?:giai đoạn|nhiệm kỳ|niên khóa|năm học|mùa giải|năm)\s$", text[: match.start()]
        ):
            yield _span(match, f"{cardinal(int(match[1]))} đến {cardinal(int(match[2]))}", FULL)
    for match in _SCHOOL_YEARS.finditer(text):
        yield _span(match, f"{cardinal(int(match[1]))}, {cardinal(int(match[2]))}", FULL)
    for match in _QUARTERS.finditer(text):
        first, last = (cardinal(int(n) if n.isdigit() else roman(n)) for n in (match["first"], match["last"]))
        link = match["link"].strip() if match["link"].strip() not in "-–" else "đến"
        joined = f", {last}" if link == "," else f" {link} {last}"
        yield _span(match, f"quý {first}{joined}{_of_year(match['year'])}", RANGE)
    told = -1  # where a quarter's name came to: "Q3 và Q4"
    for match in _QUARTER.finditer(text):
        listed = told >= 0 and _QUARTER_TOO.fullmatch(text, told, match.start())
        if match["letter"] and not match["year"] and not listed and not _reports(text, match):
            continue
        told = match.end()
        number = int(match["n"]) if match["n"].isdigit() else roman(match["n"])
        yield _span(match, f"quý {cardinal(number)}{_of_year(match['year'])}", FULL)


_QUARTER_TOO = re.compile(r",? (?:và |đến )?|\s?[-–]\s?")
_PLACE_BEHIND = re.compile(r"(?:,| -) ?(?:TP|Tp|tp|thành phố|Thành phố|Hà Nội|HCM)")


def _reports(text: str, match: re.Match[str]) -> bool:
    """Q1 is a quarter of the year in reports; Q.1 and "Q1, TP.HCM" a district."""
    left = words_before(text, match.start())
    if match[0][1] == "." or before(left, "place_before") or _PLACE_BEHIND.match(text, match.end()):
        return False
    return before(left, "quarter_before") or bool(
        _REPORTED.search(f"{left} {text[match.end() : match.end() + 12].lower()}")
    )


_REPORTED = re.compile(
    r"doanh thu|lợi nhuận|tăng trưởng|kế hoạch|kết quả|báo cáo|trong|năm|cuối|đầu|nhiệm vụ|chỉ tiêu|tháng|quý"
    r"|(?:tăng|giảm|đạt|ước) \d|ước đạt"
)


def _named(text: str) -> Iterator[Span]:
    for match in _NTH.finditer(text):
        say = ordinal if match[1].lower() == "thứ" else cardinal
        last = f" đến {say(int(match[4]))}" if match[4] else ""
        yield _span(match, f"{match[1].lower()} {say(int(match[2]))}{last}", WORD)


def listed_with_days(text: str, at: int) -> bool:
    """Whether "các ngày 3, 4 và" stands before a place: what follows is a date too."""
    return bool(_LISTED.search(text[max(0, at - 60) : at]))


def spoken_day(day: int, month_: int) -> str:
    """A day of a month.

    >>> spoken_day(30, 4)
    'ba mươi tháng tư'
    """
    return f"{cardinal(day)} tháng {month(month_)}"


def day_word(text: str, at: int) -> str:
    """The word "ngày" where a sentence would want it: not after a name, nor after a word that has it."""
    words = words_before(text, at, count=4)
    if words.endswith(("ngày", "mùng", "mồng", "hôm", "rằm", "đêm")) or before(words, "named_by_date_before"):
        return ""
    if listed_with_days(text, at) or _NAME.search(text[max(0, at - 40) : at]):
        return ""
    return "ngày "


_NAME = re.compile(r"[A-ZĐ]\w*\s\w+\s$")


def is_day(day: int, month_: int, year: int = 2024) -> bool:
    """Whether the calendar has such a day (in a leap year, unless the year is known)."""
    return 1 <= month_ <= 12 and 1 <= day <= calendar.monthrange(max(1, year), month_)[1]


def _of_year(year: str | None) -> str:
    return f" năm {cardinal(int(year))}" if year else ""


def _span(match: re.Match[str], spoken: str, priority: int) -> Span:
    return Span.of(match, spoken, priority=priority, rule="date")
