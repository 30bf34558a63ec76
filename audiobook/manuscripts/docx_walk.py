"""Where things stand in Word's XML: text boxes, shown paragraphs, contents lists; and what heads the whole document."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from audiobook.manuscripts.docx_numbering import BULLET
from audiobook.manuscripts.docx_runs import chosen
from audiobook.manuscripts.docx_styles import MC, W
from audiobook.manuscripts.source import SourceBlock
from audiobook.manuscripts.text import cut, one_line
from audiobook.model.issue import Kind

SKIPPED = {f"{W}{name}" for name in ("pPr", "rPr", "sdtPr", "del", "moveFrom", "tblPr", "sectPr")}


def text_boxes(node: Any) -> Iterator[Any]:
    """The text boxes in a paragraph, each once, without boxes inside boxes (those are found when their own are read)."""
    for child in node:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag == f"{MC}AlternateContent":
            yield from text_boxes(chosen(child))
        elif child.tag not in SKIPPED:
            yield from text_boxes(child)


def shown_paragraphs(node: Any) -> Iterator[Any]:
    """Every paragraph below, those of text boxes too, without what a fallback repeats."""
    for child in node:
        if child.tag == f"{W}p":
            yield child
        if child.tag == f"{MC}AlternateContent":
            yield from shown_paragraphs(chosen(child))
        elif child.tag not in SKIPPED:
            yield from shown_paragraphs(child)


def is_contents(node: Any) -> bool:
    """Whether a w:sdt is the contents list that Word inserts."""
    gallery = node.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"


def item(block: SourceBlock, start: int) -> SourceBlock:
    """A paragraph that begins with a typed dash is a list item."""
    text = block.text[start:]
    return replace(
        block,
        kind=Kind.ITEM,
        text=text,
        marks=cut(block.marks, start, len(block.text)),
        level=1,
        marker=BULLET,
    )


def front(met: Sequence[SourceBlock]) -> tuple[tuple[SourceBlock, ...], dict[str, str], list[SourceBlock]]:
    """The issue's own title and subtitle; where the Title style is used again and again, it heads articles."""
    titles = [block for block in met if block.kind is Kind.HEADING and block.level == 0]
    subtitles = [block for block in met if block.evidence == "kiểu Subtitle"][:1]
    two_lines = len(titles) == 2 and met.index(titles[1]) == met.index(titles[0]) + 1
    if len(titles) > 1 and not two_lines:
        return (), {}, [replace(b, level=b.level + 1) if b.kind is Kind.HEADING else b for b in met]
    facts = {"title": " ".join(one_line(block.text) for block in titles)} if titles else {}
    if subtitles:
        facts["summary"] = one_line(subtitles[0].text)
    heads = (replace(titles[0], text=facts["title"]),) if titles else ()
    used = (*titles, *subtitles)
    return (*heads, *subtitles), facts, [block for block in met if block not in used]
