"""A zip package (.docx, .epub): its parts as bytes and XML trees, read with suspicion.

The zip directory may lie about sizes, so every part is read in pieces and counted; DOCTYPE, entities and outside
references are refused where the format needs none of them (ECMA-376), and never followed anywhere.
"""

import posixpath
import stat
import zipfile
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from audiobook.errors import ManuscriptDamaged, ManuscriptHostile

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MOST_XML, _MOST_PART, _MOST_ALL = 32_000_000, 45_000_000, 400_000_000
_MOST_TAGS = 1_500_000  # a thousand pages of Word have fewer; each costs memory as an element
_MOST_PARTS = 5_000
_PIECE = 1_000_000
_BROKEN = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, KeyError)
_DOCTYPE_WITHIN = 4_096
_Bytes = bytes  # Package has a method of this name


class Package:
    """An open package; use it in a ``with``. ``what`` is its name in messages."""

    def __init__(self, file: Path, *, what: str = "Word", advice: str = "") -> None:
        """Open the file.

        Raises:
            ManuscriptDamaged: not a whole zip.
            ManuscriptHostile: names that leave the package, links, or too many parts.
        """
        self.file, self._what = file, what
        self._advice = advice or "Chép lại từ máy gốc, hoặc mở bằng Word rồi lưu lại."
        self._read = 0
        try:
            self._zip = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise self._damaged() from error
        infos = self._zip.infolist()
        if len(infos) > _MOST_PARTS or any(map(_leaves, infos)):
            self._zip.close()
            raise self._hostile("có tên tệp nguy hiểm hoặc quá nhiều phần")
        self._names = {info.filename.lower(): info.filename for info in infos}

    def __enter__(self) -> "Package":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._zip.close()

    @property
    def names(self) -> tuple[str, ...]:
        """The parts' names."""
        return tuple(self._names.values())

    def bytes(self, name: str, *, xml: bool = False) -> _Bytes | None:
        """A part's bytes, or None where there is no such part.

        Raises:
            ManuscriptHostile: it is larger than any real part.
            ManuscriptDamaged: it cannot be unpacked, or is locked.
        """
        real = self._names.get(name.lower())
        if real is None:
            return None
        pieces, size, tags = list[_Bytes](), 0, 0
        try:
            with self._zip.open(real) as stream:
                while piece := stream.read(_PIECE):
                    pieces.append(piece)
                    size += len(piece)
                    self._read += len(piece)
                    tags += piece.count(b"<") if xml else 0
                    too_large = size > (_MOST_XML if xml else _MOST_PART) or self._read > _MOST_ALL
                    if too_large or tags > _MOST_TAGS:
                        raise self._hostile("bung ra quá lớn", name)
        except _BROKEN as error:
            raise self._damaged(name) from error
        return b"".join(pieces)

    def tree(self, name: str, *, doctype: bool = False) -> Any:
        """A part as an lxml element, or None; ``doctype``: the format allows one (it is never loaded).

        Raises:
            ManuscriptDamaged, ManuscriptHostile: broken XML, entities, a DOCTYPE.
        """
        data = self.bytes(name, xml=True)
        return None if data is None else self.parsed(data, name, doctype=doctype)

    def parsed(self, data: _Bytes, name: str, *, doctype: bool = False) -> Any:
        """Bytes as an lxml element.

        Raises:
            ManuscriptDamaged, ManuscriptHostile: as ``tree``.
        """
        from lxml import etree

        if b"<!ENTITY" in data or (not doctype and b"<!DOCTYPE" in data[:_DOCTYPE_WITHIN]):
            raise self._hostile("có DOCTYPE hoặc ENTITY", name)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self._damaged(name) from error
        if root.getroottree().docinfo.doctype and not doctype:
            raise self._hostile("có DOCTYPE hoặc ENTITY", name)
        return root

    def relations(self, part: str) -> dict[str, tuple[str, bool]]:
        """Relationship id -> (target, whether it lies outside the package)."""
        folder, name = posixpath.split(part)
        root = self.tree(f"{folder}/_rels/{name}.rels")
        found = {}
        for each in root.iter(_RELATIONSHIP) if root is not None else ():
            outside = each.get("TargetMode") == "External"
            target = each.get("Target", "")
            found[each.get("Id", "")] = (target if outside else joined(folder, target), outside)
        return found

    def _damaged(self, place: str = "") -> ManuscriptDamaged:
        return ManuscriptDamaged(
            f"tệp {self._what} bị cụt hoặc hỏng.", thing=self.file, place=place, advice=self._advice
        )

    def _hostile(self, reason: str, place: str = "") -> ManuscriptHostile:
        return ManuscriptHostile(
            f"tệp {self._what} {reason}, không mở.",
            thing=self.file,
            place=place,
            advice="Hỏi lại người gửi; nếu tin được thì mở bằng chương trình gốc rồi lưu lại thành tệp mới.",
        )


def joined(folder: str, target: str) -> str:
    """A target as a name in the package.

    >>> joined("word", "media/a.png"), joined("OEBPS/text", "../hinh/a%20b.png"), joined("word", "/word/x.xml")
    ('word/media/a.png', 'OEBPS/hinh/a b.png', 'word/x.xml')
    """
    plain = unquote(target)
    return plain[1:] if plain.startswith("/") else posixpath.normpath(posixpath.join(folder, plain))


def _leaves(info: zipfile.ZipInfo) -> bool:
    """Whether a member would lie outside the folder, or is no ordinary file."""
    name = info.filename
    link = stat.S_ISLNK(info.external_attr >> 16)
    return link or name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name
