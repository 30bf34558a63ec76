"""Numbers -> Vietnamese words, as a newsreader of the north says them (mốt, tư, lăm, linh)."""

import re

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN_FORM = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_BILLION = 10**9

NUMBER = (
    r"\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})(?!\d)|\d{1,3}(?:,\d{3}){2,}(?!\d)|\d+(?:,\d+)?"
)
"""A number as printed in Vietnamese: dots group thousands, a comma is the decimal sign; or in English, if it shows that
it is by two groups (1,234,567)."""

_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+\.\d{1,2}|\d{1,3}(?:,\d{3}){2,}")


def cardinal(number: int) -> str:
    """A whole number in words.

    >>> cardinal(3008)
    'ba nghìn không trăm linh tám'
    >>> cardinal(1_000_000_021)
    'một tỷ không trăm hai mươi mốt'
    """
    if number < 0:
        return f"âm {cardinal(-number)}"
    if number == 0:
        return _DIGITS[0]
    return " ".join(_whole(number, leading=True))


def digits(text: str) -> str:
    """Each digit of a text by itself.

    >>> digits("1900 6888")
    'một chín không không sáu tám tám tám'
    """
    return " ".join(_DIGITS[int(each)] for each in text if each.isdigit() and each.isascii())


def number(text: str) -> str:
    """A printed number in words: dots group thousands, a comma is "phẩy"; leading zeros are not said.

    >>> number("25.000"), number("8,75"), number("03"), number("0,05"), number("1,250,000")
    ('hai mươi lăm nghìn', 'tám phẩy bảy mươi lăm', 'ba', 'không phẩy không năm', 'một triệu hai trăm năm mươi nghìn')
    """
    if _ENGLISH.fullmatch(text):
        text = text.replace(",", "").replace(".", ",")
    whole, comma, part = text.partition(",")
    words = cardinal(int(whole.replace(".", "")))
    if not comma:
        return words
    short = len(part) <= 2 and not part.startswith("0")
    return f"{words} phẩy {cardinal(int(part)) if short else digits(part)}"


def ordinal(value: int) -> str:
    """What follows "thứ".

    >>> ordinal(1), ordinal(4), ordinal(25)
    ('nhất', 'tư', 'hai mươi lăm')
    """
    return {1: "nhất", 4: "tư"}.get(value) or cardinal(value)


def month(value: int) -> str:
    """What follows "tháng".

    >>> month(4), month(1)
    ('tư', 'một')
    """
    return "tư" if value == 4 else cardinal(value)


def roman(text: str) -> int:
    """The value of a Roman numeral; 0 where it is none.

    >>> roman("XVIII"), roman("IIX")
    (18, 0)
    """
    if not text or not _ROMAN_FORM.fullmatch(text):
        return 0
    values = [_ROMAN[letter] for letter in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _whole(value: int, *, leading: bool) -> list[str]:
    if value >= _BILLION:
        high, low = divmod(value, _BILLION)
        return [*_whole(high, leading=True), "tỷ", *(_whole(low, leading=False) if low else [])]
    words: list[str] = []
    for size, name in ((1_000_000, "triệu"), (1_000, "nghìn"), (1, "")):
        group, value = divmod(value, size)
        if group:
            words += _hundreds(group, full=not leading or bool(words))
            words += [name] if name else []
    return words


def _hundreds(group: int, *, full: bool) -> list[str]:
    hundred, rest = divmod(group, 100)
    words = [_DIGITS[hundred], "trăm"] if hundred or full else []
    ten, one = divmod(rest, 10)
    if ten == 0:
        return [*words, *(["linh"] if words else []), _DIGITS[one]] if one else words
    if ten == 1:
        return [*words, "mười", *([_after_ten(one, mot=False)] if one else [])]
    return [*words, _DIGITS[ten], "mươi", *([_after_ten(one, mot=True)] if one else [])]


def _after_ten(one: int, *, mot: bool) -> str:
    if one == 5:
        return "lăm"
    if mot and one in (1, 4):
        return "mốt" if one == 1 else "tư"
    return _DIGITS[one]
