"""Issue -> PDF/UA-1 by typst: tagged, with bookmarks, alternative texts and table headers; the same bytes every time.

Text goes in as data, never as markup. Typst refuses to write a file that is not conforming. It compiles in a process of its
own, so that no manuscript can hold or crash the production.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from audiobook.addresses import Addresses, issue_path
from audiobook.editions.fonts import FOLDER, printable
from audiobook.editions.qr import qr_svg
from audiobook.errors import EditionError
from audiobook.model.inline import Run, stretches
from audiobook.model.issue import Block, Chapter, Issue, Kind, Markup
from audiobook.model.narration import Remark
from audiobook.model.publication import Bulletin

_NARROW, _WIDE = 6, 30  # characters: a column is not thinner or wider than these
SECONDS = 120
_TEMPLATE = Path(str(files("audiobook.editions"))) / "templates" / "issue.typ"
_COMPILE = """
import sys, typst
source, fonts, root = sys.argv[1:]
data = typst.compile(
    source, root=root, font_paths=[fonts], ignore_system_fonts=True, pdf_standards=["ua-1"],
    sys_inputs={"d": sys.stdin.buffer.read().decode("utf-8")},
)
sys.stdout.buffer.write(data)
"""


def make_pdf(
    issue: Issue, *, bulletin: Bulletin, pictures: Path, size_pt: float = 12
) -> tuple[bytes, tuple[Remark, ...]]:
    """The PDF, and remarks on characters that could not be printed.

    Args:
        issue: with its pictures' files relative to ``pictures``.
        bulletin: for headers, footers and the imprint.
        pictures: where pictures lie; typst may read there only.
        size_pt: of the text.

    Raises:
        EditionError: typst refused, or took too long.
    """
    writer = _Writer()
    data = writer.document(issue, bulletin, size_pt)
    source, qr = pictures / ".issue.typ", pictures / ".qr.svg"
    source.write_bytes(_TEMPLATE.read_bytes())
    qr.write_bytes(qr_svg(data["address"]))
    try:
        done = subprocess.run(
            [sys.executable, "-c", _COMPILE, str(source), str(FOLDER), str(pictures)],
            input=json.dumps(data, ensure_ascii=False).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EditionError("làm PDF quá lâu.", thing=issue.id, place="pdf") from error
    finally:
        source.unlink(missing_ok=True)
        qr.unlink(missing_ok=True)
    if done.returncode:
        raise EditionError(
            f"không làm được PDF: {done.stderr.decode(errors='replace')[-600:]}", thing=issue.id, place="pdf"
        )
    return done.stdout, tuple(writer.remarks)


def designed_pdf(file: Path) -> bytes:
    """The publisher's own PDF.

    Raises:
        EditionError: it is none.
    """
    data = file.read_bytes()
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        raise EditionError("tệp PDF của nhà xuất bản bị hỏng hoặc không phải PDF.", thing=file)
    return data


def _widths(block: Block) -> list[int]:
    """Each column's share of the page, by the longest text that stands in it alone."""
    count = max((cell.column + cell.columns for cell in block.cells), default=1)
    longest = [_NARROW] * count
    for cell in block.cells:
        if cell.columns == 1:
            longest[cell.column] = max(longest[cell.column], min(_WIDE, cell.end - cell.start))
    return longest


