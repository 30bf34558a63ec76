"""How this program starts processes of its own: afresh, never by copying a running one, and with one thread for numbers.

Where there is a fork server (not on Windows), it loads the heavy libraries once and every worker of every step begins there.
"""

import multiprocessing
import os
import sys
from multiprocessing.context import BaseContext

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_PRELOADED = ["audiobook.cli", "audiobook.synthesis.saying", "audiobook.mastering.master", "audiobook.editions.make"]


def context() -> BaseContext:
    """What pools of processes are made with.

    Threads of numeric libraries are set to one before they are loaded: a process holds one engine, as many processes as
    cores keep them busy, and more threads than that fight (two to four times slower, as measured with VieNeu).
    """
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(_PRELOADED)
    return server


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
