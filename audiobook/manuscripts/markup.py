"""HTML elements (a page's or an EPUB's) -> blocks. Text and structure are rebuilt; no markup is ever passed through.

What is not shown, and what a reader says stands outside the article, comes out as omissions.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from audiobook.manuscripts.markup_table import grid, lays_out
from audiobook.manuscripts.source import Omission, Picture, SourceBlock
from audiobook.manuscripts.text import MarkedText
from audiobook.model.issue import Kind, Mark, Markup

FindPicture = Callable[[str, str, str], "Picture | Omission"]  # (source, alternative text, place)
NotRead = Callable[[Any, str], str]  # (element, "whole", "text" or "tail") -> why it is left out (a code), or ""

SILENT = {"script", "style", "noscript", "template", "head", "title", "meta", "link", "base"}
CONTROLS = {
    "button", "select", "input", "textarea", "form", "iframe", "object", "embed", "canvas", "svg", "math", "video",
    "audio", "map",
}  # fmt: skip
BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "search", "section",
    "select", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "button", "textarea", "br",
}  # fmt: skip
_INLINE = {
    "b": Markup.STRONG,
    "strong": Markup.STRONG,
    "i": Markup.EMPHASIS,
    "em": Markup.EMPHASIS,
    "cite": Markup.EMPHASIS,
}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_DEEPEST = 240

Markups = tuple[tuple[Markup, str], ...]


@dataclass(slots=True, kw_only=True)
class Builder:
    """Blocks as they are met, in reading order; ``name`` stands before each place ("trang 3, ")."""

    find_picture: FindPicture
    not_read: NotRead
    name: str = ""
    blocks: list[SourceBlock] = field(default_factory=list)
    omissions: list[Omission] = field(default_factory=list)
    notes: dict[str, SourceBlock] = field(default_factory=dict)
    _open: MarkedText = field(default_factory=MarkedText)
    _kind: Kind = Kind.PARAGRAPH
    _level: int = 0
    _marker: str = ""
    _count: int = 0

    def read(self, root: Any) -> None:
        """Read an element with all that is in it."""
        self._element(root, (), 0)
        self._flush()

    def _element(self, node: Any, under: Markups, depth: int) -> None:
        tag = tag_of(node)
        if not tag or tag in SILENT or depth > _DEEPEST:
            return
        reason = self._reason(node, tag)
        if reason:
            self.leave(node, reason)
        elif tag in BLOCKS:
            self._block(node, tag, under, depth)
        elif tag == "img":
            self._picture(node)
        else:
            self._inside(node, (*under, *self._markup(node, tag)), depth)

    def _reason(self, node: Any, tag: str) -> str:
        if tag in ("video", "audio"):
            return "M-CLIP"
        if tag in CONTROLS and tag != "form":
            return "M-FRAME"
        if "hidden" in node.attrib or _HIDDEN_STYLE.search(node.get("style") or ""):
            return "M-HIDDEN"
        return self.not_read(node, "whole")

    def leave(self, node: Any, code: str) -> None:
        """List the words of an element as not read."""
        text = " ".join(texts(node))
        clips = sum(1 for _ in node.iter("video", "audio"))
        if text.strip() or clips:
            self._flush_if_block(node)
            self.omissions.append(Omission(code=code, place=self._place(), text=text, picture=clips > 0))

    def _flush_if_block(self, node: Any) -> None:
        if tag_of(node) in BLOCKS:
            self._flush()

    def _inside(self, node: Any, under: Markups, depth: int) -> None:
        if node.text and not self.not_read_text(node):
            self._add(node.text, under)
        for child in node:
            self._element(child, under, depth + 1)
            if child.tail and not self.not_read_tail(child):
                self._add(child.tail, under)

    def not_read_text(self, node: Any) -> bool:
        """Whether the text before an element's first child lies outside; it is then listed."""
        code = self.not_read(node, "text")
        return self._left(code, node.text)

    def not_read_tail(self, node: Any) -> bool:
        """The same for the text behind an element."""
        code = self.not_read(node, "tail")
        return self._left(code, node.tail)

    def _left(self, code: str, text: str) -> bool:
        if code and text.strip():
            self.omissions.append(Omission(code=code, place=self._place(), text=text))
        return bool(code)

    def _add(self, text: str, under: Markups) -> None:
        self._open.add(re.sub(r"[ \t\r\n\f]+", " ", text), *under)

    def _block(self, node: Any, tag: str, under: Markups, depth: int) -> None:
        if tag == "br":
            self._open.add("\n", *under)
            return
        if "footnote" in (node.get(_EPUB_TYPE) or "") and node.get("id"):
            self._note(node)
            return
        if tag == "li" and tag_of(node.getparent()) in ("ol", "ul", "menu"):
            self._item(node, under, depth)
            return
        self._flush()
        match tag:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._as(node, Kind.HEADING, under, depth, level=int(tag[1]))
            case "blockquote":
                self._as(node, Kind.QUOTE, under, depth)
            case "table" if not lays_out(node):
                self._table(node)
            case "figure":
                self._figure(node, under, depth)
            case "pre":
                self._preformatted(node)
            case _:
                self._inside(node, under, depth)
                self._flush()

    def _as(self, node: Any, kind: Kind, under: Markups, depth: int, *, level: int = 0, marker: str = "") -> None:
        before = self._kind, self._level, self._marker
        self._kind, self._level, self._marker = kind, level, marker
        self._inside(node, under, depth)
        self._flush()
        self._kind, self._level, self._marker = before

    def _item(self, node: Any, under: Markups, depth: int) -> None:
        self._flush()
        parent = node.getparent()
        above = [each for each in node.iterancestors() if tag_of(each) in ("ol", "ul", "menu")]
        marker = "–"
        if tag_of(parent) == "ol":
            start = parent.get("start") or "1"
            first = int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
            marker = f"{first + [each for each in parent if tag_of(each) == 'li'].index(node)}."
        self._as(node, Kind.ITEM, under, depth, level=min(len(above), 6), marker=marker)

    def _figure(self, node: Any, under: Markups, depth: int) -> None:
        first = len(self.blocks)
        self._inside(node, under, depth)
        self._flush()
        made = self.blocks[first:]
        pictures = [each for each in made if each.picture]
        words = [each for each in made if not each.picture]
        if len(pictures) == 1 and len(words) == 1 and words[0].kind is Kind.PARAGRAPH:
            caption = replace(pictures[0], text=words[0].text.replace("\n", " "), marks=words[0].marks)
            self.blocks[first:] = [caption]

    def _picture(self, node: Any) -> None:
        source = node.get("data-src") or node.get("data-original") or node.get("src") or ""
        sizes = [node.get("width") or "", node.get("height") or ""]
        if not source or any(size.isdigit() and len(size) < 3 and int(size) <= 40 for size in sizes):
            return
        held = self._open
        self._open = MarkedText()  # a picture inside a sentence stands before its paragraph
        found = self.find_picture(source, " ".join((node.get("alt") or "").split()), self._place())
        if isinstance(found, Omission):
            self.omissions.append(found)
        else:
            self.blocks.append(SourceBlock(kind=Kind.FIGURE, text="", picture=found, place=self._place()))
        self._open = held

    def _table(self, node: Any) -> None:
        self._count += 1
        made = grid(node, lambda cell: self._cell(cell))
        if made.text.strip():
            self.blocks.append(replace(made, place=self._place()))

    def _cell(self, cell: Any) -> tuple[str, tuple[Mark, ...]]:
        inner = Builder(find_picture=self.find_picture, not_read=self.not_read, name=self.name)
        inner._inside(cell, (), 1)
        inner._flush()
        self.omissions += inner.omissions
        self.notes |= inner.notes
        marked = MarkedText()
        for block in inner.blocks:
            marked.add(" " if marked else "")
            marked.add_finished(block.text.replace("\n", " "), block.marks)
        return marked.finished()

    def _preformatted(self, node: Any) -> None:
        for stanza in re.split(r"\n\s*\n", "".join(node.itertext())):
            self._open.add(stanza.strip("\n"))
            self._flush()

    def _note(self, node: Any) -> None:
        inner = Builder(find_picture=self.find_picture, not_read=self.not_read, name=self.name)
        inner._inside(node, (), 1)
        inner._flush()
        text = "\n".join(block.text for block in inner.blocks)
        self.omissions += inner.omissions
        if text:
            place = f"{self.name}chú thích {node.get('id')}"
            self.notes[f"{self.name}#{node.get('id')}"] = SourceBlock(kind=Kind.NOTE, text=text, place=place)

    def _markup(self, node: Any, tag: str) -> Markups:
        if tag in _INLINE:
            return ((_INLINE[tag], ""),)
        target = node.get("href") or ""
        if tag == "a" and "noteref" in (node.get(_EPUB_TYPE) or "") and target.startswith("#"):
            return ((Markup.FOOTNOTE, f"{self.name}{target}"),)
        if tag == "a" and target.startswith(("http://", "https://")):
            return ((Markup.LINK, target),)
        language = (node.get("lang") or node.get("{http://www.w3.org/XML/1998/namespace}lang") or "").lower()
        if tag == "span" and language and not language.startswith("vi"):
            return ((Markup.LANGUAGE, language.split("-")[0]),)
        return ()

    def _flush(self) -> None:
        text, marks = self._open.finished()
        self._open = MarkedText()
        if not text.strip():
            return
        self._count += 1
        kind = Kind.PARAGRAPH if self._kind is Kind.ITEM and not self._marker else self._kind
        self.blocks.append(
            SourceBlock(
                kind=kind,
                text=text if kind is not Kind.HEADING else text.replace("\n", " "),
                marks=marks,
                level=self._level if kind in (Kind.HEADING, Kind.ITEM) else 0,
                marker=self._marker if kind is Kind.ITEM else "",
                place=self._place(),
                evidence=f"thẻ h{self._level}" if kind is Kind.HEADING else "",
            )
        )
        self._marker = "" if kind is Kind.ITEM else self._marker

    def _place(self) -> str:
        return f"{self.name}đoạn {max(1, self._count)}"


def tag_of(node: Any) -> str:
    """An element's name without its namespace, in small letters; "" for what is no element.

    XML entities that were not resolved, comments and instructions have no name.
    """
    if node is None or not isinstance(node.tag, str):
        return ""
    return node.tag.rsplit("}", 1)[-1].lower()


def texts(node: Any) -> Iterator[str]:
    """The words that an element would show, by blocks."""
    held: list[str] = []
    for kind, text in _events(node):
        if kind:
            yield "".join(held)
            held = []
        else:
            held.append(text)
    yield "".join(held)


def _events(node: Any) -> Iterator[tuple[bool, str]]:
    tag = tag_of(node)
    if not tag or tag in SILENT:
        return
    yield tag in BLOCKS, ""
    yield False, node.text or ""
    for child in node:
        yield from _events(child)
        yield False, child.tail or ""
    yield tag in BLOCKS, ""
