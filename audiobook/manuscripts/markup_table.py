"""An HTML table -> one text with its cells as ranges; or: it only lays out the page."""

from collections.abc import Callable, Iterator
from typing import Any

from audiobook.manuscripts.source import SourceBlock
from audiobook.manuscripts.text import moved
from audiobook.model.issue import Cell, Kind, Mark

CellText = Callable[[Any], tuple[str, tuple[Mark, ...]]]
_MOST_SPAN = 200
_LONG_CELL = 600


def grid(table: Any, cell_text: CellText) -> SourceBlock:
    """The table as a block; without header cells its first row counts as header."""
    text, marks, cells = "", list[Mark](), list[Cell]()
    below: dict[int, int] = {}  # column -> how many rows more a cell from above fills it
    rows = list(_rows(table))
    headed = any(_name(cell) == "th" for row in rows for cell in _cells(row))
    for number, row in enumerate(rows):
        text += "\n" if number else ""
        column, first = 0, True
        filled, below = below, {at: left - 1 for at, left in below.items() if left > 1}
        for cell in _cells(row):
            while column in filled:
                column += 1
            inner, inner_marks = cell_text(cell)
            text += "" if first else "\t"
            first = False
            marks += moved(inner_marks, len(text))
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            header = _name(cell) == "th" or (not headed and number == 0 and len(rows) > 1)
            start, text = len(text), text + inner
            end = len(text)
            cells.append(
                Cell(start=start, end=end, row=number, column=column, rows=height, columns=width, header=header)
            )
            below |= {at: height - 1 for at in range(column, column + width) if height > 1}
            column += width
    return SourceBlock(kind=Kind.TABLE, text=text, marks=tuple(marks), cells=tuple(cells), place="")


def lays_out(table: Any) -> bool:
    """Whether a table only puts things side by side: one column, pictures, other tables or long text in it."""
    rows = [list(_cells(row)) for row in _rows(table)]
    if all(len(row) <= 1 for row in rows):
        return True
    inside = {_name(node) for node in table.iterdescendants()}
    long = any(sum(map(len, cell.itertext())) > _LONG_CELL for row in rows for cell in row)
    return long or bool(inside & {"table", "img", "h1", "h2", "h3", "figure"})


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if _name(child) == "tr":
            yield child
        elif _name(child) in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if _name(row) == "tr")


def _cells(row: Any) -> Iterator[Any]:
    return (cell for cell in row if _name(cell) in ("td", "th"))


def _span(cell: Any, name: str) -> int:
    text = cell.get(name) or "1"
    return max(1, min(int(text), _MOST_SPAN)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _name(node: Any) -> str:
    return node.tag.rsplit("}", 1)[-1].lower() if isinstance(node.tag, str) else ""
