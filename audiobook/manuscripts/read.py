"""Manuscript file -> Issue. The kind is told by the content, never by the name.

Remark codes: M-BEFORE text before the first article is not read; M-EMPTY an article without text; M-ALT a picture
without alternative text.
"""

import datetime
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from audiobook.errors import (
    BadDate,
    BadNumber,
    ManuscriptDamaged,
    ManuscriptEmpty,
    ManuscriptKind,
    ManuscriptMissing,
)
from audiobook.manuscripts.docx import read_docx
from audiobook.manuscripts.markdown import companions as markdown_companions
from audiobook.manuscripts.markdown import read_markdown
from audiobook.manuscripts.outline import outline
from audiobook.manuscripts.pictures import keep
from audiobook.manuscripts.source import Source
from audiobook.manuscripts.text import one_line
from audiobook.model.issue import Issue
from audiobook.model.narration import Remark

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {b"%PDF-": "PDF", b"\x89PNG": "ảnh PNG", b"\xff\xd8\xff": "ảnh JPEG", b"{\\rtf": "RTF", b"ID3": "MP3"}
_HTML = re.compile(rb"\s*<(?:!doctype html|html|\?xml)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What an editor says of an issue; where it is silent, the manuscript's own facts count."""

    id: str = ""
    number: int | None = None
    date: datetime.date | None = None
    publisher: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The issue, and what an editor should look at."""

    issue: Issue
    remarks: tuple[Remark, ...]


def read(file: Path, *, details: Details, images: Path) -> Reading:
    """Read a manuscript; its pictures are laid into the folder ``images``.

    Raises:
        ManuscriptError: missing, empty, damaged, of another kind, without articles; a picture missing or broken.
        BadDate, BadNumber: neither the details nor the manuscript tell the issue's date or number.
    """
    kind = _kind(file)
    source = read_docx(file) if kind == "docx" else read_markdown(file)
    if not source.blocks:
        raise ManuscriptEmpty("tệp không có chữ nào.", thing=file)
    made = outline(source, file=file, images=images)
    number = details.number or _number(source, file)
    date = details.date or _date(source, file)
    cover = keep(source.cover, 0, folder=images, thing=file, place="cover").file if source.cover else ""
    issue = Issue(
        id=details.id or f"{date.year}-{number:02d}",
        title=details.title or source.facts.get("title") or made.title or f"Số {number}",
        number=number,
        date=date,
        publisher=details.publisher or source.facts.get("publisher", ""),
        chapters=made.chapters,
        summary=one_line(source.facts.get("summary", "")),
        contributors=tuple(filter(None, map(one_line, re.split(r"[;,]", source.facts.get("contributors", ""))))),
        licence=one_line(source.facts.get("licence", "")),
        cover=cover,
    )
    return Reading(issue=issue, remarks=made.remarks)


def companions(file: Path) -> tuple[PurePosixPath, ...]:
    """The files beside the manuscript that it names, relative to it."""
    return markdown_companions(file) if _kind(file) == "markdown" else ()


def _kind(file: Path) -> str:
    if not file.is_file():
        raise ManuscriptMissing("không có tệp này.", thing=file, advice="Kiểm tra đường dẫn và tên tệp.")
    with file.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip():
        raise ManuscriptEmpty("tệp rỗng.", thing=file)
    if head.startswith(b"PK"):
        return _kind_of_package(file)
    if head.startswith(_OLE):
        raise ManuscriptKind(
            "đây là Word kiểu cũ (.doc) hoặc tệp có mật khẩu.",
            thing=file,
            advice="Mở bằng Word rồi lưu lại thành .docx, không mật khẩu.",
        )
    other = next((name for magic, name in _OTHERS.items() if head.startswith(magic)), "")
    other = other or ("HTML" if _HTML.match(head) else "")
    if other or (b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff")):
        raise ManuscriptKind(
            f"đây là {other or 'tệp nhị phân'}, chưa phải bản thảo đọc được.",
            thing=file,
            advice="Cần Word (.docx) hoặc Markdown (.md).",
        )
    return "markdown"


def _kind_of_package(file: Path) -> str:
    try:
        with zipfile.ZipFile(file) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ManuscriptDamaged(
            "tệp Word bị cụt hoặc hỏng.", thing=file, advice="Chép lại từ máy gốc, hoặc mở bằng Word rồi lưu lại."
        ) from error
    if "word/document.xml" not in names:
        raise ManuscriptKind("tệp nén này không phải Word.", thing=file, advice="Cần Word (.docx) hoặc Markdown (.md).")
    return "docx"


def _number(source: Source, file: Path) -> int:
    text = source.facts.get("number", "")
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 9999:
        return int(text)
    raise BadNumber(
        f"số của bản tin không hợp lệ: {text!r}." if text else "chưa biết đây là số mấy.",
        thing=file,
        place="number",
        advice="Dùng --number, ví dụ --number 3.",
    )


def _date(source: Source, file: Path) -> datetime.date:
    text = source.facts.get("date", "")
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise BadDate(
            f"ngày không hợp lệ: {text!r}." if text else "chưa biết ngày ra của số này.",
            thing=file,
            place="date",
            advice="Dùng --date, ví dụ --date 2023-03-30.",
        ) from error
