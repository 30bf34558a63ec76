"""A Word table -> one text with its cells as ranges; merged cells keep their spans. Or: it only lays out the page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from audiobook.manuscripts.docx_media import has_drawing
from audiobook.manuscripts.docx_styles import W, value
from audiobook.manuscripts.text import moved
from audiobook.model.issue import Cell, Mark

CellText = Callable[[Any], tuple[str, tuple[Mark, ...]]]
_MOST_COLUMNS = 200
_LONG_CELL = 400


@dataclass(slots=True)
class _Grid:
    """The table as it grows."""

    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    open_below: dict[int, int] = field(default_factory=dict)  # column -> index of the cell that a vMerge continues


def table(node: Any, cell_text: CellText) -> tuple[str, tuple[Cell, ...], tuple[Mark, ...]]:
    """Text (cells joined by tabs, rows by line ends), cells and marks of a w:tbl.

    The first row counts as header where no row says that it is one.
    """
    rows = list(rows_of(node))
    headers = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
    if rows and not any(headers):
        headers[0] = len(rows) > 1
    grid = _Grid()
    for number, (row, header) in enumerate(zip(rows, headers, strict=True)):
        grid.text += "\n" if number else ""
        _row(grid, row, number, header=header, cell_text=cell_text)
    return grid.text, tuple(grid.cells), tuple(grid.marks)


def _row(grid: _Grid, row: Any, number: int, *, header: bool, cell_text: CellText) -> None:
    column, first = 0, True
    for node in cells_of(row):
        properties = node.find(f"{W}tcPr")
        span = value(properties, "gridSpan")
        columns = min(int(span), _MOST_COLUMNS) if span.isascii() and span.isdigit() and 0 < len(span) < 5 else 1
        merge = properties.find(f"{W}vMerge") if properties is not None else None
        text, marks = cell_text(node)
        if merge is not None and merge.get(f"{W}val") != "restart" and column in grid.open_below and not text:
            above = grid.open_below[column]
            grid.cells[above] = replace(grid.cells[above], rows=grid.cells[above].rows + 1)
            column += max(columns, 1)
            continue
        grid.text += "" if first else "\t"
        first = False
        start = len(grid.text)
        grid.text += text
        grid.marks += moved(marks, start)
        if merge is not None:
            grid.open_below[column] = len(grid.cells)
        else:
            grid.open_below.pop(column, None)
        end = len(grid.text)
        grid.cells.append(Cell(start=start, end=end, row=number, column=column, columns=max(columns, 1), header=header))
        column += max(columns, 1)


def rows_of(node: Any) -> Iterator[Any]:
    """The rows of a table itself, without those of tables inside its cells."""
    yield from _children(node, f"{W}tr")


def cells_of(row: Any) -> Iterator[Any]:
    """The cells of a row itself."""
    yield from _children(row, f"{W}tc")


def _children(node: Any, tag: str) -> Iterator[Any]:
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}smartTag"):
            yield from _children(child, tag)


def lays_out(node: Any, is_heading: Callable[[Any], bool]) -> bool:
    """Whether a table only puts things side by side: one column, pictures, tables, headings or long text in its cells."""
    rows = [list(cells_of(row)) for row in rows_of(node)]
    if all(len(row) <= 1 for row in rows) or has_drawing(node) or any(True for _ in node.iterdescendants(f"{W}tbl")):
        return True
    for cell in (cell for row in rows for cell in row):
        paragraphs = list(cell.iter(f"{W}p"))
        length = sum(len(text.text or "") for text in cell.iter(f"{W}t"))
        if any(map(is_heading, paragraphs)) or (length > _LONG_CELL and len(paragraphs) > 2):
            return True
    return False


def in_reading_order(node: Any) -> list[tuple[Any, bool]]:
    """The cells of a layout table as one reads them, and whether each is a caption.

    Row by row; but each picture of a row of pictures goes with its caption in the row below.
    """
    rows = [list(cells_of(row)) for row in rows_of(node)]
    ordered: list[tuple[Any, bool]] = []
    at = 0
    while at < len(rows):
        below = rows[at + 1] if at + 1 < len(rows) else []
        pictures = len(rows[at]) > 1 and all(map(has_drawing, rows[at]))
        if pictures and len(below) == len(rows[at]) and not any(map(has_drawing, below)):
            for shown, words in zip(rows[at], below, strict=True):
                ordered += [(shown, False), (words, True)]
            at += 2
        else:
            ordered += [(cell, False) for cell in rows[at]]
            at += 1
    return ordered
