"""A publication's loudspeaker pack -> a USB stick: in playing order, synced, read back and compared; others' files stay.

Old players play in the order in which a folder's entries were written, so what an earlier run wrote is removed first and
nothing is renamed. The sheet is written first and the playlist last: by the sheet the next run knows which files are ours,
even after a stick was pulled out.
"""

import errno
import hashlib
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from audiobook.editions.pack import (
    FEWER_FILES,
    INSTRUCTION,
    PLAYLIST,
    SHEET_PDF,
    SHEET_TXT,
    beside,
    beside_name,
    pack_files,
    passage_id,
    too_many,
)
from audiobook.editions.running_sheet import Sheet
from audiobook.errors import DiskFull, IssueUnknown, NotWritable, StickFaulty, writing
from audiobook.library import Shelf
from audiobook.model.loudspeaker import Piece
from audiobook.model.publication import Publication

_OUR_NAMES = re.compile(r"\b\d{2,3}[A-Z0-9]{0,6}\.MP3\b")
_OUR_MARK = "\ufeffLỊCH PHÁT LOA".encode()
_GONE = {errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOENT, errno.ENOTDIR}
_BLOCK = 1 << 20
_MEGABYTE = 1_000_000

Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What now lies on the stick: our files in playing order, and what others had put there."""

    files: tuple[str, ...]
    bytes: int
    others: tuple[str, ...]


def copy_to_stick(stick: Path, sheet: Sheet, *, shelf: Shelf, publication: Publication, report: Report) -> Copied:
    """Write the sessions of the sheet's plan.

    Raises:
        IssueUnknown: the issue has no loudspeaker pack.
        DiskFull: not enough room; nothing was touched.
        NotWritable: no folder, no right to write, or another's file of the same name; nothing was touched.
        StickFaulty: pulled out, or what is read back is not what was written.
    """
    if not stick.is_dir():
        raise NotWritable("không thấy USB ở đây.", thing=stick, advice="Cắm USB rồi chỉ đúng thư mục, như /media/USB.")
    with _pieces(shelf, publication) as pieces, _plugged_in(stick):
        ours = _ours(stick)
        names = {item.file for session in sheet.plan.sessions for item in session.items}
        names |= {PLAYLIST, SHEET_TXT, SHEET_PDF, INSTRUCTION}
        _refuse_collisions(stick, names - ours)
        _check_room(stick, _needed(sheet, pieces), ours)
        for name in sorted(ours, key=lambda name: name == SHEET_TXT):
            (stick / name).unlink()
        files = sorted(_files(sheet, pieces), key=lambda each: each[0] != SHEET_TXT)
        total = sum(size for _, size, _ in files)
        written, done = dict[str, str](), 0
        for number, (name, size, content) in enumerate(files):
            written[name] = _written(stick / name, content(), number, sheet)
            done += size
            report("copying", done, 2 * total)
        _sync()
        for name, size, _ in files:
            if _read_back(stick / name) != written[name]:
                raise StickFaulty(
                    "đọc lại không giống bản đã ghi.", thing=stick / name, advice="USB này hỏng; hãy dùng chiếc khác."
                )
            done += size
            report("copying", done, 2 * total)
        others = tuple(sorted(each.name for each in stick.iterdir() if each.name not in written))
    return Copied(files=tuple(written), bytes=total, others=tuple(each for each in others if not each.startswith(".")))


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The pack on the shelf, by passage."""

    pack: zipfile.ZipFile
    names: dict[str, str]

    def size(self, piece: Piece) -> int:
        return self.pack.getinfo(self.names[passage_id(piece)]).file_size

    def frames(self, piece: Piece) -> bytes:
        data = self.pack.read(self.names[passage_id(piece)])
        tag = sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
        return data[10 + tag :]


