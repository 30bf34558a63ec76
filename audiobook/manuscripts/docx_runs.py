"""Word's runs -> marked text in Unicode; what is deleted or hidden comes out apart, so that it can be listed.

Fields keep their state from run to run and paragraph to paragraph: the cached text of a contents list is told by it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from audiobook.legacy_encodings import Encoding, is_syllable, recognised, to_unicode
from audiobook.manuscripts.docx_styles import MC, R, Style, W, font, half_points, switched, value
from audiobook.manuscripts.text import MarkedText
from audiobook.model.issue import Mark, Markup

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_DELETED = (f"{W}del", f"{W}moveFrom")
_APART = {f"{W}p", f"{W}tbl", f"{W}pPr", f"{W}rPr", f"{W}sdtPr", f"{W}instrText", f"{W}txbxContent"}
_BLANKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}ptab": " "}
_SIGNS = {"F0FC": "✓", "F0FE": "✓", "F0E0": "→", "F0B7": "•", "F028": "☎"}
_SUSPECT = re.compile(r"[\x80-\x9f¡-©«-¿ÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñö÷øûüþÿ\xad]")
_CERTAINLY_UNICODE = re.compile("[\u1ea0-\u1ef9]")
_LINK_FIELD = re.compile(r'\s*HYPERLINK\s+"(https?://[^"]+)"')

Markups = tuple[tuple[Markup, str], ...]
_SHOWN, _HIDDEN, _GONE = "", "M-HIDDEN", "M-DELETED"


@dataclass(slots=True)
class Piece:
    """Text under one look; ``fate`` is "" where it is shown, else the code of the reason why it is not."""

    text: str
    markup: Markups
    fate: str
    font: str


@dataclass(slots=True)
class Paragraph:
    """A paragraph's text and what was met in it."""

    text: str = ""
    marks: tuple[Mark, ...] = ()
    apart: dict[str, str] = field(default_factory=dict)  # reason's code -> the text that is not shown
    contents: bool = False  # it lies in the result of a contents list's field
    bold: bool = False
    italic: bool = False
    size: int = 0  # half points
    repaired: Encoding | None = None  # recognised without any font


@dataclass(slots=True, kw_only=True)
class Runs:
    """Reads the runs of one document's paragraphs, in order."""

    styles: Mapping[str, Style]
    relations: Mapping[str, tuple[str, bool]]
    refer: Callable[[str], str]  # a note's key -> the number that is printed for it
    _fields: list[list[str]] = field(default_factory=list)  # [instruction, "result" once it has begun]

    def paragraph(self, node: Any, style: Style) -> Paragraph:
        """One w:p; the paragraphs of its text boxes are not in it."""
        made, pieces = Paragraph(), list[Piece]()
        lettered = False
        bold = italic = True
        for piece, size, strong, emphasised in self._pieces(node, style, ()):
            made.contents = made.contents or any(each[0].lstrip().upper().startswith("TOC") for each in self._fields)
            if piece.fate == _SHOWN and piece.text.strip():
                lettered = True
                bold, italic, made.size = bold and strong, italic and emphasised, max(made.size, size)
            last = pieces[-1] if pieces else None
            if last and (last.markup, last.fate, last.font) == (piece.markup, piece.fate, piece.font):
                last.text += piece.text
            else:
                pieces.append(piece)
        made.bold, made.italic = lettered and bold, lettered and italic
        return _assembled(made, pieces)

    def _pieces(
        self, node: Any, style: Style, under: Markups, fate: str = _SHOWN
    ) -> Iterator[tuple[Piece, int, bool, bool]]:
        for child in node:
            tag = child.tag
            if tag == f"{W}r":
                yield from self._run(child, style, under, fate)
            elif tag in _DELETED:
                yield from self._pieces(child, style, under, _GONE)
            elif tag == f"{W}hyperlink":
                target, outside = self.relations.get(child.get(f"{R}id", ""), ("", False))
                link: Markups = (
                    ((Markup.LINK, target),) if outside and target.startswith(("http://", "https://")) else ()
                )
                yield from self._pieces(child, style, (*under, *link), fate)
            elif tag == _MATH:
                yield Piece(child.text or "", under, fate, ""), 0, False, False
            elif tag == f"{MC}AlternateContent":
                yield from self._pieces(chosen(child), style, under, fate)
            elif tag not in _APART:
                yield from self._pieces(child, style, under, fate)

    def _run(self, node: Any, style: Style, under: Markups, fate: str) -> Iterator[tuple[Piece, int, bool, bool]]:
        properties = node.find(f"{W}rPr")
        named = value(properties, "rStyle")
        own = self.styles.get(named, style) if named else style
        strong = switched(properties, "b", inherited=own.bold or style.bold)
        emphasised = switched(properties, "i", inherited=own.italic or style.italic)
        if fate == _SHOWN and switched(properties, "vanish", inherited=own.hidden or style.hidden):
            fate = _HIDDEN
        markup = (*under, *self._field_link(), *_markup(properties, strong=strong, emphasised=emphasised, style=style))
        face, size = font(properties) or (own.font if named else "") or style.font, half_points(properties) or own.size
        for child in node:
            for text, extra in self._content(child):
                yield Piece(text, (*markup, *extra), fate, face), size, strong, emphasised

    def _content(self, child: Any) -> Iterator[tuple[str, Markups]]:
        tag = child.tag
        if tag in (f"{W}t", f"{W}delText"):
            yield child.text or "", ()
        elif tag in _BLANKS:
            yield _BLANKS[tag], ()
        elif tag == f"{W}noBreakHyphen":
            yield "-", ()
        elif tag == f"{W}sym":
            yield _SIGNS.get((child.get(f"{W}char") or "").upper(), ""), ()
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            kind = "footnote" if tag == f"{W}footnoteReference" else "endnote"
            key = f"{kind}{child.get(f'{W}id')}"
            yield self.refer(key), ((Markup.FOOTNOTE, key),)
        elif tag == f"{W}fldChar":
            self._field(child.get(f"{W}fldCharType"))
        elif tag == f"{W}instrText" and self._fields:
            self._fields[-1][0] += child.text or ""

    def _field(self, kind: str | None) -> None:
        if kind == "begin" and len(self._fields) < _DEEPEST_FIELD:
            self._fields.append(["", ""])
        elif kind == "separate" and self._fields:
            self._fields[-1][1] = "result"
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _field_link(self) -> Markups:
        for instruction, result in self._fields:
            link = _LINK_FIELD.match(instruction) if result else None
            if link:
                return ((Markup.LINK, link[1]),)
        return ()


