"""Word's numbering.xml -> what is printed before each list item, counted as Word counts."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from audiobook.manuscripts.docx_styles import W, value

_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
    (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_HIGHEST = 9_999
BULLET = "–"


@dataclass(slots=True)
class Numbering:
    """Counts list items as Word does, and writes their numbers as printed."""

    _formats: dict[tuple[str, int], tuple[str, str, int]] = field(
        default_factory=dict
    )  # (list, level): form, text, start
    _lists: dict[str, str] = field(default_factory=dict)
    _restarts: dict[tuple[str, int], int] = field(default_factory=dict)
    _counts: defaultdict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, root: Any) -> "Numbering":
        """From numbering.xml (or None)."""
        made = cls()
        for abstract in root.iter(f"{W}abstractNum") if root is not None else ():
            for level in abstract.iter(f"{W}lvl"):
                key = abstract.get(f"{W}abstractNumId"), _level(level)
                made._formats[key] = value(level, "numFmt"), value(level, "lvlText"), _start(level, "start", 1)
        for number in root.iter(f"{W}num") if root is not None else ():
            made._lists[number.get(f"{W}numId")] = value(number, "abstractNumId")
            for override in number.iter(f"{W}lvlOverride"):
                if override.find(f"{W}startOverride") is not None:
                    made._restarts[number.get(f"{W}numId"), _level(override)] = _start(override, "startOverride", 1)
        return made

    def marker(self, number_id: str, level: int) -> str:
        """What is printed before the next item of a list; lists that share a definition go on counting."""
        abstract = self._lists.get(number_id, "")
        form, text, start = self._formats.get((abstract, level), ("bullet", "", 1))
        counts = self._counts[abstract or number_id]
        restart = self._restarts.get((number_id, level))
        if restart is not None and (number_id, level) not in self._begun:
            counts[level] = restart - 1
        self._begun.add((number_id, level))
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        if form in ("bullet", "none", "") or not text:
            return BULLET
        return re.sub(r"%([1-9])", lambda found: self._number(abstract, int(found[1]) - 1, counts), text)

    def _number(self, abstract: str, level: int, counts: dict[int, int]) -> str:
        form, _, first = self._formats.get((abstract, level), ("decimal", "", 1))
        return _written(counts.get(level, first), form)


def _level(node: Any) -> int:
    text = node.get(f"{W}ilvl") or "0"
    return int(text) if text in tuple("012345678") else 0


def _start(node: Any, child: str, usual: int) -> int:
    text = value(node, child)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else usual


def _written(number: int, form: str) -> str:
    if not 0 < number <= _HIGHEST:
        return str(number)
    if form in ("lowerLetter", "upperLetter"):
        letters = "abcdefghijklmnopqrstuvwxyz"[(number - 1) % 26] * ((number - 1) // 26 + 1)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    """A number in Roman letters.

    >>> _roman(1949)
    'MCMXLIX'
    """
    written = ""
    for amount, letters in _ROMAN:
        written += letters * (number // amount)
        number %= amount
    return written
