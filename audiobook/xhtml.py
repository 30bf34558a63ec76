"""Chapter -> an XHTML fragment for the web page, the EPUB and the transcript alike.

It parses as XML and as HTML to the same tree. Each sentence carries its own id, which is also its cue and its SMIL
target: ``<span class="s" id="c01b02s1">``, in a table the whole row. All text is escaped; links are http(s), mailto and
tel only.
"""

import re
from collections.abc import Callable, Sequence
from html import escape

from audiobook.model.inline import Run, Stretch, stretches
from audiobook.model.issue import Block, Cell, Chapter, Kind, Mark, Markup, Media, MediaKind

_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>\"]+", re.IGNORECASE)
_NUMBERED = re.compile(r"[(]?(\d+)[.)]?")
_LETTERED = re.compile(r"[(]?([a-zđ])[.)]", re.IGNORECASE)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_TAGS = {Markup.EMPHASIS: "em", Markup.STRONG: "strong"}


def chapter_xhtml(chapter: Chapter, *, picture_address: Callable[[Media], str], heading_shift: int = 1) -> str:
    """The blocks of a chapter, without its title.

    Args:
        chapter: with its sentences.
        picture_address: what ``src`` says for a figure.
        heading_shift: added to headings' levels: 0 where the chapter's title is h1, 1 where it is h2.
    """
    parts: list[str] = []
    blocks = list(chapter.blocks)
    while blocks:
        items = _leading_items(blocks)
        if items:
            parts.append(_list(items))
            del blocks[: len(items)]
            continue
        parts.append(_block(blocks.pop(0), picture_address=picture_address, heading_shift=heading_shift))
    return "\n".join(parts)


def text_xhtml(text: str) -> str:
    """Escaped text, without the characters that XML forbids."""
    return escape(_ILLEGAL.sub("", text), quote=True)


def _leading_items(blocks: Sequence[Block]) -> list[Block]:
    items = []
    for block in blocks:
        if block.kind is not Kind.ITEM:
            break
        items.append(block)
    return items


def _block(block: Block, *, picture_address: Callable[[Media], str], heading_shift: int) -> str:
    if block.kind is Kind.HEADING:
        tag = f"h{min(6, block.level + heading_shift)}"
        return f'<{tag} id="{block.id}">{_inline(block)}</{tag}>'
    if block.kind is Kind.QUOTE:
        return f'<blockquote id="{block.id}"><p>{_inline(block)}</p></blockquote>'
    if block.kind is Kind.VERSE:
        return f'<p class="verse" id="{block.id}">{_inline(block)}</p>'
    if block.kind is Kind.NOTE:
        back = f'<a role="doc-backlink" href="#ref-{block.id}" aria-label="Về chỗ chú thích">↩</a>'
        label = f'<span class="mark">{text_xhtml(block.marker)}</span> ' if block.marker else ""
        return f'<aside role="doc-footnote" id="{block.id}"><p>{label}{_inline(block)} {back}</p></aside>'
    if block.kind is Kind.TABLE:
        return _table(block)
    if block.kind is Kind.FIGURE and block.media:
        return _figure(block, block.media, picture_address(block.media))
    return f'<p id="{block.id}">{_inline(block)}</p>'


def _inline(block: Block) -> str:
    return "".join(_stretch(stretch) for stretch in stretches(block))


def _stretch(stretch: Stretch) -> str:
    inner = "".join(map(_run, stretch.runs))
    return f'<span class="s" id="{stretch.sentence}">{inner}</span>' if stretch.sentence else inner


def _run(run: Run) -> str:
    text = text_xhtml(run.text).replace("\n", "<br/>")
    for mark in sorted(run.marks, key=lambda mark: (mark.end - mark.start, mark.kind)):
        text = _marked(mark, text)
    return text


