"""Chapter -> an XHTML fragment for the web page, the EPUB and the transcript alike.

It parses as XML and as HTML to the same tree. Each sentence carries its own id, which is also its cue and its SMIL
target: ``<span class="s" id="c01b02s1">``, in a table the whole row. All text is escaped; links are http(s), mailto and
tel only.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape

from audiobook.model.headings import stepped
from audiobook.model.inline import Run, Stretch, stretches
from audiobook.model.issue import Block, Cell, Chapter, Kind, Mark, Markup, Media, MediaKind

_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>\"]+", re.IGNORECASE)
_NUMBERED = re.compile(r"[(]?(\d+)[.)]?")
_LETTERED = re.compile(r"[(]?([a-zđ])[.)]", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_TAGS = {Markup.EMPHASIS: "em", Markup.STRONG: "strong"}


def chapter_xhtml(chapter: Chapter, *, picture_address: Callable[[Media], str], heading_shift: int = 1) -> str:
    """The blocks of a chapter, without its title.

    Args:
        chapter: with its sentences.
        picture_address: what ``src`` says for a figure's file (for its still picture and its captions it is asked again,
            with those as the file); where it says nothing, the description stands in its place.
        heading_shift: added to headings' levels: 0 where the chapter's title is h1, 1 where it is h2.
    """
    page = _Page(chapter, picture_address, heading_shift)
    parts: list[str] = []
    blocks = list(stepped(chapter.blocks))
    while blocks:
        items = _leading_items(blocks)
        if items:
            parts.append(page.list(items))
            del blocks[: len(items)]
            continue
        parts.append(page.block(blocks.pop(0)))
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


class _Page:
    """One chapter being written: which notes are called, and from where first."""

    def __init__(self, chapter: Chapter, address: Callable[[Media], str], heading_shift: int) -> None:
        self._address, self._shift = address, heading_shift
        called = {m.value for b in chapter.blocks for m in b.marks if m.kind is Markup.FOOTNOTE and m.start < m.end}
        self._notes = called & {block.id for block in chapter.blocks if block.kind is Kind.NOTE}
        self._referred: set[str] = set()

    def block(self, block: Block) -> str:
        inner = "" if block.kind is Kind.TABLE and block.cells else self._inline(block)
        match block.kind:
            case Kind.HEADING:
                tag = f"h{min(6, block.level + self._shift)}"
                return f'<{tag} id="{block.id}">{inner}</{tag}>'
            case Kind.QUOTE:
                return f'<blockquote id="{block.id}"><p>{inner}</p></blockquote>'
            case Kind.VERSE:
                return f'<p class="verse" id="{block.id}">{inner}</p>'
            case Kind.NOTE:
                return self._note(block, inner)
            case Kind.TABLE if block.cells:
                return self._table(block)
            case Kind.FIGURE if block.media:
                return self._figure(block, block.media, inner)
        return f'<p id="{block.id}">{inner}</p>'

    def list(self, items: Sequence[Block]) -> str:
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
            value = _list_value(item.marker) if tag == "ol" else ""
            inner = "\n" + self.list(below) if below else ""
            lines.append(f'<li id="{item.id}"{value}>{self._inline(item)}{inner}</li>')
        return f"<{tag}{attributes}>\n" + "\n".join(lines) + f"\n</{tag}>"

    def _note(self, block: Block, inner: str) -> str:
        back = f' <a role="doc-backlink" href="#ref-{block.id}" aria-label="Về chỗ chú thích">↩</a>'
        label = f'<span class="mark">{text_xhtml(block.marker)}</span> ' if block.marker else ""
        back = back if block.id in self._referred else ""
        return f'<aside role="doc-footnote" id="{block.id}"><p>{label}{inner}{back}</p></aside>'

    def _inline(self, block: Block) -> str:
        return "".join(self._stretch(stretch) for stretch in stretches(block))

    def _stretch(self, stretch: Stretch) -> str:
        inner = "".join(map(self._run, stretch.runs))
        return f'<span class="s" id="{stretch.sentence}">{inner}</span>' if stretch.sentence else inner

    def _run(self, run: Run) -> str:
        text = text_xhtml(run.text).replace("\n", "<br/>")
        for mark in sorted(run.marks, key=lambda mark: (mark.end - mark.start, mark.kind)):
            text = self._marked(mark, text)
        return text

    def _marked(self, mark: Mark, text: str) -> str:
        value = escape(_ILLEGAL.sub("", mark.value), quote=True)
        match mark.kind:
            case Markup.FOOTNOTE:
                return self._reference(mark.value, text) if mark.value in self._notes else f"<sup>{text}</sup>"
            case Markup.LANGUAGE:
                named = _LANGUAGE.fullmatch(mark.value)
                return f'<span lang="{value}" xml:lang="{value}">{text}</span>' if named else text
            case Markup.LINK:
                return f'<a href="{value}">{text}</a>' if _SAFE_LINK.fullmatch(mark.value) else text
        tag = _TAGS[mark.kind]
        return f"<{tag}>{text}</{tag}>"

    def _reference(self, note: str, text: str) -> str:
        """The mark of a note; the note leads back to the first one."""
        name = "" if note in self._referred else f' id="ref-{note}"'
        self._referred.add(note)
        return f'<a role="doc-noteref" class="noteref"{name} href="#{note}">{text}</a>'

    def _table(self, block: Block) -> str:
        rows: dict[int, list[Cell]] = {}
        for cell in block.cells:
            rows.setdefault(cell.row, []).append(cell)
        head = [number for number, cells in sorted(rows.items()) if all(cell.header for cell in cells)]
        lines = {number: self._row(block, cells, in_head=number in head) for number, cells in sorted(rows.items())}
        thead = "\n".join(line for number, line in lines.items() if number in head)
        tbody = "\n".join(line for number, line in lines.items() if number not in head)
        parts = [f"<thead>\n{thead}\n</thead>" if thead else "", f"<tbody>\n{tbody}\n</tbody>" if tbody else ""]
        return f'<div class="table"><table id="{block.id}">\n' + "\n".join(filter(None, parts)) + "\n</table></div>"

    def _row(self, block: Block, cells: Sequence[Cell], *, in_head: bool) -> str:
        start, end = min(cell.start for cell in cells), max(cell.end for cell in cells)
        sentence = next((each.id for each in block.sentences if each.start <= start and each.end >= end), "")
        # A sentence that is the whole table belongs to its first row.
        first = sentence and any(each.id == sentence and each.start == start for each in block.sentences)
        attributes = f' class="s" id="{sentence}"' if first else ""
        inner = "".join(
            self._cell(block, cell, in_head=in_head) for cell in sorted(cells, key=lambda cell: cell.column)
        )
        return f"<tr{attributes}>{inner}</tr>"

    def _cell(self, block: Block, cell: Cell, *, in_head: bool) -> str:
        spans = "".join(
            f' {name}="{count}"' for name, count in (("rowspan", cell.rows), ("colspan", cell.columns)) if count > 1
        )
        found = stretches(block, start=cell.start, end=cell.end, sentences=False)
        inner = "".join(self._stretch(each) for each in found)
        if not cell.header:
            return f"<td{spans}>{inner}</td>"
        return f'<th scope="{"col" if in_head else "row"}"{spans}>{inner}</th>'

    def _figure(self, block: Block, media: Media, inner: str) -> str:
        shown = self._media(media)
        caption = f"<figcaption>{inner}</figcaption>" if block.text else ""
        sentence = block.sentences[0].id if block.sentences and not block.text else ""
        attributes = f'class="s" id="{sentence}"' if sentence else f'id="{block.id}"'
        return f"<figure {attributes}>{shown}{caption}</figure>"

    def _media(self, media: Media) -> str:
        source, alt = self._source(media, media.file), text_xhtml(media.alt)
        size = f' width="{media.width}" height="{media.height}"' if media.width and media.height else ""
        if not source:
            shown = f"<p>{alt}</p>"
        elif media.kind in (MediaKind.IMAGE, MediaKind.CHART):
            shown = f'<img src="{source}" alt="{alt}"{size}/>'
        else:
            shown = self._clip(media, source, alt, size)
        shown += _numbers(media.table)
        words = text_xhtml(media.transcript).replace("\n", "<br/>")
        said = "Lời trong đoạn âm thanh" if media.kind is MediaKind.AUDIO else "Lời trong phim"
        return shown + (f"<details><summary>{said}</summary><p>{words}</p></details>" if words else "")

    def _clip(self, media: Media, source: str, alt: str, size: str) -> str:
        still, captions = self._source(media, media.still), self._source(media, media.captions)
        poster = f' poster="{still}"' if still and media.kind is MediaKind.VIDEO else ""
        track = f'<track kind="captions" srclang="vi" label="Phụ đề" default="default" src="{captions}"/>'
        return (
            f'<{media.kind} controls="controls" preload="none" src="{source}" aria-label="{alt}"{poster}{size}>'
            f'{track if captions else ""}<a href="{source}">Tải về để xem hoặc nghe</a></{media.kind}><p>{alt}</p>'
        )

    def _source(self, media: Media, file: str) -> str:
        return escape(self._address(replace(media, file=file)), quote=True) if file else ""


def _list_tag(marker: str) -> tuple[str, str]:
    if _NUMBERED.fullmatch(marker):
        return "ol", ""
    return ("ol", ' type="a"') if _LETTERED.fullmatch(marker) else ("ul", "")


def _list_value(marker: str) -> str:
    """The number of an item as it is printed; a letter's is its place in the English alphabet, which HTML counts by."""
    number, letter = _NUMBERED.fullmatch(marker), _LETTERED.fullmatch(marker)
    if number:
        return f' value="{number[1]}"'
    at = "abcdefghijklmnopqrstuvwxyz".find(letter[1].lower()) if letter else -1
    return f' value="{at + 1}"' if at >= 0 else ""


def _numbers(table: Sequence[Sequence[str]]) -> str:
    """A chart's numbers, for who cannot make out its picture."""
    if not table:
        return ""
    head, *rows = ([text_xhtml(cell) for cell in row] for row in table)
    named = "".join(f'<th scope="col">{cell}</th>' for cell in head[1:])
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in row[1:]) + "</tr>" for row in rows
    )
    return (
        "<details><summary>Số liệu của biểu đồ</summary>"
        f'<div class="table"><table><thead><tr><td></td>{named}</tr></thead><tbody>{body}</tbody></table></div></details>'
    )