class _Writer:
    """Turns an issue into what the template reads, and notes what no font can print."""

    def __init__(self) -> None:
        self.remarks: list[Remark] = []

    def document(self, issue: Issue, bulletin: Bulletin, size_pt: float) -> dict[str, Any]:
        publisher = bulletin.publisher
        imprint = (
            ("Nhà xuất bản", publisher.name),
            ("Giấy phép xuất bản số", publisher.licence_number),
            ("Đơn vị phát hành", publisher.distributor),
            ("Đơn vị cung ứng", publisher.supplier),
            ("Địa chỉ", publisher.address),
            ("Điện thoại", publisher.phone),
            ("Thư điện tử", publisher.email),
            ("Giấy phép nội dung", issue.licence or bulletin.podcast.contents_licence),
            ("Giọng đọc", "nhân tạo, do máy tổng hợp"),
        )
        return {
            "size": size_pt,
            "bulletin": self._clean(bulletin.podcast.title, issue.id),
            "title": self._clean(issue.title, issue.id),
            "number": issue.number,
            "date": [issue.date.year, issue.date.month, issue.date.day],
            "summary": self._clean(issue.summary, issue.id),
            "publisher": self._clean(publisher.name, issue.id),
            "licence": self._clean(publisher.licence_number, issue.id),
            "language": issue.language,
            "address": Addresses(bulletin.site.base_url).of(issue_path(issue.id)),
            "imprint": [[label, self._clean(text, issue.id)] for label, text in imprint if text],
            "chapters": [self._chapter(chapter) for chapter in issue.articles],
        }

    def _chapter(self, chapter: Chapter) -> dict[str, Any]:
        notes = {block.id: block for block in chapter.blocks if block.kind is Kind.NOTE}
        return {
            "title": self._clean(chapter.title, chapter.heading_id),
            "author": self._clean(chapter.author, chapter.id),
            "important": chapter.important,
            "blocks": [self._block(block, notes) for block in _stepped(chapter.blocks) if block.kind is not Kind.NOTE],
        }

    def _block(self, block: Block, notes: dict[str, Block]) -> dict[str, Any]:
        made: dict[str, Any] = {
            "kind": str(block.kind),
            "level": block.level,
            "marker": self._clean(block.marker, block.id),
        }
        if block.kind is Kind.TABLE:
            return made | self._table(block, notes)
        made["runs"] = self._runs(block, 0, len(block.text), notes)
        if block.media:
            made |= {"file": block.media.file, "alt": self._clean(block.media.alt or block.text or "hình", block.id)}
        return made

    def _table(self, block: Block, notes: dict[str, Block]) -> dict[str, Any]:
        rows = {cell.row for cell in block.cells if cell.header}
        rows &= {row for row in rows if all(cell.header for cell in block.cells if cell.row == row)}
        return {
            "columns": _widths(block),
            "head": len(rows) or 1,
            "cells": [
                {
                    "x": cell.column,
                    "y": cell.row,
                    "colspan": cell.columns,
                    "rowspan": cell.rows,
                    "header": cell.header or (not rows and cell.row == 0),
                    "runs": self._runs(block, cell.start, cell.end, notes),
                }
                for cell in block.cells
            ],
        }

    def _runs(self, block: Block, start: int, end: int, notes: dict[str, Block]) -> list[dict[str, Any]]:
        return [
            self._run(run, block.id, notes)
            for stretch in stretches(block, start=start, end=end, sentences=False)
            for run in stretch.runs
        ]

    def _run(self, run: Run, place: str, notes: dict[str, Block]) -> dict[str, Any]:
        marks = {mark.kind: mark.value for mark in run.marks}
        made: dict[str, Any] = {"text": self._clean(run.text, place)}
        made |= {name: True for name, kind in (("em", Markup.EMPHASIS), ("strong", Markup.STRONG)) if kind in marks}
        if marks.get(Markup.LINK, "").startswith(("http://", "https://", "mailto:", "tel:")):
            made["link"] = marks[Markup.LINK]
        if Markup.LANGUAGE in marks:
            made["lang"] = marks[Markup.LANGUAGE][:2]
        note = notes.get(marks.get(Markup.FOOTNOTE, ""))
        if note:
            made["note"] = self._runs(note, 0, len(note.text), {})
        return made

    def _clean(self, text: str, place: str) -> str:
        kept, lost = printable(text)
        if lost:
            signs = " ".join(_unique(lost))
            self.remarks.append(Remark(code="E-GLYPH", place=place, text=f"PDF không in được: {signs} (thay bằng □)."))
        return kept


def _stepped(blocks: Iterable[Block]) -> Iterator[Block]:
    """Headings that never skip a level: PDF/UA-1 forbids it (ISO 14289-1, 7.4.2)."""
    deepest = 1
    for block in blocks:
        if block.kind is Kind.HEADING:
            deepest = max(2, min(block.level, deepest + 1))
            yield replace(block, level=deepest)
        else:
            yield block


def _unique(text: str) -> Iterable[str]:
    return dict.fromkeys(text)
