"""What apps get at the public address: our own server has no fault, and each fault of another server is found."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner
from werkzeug.serving import make_server

from audiobook import settings
from audiobook.errors import FeedFaulty
from audiobook.library import Shelf
from audiobook.model.publication import Publisher
from feeds.check import refuse_public_faults
from feeds.checks.public import public_problems
from feeds.commands import feed
from feeds.rss import write
from web.app import create_app

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Any]


@contextmanager
def served(application: Application, port: int = 0) -> Iterator[int]:
    server = make_server("127.0.0.1", port, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def public(shelf: Shelf, free_port: Callable[[], int]) -> tuple[Shelf, int]:
    """The shelf, at home on a port of this machine."""
    port = free_port()
    bulletin = shelf.bulletin()
    shelf.keep_bulletin(replace(bulletin, site=replace(bulletin.site, base_url=f"http://127.0.0.1:{port}")))
    write(shelf)
    return shelf, port


def codes(
    public: tuple[Shelf, int], spoil: Callable[[Environ, list[tuple[str, str]]], list[tuple[str, str]]]
) -> set[str]:
    """What is found where a server in front of ours spoils the headers of its answers."""
    shelf, port = public
    inner = create_app(shelf)

    def application(environ: Environ, start: Start) -> Any:
        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start(status, spoil(environ, headers), *rest)

        return inner(environ, begin)

    with served(application, port):
        found = public_problems(f"http://127.0.0.1:{port}/feed.xml", stored=(shelf.folder / "feed.xml").read_bytes())
    return {problem.code for problem in found}


def without(name: str) -> Callable[[Environ, list[tuple[str, str]]], list[tuple[str, str]]]:
    return lambda environ, headers: [each for each in headers if each[0].lower() != name]


def instead(name: str, value: str) -> Callable[[Environ, list[tuple[str, str]]], list[tuple[str, str]]]:
    return lambda environ, headers: [(each, value if each.lower() == name else said) for each, said in headers]


def test_our_own_server_has_no_fault(public: tuple[Shelf, int]) -> None:
    shelf, port = public
    with served(create_app(shelf), port):
        assert refuse_public_faults(f"http://127.0.0.1:{port}/feed.xml", shelf) == 2
        assert refuse_public_faults(f"http://127.0.0.1:{port}/feed-latest.xml", None) == 1


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (instead("content-type", "text/xml"), "public-type"),
        (without("etag"), "public-etag"),
        (instead("etag", 'W/"x"'), "public-etag"),
        (without("access-control-allow-origin"), "public-cors"),
        (without("content-range"), "public-range"),
    ],
)
def test_a_server_that_is_no_good_for_podcasts_is_told(public: tuple[Shelf, int], spoil: Any, code: str) -> None:
    assert code in codes(public, spoil)


def test_a_public_feed_that_is_old_is_told(public: tuple[Shelf, int]) -> None:
    shelf, port = public
    with served(create_app(shelf), port):
        found = public_problems(f"http://127.0.0.1:{port}/feed.xml", stored=b"<rss/>")
    assert {problem.code for problem in found} == {"public-stale"}


def test_a_sound_that_is_not_there_is_told(public: tuple[Shelf, int]) -> None:
    shelf, port = public
    sound = shelf.publication("2023-02").edition("mp3")
    assert sound
    shelf.file(shelf.publication("2023-02"), sound).unlink()
    with served(create_app(shelf), port):
        found = public_problems(f"http://127.0.0.1:{port}/feed.xml")
    assert {problem.code for problem in found} == {"public-sound"}


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/feed.xml", "file:///etc/passwd", "ftp://127.0.0.1/feed.xml"])
def test_an_address_where_nobody_answers_is_told(address: str) -> None:
    with pytest.raises(FeedFaulty, match="public-answer"):
        refuse_public_faults(address, None)


def test_the_command_looks_at_an_address_with_or_without_a_library(public: tuple[Shelf, int], tmp_path: Any) -> None:
    shelf, port = public
    address, run = f"http://127.0.0.1:{port}/feed.xml", CliRunner()
    settings.write_new(
        shelf.folder.parent, publisher=Publisher(name="H", licence_number="1", supplier="T"), title="B", description="",
        base_url=f"http://127.0.0.1:{port}",
    )  # fmt: skip
    with served(create_app(shelf), port):
        for library in (shelf.folder.parent, tmp_path / "nowhere"):
            told = run.invoke(feed, ["check", address, "-l", str(library)])
            assert (told.exit_code, told.output) == (0, "Nguồn podcast tốt: 2 số, không có lỗi.\n"), told.exception
