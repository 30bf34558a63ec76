"""One publisher at a time: a note in the storage that says who is at it, and since when.

Who holds it renews it. A note older than half an hour is a dead run's, and so is one of this same library: a lock of
its own on this machine (filelock) has already shown that no other run of it is alive.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from audiobook.errors import IssueBusy, StorageError
from web.storage import Storage

LOCK = "publish-lock.json"
EXPIRES_S, RENEWED_S = 1800, 300


@contextmanager
def held(storage: Storage, *, owner: str, now: Callable[[], float] = time.time) -> Iterator[Callable[[], None]]:
    """Hold the storage; the value is to be called now and then, and renews the note when it is time.

    Raises:
        IssueBusy: another publisher is at it.
    """
    since = now()
    if not storage.create(LOCK, _note(owner, since)):
        _refuse_others(storage, owner=owner, now=since)
        storage.write(LOCK, _note(owner, since))

    def renew() -> None:
        nonlocal since
        if now() - since > RENEWED_S:
            since = now()
            storage.write(LOCK, _note(owner, since))

    try:
        yield renew
    except BaseException:
        with suppress(StorageError):  # what went wrong first is what counts; the next run of this library takes it over
            storage.delete(LOCK)
        raise
    storage.delete(LOCK)


def _refuse_others(storage: Storage, *, owner: str, now: float) -> None:
    try:
        theirs = json.loads(storage.read(LOCK) or b"{}")
        age = now - float(theirs["since"])
    except (ValueError, KeyError, TypeError):
        return  # gone in the meantime, or no note of ours
    if theirs.get("owner") != owner and abs(age) < EXPIRES_S:  # a clock that was set back must not lock for years
        raise IssueBusy(
            "một máy khác đang phát hành lên đây.",
            thing=storage.label,
            advice=f"Chờ xong rồi chạy lại; nếu máy kia đã hỏng, khóa tự hết sau {EXPIRES_S // 60} phút.",
        )


def _note(owner: str, since: float) -> bytes:
    return json.dumps({"owner": owner, "since": round(since)}).encode()
