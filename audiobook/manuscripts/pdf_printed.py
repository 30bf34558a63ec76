"""A PDF -> its words with the places where they are printed, page by page, read by a child process (pdf_pages.py).

A hostile file is refused before pdfium unpacks it: streams that swell are measured by our own count; what hides from that
count meets the child's limit of memory.
"""

import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from audiobook.errors import ManuscriptDamaged, ManuscriptHostile, ManuscriptKind

HYPHENS = "\x02\ufffe\xad\u2010"  # as pdfium gives what a program put in at the end of a line
LOCKED, HOSTILE = "locked", "hostile"
_MOST_BYTES = 300_000_000
_MOST_SWOLLEN, _MOST_STREAM = 600_000_000, 80_000_000
_LEAST_MEGABYTES, _MOST_MEGABYTES, _TIMES = 64, 800, 10  # of memory for the child: by the file's size, within these
_SECONDS = 180
_STREAM = re.compile(
    rb"/(?:FlateDecode|Fl)\b[^>]{0,200}>>\s*stream\r?\n|/(?:FlateDecode|Fl)\b(?:(?!endobj).){0,400}?stream\r?\n", re.S
)
_TWICE = re.compile(rb"/(?:FlateDecode|Fl|LZWDecode|LZW)\s*/(?:FlateDecode|Fl|LZWDecode|LZW)\b")
_PICTURE = re.compile(rb"/Subtype\s*/Image")


class Word(msgspec.Struct, array_like=True):
    """A word; (x0, y0) its lower left corner and (x1, y1) its upper right one, in points from the page's lower left."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    italic: bool
    reference: str = ""  # digits that stand raised and small at its end: the number of a note


class Page(msgspec.Struct, array_like=True):
    """A page with its words in the order of the file; ``pictures``: how many of some size are printed on it."""

    number: int
    width: float
    height: float
    words: list[Word]
    pictures: int


class Bookmark(msgspec.Struct, array_like=True):
    """A line of the PDF's own outline; ``page`` counts from 1."""

    title: str
    level: int
    page: int


class Ending(msgspec.Struct):
    """What comes after the last page: facts of the whole document, or why it was refused (LOCKED, HOSTILE)."""

    bookmarks: list[Bookmark] = []
    title: str = ""
    refused: str = ""


def printed(file: Path) -> tuple[list[Page], Ending]:
    """Read a PDF: its pages, and what it says of itself.

    Raises:
        ManuscriptKind: under a password.
        ManuscriptDamaged, ManuscriptHostile: broken; built to do harm.
    """
    _refuse_bombs(file)
    megabytes = min(_MOST_MEGABYTES, _LEAST_MEGABYTES + _TIMES * file.stat().st_size // 1_000_000)
    command = [sys.executable, "-m", "audiobook.manuscripts.pdf_pages", str(file.resolve()), str(megabytes)]
    try:
        run = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL)
        pieces = list(_pieces(run.stdout))
        pages = [msgspec.msgpack.decode(piece, type=Page) for piece in pieces[:-1]]
        found = msgspec.msgpack.decode(pieces[-1] if pieces else b"", type=Ending)
    except (subprocess.TimeoutExpired, msgspec.MsgspecError) as error:
        raise ManuscriptDamaged(
            "tệp PDF bị cụt, hỏng, hoặc quá nặng.", thing=file, advice="Chép lại từ máy gốc, hoặc in lại ra PDF mới."
        ) from error
    if found.refused == LOCKED:
        raise ManuscriptKind(
            "PDF này có mật khẩu.", thing=file, advice="Mở bằng mật khẩu rồi in ra PDF mới, hoặc xin bản không khóa."
        )
    if found.refused:
        raise ManuscriptHostile(
            "PDF có quá nhiều trang hoặc quá nhiều chữ.", thing=file, advice="Chia thành nhiều tệp."
        )
    return pages, found


def _pieces(data: bytes) -> Iterator[memoryview]:
    """The pieces of the child's answer, each behind its length; one that was cut off is none."""
    view, at = memoryview(data), 0
    while at + 4 <= len(data):
        length = int.from_bytes(view[at : at + 4], "big")
        yield view[at + 4 : at + 4 + length]
        at += 4 + length


def _refuse_bombs(file: Path) -> None:
    """Unpack every deflated stream in pieces, keeping nothing, and stop where one swells beyond measure."""
    if file.stat().st_size > _MOST_BYTES:
        raise ManuscriptHostile("PDF lớn quá 300 MB.", thing=file, advice="In ra PDF nhỏ hơn.")
    data = file.read_bytes()
    if _TWICE.search(data):
        raise _bomb(file)
    whole = 0
    for found in _STREAM.finditer(data):
        picture = _PICTURE.search(data, max(0, found.start() - 600), found.end())
        size = _swollen(data, found.end(), 3 * _MOST_STREAM if picture else _MOST_STREAM)
        whole += size
        if size < 0 or whole > _MOST_SWOLLEN:
            raise _bomb(file)


def _bomb(file: Path) -> ManuscriptHostile:
    return ManuscriptHostile("PDF bung ra quá lớn, không mở.", thing=file, advice="Hỏi lại người gửi.")


def _swollen(data: bytes, start: int, most: int) -> int:
    """How many bytes a stream unpacks to; -1 where they are more than ``most``."""
    unpacker, size, at = zlib.decompressobj(), 0, start
    view = memoryview(data)
    while at < len(data) and not unpacker.eof:
        piece = bytes(view[at : at + 65_536])
        at += 65_536
        try:
            while piece and not unpacker.eof:
                size += len(unpacker.decompress(piece, 1_000_000))
                piece = unpacker.unconsumed_tail
                if size > most:
                    return -1
        except zlib.error:
            return size
    return size
