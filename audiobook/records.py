"""A value of the model <-> a JSON file that a librarian can read."""

from pathlib import Path
from typing import Any, TypeVar

import msgspec

from audiobook.errors import ShelfDamaged

T = TypeVar("T")


def encoded(value: Any) -> bytes:
    """The same value gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


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
