"""Text typed in TCVN3 (ABC) or VNI fonts -> Unicode; and whether a text without font information is such text.

Before Unicode a font made letters out of code points that mean something else: "Céng hßa" in .VnTime is "Cộng hòa",
"Coäng hoøa" in VNI-Times is the same. Sources: TCVN 5712:1993, table VN3 (checked against glibc's TCVN5712-1); VNI's
keyboard manual for Windows fonts.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum


class Encoding(StrEnum):
    """A font's private use of code points."""

    TCVN3 = "TCVN3"
    VNI = "VNI"


_TCVN3_RUNS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ", 0xB5: "àảãáạ", 0xBB: "ằẳẵắ", 0xC6: "ặầẩẫấậè", 0xCE: "ẻẽéẹềểễếệìỉ", 0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù", 0xF1: "ủũúụừửữứựỳỷỹýỵ",
}  # fmt: skip
_TCVN3_BYTES = {first + n: letter for first, run in _TCVN3_RUNS.items() for n, letter in enumerate(run)}
_VNI_TONES = {"": "ùøûõï", "\u0302": "áàåãä", "\u0306": "éèúüë"}  # acute, grave, hook, tilde, dot of each vowel shape
_TONES = "\u0301\u0300\u0309\u0303\u0323"


def _tcvn3() -> dict[str, str]:
    """Each letter by the character that shows it: read as Windows-1252, as Windows-1258, or as a symbol font (U+F0xx)."""
    table = {}
    for byte, letter in _TCVN3_BYTES.items():
        for codec in ("cp1258", "cp1252"):
            character = bytes([byte]).decode(codec)
            if not unicodedata.combining(character):
                table[character] = letter
        table[chr(0xF000 + byte)] = letter
    return table


def _vni() -> dict[str, str]:
    """Each letter by one or two characters: the vowel, and behind it the sign that carries shape and tone."""
    table = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
    for shape, vowels, alone in (("", "aeouôöy", ""), ("\u0302", "aeo", "â"), ("\u0306", "a", "ê")):
        for vowel in vowels:
            unicode_vowel = table.get(vowel, vowel) + shape
            if alone:
                table[vowel + alone] = _nfc(unicode_vowel)
            for sign, tone in zip(_VNI_TONES[shape], _TONES, strict=True):
                table[vowel + sign] = _nfc(unicode_vowel + tone)
    for shown, letter in list(table.items()):
        table[shown.upper()] = letter.upper()
        if len(shown) == 2:
            table[shown[0].upper() + shown[1]] = letter.upper()
            table[shown[0] + shown[1].upper()] = letter
    symbol = {
        "".join(c if c.isascii() else chr(0xF000 + ord(c)) for c in shown): letter for shown, letter in table.items()
    }
    return symbol | table


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


_TABLES = {Encoding.TCVN3: _tcvn3(), Encoding.VNI: _vni()}
_SHOWN = {
    encoding: re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
    for encoding, table in _TABLES.items()
}


def to_unicode(text: str, encoding: Encoding, *, capitals: bool = False) -> str:
    """The text in Unicode; ``capitals`` for fonts such as .VnTimeH, which show small letters as capitals.

    U+00AD is ư in TCVN3: convert before anything drops soft hyphens.

    >>> to_unicode("Céng hßa x· héi chñ nghÜa ViÖt Nam", Encoding.TCVN3)
    'Cộng hòa xã hội chủ nghĩa Việt Nam'
    >>> to_unicode("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", Encoding.VNI)
    'Cộng hòa xã hội chủ nghĩa Việt Nam'
    """
    table = _TABLES[encoding]
    converted = _SHOWN[encoding].sub(lambda found: table[found[0]], text)
    return converted.upper() if capitals else _CAPITAL_WORD.sub(_capitals, converted)


_CAPITAL_WORD = re.compile(r"[^\W\d_]*[A-Z][^\W\d_]*[A-Z][^\W\d_]*")


def _capitals(word: re.Match[str]) -> str:
    """A word in capitals whose letters with tones were small, as these fonts had no capitals for them ("QUËN")."""
    ascii_letters = [letter for letter in word[0] if letter.isascii()]
    return word[0].upper() if all(letter.isupper() for letter in ascii_letters) else word[0]


def pieces(text: str, encoding: Encoding) -> Iterator[tuple[int, int, str]]:
    """The text cut into (start, end, Unicode letters), so that offsets into the printed text are kept."""
    table, at, whole = _TABLES[encoding], 0, to_unicode(text, encoding)
    made = 0
    for found in _SHOWN[encoding].finditer(text):
        yield from ((at + n, at + n + 1, whole[made + n]) for n in range(found.start() - at))
        made += found.start() - at
        letters = whole[made : made + len(table[found[0]])]
        yield found.start(), found.end(), letters
        made += len(letters)
        at = found.end()
    yield from ((at + n, at + n + 1, whole[made + n]) for n in range(len(text) - at))


