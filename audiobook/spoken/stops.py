"""The dot behind an abbreviation or a letter: its own ("TP. Hồ Chí Minh"), or the end of the sentence ("27 chi bộ TDP. Đảng …").

What goes before names keeps its dot where a name follows; what stands for a whole noun ends the sentence.
"""

import re
from functools import cache

from audiobook.spoken.cues import before, forms
from audiobook.spoken.letters import CAPITALS
from audiobook.spoken.spans import words_before

_END = re.compile(r"[\"')\]]*\s*$")
_NEXT = re.compile(rf"[\"')\]]*\s+[\"']?(?P<word>[{CAPITALS}]\w*)(?P<behind>,?\s*\S?)")


def is_full_stop(text: str, dot: int, *, title: str = "") -> bool:
    """Whether the dot ends the sentence; ``title``: what is said for an abbreviation that goes before names.

    >>> is_full_stop("Có 27 TDP. Đảng viên", 9), is_full_stop("ThS. Lan", 3, title="thạc sĩ")
    (True, False)
    """
    if _END.match(text, dot + 1):
        return True
    following = _NEXT.match(text, dot + 1)
    return following is not None and (not title or begins_sentence(text, dot + 1, title=title))


def begins_sentence(text: str, at: int, *, title: str = "") -> bool:
    """Whether a word follows that begins sentences and no names: "Các cháu"; "TP. Bà Rịa" is a name, "TS. Bà Lan" none."""
    following = _NEXT.match(text, at)
    if not following or following["word"].lower() not in _openers():
        return False
    is_name = following["behind"][-1:].isupper()
    return not is_name or (following["word"].lower() in forms("called") and title in forms("title"))


def ends_with_letter(text: str, at: int) -> bool:
    """Whether a letter is the last word of a sentence: "12 - 15 độ C. Gió", "bà Trần Thị B. Đội"; "nhà thơ B. Lan" goes on."""
    dot = at + 1
    return is_full_stop(text, dot, title=" ") or (
        is_full_stop(text, dot) and before(words_before(text, at, count=3), "lettered_before")
    )


@cache
def _openers() -> frozenset[str]:
    return frozenset(forms("opener"))
