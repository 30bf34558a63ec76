"""Word (.docx) -> Source: paragraphs by their styles and their look, lists as printed, tables, pictures, notes.

What was deleted under tracked changes, hidden text, headers and footers, comments and the cached text of a contents list
are no part of the issue: they come out as omissions.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from audiobook.errors import ManuscriptDamaged
from audiobook.legacy_encodings import Encoding
from audiobook.manuscripts.docx_count import words_in_part
from audiobook.manuscripts.docx_media import Media
from audiobook.manuscripts.docx_numbering import BULLET, Numbering
from audiobook.manuscripts.docx_runs import Paragraph, Runs, chosen
from audiobook.manuscripts.docx_styles import MC, Style, W, centred, numbering_of, styles, value
from audiobook.manuscripts.docx_table import in_reading_order, lays_out, table
from audiobook.manuscripts.docx_walk import SKIPPED, front, is_contents, item, shown_paragraphs, text_boxes
from audiobook.manuscripts.lines import captioned, cleaned_up, stanzas
from audiobook.manuscripts.package import Package
from audiobook.manuscripts.source import Look, Omission, Source, SourceBlock
from audiobook.manuscripts.text import MarkedText, one_line
from audiobook.model.issue import Kind, Mark
from audiobook.model.narration import Remark

_DOCUMENT = "word/document.xml"
_KINDS = {"quote": Kind.QUOTE, "verse": Kind.VERSE, "item": Kind.ITEM}
_CORE = {"title": "{http://purl.org/dc/elements/1.1/}title", "summary": "{http://purl.org/dc/elements/1.1/}description"}
_OTHER_PARTS = re.compile(r"word/(?:(header|footer)\d*|(comments))\.xml", re.IGNORECASE)
_BULLET = re.compile(r"[-–—•·●▪+*]\s+(?=\S)")


def read_docx(file: Path) -> Source:
    """Read a Word file.

    Raises:
        ManuscriptDamaged, ManuscriptHostile: a broken or dangerous package.
    """
    with Package(file) as package:
        return _Reader(package).source()


class _Reader:
    """One package, and what was met in it."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = styles(package.tree("word/styles.xml"))
        self._numbering = Numbering.of(package.tree("word/numbering.xml"))
        self._note_numbers: dict[str, int] = {}
        self._omissions: list[Omission] = []
        self._repaired: dict[Encoding, list[str]] = {}
        self._paragraphs = 0
        self._after_blank = False
        self._open(_DOCUMENT)

    def _open(self, part: str) -> None:
        """Runs and pictures are found by the relations of the part that they stand in."""
        relations = self._package.relations(part)
        self._runs = Runs(styles=self._styles, relations=relations, refer=self._number_of)
        self._media = Media(self._package, relations)

    def source(self) -> Source:
        data = self._package.bytes(_DOCUMENT, xml=True)
        if data is None:
            raise ManuscriptDamaged(
                "tệp Word không có phần chữ.", thing=self._package.file, advice="Mở bằng Word rồi lưu lại thành .docx."
            )
        counted = words_in_part(data)
        root = self._package.parsed(data, _DOCUMENT)
        del data
        body = root.find(f"{W}body")
        met = list(self._blocks(body)) if body is not None else []
        notes = dict(self._notes())
        titles, facts, blocks = front(met)
        counted += sum(self._beside())
        return Source(
            blocks=tuple(stanzas(cleaned_up(captioned(blocks)))),
            notes=notes,
            facts=self._core() | facts,
            front=titles,
            omissions=tuple(self._omissions),
            remarks=tuple(self._repairs()),
            words=counted,
        )

    def _core(self) -> dict[str, str]:
        root = self._package.tree("docProps/core.xml")
        found = {}
        for name, tag in _CORE.items():
            node = root.find(f".//{tag}") if root is not None else None
            if node is not None and (node.text or "").strip():
                found[name] = one_line(node.text)
        return found

    def _blocks(self, parent: Any) -> Iterator[SourceBlock]:
        for node in parent:
            if node.tag == f"{W}p":
                yield from self._paragraph(node)
            elif node.tag == f"{W}tbl":
                yield from self._table(node)
            elif node.tag == f"{W}sdt" and is_contents(node):
                self._leave_contents(node)
            elif node.tag == f"{MC}AlternateContent":
                yield from self._blocks(chosen(node))
            elif node.tag not in SKIPPED and len(node):
                yield from self._blocks(node)  # w:sdt, w:ins and the like are only wrappers

    def _paragraph(self, node: Any) -> Iterator[SourceBlock]:
        self._paragraphs += 1
        place = f"đoạn {self._paragraphs}"
        properties = node.find(f"{W}pPr")
        style = self._styles.get(value(properties, "pStyle") or "", self._styles[""])
        made = self._runs.paragraph(node, style)
        self._leave(made, place)
        for found in self._media.of(node, place):
            if isinstance(found, Omission):
                self._omissions.append(found)
            else:
                yield SourceBlock(kind=Kind.FIGURE, text="", picture=found, place=place)
        if style.role == "contents" or made.contents:
            self._omissions += [Omission(code="M-CONTENTS", place=place, text=made.text)] if made.text else []
        elif made.text:
            yield self._written(made, style, properties, place=place)
        self._after_blank = not made.text
        for box in text_boxes(node):
            yield from self._blocks(box)

    def _leave(self, made: Paragraph, place: str) -> None:
        for code, text in made.apart.items():
            if text.strip():
                self._omissions.append(Omission(code=code, place=place, text=text))
        if made.repaired:
            self._repaired.setdefault(made.repaired, []).append(place)

    def _written(self, made: Paragraph, style: Style, properties: Any, *, place: str) -> SourceBlock:
        numbered = numbering_of(properties) or style.numbering
        marker = self._numbering.marker(*numbered) if numbered and numbered[0] not in ("", "0") else ""
        look = self._look(made, style, properties)
        block = SourceBlock(
            kind=Kind.PARAGRAPH, text=made.text, marks=made.marks, place=place, look=look, marker=marker
        )
        if style.role == "heading":
            return replace(block, kind=Kind.HEADING, level=style.level, evidence="kiểu Heading")
        if style.role == "title":
            return replace(block, kind=Kind.HEADING, level=0, evidence="kiểu Title", marker="")
        if style.role == "subtitle":
            return replace(block, evidence="kiểu Subtitle", marker="")
        if marker:
            return replace(block, kind=Kind.ITEM, level=numbered[1] + 1 if numbered else 1)
        kind = _KINDS.get(style.role, Kind.PARAGRAPH)
        if kind is Kind.ITEM:
            return replace(block, kind=kind, level=1, marker=BULLET)
        bullet = _BULLET.match(made.text) if kind is Kind.PARAGRAPH and "\n" not in made.text else None
        if bullet:
            return item(block, bullet.end())
        caption = "kiểu Caption" if style.role == "caption" else ""
        return replace(block, kind=kind, evidence=caption, important=style.role == "important")

    def _look(self, made: Paragraph, style: Style, properties: Any) -> Look:
        breaks = properties is not None and properties.find(f"{W}pageBreakBefore") is not None
        return Look(
            bold=made.bold,
            italic=made.italic,
            centred=centred(properties, style),
            apart=self._after_blank or breaks,
            size_pt=(made.size or style.size) / 2,
        )

    def _table(self, node: Any) -> Iterator[SourceBlock]:
        if lays_out(node, self._is_heading):
            for cell, caption in in_reading_order(node):
                for block in self._blocks(cell):
                    yield replace(block, evidence="kiểu Caption") if caption else block
            return
        self._paragraphs += 1
        place = f"đoạn {self._paragraphs}"

        def cell_text(cell: Any) -> tuple[str, tuple[Mark, ...]]:
            marked = MarkedText()
            for paragraph in cell.iter(f"{W}p"):
                made = self._runs.paragraph(paragraph, self._styles[""])
                self._leave(made, place)
                marked.add(" " if marked and made.text else "")
                marked.add_finished(made.text.replace("\n", " "), made.marks)
            return marked.finished()

        text, cells, marks = table(node, cell_text)
        if text.strip():
            yield SourceBlock(kind=Kind.TABLE, text=text, cells=cells, marks=marks, place=place)

    def _is_heading(self, paragraph: Any) -> bool:
        style = self._styles.get(value(paragraph.find(f"{W}pPr"), "pStyle"))
        return bool(style and style.role == "heading")

    def _leave_contents(self, node: Any) -> None:
        for paragraph in node.iter(f"{W}p"):
            self._paragraphs += 1
            made = self._runs.paragraph(paragraph, self._styles[""])
            place = f"đoạn {self._paragraphs}"
            self._leave(made, place)
            if made.text:
                self._omissions.append(Omission(code="M-CONTENTS", place=place, text=made.text))

    def _number_of(self, key: str) -> str:
        return str(self._note_numbers.setdefault(key, len(self._note_numbers) + 1))

    def _notes(self) -> Iterator[tuple[str, SourceBlock]]:
        for kind in ("footnote", "endnote"):
            part = f"word/{kind}s.xml"
            root = self._package.tree(part)
            self._open(part)
            for note in root.iter(f"{W}{kind}") if root is not None else ():
                key = f"{kind}{note.get(f'{W}id')}"
                place = f"chú thích {self._note_numbers.get(key, note.get(f'{W}id'))}"
                marked = MarkedText()
                for paragraph in note.iter(f"{W}p"):
                    made = self._runs.paragraph(paragraph, self._styles[""])
                    self._leave(made, place)
                    marked.add("\n" if marked and made.text else "")
                    marked.add_finished(made.text, made.marks)
                text, marks = marked.finished()
                if text:
                    yield key, SourceBlock(kind=Kind.NOTE, text=text, marks=marks, place=place)

    def _beside(self) -> Iterator[int]:
        """The words of notes, headers, footers and comments; the last three are listed and not read."""
        for part in self._package.names:
            other = _OTHER_PARTS.fullmatch(part)
            if not other and part.lower() not in ("word/footnotes.xml", "word/endnotes.xml"):
                continue
            data = self._package.bytes(part, xml=True) or b""
            yield words_in_part(data)
            if other:
                self._leave_part(part, self._package.parsed(data, part), "M-COMMENT" if other[2] else "M-RUNNING")

    def _leave_part(self, part: str, root: Any, code: str) -> None:
        place = {"M-COMMENT": "lời nhận xét"}.get(code, "đầu trang" if "header" in part.lower() else "chân trang")
        for paragraph in shown_paragraphs(root):
            made = self._runs.paragraph(paragraph, self._styles[""])
            text = " ".join((made.text, *made.apart.values()))
            if text.strip():
                self._omissions.append(Omission(code=code, place=place, text=text))

    def _repairs(self) -> Iterator[Remark]:
        for encoding, places in self._repaired.items():
            where = places[0] if len(places) == 1 else f"{places[0]} … {places[-1]}"
            text = f"chữ {encoding} không có phông, đã đổi sang Unicode ({len(places)} đoạn); hãy đọc lại."
            yield Remark(code="M-FONT", place=where, text=text)
