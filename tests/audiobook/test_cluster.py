"""A cluster as an operator starts it: a scheduler and workers in processes of their own, and the command that uses them."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, cast

import pytest
from distributed import Client, get_worker

from audiobook import cli, errors
from audiobook.library import Shelf
from audiobook.synthesis import cluster, saying
from audiobook.synthesis import listen as listening
from audiobook.synthesis.cache import Kept, TakeCache
from audiobook.synthesis.cluster import dask
from audiobook.synthesis.engine import EngineSpec
from audiobook.synthesis.executors import Patience, perform
from audiobook.synthesis.saying import Order
from audiobook.synthesis.voices import choose

ROOT = Path(__file__).parents[2]
PUBLISHER = """--title=Bản tin
--publisher=Nhà xuất bản
--licence-number=12-2023/CXBIPH
--supplier=Trung tâm
--phone=024 0000 1234
--base-url=http://127.0.0.1:8000""".splitlines()
SHORT = "---\nnumber: 3\ndate: 2023-03-30\n---\n\n# Bài thứ nhất\n\nXin chào các cụ.\n\n# Bài thứ hai\n\nChúc các cụ khỏe.\n"
_WORKERS_OWN = 0o077  # a umask by which one sees which files a worker wrote

Start = Callable[..., subprocess.Popen[bytes]]


@contextmanager
def processes() -> Iterator[Start]:
    """Starts Dask's own commands; ends all of them."""
    running: list[subprocess.Popen[bytes]] = []

    def start(command: str, *arguments: str) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", "distributed.cli.dask_" + command, "--no-dashboard", *arguments]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        running.append(subprocess.Popen(program, cwd=ROOT, umask=_WORKERS_OWN, **quiet))
        return running[-1]

    try:
        yield start
    finally:
        for each in running:
            each.kill()
        for each in running:
            each.wait()


@pytest.fixture
def start() -> Iterator[Start]:
    with processes() as starting:
        yield starting


def scheduler(start: Start, port: int) -> str:
    start("scheduler", "--host", "127.0.0.1", "--port", str(port))
    return f"tcp://127.0.0.1:{port}"


def worker(start: Start, address: str, *arguments: str) -> subprocess.Popen[bytes]:
    return start("worker", address, "--no-nanny", "--nthreads", "1", *arguments)


def wait_for_workers(address: str, count: int) -> None:
    with Client(address, timeout=30, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=30)


@pytest.fixture(scope="module")
def running(free_port: Callable[[], int]) -> Iterator[str]:
    """The address of a scheduler with two workers: "with" has a graphics card, "without" has none."""
    with processes() as start:
        address = scheduler(start, free_port())
        worker(start, address, "--name", "with", "--resources", "GPU=1")
        worker(start, address, "--name", "without")
        wait_for_workers(address, 2)
        yield address


def nothing() -> None:
    pass


def named(task: int) -> tuple[str, float]:
    return str(get_worker().name), 0.001


def done_by(address: str, *, graphics_card: bool) -> set[str]:
    """The workers that did some of twenty tasks."""
    with dask(address, tell=lambda line: None, graphics_card=graphics_card)(named, nothing, ()) as crew:
        return {name for _, name in perform(range(20), crew, size=lambda task: 1, patience=Patience())}


def test_what_needs_a_graphics_card_goes_to_the_worker_that_has_one(running: str) -> None:
    assert done_by(running, graphics_card=True) == {"with"}
    assert done_by(running, graphics_card=False) == {"with", "without"}


def said_by(order: Order) -> tuple[int, float]:
    """Say it. A worker that is condemned dies at the worst moment: its take is kept, and nobody was told."""
    kept, seconds = cast(tuple[Kept, float], saying.say(order))
    folder = kept.take.folder.parent
    condemned = folder / "condemned.txt"
    if condemned.exists() and condemned.read_text() == str(os.getpid()):
        (folder / "finished.json").write_text(json.dumps(written(folder)))
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid(), seconds


def written(folder: Path) -> dict[str, int]:
    """The takes that are whole, and when each was written."""
    return {facts.stem: facts.with_suffix(".flac").stat().st_mtime_ns for facts in folder.glob("??/*.json")}


def orders(spec: EngineSpec, count: int) -> list[Order]:
    texts = [f"{'một ' * n}hai." for n in range(1, count + 1)]
    return [Order(key=spec.key((text,), "thap"), pieces=(text,), voice="thap", clause_ms=250) for text in texts]


