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

from audiobook.manuscripts.pdf_printed import HOSTILE, LOCKED, Bookmark, Page, Printed, Word

_MOST_PAGES, _MOST_CHARACTERS, _MOST_BOOKMARKS = 3_000, 12_000_000, 2_000
_SECONDS = 120
_SHORT = re.compile(r"(?:\D\d{1,2}|.[ivx]{1,4})$")


def main(file: Path, megabytes: int) -> None:
    """Read one file; a refusal is a ``Printed`` that says why."""
    _limit(megabytes)
    sys.stdout.buffer.write(msgspec.msgpack.encode(_printed(file)))


def _limit(megabytes: int) -> None:
    """Where the system can hold a process to its memory and time (Linux), let it."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 1_000_000, megabytes * 1_000_000))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _printed(file: Path) -> Printed:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(file)
        if len(document) > _MOST_PAGES:
            return Printed(refused=HOSTILE)
        pages, read = [], 0
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            read += text.count_chars()
            if read > _MOST_CHARACTERS:
                return Printed(refused=HOSTILE)
            width, height = page.get_size()
            pages.append(Page(number + 1, width, height, list(_words(text)), _pictures(page, width * height)))
            text.close()
            page.close()
        return Printed(pages=pages, bookmarks=_bookmarks(document), title=_title(document))
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            return Printed(refused=LOCKED)
        raise


def _words(text: Any) -> Iterator[Word]:
    """Runs of characters between the blanks that are in the file or that pdfium saw between letters."""
    import pypdfium2.raw as raw

    count = text.count_chars()
    code = raw.FPDFText_GetUnicode
    characters = [code(text, n) for n in range(count)]
    box = raw.FS_RECTF()
    start = -1
    for n in range(count + 1):
        blank = n == count or characters[n] in _BLANK_CODES
        if not blank and start < 0:
            start = n
        elif blank and start >= 0:
            word = _word(text, characters, start, n, box)
            start = -1
            if word.text:
                yield word


_BLANK_CODES = frozenset(code for code in range(0x3001) if chr(code).isspace() or code in (0, 0x1C, 0x1D, 0x1E, 0x1F))


def _word(text: Any, characters: list[int], start: int, end: int, box: Any) -> Word:
    import pypdfium2.raw as raw

    raw.FPDFText_GetLooseCharBox(text, start, box)
    x0, y0, x1, y1 = box.left, box.bottom, box.right, box.top
    if end - start > 1:
        raw.FPDFText_GetLooseCharBox(text, end - 1, box)
        x0, y0, x1, y1 = min(x0, box.left), min(y0, box.bottom), max(x1, box.right), max(y1, box.top)
    letters = _letters(characters[start:end])
    size = raw.FPDFText_GetFontSize(text, start)
    bold, italic = _face(text, start)
    reference = ""
    if _SHORT.search(letters):
        small = end - 1
        while small > start and raw.FPDFText_GetFontSize(text, small) < size * 0.8:
            small -= 1
        reference = letters[small + 1 - start :] if small < end - 1 else ""
    height = max(y1 - y0, 1.0)
    return Word(letters, x0, y0, x1, y1, round(size if size > 1.5 else height * 0.8, 1), bold, italic, reference)


def _letters(codes: list[int]) -> str:
    joined = "".join(map(chr, codes))
    if any(0xD800 <= code < 0xE000 for code in codes):
        joined = joined.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return joined


def _face(text: Any, at: int) -> tuple[bool, bool]:
    """Whether the font is bold, and whether it is italic: by its name and flags."""
    import pypdfium2.raw as raw

    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(text, at, name, 128, flags)
    folded = name.value.lower()
    bold = b"bold" in folded or b"black" in folded or b"heavy" in folded or raw.FPDFText_GetFontWeight(text, at) >= 600
    return bold, b"italic" in folded or b"oblique" in folded or bool(flags.value & 64)


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
