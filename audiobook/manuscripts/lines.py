"""Blocks as they were typed -> blocks as they were meant: captions joined to pictures, soft line breaks, stanzas."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from audiobook.manuscripts.source import SourceBlock
from audiobook.manuscripts.text import cut, moved
from audiobook.model.issue import Kind

_CAPTION = re.compile(r"(?:ảnh|hình|biểu đồ|tranh|đồ họa)\s*(?:\d+|minh họa|:|tư liệu|\.)", re.IGNORECASE)
_SENTENCE_ENDS = (".", "!", "?", ":", ";", "…", ".”", '."')


def captioned(blocks: Sequence[SourceBlock]) -> list[SourceBlock]:
    """Join each caption to the picture that it stands behind; alone it stays a paragraph."""
    joined: list[SourceBlock] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last and last.kind is Kind.FIGURE and not last.text and _is_caption(block):
            joined[-1] = replace(last, text=block.text.replace("\n", " "), marks=block.marks)
            continue
        joined.append(replace(block, evidence="") if block.evidence == "kiểu Caption" else block)
    return joined


def _is_caption(block: SourceBlock) -> bool:
    """By its style; or a short line in italics or in the middle, or one that begins "Ảnh:"."""
    if block.evidence == "kiểu Caption":
        return True
    look = block.look
    if block.kind is not Kind.PARAGRAPH or look is None or len(block.text) > 250:
        return False
    return (look.italic and look.centred) or (bool(_CAPTION.match(block.text)) and (look.italic or look.centred))


def cleaned_up(blocks: Sequence[SourceBlock]) -> Iterator[SourceBlock]:
    """A soft line break inside a sentence is a blank; after the end of a sentence it begins a paragraph; else it stays."""
    for block in blocks:
        if block.kind in (Kind.PARAGRAPH, Kind.ITEM) and "\n" in block.text:
            yield from _split(block)
        elif block.kind is Kind.HEADING and "\n" in block.text:
            yield replace(block, text=block.text.replace("\n", " "))
        else:
            yield block


def _split(block: SourceBlock) -> Iterator[SourceBlock]:
    text = list(block.text)
    starts = [0]
    for n, character in enumerate(text):
        if character != "\n":
            continue
        before, after = block.text[starts[-1] : n].rstrip("\n"), block.text[n + 1 :]
        if before.endswith(_SENTENCE_ENDS) and after[:1] not in ("", "\n"):
            starts.append(n + 1)
        elif after[:1].islower() and len(before.rsplit("\n", 1)[-1]) > 30:
            text[n] = " "
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        piece = "".join(text[start:end]).rstrip("\n ")
        first = start == 0
        if piece:
            yield replace(
                block,
                text=piece,
                marks=cut(block.marks, start, start + len(piece)),
                kind=block.kind if first else Kind.PARAGRAPH,
                marker=block.marker if first else "",
                level=block.level if first else 0,
            )


def stanzas(blocks: Iterator[SourceBlock]) -> Iterator[SourceBlock]:
    """Verse written a line a paragraph is still one stanza where its lines are short of their own line ends."""
    held: SourceBlock | None = None
    for block in blocks:
        single = block.kind is Kind.VERSE and "\n" not in block.text
        if held and single:
            text = f"{held.text}\n{block.text}"
            held = replace(held, text=text, marks=(*held.marks, *moved(block.marks, len(held.text) + 1)))
            continue
        if held:
            yield held
        held = block if single else None
        if not single:
            yield block
    if held:
        yield held
