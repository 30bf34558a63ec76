"""Ô. B. A. C. before somebody's name in a list -> ông, bà, anh, chị; "ÔB. Minh" -> ông bà; "C. Mác" keeps his initial.

A list of givers says "B. Lan: 200.000đ" where a heading says "B. Nội dung" and a byline "B. Lan": a Vietnamese name must
follow, of a family and a given one, or a given one alone at the end of what is named, and the line must tell of people.
"""

import re
from collections.abc import Iterator

from audiobook.spoken.cues import before, forms
from audiobook.spoken.letters import CAPITALS
from audiobook.spoken.spans import Span, words_before

PRIORITY = 98
"""Above a list's mark: "B. Lan" at a line's start is no second item."""

_TITLES = {
    "Ô": "ông",
    "B": "bà",
    "A": "anh",
    "C": "chị",
    "ÔB": "ông bà",
    "OB": "ông bà",
    "Ô/B": "ông bà",
    "Ô.B": "ông bà",
}
_MARK = re.compile(rf"(?<![\w./&-])(Ô/B|Ô\.B|ÔB|OB|Ô|B|A|C)(\.?)\s?(?=[{CAPITALS}][^\W\d_])")
_FIRST = re.compile(r"[^\W\d_]+")
_CAPITAL_TOO = re.compile(rf"\s[{CAPITALS}]")
_NAMED = re.compile(
    r"\s?(?:$|[,;:.)(+–-]|\d|(?:và|ủng hộ|góp|đóng góp|tặng|biếu|thôn|xóm|tổ|tdp|ấp|khu|tuổi|năm|nhà|đã|cùng|là|ở|trao"
    r"|nhận|nộp|cho|mỗi)(?!\w))",
    re.IGNORECASE,
)
_OF_PEOPLE = re.compile(r"\d|ủng hộ|góp|tặng|gia đình|(?<!\w)GĐ(?!\w)|danh sách|Ô\.|Ô/B|ÔB", re.IGNORECASE)
_GIFT = re.compile(
    r"\d\s?(?:đ|đồng|nghìn|ngàn|triệu|tr|k|kg|suất|phần|USD|tuổi)(?!\w)|ủng hộ|góp|tặng|biếu|sinh năm", re.IGNORECASE
)
_INITIAL = re.compile(r"[^\W\d_]*[a-zà-ỹ]\s$")
_CALLED = re.compile(
    r"(?:^|[^\w])(?:của|và|cho|với|gia đình|hộ|nhà|có|là|do|gồm|cùng|tặng|biếu|gửi|từ|cụ)\s$", re.IGNORECASE
)


def honorifics(text: str) -> Iterator[Span]:
    """Every letter that stands for how a person is called."""
    if not _OF_PEOPLE.search(text):
        return
    for match in _MARK.finditer(text):
        dotted = bool(match[2]) or len(match[1]) > 1
        is_title = (dotted or match[1] == "Ô") and _is_person(text, match, dotted=dotted)
        if is_title and not _is_initial(text, match):
            yield Span.of(match, _TITLES[match[1]], priority=PRIORITY, rule="abbreviation")


def _is_person(text: str, match: re.Match[str], *, dotted: bool) -> bool:
    first = _FIRST.match(text, match.end())
    if not first:
        return False
    name = first[0].lower()
    followed = _CAPITAL_TOO.match(text, first.end())
    if name in forms("family_name") and followed:
        return bool(
            match.start() or match[1] not in "ABC" or _GIFT.search(text)
        )  # "B. Nguyễn Trãi" of a list of streets
    if name not in forms("given_name") or (match.start() == 0 and name in forms("heading_word") and not followed):
        return False
    return bool(_NAMED.match(text, first.end()) or (dotted and followed))  # "Ô Đông Mác" is a gate


def _is_initial(text: str, match: re.Match[str]) -> bool:
    """Nhà thơ B. Lan, "Ảnh: B. Lan", "Nguyễn B. Lan"."""
    left = text[: match.start()]
    if match[1].startswith("Ô"):
        return False
    if before(words_before(text, match.start()), "person_before"):
        return True
    return bool(_INITIAL.search(left)) and not _CALLED.search(left)