def _marked(mark: Mark, text: str) -> str:
    value = escape(_ILLEGAL.sub("", mark.value), quote=True)
    if mark.kind is Markup.FOOTNOTE:
        return f'<a role="doc-noteref" class="noteref" id="ref-{value}" href="#{value}">{text}</a>'
    if mark.kind is Markup.LANGUAGE:
        return f'<span lang="{value}" xml:lang="{value}">{text}</span>'
    if mark.kind is Markup.LINK:
        return f'<a href="{value}">{text}</a>' if _SAFE_LINK.fullmatch(mark.value) else text
    tag = _TAGS[mark.kind]
    return f"<{tag}>{text}</{tag}>"


def _list(items: Sequence[Block]) -> str:
    """Items of one level; what is deeper belongs to the item before it."""
    level = min(item.level for item in items)
    tag, attributes = _list_tag(items[0].marker)
    lines = []
    for position, item in enumerate(items):
        if item.level > level and position:
            continue
        below = []
        for deeper in items[position + 1 :]:
            if deeper.level <= level:
                break
            below.append(deeper)
        number = _NUMBERED.fullmatch(item.marker)
        value = f' value="{number[1]}"' if number and tag == "ol" else ""
        inner = "\n" + _list(below) if below else ""
        lines.append(f'<li id="{item.id}"{value}>{_inline(item)}{inner}</li>')
    return f"<{tag}{attributes}>\n" + "\n".join(lines) + f"\n</{tag}>"


def _list_tag(marker: str) -> tuple[str, str]:
    if _NUMBERED.fullmatch(marker):
        return "ol", ""
    return ("ol", ' type="a"') if _LETTERED.fullmatch(marker) else ("ul", "")


def _table(block: Block) -> str:
    rows: dict[int, list[Cell]] = {}
    for cell in block.cells:
        rows.setdefault(cell.row, []).append(cell)
    head = [number for number, cells in sorted(rows.items()) if all(cell.header for cell in cells)]
    lines = {number: _row(block, cells, in_head=number in head) for number, cells in rows.items()}
    thead = "\n".join(lines[number] for number in sorted(lines) if number in head)
    tbody = "\n".join(lines[number] for number in sorted(lines) if number not in head)
    parts = [f"<thead>\n{thead}\n</thead>" if thead else "", f"<tbody>\n{tbody}\n</tbody>" if tbody else ""]
    return f'<div class="table"><table id="{block.id}">\n' + "\n".join(filter(None, parts)) + "\n</table></div>"


def _row(block: Block, cells: Sequence[Cell], *, in_head: bool) -> str:
    start, end = min(cell.start for cell in cells), max(cell.end for cell in cells)
    sentence = next((each.id for each in block.sentences if each.start <= start and each.end >= end), "")
    attributes = f' class="s" id="{sentence}"' if sentence else ""
    inner = "".join(_cell(block, cell, in_head=in_head) for cell in sorted(cells, key=lambda cell: cell.column))
    return f"<tr{attributes}>{inner}</tr>"


def _cell(block: Block, cell: Cell, *, in_head: bool) -> str:
    spans = "".join(
        f' {name}="{count}"' for name, count in (("rowspan", cell.rows), ("colspan", cell.columns)) if count > 1
    )
    inner = "".join(_stretch(each) for each in stretches(block, start=cell.start, end=cell.end, sentences=False))
    if not cell.header:
        return f"<td{spans}>{inner}</td>"
    return f'<th scope="{"col" if in_head else "row"}"{spans}>{inner}</th>'


def _figure(block: Block, media: Media, address: str) -> str:
    source, alt = escape(address, quote=True), text_xhtml(media.alt)
    size = f' width="{media.width}" height="{media.height}"' if media.width and media.height else ""
    if media.kind in (MediaKind.IMAGE, MediaKind.CHART):
        shown = f'<img src="{source}" alt="{alt}"{size}/>'
    else:
        shown = f'<{media.kind} controls="controls" preload="none" src="{source}" aria-label="{alt}"></{media.kind}>'
    if block.text:
        return f'<figure id="{block.id}">{shown}<figcaption>{_inline(block)}</figcaption></figure>'
    sentence = block.sentences[0].id if block.sentences else block.id
    return f'<figure class="s" id="{sentence}">{shown}</figure>'
