"""a/b of two numbers -> a date, a share, a count out of a total, or a house, by what stands around.

"25/9" is a date where words for time stand before it, or it is a feast; "2/5 số xã" is a share; "18/19 xã" is a count
out of a total; "số nhà 15/7" is a house. The cues are data/cues.tsv.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audiobook.spoken.cues import after, before, forms
from audiobook.spoken.dates import day_word, is_day, listed_with_days, spoken_day
from audiobook.spoken.letters import spelled
from audiobook.spoken.numbers import number, ordinal
from audiobook.spoken.spans import Span, words_after, words_before

SLASHED = 66

_NUMBER = r"(\d{1,3}(?:\.\d{3})+|\d{1,2}\.\d{1,2}|\d{1,5}(?:,\d{1,2})?)"
_PAIR = re.compile(rf"(?:(?<![\w/.,-])|(?<=\d/\d[-–])){_NUMBER}\s?/\s?{_NUMBER}(?!(?!mmHg)\w|[/%]|[.,]\d)")
_HOUSE = re.compile(r"(?<![\w.,-])(\d{1,4}[A-Za-z]?(?:/\d{1,4}[A-Za-z]?)+)(?![\w/%-]|[.,]\d)")
_HOUSE_PART = re.compile(r"(\d+)([A-Za-z]?)")
_STREET = re.compile(r"\s(?:đường|phố|[A-ZĐ][^\W\d_]+\s[A-ZĐ])")
_MIXED = re.compile(r"(?:hỗn số|\s)\s?\d\s$")  # 2 3/4
_IN_A_LIST = re.compile(  # of classes, of a game's sets; of one that was won by a point: 7-6 (7/3)
    r"(?:lớp|(?:set|séc|ván|hiệp|thắng|thua|bán kết|chung kết|tỷ số|tỉ số)(?:\s[\w-]{1,5})?:?\s?\(?)"
    r"\s?(?:\d{1,2}/\d{1,2}(?:\s?[,;]\s|\svà\s))+$|\d[-–]\d\s?\($",
    re.IGNORECASE,
)
_HALF_AS_MUCH = re.compile(r"(?<!\w)(?:bằng|giảm|hưởng|mức)$")
_ANOTHER = re.compile(r"\s?[-–]\s?\d{1,2}/\d{1,2}(?=\s)")  # 1/3 - 1/2 of an area are both shares of it
_LUNAR = re.compile(r"\s?\(?(?:âm lịch|ÂL|AL|dương lịch|DL)(?!\w)")
_CLOCK_END = re.compile(r"\d\s?(?:h|giờ|:)\s?(?:\d\d'?)?\s$")
_AMOUNT_TOO = re.compile(
    r"\s?(?:triệu|tỷ|tỉ|tr|tấn|tạ|ha|kg|km|lít|suất|phần quà|chiếc|lượt|cuốn)(?!\w|\s(?:lệ|số|giá|phú|trọng|suất|muội))"
)
_PERCENT_TOO = re.compile(r"\s?\([^)]*%")


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two numbers with a stroke between, and the words around them."""

    match: re.Match[str]
    printed: tuple[str, ...]  # the two numbers
    text: str
    left: str
    right: str
    first: float
    last: float
    is_day: bool

    def has(self, *cues: str) -> bool:
        return any(
            before(self.left, cue) if cue.endswith("_before") or cue == "date_between" else after(self.right, cue)
            for cue in cues
        )


def slashes(text: str) -> Iterator[Span]:
    """Every pair of numbers with a stroke between; houses in lanes of lanes."""
    for match in _PAIR.finditer(text):
        pair = _pair(match, text)
        kind = _kind(pair)
        yield Span.of(match, _SAID[kind](pair), priority=SLASHED, rule=kind)
    for match in _HOUSE.finditer(text):
        deep = match[1].count("/") > 1 or not match[1].replace("/", "").isdigit()
        if deep or before(words_before(text, match.start()), "house_before"):
            parts = [
                " ".join(filter(None, (number(n), spelled(letter)))) for n, letter in _HOUSE_PART.findall(match[1])
            ]
            yield Span.of(match, " trên ".join(parts), priority=SLASHED + 1, rule="address")


