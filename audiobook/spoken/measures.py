"""Amounts -> words: numbers with units, money, percents, ranges with the unit carried over, signs."""

import re
from collections.abc import Iterator
from functools import cache

from audiobook.spoken.data_tables import mapping
from audiobook.spoken.numbers import NUMBER, cardinal, digits, number
from audiobook.spoken.spans import Span, words_before

UNIT, RANGE, PLAIN = 72, 70, 40

_SIGNS = {
    "-": "âm ",
    "–": "âm ",
    "+": "cộng ",
    "±": "cộng trừ ",
    "<": "dưới ",
    ">": "trên ",
    "≤": "không quá ",
    "≥": "từ ",
    "~": "khoảng ",
}
_SCALES = r"(?:nghìn|ngàn|vạn|triệu|tỷ|tỉ)"
_VERSION = re.compile(r"(?<![\w.,/-])(\d)\.(\d{1,2})(?![\w/]|[.,]\d)")
_PER = re.compile(
    r"(?<=[^\W\d_]|%)/(năm|tháng|tuần|ngày|giờ|phút|người|hộ|suất|lần|em|cháu|cụ|kg|m2|ha|lượt|buổi|quý|gia đình|khẩu|học sinh)\b"
)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    units = sorted(mapping("units"), key=len, reverse=True)
    unit = "|".join(re.escape(each) for each in units)
    amount = rf"(?:{NUMBER})"
    measured = re.compile(
        rf"(?<![\w.,/])(?:(?<![-–])(?P<sign>[-–+±<>≤≥~])\s?)?(?P<first>{amount})(?:\s?[-–]\s?(?P<last>{amount}))?"
        rf"(?P<scale>\s{_SCALES})?\s?(?P<unit>{unit})(?![^\W\d_]|\d)"
    )
    spanned = re.compile(rf"(?<![\w.,/-])(?P<first>{amount})\s?[-–]\s?(?P<last>{amount})(?![\w/-]|[.,]\d)")
    return measured, spanned


def measures(text: str) -> Iterator[Span]:
    """Numbers with a unit behind, and what one gets for each ("/năm")."""
    for match in _patterns()[0].finditer(text):
        if match["sign"] in ("-", "–") and match.start() and text[match.start() - 1] not in " (":
            continue
        words = number(match["first"])
        if match["last"]:
            words += f" đến {number(match['last'])}"
        words += match["scale"] or ""
        unit = mapping("units")[match["unit"]]
        sign = _SIGNS.get(match["sign"] or "", "")
        yield Span(start=match.start(), end=match.end(), spoken=f"{sign}{words} {unit}", priority=UNIT)
    for match in _PER.finditer(text):
        unit = mapping("units").get(match[1], match[1])
        yield Span(start=match.start(), end=match.end(), spoken=f"mỗi {unit}", priority=UNIT)


def ranges(text: str) -> Iterator[Span]:
    """Two amounts with a dash between: from the one to the other."""
    for match in _patterns()[1].finditer(text):
        spoken = f"{number(match['first'])} đến {number(match['last'])}"
        yield Span(start=match.start(), end=match.end(), spoken=spoken, priority=RANGE - 10)


def plain_numbers(text: str) -> Iterator[Span]:
    """Every number that no other rule knows; versions such as 4.0; long rows of digits one by one."""
    for match in _VERSION.finditer(text):
        doubt = "S-NUMBER" if len(match[2]) > 1 else ""
        spoken = f"{cardinal(int(match[1]))} chấm {digits(match[2])}"
        yield Span(start=match.start(), end=match.end(), spoken=spoken, priority=PLAIN + 2, doubt=doubt)
    for match in re.finditer(rf"([-–+±<>≤≥~]\s?)?({NUMBER})", text):
        spoken, doubt = _plain(match[2])
        sign = (match[1] or "").strip()
        start = match.start(2)
        if sign and (match.start() == 0 or text[match.start() - 1] in " (") and len(match[1]) == 1:
            spoken, start = _SIGNS[sign] + spoken, match.start()
        yield Span(start=start, end=match.end(), spoken=spoken, priority=PLAIN, doubt=doubt)


def _plain(text: str) -> tuple[str, str]:
    whole = text.partition(",")[0]
    if "." not in whole and len(whole) > 1 and (whole.startswith("00") or len(whole) > 9):
        return digits(text), "S-NUMBER"
    if "." not in whole and whole.startswith("0") and len(whole) > 2:
        return digits(text), ""
    return number(text), ""


_PHONE = re.compile(r"(?<![\w.,/+-])(?:\+84|\(?0\d{1,4}\)?)(?:[ .\-]?\d{2,4}){2,4}(?![\w/]|[.,]\d)")
_HOTLINE = re.compile(r"(?<![\w.,/-])1[89]00[ .]?\d{2,4}(?:[ .]?\d{2,4})?(?![\w/]|[.,]\d)")
_AFTER_WORD = re.compile(r"(?<![\w.,/-])\d[\d .]{1,14}\d(?![\w/]|[.,]\d)")
_CALL = re.compile(
    r"(?:gọi|đt|điện thoại|số máy|tổng đài|hotline|nóng|zalo|tài khoản|mã số|thẻ|gọi số|đài|căn cước|máy)(?: số)?$"
)


_EMERGENCY = re.compile(r"(?<![\w.,/-])11[1-5](?![\w/]|[.,]\d)")
_HELP = re.compile(r"(?:gọi|cấp cứu|cứu hỏa|cứu thương|công an|cảnh sát|số|tổng đài|máy|hotline|nóng)$")


def phones(text: str) -> Iterator[Span]:
    """Telephone numbers, hotlines, account numbers: every digit by itself."""
    for pattern in (_PHONE, _HOTLINE):
        for match in pattern.finditer(text):
            if 8 <= sum(map(str.isdigit, match[0])) <= 13:
                plus = "cộng " if match[0].startswith("+") else ""
                yield Span(start=match.start(), end=match.end(), spoken=plus + _grouped(match[0]), priority=75)
    for match in _EMERGENCY.finditer(text):
        if _HELP.search(words_before(text, match.start(), count=2)):
            yield Span(start=match.start(), end=match.end(), spoken=digits(match[0]), priority=74)
    for match in _AFTER_WORD.finditer(text):
        if _CALL.search(words_before(text, match.start(), count=3)) and "." not in match[0].strip():
            yield Span(start=match.start(), end=match.end(), spoken=_grouped(match[0]), priority=74)


def _grouped(text: str) -> str:
    """Digits one by one, with a breath where the number is printed in groups."""
    groups = [digits(group) for group in re.split(r"[^\d]+", text) if group]
    return ", ".join(groups) if len(groups) <= 4 else " ".join(groups)
