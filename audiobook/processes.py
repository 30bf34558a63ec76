"""How this program starts processes of its own: never by copying a running one, and with one thread for numbers."""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, as_completed, wait
from contextlib import contextmanager
from multiprocessing.context import BaseContext, ForkServerContext, ForkServerProcess, SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import ParamSpec, TypeVar

from audiobook.threads import one_thread_each

P = ParamSpec("P")
T = TypeVar("T")
Order = TypeVar("Order")

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_VERY_LARGE = 16 * 2**20
_LARGE = 128 * 1024  # bytes: what is larger is taken from the system by itself, and given back by itself
_AHEAD = 3  # orders handed out for each worker: enough to keep it busy
_LOADED = [
    "audiobook.cli",
    "audiobook.editions.mp3",
    "audiobook.editions.opus",
    "audiobook.mastering.master",
    "audiobook.synthesis.engines.espeak",
    "audiobook.synthesis.saying",
    "lameenc",
]
"""What every worker needs, and nothing that starts threads: these are not copied safely."""


@contextmanager
def shielded() -> Iterator[None]:
    """Ctrl-C is the parent's: for processes started in the block it is blocked before their first import could be interrupted.

    Threads started in it do not get it either, nor whatever they start. Windows has no such thing.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # a new process or thread takes it over
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Shielded(BaseProcess):
    """It ends with its parent, however that ended: who waits at a queue would never hear that nobody is there any more."""

    def start(self) -> None:
        with shielded():
            super().start()

    def run(self) -> None:
        Thread(target=_end_with_parent, daemon=True).start()
        super().run()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent  # noqa: S101  # this runs in a child
    parent.join()
    os._exit(1)


class _Afresh(SpawnContext):
    class Process(_Shielded, SpawnProcess):
        """Begins with nothing."""


class _FromServer(ForkServerContext):
    class Process(_Shielded, ForkServerProcess):
        """A copy of a small process that did nothing yet but load what workers need, once for all of them."""


def context() -> BaseContext:
    """What pools of processes are made with."""
    one_thread_each()
    if sys.platform != "linux":  # macOS' own libraries do not bear being copied
        return _Afresh()
    multiprocessing.set_forkserver_preload(_LOADED)
    return _FromServer()


def stay_small() -> None:
    """Give freed memory of over 128 kB back to the system at once; for a process that does a long thing at its ease.

    glibc learns from what is freed to keep more and more for itself (mallopt(3), M_MMAP_THRESHOLD). Other systems have
    their own ways.
    """
    _tell_glibc({_M_MMAP_THRESHOLD: _LARGE})


def stay_ready() -> None:
    """Keep up to 64 MB of freed memory; for a worker, which needs the same again and again, sentence after sentence.

    Else every array of a sentence is taken from the system anew, page by page, which is a tenth of what mastering costs.
    """
    _tell_glibc({_M_MMAP_THRESHOLD: _VERY_LARGE, _M_TRIM_THRESHOLD: _VERY_LARGE * 4})


def _tell_glibc(limits: Mapping[int, int]) -> None:
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None  # musl has none
    if mallopt:
        for name, limit in limits.items():
            mallopt(name, limit)


def environment() -> dict[str, str]:
    """For a program that is started once and may not grow: its glibc is told what ``stay_small`` tells ours."""
    return {**os.environ, "MALLOC_MMAP_THRESHOLD_": str(_LARGE)}


@contextmanager
def tidying() -> Iterator[Callable[[], None]]:
    """A function that gives back to the system what was freed since: circles, and what lies between what is still used.

    What was there before is not looked through each time, which takes 30 ms. Source: malloc_trim(3), glibc only.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None

    def give_back() -> None:
        gc.collect()
        if trim:
            trim(0)

    gc.freeze()
    try:
        yield give_back
    finally:
        gc.unfreeze()


def apart(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do one thing in a process of its own: the memory that it takes is given back with that process.

    Raises:
        BrokenProcessPool: the process was ended from outside.
        Exception: whatever the work raises.
    """
    with ProcessPoolExecutor(1, context()) as pool:
        try:
            return pool.submit(work, *args, **kwargs).result()
        except KeyboardInterrupt:
            end_children()
            raise


def side_by_side(work: Callable[[Order], T], orders: Iterable[Order], workers: int) -> Iterator[T]:
    """Do the work for each order; results come as they are ready.

    No order is asked for long before it is wanted, and no result is held: of a long issue there are thousands.

    Raises:
        BrokenProcessPool: a process was ended from outside.
        Exception: whatever the work raises; what is being done is finished, the rest is left.
    """
    if workers <= 1:
        yield from map(work, orders)
        return
    flying = set[Future[T]]()
    with ProcessPoolExecutor(workers, context(), initializer=stay_ready) as pool:
        try:
            for order in orders:
                flying.add(pool.submit(work, order))
                if len(flying) >= workers * _AHEAD:
                    ready, flying = wait(flying, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in ready)
            for future in as_completed(flying):
                yield future.result()
        except KeyboardInterrupt:
            end_children()
            raise
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def end_children() -> None:
    """End this program's processes at once, for who pressed Ctrl-C: what they were at is made anew, the rest is kept."""
    for child in multiprocessing.active_children():
        child.terminate()


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
