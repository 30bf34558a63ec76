"""Word's styles and numbering -> what a paragraph is, and what is printed before a list item.

Styles are told by name or outline level, never by id: a Vietnamese Word writes ids such as "u1" and "Tiu".
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from audiobook.manuscripts.docx_package import W

_HEADING = re.compile(r"(?:heading|tiêu đề|đầu đề)\s*(\d)")
_ROLES = {
    "title": "title",
    "tiêu đề": "title",
    "subtitle": "subtitle",
    "tiêu đề phụ": "subtitle",
    "quote": "quote",
    "intense quote": "quote",
    "trích dẫn": "quote",
    "caption": "caption",
    "chú thích ảnh": "caption",
    "thơ": "verse",
    "verse": "verse",
    "poem": "verse",
    "quan trọng": "important",
    "list bullet": "item",
    "list number": "item",
}
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a paragraph style means; ``level`` is a heading's."""

    role: str = ""
    level: int = 0
    numbering: tuple[str, int] | None = None  # (numId, level)
    bold: bool = False
    italic: bool = False


def styles(root: Any) -> dict[str, Style]:
    """Style id -> its meaning, with what it inherits."""
    found = {each.get(f"{W}styleId"): each for each in root.iter(f"{W}style")} if root is not None else {}
    known: dict[str, Style] = {}
    for style_id in found:
        _style(style_id, found, known, seen=())
    return known


def _style(style_id: str, found: Mapping[str, Any], known: dict[str, Style], *, seen: tuple[str, ...]) -> Style:
    if style_id in known:
        return known[style_id]
    node = found.get(style_id)
    if node is None or style_id in seen:
        return Style()
    based = value(node, "basedOn")
    parent = _style(based, found, known, seen=(*seen, style_id)) if based else Style()
    name = value(node, "name").strip().lower()
    role, level = _role(name)
    outline = node.find(f"{W}pPr/{W}outlineLvl")
    if not role and outline is not None and (outline.get(f"{W}val") or "9") in "012345":
        role, level = "heading", int(outline.get(f"{W}val")) + 1
    if not role and name != "list paragraph":
        role, level = parent.role, parent.level
    known[style_id] = Style(
        role=role,
        level=level,
        numbering=numbering_of(node.find(f"{W}pPr")) or parent.numbering,
        bold=switched(node.find(f"{W}rPr"), "b", parent.bold),
        italic=switched(node.find(f"{W}rPr"), "i", parent.italic),
    )
    return known[style_id]


def _role(name: str) -> tuple[str, int]:
    heading = _HEADING.fullmatch(name)
    if heading:
        return "heading", int(heading[1])
    if name.startswith(("toc ", "mục lục")):
        return "contents", 0
    return _ROLES.get(re.sub(r"\s+\d$", "", name), ""), 0


def value(node: Any, child: str) -> str:
    """``w:val`` of a child, or ""."""
    found = node.find(f"{W}{child}") if node is not None else None
    return str(found.get(f"{W}val") or "") if found is not None else ""


def switched(properties: Any, name: str, inherited: bool) -> bool:
    """Whether a toggle such as w:b is on."""
    node = properties.find(f"{W}{name}") if properties is not None else None
    return inherited if node is None else node.get(f"{W}val") not in ("0", "false", "off", "none")


def numbering_of(properties: Any) -> tuple[str, int] | None:
    """(numId, level) of paragraph properties; None where they name none."""
    node = properties.find(f"{W}numPr") if properties is not None else None
    if node is None:
        return None
    level = value(node, "ilvl")
    return value(node, "numId"), int(level) if level.isdigit() else 0


@dataclass(slots=True)
class Numbering:
    """Counts list items as Word does, and writes their numbers as printed."""

    _formats: dict[tuple[str, int], tuple[str, str, int]] = field(default_factory=dict)
    _lists: dict[str, str] = field(default_factory=dict)
    _counts: defaultdict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, root: Any) -> "Numbering":
        """From numbering.xml (or None)."""
        made = cls()
        for abstract in root.iter(f"{W}abstractNum") if root is not None else ():
            for level in abstract.iter(f"{W}lvl"):
                start = value(level, "start")
                made._formats[abstract.get(f"{W}abstractNumId"), int(level.get(f"{W}ilvl") or 0)] = (
                    value(level, "numFmt"),
                    value(level, "lvlText"),
                    int(start) if start.isdigit() else 1,
                )
        for number in root.iter(f"{W}num") if root is not None else ():
            made._lists[number.get(f"{W}numId")] = value(number, "abstractNumId")
        return made

    def marker(self, number_id: str, level: int) -> str:
        """What is printed before the next item of a list."""
        abstract = self._lists.get(number_id, "")
        form, text, start = self._formats.get((abstract, level), ("bullet", "", 1))
        counts = self._counts[number_id]
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        if form in ("bullet", "none", "") or not text:
            return "–"

        def number(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            own, _, first = self._formats.get((abstract, at), ("decimal", "", 1))
            return _written(counts.get(at, first), own)

        return re.sub(r"%([1-9])", number, text)


def _written(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letters = "abcdefghijklmnopqrstuvwxyz"[(number - 1) % 26] * ((number - 1) // 26 + 1)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman"):
        roman, rest = "", number
        for amount, letters in _ROMAN:
            roman += letters * (rest // amount)
            rest %= amount
        return roman if form == "upperRoman" else roman.lower()
    return str(number)
