"""An address is fetched only from public machines, within limits, with the pictures of the article beside the page."""

import datetime
import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from audiobook.errors import FetchRefused
from audiobook.manuscripts import fetch as fetching
from audiobook.manuscripts.fetch import fetch
from audiobook.manuscripts.read import Details, read

SAMPLES = Path(__file__).parents[1] / "samples" / "manuscripts"
PAGE = (SAMPLES / "html-portal-with-menus.html").read_bytes().replace(b"trang_files/anh.png", b"/anh.png")
PICTURE = (SAMPLES / "trang_files" / "anh.png").read_bytes()


class Portal(http.server.BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        match self.path:
            case "/bai":
                self._give("text/html; charset=utf-8", PAGE)
            case "/anh.png":
                self._give("image/png", PICTURE)
            case "/vong":
                self._send(302, "/vong")
            case "/vao-trong":
                self._send(302, "http://169.254.169.254/latest/meta-data")
            case "/tep":
                self._send(302, "file:///etc/passwd")
            case "/lon":
                self._give("text/html", b"x" * 2_000_000)
            case "/nhac":
                self._give("audio/mpeg", b"ID3")
            case _:
                self.send_error(404)

    def _give(self, kind: str, data: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(data)

    def _send(self, status: int, to: str) -> None:
        self.send_response(status)
        self.send_header("Location", to)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def portal() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Portal.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def only_this_machine(address: str) -> bool:
    return address == "127.0.0.1"


def test_a_page_comes_with_the_pictures_of_its_article_only(portal: str, tmp_path: Path) -> None:
    file = fetch(f"{portal}/bai", tmp_path / "trang", public=only_this_machine)
    details = Details(number=3, date=datetime.date(2023, 3, 30))
    issue = read(file, details=details, images=tmp_path / "images").issue
    figures = [block for block in issue.chapters[0].blocks if block.media]
    assert [figure.media.alt for figure in figures] == ["Các cụ chờ khám mắt"]
    assert Portal.asked == ["/bai", "/anh.png"]


def test_a_machine_inside_is_never_asked(portal: str, tmp_path: Path) -> None:
    with pytest.raises(FetchRefused, match="mạng nội bộ"):
        fetch(f"{portal}/bai", tmp_path / "trang")
    assert Portal.asked == []


@pytest.mark.parametrize("path", ["vong", "vao-trong", "tep", "nhac", "mat"])
def test_redirects_and_other_things_are_refused(portal: str, tmp_path: Path, path: str) -> None:
    with pytest.raises(FetchRefused):
        fetch(f"{portal}/{path}", tmp_path / "trang", public=only_this_machine)
    assert not (tmp_path / "trang").exists()


def test_a_page_beyond_measure_is_refused(portal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_MOST_PAGE", 1_000_000)
    with pytest.raises(FetchRefused, match="quá lớn"):
        fetch(f"{portal}/lon", tmp_path / "trang", public=only_this_machine)


def test_the_connection_goes_to_the_address_that_was_checked_and_every_redirect_is_checked_again(
    portal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(portal.rsplit(":", 1)[1])
    answers = iter(["127.0.0.1", "10.0.0.1"])  # the second question is answered with an address inside
    connect, reached = socket.create_connection, list[str]()

    def rebinding(host: str, at: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), at))]

    def connected(to: tuple[str, int], **how: float) -> socket.socket:
        reached.append(to[0])
        return connect(("127.0.0.1", port), **how)

    monkeypatch.setattr("audiobook.manuscripts.fetch.resolve", rebinding)
    monkeypatch.setattr("audiobook.manuscripts.fetch.connect", connected)
    with pytest.raises(FetchRefused, match="mạng nội bộ"):
        fetch(f"http://doi-ten.example.vn:{port}/vong", tmp_path / "trang", public=only_this_machine)
    assert reached == ["127.0.0.1"]


@pytest.mark.parametrize(
    "address",
    [
        "ftp://bantin.example.vn/a", "file:///etc/passwd", "http://a:b@bantin.example.vn/", "http://bantin.example.vn:22/",
        "http://[::1]/", "http://2130706433/", "http://0x7f.1/", "http://localhost/", "http://bantin.example.vn/ a", "http://", "http://[/",
    ],
)  # fmt: skip
def test_an_address_that_must_not_be_asked_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(FetchRefused):
        fetch(address, tmp_path / "trang")
