"""How this program starts processes of its own: afresh, never by copying a running one, and with one thread for numbers."""

import multiprocessing
import os
from multiprocessing.context import BaseContext

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def context() -> BaseContext:
    """What pools of processes are made with.

    Threads of numeric libraries are set to one before they are loaded: a process holds one engine, as many processes as
    cores keep them busy, and more threads than that fight (two to four times slower, as measured with VieNeu).
    """
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    return multiprocessing.get_context("spawn")  # a fork server would hide its workers' cost from make bench


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
