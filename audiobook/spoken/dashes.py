"""a-b and a:b of two small numbers -> a score, a date, a ratio; what is none of them is a range (ranges.py)."""

import re
from collections.abc import Iterator

from audiobook.spoken.cues import after, before, forms
from audiobook.spoken.dates import day_word, is_day, spoken_day
from audiobook.spoken.numbers import cardinal, digits, number
from audiobook.spoken.spans import Span, words_after, words_before

CUED, GUESSED = 66, 62

_CHAIN = re.compile(r"(?<![\w/.,-])\d(?:-\d){2,4}(?![\w/%-]|[.,]\d)")  # 4-4-2
_FERTILIZER = re.compile(r"(?<=NPK)\s?(\d{1,2})-(\d{1,2})-(\d{1,2})(?![\w/%-]|[.,]\d)")
_ONE_DAY = re.compile(r"(?<!mỗi )(?<!từng )(?<!các )(?<!những )(?<!số )(?<!hai )(?<!ba )\bngày\s$", re.IGNORECASE)
_DAY_BEHIND = re.compile(
    r"\s*(?:$|[.,;:)!?]|(?:là|đến|tới|và|tại|ở|vừa qua|tới|này|sắp|diễn ra|hằng năm|hàng năm|năm \d|các|cả nước|toàn)(?!\w))"
)
_PART_OF_A_DAY = re.compile(r"(?:^|\W)(?:sáng|trưa|chiều|tối|đêm|dịp|hôm)\s$", re.IGNORECASE)
_LUNAR = re.compile(r" \(?(?:âm lịch|ÂL|AL|dương lịch)(?!\w)")
_AFTER_A_DAY = re.compile(r"(?<![\d-])(\d{1,2})-(\d{1,2}) và $")
_DASHED = re.compile(r"(?<![\w/.,-])(\d{1,3}(?:,5)?)(\s?[-–]\s?)(\d{1,3}(?:,5)?)(?![\w/%-]|[.,]\d)")
_RATIO = re.compile(
    r"(?<![\w/.,:-])(\d{1,3})(?::|\s:\s|(?<=tỷ lệ \d): )(\d{1,3}(?:\.\d{3})*|\d{4,5})(?![\w/%:-]|[.,]\d)"
)
_FEAST_WORDS = re.compile(r"ngày|lễ|kỷ niệm|mừng|tết|thành lập|phụ nữ|quốc khánh|nhà giáo")
_NO_SCORE = ("phút", "năm", "lần", "ngày")


def dashes(text: str) -> Iterator[Span]:
    """Every score, dashed date and ratio."""
    for match in _CHAIN.finditer(text):
        yield Span.of(match, digits(match[0]), priority=CUED, rule="score")
    for match in _FERTILIZER.finditer(text):
        yield Span.of(
            match, ", ".join(cardinal(int(each)) for each in match.groups()), priority=CUED + 20, rule="number"
        )
    after_score = -1  # where a list of scores has come to: "15-21, 21-18"
    for match in _DASHED.finditer(text):
        listed = after_score >= 0 and _LISTED.fullmatch(text, after_score, match.start())
        for span in _dashed(match, text, listed=bool(listed)):
            after_score = match.end() if span.rule == "score" else -1
            yield span
    for match in _RATIO.finditer(text):
        yield _ratio(match, text)


_LISTED = re.compile(r"\s?(?:[,;]|và)\s?(?:(?:set|séc|ván|hiệp)\s\w+:?\s)?|\s?\(")
_GAME = re.compile(
    r"(?<!\w)(?:thắng|thua|hòa|hoà|t[ỷỉ] số|trận|set|séc|hiệp|ván|bóng|cầu lông|chung kết|bán kết|gặp|vòng|V-League|đội)(?!\w)",
    re.IGNORECASE,
)
_HOME = re.compile(r"(?:[A-ZĐ]\w+\s[A-ZĐ]\w+|[A-ZĐ]\w*\s\d{1,2}|[Đđ]ội\s\w+)\s$")
_AWAY = re.compile(r"\s(?:đội\s\w|[A-ZĐ]\w+)")
_BEATEN = re.compile(
    r"(?:thắng|thua|hòa|hoà|hạ|đánh bại)\s(?:đội\s)?[A-ZĐ]\w*(?:\s[\w.]+){0,3}\s$|gặp\s[^.;:]{2,30}:\s$", re.IGNORECASE
)
_TWO_SIDES = re.compile(r"[A-ZĐ]\w*(?:\s\w+){0,3}\s[-–]\s[A-ZĐ]\w*(?:\s\w+){0,3}:\s$")


def _dashed(match: re.Match[str], text: str, *, listed: bool) -> Iterator[Span]:
    left = words_before(text, match.start(), count=6)
    right = words_after(text, match.end(), count=2)
    cued = listed or before(left, "score_before") or before(left, "game_before") or _is_between_sides(match, text)
    if cued and not right.startswith(_NO_SCORE) and not after(right, "things_after"):
        yield Span.of(match, f"{number(match[1])} {number(match[3])}", priority=CUED, rule="score")
    elif "," not in match[0]:
        yield from _date_or_score(match, text, left, right)


