"""How this program starts processes of its own: afresh, never by copying a running one, and with one thread for numbers."""

import multiprocessing
import os
import signal
from multiprocessing.context import BaseContext, SpawnContext, SpawnProcess

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class _Process(SpawnProcess):
    """Ctrl-C is its parent's: it is blocked from the very beginning, before the first import could be interrupted."""

    def start(self) -> None:
        if not hasattr(signal, "pthread_sigmask"):  # Windows
            super().start()
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # a new process takes it over
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Context(SpawnContext):
    Process = _Process


def context() -> BaseContext:
    """What pools of processes are made with.

    Threads of numeric libraries are set to one before they are loaded: a process holds one engine, as many processes as
    cores keep them busy, and more threads than that fight (two to four times slower, as measured with VieNeu).
    """
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    return _Context()  # a fork server would hide its workers' cost from make bench


def end_children() -> None:
    """End this program's processes at once, for who pressed Ctrl-C: what they were at is made anew, the rest is kept."""
    for child in multiprocessing.active_children():
        child.terminate()


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
