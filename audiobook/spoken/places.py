"""P. Q. H. X. TP TX TT Đ. T. KP before a name or a number -> phường, quận …; P. is also phòng and phó."""

import re
from collections.abc import Iterator

from audiobook.spoken.cues import after, before
from audiobook.spoken.numbers import cardinal, digits
from audiobook.spoken.spans import Span, words_after, words_before

PRIORITY = 52

_NAME = r"[A-ZĐÁÀẢÃẠẮẰẲẴẶĂẤẦẨẪẬÂÉÈẺẼẸÊẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌÔỐỒỔỖỘƠỚỜỞỠỢÚÙỦŨỤƯỨỪỬỮỰÝỲỶỸỴ][^\W\d_]"
_MARK = re.compile(
    rf"(?<![\w.&-])(?P<mark>P|Q|H|X|Đ|T|KP|Kp|TP|Tp|tp|TX|Tx|tx|TT|p|q)(?P<dot>\.)?\s?(?=(?P<next>\d{{1,4}}[A-Z]?(?![\w/]|[.,]\d)|{_NAME}))"
)
_PLACES = {
    "p": "phường", "q": "quận", "h": "huyện", "x": "xã", "đ": "đường", "t": "tỉnh", "kp": "khu phố", "tp": "thành phố",
    "tx": "thị xã", "tt": "thị trấn",
}  # fmt: skip
_ROOM = re.compile(r"(?<![\w.&-])P\.?\s?(?P<number>[1-9]\d{2,3})(?P<letter>[A-Z]?)(?![\w/]|[.,]\d)")


def places(text: str) -> Iterator[Span]:
    """The marks of places, where a name or a number follows."""
    for match in _MARK.finditer(text):
        word = _meaning(match, text)
        if word:
            yield Span(start=match.start(), end=match.end(), spoken=word, priority=PRIORITY, rule="place")
    for match in _ROOM.finditer(text):
        letter = f" {match['letter'].lower()}" if match["letter"] else ""
        number = cardinal(int(match["number"])) if len(match["number"]) == 3 else digits(match["number"])
        yield Span(
            start=match.start(),
            end=match.end() - len(match["letter"]),
            spoken=f"phòng {number}{letter and ''}",
            priority=PRIORITY + 1,
            rule="place",
        )


def _meaning(match: re.Match[str], text: str) -> str:
    mark, dotted, follows = match["mark"], match["dot"], match["next"]
    key, number = mark.lower(), follows[0].isdigit()
    left, right = words_before(text, match.start()), words_after(text, match.end())
    if before(left, "person_before") and not number and key in "pqhxtđ":
        return ""
    if mark in "pq" and not (number and dotted):
        return ""
    if key == "p" and not number:
        if after(right, "office_after"):
            return "phòng" if dotted else ""
        if after(right, "job_after"):
            return "phó" if dotted else ""
    if key in ("t", "x", "đ", "h") and (not dotted or number):
        return ""
    if key == "t" and not after(right, "province_after"):
        return ""
    if key == "tt" and (
        number or left.endswith("bộ") or after(right, "centre_after") or after(right, "minister_after")
    ):
        return ""
    if not dotted and key not in ("tp", "tx", "tt", "kp") and not (number and len(follows) <= 2 and key in "pq"):
        return ""
    return _PLACES[key]