def _is_between_sides(match: re.Match[str], text: str) -> bool:
    """Of "vòng 5: Hà Nội 1-3 Nam Định", "Tổ 1 - Tổ 2: 0-3"; or before a sure score: "15-21, 21-18"."""
    left = text[: match.start()]
    if _TWO_SIDES.search(left):
        return True
    if "," in match[0] or before(words_before(text, match.start()), "day_before"):
        return False
    if _BEATEN.search(left) and not after(words_after(text, match.end()), "count_after"):
        return True
    if not _GAME.search(text):
        return False
    other = _NEXT_SCORE.match(text, match.end())
    return bool(_HOME.search(left) and _AWAY.match(text, match.end())) or bool(other and int(other[1]) > int(other[2]))


_NEXT_SCORE = re.compile(r"(?:,|;| và) (\d{1,2})-(\d{1,2})(?![\w/%-]|[.,]\d)")


def _date_or_score(match: re.Match[str], text: str, left: str, right: str) -> Iterator[Span]:
    first, last = int(match[1]), int(match[3])
    if (
        is_day(first, last)
        and not right.startswith("tháng")
        and (_is_date(match, left) or _is_one_day(match, text) or _is_day_to_day(match, text))
    ):
        cued = before(left, "date_before") or before(left, "date_between")
        said = f"{day_word(text, match.start()) if cued else ''}{spoken_day(first, last)}"
        yield Span.of(match, said, priority=CUED, rule="date")
    elif first >= last and max(first, last) <= 30 and match[2].strip() == "-" and not before(left, "roman_before"):
        yield Span.of(match, f"{cardinal(first)} {cardinal(last)}", priority=GUESSED, rule="score")


def _is_date(match: re.Match[str], left: str) -> bool:
    first, last = int(match[1]), int(match[3])
    if before(left, "named_by_date_before") and first > last:
        return True
    if f"{first}/{last}" in forms("feast_pair") and _FEAST_WORDS.search(left):
        return True
    return before(left, "date_before") and (first > last or match[3].startswith("0"))


def _is_day_to_day(match: re.Match[str], text: str) -> bool:
    """Whether it is one of two days: "từ 20-11 đến 30-11", "ngày 20 và 21-11", "1-3 và 5-3"; 20-30 is none."""
    left, right = text[: match.start()], text[match.end() :]
    to_a_day = _TO_A_DAY.match(right)
    things = words_after(text, match.end() + (to_a_day.end() if to_a_day else 0), count=2)
    if after(things, "count_after") or after(things, "things_after"):
        return False
    if match[2] == "-" and (bare := _FROM_BARE.search(left)):
        return int(bare[1]) < int(match[1])
    other = to_a_day or _FROM_A_DAY.search(left)
    if other and match[2] == "-":
        return is_day(int(other[1]), int(other[2]))
    return bool(_DAYS_LISTED.search(left)) and match[2] == "-"


_TO_A_DAY = re.compile(
    r" (?:đến|tới) (?:hết |trước |sáng |chiều |tối )?(?:ngày )?(\d{1,2})[-/](\d{1,2})(?![\w/%-]|[.,]\d)"
)
_FROM_A_DAY = re.compile(
    r"(?:từ|[Nn]gày|sáng|chiều|tối)(?: ngày)? (\d{1,2})[-/](\d{1,2})(?:,| và| đến| tới)(?: hết| trước)?(?: ngày)? $",
    re.IGNORECASE,
)
_FROM_BARE = re.compile(
    r"(?:từ|ngày|đêm|sáng|chiều|tối)(?: ngày)? (\d{1,2})(?: đến| tới| và)(?: ngày)? $", re.IGNORECASE
)
_DAYS_LISTED = re.compile(r"[Nn]gày (?:\d{1,2}, )*\d{1,2}(?: và |, )$")


def _is_one_day(match: re.Match[str], text: str) -> bool:
    """One of "Ngày 6-12 là …", "từ ngày 1-7, …", "30-4 và 1-5": of several days the month would be told."""
    if match[2] != "-":
        return False
    if _LUNAR.match(text, match.end()):
        return True
    if _PART_OF_A_DAY.search(text[: match.start()]) and _DAY_BEHIND.match(text, match.end()):
        return True
    if _ONE_DAY.search(text[: match.start()]) and _DAY_BEHIND.match(text, match.end()):
        return True
    other = _AFTER_A_DAY.search(text[: match.start()])
    return other is not None and all(
        f"{int(day)}/{int(month)}" in forms("feast_pair") for day, month in (other.groups(), (match[1], match[3]))
    )


def _ratio(match: re.Match[str], text: str) -> Span:
    first, last = cardinal(int(match[1])), number(match[2])
    if before(words_before(text, match.start(), count=4), "score_before"):
        return Span.of(match, f"{first} {last}", priority=GUESSED, rule="score")
    if text[match.end() : match.end() + 3].strip().startswith("="):
        return Span.of(match, f"{first} chia {last}", priority=GUESSED, rule="sign")
    return Span.of(match, f"{first} trên {last}", priority=GUESSED, rule="count")
