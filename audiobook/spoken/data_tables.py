"""The tables under data/: lines of tab-separated columns, ``#`` begins a remark."""

from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> tuple[tuple[str, ...], ...]:
    """The lines of data/<name>.tsv, each as its columns."""
    text = files("audiobook.spoken").joinpath("data", f"{name}.tsv").read_text("utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line.strip() and not line.startswith("# "))


@cache
def mapping(name: str) -> dict[str, str]:
    """The first two columns of a table as a dictionary."""
    return {columns[0]: columns[1] for columns in table(name)}
