"""PDF with text -> Source: columns one after the other, running lines and page numbers dropped, notes found, words joined.

A scanned PDF has no text: it is refused with what to do. Tables come out line by line: a PDF does not say what a cell is.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path

from audiobook.errors import ManuscriptKind
from audiobook.legacy_encodings import is_syllable, recognised, to_unicode
from audiobook.manuscripts.account import words as count_words
from audiobook.manuscripts.lines import captioned
from audiobook.manuscripts.pdf_layout import Line, at_the_edges, centred, is_row, lines, paragraphs
from audiobook.manuscripts.pdf_printed import HYPHENS, Bookmark, Page, printed
from audiobook.manuscripts.source import Look, Omission, Source, SourceBlock
from audiobook.manuscripts.text import MarkedText, one_line
from audiobook.model.issue import Kind, Markup
from audiobook.model.narration import Remark

_PAGE_NUMBER = re.compile(r"(?:trang|page)?\s*[-–—|]?\s*\d{1,4}\s*(?:[-–—|]|(?:/|of|trên)\s*\d{1,4})?", re.IGNORECASE)
_BULLET = re.compile(r"(?:[-–•·●▪+*]|\uf0b7)\s+(?=\S)")
_NOTE = re.compile(r"(\d{1,2}|\*|[ivx]{1,4}(?=[^\W\d_a-z]| ))[.)]?\s*(?=\D)")
_MARGIN = 0.11  # of the page's height, above and below
_FEWEST_ROWS = 2
_FEWEST_LETTERS = 25  # on a page that is more than a picture


def read_pdf(file: Path) -> Source:
    """Read a PDF.

    Raises:
        ManuscriptKind: scanned, or under a password.
        ManuscriptDamaged, ManuscriptHostile: broken; built to do harm.
    """
    pages, ending = printed(file)
    made = _Reader(file)
    for page in pages:
        made.take(page)
    return made.source(ending.bookmarks, ending.title)


@dataclass(slots=True)
class _Reader:
    """One document, and what was met in it."""

    file: Path
    lines: list[list[Line]] = field(default_factory=list)  # of each page
    heights: list[float] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    omissions: list[Omission] = field(default_factory=list)
    notes: dict[str, SourceBlock] = field(default_factory=dict)
    tables: list[Remark] = field(default_factory=list)
    counted: int = 0
    joined: int = 0  # words that were broken at the end of a line, now one

    def take(self, page: Page) -> None:
        self.lines.append(lines(page))
        self.heights.append(page.height)
        self.counted += count_words(" ".join([word.text for word in page.words]))
        self.pictures += [page.number] * page.pictures
        if sum(len(word.text) for word in page.words) < _FEWEST_LETTERS and page.pictures:
            self.empty.append(page.number)

    def source(self, marks: Sequence[Bookmark], title: str) -> Source:
        if len(self.empty) > 0.5 * len(self.lines) or not any(self.lines):
            raise ManuscriptKind(
                "PDF này là bản quét: chỉ có hình chụp, không có chữ.",
                thing=self.file,
                advice="Nhận dạng chữ trước: ocrmypdf -l vie vao.pdf ra.pdf, rồi thêm ra.pdf và đọc lại cho kỹ.",
            )
        running = self._running()
        usual = _usual_size(line for page in self.lines for line in page)
        kept = [
            line
            for number, page in enumerate(self.lines)
            for line in self._without_notes([line for line in page if id(line) not in running], usual, number)
        ]
        blocks = [block for group in paragraphs(kept) if (block := self._block(group)).text]
        blocks, remarks = _headed(blocks, marks)
        for number, count in Counter(self.pictures).items():
            for _ in range(count):
                self.omissions.append(Omission(code="M-PICTURE", place=f"trang {number}", text="", picture=True))
        blocks, repairs = _repaired(captioned(blocks))
        front = tuple(block for block in blocks[:3] if title and one_line(block.text).casefold() == title.casefold())
        return Source(
            blocks=tuple(block for block in blocks if block not in front),
            notes=self.notes,
            facts={"title": front[0].text} if front else {},
            front=front,
            omissions=tuple(self.omissions),
            remarks=(*remarks, *self.tables, *repairs),
            words=self.counted - self.joined,
        )

    def _running(self) -> set[int]:
        """Lines at the top or the foot of pages that are page numbers, or come back page after page."""
        margins: dict[int, list[Line]] = {}
        for number, page in enumerate(self.lines):
            margins[number] = list(at_the_edges(page, self.heights[number] * _MARGIN, self.heights[number]))
        seen = Counter(shape for page in margins.values() for shape in {_shape(line) for line in page})
        often = max(2, round(0.3 * len(self.lines)))
        found: set[int] = set()
        for number, page in margins.items():
            for line in page:
                alone = len(line.text) == 1 or _PAGE_NUMBER.fullmatch(
                    line.text.strip()
                )  # Chromium prints half letters there
                if alone or (len(self.lines) > 1 and seen[_shape(line)] >= often):
                    found.add(id(line))
                    self.omissions.append(Omission(code="M-RUNNING", place=f"trang {number + 1}", text=line.text))
        return found

    def _without_notes(self, page: list[Line], usual: float, number: int) -> list[Line]:
        """The lines of a page but for the notes at its foot: small print that begins with a number."""
        start = next(
            (
                n
                for n, line in enumerate(page)
                if _begins_note(line, usual) and all(small(each, usual) for each in page[n:])
            ),
            len(page),
        )
        held: list[Line] = []
        for line in page[start:]:
            if _begins_note(line, usual) and held:
                self._note(held, number)
                held = []
            held.append(line)
        if held:
            self._note(held, number)
        return page[:start]

    def _note(self, group: list[Line], number: int) -> None:
        text = self._joined(group, number)[0]
        mark = _NOTE.match(text)
        marker = mark[1] if mark else ""
        place = f"chú thích trang {number + 1}"
        rest = text[mark.end() :] if mark else text
        self.notes[f"p{number}n{marker}"] = SourceBlock(kind=Kind.NOTE, text=rest, place=place)
        self.counted -= count_words(text) - count_words(rest)

    def _block(self, group: list[Line]) -> SourceBlock:
        first = group[0]
        marked_text, marks = self._joined(group, first.page - 1, refer=True)
        place = f"trang {first.page}"
        if sum(is_row(line) for line in group) >= _FEWEST_ROWS:
            text = f"có lẽ là bảng, chỉ đọc được từng dòng; hãy xem lại: {marked_text[:60]!r}"
            self.tables.append(Remark(code="M-TABLE", place=place, text=text))
        bullet = _BULLET.match(marked_text)
        if bullet:
            end = bullet.end()
            moved = tuple(replace(m, start=max(0, m.start - end), end=m.end - end) for m in marks if m.end > end)
            return SourceBlock(kind=Kind.ITEM, text=marked_text[end:], marks=moved, level=1, marker="–", place=place)
        look = Look(
            bold=all(line.bold for line in group),
            italic=all(word.italic for line in group for word in line.words),
            centred=all(centred(line) for line in group),
            size_pt=max(line.size for line in group),
        )
        return SourceBlock(kind=Kind.PARAGRAPH, text=marked_text, marks=marks, place=place, look=look)

    def _joined(self, group: Sequence[Line], number: int, *, refer: bool = False) -> tuple[str, tuple]:  # type: ignore[type-arg]
        """Lines as one text: a word that a hyphen broke is whole again, raised numbers are references to notes."""
        marked = MarkedText()
        words = [word for line in group for word in line.words]
        ends = {id(line.words[-1]) for line in group[:-1]}
        glue = True
        for position, word in enumerate(words):
            text, following = word.text, words[position + 1].text if position + 1 < len(words) else ""
            broken = id(word) in ends and bool(following) and _broken(text, following)
            text = text.rstrip(HYPHENS + "-") if broken else text if text.isprintable() else text.translate(_SOFT)
            key = f"p{number}n{word.reference}" if refer and word.reference else ""
            marked.add("" if glue else " ")
            if key in self.notes:
                marked.add(text.removesuffix(word.reference))
                marked.add(word.reference, (Markup.FOOTNOTE, key))
            else:
                marked.add(text)
            glue = broken
            self.joined += broken
        return marked.finished()


_SOFT = {ord("\x02"): "-", 0xFFFE: "-", 0xAD: "\xad"}


def _broken(text: str, following: str) -> bool:
    """Whether a word at a line's end goes on in the next line: a soft hyphen says so, a hard one only in foreign words."""
    if text[-1] in HYPHENS:
        return True
    if not text.endswith("-") or len(text) < 3 or not following[:1].islower():
        return False
    return not (is_syllable(text[:-1]) and is_syllable(re.split(r"\W", following)[0]))


