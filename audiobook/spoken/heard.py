"""Spoken words -> the numbers that a listener could hear in them.

The guard's own ear: it shares nothing with the rules that make the words, so that a mistake of theirs shows. Grammar of
spoken numerals: Nguyễn Tài Cẩn, Ngữ pháp tiếng Việt (1975), the chapter on numerals.
"""

from collections.abc import Iterator
from functools import lru_cache

_UNITS = {
    "không": 0, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_AFTER_TEN = {**_UNITS, "lăm": 5}
_AFTER_TENS = {**_UNITS, "mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5}
_NEVER_AFTER_TEN = ("không", "năm", "mốt")
_NEVER_AFTER_TENS = ("không", "năm", "một")
_ALONE = {**_UNITS, "tư": 4, "nhất": 1, "nhì": 2, "nhị": 2, "mốt": 1, "lăm": 5}
_SCALES = ((10**9, ("tỷ", "tỉ")), (10**6, ("triệu",)), (10**3, ("nghìn", "ngàn")))
NUMERALS = frozenset([*_AFTER_TENS, "nhất", "mười", "mươi", "trăm", "linh", "lẻ", "nghìn", "ngàn", "triệu", "tỷ", "tỉ"])
"""Words that can be part of a number."""

Words = tuple[str, ...]


@lru_cache(maxsize=4096)
def numbers(words: Words, at: int) -> tuple[tuple[int, int], ...]:
    """Every number that begins at a place, as (value, where it ends); the longest last.

    >>> numbers(("ba", "mươi", "năm", "hai", "nghìn"), 0)
    ((3, 1), (30, 2))
    """
    return tuple(sorted(set(_scaled(words, at, 0)), key=lambda each: each[1]))


def digit_row(words: Words, at: int, digits: str) -> int:
    """Where a row of digits ends that is said one by one; -1 where it is not said so.

    >>> digit_row(("không", "chín", "một"), 0, "091")
    3
    """
    for digit in digits:
        if at >= len(words) or _ALONE.get(words[at]) != int(digit):
            return -1
        at += 1
    return at


def _scaled(words: Words, at: int, level: int) -> Iterator[tuple[int, int]]:
    """A number whose largest scale is at least ``level`` steps down: "hai triệu năm trăm nghìn"."""
    if level == len(_SCALES):
        yield from _group(words, at)
        return
    size, names = _SCALES[level]
    for head, end in _scaled(words, at, level + 1):
        yield head, end
        if end < len(words) and words[end] in names and head:
            yield head * size, end + 1
            for tail, stop in _scaled(words, end + 1, level + 1):
                if tail < size:
                    yield head * size + tail, stop


def _group(words: Words, at: int) -> Iterator[tuple[int, int]]:
    """A number under a thousand."""
    yield from _tens(words, at)
    if at + 1 < len(words) and words[at] in _UNITS and words[at + 1] == "trăm":
        hundreds = 100 * _UNITS[words[at]]
        if hundreds:
            yield hundreds, at + 2
        for tail, stop in _tens(words, at + 2, behind_hundred=True):
            yield hundreds + tail, stop
    if at + 1 < len(words) and words[at] in ("linh", "lẻ") and words[at + 1] in _AFTER_TENS:
        yield _AFTER_TENS[words[at + 1]], at + 2


def _tens(words: Words, at: int, *, behind_hundred: bool = False) -> Iterator[tuple[int, int]]:
    word = words[at] if at < len(words) else ""
    following = words[at + 1] if at + 1 < len(words) else ""
    if word == "mười":
        yield 10, at + 1
        if following in _AFTER_TEN and following not in _NEVER_AFTER_TEN:
            yield 10 + _AFTER_TEN[following], at + 2
    elif behind_hundred and word in ("linh", "lẻ"):
        if following in _AFTER_TENS:
            yield _AFTER_TENS[following], at + 2
    elif word in _ALONE:
        if not behind_hundred:
            yield _ALONE[word], at + 1
        if following == "mươi" and word in _UNITS:
            yield 10 * _UNITS[word], at + 2
            last = words[at + 2] if at + 2 < len(words) else ""
            if last in _AFTER_TENS and last not in _NEVER_AFTER_TENS:
                yield 10 * _UNITS[word] + _AFTER_TENS[last], at + 3
