"""Browsers that Playwright does not drive, each by its own protocol: old Chromiums, Firefox, WebKit.

One small way to use them all: open an address, and ask the page for the value of an expression.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import pytest
import websocket

WINDOW = (380, 720)
PACKAGES = Path(__file__).parents[2] / "node_modules"
PATIENCE_S = 90  # a machine with much to do


class Remote(Protocol):
    """A browser with one page."""

    def open(self, address: str) -> None: ...

    def ask(self, expression: str) -> Any: ...

    def press(self, selector: str) -> None: ...


class Chromium:
    """By the DevTools protocol, as far as Chromium 64 has it."""

    def __init__(self, port: int) -> None:
        pages = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=10))
        address = next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
        self._socket = websocket.create_connection(address, timeout=PATIENCE_S, suppress_origin=True)
        self._count = 0

    def open(self, address: str) -> None:
        self._call("Page.navigate", url=address)
        wait_for(lambda: self.ask("location.href !== 'about:blank' && document.readyState === 'complete'"))

    def ask(self, expression: str) -> Any:
        wanted = {"expression": f"JSON.stringify({expression})", "userGesture": True, "awaitPromise": True}
        answer = self._call("Runtime.evaluate", **wanted, returnByValue=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return json.loads(answer["result"].get("value") or "null")

    def press(self, selector: str) -> None:
        self.ask(f"(document.querySelector({selector!r}).click(), true)")

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": params}))
        return dict(answered(self._socket, self._count)["result"])


class Firefox:
    """By WebDriver BiDi (W3C)."""

    def __init__(self, port: int) -> None:
        self._socket = websocket.create_connection(
            f"ws://127.0.0.1:{port}/session", timeout=PATIENCE_S, suppress_origin=True
        )
        self._count = 0
        self._call("session.new", capabilities={})
        self._context = self._call("browsingContext.getTree")["contexts"][0]["context"]

    def open(self, address: str) -> None:
        self._call("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def ask(self, expression: str) -> Any:
        wanted = {"expression": f"JSON.stringify({expression})", "awaitPromise": True, "userActivation": True}
        answer = self._call("script.evaluate", **wanted, target={"context": self._context})
        if answer["type"] == "exception":
            raise AssertionError(answer["exceptionDetails"])
        return json.loads(answer["result"].get("value") or "null")

    def press(self, selector: str) -> None:
        self.ask(f"(document.querySelector({selector!r}).click(), true)")

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": params}))
        answer = answered(self._socket, self._count)
        if answer.get("type") == "error":
            raise AssertionError(answer)
        return dict(answer["result"])


class WebKit:
    """By WebDriver (W3C), through WebKitGTK's own driver."""

    def __init__(self, port: int, browser: str) -> None:
        self._root = f"http://127.0.0.1:{port}"
        options = {"binary": browser, "args": ["--automation"]}
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self._root += "/session/" + self._post("/session", capabilities=capabilities)["sessionId"]

    def open(self, address: str) -> None:
        self._post("/url", url=address)

    def ask(self, expression: str) -> Any:
        return json.loads(self._post("/execute/sync", script=f"return JSON.stringify({expression})", args=[]) or "null")

    def press(self, selector: str) -> None:
        """As a finger does, on a page that stands still: WebKit plays nothing that a script alone began.

        In the middle of the screen: the driver would bring it to the lower edge, where the bar comes up with the scrolling
        and takes the press.
        """
        self._wait_till_still()
        self.ask(f"(document.querySelector({selector!r}).scrollIntoView({{block: 'center'}}), true)")
        self._wait_till_still()
        found = self._post("/element", using="css selector", value=selector)
        self._post(f"/element/{next(iter(found.values()))}/click")

    def _wait_till_still(self) -> None:
        before = None
        while (now := self.ask("window.pageYOffset")) != before:
            before = now
            time.sleep(0.3)

    def close(self) -> None:
        urllib.request.urlopen(urllib.request.Request(self._root, method="DELETE"), timeout=PATIENCE_S).close()

    def _post(self, path: str, **values: Any) -> Any:
        wanted = urllib.request.Request(
            f"{self._root}{path}", json.dumps(values).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(wanted, timeout=PATIENCE_S) as answer:
            return json.load(answer)["value"]


def answered(socket: Any, number: int) -> dict[str, Any]:
    while (answer := json.loads(socket.recv())).get("id") != number:
        pass  # an event that nobody asked for
    return dict(answer)


@contextmanager
def old_chromium(packed: Path, folder: Path) -> Iterator[Remote]:
    """A Chromium of 2018 or 2019 out of its npm package, unpacked by node."""
    program = folder / "chromium"
    unpack(packed / "bin" / "chromium.br", program)
    libraries = folder / "libraries"
    if (packed / "bin" / "aws.tar.br").is_file():
        unpack(packed / "bin" / "aws.tar.br", folder / "aws.tar")
        shutil.unpack_archive(folder / "aws.tar", libraries, filter="data")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--single-process", "--no-zygote", "--disable-dev-shm-usage",
             "--autoplay-policy=no-user-gesture-required", f"--window-size={WINDOW[0]},{WINDOW[1]}",
             "--remote-debugging-port=0", f"--user-data-dir={folder}/profile", "about:blank"]  # fmt: skip
    environment = os.environ | {"LD_LIBRARY_PATH": str(libraries / "lib")}
    with running([str(program), *flags], env=environment) as said:
        yield Chromium(int(said(r"DevTools listening on ws://127\.0\.0\.1:(\d+)")))


