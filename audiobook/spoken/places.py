"""P. Q. H. X. TP TX TT Đ. T. KP before a name or a number -> phường, quận …; P. is also phòng and phó, Q. quyền."""

import re
from collections.abc import Iterator

from audiobook.spoken.cues import after, before
from audiobook.spoken.letters import CAPITALS
from audiobook.spoken.numbers import cardinal, digits
from audiobook.spoken.spans import Span, words_after, words_before
from audiobook.spoken.stops import begins_sentence

PRIORITY = 52

_NAME = rf"[{CAPITALS}][^\W\d_]"
_MARK = re.compile(
    r"(?<![\w.&-])(?P<mark>P|Q|H|X|Đ|T|KP|Kp|TP|Tp|tp|TX|Tx|tx|TT|p|q)(?P<dot>\.)?\s?"
    rf"(?=(?P<next>\d{{1,4}}[A-Z]?(?![\w/]|[.,]\d)|(?<=Đ\.\s)số\s\d|{_NAME}))"
)
_OFFICE_OF = re.compile(
    r"(?:(?<=UBND )|(?<=HĐND )|(?<=MTTQ )|(?<=Đảng ủy ))(?P<mark>P|Q|H|X|TX)(?=[,;:)]|\.?$|\s[a-zà-ỹđ])"
)
_ROOM = re.compile(r"(?<![\w.&-])P\.?\s?(?P<number>[1-9]\d{2,3})(?=[A-Z]?(?![\w/]|[.,]\d))")
_PLACES = {
    "p": "phường", "q": "quận", "h": "huyện", "x": "xã", "đ": "đường", "t": "tỉnh", "kp": "khu phố", "tp": "thành phố",
    "tx": "thị xã", "tt": "thị trấn",
}  # fmt: skip


def places(text: str) -> Iterator[Span]:
    """The marks of places, where a name or a number follows."""
    for match in _MARK.finditer(text):
        word = _meaning(match, text)
        if word:
            yield Span.of(match, word, priority=PRIORITY, rule="place")
    for match in _OFFICE_OF.finditer(text):  # "trụ sở UBND P, số 12"
        yield Span.of(match, _PLACES[match["mark"].lower()], priority=PRIORITY + 1, rule="place")
    for match in _ROOM.finditer(text):
        number = cardinal(int(match["number"])) if len(match["number"]) == 3 else digits(match["number"])
        yield Span.of(match, f"phòng {number}", priority=PRIORITY + 1, rule="place")


def _meaning(match: re.Match[str], text: str) -> str:
    mark, dotted, numbered = match["mark"], bool(match["dot"]), match["next"][0].isdigit()
    left, right = words_before(text, match.start()), words_after(text, match.end())
    key = mark.lower()
    if dotted and begins_sentence(text, match.end("dot")):
        return ""  # "họp ở TP. Các đại biểu"
    if mark == "TP" and not numbered and after(right, "bureau_after"):
        return "trưởng phòng"
    if mark in "pq" and not (numbered and dotted):
        return ""
    if key in ("p", "q") and not numbered:
        office = _office(key, right)
        if office:
            return office if dotted else ""
    if not numbered and len(key) == 1 and before(left, "person_before"):
        return ""  # initials of a person
    fits = _is_marked(key, right, dotted=dotted, numbered=numbered, short=numbered and len(match["next"]) <= 2)
    return "" if not fits or (key == "tt" and _is_no_town(left, right, numbered=numbered)) else _PLACES[key]


def _is_marked(key: str, right: str, *, dotted: bool, numbered: bool, short: bool) -> bool:
    """Two letters mark a place by themselves; one letter needs a dot, or a short number ("P5")."""
    if len(key) == 2:
        return True
    if key == "t":
        return dotted and not numbered and after(right, "province_after")
    if key in "xđh":
        return dotted and not numbered
    return dotted or short


def _is_no_town(left: str, right: str, *, numbered: bool) -> bool:
    """TT is thị trấn before a name, but not before that of a minister or of a centre."""
    return (
        numbered
        or left.endswith(("bộ", "khu", "nhà"))
        or after(right, "centre_after")
        or after(right, "minister_after")
    )


def _office(key: str, right: str) -> str:
    if key == "p" and after(right, "office_after"):
        return "phòng"
    if after(right, "job_after"):
        return "phó" if key == "p" else "quyền"
    return ""
