"""An exported site and what a storage holds -> what is to be put, in which order, and what may be deleted; no deed."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from itertools import groupby
from pathlib import Path, PurePosixPath

from audiobook.addresses import FEED, STATIC
from audiobook.disk import digest
from audiobook.errors import NothingToServe, StorageError
from web.downloads import disposition
from web.lock import LOCK
from web.state import STATE, Record, State
from web.storage import Storage, Stored, media_type

IMMUTABLE = "public, max-age=31536000, immutable"  # for what is named by its content
MINUTES = "public, max-age=300"
_SOUND = (".mp3", ".opus", ".m4a")
_BY_CONTENT = re.compile(r"m/([0-9a-f]{64})\.[a-z0-9]+")
_HASHED = re.compile(rf"{STATIC}/.+\.[0-9a-f]{{10}}\.[a-z0-9]+")  # web.assets
_FEW = 20  # so many deletions are never too many


class Step(IntEnum):
    """When a file's turn is."""

    SOUND = 0
    EDITION = 1
    PAGE = 2
    FEED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A file to be stored, with all that is said about it."""

    key: str
    file: Path
    bytes: int
    sha256: str
    media_type: str
    cache_control: str
    disposition: str = ""

    @property
    def step(self) -> Step:
        """When its turn is."""
        return _step(self.key)

    @property
    def said(self) -> str:
        """A name for what goes with it: another type or name is another publication of the same bytes."""
        words = "\n".join((self.media_type, self.cache_control, self.disposition))
        return hashlib.sha256(words.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run would do. ``puts`` in their order; ``deletes``: nothing has named them for long enough.

    ``gone``: since when the site no longer has what still lies there; ``foreign``: what lies there and is not ours.
    """

    wanted: Mapping[str, Put]
    puts: tuple[Put, ...]
    deletes: tuple[str, ...]
    gone: Mapping[str, date]
    foreign: tuple[str, ...]

    @property
    def bytes(self) -> int:
        """How much would be sent."""
        return sum(put.bytes for put in self.puts)

    @property
    def unchanged(self) -> int:
        """How many files need not be sent."""
        return len(self.wanted) - len(self.puts)

    def barriers(self) -> tuple[tuple[Put, ...], ...]:
        """The puts in groups: all of one must lie there before the next begins."""
        return tuple(tuple(group) for _, group in groupby(self.puts, key=lambda put: order(put.key)[:2]))


def plan(
    site: Mapping[str, Path],
    storage: Storage,
    *,
    state: State,
    names: Mapping[str, str],
    keep_days: int,
    today: date,
    at_once: Callable[[str], bool],
) -> Plan:
    """What is new or changed, and what may go; nothing is done.

    ``site``: files by key; ``names``: download names by key; ``at_once``: whether a key need not wait when it is gone.
    """
    wanted = {key: _described(key, file, names.get(key, "")) for key, file in site.items()}
    stored = {each.key: each for each in storage.list() if each.key not in (STATE, LOCK)}
    changed = [key for key, put in wanted.items() if not _is_stored(put, stored.get(key), state, storage=storage)]
    left = stored.keys() - wanted.keys()
    ours = {key for key in left if key in state.files or key in state.gone or _BY_CONTENT.fullmatch(key)}
    gone = {key: min(state.gone.get(key, today), today) for key in sorted(ours)}
    due = [key for key, since in gone.items() if at_once(key) or today - since >= timedelta(days=keep_days)]
    return Plan(
        wanted=wanted,
        puts=tuple(wanted[key] for key in sorted(changed, key=order)),
        deletes=tuple(sorted(due, key=order, reverse=True)),
        gone=gone,
        foreign=tuple(sorted(left - ours)),
    )


def refuse_mass_deletion(planned: Plan) -> None:
    """Half of a site does not go at once but by mistake: a wrong folder, a shelf that was lost.

    Raises:
        StorageError: nothing was done.
    """
    if len(planned.deletes) > max(_FEW, len(planned.wanted)):
        raise StorageError(
            f"sẽ xóa tới {len(planned.deletes)} tệp, nhiều hơn số tệp của cả trang; chưa xóa gì.",
            advice="Xem danh sách bằng --dry-run; nếu đúng ý, thêm --force.",
        )


def site_files(folder: Path) -> dict[str, Path]:
    """An exported folder's files by key.

    Raises:
        NothingToServe: the folder is no exported site.
    """
    if not (folder / "index.html").is_file():
        raise NothingToServe(
            "thư mục này không phải là trang đã xuất (không có index.html).",
            thing=folder,
            advice="Xuất trang trước bằng: audiobook export THƯ-MỤC",
        )
    return {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}


def hash_in_name(key: str) -> str:
    """The hash by which a file is named, "" where it is not named by its content.

    >>> hash_in_name("m/" + 64 * "a" + ".mp3") == 64 * "a", hash_in_name("feed.xml")
    (True, '')
    """
    found = _BY_CONTENT.fullmatch(key)
    return found[1] if found else ""


def order(key: str) -> tuple[Step, int, str]:
    """By step; deeper pages before those that link to them, the home page last; archives before the feed."""
    depth = -key.count("/") if _step(key) is Step.PAGE else 0
    return _step(key), depth + (key in ("index.html", "", FEED)), key


def _step(key: str) -> Step:
    path = PurePosixPath(key)
    if path.suffix == ".opml" or (path.suffix == ".xml" and path.name.startswith(PurePosixPath(FEED).stem)):
        return Step.FEED
    if hash_in_name(key):
        return Step.SOUND if path.suffix in _SOUND else Step.EDITION
    is_no_page = key.startswith(f"{STATIC}/") or path.suffix in (*_SOUND, ".zip", ".pdf")
    return Step.EDITION if is_no_page else Step.PAGE


def _described(key: str, file: Path, name: str) -> Put:
    by_content = hash_in_name(key)
    return Put(
        key=key,
        file=file,
        bytes=file.stat().st_size,
        sha256=by_content or digest(file),
        media_type=media_type(key) if "." in PurePosixPath(key).name else media_type("index.html"),
        cache_control=IMMUTABLE if by_content or _HASHED.fullmatch(key) else MINUTES,
        disposition=disposition(name) if name else "",
    )


def _is_stored(put: Put, stored: Stored | None, state: State, *, storage: Storage) -> bool:
    """By the last run's note; where there is none, by the name that tells the content, or by looking at it."""
    if stored is None or stored.bytes != put.bytes:
        return False
    record = state.files.get(put.key)
    if record is None:
        return bool(hash_in_name(put.key)) or storage.holds(stored, put.file)
    if record == Record(sha256=put.sha256, etag=stored.etag, said=put.said):
        return True
    return record.said == put.said and storage.holds(stored, put.file)  # a run that broke had sent it already
