"""Word (.docx) -> Source: paragraphs by their styles, lists as printed, tables, pictures, notes.

What was deleted under tracked changes is dropped, what was inserted is kept; hidden text and the cached text of a
contents list are no part of the issue.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from audiobook.errors import PictureMissing
from audiobook.manuscripts.docx_package import Package, R, W
from audiobook.manuscripts.docx_styles import Numbering, Style, numbering_of, styles, switched, value
from audiobook.manuscripts.docx_table import table
from audiobook.manuscripts.source import Picture, Source, SourceBlock
from audiobook.manuscripts.text import MarkedText, one_line
from audiobook.model.issue import Kind, Mark, Markup

_DOCUMENT = "word/document.xml"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_PROPERTIES = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_DROPPED = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}sdtPr", f"{W}instrText", f"{W}delText"} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_KINDS = {"quote": Kind.QUOTE, "verse": Kind.VERSE, "item": Kind.ITEM}
_CORE = {"title": "{http://purl.org/dc/elements/1.1/}title", "summary": "{http://purl.org/dc/elements/1.1/}description"}


def read_docx(file: Path) -> Source:
    """Read a Word file.

    Raises:
        ManuscriptDamaged, ManuscriptHostile: a broken or dangerous package.
        PictureMissing: a picture that the text shows is not inside.
    """
    with Package(file) as package:
        return _Reader(package).source()


class _Reader:
    """One package, and what was met in it."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = styles(package.tree("word/styles.xml"))
        self._numbering = Numbering.of(package.tree("word/numbering.xml"))
        self._relations = package.relations(_DOCUMENT)
        self._note_numbers: dict[str, int] = {}
        self._paragraph_number = 0

    def source(self) -> Source:
        root = self._package.tree(_DOCUMENT)
        body = root.find(f"{W}body") if root is not None else None
        met = list(self._blocks(body)) if body is not None else []
        facts = self._core() | {each.text[0]: each.text[1] for each in met if isinstance(each, _Fact)}
        blocks = _captioned([each for each in met if isinstance(each, SourceBlock)])
        return Source(blocks=tuple(_stanzas(blocks)), notes=dict(self._notes()), facts=facts)

    def _core(self) -> dict[str, str]:
        root = self._package.tree("docProps/core.xml")
        found = {}
        for name, tag in _CORE.items():
            node = root.find(f".//{tag}") if root is not None else None
            if node is not None and (node.text or "").strip():
                found[name] = one_line(node.text)
        return found

    def _blocks(self, parent: Any) -> Iterator["SourceBlock | _Fact"]:
        for node in parent:
            if node.tag == f"{W}p":
                yield from self._paragraph(node)
            elif node.tag == f"{W}tbl":
                yield from self._table(node)
            elif node.tag not in _DROPPED and len(node):
                yield from self._blocks(node)  # w:sdt, w:ins and the like are only wrappers

    def _paragraph(self, node: Any) -> Iterator["SourceBlock | _Fact"]:
        self._paragraph_number += 1
        place = f"đoạn {self._paragraph_number}"
        properties = node.find(f"{W}pPr")
        style = self._styles.get(value(properties, "pStyle"), Style())
        if style.role == "contents":
            return
        text, marks = self._text(node, style)
        pictures = list(self._pictures(node, place))
        yield from (SourceBlock(kind=Kind.FIGURE, text="", picture=each, place=place) for each in pictures)
        if not text:
            return
        if style.role in ("title", "subtitle"):
            yield _Fact(("title" if style.role == "title" else "summary", one_line(text)))
            return
        yield self._written(text, marks, style, properties, place=place)

    def _written(self, text: str, marks: tuple[Mark, ...], style: Style, properties: Any, *, place: str) -> SourceBlock:
        numbered = numbering_of(properties) or style.numbering
        if style.role == "heading":
            return SourceBlock(kind=Kind.HEADING, text=text, marks=marks, level=style.level, place=place)
        if numbered and numbered[0] not in ("", "0"):
            marker = self._numbering.marker(*numbered)
            return SourceBlock(
                kind=Kind.ITEM, text=text, marks=marks, level=numbered[1] + 1, marker=marker, place=place
            )
        kind = _KINDS.get(style.role, Kind.PARAGRAPH)
        return SourceBlock(
            kind=kind,
            text=text,
            marks=(*marks, _CAPTION) if style.role == "caption" else marks,
            level=1 if kind is Kind.ITEM else 0,
            marker="–" if kind is Kind.ITEM else "",
            place=place,
            important=style.role == "important",
        )

    def _table(self, node: Any) -> Iterator[SourceBlock]:
        self._paragraph_number += 1

        def cell_text(cell: Any) -> tuple[str, tuple[Mark, ...]]:
            marked = MarkedText()
            for paragraph in cell.iter(f"{W}p"):
                marked.add(" " if marked.text else "")
                self._collect(paragraph, marked, Style(), ())
            text, marks = marked.finished()
            return text.replace("\n", " "), marks

        text, cells, marks = table(node, cell_text)
        if text.strip():
            yield SourceBlock(
                kind=Kind.TABLE, text=text, cells=cells, marks=marks, place=f"đoạn {self._paragraph_number}"
            )

    def _text(self, node: Any, style: Style) -> tuple[str, tuple[Mark, ...]]:
        marked = MarkedText()
        plain = replace(style, bold=False, italic=False)  # what a whole style has is no emphasis
        self._collect(node, marked, plain, ())
        return marked.finished()

    def _collect(self, node: Any, marked: MarkedText, style: Style, under: tuple[tuple[Markup, str], ...]) -> None:
        for child in node:
            if child.tag in _DROPPED:
                continue
            if child.tag == f"{W}r":
                self._run(child, marked, style, under)
            elif child.tag == f"{W}hyperlink":
                target, outside = self._relations.get(child.get(f"{R}id", ""), ("", False))
                link = ((Markup.LINK, target),) if outside else ()
                self._collect(child, marked, style, (*under, *link))
            elif child.tag not in (f"{W}p", f"{W}tbl"):
                self._collect(child, marked, style, under)

    def _run(self, node: Any, marked: MarkedText, style: Style, under: tuple[tuple[Markup, str], ...]) -> None:
        properties = node.find(f"{W}rPr")
        if switched(properties, "vanish", inherited=False):
            return
        under = (*under, *_markup(properties, style))
        for child in node:
            if child.tag == f"{W}t":
                marked.add(child.text or "", *under)
            elif child.tag == f"{W}tab":
                marked.add(" ", *under)
            elif child.tag in (f"{W}br", f"{W}cr"):
                marked.add("\n", *under)
            elif child.tag == f"{W}noBreakHyphen":
                marked.add("-", *under)
            elif child.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                self._reference(child, marked, under)

    def _reference(self, node: Any, marked: MarkedText, under: tuple[tuple[Markup, str], ...]) -> None:
        kind = "footnote" if node.tag == f"{W}footnoteReference" else "endnote"
        key = f"{kind}{node.get(f'{W}id')}"
        number = self._note_numbers.setdefault(key, len(self._note_numbers) + 1)
        marked.add(str(number), *under, (Markup.FOOTNOTE, key))

    def _notes(self) -> Iterator[tuple[str, SourceBlock]]:
        for kind in ("footnote", "endnote"):
            root = self._package.tree(f"word/{kind}s.xml")
            self._relations = self._package.relations(f"word/{kind}s.xml")
            for note in root.iter(f"{W}{kind}") if root is not None else ():
                key = f"{kind}{note.get(f'{W}id')}"
                if key not in self._note_numbers:
                    continue
                marked = MarkedText()
                for paragraph in note.iter(f"{W}p"):
                    marked.add("\n" if marked.text else "")
                    self._collect(paragraph, marked, Style(), ())
                text, marks = marked.finished()
                place = f"chú thích {self._note_numbers[key]}"
                yield key, SourceBlock(kind=Kind.NOTE, text=text, marks=marks, place=place)

    def _pictures(self, node: Any, place: str) -> Iterator[Picture]:
        for drawing in node.iter(f"{W}drawing"):
            about = drawing.find(f".//{_PROPERTIES}")
            alt = one_line((about.get("descr") or "") if about is not None else "")
            for blip in drawing.iter(_BLIP):
                target, outside = self._relations.get(blip.get(f"{R}embed", ""), ("", False))
                data = None if outside else self._package.bytes(target)
                if data is None:
                    raise PictureMissing(
                        "hình trong văn bản không có trong tệp.",
                        thing=self._package.file,
                        place=place,
                        advice="Chèn lại hình vào Word (không chỉ liên kết).",
                    )
                yield Picture(name=target.rsplit("/", 1)[-1], data=data, alt=alt)


