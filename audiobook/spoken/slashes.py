"""a/b and a-b of two numbers -> a date, a share, a count out of a total, a house, or a score, by what stands around.

"25/9" is a date where words for time stand before it, or it is a feast; "2/5 số xã" is a share; "18/19 xã" is a count
out of a total; "số nhà 15/7" is a house; "thắng 2-0" is a score. The cues are data/cues.tsv.
"""

import re
from collections.abc import Iterator

from audiobook.spoken.cues import after, before, forms
from audiobook.spoken.dates import day_word, is_day, listed_with_days, spoken_day
from audiobook.spoken.numbers import cardinal, digits, number
from audiobook.spoken.spans import Span, words_after, words_before

SHORT, DASHED = 66, 62

_NUMBER = r"(\d{1,3}(?:\.\d{3})+|\d{1,5}(?:,\d{1,2})?)"
_SLASHED = re.compile(rf"(?<![\w/.,-]){_NUMBER}\s?/\s?{_NUMBER}(?![\w/%]|[.,]\d)")
_CHAIN = re.compile(r"(?<![\w/.,-])\d(?:-\d){2,4}(?![\w/%-]|[.,]\d)")
_DASHED = re.compile(r"(?<![\w/.,-])(\d{1,3}(?:,5)?)(\s?[-–]\s?)(\d{1,3}(?:,5)?)(?![\w/%-]|[.,]\d)")
_RATIO = re.compile(r"(?<![\w/.,:-])(\d{1,3})\s?:\s?(\d{1,3}(?:\.\d{3})*|\d{4,5})(?![\w/%:-]|[.,]\d)")
_HOUSE = re.compile(r"(?<![\w.,-])(\d{1,4}[A-Za-z]?(?:/\d{1,4}[A-Za-z]?)+)(?![\w/%-]|[.,]\d)")
_STREET = re.compile(r"\s(?:đường|phố|[A-ZĐ][^\W\d_]+\s[A-ZĐ])")


def slashes(text: str) -> Iterator[Span]:
    """Every pair of short numbers with a stroke, a dash or a colon between."""
    for match in _SLASHED.finditer(text):
        rule, said = _slashed(match, text)
        yield _span(match, said, SHORT, rule)
    for match in _CHAIN.finditer(text):
        yield _span(match, digits(match[0]), SHORT, "score")
    for match in _DASHED.finditer(text):
        yield from _dashed(match, text)
    for match in _RATIO.finditer(text):
        yield from _ratio(match, text)
    for match in _HOUSE.finditer(text):
        if (
            before(words_before(text, match.start()), "house_before")
            or match[1].count("/") > 1
            or not match[1].replace("/", "").isdigit()
        ):
            yield _span(match, _house(match[1]), SHORT + 1, "address")


def _slashed(match: re.Match[str], text: str) -> tuple[str, str]:
    """(rule, words)."""
    left = words_before(text, match.start(), count=6)
    right = words_after(text, _behind_another(text, match.end()), count=3)
    first, last = (float(each.replace(".", "").replace(",", ".")) for each in (match[1], match[2]))
    day = match[1].isdigit() and match[2].isdigit() and is_day(int(first), int(last))
    over = f"{number(match[1])} trên {number(match[2])}"
    if before(left, "house_before") or (before(left, "house_number_before") and _STREET.match(text, match.end())):
        return "address", over
    if before(left, "over_before") and not before(left, "date_before"):
        return "count", over
    if day and _LUNAR.match(text, match.end()):
        return "date", _date(text, match)
    if day and (before(left, "date_before") or listed_with_days(text, match.start())):
        return "date", _date(text, match)
    if day and before(left, "date_between") and not after(right, "count_after") and not after(right, "share_after"):
        return "date", _date(text, match)
    if first < last and (_is_share(left, right, last) or _PERCENT_TOO.match(text, match.end())):
        return "share", f"{number(match[1])} phần {'tư' if last == 4 else number(match[2])}"
    if before(left, "named_by_date") and day:
        return "date", _date(text, match)
    if day and f"{first}/{last}" in forms("feast") and not after(right, "count_after"):
        return "date", _date(text, match)
    if after(right, "count_after") or not day or (right and first <= last):
        return "count", over
    return "date", _date(text, match)


