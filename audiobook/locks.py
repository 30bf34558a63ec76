"""A lock file -> one run at a time. The system frees it when its holder dies, by kill -9 too.

Only for disks of this machine: on a network share a lock may be a promise that nobody keeps.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audiobook.errors import IssueBusy, writing


@contextmanager
def alone(file: Path, said: str, *, thing: str | Path, wait_s: float = 0) -> Iterator[None]:
    """Hold the lock; ``said``: what another run that holds it is doing to ``thing``.

    Raises:
        IssueBusy: it is still held after ``wait_s``.
    """
    from filelock import FileLock, Timeout

    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(file)
        try:
            lock.acquire(timeout=wait_s)
        except Timeout as error:
            raise IssueBusy(said, thing=thing, advice="Chờ xong rồi chạy lại.") from error
    try:
        yield
    finally:
        lock.release()
