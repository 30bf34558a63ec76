"""EPUB 2 or 3 -> Source: the spine's documents in order, titles from the table of contents where a document has none."""

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from audiobook.errors import ManuscriptDamaged, ManuscriptKind
from audiobook.manuscripts.account import words
from audiobook.manuscripts.lines import captioned, cleaned_up, stanzas
from audiobook.manuscripts.markup import Builder, tag_of, texts
from audiobook.manuscripts.markup_count import words_in_html
from audiobook.manuscripts.package import Package, joined
from audiobook.manuscripts.source import Omission, Picture, Source, SourceBlock
from audiobook.manuscripts.text import one_line
from audiobook.model.issue import Kind

_TYPE = "{http://www.idpf.org/2007/ops}type"
_FRONT = ("toc", "landmarks", "cover", "titlepage", "copyright-page", "colophon", "page-list")
_FONT_LOCKS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_DC = "{http://purl.org/dc/elements/1.1/}"
_ADVICE = "Mở thử bằng chương trình đọc sách; nếu hỏng thì xin lại tệp."


def read_epub(file: Path) -> Source:
    """Read an EPUB.

    Raises:
        ManuscriptDamaged, ManuscriptHostile: a broken or dangerous package.
        ManuscriptKind: a book that is locked (DRM).
    """
    with Package(file, what="EPUB", advice=_ADVICE) as package:
        _refuse_locked(package)
        return _Book(package).source()


def _refuse_locked(package: Package) -> None:
    root = package.tree("META-INF/encryption.xml")
    methods = (
        (n.get("Algorithm") or "" for n in root.iter() if tag_of(n) == "encryptionmethod") if root is not None else ()
    )
    if any(method not in _FONT_LOCKS for method in methods):
        raise ManuscriptKind(
            "sách này có khóa bản quyền (DRM).", thing=package.file, advice="Xin bản không khóa từ nơi phát hành."
        )


class _Book:
    """One package, and what was met in it."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._opf_name = self._root_file()
        self._opf = package.tree(self._opf_name, doctype=True)
        if self._opf is None:
            raise ManuscriptDamaged("EPUB thiếu tệp mục lục gói (OPF).", thing=package.file, advice=_ADVICE)
        folder = posixpath.dirname(self._opf_name)
        self._items = {
            node.get("id", ""): (joined(folder, node.get("href", "")), node)
            for node in self._opf.iter()
            if tag_of(node) == "item"
        }

    def source(self) -> Source:
        blocks, notes, omissions, count = list[SourceBlock](), dict[str, SourceBlock](), list[Omission](), 0
        titles = self._titles()
        for number, name in enumerate(self._spine(), start=1):
            data = self._package.bytes(name, xml=True)
            if data is None:
                continue
            root = self._package.parsed(data, name, doctype=True)
            body = next((node for node in root.iter() if tag_of(node) == "body"), root)
            builder = self._read(name, body, place=f"tệp {number}, ")
            made = list(stanzas(cleaned_up(captioned(builder.blocks))))
            count += words_in_html(data.decode("utf-8", "replace"))
            if made and titles.get(name) and not any(each.kind is Kind.HEADING for each in made):
                title = titles[name]
                count += words(title)
                heading = SourceBlock(
                    kind=Kind.HEADING, text=title, level=1, place=f"tệp {number}", evidence="mục lục EPUB"
                )
                made.insert(0, heading)
            blocks += made
            notes |= builder.notes
            omissions += builder.omissions
        return Source(
            blocks=tuple(blocks),
            notes=notes,
            facts=self._facts(),
            cover=self._cover(),
            omissions=tuple(omissions),
            words=count,
        )

    def _read(self, name: str, body: Any, *, place: str) -> Builder:
        def find(source: str, alt: str, where: str) -> Picture | Omission:
            target = joined(posixpath.dirname(name), source.split("#")[0])
            remote = ":" in source.split("/")[0]
            data = None if remote else self._package.bytes(target)
            if data is None:
                return Omission(code="M-PICTURE", place=where, text="", picture=True)
            return Picture(name=posixpath.basename(target), data=data, alt=alt)

        front = bool(set((body.get(_TYPE) or "").split()) & set(_FRONT))

        def not_read(node: Any, part: str) -> str:
            if part != "whole":
                return ""
            kinds = set((node.get(_TYPE) or "").split())
            return "M-CONTENTS" if (front and node is body) or kinds & set(_FRONT) or tag_of(node) == "nav" else ""

        builder = Builder(find_picture=find, not_read=not_read, name=place)
        builder.read(body)
        return builder

    def _root_file(self) -> str:
        root = self._package.tree("META-INF/container.xml")
        node = next((each for each in root.iter() if tag_of(each) == "rootfile"), None) if root is not None else None
        if node is None:
            raise ManuscriptDamaged("EPUB thiếu META-INF/container.xml.", thing=self._package.file, advice=_ADVICE)
        return joined("", node.get("full-path") or "")

    def _spine(self) -> Iterator[str]:
        """The documents in reading order; the navigation document is a contents list, wherever it stands."""
        for node in self._opf.iter():
            item = self._items.get(node.get("idref") or "") if tag_of(node) == "itemref" else None
            if item and "nav" not in (item[1].get("properties") or "").split() and node.get("linear") != "no":
                yield item[0]

    def _titles(self) -> dict[str, str]:
        """Document -> its title in the table of contents (EPUB 3 nav, EPUB 2 ncx); the first where there are several."""
        found: dict[str, str] = {}
        for name, item in self._items.values():
            is_nav = "nav" in (item.get("properties") or "").split()
            if not is_nav and item.get("media-type") != "application/x-dtbncx+xml":
                continue
            root = self._package.tree(name, doctype=True)
            for target, title in _links(root) if root is not None else ():
                found.setdefault(joined(posixpath.dirname(name), unquote(target.split("#")[0])), title)
        return found

    def _facts(self) -> dict[str, str]:
        wanted = {"title": "title", "description": "summary", "publisher": "publisher", "rights": "licence"}
        found = {}
        for tag, name in wanted.items():
            node = next(self._opf.iter(f"{_DC}{tag}"), None)
            if node is not None and (node.text or "").strip():
                found[name] = one_line(node.text)
        date = next((each.text or "" for each in self._opf.iter(f"{_DC}date")), "")
        return found | ({"date": date[:10]} if len(date) >= 10 else {})

    def _cover(self) -> Picture | None:
        marked = next(
            (
                node.get("content")
                for node in self._opf.iter()
                if tag_of(node) == "meta" and node.get("name") == "cover"
            ),
            None,
        )
        for item_id, (name, node) in self._items.items():
            if "cover-image" in (node.get("properties") or "").split() or (marked and item_id == marked):
                data = (
                    self._package.bytes(name) if (node.get("media-type") or "") in ("image/jpeg", "image/png") else None
                )
                return Picture(name=posixpath.basename(name), data=data, alt="") if data else None
        return None


def _links(root: Any) -> Iterator[tuple[str, str]]:
    for node in root.iter():
        if tag_of(node) == "a" and node.get("href"):
            yield node.get("href"), one_line(" ".join(texts(node)))
        elif tag_of(node) == "navpoint":
            label = next((each for each in node.iter() if tag_of(each) == "text"), None)
            content = next((each for each in node if tag_of(each) == "content"), None)
            if label is not None and content is not None:
                yield content.get("src") or "", one_line(label.text or "")
