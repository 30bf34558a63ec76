"""Shelf, published folders and buckets -> which of their files are not what they should be."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from audiobook import settings
from audiobook.addresses import FEED
from audiobook.errors import ShelfDamaged, StorageError
from audiobook.integrity import Fault, shelf_faults, take_off
from audiobook.library import Library
from feeds.rss import build
from web.release import places
from web.state import State, load
from web.storage import Storage


def verify(
    library: Library,
    target: str,
    *,
    quick: bool,
    mend: bool,
    tell: Callable[[str], None],
    report: Callable[[str, int, int], None],
) -> None:
    """Look at the shelf, and at ``target`` or wherever audiobook.toml publishes; each fault is told.

    Raises:
        ShelfDamaged: the shelf is not as its publications say.
        StorageError: what is published is not what was put there.
    """
    faults = shelf_faults(library.shelf, looked=lambda done, total: report("shelf", done, total))
    if not faults:
        faults = _feed_fault(library)
    for fault in faults:
        tell(f"  {fault.file}: {fault.said}")
    if mend:
        take_off(faults)
    if faults:
        issues = sorted({fault.issue for fault in faults} - {""})
        again = "; ".join(f"audiobook produce {each}" for each in issues) or "audiobook feed write"
        first = "" if mend else "audiobook verify --mend; "
        raise ShelfDamaged(
            f"có {len(faults)} tệp trên giá không còn đúng.",
            thing=library.shelf.folder,
            advice=f"Phục hồi từ bản sao lưu, hoặc làm lại: {first}{again}",
        )
    tell("Giá: mọi tệp đều đúng.")
    chosen = settings.load(library.settings_file).publish
    if target or chosen.folder or chosen.bucket:
        for storage in places(library, chosen, target):
            _look_at(storage, library, quick=quick, mend=mend, tell=tell, report=report)


def _feed_fault(library: Library) -> tuple[Fault, ...]:
    """The feeds are made from the shelf, and say what the shelf says."""
    folder = library.shelf.folder
    if not (folder / FEED).is_file() or not library.shelf.publications():
        return ()
    wanted = build(library.shelf)
    differing = (folder / path for path in wanted if not _holds(folder / path, wanted[path]))
    return tuple(Fault(file=file, issue="", said="không khớp với giá") for file in sorted(differing))


def _holds(file: Path, data: bytes) -> bool:
    return file.is_file() and file.read_bytes() == data


def _look_at(
    storage: Storage,
    library: Library,
    *,
    quick: bool,
    mend: bool,
    tell: Callable[[str], None],
    report: Callable[[str, int, int], None],
) -> None:
    state = load(storage, podcast=library.shelf.bulletin().podcast.guid)
    faults = published_faults(storage, state, quick=quick, looked=lambda done, total: report("published", done, total))
    for key, said in faults:
        tell(f"  {storage.label}/{key}: {said}")
        if mend:
            storage.delete(key)
    if faults:
        raise StorageError(
            f"có {len(faults)} tệp đã phát hành không còn đúng.",
            thing=storage.label,
            advice=f"Gửi lại: {'' if mend else 'audiobook verify --mend; '}audiobook publish",
        )
    tell(f"{storage.label}: {len(state.files)} tệp đều đúng.")


def published_faults(
    storage: Storage, state: State, *, quick: bool, looked: Callable[[int, int], None] = lambda done, total: None
) -> tuple[tuple[str, str], ...]:
    """(key, what is wrong) of every file of the last run. ``quick``: by what a listing tells; else each is read in full.

    Raises:
        StorageError: the storage refuses.
    """
    there = {each.key: each.etag for each in storage.list()}
    keys, done = sorted(state.files), 0

    def said(key: str) -> tuple[str, str]:
        if key not in there:
            return key, "không còn"
        if quick:
            return key, "" if there[key] == state.files[key].etag else "đã bị thay từ lần phát hành trước"
        return key, "" if storage.sha256(key) == state.files[key].sha256 else "nội dung đã đổi hoặc hỏng"

    found = []
    with ThreadPoolExecutor(8) as pool:
        for key, wrong in pool.map(said, keys):
            done += 1
            looked(done, len(keys))
            if wrong:
                found.append((key, wrong))
    return tuple(found)
