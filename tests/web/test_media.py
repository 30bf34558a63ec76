"""Sound over HTTP: entered anywhere, gone on with after a break, never sent for nothing."""

import http.client
from urllib.parse import urlsplit

import pytest


def ask(office, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    address, _ = office.sound()
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    connection.request(method, urlsplit(address).path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [("0-0", 0, 1), ("0-1", 0, 2), ("1000-1999", 1000, 2000), ("5000-", 5000, None), ("-700", -700, None)],
)
def test_a_part_is_sent_alone(office, wanted: str, start: int, stop: int | None) -> None:
    sound = office.sound()[1]
    answer, body = ask(office, Range=f"bytes={wanted}")
    first = start % len(sound)
    assert (answer.status, body) == (206, sound[start:stop])
    assert answer.getheader("Content-Range") == f"bytes {first}-{first + len(body) - 1}/{len(sound)}"
    assert answer.getheader("Content-Length") == str(len(body))


def test_a_part_beyond_the_end_is_refused_with_the_length(office) -> None:
    size = len(office.sound()[1])
    answer, body = ask(office, Range=f"bytes={size}-")
    assert (answer.status, answer.getheader("Content-Range"), body) == (416, f"bytes */{size}", b"")


def test_a_part_that_ends_beyond_the_end_is_what_there_is(office) -> None:
    sound = office.sound()[1]
    answer, body = ask(office, Range=f"bytes={len(sound) - 10}-{len(sound) + 10**6}")
    assert (answer.status, body) == (206, sound[-10:])


@pytest.mark.parametrize(
    "wanted", ["bytes=0-1,5-9", "bytes=9-3", "bytes=-", "bytes=a-b", "lines=0-3", "bytes=" + "9" * 5000 + "-"]
)
def test_what_cannot_be_understood_gets_the_whole_or_a_refusal(office, wanted: str) -> None:
    answer, body = ask(office, Range=wanted)
    assert (answer.status, len(body)) in ((200, len(office.sound()[1])), (416, 0))


def test_a_broken_download_goes_on_only_with_the_same_file(office) -> None:
    sound = office.sound()[1]
    etag = ask(office, "HEAD")[0].getheader("ETag") or ""
    assert ask(office, Range="bytes=100-199", If_Range=etag)[0].status == 206
    answer, body = ask(office, Range="bytes=100-199", If_Range='"another"')
    assert (answer.status, body) == (200, sound)
    assert ask(office, Range="bytes=100-199", If_Match='"another"')[0].status == 412


def test_the_whole_comes_with_its_length_type_and_name(office) -> None:
    sound = office.sound()[1]
    answer, body = ask(office)
    assert (answer.status, body) == (200, sound)
    assert answer.getheader("Content-Type") == "audio/mpeg"
    assert answer.getheader("Accept-Ranges") == "bytes"
    assert "immutable" in (answer.getheader("Cache-Control") or "")
    assert "filename*=UTF-8''" in (answer.getheader("Content-Disposition") or "")


def test_only_the_head_is_sent_to_who_asks_for_it(office) -> None:
    answer, body = ask(office, "HEAD")
    assert (answer.status, answer.getheader("Content-Length"), body) == (200, str(len(office.sound()[1])), b"")
    answer, body = ask(office, "HEAD", Range="bytes=10-19")
    assert (answer.status, answer.getheader("Content-Length"), body) == (206, "10", b"")


def test_what_a_listener_has_already_is_not_sent_again(office) -> None:
    etag = ask(office, "HEAD")[0].getheader("ETag") or ""
    answer, body = ask(office, If_None_Match=etag, Range="bytes=0-9")
    assert (answer.status, body) == (304, b"")
