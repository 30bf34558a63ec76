"""A session plan -> the sheet that an operator holds: session, clock time, file, title, length; as PDF and as text.

Large type, for the eyes of who switches the loudspeaker on; and one page of how to do it, with pictures.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from audiobook.editions.fonts import printable
from audiobook.editions.typeset import typeset
from audiobook.model.issue import Issue
from audiobook.model.loudspeaker import Session, SessionItem, SessionPlan
from audiobook.model.publication import Bulletin

_WIDTH = 78


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that a sheet says."""

    issue: Issue
    bulletin: Bulletin
    plan: SessionPlan
    start_times: tuple[str, ...]

    @property
    def heading(self) -> str:
        """What it is the sheet of."""
        return f"{self.bulletin.podcast.title}, số {self.issue.number}, ngày {self.issue.date:%d/%m/%Y}"

    @property
    def left_out(self) -> tuple[str, ...]:
        """The titles of articles that no session has."""
        titles = {chapter.id: chapter.title for chapter in self.issue.chapters}
        return tuple(titles[chapter] for chapter in self.plan.left_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a session's table."""

    clock: str
    file: str
    title: str
    length: str


def sheet_txt(sheet: Sheet) -> bytes:
    """The sheet for Windows' own editor: UTF-8 with its mark, CRLF."""
    lines = [f"LỊCH PHÁT LOA: {sheet.heading}", f"Nơi phát: {sheet.bulletin.loudspeaker.place}"]
    lines = [line for line in lines if not line.endswith(": ")]
    for session, name, rows in _sessions(sheet):
        lines += ["", f"{name}, dài {clock_length(session.duration_ms)}", "-" * _WIDTH]
        for row in rows:
            title, *more = textwrap.wrap(row.title, _WIDTH - 32) or [""]
            lines.append(f"{row.clock:<10}{row.file:<14}{row.length:>6}  {title}")
            lines += [" " * 32 + line for line in more]
    if sheet.left_out:
        lines += ["", f"Không có trong các buổi này (xem gói dài hơn {sheet.plan.slot_minutes} phút):"]
        lines += [f"  - {title}" for title in sheet.left_out]
    return ("\ufeff" + "\r\n".join([*lines, ""])).encode()


def sheet_pdf(sheet: Sheet, *, cache: Path | None = None) -> bytes:
    """The sheet to print: A4, large type.

    Raises:
        EditionError: typst refused.
    """
    data = _document(sheet) | {
        "place": printable(sheet.bulletin.loudspeaker.place)[0],
        "left_out": [printable(title)[0] for title in sheet.left_out],
        "slot": sheet.plan.slot_minutes,
        "sessions": [
            {
                "name": name,
                "length": clock_length(session.duration_ms),
                "rows": [[row.clock, row.file, printable(row.title)[0], row.length] for row in rows],
            }
            for session, name, rows in _sessions(sheet)
        ],
    }
    return typeset("sheet.typ", data, pictures={}, thing=sheet.issue.id, cache=cache)


def instruction_pdf(sheet: Sheet, *, cache: Path | None = None) -> bytes:
    """One page with pictures: from the stick to the loudspeaker.

    Raises:
        EditionError: typst refused.
    """
    files = [item.file for session in sheet.plan.sessions for item in session.items]
    last = sheet.plan.sessions[0].items[-1].file if sheet.plan.sessions else ""
    data = _document(sheet) | {
        "first": files[0] if files else "",
        "last": last,
        "phone": printable(sheet.bulletin.publisher.phone)[0],
        "several": len(sheet.plan.sessions) > 1,
    }
    return typeset("instruction.typ", data, pictures={}, thing=sheet.issue.id, cache=cache)


def clock_length(duration_ms: int) -> str:
    """Minutes and seconds.

    >>> clock_length(754_600)
    '12:35'
    """
    seconds = round(duration_ms / 1000)
    return f"{seconds // 60}:{seconds % 60:02d}"


def starts(plan: SessionPlan, start_times: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(day from 0, second of the day) at which each session begins; when a day's times are used up, the next day begins.

    >>> one = Session(number=1, items=())
    >>> list(starts(SessionPlan(slot_minutes=15, sessions=(one, one, one)), ("5:30", "17:00")))
    [(0, 19800), (0, 61200), (1, 19800)]
    """
    for position in range(len(plan.sessions)):
        day, place = divmod(position, len(start_times))
        hours, _, minutes = start_times[place].partition(":")
        yield day, int(hours) * 3600 + int(minutes) * 60


def _sessions(sheet: Sheet) -> Iterator[tuple[Session, str, list[Row]]]:
    times = starts(sheet.plan, sheet.start_times)
    for session, (day, begin_s) in zip(sheet.plan.sessions, times, strict=True):
        later = f" (ngày thứ {day + 1})" if day else ""
        name = f"Buổi {session.number}, bắt đầu {_clock(begin_s)[:-3]}{later}"
        yield session, name, [_row(item, begin_s) for item in session.items]


def _row(item: SessionItem, begin_s: int) -> Row:
    twice = " (đọc hai lần)" if item.piece.times > 1 else ""
    important = "QUAN TRỌNG: " if item.piece.times > 1 else ""
    return Row(
        clock=_clock(begin_s + round(item.start_ms / 1000)),
        file=item.file,
        title=f"{important}{item.piece.title}{twice}",
        length=clock_length(item.end_ms - item.start_ms),
    )


def _clock(second: int) -> str:
    return str(timedelta(seconds=second % 86_400)).zfill(8)


def _document(sheet: Sheet) -> dict[str, object]:
    day = sheet.issue.date
    return {
        "heading": printable(sheet.heading)[0],
        "publisher": printable(sheet.bulletin.publisher.name)[0],
        "date": [day.year, day.month, day.day],
        "language": sheet.issue.language,
    }
