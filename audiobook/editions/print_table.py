"""Table block -> how it is printed: a grid where it fits its page, else each row as a small table of its own."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from audiobook.model.issue import Block, Cell

_NARROW, _WIDE = 5, 40  # characters: a column is not thinner than this, and asks for no more than that
_GAP = 3  # characters of room between columns
_NUMBER = re.compile(r"[-+–]?\d[\d.,\s]*\s*(?:%|‰)?")

Runs = Callable[[int, int], list[dict[str, Any]]]
"""Range of the block's text -> what the template's ``inline`` reads."""


def print_table(block: Block, runs: Runs, *, characters: int) -> dict[str, Any]:
    """What the template reads of a table.

    Args:
        block: the table.
        runs: gives the text of a range.
        characters: how many stand on a line of the page.
    """
    head = _head(block)
    widths = _widths(block, characters)
    if not widths:
        has_body = any(cell.row >= head for cell in block.cells)
        return {"kind": "records", "records": list(_records(block, runs, head=head if has_body else 0))}
    right = {column for column in range(_count(block)) if _is_numbers(block, column, head=head)}
    return {
        "kind": "table",
        "columns": widths,
        "head": head,
        "cells": [
            {
                "x": cell.column,
                "y": cell.row,
                "colspan": cell.columns,
                "rowspan": cell.rows,
                "header": cell.header,
                "right": cell.columns == 1 and cell.column in right,
                "runs": runs(cell.start, cell.end),
            }
            for cell in block.cells
        ],
    }


def _head(block: Block) -> int:
    """How many rows at the top are headings; the first one where nobody says so, for a table without them has no TH."""
    rows = 0
    while any(cell.row == rows for cell in block.cells):
        if not all(cell.header for cell in block.cells if cell.row == rows):
            break
        rows += 1
    head = rows or 1
    return max([head, *(cell.row + cell.rows for cell in block.cells if cell.row < head)])


def _count(block: Block) -> int:
    return max((cell.column + cell.columns for cell in block.cells), default=1)


def _widths(block: Block, characters: int) -> list[int]:
    """Each column's width: its longest word, and a share of the room that is left; nothing where there is none."""
    words, texts = [_NARROW] * _count(block), [_NARROW] * _count(block)
    for cell in block.cells:
        if cell.columns == 1:
            text = block.text[cell.start : cell.end]
            words[cell.column] = max([words[cell.column], *(len(word) + _GAP for word in text.split())])
            texts[cell.column] = max(texts[cell.column], min(_WIDE, len(text) + _GAP))
    room = characters - sum(words)
    if room < 0:
        return []
    wishes = [max(0, text - word) for word, text in zip(words, texts, strict=True)]
    return [word + room * wish // max(1, sum(wishes)) for word, wish in zip(words, wishes, strict=True)]


def _is_numbers(block: Block, column: int, *, head: int) -> bool:
    texts = [block.text[c.start : c.end].strip() for c in block.cells if c.column == column and c.row >= head]
    return any(texts) and all(_NUMBER.fullmatch(text) for text in texts if text)


def _records(block: Block, runs: Runs, *, head: int) -> Iterator[dict[str, Any]]:
    at = {(r, c): cell for cell in block.cells for r in _rows(cell) for c in _columns(cell)}
    for row in range(head, max(r for r, _ in at) + 1):
        cells = list(dict.fromkeys(at[row, c] for c in range(_count(block)) if (row, c) in at))
        if not cells:
            continue
        heading, name = _label(at, runs, cells[0], head=head), runs(cells[0].start, cells[0].end)
        yield {
            "title": [*heading, {"text": ": "}, *name] if heading else name,
            "fields": [
                {"label": _label(at, runs, cell, head=head), "value": runs(cell.start, cell.end)} for cell in cells[1:]
            ],
        }


def _label(at: dict[tuple[int, int], Cell], runs: Runs, cell: Cell, *, head: int) -> list[dict[str, Any]]:
    """The headings above a cell, from the top."""
    above = dict.fromkeys(at[r, c] for r in range(head) for c in _columns(cell) if (r, c) in at)
    label: list[dict[str, Any]] = []
    for heading in above:
        label += [{"text": ", "}, *runs(heading.start, heading.end)] if label else runs(heading.start, heading.end)
    return label


def _rows(cell: Cell) -> range:
    return range(cell.row, cell.row + cell.rows)


def _columns(cell: Cell) -> range:
    return range(cell.column, cell.column + cell.columns)
