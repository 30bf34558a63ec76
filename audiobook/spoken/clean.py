"""Printed text -> text that rules can trust, with the way back: each clean offset knows its source offset."""

import unicodedata
from dataclasses import dataclass

_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")
_CHANGED = {
    "\u00a0": " ", "\u202f": " ", "\u2007": " ", "\t": " ", "\n": " ", "\r": " ", "\u2028": " ",
    "Ð": "Đ", "ð": "đ", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'",
    "‐": "-", "‑": "-", "−": "-", "—": "–", "…": ".", "²": "2", "³": "3",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clean:
    """``offsets[i]`` is where ``text[i]`` begins in the source; one more at the end for its end."""

    text: str
    offsets: tuple[int, ...]


def clean(source: str) -> Clean:
    r"""NFC, ordinary blanks, hyphens and quotes; soft hyphens and invisible characters gone.

    >>> clean("Kế\u00a0hoạch").text
    'Kế hoạch'
    """
    letters: list[str] = []
    offsets: list[int] = []
    start = 0
    while start < len(source):
        end = start + 1
        while end < len(source) and unicodedata.combining(source[end]):
            end += 1
        composed = unicodedata.normalize("NFC", source[start:end])
        for letter in composed if source[start] not in _DROPPED else "":
            letters.append(_CHANGED.get(letter, letter))
            offsets.append(start)
        start = end
    return Clean(text="".join(letters), offsets=(*offsets, len(source)))