def recognised(text: str, *, at_least: int = 2) -> Encoding | None:
    """The encoding in which a text makes Vietnamese syllables, where as it stands it makes few.

    Only words with a character beyond ASCII tell; ``at_least`` so many must become syllables that were none.

    >>> recognised("Céng hßa x· héi chñ nghÜa"), recognised("Coäng hoøa xaõ hoäi"), recognised("Cộng hòa xã hội")
    (<Encoding.TCVN3: 'TCVN3'>, <Encoding.VNI: 'VNI'>, None)
    >>> recognised("Müller, São Paulo, Québec, Renée und Jürgen")
    """
    told = _telling(text)
    if not told:
        return None
    as_it_is = _share(told)
    if as_it_is > _MIXED:
        return None
    shares = {encoding: _share([to_unicode(word, encoding) for word in told]) for encoding in Encoding}
    best = max(shares, key=lambda each: shares[each])
    gained = (shares[best] - as_it_is) * len(told)
    return best if shares[best] >= _SURE and round(gained) >= at_least else None


def share_of_syllables(text: str) -> float:
    """Which share of the words with a character beyond ASCII are Vietnamese syllables, from 0 to 1; 0 without such words.

    >>> share_of_syllables("Cộng hòa xã, Köln")
    0.75
    """
    told = _telling(text)
    return _share(told) if told else 0.0


def _telling(text: str) -> list[str]:
    return list(dict.fromkeys(word for word in text.split() if not word.isascii()))[:_ENOUGH_WORDS]


_ENOUGH_WORDS = 2_000
_MIXED = 0.7  # so many syllables as it stands: ordinary text with foreign names in it
_SURE = 0.75  # so many syllables after conversion; the rest are names, codes, misprints


def _share(words: list[str]) -> float:
    """The share of words whose letters are all syllables."""
    return sum(map(_all_syllables, words)) / len(words)


def _all_syllables(word: str) -> bool:
    parts = _NO_LETTER.split(word)
    letters = [part for part in parts if part]
    return bool(letters) and all(map(is_syllable, letters)) and not _FOREIGN_SIGN.search(word)


_NO_LETTER = re.compile(r"[\W\d_]+")
_FOREIGN_SIGN = re.compile(r"[¡-©«-¶¸-»¿]")  # signs that stand for letters in such fonts; in Unicode text they are rare
_TONE = re.compile(f"[{_TONES}]")
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|nh?|ngh?|ph?|qu|r|s|th?|tr|v|x)?"
    r"(?:a(?:ch?|i|m|nh?|ng|o|p|t|u|y)?|ă(?:c|m|ng?|p|t)|â(?:c|m|ng?|p|t|u|y)|e(?:c|m|ng?|o|p|t)?"
    r"|ê(?:ch|m|nh?|ng|p|t|u|c)?|i(?:ch|m|nh?|p|t|u|a|ê(?:c|m|ng?|p|t|u))?|y(?:ê(?:m|ng?|t|u)|t|ch|nh|p|u)?"
    r"|o(?:c|i|m|ng?|p|t|a(?:ch?|i|m|nh?|ng|o|p|t|y)?|ă(?:c|m|ng?|t)|e(?:n|o|t|m|c|ng)?|o(?:c|ng))?"
    r"|ô(?:c|i|m|ng?|p|t)?|ơ(?:i|m|n|p|t)?|ư(?:a|c|i|m|ng?|t|u|ơ(?:c|i|m|ng?|p|t|u))?"
    r"|u(?:c|i|m|ng?|p|t|a|â(?:ng?|t|y)|ê(?:ch|nh?)?|ô(?:c|i|m|ng?|t)|ơ|y(?:a|ch|ê(?:t|n)|nh?|p|t|u)?)?)"
)


def is_syllable(word: str) -> bool:
    """Whether a word obeys the spelling of Vietnamese syllables: one tone at most, and a stop (c ch p t) has ´ or ̣.

    >>> [word for word in ("nghiêng", "quyết", "Việt", "toan", "cac", "ViÖt", "Mülle") if is_syllable(word)]
    ['nghiêng', 'quyết', 'Việt', 'toan']
    """
    spelt = unicodedata.normalize("NFD", word.lower())
    tones = _TONE.findall(spelt)
    plain = _nfc(_TONE.sub("", spelt))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(plain):
        return False
    return not plain.endswith(("c", "ch", "p", "t")) or bool(tones and tones[0] in "\u0301\u0323")
