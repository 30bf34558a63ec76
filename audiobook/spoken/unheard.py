"""Numbers that are printed and need not be heard: the guard's own judgement, which shares nothing with the rules."""

import re


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
