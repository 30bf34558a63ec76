"""The child process that opens a PDF: its words with the places where they are printed, as MessagePack on standard output.

    python -m audiobook.manuscripts.pdf_pages FILE MEGABYTES

pdfium is a large program in C++ and the file may be hostile, so it works apart, under a limit of memory and time: what
breaks it breaks nothing else. The other end is pdf_printed.py.
"""

import ctypes
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from audiobook.manuscripts.pdf_printed import HOSTILE, LOCKED, Bookmark, Ending, Page, Word

_MOST_PAGES, _MOST_CHARACTERS, _MOST_BOOKMARKS = 3_000, 12_000_000, 2_000
_SECONDS = 120
_SHORT = re.compile(r"(?:\D\d{1,2}|.[ivx]{1,4})$")


def main(file: Path, megabytes: int) -> None:
    """Read one file; a refusal is an ``Ending`` that says why."""
    _limit(megabytes)
    _send(_read(file))


def _limit(megabytes: int) -> None:
    """Where the system can hold a process to its memory and time (Linux), let it."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 1_000_000, megabytes * 1_000_000))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _send(piece: Page | Ending) -> None:
    """A piece behind its length: a page goes out before the next one comes in."""
    data = msgspec.msgpack.encode(piece)
    sys.stdout.buffer.write(len(data).to_bytes(4, "big") + data)


def _read(file: Path) -> Ending:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(file)
        if len(document) > _MOST_PAGES:
            return Ending(refused=HOSTILE)
        read = 0
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            read += text.count_chars()
            if read > _MOST_CHARACTERS:
                return Ending(refused=HOSTILE)
            width, height = page.get_size()
            _send(Page(number + 1, width, height, list(_words(text)), _pictures(page, width * height)))
            text.close()
            page.close()
        return Ending(bookmarks=_bookmarks(document), title=_title(document))
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            return Ending(refused=LOCKED)
        raise


def _words(text: Any) -> Iterator[Word]:
    """Runs of characters between the blanks that are in the file or that pdfium saw between letters."""
    characters = _characters(text)
    reader, start, begins = _Reader(text), -1, True
    for n, code in enumerate((*characters, 0)):
        blank = code in _BLANK_CODES
        if not blank and start < 0:
            start = n
        elif blank and start >= 0:
            yield reader.word(_letters(characters[start:n]), start, n, begins_line=begins)
            start, begins = -1, False
        begins = begins or code in _LINE_ENDS


def _characters(text: Any) -> list[int]:
    """The codes of a page's characters: at once where the text has one for each, else one by one."""
    import pypdfium2.raw as raw

    count = text.count_chars()
    buffer = (ctypes.c_ushort * (count + 1))()
    if raw.FPDFText_GetText(text, 0, count, buffer) == count + 1:
        return list(buffer[:count])
    return [raw.FPDFText_GetUnicode(text, n) for n in range(count)]


_LINE_ENDS = (10, 13)
_BLANK_CODES = frozenset(
    code for code in range(0x3001) if chr(code).isspace() or code in (0, *_LINE_ENDS, 0x1C, 0x1D, 0x1E, 0x1F)
)


class _Reader:
    """Asks pdfium about the characters of one page, with the same buffers again and again."""

    def __init__(self, text: Any) -> None:
        import pypdfium2.raw as raw

        self._raw, self._text = raw, text
        self._box, self._flags, self._name = raw.FS_RECTF(), ctypes.c_int(), ctypes.create_string_buffer(128)
        self._face = False, False

    def word(self, letters: str, start: int, end: int, *, begins_line: bool) -> Word:
        """The word between two characters; the look is asked at the beginning of a line, and where the size changes."""
        x0, y0, x1, y1 = self._edges(start)
        if end - start > 1:
            a0, b0, a1, b1 = self._edges(end - 1)
            x0, y0, x1, y1 = min(x0, a0), min(y0, b0), max(x1, a1), max(y1, b1)
        size = self._raw.FPDFText_GetFontSize(self._text, start)
        if begins_line or start % _LOOKED_AT == 0:
            self._face = self._bold_italic(start)
        bold, italic = self._face
        reference = self._reference(letters, start, end, size) if _SHORT.search(letters) else ""
        shown = round(size if size > _SCALED else max(y1 - y0, 1.0) * 0.8, 1)
        return Word(letters, x0, y0, x1, y1, shown, bold, italic, reference)

    def _edges(self, at: int) -> tuple[float, float, float, float]:
        box = self._box
        self._raw.FPDFText_GetLooseCharBox(self._text, at, box)
        return box.left, box.bottom, box.right, box.top

    def _reference(self, letters: str, start: int, end: int, size: float) -> str:
        small = end - 1
        while small > start and self._raw.FPDFText_GetFontSize(self._text, small) < size * 0.8:
            small -= 1
        return letters[small + 1 - start :] if small < end - 1 else ""

    def _bold_italic(self, at: int) -> tuple[bool, bool]:
        """Whether the font is bold, and whether it is italic: by its name and flags."""
        self._raw.FPDFText_GetFontInfo(self._text, at, self._name, 128, self._flags)
        folded = self._name.value.lower()
        named = b"bold" in folded or b"black" in folded or b"heavy" in folded
        bold = named or self._raw.FPDFText_GetFontWeight(self._text, at) >= _BOLD
        return bold, b"italic" in folded or b"oblique" in folded or bool(self._flags.value & 64)


_SCALED = 1.5  # a size of one point is the unit of a scaled text; its height tells then
_BOLD = 600
_LOOKED_AT = 3  # every third word inside a line is asked for its look too


def _letters(codes: list[int]) -> str:
    joined = "".join(map(chr, codes))
    if any(0xD800 <= code < 0xE000 for code in codes):
        joined = joined.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return joined


def _pictures(page: Any, area: float) -> int:
    """How many pictures of some size are printed on a page."""
    import pypdfium2
    import pypdfium2.raw as raw

    count = 0
    try:
        for each in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
            left, bottom, right, top = each.get_bounds() if hasattr(each, "get_bounds") else each.get_pos()
            count += abs((right - left) * (top - bottom)) > 0.02 * area
    except pypdfium2.PdfiumError:
        return count
    return count


def _bookmarks(document: Any) -> list[Bookmark]:
    """The PDF's own outline."""
    import pypdfium2

    found = []
    try:
        for item in document.get_toc(max_depth=6):
            target = item.get_dest()
            page = target.get_index() if target is not None else None
            title = (item.get_title() or "").strip()
            if title and page is not None:
                found.append(Bookmark(title, item.level + 1, page + 1))
            if len(found) >= _MOST_BOOKMARKS:
                break
    except pypdfium2.PdfiumError:
        return found
    return found


def _title(document: Any) -> str:
    """The title in the PDF's own data; "" where a program only wrote a file's name there."""
    title = " ".join((document.get_metadata_value("Title") or "").split())
    return "" if re.search(r"\.(?:docx?|pdf|indd|rtf)$|^Microsoft Word", title, re.IGNORECASE) else title


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
