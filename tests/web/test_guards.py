"""What the server refuses, what it tells about itself, and that slow clients can't hold it."""

import http.client
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from audiobook.settings import Serving
from web.app import create_app
from web.guards import ADDRESS_BYTES, QUERY_BYTES


@pytest.fixture
def site(office) -> FlaskClient:
    return create_app(office.shelf, Serving(hosts=("bantin.local",))).test_client()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "127.0.0.1@evil.example"]
)
def test_a_host_that_is_not_ours_is_refused(site: FlaskClient, host: str) -> None:
    for path in ("/", "/feed.xml", "/metrics", "/healthz"):
        assert site.get(path, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost:8000", "192.168.1.20:8000", "[::1]:8000", "BANTIN.local", "bantin.local.:80"]
)
def test_the_sites_own_names_and_addresses_in_figures_are_answered(site: FlaskClient, host: str) -> None:
    assert site.get("/", headers={"Host": host}).status_code == 200


def test_the_name_in_the_base_url_is_answered(office) -> None:
    app = create_app(office.shelf)
    name = urlsplit(office.shelf.bulletin().site.base_url).netloc
    assert app.test_client().get("/", headers={"Host": name}).status_code == 200


def test_an_address_or_query_beyond_all_measure_is_refused(site: FlaskClient) -> None:
    assert site.get("/" + "a" * ADDRESS_BYTES).status_code == 414
    assert site.get("/?q=" + "a" * QUERY_BYTES).status_code == 414
    assert site.get("/?q=" + "a" * (QUERY_BYTES - 2)).status_code == 200


def test_headers_beyond_all_measure_are_refused(office) -> None:
    connection = http.client.HTTPConnection(urlsplit(office.address).netloc)
    connection.request("GET", "/", headers={"X-Long": "a" * 20_000})
    assert connection.getresponse().status == 431
    connection.close()


def test_only_over_tls_a_browser_is_told_to_stay_with_tls(site: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in site.get("/").headers
    assert "max-age" in site.get("/", base_url="https://localhost").headers["Strict-Transport-Security"]


def test_tls_in_front_is_believed_from_the_trusted_proxy_alone(office) -> None:
    connection = http.client.HTTPConnection(urlsplit(office.address).netloc)
    connection.request("GET", "/", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"})
    answer = connection.getresponse()
    answer.read()
    assert answer.getheader("Strict-Transport-Security")
    connection.request("GET", "/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert connection.getresponse().status == 404
    connection.close()


def test_health_tells_whether_there_is_something_to_hear(site: FlaskClient) -> None:
    answer = site.get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")
    assert answer.json["issues"] >= 2
    assert answer.headers["Cache-Control"] == "no-store"


def counted(site: FlaskClient) -> dict[str, float]:
    lines = site.get("/metrics").text.splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def test_requests_are_counted_by_issue_and_format(site: FlaskClient, office) -> None:
    sound = urlsplit(office.sound()[0]).path
    for first, last in ((0, 99), (100, 199), (200, 299)):
        assert site.get(sound, headers={"Range": f"bytes={first}-{last}"}).status_code == 206
    site.get("/so/2023-01")
    site.get("/so/khong-co-that")
    found = counted(site)
    assert found['bulletin_requests_total{format="mp3",issue="2023-01",status="206"}'] == 3
    assert found['bulletin_starts_total{format="mp3",issue="2023-01"}'] == 1
    assert found['bulletin_requests_total{format="page",issue="2023-01",status="200"}'] == 1
    assert found['bulletin_requests_total{format="other",issue="",status="404"}'] == 1


def test_every_feed_is_counted_by_its_name(site: FlaskClient) -> None:
    for path in ("feed.xml", "feed-latest.xml", "feeds.opml", "feed-page-7.xml", "feed-page-x.xml"):
        site.get(f"/{path}")
    found = {name for name in counted(site) if name.startswith("bulletin_requests") and 'format="feed' in name}
    assert found == {
        'bulletin_requests_total{format="feed",issue="",status="200"}',
        'bulletin_requests_total{format="feed-latest",issue="",status="200"}',
        'bulletin_requests_total{format="feeds-list",issue="",status="200"}',
        'bulletin_requests_total{format="feed-archive",issue="",status="404"}',
    }


def test_nothing_of_a_person_is_counted(site: FlaskClient) -> None:
    site.get("/tim?q=benh+cua+toi", headers={"User-Agent": "Ong-Tu-2407", "Cookie": "id=7", "Referer": "http://nha.example"},
             environ_base={"REMOTE_ADDR": "203.0.113.77"})  # fmt: skip
    text = site.get("/metrics").text
    for mark in ("benh", "Ong-Tu", "203.0.113.77", "id=7", "nha.example"):
        assert mark not in text


def test_strange_addresses_make_no_new_labels(site: FlaskClient) -> None:
    before = len(counted(site))
    for number in range(20):
        site.get(f"/so/2099-{number}/x")
        site.get(f"/m/{number}.mp3")
        site.get(f"/la-{number}")
    assert len(counted(site)) <= before + 3


def test_metrics_are_for_this_machine_unless_they_are_opened(office) -> None:
    away = {"REMOTE_ADDR": "203.0.113.9"}
    assert create_app(office.shelf).test_client().get("/metrics", environ_base=away).status_code == 404
    opened = create_app(office.shelf, Serving(metrics_open=True)).test_client()
    assert opened.get("/metrics", environ_base=away).status_code == 200
    assert opened.get("/healthz", environ_base=away).status_code == 200


def test_no_answer_sets_a_cookie(site: FlaskClient, office) -> None:
    for path in ("/", "/so/2023-01", "/feed.xml", "/healthz", "/metrics", urlsplit(office.sound()[0]).path):
        assert "Set-Cookie" not in site.get(path).headers


@contextmanager
def crowd(address: str, *, idle: int, half: int, stalled: int, sound: str) -> Iterator[None]:
    """Clients that say nothing, that stop in the middle of a header, that ask for sound and read none of it."""
    place = (urlsplit(address).hostname, urlsplit(address).port)
    with ExitStack() as open_sockets:
        for number in range(idle + half + stalled):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.settimeout(10)
            client.connect(place)
            open_sockets.enter_context(client)
            if idle <= number < idle + half:
                client.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            elif number >= idle + half:
                client.sendall(f"GET {sound} HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=0-\r\n\r\n".encode())
        yield


def test_three_hundred_slow_clients_do_not_hold_the_server(office) -> None:
    sound = urlsplit(office.sound()[0]).path
    with crowd(office.address, idle=100, half=100, stalled=100, sound=sound):
        time.sleep(0.5)
        answered = 0
        for _ in range(5):
            connection = http.client.HTTPConnection(urlsplit(office.address).netloc, timeout=5)
            connection.request("GET", "/so/2023-01")
            answered += connection.getresponse().status == 200
            connection.close()
    assert answered == 5


def test_the_privacy_paragraph_says_what_is_counted(site: FlaskClient) -> None:
    text = re.sub(r"\s+", " ", site.get("/gioi-thieu").text)
    assert "không lưu địa chỉ" in text
    assert "đếm số lượt" in text