_DEEPEST_FIELD = 30


def chosen(alternatives: Any) -> Any:
    """Of an AlternateContent the choice; where that has nothing to show, the fallback."""
    choice, fallback = alternatives.find(f"{MC}Choice"), alternatives.find(f"{MC}Fallback")
    if choice is None or (fallback is not None and next(choice.iter(f"{W}t", f"{W}drawing"), None) is None):
        return fallback if fallback is not None else alternatives
    return choice


def _markup(properties: Any, *, strong: bool, emphasised: bool, style: Style) -> Markups:
    """What differs from the paragraph's own style is marked; what a whole style has is no emphasis."""
    found: list[tuple[Markup, str]] = []
    if strong and not style.bold:
        found.append((Markup.STRONG, ""))
    if emphasised and not style.italic:
        found.append((Markup.EMPHASIS, ""))
    language = value(properties, "lang").lower()
    if language and not language.startswith("vi"):
        found.append((Markup.LANGUAGE, language.split("-")[0]))
    return tuple(found)


def _assembled(made: Paragraph, pieces: list[Piece]) -> Paragraph:
    """Put the pieces together in Unicode: by their fonts, or by what the whole text makes sense as."""
    shown, apart = MarkedText(), dict[str, list[str]]()
    whole = "".join(piece.text for piece in pieces)
    unicode_text = bool(_CERTAINLY_UNICODE.search(whole))
    named = any(_encoding(piece.font) for piece in pieces)
    if not named and _SUSPECT.search(whole):
        made.repaired = recognised(whole)
    for piece in pieces:
        text = piece.text
        encoding = (None if unicode_text else _encoding(piece.font)) or made.repaired
        if encoding and not _is_reference(piece):
            text = to_unicode(
                text, encoding, capitals=bool(named and piece.font.lower().endswith("h") and encoding is Encoding.TCVN3)
            )
        if piece.fate == _SHOWN:
            shown.add(text, *piece.markup)
        else:
            apart.setdefault(piece.fate, []).append(text)
    made.text, marks = shown.finished()
    made.marks = tuple(mark for mark in marks if mark.kind is not Markup.LANGUAGE or _foreign(made.text, mark))
    made.apart = {fate: "".join(texts) for fate, texts in apart.items()}
    return made


def _encoding(name: str) -> Encoding | None:
    """What a font's name says: .VnTime and its kin are TCVN3, VNI-Times and its kin VNI."""
    folded = name.lower()
    if folded.startswith(".vn"):
        return Encoding.TCVN3
    return Encoding.VNI if folded.startswith(("vni-", "vni ")) else None


def _is_reference(piece: Piece) -> bool:
    return any(kind is Markup.FOOTNOTE for kind, _ in piece.markup)


def _foreign(text: str, mark: Mark) -> bool:
    """Whether words that Word calls English are: it says so of all that was typed with an English keyboard."""
    words = re.findall(r"[^\W\d_]+", text[mark.start : mark.end])
    return all(word.isascii() for word in words) and any(not is_syllable(word) for word in words)
