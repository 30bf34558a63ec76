"""How many threads numeric libraries start: one."""

import os

_NAMES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def one_thread_each() -> None:
    """Before such a library is loaded, here and in processes started from here; a number that is set already stays.

    A process holds one engine, as many processes as cores keep them busy, and more threads than that fight (two to four
    times slower, as measured with VieNeu); even threads that do nothing cost a twentieth of a CPU second each time.
    """
    for name in _NAMES:
        os.environ.setdefault(name, "1")
