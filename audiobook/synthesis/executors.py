"""Tasks -> results, by a crew: processes of this machine, or Dask workers on as many machines as one has.

A worker holds one engine, opened at its first task: espeak must not be shared by threads, and VieNeu's own would fight over
the cores. Tasks are handed out a few at a time, so that memory stays bounded however long the queue is.
"""

import signal
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from audiobook.errors import WorkersGone
from audiobook.processes import context, stay_ready

Task = TypeVar("Task")

_AGAIN = "Chạy lại; những câu đã đọc được giữ."
_AHEAD = 3  # tasks handed out for each worker: enough to keep it busy, few enough to bound memory


class Crew(Protocol):
    """Who does the tasks."""

    @property
    def width(self) -> int:
        """How many work at the same time."""
        ...

    @property
    def tries(self) -> int:
        """How often a task may lose its worker before it is given up."""
        ...

    @property
    def losses(self) -> tuple[type[BaseException], ...]:
        """What a future raises when the worker died or was ended because it hung."""
        ...

    def submit(self, task: Any, *, limit_s: float) -> Future[Any]:
        """Hand out a task; its worker is ended when it takes longer than ``limit_s``."""
        ...


Hire = Callable[[Callable[..., Any], Callable[..., None], tuple[Any, ...]], AbstractContextManager[Crew]]
"""(work, start, start_with) -> a crew, whose every worker has done ``start(*start_with)``."""


@dataclass(slots=True)
class Patience:
    """How long a task may take: learned from those that were done. ``size`` is what time grows with, such as characters."""

    unknown_s: float = 600.0  # opening a large model from a slow disk is part of a worker's first task
    least_s: float = 60.0
    factor: float = 10.0
    slowest: float = 0.0  # seconds for one unit of size, of all tasks so far

    def learn(self, *, size: int, seconds: float) -> None:
        """Take a finished task into account."""
        self.slowest = max(self.slowest, seconds / max(size, 1))

    def limit_s(self, size: int) -> float:
        """The time limit of a task."""
        return max(self.least_s, self.factor * self.slowest * size) if self.slowest else self.unknown_s


def perform(
    tasks: Sequence[Task], crew: Crew, *, size: Callable[[Task], int], patience: Patience
) -> Iterator[tuple[Task, Any]]:
    """Do every task; results come as they are ready, None for a task that lost its worker too often.

    The work returns (result, seconds it took). A task that lost its worker is done again at the end, alone: whatever else
    ran beside it is not blamed, and it has the machine for itself.

    Raises:
        WorkersGone: nothing was done for so long that no worker can be alive.
    """
    queue, alone, losses = deque(tasks), deque[Task](), Counter[int]()
    flying: dict[Future[Any], Task] = {}
    while queue or alone or flying:
        while queue and len(flying) < crew.width * _AHEAD:
            _hand_out(queue.popleft(), crew, flying, size=size, patience=patience)
        if alone and not flying:
            _hand_out(alone.popleft(), crew, flying, size=size, patience=patience)
        for future in _ready(flying, size=size, patience=patience):
            task = flying.pop(future)
            try:
                result, seconds = future.result()
            except crew.losses:
                losses[id(task)] += 1
                if losses[id(task)] < crew.tries:
                    alone.append(task)
                else:
                    yield task, None
            except CancelledError as error:
                raise WorkersGone("máy điều phối đã ngừng.", advice=_AGAIN) from error
            else:
                patience.learn(size=size(task), seconds=seconds)
                yield task, result


def _hand_out(
    task: Task, crew: Crew, flying: dict[Future[Any], Task], *, size: Callable[[Task], int], patience: Patience
) -> None:
    flying[crew.submit(task, limit_s=patience.limit_s(size(task)))] = task


def _ready(
    flying: dict[Future[Any], Task], *, size: Callable[[Task], int], patience: Patience
) -> Iterable[Future[Any]]:
    longest_s = max(patience.limit_s(size(task)) for task in flying.values())
    ready, _ = wait(flying, timeout=longest_s * (_AHEAD + 1), return_when=FIRST_COMPLETED)
    if not ready:
        raise WorkersGone("không có máy thợ nào trả lời.", advice=_AGAIN)
    return ready


def local(workers: int) -> Hire:
    """Processes of this machine. One that dies or hangs is replaced alone; the others go on."""

    @contextmanager
    def hire(work: Callable[..., Any], start: Callable[..., None], start_with: tuple[Any, ...]) -> Iterator[Crew]:
        from pebble import ProcessPool

        pool = ProcessPool(workers, initializer=_begin, initargs=(start, start_with), context=context())
        try:
            yield _Processes(pool, work, workers)
            pool.close()
        except BaseException:
            pool.stop()  # a sentence that is half said is not waited for
            raise
        finally:
            pool.join()

    return hire


class _Processes:
    def __init__(self, pool: Any, work: Callable[..., Any], workers: int) -> None:
        from pebble import ProcessExpired

        self._pool, self._work = pool, work
        self.width = workers
        self.tries = 3
        self.losses = (ProcessExpired, TimeoutError)

    def submit(self, task: Any, *, limit_s: float) -> Future[Any]:
        future: Future[Any] = self._pool.schedule(self._work, args=[task], timeout=limit_s)
        return future


def _begin(start: Callable[..., None], start_with: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's
    stay_ready()
    start(*start_with)
