"""A Word table -> one text with its cells as ranges; merged cells keep their spans."""

from collections.abc import Callable
from typing import Any

from audiobook.manuscripts.docx_package import W
from audiobook.manuscripts.docx_styles import value
from audiobook.model.issue import Cell, Mark

CellText = Callable[[Any], tuple[str, tuple[Mark, ...]]]


def table(node: Any, cell_text: CellText) -> tuple[str, tuple[Cell, ...], tuple[Mark, ...]]:
    """Text (cells joined by tabs, rows by line ends), cells and marks of a w:tbl.

    The first row counts as header where no row says that it is one.
    """
    rows = list(node.iter(f"{W}tr"))
    headers = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
    if rows and not any(headers):
        headers[0] = len(rows) > 1
    text, marks = "", list[Mark]()
    cells: list[Cell] = []
    open_below: dict[int, int] = {}  # column -> index of the cell that a vMerge continues
    for row_number, row in enumerate(rows):
        text += "\n" if row_number else ""
        column = 0
        first = True
        for node_of_cell in row.iter(f"{W}tc"):
            properties = node_of_cell.find(f"{W}tcPr")
            columns = int(value(properties, "gridSpan") or 1)
            merge = properties.find(f"{W}vMerge") if properties is not None else None
            if merge is not None and merge.get(f"{W}val") != "restart" and column in open_below:
                above = cells[open_below[column]]
                cells[open_below[column]] = _taller(above)
                column += columns
                continue
            text += "" if first else "\t"
            first = False
            inner, inner_marks = cell_text(node_of_cell)
            start = len(text)
            text += inner
            marks += [Mark(start=m.start + start, end=m.end + start, kind=m.kind, value=m.value) for m in inner_marks]
            if merge is not None:
                open_below[column] = len(cells)
            else:
                open_below.pop(column, None)
            cells.append(
                Cell(
                    start=start,
                    end=len(text),
                    row=row_number,
                    column=column,
                    columns=columns,
                    header=headers[row_number],
                )
            )
            column += columns
    return text, tuple(cells), tuple(marks)


def _taller(cell: Cell) -> Cell:
    return Cell(
        start=cell.start,
        end=cell.end,
        row=cell.row,
        column=cell.column,
        rows=cell.rows + 1,
        columns=cell.columns,
        header=cell.header,
    )
