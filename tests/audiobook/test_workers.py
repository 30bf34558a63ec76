"""Crews: workers that die, hang or never begin; on this machine and on Dask, with real processes killed."""

import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from unittest import mock

import psutil
import pytest
from distributed import LocalCluster, Scheduler, SpecCluster, Worker

from audiobook.errors import SettingsError, WorkersGone
from audiobook.model.narration import Line
from audiobook.synthesis import cluster, executors, saying
from audiobook.synthesis.cache import TakeCache
from audiobook.synthesis.cluster import dask
from audiobook.synthesis.engine import EngineSpec
from audiobook.synthesis.executors import Hire, Patience, local, perform
from audiobook.synthesis.render import render
from audiobook.synthesis.saying import Order
from audiobook.synthesis.voices import choose

HIRES: dict[str, Callable[[], Hire]] = {
    "processes": lambda: local(2),
    "dask": lambda: dask("local", tell=lambda line: None, workers=2),
}
PATIENT = {"unknown_s": 60.0, "least_s": 60.0}


@pytest.fixture(params=["processes", pytest.param("dask", marks=pytest.mark.long)])
def hire(request: pytest.FixtureRequest) -> Hire:
    return HIRES[request.param]()


def nothing() -> None:
    pass


def doubled(number: int) -> tuple[int, float]:
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 11:
        time.sleep(600)
    return number * 2, 0.001


def dies_once(marker: Path) -> tuple[str, float]:
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.01)
    return marker.name, 0.01


def fails(number: int) -> tuple[int, float]:
    raise SettingsError("không được.", thing=str(number))


def done(tasks: list, work: Callable, hire: Hire, **patience: float) -> dict:
    with hire(work, nothing, ()) as crew:
        return dict(perform(tasks, crew, size=lambda task: 1, patience=Patience(**(PATIENT | patience))))


def test_a_task_that_always_kills_its_worker_is_given_up_and_the_rest_goes_on(hire: Hire) -> None:
    assert done([*range(10)], doubled, hire) == {n: n * 2 for n in range(10)} | {7: None}


def test_a_task_that_hangs_loses_its_worker_and_the_rest_goes_on() -> None:
    numbers = [0, 1, 11, 2, 3]
    assert done(numbers, doubled, local(2), unknown_s=2, least_s=2) == {0: 0, 1: 2, 2: 4, 3: 6, 11: None}


@pytest.mark.long
def test_a_task_that_hangs_on_dask_loses_its_worker_and_the_rest_goes_on() -> None:
    assert done([0, 1, 11, 2, 3], doubled, HIRES["dask"](), unknown_s=3, least_s=3) == {
        0: 0,
        1: 2,
        2: 4,
        3: 6,
        11: None,
    }


def test_a_worker_that_dies_once_loses_nothing(tmp_path: Path, hire: Hire) -> None:
    markers = [tmp_path / f"{number}" for number in range(4)]
    for marker in markers[1:]:
        marker.touch()
    assert done(markers, dies_once, hire) == {marker: marker.name for marker in markers}


class Ready:
    """A crew whose every task is done as soon as it is handed out; ``flying``: handed out, not yet taken back."""

    tries, losses = 1, ()

    def __init__(self, width: int) -> None:
        self.width, self.flying, self.most = width, 0, 0

    def submit(self, task: int, *, limit_s: float) -> Future[tuple[int, float]]:
        self.flying += 1
        self.most = max(self.most, self.flying)
        done = Future[tuple[int, float]]()
        done.set_result((task, 0.001))
        return done


@pytest.mark.parametrize("width", [1, 4])
def test_however_long_the_queue_only_a_few_tasks_are_handed_out_for_each_worker(width: int) -> None:
    crew = Ready(width)
    for _ in perform(range(1000), crew, size=lambda task: 1, patience=Patience()):
        crew.flying -= 1
    assert crew.most == width * executors._AHEAD


def opened_here(order: Order) -> tuple[tuple[int, int], float]:
    """Say it; which process did, and how often it opened an engine for that."""
    with mock.patch.object(EngineSpec, "open", autospec=True, side_effect=EngineSpec.open) as opened:
        saying.say(order)
        return (os.getpid(), opened.call_count), 0.001


def orders(spec: EngineSpec, count: int) -> list[Order]:
    texts = [f"{'một ' * n}hai." for n in range(1, count + 1)]
    return [Order(key=spec.key((text,), "thap"), pieces=(text,), voice="thap", clause_ms=250) for text in texts]


@pytest.mark.parametrize("kind", HIRES)
def test_each_worker_opens_its_engine_once_however_many_sentences_it_says(tmp_path: Path, kind: str) -> None:
    spec = choose("tone", {"tone": {"seconds": 0.05}}).spec
    opened: dict[int, int] = defaultdict(int)
    with HIRES[kind]()(opened_here, saying.start, (spec, TakeCache(tmp_path))) as crew:
        for _, (worker, times) in perform(orders(spec, 24), crew, size=lambda order: 1, patience=Patience()):
            opened[worker] += times
    assert [*opened.values()] == [1, 1]


WAITING = """
from concurrent.futures import ProcessPoolExecutor
from audiobook.processes import context
with ProcessPoolExecutor(2, context()) as pool:
    list(pool.map(abs, range(4)))
    print("ready", flush=True)
    input()
"""


