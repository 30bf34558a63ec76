"""Markdown -> Source, by CommonMark with front matter, tables, footnotes and attributes.

An article begins at ``#``; a fenced block ``tho`` is a poem; an image alone in its paragraph is a figure whose caption
is the image's title, and so is a sound or film (``![…](phim/lop-hoc.mp4)``); ``{.quan-trong}`` behind a heading marks an
important notice; ``[smartphone]{lang=en}`` names a language.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from audiobook.errors import PictureMissing
from audiobook.manuscripts.clips import beside, clip_of, is_clip
from audiobook.manuscripts.decode import decoded
from audiobook.manuscripts.markdown_count import words_in_markdown
from audiobook.manuscripts.pictures import MOST_BYTES
from audiobook.manuscripts.source import Picture, Source, SourceBlock
from audiobook.manuscripts.text import MarkedText, moved
from audiobook.model.issue import Cell, Kind, Mark, Markup

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_FACT = re.compile(r"([A-Za-z_][\w-]*)\s*:\s*(.*)")
_IMPORTANT = "{.quan-trong}"
_POEM = "tho"
_INLINE = {"em": Markup.EMPHASIS, "strong": Markup.STRONG}


def read_markdown(file: Path) -> Source:
    """Read a Markdown file.

    Raises:
        ManuscriptDamaged: not text in any encoding that is used for Vietnamese.
        PictureMissing: a picture that it names is not beside it.
    """
    return _Reader(file).source()


def companions(file: Path) -> tuple[PurePosixPath, ...]:
    """The files beside a manuscript that it names, relative to it: its pictures and its cover."""
    reader, named, facts = _Reader(file), list[str](), dict[str, str]()
    for top in reader.nodes():
        facts |= reader.facts(top)
        named += [str(node.attrs["src"]) for node in top.walk() if node.type == "image"]
    cover = facts.get("cover")
    paths = [reader.path(name, place="") for name in [*named, *([cover] if cover else [])]]
    paths += [name for path in paths if is_clip(file.parent / path) for name in beside(path, file.parent)]
    return tuple(dict.fromkeys(paths))


class _Reader:
    """One file, and what was met in it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._decoded = decoded(file)
        self._notes: dict[str, SourceBlock] = {}

    def source(self) -> Source:
        blocks, facts = list[SourceBlock](), dict[str, str]()
        for node in self.nodes():
            facts |= self.facts(node)
            blocks += self._one(node, Kind.PARAGRAPH)
        cover = self._picture(facts["cover"], "", place="cover") if facts.get("cover") else None
        return Source(
            blocks=tuple(blocks),
            notes=self._notes,
            facts=facts,
            cover=cover,
            remarks=self._decoded.remarks,
            words=words_in_markdown(self._decoded.text),
        )

    def nodes(self) -> "Iterator[SyntaxTreeNode]":
        """Block after block of the file, each a tree of its own.

        The nodes of a tree hold one another, so that a whole file's would stay until garbage is collected: 30 MB for an
        issue of ten hours, and what is kept of it would lie scattered between.
        """
        from markdown_it import MarkdownIt
        from markdown_it.tree import SyntaxTreeNode
        from mdit_py_plugins.attrs import attrs_plugin
        from mdit_py_plugins.footnote import footnote_plugin
        from mdit_py_plugins.front_matter import front_matter_plugin

        markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
        markdown.use(front_matter_plugin).use(footnote_plugin).use(attrs_plugin, spans=True)
        left = markdown.parse(self._decoded.text)[::-1]
        while left:
            tokens = [left.pop()]
            depth: int = tokens[0].nesting
            while depth:
                tokens.append(left.pop())
                depth += tokens[-1].nesting
            yield SyntaxTreeNode(tokens, create_root=False)

    def facts(self, node: "SyntaxTreeNode") -> dict[str, str]:
        """The lines ``key: value``, where the block is the front matter."""
        found = {}
        for line in node.content.splitlines() if node.type == "front_matter" else ():
            fact = _FACT.fullmatch(line.strip())
            if fact:
                found[fact[1].lower()] = fact[2].strip().strip("\"'")
        return found

    def path(self, name: str, *, place: str) -> PurePosixPath:
        """A picture's path below the manuscript's folder.

        Raises:
            PictureMissing: it would lie elsewhere.
        """
        path = PurePosixPath(unquote(name).replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in str(path) or not path.parts:
            raise PictureMissing(
                f"hình {name!r} không nằm cạnh bản thảo.",
                thing=self._file,
                place=place,
                advice="Chép hình vào cùng thư mục với bản thảo.",
            )
        return path

    def _found(self, name: str, *, place: str) -> Path:
        """A file beside the manuscript.

        Raises:
            PictureMissing: it is not there.
        """
        path = self._file.parent / self.path(name, place=place)
        if not path.is_file() or not path.resolve().is_relative_to(self._file.parent.resolve()):
            raise PictureMissing(
                f"không có hình {name!r}.",
                thing=self._file,
                place=place,
                advice="Kiểm tra tên tệp, chữ hoa chữ thường.",
            )
        return path

    def _picture(self, name: str, alt: str, *, place: str) -> Picture:
        with self._found(name, place=place).open("rb") as stream:
            return Picture(name=name, data=stream.read(MOST_BYTES + 1), alt=alt)

    def _blocks(self, parent: "SyntaxTreeNode", *, kind: Kind = Kind.PARAGRAPH) -> Iterator[SourceBlock]:
        for node in parent.children:
            yield from self._one(node, kind)

    def _one(self, node: "SyntaxTreeNode", kind: Kind) -> Iterator[SourceBlock]:
        match node.type:
            case "heading":
                yield self._heading(node)
            case "paragraph":
                yield self._paragraph(node, kind)
            case "bullet_list" | "ordered_list":
                yield from self._list(node, level=1)
            case "blockquote":
                yield from self._blocks(node, kind=Kind.QUOTE)
            case "table":
                yield self._table(node)
            case "fence" | "code_block":
                poem = node.type == "fence" and node.info.strip().split(" ")[0] == _POEM
                yield from self._fence(node, Kind.VERSE if poem else Kind.PARAGRAPH)
            case "footnote_block":
                self._keep_notes(node)

    def _heading(self, node: "SyntaxTreeNode") -> SourceBlock:
        text, marks = self._inline(node)
        important = text.endswith(_IMPORTANT)
        return SourceBlock(
            kind=Kind.HEADING,
            text=text.removesuffix(_IMPORTANT).rstrip(),
            marks=marks,
            level=int(node.tag[1]),
            place=_place(node),
            important=important,
        )

    def _paragraph(self, node: "SyntaxTreeNode", kind: Kind) -> SourceBlock:
        inner = node.children[0].children if node.children else []
        if len(inner) == 1 and inner[0].type == "image":
            return self._figure(inner[0], _place(node))
        text, marks = self._inline(node)
        return SourceBlock(kind=kind, text=text, marks=marks, place=_place(node))

    def _figure(self, image: "SyntaxTreeNode", place: str) -> SourceBlock:
        caption, name = " ".join(str(image.attrs.get("title", "")).split()), str(image.attrs["src"])
        file = self._found(name, place=place)
        if is_clip(file):
            clip = clip_of(file, name, image.content)
            return SourceBlock(kind=Kind.FIGURE, text=caption, clip=clip, place=place)
        picture = self._picture(name, image.content, place=place)
        return SourceBlock(kind=Kind.FIGURE, text=caption, picture=picture, place=place)

    def _list(self, node: "SyntaxTreeNode", *, level: int) -> Iterator[SourceBlock]:
        number = int(node.attrs.get("start", 1))
        for item in node.children:
            marker = f"{number}." if node.type == "ordered_list" else "–"
            number += 1
            for position, child in enumerate(item.children):
                if child.type in ("bullet_list", "ordered_list"):
                    yield from self._list(child, level=level + 1)
                elif child.type == "paragraph":
                    text, marks = self._inline(child)
                    first = marker if position == 0 else ""
                    yield SourceBlock(
                        kind=Kind.ITEM if first else Kind.PARAGRAPH,
                        text=text,
                        marks=marks,
                        level=level if first else 0,
                        marker=first,
                        place=_place(child),
                    )
                else:
                    yield from self._one(child, Kind.PARAGRAPH)

    def _fence(self, node: "SyntaxTreeNode", kind: Kind) -> Iterator[SourceBlock]:
        for stanza in re.split(r"\n[ \t]*\n", node.content.strip("\n")):
            marked = MarkedText()
            marked.add(stanza)
            text, _ = marked.finished()
            yield SourceBlock(kind=kind, text=text, place=_place(node))

    def _table(self, node: "SyntaxTreeNode") -> SourceBlock:
        text, cells, marks = "", list[Cell](), list[Mark]()
        rows = [row for part in node.children for row in part.children]
        for row_number, row in enumerate(rows):
            text += "\n" if row_number else ""
            for column, cell in enumerate(row.children):
                text += "\t" if column else ""
                inner, inner_marks = self._inline(cell)
                inner = inner.replace("\n", " ")
                start = len(text)
                text += inner
                marks += moved(inner_marks, start)
                header = cell.type == "th"
                cells.append(Cell(start=start, end=len(text), row=row_number, column=column, header=header))
        return SourceBlock(kind=Kind.TABLE, text=text, cells=tuple(cells), marks=tuple(marks), place=_place(node))

    def _keep_notes(self, node: "SyntaxTreeNode") -> None:
        for note in node.children:
            marked = MarkedText()
            for paragraph in (node for node in note.walk() if node.type == "paragraph"):
                marked.add("\n" if marked else "")
                self._collect(paragraph, marked, ())
            text, marks = marked.finished()
            place = f"chú thích {note.meta.get('label', '')}"
            self._notes[_note_key(note.meta)] = SourceBlock(kind=Kind.NOTE, text=text, marks=marks, place=place)

    def _inline(self, node: "SyntaxTreeNode") -> tuple[str, tuple[Mark, ...]]:
        marked = MarkedText()
        self._collect(node, marked, ())
        return marked.finished()

    def _collect(self, node: "SyntaxTreeNode", marked: MarkedText, under: tuple[tuple[Markup, str], ...]) -> None:
        for child in node.children:
            match child.type:
                case "text" | "code_inline":
                    marked.add(child.content, *under)
                case "softbreak":
                    marked.add(" ", *under)
                case "hardbreak":
                    marked.add("\n", *under)
                case "image":
                    marked.add(child.content, *under)  # inside a sentence only its words can be kept
                case "footnote_ref":
                    number = str(int(child.meta["id"]) + 1)
                    marked.add(number, *under, (Markup.FOOTNOTE, _note_key(child.meta)))
                case "footnote_anchor":
                    pass
                case _:
                    self._collect(child, marked, (*under, *_markup(child)))


def _markup(node: "SyntaxTreeNode") -> tuple[tuple[Markup, str], ...]:
    if node.type in _INLINE:
        return ((_INLINE[node.type], ""),)
    if node.type == "link":
        return ((Markup.LINK, str(node.attrs["href"])),)
    if node.type == "span" and "lang" in node.attrs:
        return ((Markup.LANGUAGE, str(node.attrs["lang"])),)
    return ()


def _note_key(meta: Mapping[str, object]) -> str:
    return f"note{meta['id']}"


def _place(node: "SyntaxTreeNode") -> str:
    lines = node.map
    return f"dòng {lines[0] + 1}" if lines else ""
