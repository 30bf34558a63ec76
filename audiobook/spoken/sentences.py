"""A block's text -> its sentences as ranges; abbreviations, numbers and initials do not end one."""

import itertools
import re

from audiobook.spoken.stops import ends_with_letter

_END = re.compile(r"([.?!…]+)([\"'”’»)\]]*)(\s+|$)|\n+")
_NO_END = re.compile(
    r"(?:^|[\s(.\"“])(?:TP|Tp|P|Q|H|X|T|TX|TT|PGS|GS|TS|ThS|BS|BSCKI|BSCKII|DS|KS|LS|CN|NSƯT|NSND|NGƯT|Th|Ng|Ph|Ch|Đ/c|đ/c|St|Mr|Dr|ĐT"
    r"|tr|Tr|v|vs|ÔB|[A-ZĐÔ])$"
)
_LIST_NUMBER = re.compile(r"\s*(?:\d{1,3}|[a-zđ]|[IVX]{1,5})$")


def sentences(text: str, *, lines: bool = False) -> tuple[tuple[int, int], ...]:
    """Ranges of the sentences, without the white space around them; ``lines``: every line is one (poems, tables).

    >>> sentences("Ông A. nói. Bà đi.")
    ((0, 11), (12, 18))
    """
    cuts = [match.end() for match in re.finditer(r"\n+", text)] if lines else list(_cuts(text))
    edges = [0, *cuts, len(text)]
    ranges = (_trimmed(text, a, b) for a, b in itertools.pairwise(edges))
    return tuple(each for each in ranges if each[0] < each[1])


def _cuts(text: str) -> list[int]:
    cuts = []
    start = 0
    for match in _END.finditer(text):
        if match[1] and not _ends(text, start, match):
            continue
        cuts.append(match.end())
        start = match.end()
    return cuts


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    before = text[start : match.start()]
    following = text[match.end() : match.end() + 2].lstrip("\"'“‘«(–- ")
    if match[1] != ".":
        return not following or not following[0].islower()
    if _LIST_NUMBER.fullmatch(before):
        return False
    if _NO_END.search(before) and following and not ends_with_letter(text, match.start() - 1):
        return False
    return not following or not following[0].islower()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
