"""Manuscript (a file, or a folder of articles) -> Issue, what was understood, and an account of every word.

Remark codes beside those of account.REASONS: M-HEADING a heading told by its look; M-RUNIN a paragraph that may begin
with one; M-EMPTY an article without text; M-ALT a picture without alternative text; M-DECISION a decision of outline.toml
without its paragraph; M-COUNT words that are neither in the issue nor listed; M-FONT text of a font from before Unicode.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from audiobook.errors import BadDate, BadNumber, ManuscriptEmpty
from audiobook.manuscripts import account as accounts
from audiobook.manuscripts.account import Account
from audiobook.manuscripts.chapters import Desk
from audiobook.manuscripts.decisions import Decision
from audiobook.manuscripts.docx import read_docx
from audiobook.manuscripts.epub import read_epub
from audiobook.manuscripts.folder import read_folder
from audiobook.manuscripts.html import companions as html_companions
from audiobook.manuscripts.html import read_html
from audiobook.manuscripts.kind import kind_of
from audiobook.manuscripts.markdown import companions as markdown_companions
from audiobook.manuscripts.markdown import read_markdown
from audiobook.manuscripts.named_clips import files_named, has_clips_beside, with_named_clips
from audiobook.manuscripts.outline import Outline, Part, outline
from audiobook.manuscripts.pdf import read_pdf
from audiobook.manuscripts.plain import read_plain
from audiobook.manuscripts.source import Omission, Source
from audiobook.manuscripts.text import one_line
from audiobook.model.issue import Issue
from audiobook.model.narration import Remark

READERS = {
    "docx": read_docx,
    "epub": read_epub,
    "html": read_html,
    "markdown": read_markdown,
    "pdf": read_pdf,
    "text": read_plain,
}
_COMPANIONS = {"markdown": markdown_companions, "html": html_companions}


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
    """The issue, and what an editor should look at: remarks, the outline's lines, and where every word went."""

    issue: Issue
    remarks: tuple[Remark, ...]
    parts: tuple[Part, ...]
    account: Account


def read(
    file: Path,
    *,
    details: Details,
    images: Path,
    decisions: Sequence[Decision] = (),
    checked_before: Path | None = None,
) -> Reading:
    """Read a manuscript; its pictures are laid into the folder ``images``.

    ``checked_before``: a folder where it is kept what pictures were found to be, so that each is decoded once.

    Raises:
        ManuscriptError: missing, empty, damaged, of another kind, without articles; a picture missing or broken.
        BadDate, BadNumber: neither the details nor the manuscript tell the issue's date or number.
    """
    source = source_of(file)
    plan = outline(source, decisions, file=file)
    desk = Desk(file=file, images=images, notes=source.notes, checked_before=checked_before)
    chapters = tuple(desk.chapter(number, article) for number, article in enumerate(plan.articles, start=1))
    desk.leave()
    number = details.number or _number(source, file)
    date = details.date or _date(source, file)
    cover = desk.cover(source.cover)
    own_title = source.facts.get("title") or (plan.title.text if plan.title else "")
    issue = Issue(
        id=details.id or f"{date.year}-{number:02d}",
        title=details.title or one_line(own_title) or f"Số {number}",
        number=number,
        date=date,
        publisher=details.publisher or source.facts.get("publisher", ""),
        chapters=chapters,
        summary=one_line(source.facts.get("summary", "")),
        contributors=tuple(filter(None, map(one_line, re.split(r"[;,]", source.facts.get("contributors", ""))))),
        licence=one_line(source.facts.get("licence", "")),
        cover=cover,
    )
    account = _account(source, plan, desk, issue)
    told = (*source.remarks, *plan.remarks, *desk.remarks, *accounts.remarks_of(account))
    return Reading(issue=issue, remarks=told, parts=plan.parts, account=account)


def source_of(file: Path) -> Source:
    """The manuscript as its reader gives it.

    Raises:
        ManuscriptError: it cannot be read, or has no words.
    """
    source = read_folder(file, _file_source) if file.is_dir() else _file_source(file)
    if not source.blocks:
        raise ManuscriptEmpty("tệp không có chữ nào.", thing=file)
    return source


def companions(file: Path) -> tuple[PurePosixPath, ...]:
    """The files beside the manuscript that it names, relative to it."""
    if file.is_dir():
        return ()
    kind = kind_of(file)
    named = files_named(READERS[kind](file), file) if has_clips_beside(file) else ()
    return tuple(dict.fromkeys((*(_COMPANIONS[kind](file) if kind in _COMPANIONS else ()), *named)))


def _file_source(file: Path) -> Source:
    return with_named_clips(READERS[kind_of(file)](file), file)


def _account(source: Source, plan: Outline, desk: Desk, issue: Issue) -> Account:
    """Front matter that is in the issue counts as used; what the editor put in its place does not."""
    used, left = 0, list[Omission]()
    for block in (*source.front, *([plan.title] if plan.title else [])):
        text = one_line(block.text)
        if text in (issue.title, issue.summary):
            used += accounts.words(text)
        else:
            left.append(Omission(code="M-TITLE", place=block.place, text=text))
    return Account(
        words_in=source.words,
        words_out=accounts.words_of_issue(issue) - desk.added + used,
        left_out=(*source.omissions, *left, *plan.omissions, *desk.omissions),
    )


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