class _Fact:
    """A paragraph that says something of the whole issue: (name, text)."""

    def __init__(self, text: tuple[str, str]) -> None:
        self.text = text


_CAPTION = Mark(start=0, end=0, kind=Markup.EMPHASIS, value="caption")
"""Tells a caption from other paragraphs until it has found its picture."""


def _captioned(blocks: Sequence[SourceBlock]) -> list[SourceBlock]:
    """Join each caption to the picture that it stands behind; alone it stays a paragraph."""
    joined: list[SourceBlock] = []
    for block in blocks:
        if _CAPTION in block.marks:
            block = replace(block, marks=tuple(mark for mark in block.marks if mark is not _CAPTION))
            if joined and joined[-1].kind is Kind.FIGURE and not joined[-1].text:
                joined[-1] = replace(joined[-1], text=block.text.replace("\n", " "), marks=block.marks)
                continue
        joined.append(block)
    return joined


def _stanzas(blocks: Sequence[SourceBlock]) -> Iterator[SourceBlock]:
    """Verse written a line a paragraph is still one stanza where its lines are short of their own line ends."""
    held: SourceBlock | None = None
    for block in blocks:
        single = block.kind is Kind.VERSE and "\n" not in block.text
        if held and single:
            shift = len(held.text) + 1
            moved = tuple(replace(mark, start=mark.start + shift, end=mark.end + shift) for mark in block.marks)
            held = replace(held, text=f"{held.text}\n{block.text}", marks=(*held.marks, *moved))
            continue
        if held:
            yield held
        held = block if single else None
        if not single:
            yield block
    if held:
        yield held


def _markup(properties: Any, style: Style) -> tuple[tuple[Markup, str], ...]:
    found: list[tuple[Markup, str]] = []
    if switched(properties, "b", style.bold):
        found.append((Markup.STRONG, ""))
    if switched(properties, "i", style.italic):
        found.append((Markup.EMPHASIS, ""))
    language = value(properties, "lang")
    if language and not language.lower().startswith("vi"):
        found.append((Markup.LANGUAGE, language.split("-")[0].lower()))
    return tuple(found)