@contextmanager
def _pieces(shelf: Shelf, publication: Publication) -> Iterator[_Pieces]:
    edition = publication.edition("loudspeaker-pack")
    if edition is None or not publication.loudspeaker:
        told = too_many(publication.loudspeaker[0]) if publication.loudspeaker else ""
        raise IssueUnknown(
            told or "số này chưa có gói loa.",
            thing=publication.issue.id,
            advice=FEWER_FILES if told else f"Chạy trước: audiobook produce {publication.issue.id}",
        )
    plan = publication.loudspeaker[0]
    names = {passage_id(item.piece): item.file for session in plan.sessions for item in session.items}
    others = beside(publication.loudspeaker_pieces, plan)
    names |= {passage_id(piece): beside_name(number) for number, piece in enumerate(others, start=1)}
    with zipfile.ZipFile(shelf.file(publication, edition)) as pack:
        yield _Pieces(pack, names)


def _files(sheet: Sheet, pieces: _Pieces) -> list[tuple[str, int, Callable[[], bytes]]]:
    """(name, about how many bytes, its content when asked for) of every file, so that one is held at a time."""
    found: list[tuple[str, int, Callable[[], bytes]]] = []
    sizes = {item.file: pieces.size(item.piece) for session in sheet.plan.sessions for item in session.items}
    by_file = {item.file: item.piece for session in sheet.plan.sessions for item in session.items}
    for name, head in pack_files(sheet, left_out=(), frames=lambda piece: b""):
        if name in by_file:
            found.append((name, sizes[name], lambda head=head, name=name: head + pieces.frames(by_file[name])))  # type: ignore[misc]
        else:
            found.append((name, len(head), lambda head=head: head))  # type: ignore[misc]
    return found


def _needed(sheet: Sheet, pieces: _Pieces) -> int:
    sounds = sum(pieces.size(item.piece) for session in sheet.plan.sessions for item in session.items)
    return sounds + _MEGABYTE  # sheet, instruction, and what the stick's own blocks waste


def _ours(stick: Path) -> set[str]:
    """What an earlier run wrote, as its sheet tells."""
    sheet = stick / SHEET_TXT
    if not sheet.is_file():
        return set()
    data = sheet.read_bytes()
    if _OUR_MARK.startswith(data.rstrip(b"\0")):
        return {SHEET_TXT}  # pulled out while it was written, the first of all: FAT may keep its room, or nothing
    if not data.startswith(_OUR_MARK):
        return set()
    named = {*_OUR_NAMES.findall(data.decode("utf-8", "replace")), PLAYLIST, SHEET_TXT, SHEET_PDF, INSTRUCTION}
    return {name for name in named if (stick / name).is_file()}


def _refuse_collisions(stick: Path, names: set[str]) -> None:
    taken = sorted(name for name in names if (stick / name).exists())
    if taken:
        raise NotWritable(
            "trên USB đã có tệp cùng tên mà không phải của bản tin; không ghi đè.",
            thing=stick,
            place=", ".join(taken[:5]),
            advice="Chuyển các tệp ấy đi chỗ khác, hoặc dùng USB khác.",
        )


def _check_room(stick: Path, needed: int, ours: set[str]) -> None:
    room = shutil.disk_usage(stick).free + sum((stick / name).stat().st_size for name in ours)
    if room < needed:
        raise DiskFull(
            f"USB không đủ chỗ: cần {needed / _MEGABYTE:.1f} MB, còn {room / _MEGABYTE:.1f} MB.",
            thing=stick,
            advice="Xóa bớt tệp trên USB, hoặc chép riêng một buổi bằng --session 1.",
        )


def _written(file: Path, data: bytes, number: int, sheet: Sheet) -> str:
    with file.open("xb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    day = sheet.issue.date
    stamp = (datetime(day.year, day.month, day.day, 6) + timedelta(seconds=2 * number)).timestamp()
    os.utime(file, (stamp, stamp))
    return hashlib.sha256(data).hexdigest()


def _read_back(file: Path) -> str:
    """The hash of what the stick holds, not of what the system remembers of it."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _sync() -> None:
    if hasattr(os, "sync"):
        os.sync()


@contextmanager
def _plugged_in(stick: Path) -> Iterator[None]:
    try:
        with writing(stick):
            yield
    except OSError as error:
        if error.errno in _GONE:
            raise StickFaulty(
                "USB bị rút ra hoặc không đọc ghi được.",
                thing=error.filename or stick,
                advice="Cắm lại rồi chạy lại lệnh này; đừng dùng USB này trước khi chép xong.",
            ) from error
        raise
