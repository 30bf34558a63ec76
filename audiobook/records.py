"""A value of the model <-> a JSON file that a librarian can read."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from audiobook.errors import ShelfDamaged

T = TypeVar("T")
_DEPTH = 3  # how far what holds others is taken apart


def encoded(value: Any) -> bytes:
    """The same value gives the same bytes."""
    return b"".join(pieces(value))


def pieces(value: Any) -> Iterator[bytes]:
    """The same, a piece at a time: a publication of ten hours is three megabytes."""
    yield from _pieces(value, depth=0)
    yield b"\n"


def _pieces(value: Any, *, depth: int) -> Iterator[bytes]:
    """What is held by what is held by it comes one by one: the issue's chapters, the timeline's sentences."""
    inner = b"\n" + b" " * (depth + 1)
    if depth < _DEPTH and is_dataclass(value):
        for number, field in enumerate(fields(value)):
            yield (b"," if number else b"{") + inner + b'"' + field.name.encode() + b'": '
            yield from _pieces(getattr(value, field.name), depth=depth + 1)
        yield inner[:-1] + b"}"
    elif depth < _DEPTH and value and isinstance(value, tuple):
        for number, each in enumerate(value):
            yield (b"," if number else b"[") + inner
            yield from _pieces(each, depth=depth + 1)
        yield inner[:-1] + b"]"
    else:
        yield msgspec.json.format(msgspec.json.encode(value), indent=1).replace(b"\n", inner[:-1])


def decoded(file: Path, kind: type[T]) -> T:
    """Read the file; fields that an older program did not know get their defaults.

    Raises:
        ShelfDamaged: it is missing or broken.
    """
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError) as error:
        raise ShelfDamaged(
            "tệp trên giá bị thiếu hoặc hỏng.",
            thing=file,
            place=str(error),
            advice="Chạy lại audiobook produce cho số này, hoặc phục hồi từ bản sao lưu.",
        ) from error
