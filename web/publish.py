"""A plan -> a folder or a bucket that people read from, so that nothing public names a missing file.

Sound goes first, then other editions, then pages from the deepest to the home page, and last the feed, after a listing
has shown every content-addressed file in its full size. What nothing names any more is deleted after all of that, when
its time has come, and on demand only. Whenever a run ends, whatever is public holds together; the next run sends what
is missing.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from audiobook.disk import digest
from audiobook.errors import ShelfDamaged, StorageError
from web import lock
from web.plan import Plan, Put, Step, hash_in_name, plan, refuse_mass_deletion
from web.state import Record, State, keep, load
from web.storage import Folder, Storage

_AT_A_TIME = 8  # puts that run side by side; more gain nothing on an office's line


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be published: ``site`` are files by key, ``names`` download names by key.

    ``podcast`` is the bulletin's guid, ``owner`` names this library to other publishers; ``at_once``: whether a
    key is deleted without waiting when it is gone, as those of an issue that was withdrawn.
    """

    site: Mapping[str, Path]
    podcast: str
    owner: str
    today: date
    names: Mapping[str, str] = field(default_factory=dict)
    keep_days: int = 90
    prune: bool = False
    force: bool = False
    at_once: Callable[[str], bool] = lambda key: False


def publish(wish: Order, storage: Storage, *, progress: Callable[[int, int], None] = lambda done, total: None) -> Plan:
    """Bring the storage to what the site is; the plan that was carried out. ``progress`` is in bytes.

    Raises:
        IssueBusy: another publisher is at it.
        ShelfDamaged: a file of the shelf is not what its name says.
        StorageError: the storage refuses; what was published before still holds together.
    """
    with lock.held(storage, owner=wish.owner) as renew:
        planned, state = rehearse(wish, storage)
        if not wish.force:
            refuse_mass_deletion(planned)
        if wish.prune:
            storage.abort_unfinished()
        _Sending(storage, planned, progress=progress, renew=renew).run()
        state = _kept(storage, state, planned)
        for key in planned.deletes:
            storage.delete(key)
            renew()
        if planned.deletes:
            left = {key: since for key, since in state.gone.items() if key not in set(planned.deletes)}
            keep(storage, replace(state, gone=left))
    return planned


def rehearse(wish: Order, storage: Storage) -> tuple[Plan, State]:
    """What ``publish`` would do, and what the last run noted; nothing is done.

    Raises:
        StorageError: as ``publish``.
    """
    _refuse_overlap(wish.site, storage)
    state = load(storage, podcast=wish.podcast)
    planned = plan(
        wish.site,
        storage,
        state=state,
        names=wish.names,
        keep_days=wish.keep_days,
        today=wish.today,
        at_once=wish.at_once,
    )
    due = tuple(key for key in planned.deletes if wish.prune or wish.at_once(key))
    return replace(planned, deletes=due), state


class _Sending:
    """The puts of a plan on their way: those of one group side by side, the next group only after them."""

    def __init__(
        self,
        storage: Storage,
        planned: Plan,
        *,
        progress: Callable[[int, int], None],
        renew: Callable[[], None],
    ) -> None:
        self._storage, self._planned, self._progress, self._renew = storage, planned, progress, renew
        self._done, self._counting = 0, threading.Lock()

    def run(self) -> None:
        """Send everything; the first refusal ends it."""
        proven = False
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            for group in self._planned.barriers():
                if group[0].step is Step.FEED and not proven:
                    _prove(self._planned, self._storage)
                    proven = True
                self._send_all(group, pool)

    def _send_all(self, group: Sequence[Put], pool: ThreadPoolExecutor) -> None:
        waiting = {pool.submit(self._send, put) for put in group}
        try:
            done, _ = wait(waiting, return_when=FIRST_EXCEPTION)
            for each in done:
                each.result()
        finally:
            for each in waiting:
                each.cancel()

    def _send(self, put: Put) -> None:
        if (named := hash_in_name(put.key)) and digest(put.file) != named:
            raise ShelfDamaged(
                "tệp trên giá bị hỏng; chưa đưa lên.",
                thing=put.file,
                advice="Chạy audiobook verify để biết cách sửa.",
            )
        self._storage.put(
            put.key,
            put.file,
            media_type=put.media_type,
            cache_control=put.cache_control,
            disposition=put.disposition,
        )
        with self._counting:
            self._done += put.bytes
            self._progress(self._done, self._planned.bytes)
            self._renew()


def _kept(storage: Storage, state: State, planned: Plan) -> State:
    """Note what lies there now, by the names that the storage gives; nothing is written where nothing is new."""
    if not planned.puts and planned.gone == state.gone and state.files.keys() == planned.wanted.keys():
        return state
    there = {each.key: each.etag for each in storage.list()}
    files = {
        key: Record(sha256=put.sha256, etag=there.get(key, ""), said=put.said)
        for key, put in sorted(planned.wanted.items())
    }
    noted = replace(state, files=files, gone=planned.gone)
    keep(storage, noted)
    return noted


def _prove(planned: Plan, storage: Storage) -> None:
    """See that everything that a feed can name lies there in full, before the feed names it."""
    there = {each.key: each.bytes for each in storage.list()}
    for key, put in planned.wanted.items():
        if hash_in_name(key) and there.get(key) != put.bytes:
            raise StorageError(
                "tệp đã gửi mà kho lưu trữ chưa có đủ; nguồn podcast chưa được thay.",
                thing=key,
                advice="Chạy lại audiobook publish.",
            )


def _refuse_overlap(site: Mapping[str, Path], storage: Storage) -> None:
    """A folder that holds the export would be published into itself."""
    if isinstance(storage, Folder) and (home := site.get("index.html")):
        here, there = home.parent.resolve(), storage.folder.resolve()
        if here.is_relative_to(there) or there.is_relative_to(here):
            raise StorageError(
                "thư mục phát hành và thư mục đã xuất không được nằm trong nhau.",
                thing=storage.folder,
                advice="Chọn một thư mục khác để phát hành.",
            )