def _pair(match: re.Match[str], text: str) -> _Pair:
    another = _ANOTHER.match(text, match.end())
    printed = tuple(_decimal(each) for each in match.groups())
    first, last = (float(each.replace(".", "").replace(",", ".")) for each in printed)
    return _Pair(
        match=match,
        printed=printed,
        text=text,
        left=words_before(text, match.start(), count=6),
        right=words_after(text, another.end() if another else match.end(), count=3),
        first=first,
        last=last,
        is_day=match[1].isdigit() and match[2].isdigit() and is_day(int(first), int(last)),
    )


def _decimal(printed: str) -> str:
    """A point before one or two digits is a comma: 9.5/10."""
    return printed if re.fullmatch(r"\d+|.*,.*|\d{1,3}(?:\.\d{3})+", printed) else printed.replace(".", ",")


def _kind(pair: _Pair) -> str:
    """The first that fits counts: what can be nothing else, then a date by its cues, then a share, then a feast."""
    if pair.has("stage_before") or (_MIXED.search(pair.text[: pair.match.start()]) and not pair.has("game_before")):
        return "share"
    if pair.has("house_before") or (pair.has("house_number_before") and _STREET.match(pair.text, pair.match.end())):
        return "address"
    if pair.has("game_before") or _IN_A_LIST.search(pair.text[: pair.match.start()]):
        return "count"
    if pair.has("over_before") and not pair.has("date_before"):
        return "count"
    if not pair.has("day_before") and _is_reached_amount(pair):
        return "count"
    if pair.is_day and _is_cued_date(pair):
        return "date"
    if pair.first < pair.last and (_is_share(pair) or _PERCENT_TOO.match(pair.text, pair.match.end())):
        return "share"
    if not pair.is_day or pair.has("count_after"):
        return "count"
    day = f"{pair.first:.0f}/{pair.last:.0f}"
    if pair.has("reached_before") and not (pair.left.endswith("thắng") and day in forms("victory")):
        return "count"
    return (
        "date"
        if day in forms("feast") or pair.has("named_by_date_before") or not pair.right or pair.first > pair.last
        else "count"
    )


def _is_reached_amount(pair: _Pair) -> bool:
    """What was reached, of what was planned: "thu 8/6 tỷ"; 3/4 tấn is a share."""
    behind = _AMOUNT_TOO.match(pair.text, pair.match.end())
    return behind is not None and not (pair.first < pair.last and pair.last <= 10)


def _is_cued_date(pair: _Pair) -> bool:
    if pair.has("share_after", "part_after") and not pair.has("day_before"):
        return False  # "hết 1/2 quả táo"
    if (
        pair.has("date_before")
        or _CLOCK_END.search(pair.text[: pair.match.start()])
        or _LUNAR.match(pair.text, pair.match.end())
        or listed_with_days(pair.text, pair.match.start())
    ):
        return True
    return pair.has("date_between") and not pair.has("count_after", "share_after")


def _is_share(pair: _Pair) -> bool:
    if pair.first == 1 and pair.last <= 10 and _HALF_AS_MUCH.search(pair.left):
        return True  # "bằng 1/2 khu vực III"
    if pair.has("count_after") and not (pair.last <= 4 and pair.has("people_after")):
        return False
    if not pair.match[1].isdigit():
        return False
    if pair.last in (2, 3, 4) and pair.right and not pair.right[0].isdigit():
        return True  # of a few parts one speaks of a share, whatever it is of
    if pair.has("share_after"):
        return pair.last <= 10 or pair.last in (12, 100, 1000)
    return not pair.right and pair.last <= 10 and (not pair.left or pair.has("share_before"))


def _share(pair: _Pair) -> str:
    return f"{number(pair.printed[0])} phần {'tư' if pair.last == 4 else number(pair.printed[1])}"


def _over(pair: _Pair) -> str:
    first = ordinal(int(pair.first)) if pair.left.endswith("thứ") else number(pair.printed[0])
    return f"{first} trên {number(pair.printed[1])}"


def _date(pair: _Pair) -> str:
    """The day and the month; "ngày" is added behind a word of time only, as names have none ("giải 26/3")."""
    word = day_word(pair.text, pair.match.start()) if pair.has("date_before", "date_between") else ""
    return f"{word}{spoken_day(int(pair.first), int(pair.last))}"


_SAID = {"share": _share, "count": _over, "address": _over, "date": _date}
