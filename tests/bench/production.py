"""Wall clock, CPU seconds and peak memory of the sample issue's production: cold, unchanged, after one changed word.

    python tests/bench/production.py [--long]

``--long`` adds an issue of one hour and one of ten, to compare their memory.

Each run is a process of its own, as an editor starts it; CPU includes the workers that it starts. Memory is told twice: the
peak of the program itself and of its largest worker, and the most that all of them together had at one moment (proportional
set size, looked at ten times a second, so that pages which processes share count once; Linux only).
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE
from threading import Thread

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "samples" / "ban-tin"
AUDIOBOOK = [sys.executable, "-c", "from audiobook.cli import main; main()"]
PUBLISHER = """--title=Bản tin
--publisher=Nhà xuất bản
--licence-number=12-2023/CXBIPH
--supplier=Trung tâm
--phone=024 0000 1234
--base-url=http://127.0.0.1:8000""".splitlines()
MEASURED = """
import resource, json, sys, time
from multiprocessing.forkserver import _forkserver
from audiobook.cli import _run
began = time.perf_counter(); status = _run(sys.argv[1:]); wall = time.perf_counter() - began
_forkserver._stop()  # the process that workers are copies of: waited for, so that its cost and theirs count
own, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "status": status, "wall": wall, "cpu": own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime,
    "own_mb": own.ru_maxrss / 1024, "worker_mb": workers.ru_maxrss / 1024}))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        run("new", str(library), *PUBLISHER)
        run("add", str(SAMPLE / "ban-tin-so-3.md"), "--number", "3", "--date", "2023-03-30", "--library", str(library))
        produce = ["produce", "2023-03", "--voice", "espeak", "--library", str(library)]
        show("help", measure("--help"))
        show("cold", measure(*produce))
        show("unchanged", measure(*produce))
        manuscript = library / "issues" / "2023-03" / "manuscript.md"
        text = manuscript.read_text("utf-8")
        word = re.search(r"(?m)^[^#\W][^\n]* (các cụ) ", text)
        if not word:
            sys.exit("the sample issue has no word to change")
        manuscript.write_text(text[: word.start(1)] + "quý cụ" + text[word.end(1) :], encoding="utf-8")
        show("one word", measure(*produce))
        length = json.loads((library / "shelf/2023-03/publication.json").read_text("utf-8"))["timeline"]["chapters"][
            -1
        ]["end_ms"]
        print(f"length of the issue: {length / 60000:.1f} min; cores: {os.cpu_count()}")
        shutil.rmtree(library)
        if "--long" in sys.argv:
            one, ten = (longer(Path(folder) / f"{copies}", copies) for copies in (3, 29))
            print(
                f"ten hours against one: {ten['together_mb'] / one['together_mb']:.2f} times the memory, "
                f"the program alone {ten['own_mb'] / one['own_mb']:.2f}"
            )


def longer(folder: Path, copies: int) -> dict[str, float]:
    """Produce the sample's articles so many times over."""
    shutil.copytree(SAMPLE, folder)
    head, body = re.fullmatch(r"(---\n.*?\n---\n)(.*)", (folder / "ban-tin-so-3.md").read_text("utf-8"), re.S).groups()
    again = (re.sub(r"(?m)^(# .*)$", rf"\1 {number}", body) for number in range(1, copies + 1))
    manuscript = folder / "dai.md"
    manuscript.write_text(head + "\n".join(again), encoding="utf-8")
    library = folder / "library"
    run("new", str(library), *PUBLISHER)
    run("add", str(manuscript), "--number", "3", "--date", "2023-03-30", "--library", str(library))
    figures = measure("produce", "2023-03", "--voice", "espeak", "--library", str(library))
    show(f"{copies * 21 / 60:.0f} h", figures)
    return figures


def run(*arguments: str) -> None:
    subprocess.run([*AUDIOBOOK, *arguments], check=True, stdout=subprocess.DEVNULL)


def measure(*arguments: str) -> dict[str, float]:
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", MEASURED, *arguments], stdout=PIPE, stderr=PIPE, text=True) as running:
        together_mb = 0.0
        told = Future[tuple[str, str]]()
        Thread(target=lambda: told.set_result(running.communicate())).start()
        while not told.done():
            together_mb = max(together_mb, sum(map(shared_mb, family(running.pid))))
            wait([told], timeout=0.1)
    out, errors = told.result()
    if running.returncode:
        sys.exit(errors)
    figures: dict[str, float] = json.loads(out.splitlines()[-1])
    if figures["status"]:
        sys.exit(errors)
    return figures | {"wall": time.perf_counter() - began, "together_mb": together_mb}


def family(process: int) -> Iterator[int]:
    """A process and all that it started, as far as they still run.

    A child that is not yet the program that it will be (vfork) has its parent's memory, not as much again.
    """
    yield process
    children = list[str]()
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            children += task.read_text().split()
    for child in map(int, children):
        with suppress(OSError):
            if not same_memory(child, process):
                yield from family(child)


def same_memory(one: int, other: int) -> bool:
    """Whether they use the very same pages, not copies of them: a page or two may come between two looks."""
    (size, pages), (other_size, other_pages) = (
        map(int, Path(f"/proc/{each}/statm").read_text().split()[:2]) for each in (one, other)
    )
    return size == other_size and abs(pages - other_pages) < 16


def shared_mb(process: int) -> float:
    """A process' memory; of pages that it shares with others its part."""
    with suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.M)
        return int(found[1]) / 1024 if found else 0
    return 0


def show(name: str, figures: dict[str, float]) -> None:
    print(
        f"{name:<10} wall {figures['wall']:7.2f} s   CPU {figures['cpu']:7.2f} s   "
        f"peak memory {figures['own_mb']:5.0f} MB, of the largest worker {figures['worker_mb']:5.0f} MB, "
        f"all together {figures['together_mb']:5.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    main()
