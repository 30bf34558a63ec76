"""A saved web page -> Source: the article alone, with its title, date, author and pictures; the page's frame is listed."""

import base64
import binascii
import re
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from audiobook.errors import ManuscriptEmpty, ManuscriptHostile
from audiobook.manuscripts.account import words
from audiobook.manuscripts.decode import decoded
from audiobook.manuscripts.html_facts import facts_of
from audiobook.manuscripts.html_page import page
from audiobook.manuscripts.lines import captioned, cleaned_up, stanzas
from audiobook.manuscripts.markup import Builder
from audiobook.manuscripts.markup_count import words_in_html
from audiobook.manuscripts.pictures import MOST_BYTES
from audiobook.manuscripts.source import Omission, Picture, Source, SourceBlock
from audiobook.manuscripts.text import one_line
from audiobook.model.issue import Kind
from audiobook.model.narration import Remark

_MOST_TAGS = 400_000
_DEEPEST = 230
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)


def read_html(file: Path) -> Source:
    """Read a saved page.

    Raises:
        ManuscriptEmpty, ManuscriptDamaged, ManuscriptHostile: no text in it; in no known encoding; built to do harm.
    """
    text = decoded_page(file)
    root = parsed(text, file)
    body = next(root.iter("body"), root)
    facts = facts_of(root)
    inside = page(body, facts)
    pictures = Pictures(file)
    builder = Builder(find_picture=pictures.find, not_read=inside.not_read)
    builder.read(body)
    blocks = list(stanzas(cleaned_up(captioned(builder.blocks))))
    if not blocks:
        raise ManuscriptEmpty("trang này không có chữ nào.", thing=file, advice="Lưu lại trang từ trình duyệt.")
    headline = one_line("".join(inside.headline.itertext())) if inside.headline is not None else ""
    blocks, added = _titled(blocks, headline, facts.title, facts.author)
    return Source(
        blocks=tuple(blocks),
        notes=builder.notes,
        facts={"date": facts.date} if facts.date else {},
        omissions=tuple(builder.omissions),
        remarks=tuple(pictures.remarks),
        words=words_in_html(text) + added,
    )


def companions(file: Path) -> tuple[PurePosixPath, ...]:
    """The pictures beside a saved page that it shows, relative to it."""
    root = parsed(decoded_page(file), file)
    pictures = Pictures(file)
    named = (each.get("data-src") or each.get("data-original") or each.get("src") or "" for each in root.iter("img"))
    found = (path.relative_to(file.parent) for name in named if (path := pictures.local(name)))
    return tuple(dict.fromkeys(PurePosixPath(path.as_posix()) for path in found))


def decoded_page(file: Path) -> str:
    """The page's text, by its own word on its charset where that holds.

    Raises:
        ManuscriptDamaged, ManuscriptHostile: in no known encoding; too large.
    """
    with file.open("rb") as stream:
        head = stream.read(4096)
    named = _CHARSET.search(head)
    coding = named[1].decode("ascii").lower() if named else ""
    if coding in ("windows-1258", "windows-1252", "iso-8859-1", "utf-16") and file.stat().st_size < 20_000_000:
        return decoded(file).text if coding != "windows-1258" else file.read_bytes().decode("cp1258", "replace")
    return decoded(file).text


def parsed(text: str, file: Path) -> Any:
    """The page as lxml elements.

    Raises:
        ManuscriptHostile: more elements, or deeper ones, than any page has.
        ManuscriptEmpty: nothing in it.
    """
    from lxml import etree, html

    if text.count("<") > _MOST_TAGS:
        raise _hostile("có quá nhiều thẻ", file)
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    clean = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = html.document_fromstring(clean, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ManuscriptEmpty("trang này không có chữ nào.", thing=file) from error
    if _depth(root) > _DEEPEST:
        raise _hostile("lồng nhau quá sâu", file)
    return root


def _depth(root: Any) -> int:
    deepest, depth = 0, 0
    from lxml import etree

    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _hostile(reason: str, file: Path) -> ManuscriptHostile:
    return ManuscriptHostile(
        f"trang này {reason}, không mở.", thing=file, advice="Chép chữ của bài vào Word hoặc Notepad."
    )


def _titled(blocks: list[SourceBlock], headline: str, title: str, author: str) -> tuple[list[SourceBlock], int]:
    """The headline heads the article, above all other headings; without one, the page's title does. How many words that adds."""
    at = next(
        (n for n, each in enumerate(blocks) if each.kind is Kind.HEADING and one_line(each.text) == headline), None
    )
    if at is not None:
        lower = [replace(b, level=b.level + 1) if b.kind is Kind.HEADING else b for b in blocks]
        lower[at] = replace(blocks[at], level=1, author=author)
        return lower, 0
    if any(each.kind is Kind.HEADING and each.level == 1 for each in blocks) or not title:
        return blocks, 0
    lower = [replace(b, level=b.level + 1) if b.kind is Kind.HEADING else b for b in blocks]
    heading = SourceBlock(
        kind=Kind.HEADING, text=title, level=1, place="tên trang", author=author, confidence=90, evidence="tên trang"
    )
    return [heading, *lower], words(title)


class Pictures:
    """Finds the pictures of a page: beside it, or inside its address; never anywhere else."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.remarks: list[Remark] = []

    def find(self, source: str, alt: str, place: str) -> Picture | Omission:
        """The picture, or an omission where it lies elsewhere."""
        if source.startswith("data:image/"):
            data = _inline(source)
            return Picture(name="hình trong trang", data=data, alt=alt) if data else self._lost(source[:30], place)
        path = self.local(source)
        if path is None:
            return self._lost(source, place)
        with path.open("rb") as stream:
            return Picture(name=path.name, data=stream.read(MOST_BYTES + 1), alt=alt)

    def local(self, source: str) -> Path | None:
        """A picture's file below the page's folder, or None."""
        try:
            parts = urlsplit(source)
        except ValueError:
            return None
        name = unquote(parts.path).replace("\\", "/")
        path = PurePosixPath(name)
        strange = (
            parts.scheme or parts.netloc or path.is_absolute() or ".." in path.parts or "\0" in name or ":" in name
        )
        if strange or not path.parts or len(name) > 400:
            return None
        file = self._file.parent / path
        try:
            inside = file.is_file() and file.resolve().is_relative_to(self._file.parent.resolve())
        except OSError:
            return None
        return file if inside else None

    def _lost(self, source: str, place: str) -> Omission:
        where = "ở trên mạng" if source.startswith(("http:", "https:", "//")) else "không nằm cạnh trang"
        text = f"hình {source[:80]!r} {where}: lưu trang kèm hình, hoặc thêm bằng địa chỉ với --fetch."
        self.remarks.append(Remark(code="M-PICTURE", place=place, text=text))
        return Omission(code="M-PICTURE", place=place, text="", picture=True)


def _inline(source: str) -> bytes:
    head, _, body = source.partition(",")
    if not head.endswith(";base64") or len(body) > MOST_BYTES * 2:
        return b""
    try:
        return base64.b64decode(body, validate=False)
    except (binascii.Error, ValueError):
        return b""
