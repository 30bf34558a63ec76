"""Source -> chapters: which headings begin an article, and an id for every block."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audiobook.errors import NoChapters
from audiobook.manuscripts.clips import keep_clip
from audiobook.manuscripts.pictures import keep
from audiobook.manuscripts.source import Source, SourceBlock
from audiobook.manuscripts.text import one_line
from audiobook.model.issue import Block, Chapter, Kind, Mark, Markup
from audiobook.model.narration import Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The articles; the title where one heading stood above them all."""

    title: str
    chapters: tuple[Chapter, ...]
    remarks: tuple[Remark, ...]


def outline(source: Source, *, file: Path, images: Path) -> Outline:
    """Make chapters of a source; every article begins at a heading of the shallowest level that is used for articles.

    A single heading above all others is the issue's title. What stands before the first article is no part of any.

    Raises:
        NoChapters: the file has no heading.
        PictureDamaged: a picture that cannot be used.
    """
    level, title_at = _article_level(source.blocks)
    if not level:
        raise NoChapters(
            "không thấy tiêu đề bài nào.",
            thing=file,
            advice="Đặt kiểu Heading 1 cho tiêu đề mỗi bài (Word) hoặc dấu # ở đầu dòng (Markdown).",
        )
    desk = _Desk(source=source, file=file, images=images)
    starts = [n for n, block in enumerate(source.blocks) if block.kind is Kind.HEADING and block.level == level]
    ends = [*starts[1:], len(source.blocks)]
    chapters = tuple(
        desk.chapter(number, source.blocks[start], source.blocks[start + 1 : end])
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    )
    before = [block for n, block in enumerate(source.blocks[: starts[0]]) if n != title_at and block.text]
    title = source.blocks[title_at].text if title_at is not None else ""
    return Outline(title=one_line(title), chapters=chapters, remarks=(*_left_out(before), *desk.remarks))


def _article_level(blocks: Sequence[SourceBlock]) -> tuple[int, int | None]:
    """The level of articles' headings (0: none), and where the issue's own title stands."""
    headings = [(n, block) for n, block in enumerate(blocks) if block.kind is Kind.HEADING]
    if not headings:
        return 0, None
    counts = Counter(block.level for _, block in headings)
    first, block = headings[0]
    shallowest = min(counts)
    deeper = [level for level in counts if level > shallowest]
    if counts[shallowest] == 1 and block.level == shallowest and deeper and counts[min(deeper)] > 1:
        return min(deeper), first
    return shallowest, None


def _left_out(blocks: Sequence[SourceBlock]) -> tuple[Remark, ...]:
    return tuple(
        Remark(code="M-BEFORE", place=block.place, text=f"đứng trước bài đầu tiên nên không đọc: {block.text[:60]!r}")
        for block in blocks
    )


class _Desk:
    """Gives ids, lays notes behind what refers to them, and keeps pictures, for one manuscript."""

    def __init__(self, *, source: Source, file: Path, images: Path) -> None:
        self.remarks: list[Remark] = []
        self._source, self._file, self._images = source, file, images
        self._pictures = 0

    def chapter(self, number: int, heading: SourceBlock, body: Sequence[SourceBlock]) -> Chapter:
        chapter_id = f"c{number:02d}"
        title = one_line(heading.text)
        author, rest = _author(body)
        blocks = self._blocks(chapter_id, rest, article_level=heading.level)
        if not blocks:
            self._remark("M-EMPTY", heading.place, f"bài {title!r} không có nội dung.")
        return Chapter(
            id=chapter_id,
            title=title,
            author=author,
            blocks=tuple(blocks),
            important=heading.important or any(block.important for block in body),
        )

    def _blocks(self, chapter_id: str, body: Sequence[SourceBlock], *, article_level: int) -> list[Block]:
        blocks: list[Block] = []
        deepest = 1
        for source in body:
            if not source.text and source.picture is None and source.clip is None:
                continue
            block = self._block(f"{chapter_id}b{len(blocks) + 1:02d}", source)
            if block.kind is Kind.HEADING:
                level = min(source.level - article_level + 1, deepest + 1)  # never skip a level: readers navigate by it
                deepest = level = max(2, level)
                block = replace(block, level=level)
            notes = [mark for mark in block.marks if mark.kind is Markup.FOOTNOTE and mark.value in self._source.notes]
            blocks.append(block)
            named = {}
            for mark in notes:
                note_id = f"{chapter_id}b{len(blocks) + 1:02d}"
                named[mark.value] = note_id
                marker = block.text[mark.start : mark.end]
                blocks.append(replace(self._block(note_id, self._source.notes[mark.value]), marker=marker))
            blocks[-len(notes) - 1] = replace(block, marks=tuple(_pointed(mark, named) for mark in block.marks))
        return blocks

    def _block(self, block_id: str, source: SourceBlock) -> Block:
        media = None
        if source.picture:
            self._pictures += 1
            media = keep(source.picture, self._pictures, folder=self._images, thing=self._file, place=source.place)
            if not media.alt:
                self._remark("M-ALT", source.place, f"hình {source.picture.name!r} chưa có lời mô tả (Alt text).")
        if source.clip:
            self._pictures += 1
            media = keep_clip(source.clip, self._pictures, folder=self._images, thing=self._file, place=source.place)
            if not media.alt:
                self._remark("M-ALT", source.place, f"{source.clip.name!r} chưa có lời mô tả.")
            if not media.captions:
                self._remark("M-CAPTIONS", source.place, f"{source.clip.name!r} chưa có phụ đề (tệp .vtt cùng tên).")
        return Block(
            id=block_id,
            kind=source.kind,
            text=source.text,
            marks=source.marks,
            level=source.level if source.kind is Kind.ITEM else 0,
            marker=source.marker,
            cells=source.cells,
            media=media,
        )

    def _remark(self, code: str, place: str, text: str) -> None:
        self.remarks.append(Remark(code=code, place=place, text=text))


def _pointed(mark: Mark, named: dict[str, str]) -> Mark:
    if mark.kind is not Markup.FOOTNOTE:
        return mark
    return replace(mark, value=named.get(mark.value, mark.value))


def _author(body: Sequence[SourceBlock]) -> tuple[str, Sequence[SourceBlock]]:
    """A first line in italics that begins "Tác giả:" or "Bài:" names who wrote the article."""
    if body and body[0].kind is Kind.PARAGRAPH:
        name, colon, who = body[0].text.partition(":")
        emphasised = any(mark.kind is Markup.EMPHASIS and mark.start == 0 for mark in body[0].marks)
        if colon and emphasised and name.strip().lower() in ("tác giả", "bài", "người viết") and len(who) < 80:
            return who.strip(), body[1:]
    return "", body