def _behind_another(text: str, at: int) -> int:
    """Where the words begin: 1/3 - 1/2 of an area are both shares of it."""
    another = _ANOTHER.match(text, at)
    return another.end() if another else at


_ANOTHER = re.compile(r"\s?[-–]\s?\d{1,2}/\d{1,2}(?=\s)")


def _is_share(left: str, right: str, last: float) -> bool:
    if after(right, "count_after"):
        return False
    if after(right, "share_after"):
        return last <= 10 or last in (12, 100, 1000)
    return not right and last <= 10 and (not left or before(left, "share_before"))


_LUNAR = re.compile(r"\s?\(?(?:âm lịch|ÂL|AL|dương lịch|DL)(?!\w)")
_PERCENT_TOO = re.compile(r"\s?\([^)]*%")


def _date(text: str, match: re.Match[str]) -> str:
    """The day and the month; "ngày" is added behind a word of time only, as names have none ("giải 26/3")."""
    left = words_before(text, match.start(), count=4)
    cued = before(left, "date_before") or before(left, "date_between")
    word = day_word(text, match.start()) if cued else ""
    day, month_ = (int(each) for each in re.findall(r"\d+", match[0]))
    return f"{word}{spoken_day(day, month_)}"


def _dashed(match: re.Match[str], text: str) -> Iterator[Span]:
    left = words_before(text, match.start(), count=6)
    right = words_after(text, match.end(), count=2)
    if before(left, "score_before") and not right.startswith(("phút", "năm", "lần", "ngày")):
        yield _span(match, f"{number(match[1])} {number(match[3])}", SHORT, "score")
        return
    if "," in match[0]:
        return
    first, last = int(match[1]), int(match[3])
    if is_day(first, last) and match[2] in "-–" and _is_dashed_date(text, match, left):
        yield _span(match, _date(text, match), SHORT, "date")
    elif first >= last and max(first, last) <= 30 and match[2].strip() == "-" and not before(left, "roman_before"):
        yield _span(match, f"{cardinal(first)} {cardinal(last)}", DASHED, "score")


def _is_dashed_date(text: str, match: re.Match[str], left: str) -> bool:
    day = f"{int(match[1])}/{int(match[3])}"
    named = left.endswith(("ngày", "sáng", "chiều", "tối", "niệm", "lễ", "mừng"))
    if day in forms("feast_pair") and (
        re.search(r"ngày|lễ|kỷ niệm|mừng|tết|thành lập|phụ nữ|quốc khánh|nhà giáo", left) or named
    ):
        return True
    first, last = int(match[1]), int(match[3])
    return named and first > last


def _ratio(match: re.Match[str], text: str) -> Iterator[Span]:
    left = words_before(text, match.start(), count=4)
    if before(left, "score_before"):
        yield _span(match, f"{cardinal(int(match[1]))} {number(match[2])}", DASHED, "score")
    elif text[match.end() : match.end() + 3].strip().startswith("="):
        yield _span(match, f"{cardinal(int(match[1]))} chia {number(match[2])}", DASHED, "sign")
    else:
        yield _span(match, f"{cardinal(int(match[1]))} trên {number(match[2])}", DASHED, "count")


def _house(text: str) -> str:
    from audiobook.spoken.letters import spelled

    parts = []
    for part in text.split("/"):
        digits = part.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        parts.append(" ".join(filter(None, (number(digits), spelled(part[len(digits) :])))))
    return " trên ".join(parts)


def _span(match: re.Match[str], spoken: str, priority: int, rule: str) -> Span:
    return Span.of(match, spoken, priority=priority, rule=rule)
