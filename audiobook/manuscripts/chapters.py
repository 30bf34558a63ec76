"""Articles of an outline -> chapters: an id for every block, notes behind what refers to them, pictures kept.

Remark codes: M-EMPTY an article without text; M-ALT a picture without alternative text; M-PICTURE one that cannot be
shown; M-CAPTIONS a sound or film without subtitles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from audiobook.manuscripts.account import words, words_of
from audiobook.manuscripts.clips import keep_clip
from audiobook.manuscripts.outline import Article
from audiobook.manuscripts.pictures import Unshowable, keep
from audiobook.manuscripts.source import Clip, Omission, Picture, SourceBlock
from audiobook.manuscripts.text import one_line
from audiobook.model.issue import Block, Chapter, Kind, Mark, Markup, Media
from audiobook.model.narration import Remark

_AUTHOR_LABELS = ("tác giả", "bài", "người viết", "bài và ảnh", "tin và ảnh", "theo")


@dataclass(slots=True, kw_only=True)
class Desk:
    """Makes the chapters of one manuscript, and keeps what an editor should know of it."""

    file: Path
    images: Path
    notes: Mapping[str, SourceBlock]
    checked_before: Path | None = None  # see pictures.keep
    remarks: list[Remark] = field(default_factory=list)
    omissions: list[Omission] = field(default_factory=list)
    added: int = 0  # words that we wrote: numbers before headings, titles that an editor gave
    _pictures: int = 0
    _noted: set[str] = field(default_factory=set)

    def chapter(self, number: int, article: Article) -> Chapter:
        """The article as the chapter of a number.

        Raises:
            PictureDamaged: a picture that could do harm.
            ClipUnusable: a sound or film that not every browser plays.
        """
        chapter_id, heading = f"c{number:02d}", article.heading
        author, rest = self._author(heading, article.body)
        noted = replace(heading, marks=tuple(mark for mark in heading.marks if mark.kind is Markup.FOOTNOTE))
        blocks = self._blocks(chapter_id, rest, of_title=noted)
        if not blocks:
            self._remark("M-EMPTY", heading.place, f"bài {article.title!r} không có nội dung.")
        self._titled(article)
        return Chapter(
            id=chapter_id,
            title=_without_references(article.title, heading),
            author=author,
            blocks=tuple(blocks),
            important=heading.important or any(block.important for block in article.body),
        )

    def cover(self, picture: Picture | None) -> str:
        """The file of the cover, "" where there is none that can be shown."""
        kept = self._kept(picture, 0, "cover") if picture else None
        return kept.file if kept else ""

    def leave(self) -> None:
        """The notes that nothing refers to are listed."""
        for note_key, note in self.notes.items():
            if note_key not in self._noted:
                self.omissions.append(Omission(code="M-NOTE", place=note.place, text=note.text))

    def _titled(self, article: Article) -> None:
        printed = words_of(article.heading)
        given = words(_without_references(article.title, article.heading))
        if one_line(article.heading.text) not in article.title:
            self.omissions.append(Omission(code="M-RETITLED", place=article.heading.place, text=article.heading.text))
            self.added += given
        else:
            self.added += given - printed

    def _author(self, heading: SourceBlock, body: Sequence[SourceBlock]) -> tuple[str, Sequence[SourceBlock]]:
        """A first line in italics that begins "Tác giả:" or "Bài:" names who wrote the article."""
        if heading.author:
            self.added += words(heading.author)
            return heading.author, body
        if body and body[0].kind is Kind.PARAGRAPH:
            label, colon, who = body[0].text.partition(":")
            emphasised = any(mark.kind is Markup.EMPHASIS and mark.start == 0 for mark in body[0].marks)
            if colon and emphasised and label.strip().lower() in _AUTHOR_LABELS and 0 < len(who.strip()) < 80:
                self.omissions.append(Omission(code="M-LABEL", place=body[0].place, text=label))
                return one_line(who), body[1:]
        return "", body

    def _blocks(self, chapter_id: str, body: Sequence[SourceBlock], *, of_title: SourceBlock) -> list[Block]:
        blocks: list[Block] = []
        deepest = 1
        self._notes_of(of_title, chapter_id, blocks)
        for source in body:
            if not source.text and not source.shows:
                continue
            block = self._block(f"{chapter_id}b{len(blocks) + 1:02d}", source)
            if block is None:
                continue
            if block.kind is Kind.HEADING:
                level = min(source.level, deepest + 1)  # never skip a level: readers navigate by it
                deepest = level = max(2, level)
                block = replace(block, level=level)
            at = len(blocks)
            blocks.append(block)
            named = self._notes_of(source, chapter_id, blocks)
            blocks[at] = replace(block, marks=tuple(_pointed(mark, named) for mark in block.marks))
        return blocks

    def _notes_of(self, source: SourceBlock, chapter_id: str, blocks: list[Block]) -> dict[str, str]:
        """Lay the notes of a block behind it; the id of each by its key. A note stands where it is first called."""
        named = {}
        for mark in source.marks:
            note = self.notes.get(mark.value) if mark.kind is Markup.FOOTNOTE else None
            if note is None or mark.value in self._noted:
                continue
            self._noted.add(mark.value)
            note_id = f"{chapter_id}b{len(blocks) + 1:02d}"
            block = self._block(note_id, note)
            if block is not None:
                named[mark.value] = note_id
                blocks.append(replace(block, marker=source.text[mark.start : mark.end]))
        return named

    def _block(self, block_id: str, source: SourceBlock) -> Block | None:
        media = self._media(source)
        if source.shows and media is None and not source.text:
            return None
        text, marks = source.text, source.marks
        if source.printed:
            self.omissions.append(Omission(code="M-RETITLED", place=source.place, text=source.printed))
            self.added += words(text)
        if source.kind is Kind.HEADING and source.marker.strip("–•- "):
            text, marks = f"{source.marker} {text}", tuple(_shifted(mark, len(source.marker) + 1) for mark in marks)
            self.added += words(source.marker)
        return Block(
            id=block_id,
            kind=source.kind if media or source.kind is not Kind.FIGURE else Kind.PARAGRAPH,
            text=text,
            marks=marks,
            level=source.level if source.kind is Kind.ITEM else 0,
            marker=source.marker if source.kind is not Kind.HEADING else "",
            cells=source.cells,
            media=media,
        )

    def _media(self, source: SourceBlock) -> Media | None:
        if source.clip:
            return self._clip(source.clip, source.place)
        return self._picture(source.picture, source.place) if source.picture else None

    def _picture(self, picture: Picture, place: str) -> Media | None:
        kept = self._kept(picture, self._pictures + 1, place)
        if kept is None:
            return None
        self._pictures += 1
        if not kept.alt:
            self._remark("M-ALT", place, f"hình {picture.name!r} chưa có lời mô tả (Alt text).")
        return kept

    def _kept(self, picture: Picture, number: int, place: str) -> Media | None:
        try:
            return keep(
                picture,
                number,
                folder=self.images,
                thing=self.file,
                place=place,
                checked_before=self.checked_before,
            )
        except Unshowable as error:
            described = f" Lời mô tả của hình: {picture.alt}" if picture.alt else ""
            self._remark("M-PICTURE", place, f"{error}{described}")
            self.omissions.append(Omission(code="M-PICTURE", place=place, text="", picture=True))
            return None

    def _clip(self, clip: Clip, place: str) -> Media:
        self._pictures += 1
        kept = keep_clip(clip, self._pictures, folder=self.images, thing=self.file, place=place)
        if not kept.alt:
            self._remark("M-ALT", place, f"{clip.name!r} chưa có lời mô tả.")
        if not kept.captions:
            self._remark("M-CAPTIONS", place, f"{clip.name!r} chưa có phụ đề (tệp .vtt cùng tên).")
        return kept

    def _remark(self, code: str, place: str, text: str) -> None:
        self.remarks.append(Remark(code=code, place=place, text=text))


def _without_references(title: str, heading: SourceBlock) -> str:
    """A title is said, listed and linked: the numbers of its footnotes do not belong to it."""
    text = heading.text
    for mark in sorted(heading.marks, key=lambda mark: -mark.start):
        if mark.kind is Markup.FOOTNOTE:
            text = text[: mark.start] + text[mark.end :]
    return title.replace(one_line(heading.text), one_line(text))


def _shifted(mark: Mark, by: int) -> Mark:
    return replace(mark, start=mark.start + by, end=mark.end + by)


def _pointed(mark: Mark, named: Mapping[str, str]) -> Mark:
    return replace(mark, value=named.get(mark.value, mark.value)) if mark.kind is Markup.FOOTNOTE else mark
