"""A DrawingML chart -> a plain picture of it, and a description that tells its numbers (ECMA-376, part 1, 21.2)."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from audiobook.manuscripts.source import Picture
from audiobook.manuscripts.text import one_line
from audiobook.model.issue import MediaKind

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_KINDS = {
    "barChart": "cột", "bar3DChart": "cột", "lineChart": "đường", "line3DChart": "đường", "pieChart": "tròn",
    "pie3DChart": "tròn", "doughnutChart": "tròn", "areaChart": "miền",
}  # fmt: skip
_MOST_POINTS, _MOST_SERIES = 60, 8
_WIDTH, _ROW, _LEFT, _RIGHT, _TOP = 1200, 56, 360, 160, 110
_COLOURS = ("#0b4f8a", "#b5472f", "#3f7d3a", "#7a4f9a", "#8a6d1f", "#1f7a7a", "#a23b72", "#555555")


@dataclass(frozen=True, slots=True)
class _Series:
    name: str
    values: tuple[tuple[str, str], ...]  # (category, value as it is printed)


def chart(root: Any, alt: str) -> Picture | None:
    """The chart as a picture; None where it holds no numbers. An editor's own description stands before the numbers."""
    kind = next((name for tag, name in _KINDS.items() if next(root.iter(f"{_C}{tag}"), None) is not None), "")
    series = [each for node in root.iter(f"{_C}ser") if (each := _series(node)).values][:_MOST_SERIES]
    if not series:
        return None
    title = _text(root.find(f"{_C}chart/{_C}title"))
    told = f"Biểu đồ {kind}".strip() + (f": {title}" if title else "")
    described = ". ".join(_told(each, alone=len(series) == 1) for each in series)
    said = one_line(f"{alt.rstrip('. ') or told}. {described}.")
    return Picture(
        name="biểu đồ", data=_drawn(title, series), alt=said, kind=MediaKind.CHART, table=tuple(_table(series))
    )


def _series(node: Any) -> _Series:
    categories = _points(node.find(f"{_C}cat"))
    values = _points(node.find(f"{_C}val"))
    pairs = [(categories.get(n, str(n + 1)), _number(text)) for n, text in sorted(values.items())[:_MOST_POINTS]]
    return _Series(name=one_line(" ".join(_points(node.find(f"{_C}tx")).values())), values=tuple(pairs))


def _points(node: Any) -> dict[int, str]:
    if node is None:
        return {}
    found = {}
    for point in node.iter(f"{_C}pt"):
        index, value = point.get("idx") or "", point.find(f"{_C}v")
        if index.isascii() and index.isdigit() and len(index) < 6 and value is not None and (value.text or "").strip():
            found[int(index)] = one_line(value.text)
    return found


def _number(text: str) -> str:
    """A number as it is printed in Vietnamese.

    >>> _number("1234.5"), _number("0.30000000000000004"), _number("12")
    ('1.234,5', '0,3', '12')
    """
    try:
        number = round(float(text), 2)
    except ValueError:
        return text
    if not abs(number) < 1e15:
        return text
    whole = f"{number:,.2f}".rstrip("0").rstrip(".")
    return whole.replace(",", " ").replace(".", ",").replace(" ", ".")


def _table(series: Sequence[_Series]) -> Iterator[tuple[str, ...]]:
    """A row for each category, a column for each series."""
    columns = [dict(each.values) for each in series]
    yield ("", *(each.name or "Số liệu" for each in series))
    for category in dict.fromkeys(category for each in series for category, _ in each.values):
        yield (category, *(column.get(category, "–") for column in columns))


def _told(series: _Series, *, alone: bool) -> str:
    values = "; ".join(f"{category}: {value}" for category, value in series.values)
    return values if alone or not series.name else f"{series.name}: {values}"


def _text(node: Any) -> str:
    return one_line("".join(each.text or "" for each in node.iter(f"{_A}t"))) if node is not None else ""


def _drawn(title: str, series: Sequence[_Series]) -> bytes:
    """Lying bars, each with its name and its number: what every kind of chart says, in letters large enough."""
    from PIL import Image, ImageDraw, ImageFont

    face = str(files("audiobook").joinpath("editions", "fonts", "BeVietnamPro-Regular.ttf"))
    large, small = ImageFont.truetype(face, 34), ImageFont.truetype(face, 26)
    rows = [(n, category, value) for n, each in enumerate(series) for category, value in each.values]
    named = [each.name for each in series] if len(series) > 1 else []
    image = Image.new("RGB", (_WIDTH, _TOP + _ROW * (len(rows) + len(named)) + 40), "white")
    draw = ImageDraw.Draw(image)
    draw.text((_WIDTH // 2, 30), title[:70], font=large, fill="black", anchor="ma")
    longest = max((_amount(value) for _, _, value in rows), default=0.0) or 1.0
    y = _TOP
    for n, each in enumerate(series):
        if named:
            draw.text((40, y), each.name[:60], font=small, fill=_COLOURS[n])
            y += _ROW
        for category, value in each.values:
            draw.text((_LEFT - 16, y + 22), category[:24], font=small, fill="black", anchor="rm")
            length = int((_WIDTH - _LEFT - _RIGHT) * max(0.0, _amount(value)) / longest)
            draw.rectangle((_LEFT, y + 4, _LEFT + max(2, length), y + 40), fill=_COLOURS[n])
            draw.text((_LEFT + length + 12, y + 22), value, font=small, fill="black", anchor="lm")
            y += _ROW
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _amount(value: str) -> float:
    try:
        return float(value.replace(".", "").replace(",", "."))
    except ValueError:
        return 0.0