def test_when_the_program_is_killed_nothing_that_it_started_stays_behind() -> None:
    with subprocess.Popen([sys.executable, "-c", WAITING], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdout.readline() == b"ready\n"
        started = psutil.Process(program.pid).children(recursive=True)
        assert len(started) >= 3
        program.kill()
        _, left = psutil.wait_procs(started, timeout=20)
        for process in left:
            process.kill()
    assert left == []


def test_an_error_reaches_the_desk_as_it_was(hire: Hire) -> None:
    with pytest.raises(SettingsError, match="không được"):
        done([1, 2], fails, hire)


def test_time_limits_are_learned_from_what_was_done() -> None:
    patience = Patience(unknown_s=600, least_s=1, factor=10)
    assert patience.limit_s(100) == 600
    patience.learn(size=50, seconds=5)
    patience.learn(size=100, seconds=1)
    assert (patience.limit_s(100), patience.limit_s(1)) == (100, 1)


def test_no_address_and_no_scheduler_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="tcp://"):
        dask("somewhere", tell=print)
    monkeypatch.setattr(cluster, "_WAIT_S", 1)
    with pytest.raises(WorkersGone, match="máy thợ"), dask("tcp://127.0.0.1:9", tell=print)(doubled, nothing, ()):
        pass


def test_a_worker_that_another_desk_set_up_for_another_voice_serves_each_with_its_own(tmp_path: Path) -> None:
    """Else the take of one would be kept under the key of the other, for good."""
    one, other = (choose("espeak", {"espeak": {"rate": rate}}).spec for rate in (120, 200))
    takes = TakeCache(tmp_path)

    def said(spec: EngineSpec, text: str) -> int:
        order = Order(key=spec.key((text,), "bac"), pieces=(text,), voice="bac", clause_ms=250)
        kept, _ = cluster._within(60, partial(saying.start, spec, takes), saying.say, order)
        return kept.take.samples

    saying.start(one, takes)  # the plug-ins of both desks, the other's last
    saying.start(other, takes)
    assert said(one, "xin chào các cụ.") > 1.3 * said(other, "xin chào các cụ.")


def test_a_cluster_of_this_machine_has_as_many_workers_as_are_wanted() -> None:
    with dask("local", tell=lambda line: None, workers=1)(doubled, nothing, ()) as crew:
        assert crew.width == 1


def test_a_cluster_without_a_graphics_card_where_one_is_needed_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dask itself would keep the tasks for a worker that may never come."""
    monkeypatch.setattr(cluster, "_WAIT_S", 1)
    with LocalCluster(n_workers=1, processes=False, protocol="tcp", dashboard_address=None) as plain:
        wanted = dask(plain.scheduler_address, tell=lambda line: None, graphics_card=True)
        with pytest.raises(WorkersGone, match=r"card đồ họa.*--resources GPU=1"), wanted(doubled, nothing, ()):
            pass


def test_only_workers_with_a_graphics_card_are_counted_where_one_is_needed() -> None:
    kinds = {"plain": {}, "card": {"GPU": 1}, "another": {}}
    workers = {name: {"cls": Worker, "options": {"nthreads": 1, "resources": has}} for name, has in kinds.items()}
    scheduler = {"cls": Scheduler, "options": {"host": "127.0.0.1", "dashboard": False}}
    with SpecCluster(workers, scheduler) as mixed:
        wanted = dask(mixed.scheduler_address, tell=lambda line: None, graphics_card=True)
        with wanted(doubled, nothing, ()) as crew:
            assert crew.width == 1


def test_a_cluster_of_this_machine_has_the_machines_graphics_card() -> None:
    wanted = dask("local", tell=lambda line: None, workers=1, graphics_card=True)
    assert done([3], doubled, wanted) == {3: 6}


def test_takes_of_a_cluster_lie_in_the_shared_folder_whoever_of_its_workers_is_killed(tmp_path: Path) -> None:
    told: list[str] = []
    lines = [Line(id=f"s{n}", voice="thap", pieces=(f"{'một ' * n}hai.",)) for n in range(1, 30)]
    slow = choose("tone", {"tone": {"seconds": 0.05}}).spec
    wanted = {"spec": slow, "hire": dask("local", tell=told.append)}
    killed: list[int] = []

    def kill_the_first(done: int, total: int) -> None:
        if done and not killed:
            killed.append(next(worker for worker in dask_workers() if worker))
            os.kill(killed[0], signal.SIGKILL)

    theirs = render(lines, takes=TakeCache(tmp_path), progress=kill_the_first, **wanted)
    assert killed
    assert len({take.file for take in theirs.takes.values()}) == 29
    assert all(take.file.is_file() for take in theirs.takes.values())
    assert told[0].startswith("Bảng theo dõi: http://127.0.0.1:")
    facts = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.json")}
    render(lines, takes=TakeCache(tmp_path), progress=lambda done, total: None, **wanted)
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.json")} == facts
    assert len(told) == 1, "nobody is hired where there is nothing to say"


def dask_workers() -> list[int]:
    """The processes of Dask's workers that this one started."""
    return [each.pid for each in psutil.Process().children(recursive=True) if "spawn_main" in command(each)]


def command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # it has ended, and nobody has waited for it yet
        return ""
