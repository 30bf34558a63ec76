"""Which requests the event loop answers itself, and that those who ask for too much at once hold nobody."""

import http.client
import io
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from waitress import wasyncore

from web.loop import create_server
from web.reading_room import ReadingRoom

THREADS = 2
MUCH = bytes(10_000_000)  # waitress lets a thread wait when two of it are not yet sent


@pytest.fixture
def port(free_port: Callable[[], int]) -> Iterator[int]:
    """A server that tells in which thread it answered; /held waits until the test is over, /much is a big file."""
    over = threading.Event()

    def app(environ, start_response) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/held":
            over.wait(30)
        is_much = environ["PATH_INFO"] == "/much"
        said = MUCH if is_much else threading.current_thread().name.encode()
        start_response("200 OK", [("Content-Length", str(len(said)))])
        return environ["wsgi.file_wrapper"](io.BytesIO(said)) if is_much else [said]

    server = create_server(
        app, at_hand=lambda method, path: (method, path) == ("GET", "/m"), threads=THREADS, host="127.0.0.1",
        port=free_port(),
    )  # fmt: skip
    loop = threading.Thread(target=server.run, name="loop", daemon=True)
    loop.start()
    yield server.effective_port
    over.set()
    server.task_dispatcher.shutdown()
    server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
    loop.join()


def ask(port: int, path: str, method: str = "GET") -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(method, path)
    said = connection.getresponse().read().decode()
    connection.close()
    return said


def talk(port: int, text: str) -> str:
    """All that is answered to ``text`` until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(text.encode())
        return b"".join(iter(lambda: client.recv(65536), b"")).decode("latin-1")


def test_only_what_is_at_hand_is_answered_by_the_loop(port: int) -> None:
    assert ask(port, "/m") == "loop"
    assert ask(port, "/page").startswith("waitress")
    assert ask(port, "/m", "POST").startswith("waitress")


def test_sound_is_sent_while_every_thread_is_held(port: int) -> None:
    with ExitStack() as held:
        for _ in range(THREADS):
            client = held.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(b"GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for _ in range(3):
            assert ask(port, "/m") == "loop"


def test_a_request_that_cannot_be_read_is_refused_and_the_loop_goes_on(port: int) -> None:
    assert " 400 " in talk(port, "GET /m HTTP/1.1\r\nHost : localhost\r\n\r\n").splitlines()[0]
    assert ask(port, "/m") == "loop"


@pytest.mark.parametrize("path", ["/m", "/page"])
def test_who_asks_again_before_the_answer_is_answered_once_and_told_to_come_again(port: int, path: str) -> None:
    said = talk(port, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20)
    assert said.count("HTTP/1.1 200 OK") == 1
    assert "Connection: close" in said


def test_who_asks_for_one_thing_after_another_keeps_the_connection(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    for _ in range(3):
        connection.request("GET", "/m")
        answer = connection.getresponse()
        assert (answer.read(), answer.getheader("Connection")) == (b"loop", None)
    connection.close()


def test_clients_that_ask_for_much_at_once_and_read_none_of_it_hold_no_thread(port: int) -> None:
    with ExitStack() as held:
        for _ in range(2 * THREADS):
            client = held.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(b"GET /much HTTP/1.1\r\nHost: localhost\r\n\r\n" * 4)
        for _ in range(8):
            assert ask(port, "/page").startswith("waitress")


def test_the_loop_never_looks_at_the_shelf(office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.reading_room._FRESH_S", 60)  # of a busy machine's time
    room, path = ReadingRoom(office.shelf), urlsplit(office.sound()[0]).path.lstrip("/")
    assert not room.at_hand(path)  # before the first look
    assert room.medium(path)
    assert room.at_hand(path)
    assert not room.at_hand("m/0.mp3")
    monkeypatch.setattr("web.reading_room._FRESH_S", 0)
    assert not room.at_hand(path)  # the look is old: a thread shall look anew
