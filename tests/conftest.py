"""What every test may ask for: golden files on the command line, a library by the program's own commands, a browser."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

AUDIOBOOK = Path(sys.executable).with_name("audiobook")
CHROMIUM = """--no-sandbox
--disable-gpu
--disable-quic
--no-first-run
--disable-background-networking
--disable-component-update
--disable-sync
--autoplay-policy=no-user-gesture-required""".splitlines()

# Their tests share a library, servers and browsers, which each worker that takes one of them has to make.
TOGETHER = ("tests/web/publishing/", "tests/web/")
# In the order of what they take, waiting included: whichever began last would run on alone, beside an idle core.
LONGEST = """tests/web/test_player.py
tests/web/publishing/
tests/web/
tests/test_walk.py
tests/test_production.py
tests/test_voices.py
tests/audiobook/test_manuscript_hostile.py
tests/audiobook/editions/test_reading_systems.py
tests/audiobook/editions/test_bad_content.py
tests/test_correction.py
tests/audiobook/editions/test_epub.py
tests/audiobook/test_engines.py
tests/audiobook/test_cli.py
tests/audiobook/test_workers.py
tests/audiobook/test_cluster.py
tests/audiobook/test_mastering.py
tests/audiobook/test_outline.py
tests/audiobook/test_amounts.py
tests/audiobook/test_loudspeaker.py
tests/audiobook/test_inspect.py""".splitlines()

# The same examples each time; make test-long searches on with others, and with many more of them.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=5_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# Where the tests run in the background of a shell, SIGINT is ignored, and what they start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

Run = Callable[..., subprocess.CompletedProcess[str]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--save-golden", action="store_true", help="rewrite the golden files instead of comparing")


class LongestFirst(LoadScopeScheduling):
    """A file, or all of a folder that stays together, is one worker's; those that take longest begin first."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file in LONGEST else next((each for each in TOGETHER if file.startswith(each)), file)

    def _assign_work_unit(self, node: WorkerController) -> None:
        longest = next((each for each in LONGEST if each in self.workqueue), None)
        if longest:
            self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LongestFirst | None:
    return LongestFirst(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def audiobook() -> Run:
    """The installed program, in a process of its own."""

    def run(*arguments: str | Path, library: Path | None = None) -> subprocess.CompletedProcess[str]:
        command = [AUDIOBOOK, *arguments, *(["--library", library] if library else [])]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    def free() -> int:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            return int(listener.getsockname()[1])

    return free


@pytest.fixture(scope="session")
def serving() -> Callable[[Path, int], AbstractContextManager[str]]:
    """The program's own server on a library; ended by Ctrl-C, as a publisher ends it."""

    @contextmanager
    def served(library: Path, port: int) -> Iterator[str]:
        command = [AUDIOBOOK, "serve", "--library", library, "--port", str(port)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address)
            yield address
        finally:
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=10) in (0, 130)

    return served


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nobody serves at {address}")


@pytest.fixture(scope="session")
def ace(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], list[str]]:
    """Ace by DAISY: all that it has to say of a book, of any severity."""

    def findings(book: Path) -> list[str]:
        folder = tmp_path_factory.mktemp("ace")
        environment = os.environ | {
            "HOME": str(folder),
            "PUPPETEER_EXECUTABLE_PATH": "/usr/bin/chromium",
            "ACE_TIMEOUT_INITIAL": "240000",
        }
        program = Path(__file__).parent / "node_modules" / ".bin" / "ace-cli"
        command = [program, "--silent", "--force", "--outdir", folder / "report", book]
        run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        report = folder / "report" / "report.json"
        assert report.is_file(), run.stdout + run.stderr
        checked = json.loads(report.read_text("utf-8"))["assertions"]
        assert "EPUB/package.opf" in [each["earl:testSubject"]["url"] for each in checked]
        return [
            f"{each['earl:testSubject']['url']}: {finding['earl:test']['dct:title']}"
            for each in checked
            for finding in each["assertions"]
        ]

    return findings


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield chromium
        chromium.close()
