"""How a table is printed: as a grid where it fits, else row by row, and never less than all of it."""

from typing import Any

import pytest

from audiobook.editions.print_table import print_table
from audiobook.model.issue import Block, Cell, Kind


def table(*rows: str, headers: int = 1) -> Block:
    """Rows of words; ``headers`` of them are headings."""
    text, cells = "\n".join(row.replace(" ", "\t") for row in rows), []
    at = 0
    for number, row in enumerate(rows):
        for column, word in enumerate(row.split(" ")):
            cells.append(Cell(start=at, end=at + len(word), row=number, column=column, header=number < headers))
            at += len(word) + 1
    return Block(id="t", kind=Kind.TABLE, text=text, cells=tuple(cells))


def printed(block: Block, characters: int) -> dict[str, Any]:
    return print_table(block, lambda start, end: [{"text": block.text[start:end]}], characters=characters)


def words(made: dict[str, Any]) -> list[str]:
    runs = [
        run
        for record in made["records"]
        for group in (record["title"], *(part for f in record["fields"] for part in (f["label"], f["value"])))
        for run in group
    ]
    return [run["text"] for run in runs]


def test_a_table_that_fits_is_a_grid_with_room_for_every_word() -> None:
    made = printed(table("Phường Hộ", "An 3.008"), 40)
    assert made["kind"] == "table"
    assert all(share > len(word) for share, word in zip(made["columns"], ("Phường", "3.008"), strict=True))
    assert made["head"] == 1


def test_columns_of_numbers_stand_on_the_right() -> None:
    made = printed(table("Phường Hộ Thẻ", "An 3.008 97,2%", "Bình 2.760 –"), 60)
    assert [cell["right"] for cell in made["cells"] if cell["y"] == 1] == [False, True, False]


def test_a_table_without_headings_gets_its_first_row_as_such() -> None:
    assert printed(table("a b", "c d", headers=0), 40)["head"] == 1


def test_a_wide_table_becomes_rows_under_the_name_of_each_column() -> None:
    made = printed(table("Phường Hộ Thẻ", "An 3.008 97,2%"), 12)
    assert words(made) == ["Phường", ": ", "An", "Hộ", "3.008", "Thẻ", "97,2%"]


@pytest.mark.parametrize("headers", [0, 1, 2])
def test_a_wide_table_of_headings_alone_keeps_them_all(headers: int) -> None:
    made = printed(table("Phường Hộ Thẻ", headers=headers), 12)
    assert {"Phường", "Hộ", "Thẻ"} <= set(words(made))


def test_a_cell_over_two_rows_is_told_in_both_and_one_over_two_columns_under_both_headings() -> None:
    text = "A\tB\tC\nx\ty\nz\tw\tv"
    cells = (
        Cell(start=0, end=1, row=0, column=0, header=True),
        Cell(start=2, end=3, row=0, column=1, header=True),
        Cell(start=4, end=5, row=0, column=2, header=True),
        Cell(start=6, end=7, row=1, column=0, rows=2),
        Cell(start=8, end=9, row=1, column=1, columns=2),
        Cell(start=12, end=13, row=2, column=1),
        Cell(start=14, end=15, row=2, column=2),
    )
    made = printed(Block(id="t", kind=Kind.TABLE, text=text, cells=cells), 4)
    assert words(made) == ["A", ": ", "x", "B", ", ", "C", "y", "A", ": ", "x", "B", "w", "C", "v"]