def unpack(file: Path, target: Path) -> None:
    program = "const [, from, to] = process.argv, fs = require('fs'), zlib = require('zlib');" \
              "fs.createReadStream(from).pipe(zlib.createBrotliDecompress()).pipe(fs.createWriteStream(to, {mode: 0o755}))"  # fmt: skip
    subprocess.run(["node", "-e", program, file, target], check=True)


@contextmanager
def firefox(folder: Path) -> Iterator[Remote]:
    """Debian's Firefox ESR."""
    profile = folder / "profile"
    profile.mkdir()
    (profile / "user.js").write_text(
        'user_pref("media.autoplay.default", 0);\nuser_pref("app.normandy.enabled", false);\n'
    )
    flags = ["--headless", "--no-remote", f"--width={WINDOW[0]}", f"--height={WINDOW[1]}"]
    with running(
        ["firefox-esr", *flags, "--profile", str(profile), "--remote-debugging-port", "0", "about:blank"]
    ) as said:
        yield Firefox(int(said(r"WebDriver BiDi listening on ws://127\.0\.0\.1:(\d+)")))


@contextmanager
def webkit(port: int) -> Iterator[Remote]:
    """WebKitGTK's small browser, on a screen that nobody sees."""
    browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    screen = 200 + os.getpid() % 700
    with running(["Xvfb", f":{screen}", "-screen", "0", f"{WINDOW[0]}x{WINDOW[1]}x24", "-nolisten", "tcp"]):
        environment = os.environ | {
            "DISPLAY": f":{screen}",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            "LIBGL_ALWAYS_SOFTWARE": "1",
        }
        with running(["WebKitWebDriver", f"--port={port}"], env=environment):
            wait_for(lambda: is_up(f"http://127.0.0.1:{port}/status"))
            remote = WebKit(port, str(browser))
            yield remote
            remote.close()


@contextmanager
def running(command: list[str], env: dict[str, str] | None = None) -> Iterator[Callable[[str], str]]:
    """A program, and what it says; ended with all that it started."""
    with tempfile.TemporaryFile("w+") as heard:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=heard, env=env, start_new_session=True)

        def said(pattern: str) -> str:
            found: list[str] = []

            def look() -> bool:
                heard.seek(0)
                found[:] = re.findall(pattern, heard.read())
                return bool(found)

            wait_for(look)
            return found[0]

        try:
            yield said
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def is_up(address: str) -> bool:
    with suppress(OSError):
        urllib.request.urlopen(address, timeout=2).close()
        return True
    return False


def wait_for(holds: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > until:
            raise AssertionError("it did not come")
        time.sleep(0.1)


@pytest.fixture(scope="session", params=["chromium-64", "chromium-79", "firefox", "webkit"])
def remote(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]
) -> Iterator[Remote]:
    folder = tmp_path_factory.mktemp("browser")
    if request.param == "firefox":
        opened = firefox(folder)
    elif request.param == "webkit":
        opened = webkit(free_port())
    else:
        opened = old_chromium(PACKAGES / request.param, folder)
    with opened as browser:
        yield browser


@pytest.fixture(scope="session")
def until() -> Callable[[Remote, str], None]:
    """Wait for an expression of the page to hold."""
    return lambda remote, expression: wait_for(lambda: remote.ask(expression))
