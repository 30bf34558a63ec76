"""A crew of Dask workers: ``--cluster local`` on this machine, ``--cluster tcp://host:8786`` on many.

Workers open the engine once, by a plug-in, and write into the same folder of takes, which all machines must see at the same
path. A worker that dies is replaced by its nanny and its task goes to another; one that hangs ends itself at its time limit.
"""

import asyncio
import faulthandler
import os
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from audiobook.errors import SettingsError, WorkersGone
from audiobook.processes import cores, shielded
from audiobook.synthesis.executors import Crew, Hire

_HOST = "127.0.0.1"  # Dask's own default would open its dashboard, and with it this machine, to everyone
_WAIT_S = 30
_LOOK_EVERY_S = 0.5
_SCHEMES = ("tcp", "tls")
_one_at_a_time = Lock()  # a worker may have been started with several threads; its engine and its watchdog serve one


def dask(address: str, *, tell: Callable[[str], None], workers: int = 0, graphics_card: bool = False) -> Hire:
    """Workers behind a scheduler's address, or processes of this machine under Dask where it is "local".

    Args:
        address: "local", ``tcp://host:port``, or ``tls://host:port`` with the certificates of Dask's own configuration.
        tell: shown a line for the operator: the dashboard's address, or that the line is not encrypted.
        workers: processes of this machine where it is "local"; 0: as many as it has cores.
        graphics_card: take workers only that were started with ``--resources GPU=1``.

    Raises:
        SettingsError: no address, or Dask is not installed.
        WorkersGone: when it is hired: nobody answers there, or none of the workers has a graphics card.
    """
    if address != "local" and urlsplit(address).scheme not in _SCHEMES:
        raise SettingsError("cần local, tcp://máy:cổng hoặc tls://máy:cổng.", thing="--cluster", place=address)

    @contextmanager
    def hire(work: Callable[..., Any], start: Callable[..., None], start_with: tuple[Any, ...]) -> Iterator[Crew]:
        try:
            from distributed import Client, KilledWorker
        except ImportError as error:
            advice = 'Cài bằng: pip install "ban-tin-noi[cluster]"'
            raise SettingsError("chưa cài Dask trên máy này.", thing="--cluster", advice=advice) from error
        needs = {"GPU": 1} if graphics_card else {}
        with _scheduler(address, workers or cores(), needs) as where, _connected(Client, where, address) as client:
            _expect_able(client, needs, address)
            client.register_plugin(_plugin(start, start_with))
            tell(f"Bảng theo dõi: {_dashboard(client)}")
            if address.startswith("tcp://") and urlsplit(address).hostname not in (_HOST, "localhost"):
                tell("Đường nối không mã hóa: ai vào được mạng này chạy được lệnh trên các máy thợ. Nên dùng tls://")
            yield _Workers(client, work, partial(start, *start_with), (KilledWorker,), needs=needs)

    return hire


class _Workers:
    """A crew; Dask itself gives a task to other workers before it reports that they were killed."""

    def __init__(
        self,
        client: Any,
        work: Callable[..., Any],
        start: Callable[[], None],
        losses: tuple[type[BaseException], ...],
        *,
        needs: Mapping[str, int],
    ) -> None:
        self._client, self._work, self._start, self._needs = client, work, start, needs
        self._executor = client.get_executor(pure=False, **({"resources": needs} if needs else {}))
        self.losses = losses
        self.tries = 2

    @property
    def width(self) -> int:
        """Workers that are there now and have what is needed; they may come and go."""
        return max(1, _able(self._client, self._needs))

    def submit(self, task: Any, *, limit_s: float) -> Future[Any]:
        future: Future[Any] = self._executor.submit(_within, limit_s, self._start, self._work, task)
        return future


def _within(limit_s: float, start: Callable[[], None], work: Callable[..., Any], task: Any) -> Any:
    """In a worker: do the task, or end the process. A watchdog of the interpreter's own sees even code that never returns.

    ``start`` is told again: another desk may have set this worker up for another voice since.
    """
    with _one_at_a_time, open(os.devnull, "w") as nowhere:  # noqa: PTH123  # the watchdog wants a file that stays open
        faulthandler.dump_traceback_later(limit_s, exit=True, file=nowhere)
        try:
            start()
            return work(task)
        finally:
            faulthandler.cancel_dump_traceback_later()


def _plugin(start: Callable[..., None], start_with: tuple[Any, ...]) -> Any:
    from distributed import WorkerPlugin

    class Engine(WorkerPlugin):
        """Sets a worker up, once, now and whenever one joins later."""

        name = f"audiobook {start_with!r}"

        async def setup(self, worker: Any) -> None:
            await asyncio.to_thread(start, *start_with)

    return Engine()


@contextmanager
def _scheduler(address: str, workers: int, resources: Mapping[str, int]) -> Iterator[Any]:
    if address != "local":
        yield address
        return
    from dask import config
    from distributed import LocalCluster

    with config.set({"distributed.scheduler.allowed-failures": 1}), ExitStack() as stack:
        with shielded():  # its workers, and those that its thread starts in place of dead ones
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host=_HOST,
                dashboard_address=f"{_HOST}:0",
                memory_limit=0,
                resources=resources,
                silence_logs=50,
            )
            stack.enter_context(cluster)
        yield cluster


@contextmanager
def _connected(client_of: Any, where: Any, address: str) -> Iterator[Any]:
    try:
        client = client_of(where, timeout=_WAIT_S, set_as_default=False)
        client.wait_for_workers(1, timeout=_WAIT_S)
    except (OSError, TimeoutError) as error:
        advice = "Xem máy điều phối có chạy không (dask scheduler) và có máy thợ nào không (dask worker)."
        raise WorkersGone("không nối được, hoặc không có máy thợ nào.", thing=address, advice=advice) from error
    with client:
        yield client


def _able(client: Any, needs: Mapping[str, int]) -> int:
    """How many workers have what is needed."""
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    return sum(all(worker["resources"].get(name, 0) >= count for name, count in needs.items()) for worker in workers)


def _expect_able(client: Any, needs: Mapping[str, int], address: str) -> None:
    """Wait a while for the first worker that has what is needed: Dask itself would wait for it without a word."""
    patient_until = time.monotonic() + _WAIT_S
    while not _able(client, needs):
        if time.monotonic() > patient_until:
            raise WorkersGone(
                "không máy thợ nào có card đồ họa.",
                thing=address,
                advice='Trên máy có card: dask worker … --resources GPU=1; hoặc đặt device = "cpu".',
            )
        time.sleep(_LOOK_EVERY_S)


def _dashboard(client: Any) -> str:
    from importlib.util import find_spec

    link: str = client.dashboard_link
    return link if find_spec("bokeh") else link.replace("/status", "/info/main/workers.html")