def test_one_worker_joins_late_and_one_is_killed_and_nothing_is_lost_or_made_twice(
    start: Start, tmp_path: Path, free_port: Callable[[], int]
) -> None:
    address = scheduler(start, free_port())
    first, late = worker(start, address), None
    spec, takes = choose("tone", {"tone": {"seconds": 0.05}}).spec, TakeCache(tmp_path)
    wanted, done = orders(spec, 24), dict[str, int]()
    with dask(address, tell=lambda line: None)(said_by, saying.start, (spec, takes)) as crew:
        for order, by in perform(wanted, crew, size=lambda order: order.length, patience=Patience()):
            done[order.key] = by
            if late is None:
                late = worker(start, address)
                wait_for_workers(address, 2)
                (tmp_path / "condemned.txt").write_text(str(first.pid))
    assert late
    assert first.wait() == -signal.SIGKILL
    assert set(done.values()) == {first.pid, late.pid}
    assert done.keys() == {order.key for order in wanted}
    assert all(takes.get(order.key) for order in wanted)
    finished = json.loads((tmp_path / "finished.json").read_text())
    assert finished.items() <= written(tmp_path).items()


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AUDIOBOOK_BASE_URL", raising=False)

    def run(*arguments: str | Path) -> tuple[int, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as leaving:
            cli.main([str(each) for each in arguments])
        heard = capfd.readouterr()
        return leaving.value.code, heard.out + heard.err

    return run


@pytest.fixture
def library(said, tmp_path: Path) -> Path:
    folder, manuscript = tmp_path / "thu-vien", tmp_path / "so3.md"
    manuscript.write_text(SHORT, encoding="utf-8")
    assert said("new", folder, *PUBLISHER)[0] == 0
    assert said("add", manuscript, "--library", folder)[0] == 0
    return folder


def written_by_workers(library: Path) -> list[bool]:
    """Of each take."""
    return [file.stat().st_mode & _WORKERS_OWN == 0 for file in library.glob("cache/takes/*/*.flac")]


def test_every_issue_is_said_by_the_workers_of_a_cluster(said, library: Path, running: str) -> None:
    code, told = said("produce", "--all", "--voice", "tone", "--cluster", running, "--library", library)
    assert code == 0, told
    assert "Bảng theo dõi: http://127.0.0.1:" in told
    assert set(written_by_workers(library)) == {True}
    assert Shelf(library / "shelf").has("2023-03")


def test_a_cluster_of_this_machine_says_an_issue(said, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handed_out = []
    hand_out = cluster._Workers.submit

    def counted(crew: cluster._Workers, order: Order, *, limit_s: float):
        handed_out.append(order.key)
        return hand_out(crew, order, limit_s=limit_s)

    monkeypatch.setattr(cluster._Workers, "submit", counted)
    code, told = said("produce", "2023-03", "--voice", "tone", "--cluster", "local", "--library", library)
    assert code == 0, told
    assert "Bảng theo dõi: http://127.0.0.1:" in told
    assert set(handed_out) == {file.stem for file in library.glob("cache/takes/*/*.flac")}


@pytest.mark.parametrize("is_scheduler_there", [False, True])
def test_a_cluster_that_nobody_answers_for_is_told_in_a_sentence(
    said, library: Path, start: Start, free_port: Callable[[], int], monkeypatch: pytest.MonkeyPatch,
    is_scheduler_there: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(cluster, "_WAIT_S", 1)
    address = f"tcp://127.0.0.1:{free_port()}"
    if is_scheduler_there:
        address = scheduler(start, free_port())
        Client(address, timeout=30, set_as_default=False).close()
    code, told = said("produce", "2023-03", "--voice", "tone", "--cluster", address, "--library", library)
    assert code == errors.WorkersGone.exit_code
    (error,) = [line for line in told.splitlines() if not line.startswith("Đọc thành tiếng")]
    assert error.startswith(f"Lỗi: {address}: không nối được, hoặc không có máy thợ nào. ")
    assert not Shelf(library / "shelf").has("2023-03")


class Deaf:
    """A recogniser that hears the same in whatever is said."""

    name = "deaf 1"
    asked: ClassVar[list[str]] = []

    def __init__(self, model: str) -> None:
        self.model = model

    def hear(self, samples: object) -> str:
        self.asked.append(self.model)
        return "điều gì đó rất khác hẳn"


def test_what_a_recogniser_hears_otherwise_stops_an_issue_until_it_is_let_pass(
    said, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(listening._KINDS, "deaf", Deaf)
    monkeypatch.setattr(Deaf, "asked", [])
    with (library / "audiobook.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[listen]\nrecogniser = "deaf"\nmodel = "{tmp_path}"\n')
    produce = ["produce", "2023-03", "--voice", "tone", "--library", library]
    code, told = said(*produce, "--listen")
    assert code == errors.DoubtStands.exit_code
    assert not Shelf(library / "shelf").has("2023-03")
    doubts = re.findall(r"\[V-HEARD\] (.+?): máy nghe lại thấy khác: “điều gì đó rất khác hẳn”", told)
    assert len(doubts) == len(Deaf.asked) > 4
    assert set(Deaf.asked) == {str(tmp_path)}
    heard = len(Deaf.asked)
    code, told = said(*produce, "--listen", *(f"--accept=V-HEARD@{place}" for place in doubts))
    assert code == 0, told
    assert len(Deaf.asked) == heard, "nothing is listened to twice"
    assert {each.place for each in Shelf(library / "shelf").publication("2023-03").accepted} == set(doubts)
