"""What was published where: a note beside the site itself, by which the next run knows what it need not send again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import msgspec

from audiobook.errors import StorageError
from web.storage import Storage

STATE = "publish-state.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A published file: its content, and the ``etag`` by which the storage called it; ``said`` is what goes with it."""

    sha256: str
    etag: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """``files`` by key; ``gone`` tells since when the site no longer has a file that still lies there."""

    podcast: str = ""
    files: Mapping[str, Record] = field(default_factory=dict)
    gone: Mapping[str, date] = field(default_factory=dict)
    format: int = _FORMAT


def load(storage: Storage, *, podcast: str) -> State:
    """The note of the last run; an empty one where there is none, or one that cannot be read.

    Raises:
        StorageError: another bulletin is published there, or by a newer version of this program.
    """
    data = storage.read(STATE)
    if data is None:
        return State(podcast=podcast)
    try:
        found = msgspec.json.decode(data, type=State)
    except msgspec.MsgspecError:
        return State(podcast=podcast)  # everything is looked at anew, and nothing is deleted
    if found.format > _FORMAT:
        raise StorageError(
            "nơi này do một bản mới hơn của chương trình phát hành.",
            thing=storage.label,
            advice="Cập nhật chương trình.",
        )
    if found.podcast != podcast:
        raise StorageError(
            "nơi này đang chứa một bản tin khác.",
            thing=storage.label,
            advice="Chọn bucket, prefix hoặc thư mục khác trong audiobook.toml, mục [publish].",
        )
    return found


def keep(storage: Storage, state: State) -> None:
    """Store the note; the same state gives the same bytes."""
    storage.write(STATE, msgspec.json.format(msgspec.json.encode(state, order="deterministic"), indent=1) + b"\n")
