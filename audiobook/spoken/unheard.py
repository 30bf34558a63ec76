"""Printed numbers and scales that need not be heard: judged by the guard alone, which shares nothing with the rules."""

import re


def scale_is_sure(scale: str, number: str, behind: str) -> bool:
    """K and B may be letters of a name, 5k a run, and "tr." a page; "50k" and "120 tr.đ" are money."""
    if len(scale) == 1:
        return scale == "k" and len(number) > 1
    return not behind.startswith(".") or behind.startswith(".đ")


def may_be_silent(plain: str, match: re.Match[str], before: str) -> bool:
    """Full hours (7h00), the 2 of m2, a footnote's mark [2] or, behind a word or at a sentence's end, (2)."""
    left, right = before[-4:] + plain[: match.start()], plain[match.end() :]
    if match[0] in _SILENT_BEHIND and re.search(_SILENT_BEHIND[match[0]], left):
        return True
    if _NOTE.search(left) and re.fullmatch(r"[1-9]\d?", match[0]):
        return right.startswith(")") and (left[-2] != " " or _SENTENCE_ENDS.match(right) is not None)
    return left.endswith("[") and right.startswith("]")


_SILENT_BEHIND = {"00": r"(?:[hHgG:]|[hg] |giờ ?)$", "2": r"m$", "3": r"m$"}
_NOTE = re.compile(r"""(?:[^\W\d_]{2}|["”'’»%])\s?\($""")
_SENTENCE_ENDS = re.compile(r"\)[\"”'’»]?\s?(?:[.,;!?]|$)")