def _usual_size(found: Iterable[Line]) -> float:
    """The size in which most of the text is printed."""
    sizes: Counter[float] = Counter()
    for line in found:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _shape(line: Line) -> str:
    """A line with its numbers made alike, as a running line is but for the page's number."""
    return re.sub(r"\d+", "#", line.text)


def small(line: Line, usual: float) -> bool:
    """Whether a line is printed smaller than the text."""
    return line.size < 0.93 * usual


def _begins_note(line: Line, usual: float) -> bool:
    return small(line, usual) and bool(_NOTE.match(line.text))


def _headed(blocks: list[SourceBlock], marks: Sequence[Bookmark]) -> tuple[list[SourceBlock], list[Remark]]:
    """Paragraphs that the PDF's own outline names become headings of its levels."""
    made, remarks = list(blocks), list[Remark]()
    for mark in marks:
        at = _named(made, mark)
        if at is None:
            text = f"dấu trang {mark.title[:60]!r} không thấy trong trang."
            remarks.append(Remark(code="M-HEADING", place=f"trang {mark.page}", text=text))
            continue
        made[at] = replace(made[at], kind=Kind.HEADING, level=mark.level, evidence="dấu trang PDF", marker="")
    return made, remarks


def _named(blocks: Sequence[SourceBlock], mark: Bookmark) -> int | None:
    wanted = one_line(mark.title).casefold()
    best, at = 0.8, None
    for n, block in enumerate(blocks):
        if block.place not in (f"trang {mark.page}", f"trang {mark.page - 1}") or block.kind is Kind.HEADING:
            continue
        text = one_line(block.text).casefold()
        if len(text) > 2 * len(wanted) + 20:
            continue
        ratio = SequenceMatcher(a=text, b=wanted, autojunk=False).ratio()
        if ratio > best:
            best, at = ratio, n
    return at


def _repaired(blocks: Sequence[SourceBlock]) -> tuple[list[SourceBlock], Iterator[Remark]]:
    """Text of fonts from before Unicode, which PDF keeps as it was typed."""
    encoding = recognised(" ".join(block.text for block in blocks)[:200_000], at_least=5)
    if encoding is None:
        return list(blocks), iter(())
    remark = Remark(code="M-FONT", place="cả tệp", text=f"chữ {encoding}, đã đổi sang Unicode; hãy đọc lại.")
    return [replace(block, text=to_unicode(block.text, encoding), marks=()) for block in blocks], iter((remark,))
