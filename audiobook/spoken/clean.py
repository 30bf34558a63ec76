"""Printed text -> text that rules can trust, with the way back: each clean offset knows its source offset."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from audiobook.legacy_encodings import pieces, recognised

_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\ufe0f")
_CHANGED = {
    "\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\t": " ", "\n": " ", "\r": " ", "\u2028": " ",
    "Ð": "Đ", "ð": "đ", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "ʼ": "'", "′": "'",
    "″": '"', "‐": "-", "‑": "-", "−": "-", "—": "–", "―": "–", "…": ".", "⁄": "/", "∕": "/", "º": "°", "₫": "đ",
    "µ": "μ", "＋": "+", "Ɖ": "Đ", "ɖ": "đ",
    **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)),
    **{chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)},  # full width, of Asian keyboards
    **dict(zip("асеорхуАВСЕНІКМОРТХіј", "aceopxyABCEHIKMOPTXij", strict=True)),  # Cyrillic letters that look like ours
}  # fmt: skip
_GHA = str.maketrans("Ƣƣ", "Ưư")
"""U+01A2 and U+01A3, which many PDFs give for Ư: PHƢỜNG, ngƣời. No bulletin has the Turkic letter."""
_FIXED_BLANKS = frozenset("\u00a0\u202f\u2007\u2009")
_THOUSANDS = re.compile(r"\d[\u00a0\u202f\u2007\u2009]\d{3}(?!\d)")
"""A blank that keeps a number together groups thousands: 25 000."""
_OLD_FONT = re.compile("[¡-±´-¹»-¿ÄÅÆÇËÎÏÑÖØÛÜßäåæçëîïñöøûü÷ÿ\uf0a1-\uf0fe]")
"""A sign that Unicode Vietnamese does not have, so that the text may come from a font of before Unicode."""


@dataclass(frozen=True, slots=True)
class Clean:
    """``offsets[i]`` is where ``text[i]`` begins in the source; one more at the end for its end."""

    text: str
    offsets: tuple[int, ...]
    repaired: bool = False  # it was typed for a font of before Unicode (TCVN3, VNI), or a PDF gave Ƣ for Ư


def clean(printed: str) -> Clean:
    r"""NFC, ordinary blanks, hyphens and quotes; soft hyphens and invisible characters gone; TCVN3 and VNI repaired, Ƣ is Ư.

    >>> clean("Kế\u00a0hoạch").text, clean("Céng hßa x· héi").text
    ('Kế hoạch', 'Cộng hòa xã hội')
    """
    source = printed.translate(_GHA)  # one for one
    encoding = recognised(source) if _OLD_FONT.search(source) else None
    letters: list[str] = []
    offsets: list[int] = []
    for start, text in _clusters(source) if encoding is None else ((a, c) for a, _, c in pieces(source, encoding)):
        if text[0] in _DROPPED:
            continue
        for letter in unicodedata.normalize("NFC", text):
            grouped = letter in _FIXED_BLANKS and _THOUSANDS.match(source, max(0, start - 1))
            letters.append("." if grouped else _CHANGED.get(letter, letter))
            offsets.append(start)
    repaired = encoding is not None or source != printed
    return Clean(text="".join(letters), offsets=(*offsets, len(source)), repaired=repaired)


def _clusters(source: str) -> Iterator[tuple[int, str]]:
    """Each character with the signs that are combined with it."""
    if unicodedata.is_normalized("NFC", source):  # nearly always: no sign is left to be combined
        yield from enumerate(source)
        return
    start = 0
    while start < len(source):
        end = start + 1
        while end < len(source) and unicodedata.combining(source[end]):
            end += 1
        yield start, source[start:end]
        start = end
