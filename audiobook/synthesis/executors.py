"""Tasks -> results, in local processes; a worker that dies is replaced and what it held is tried again.

One process holds one engine: espeak must not be shared by threads, and VieNeu's own threads would fight over the cores.
"""

import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

DEATHS_ALLOWED = 3
_AHEAD = 2  # tasks handed out for each worker: enough to keep it busy, few enough to bound memory
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def perform(
    tasks: Sequence[Task],
    work: Callable[[Task], Result],
    *,
    workers: int,
    start: Callable[..., None],
    start_with: tuple[object, ...],
) -> Iterator[tuple[Task, Result | None]]:
    """Do every task in a pool of processes; results come as they are ready, None for a task that kills its worker.

    ``start(*start_with)`` runs once in each process. What flew when a worker died is done again one by one, so that
    the guilty task is known: after ``DEATHS_ALLOWED`` deaths it is given up and the rest goes on.
    """
    for name in _THREADS:
        os.environ.setdefault(name, "1")  # read by numpy when a worker starts; more is two to four times slower
    waiting, suspects = deque(tasks), deque[Task]()
    deaths: Counter[int] = Counter()
    while waiting or suspects:
        alone = bool(suspects)
        flying: dict[Future[Result], Task] = {}
        width = 1 if alone else min(workers, len(waiting))
        pool = ProcessPoolExecutor(
            width, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(start, start_with)
        )
        try:
            yield from _fly(pool, work, suspects if alone else waiting, flying, ahead=1 if alone else width * _AHEAD)
        except BrokenProcessPool:
            for task in flying.values():
                deaths[id(task)] += alone
                if deaths[id(task)] >= DEATHS_ALLOWED:
                    yield task, None
                else:
                    suspects.append(task)
        finally:
            pool.shutdown(cancel_futures=True)


def _fly(
    pool: ProcessPoolExecutor,
    work: Callable[[Task], Result],
    queue: deque[Task],
    flying: dict[Future[Result], Task],
    *,
    ahead: int,
) -> Iterator[tuple[Task, Result]]:
    while queue or flying:
        while queue and len(flying) < ahead:
            flying[pool.submit(work, queue[0])] = queue[0]
            queue.popleft()
        ready, _ = wait(flying, return_when=FIRST_COMPLETED)
        for future in sorted(ready, key=lambda each: each.exception() is not None):
            result = future.result()
            yield flying.pop(future), result


def _begin(start: Callable[..., None], start_with: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's: it lets running sentences end
    start(*start_with)
