"""A Word paragraph's drawings -> pictures with their alternative text; a chart becomes a picture drawn from its data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from audiobook.manuscripts.charts import chart
from audiobook.manuscripts.docx_runs import chosen
from audiobook.manuscripts.docx_styles import MC, R, W
from audiobook.manuscripts.package import Package
from audiobook.manuscripts.source import Omission, Picture
from audiobook.manuscripts.text import one_line

_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_PROPERTIES = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_VML = "{urn:schemas-microsoft-com:vml}"


@dataclass(frozen=True, slots=True)
class Media:
    """The pictures of one document."""

    package: Package
    relations: Mapping[str, tuple[str, bool]]

    def of(self, paragraph: Any, place: str) -> Iterator[Picture | Omission]:
        """The pictures in a paragraph, and those that cannot be had."""
        for node in drawings(paragraph):
            if node.tag == f"{W}drawing":
                yield from self._drawing(node, place)
            else:
                yield from self._old_picture(node, place)

    def _drawing(self, drawing: Any, place: str) -> Iterator[Picture | Omission]:
        about = drawing.find(f".//{_PROPERTIES}")
        alt = one_line((about.get("descr") or "") if about is not None else "")
        decorative = next(drawing.iter(_DECORATIVE), None)
        if decorative is not None and decorative.get("val") in ("1", "true"):
            yield Omission(code="M-DECOR", place=place, text="", picture=True)
            return
        for node in drawing.iter(_CHART):
            target, _ = self.relations.get(node.get(f"{R}id", ""), ("", False))
            root = self.package.tree(target) if target else None
            drawn = chart(root, alt) if root is not None else None
            yield drawn or Omission(code="M-PICTURE", place=place, text="", picture=True)
        for blip in drawing.iter(_BLIP):
            yield self._stored(blip.get(f"{R}embed") or blip.get(f"{R}link") or "", alt, place)

    def _old_picture(self, node: Any, place: str) -> Iterator[Picture | Omission]:
        """VML, as Word wrote it until 2007 and still writes for pasted objects."""
        for shape in node.iter(f"{_VML}imagedata"):
            parent = shape.getparent()
            alt = one_line(parent.get("alt") or "") if parent is not None else ""
            yield self._stored(shape.get(f"{R}id") or "", alt, place)

    def _stored(self, relation: str, alt: str, place: str) -> Picture | Omission:
        target, outside = self.relations.get(relation, ("", True))
        data = None if outside else self.package.bytes(target)
        if data is None:
            return Omission(code="M-PICTURE", place=place, text="", picture=True)
        return Picture(name=target.rsplit("/", 1)[-1], data=data, alt=alt)


def drawings(node: Any) -> Iterator[Any]:
    """The drawings of a paragraph itself, each once, without those of paragraphs inside its text boxes."""
    for child in node:
        if child.tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
            yield child
        elif child.tag == f"{MC}AlternateContent":
            yield from drawings(chosen(child))
        elif child.tag not in (f"{W}del", f"{W}moveFrom", f"{W}pPr"):
            yield from drawings(child)


def has_drawing(node: Any) -> bool:
    """Whether there is a picture anywhere below."""
    return next(node.iter(_BLIP, f"{_VML}imagedata", _CHART), None) is not None
