"""A .docx as a package: its parts as bytes and XML trees, read with suspicion.

The zip directory may lie about sizes, so every part is read in pieces and counted; DOCTYPE, entities and outside
references are refused (ECMA-376 needs none of them).
"""

import posixpath
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from audiobook.errors import ManuscriptDamaged, ManuscriptHostile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MOST_PART, _MOST_ALL = 64_000_000, 200_000_000
_MOST_PARTS = 5_000
_PIECE = 1_000_000


class Package:
    """An open .docx; use it in a ``with``."""

    def __init__(self, file: Path) -> None:
        """Open the file.

        Raises:
            ManuscriptDamaged: not a whole zip.
            ManuscriptHostile: names that leave the package, or too many parts.
        """
        self.file = file
        self._read = 0
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise self._damaged() from error
        names = self._zip.namelist()
        strange = [name for name in names if name.startswith(("/", "\\")) or ".." in name.split("/") or ":" in name]
        if strange or len(names) > _MOST_PARTS:
            raise ManuscriptHostile("gói Word có tên tệp nguy hiểm hoặc quá nhiều phần.", thing=file)
        self._names = {name.lower(): name for name in names}

    def __enter__(self) -> "Package":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._zip.close()

    def bytes(self, name: str) -> bytes | None:
        """A part's bytes, or None where there is no such part.

        Raises:
            ManuscriptHostile: it is larger than any real part.
            ManuscriptDamaged: it cannot be unpacked.
        """
        real = self._names.get(name.lower())
        if real is None:
            return None
        data = bytearray()
        try:
            with self._zip.open(real) as stream:
                while piece := stream.read(_PIECE):
                    data += piece
                    self._read += len(piece)
                    if len(data) > _MOST_PART or self._read > _MOST_ALL:
                        raise ManuscriptHostile("tệp Word bung ra quá lớn.", thing=self.file, place=name)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
            raise self._damaged(name) from error
        except Exception as error:  # zlib.error has no common parent with the others
            if type(error).__module__ == "zlib":
                raise self._damaged(name) from error
            raise
        return bytes(data)

    def tree(self, name: str) -> Any:
        """A part as an lxml element, or None.

        Raises:
            ManuscriptDamaged, ManuscriptHostile: broken XML, or a DOCTYPE.
        """
        from lxml import etree

        data = self.bytes(name)
        if data is None:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise self._damaged(name) from error
        if root.getroottree().docinfo.doctype:
            raise ManuscriptHostile("tệp Word có DOCTYPE, không mở.", thing=self.file, place=name)
        return root

    def relations(self, part: str) -> dict[str, tuple[str, bool]]:
        """Relationship id -> (target, whether it lies outside the package)."""
        folder, name = posixpath.split(part)
        root = self.tree(f"{folder}/_rels/{name}.rels")
        found = {}
        for each in root.iter(_RELATIONSHIP) if root is not None else ():
            outside = each.get("TargetMode") == "External"
            target = each.get("Target", "")
            inside = (
                posixpath.normpath(posixpath.join(folder, unquote(target)))
                if not target.startswith("/")
                else target[1:]
            )
            found[each.get("Id", "")] = (target if outside else inside, outside)
        return found

    def _damaged(self, place: str = "") -> ManuscriptDamaged:
        return ManuscriptDamaged(
            "tệp Word bị cụt hoặc hỏng.",
            thing=self.file,
            place=place,
            advice="Chép lại từ máy gốc, hoặc mở bằng Word rồi lưu lại.",
        )
