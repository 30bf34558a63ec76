"""A library of two issues made by the program with test tones, its words full of signs that a page must escape."""

import functools
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from audiobook.library import Shelf
from audiobook.model.publication import Publication

_PORTION = 2_000  # bytes
_DELAY_S = 0.4  # to and fro
_BYTES_A_SECOND = 50_000

HOSTILE = "<script>alert(1)</script>"
PUBLISHER = f"""--title=Bản tin "A & B" {HOSTILE}
--publisher=Nhà xuất bản <b>Bình Minh</b>
--licence-number=000-2023/CXBIPH
--supplier=Trung tâm "An Phú" & {HOSTILE}
--phone=024 0000 1234
--email=bantin@anphu.example.vn""".splitlines()
OLDER = "---\ntitle: Bản tin\nnumber: 12\ndate: 2022-12-20\n---\n\n# Giao mùa\n\nXin chào các cụ.\n"
LATEST = f"""---
title: Bản tin
number: 1
date: 2023-01-15
summary: Giữ ấm & {HOSTILE}
---

# Giữ ấm {HOSTILE} </script> & "an toàn"

Sáng nay trời trở lạnh, các cụ nhớ mặc ấm và đi tất. Bà Hoa nói: "Tôi thấy khỏe hơn nhiều".

Nhiệt độ < 15 độ & gió mạnh {HOSTILE}. Các cụ nên ở trong nhà cho đến khi trời nắng lên, và uống nước ấm đều đặn.

![Bếp lửa "{HOSTILE}"](bep.png)

# Bảng số liệu

| Phường | Số hộ |
|---|---|
| An Hà {HOSTILE} | 3.008 |
| An Bình | 1.250 |

Số hộ tăng đều qua các quý, bà con yên tâm làm ăn.

# Thơ

> Nắng lên trên mái nhà xưa
> Mẹ ngồi vá áo đợi mùa xuân sang
"""


@dataclass(frozen=True)
class Office:
    """A publisher's library, and where it is served."""

    library: Path
    address: str

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.library / "shelf")

    @property
    def latest(self) -> Publication:
        return self.shelf.publication("2023-01")

    def sound(self) -> tuple[str, bytes]:
        """The latest issue's MP3: its address and its bytes."""
        edition = self.latest.edition("mp3")
        assert edition
        return f"{self.address}/m/{edition.sha256}.mp3", self.shelf.file(self.latest, edition).read_bytes()


@pytest.fixture(scope="session")
def office(
    tmp_path_factory: pytest.TempPathFactory,
    audiobook: Callable[..., subprocess.CompletedProcess[str]],
    free_port: Callable[[], int],
    serving: Callable[[Path, int], AbstractContextManager[str]],
) -> Iterator[Office]:
    folder, port = tmp_path_factory.mktemp("office"), free_port()
    library = folder / "thu-vien"
    Image.new("RGB", (640, 400), "#7a1420").save(folder / "bep.png")
    for name, text in (("cu.md", OLDER), ("moi.md", LATEST)):
        (folder / name).write_text(text, encoding="utf-8")
    for step in (
        ["new", library, *PUBLISHER, f"--base-url=http://127.0.0.1:{port}"],
        ["add", folder / "cu.md", "--library", library],
        ["add", folder / "moi.md", "--library", library],
        ["produce", "2022-12", "--voice", "tone", "--library", library],
        ["produce", "2023-01", "--voice", "tone", "--library", library],
    ):
        done = audiobook(*step)
        assert done.returncode == 0, done.stderr
    with serving(library, port) as address:
        yield Office(library=library, address=address)


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def static_server() -> Callable[[Path], AbstractContextManager[str]]:
    """A plain web server for a folder of files, which knows nothing of the site."""

    @contextmanager
    def served(folder: Path) -> Iterator[str]:
        with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Silent, directory=folder)) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()

    return served


class SlowLine(ThreadingTCPServer):
    """A line to ``address`` that is slow for all of its connections together.

    Chromium's own throttling leaves out what a service worker fetches.
    """

    daemon_threads = False  # so that closing it waits until the last connection has hung up

    def __init__(self, address: str) -> None:
        super().__init__(("127.0.0.1", 0), _Carried)
        self.to = urlsplit(address)
        self.free = threading.Lock()
        self._callers: list[socket.socket] = []

    def process_request(self, request: Any, client_address: Any) -> None:
        self._callers.append(request)
        super().process_request(request, client_address)

    def hang_up(self) -> None:
        self.shutdown()
        for caller in self._callers:
            with suppress(OSError):  # who has hung up already
                caller.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Carried(BaseRequestHandler):
    """One connection of a slow line; a browser that has enough hangs up in the midst of it."""

    server: SlowLine

    def handle(self) -> None:
        with socket.create_connection((self.server.to.hostname, self.server.to.port)) as there:
            answers = threading.Thread(target=self._answered, args=(there,))
            answers.start()
            with suppress(ConnectionError):
                while asked := self.request.recv(65_536):
                    time.sleep(_DELAY_S)
                    there.sendall(asked)
            with suppress(OSError):
                there.shutdown(socket.SHUT_RDWR)
            answers.join()

    def _answered(self, there: socket.socket) -> None:
        with suppress(ConnectionError):
            while data := there.recv(_PORTION):
                with self.server.free:
                    time.sleep(len(data) / _BYTES_A_SECOND)
                self.request.sendall(data)
        with suppress(OSError):
            self.request.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def slow_line() -> Iterator[Callable[[str], str]]:
    """Address -> one that leads there over a slow line."""
    lines = []

    def led(address: str) -> str:
        line = SlowLine(address)
        threading.Thread(target=line.serve_forever, args=(0.05,)).start()
        lines.append(line)
        return f"http://127.0.0.1:{line.server_address[1]}"

    yield led
    for line in lines:
        line.hang_up()
