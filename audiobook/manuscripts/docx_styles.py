"""Word's styles -> what a paragraph is and how it looks.

Styles are told by name or outline level, never by id: a Vietnamese Word writes ids such as "u1" and "Tiu".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

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

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a style means and how it prints; ``level`` is a heading's, ``size`` in half points (0: not said)."""

    role: str = ""
    level: int = 0
    numbering: tuple[str, int] | None = None  # (numId, level)
    bold: bool = False
    italic: bool = False
    hidden: bool = False
    centred: bool = False
    size: int = 0
    font: str = ""


def styles(root: Any) -> dict[str, Style]:
    """Style id -> its meaning, with what it inherits; "" is the style of a paragraph that names none."""
    if root is None:
        return {"": Style()}
    found = {each.get(f"{W}styleId"): each for each in root.iter(f"{W}style")}
    defaults = _printed(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"), None, Style())
    known: dict[str, Style] = {}
    for style_id in found:
        _style(style_id, found, known, defaults, seen=())
    usual = next(
        (i for i, n in found.items() if n.get(f"{W}default") == "1" and n.get(f"{W}type") == "paragraph"), None
    )
    return known | {"": known[usual] if usual is not None else defaults}


def _style(
    style_id: str, found: Mapping[str, Any], known: dict[str, Style], defaults: Style, *, seen: tuple[str, ...]
) -> Style:
    if style_id in known:
        return known[style_id]
    node = found.get(style_id)
    if node is None or style_id in seen or len(seen) > _DEEPEST:
        return defaults
    based = value(node, "basedOn")
    parent = _style(based, found, known, defaults, seen=(*seen, style_id)) if based else defaults
    name = value(node, "name").strip().lower()
    role, level = _role(name)
    outline = node.find(f"{W}pPr/{W}outlineLvl")
    if not role and outline is not None and (outline.get(f"{W}val") or "9") in tuple("012345"):
        role, level = "heading", int(outline.get(f"{W}val")) + 1
    if not role and name != "list paragraph":
        role, level = parent.role, parent.level
    printed = _printed(node.find(f"{W}rPr"), node.find(f"{W}pPr"), parent)
    known[style_id] = replace(printed, role=role, level=level)
    return known[style_id]


_DEEPEST = 20


def _printed(run: Any, paragraph: Any, parent: Style) -> Style:
    """How a style prints, where it says so itself."""
    return replace(
        parent,
        numbering=_numbering(paragraph, parent.numbering),
        bold=switched(run, "b", inherited=parent.bold),
        italic=switched(run, "i", inherited=parent.italic),
        hidden=switched(run, "vanish", inherited=parent.hidden),
        centred=_centred(paragraph, inherited=parent.centred),
        size=half_points(run) or parent.size,
        font=font(run) or parent.font,
    )


def _numbering(paragraph: Any, inherited: tuple[str, int] | None) -> tuple[str, int] | None:
    own = numbering_of(paragraph)
    if own and not own[0] and inherited:
        return inherited[0], own[1]  # a deeper level of the parent's list
    return own or inherited


def _centred(paragraph: Any, *, inherited: bool) -> bool:
    side = value(paragraph, "jc")
    return side == "center" if side else inherited


def centred(paragraph: Any, style: Style) -> bool:
    """Whether a paragraph stands in the middle."""
    return _centred(paragraph, inherited=style.centred)


def half_points(run: Any) -> int:
    """The size that run properties name; 0 where they name none."""
    text = value(run, "sz")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def font(run: Any) -> str:
    """The font that run properties name for letters beyond ASCII; "" where they name none."""
    node = run.find(f"{W}rFonts") if run is not None else None
    return str(node.get(f"{W}hAnsi") or node.get(f"{W}ascii") or "") if node is not None else ""


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


def switched(properties: Any, name: str, *, inherited: bool) -> bool:
    """Whether a toggle such as w:b is on."""
    node = properties.find(f"{W}{name}") if properties is not None else None
    return inherited if node is None else node.get(f"{W}val") not in ("0", "false", "off", "none")


def numbering_of(properties: Any) -> tuple[str, int] | None:
    """(numId, level) of paragraph properties; None where they name none."""
    node = properties.find(f"{W}numPr") if properties is not None else None
    if node is None:
        return None
    level = value(node, "ilvl")
    return value(node, "numId"), int(level) if level in tuple("012345678") else 0
