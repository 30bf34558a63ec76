"""An exported folder -> a folder or a bucket that people read from, so that nothing public names a missing file.

What is new is put in order: sound, other editions, pages from the deepest to the home page, and last the feeds, after
a listing has shown every content-addressed file in its full size. Deletions come after all of that, and on demand only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path, PurePosixPath

from audiobook.addresses import FEED, STATIC
from audiobook.errors import NothingToServe, StorageError
from web.downloads import disposition
from web.storage import Folder, Storage, Stored, media_type

IMMUTABLE = "public, max-age=31536000, immutable"  # for what is named by its content
MINUTES = "public, max-age=300"
_SOUND = (".mp3", ".opus", ".m4a")


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
    media_type: str
    cache_control: str
    disposition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a publication would do, in order; ``deletes`` are the keys that the export no longer has."""

    puts: tuple[Put, ...]
    deletes: tuple[str, ...]
    unchanged: int

    @property
    def bytes(self) -> int:
        """How much would be sent."""
        return sum(put.bytes for put in self.puts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was done, or with ``dry_run`` what would be. ``kept`` are old keys that were left alone."""

    puts: tuple[str, ...]
    deletes: tuple[str, ...]
    kept: tuple[str, ...]
    unchanged: int
    bytes: int


def publish(
    export: Path,
    storage: Storage,
    *,
    prune: bool,
    dry_run: bool,
    names: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Bring the storage to what the exported folder is; ``names`` are download names by key, ``progress`` is in bytes.

    Run again after an interruption, it sends what is missing.

    Raises:
        NothingToServe: the folder is no exported site.
        StorageError: the storage refuses; what was published before still holds together.
    """
    _refuse_overlap(export, storage)
    planned = plan(export, storage, names=names or {})
    deletes, kept = (planned.deletes, ()) if prune else ((), planned.deletes)
    if not dry_run:
        _put(planned, export, storage, progress=progress)
        for key in deletes:
            storage.delete(key)
    return Report(
        puts=tuple(put.key for put in planned.puts),
        deletes=deletes,
        kept=kept,
        unchanged=planned.unchanged,
        bytes=planned.bytes,
    )


def plan(export: Path, storage: Storage, *, names: Mapping[str, str]) -> Plan:
    """What is new or changed, and what the export no longer has; nothing is done.

    Raises:
        NothingToServe, StorageError: as ``publish``.
    """
    files = _files(export)
    stored = {each.key: each for each in storage.list()}
    changed = [key for key, file in files.items() if not _is_stored(file, stored.get(key), storage=storage)]
    return Plan(
        puts=tuple(_described(key, files[key], names.get(key, "")) for key in sorted(changed, key=_order)),
        deletes=tuple(sorted(set(stored) - set(files), key=_order, reverse=True)),
        unchanged=len(files) - len(changed),
    )


def _refuse_overlap(export: Path, storage: Storage) -> None:
    """Pruning a folder that holds the export would delete the export."""
    if isinstance(storage, Folder):
        here, there = export.resolve(), storage.folder.resolve()
        if here.is_relative_to(there) or there.is_relative_to(here):
            raise StorageError(
                "thư mục phát hành và thư mục đã xuất không được nằm trong nhau.",
                thing=storage.folder,
                advice="Chọn một thư mục khác để phát hành.",
            )


def _files(export: Path) -> dict[str, Path]:
    if not (export / "index.html").is_file():
        raise NothingToServe(
            "thư mục này không phải là trang đã xuất (không có index.html).",
            thing=export,
            advice="Xuất trang trước bằng: audiobook export THƯ-MỤC",
        )
    return {file.relative_to(export).as_posix(): file for file in export.rglob("*") if file.is_file()}


def _is_stored(file: Path, stored: Stored | None, *, storage: Storage) -> bool:
    """A content-addressed file of the same size is the same file; any other has to be looked at."""
    if stored is None or stored.bytes != file.stat().st_size:
        return False
    return _is_addressed_by_content(stored.key) or storage.holds(stored, file)


def _is_addressed_by_content(key: str) -> bool:
    return key.startswith("m/")


def _described(key: str, file: Path, name: str) -> Put:
    return Put(
        key=key,
        file=file,
        bytes=file.stat().st_size,
        media_type=media_type(key),
        cache_control=IMMUTABLE if _is_addressed_by_content(key) else MINUTES,
        disposition=disposition(name) if name else "",
    )


def _order(key: str) -> tuple[Step, int, str]:
    """By step; deeper pages before those that link to them, the home page last."""
    return _step(key), -key.count("/"), key


def _step(key: str) -> Step:
    path = PurePosixPath(key)
    if path.suffix == ".opml" or (path.suffix == ".xml" and path.name.startswith(PurePosixPath(FEED).stem)):
        return Step.FEED
    if _is_addressed_by_content(key):
        return Step.SOUND if path.suffix in _SOUND else Step.EDITION
    return Step.EDITION if path.parts[0] == STATIC else Step.PAGE


def _put(planned: Plan, export: Path, storage: Storage, *, progress: Callable[[int, int], None]) -> None:
    done, proven = 0, False
    for put in planned.puts:
        if _step(put.key) is Step.FEED and not proven:
            _prove(export, storage)
            proven = True
        storage.put(
            put.key,
            put.file,
            media_type=put.media_type,
            cache_control=put.cache_control,
            disposition=put.disposition,
        )
        done += put.bytes
        progress(done, planned.bytes)


def _prove(export: Path, storage: Storage) -> None:
    """See that everything that a feed can name lies there in full, before the feed names it."""
    there = {each.key: each.bytes for each in storage.list()}
    for key, file in _files(export).items():
        if _is_addressed_by_content(key) and there.get(key) != file.stat().st_size:
            raise StorageError(
                "tệp đã gửi mà kho lưu trữ chưa có đủ; nguồn podcast chưa được thay.",
                thing=key,
                advice="Chạy lại audiobook publish.",
            )
