"""Text -> the letters that are compared: no diacritics, no capitals, đ as d; and the words in it.

Folding keeps the length, so that a place in the folded text is the same place in the printed one.
"""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_TONES = re.compile(r"(?<=[aeiouy])[sfrxj]|[sfrxj]$")  # no Vietnamese syllable has these letters there
_DOUBLED = (("dd", "d"), ("aa", "a"), ("ee", "e"), ("oo", "o"))


def fold(text: str) -> str:
    """The folded text, as long as the text is in NFC.

    >>> fold("Nghị quyết số 18-NQ/TW của Đảng")
    'nghi quyet so 18-nq/tw cua dang'
    """
    return unicodedata.normalize("NFC", text).translate(_FOLDED)


class _Folding(dict[int, str]):
    """Letter -> folded letter, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = "d" if letter in "đĐ" else unicodedata.normalize("NFD", letter)[0].lower()[0]
        return self[code]


_FOLDED = _Folding()


def words(text: str) -> list[str]:
    """The folded words, in order.

    >>> words("Nghị quyết 18-NQ/TW")
    ['nghi', 'quyet', '18', 'nq', 'tw']
    """
    return _WORD.findall(fold(text))


def accented(text: str) -> list[str]:
    """The words as they were written, in small letters."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def without_telex(word: str) -> str:
    """What was meant by keys that were typed for diacritics where none were made (TELEX).

    >>> [without_telex(word) for word in ("nghij", "quyeets", "ddarng", "nuwowcs")]
    ['nghi', 'quyet', 'dang', 'nuoc']
    """
    plain = word.replace("w", "")
    for doubled, single in _DOUBLED:
        plain = plain.replace(doubled, single)
    return _TONES.sub("", plain) if len(plain) > 2 else plain


def spans(text: str, wanted: set[str]) -> list[tuple[int, int]]:
    """Where the wanted folded words (or their beginnings, given with a "*") stand in the text."""
    whole = {word for word in wanted if not word.endswith("*")}
    begun = tuple(word[:-1] for word in wanted if word.endswith("*"))
    return [
        found.span()
        for found in _WORD.finditer(fold(text))
        if found[0] in whole or (begun and found[0].startswith(begun))
    ]
