"""The example files for a server: walked with a real nginx and TLS, checked by systemd's and Docker's own tools."""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from web.export import export
from web.storage import MEDIA_TYPES

DEPLOY = Path(__file__).parents[2] / "web" / "deploy"
NAME = "bantin.example.vn"


@dataclass(frozen=True)
class Proxy:
    """nginx in front of a library that is served; ``public`` is its folder of published files."""

    port: int
    plain_port: int
    public: Path
    certificate: Path

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        trusting = ssl.create_default_context(cafile=str(self.certificate))
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        connection = http.client.HTTPSConnection(NAME, context=trusting)
        connection.sock = trusting.wrap_socket(raw, server_hostname=NAME)
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body


@pytest.fixture(scope="module")
def proxy(office, tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]) -> Iterator[Proxy]:
    if not shutil.which("nginx"):
        pytest.skip("no nginx on this machine")
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    folder.parent.chmod(0o755)
    found = Proxy(port=free_port(), plain_port=free_port(), public=folder / "public", certificate=folder / "cert.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", folder / "key.pem", "-out", found.certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    site = (DEPLOY / "nginx.conf").read_text("utf-8")
    for old, new in (
        ("127.0.0.1:8000", urlsplit(office.address).netloc),
        ("listen 80;", f"listen 127.0.0.1:{found.plain_port};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{found.port} ssl"),
        ("/etc/letsencrypt/live/bantin.example.vn/fullchain.pem", str(found.certificate)),
        ("/etc/letsencrypt/live/bantin.example.vn/privkey.pem", str(folder / "key.pem")),
        ("/srv/ban-tin/public", str(found.public)),
        ("/var/log/nginx/ban-tin.log", str(folder / "error.log")),
    ):
        assert old in site, old
        site = site.replace(old, new)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; user root; events {{ worker_connections 512; }} error_log {folder}/log;\n"
        f"http {{ {site} }}",
        encoding="utf-8",
    )
    export(office.shelf, found.public)
    server = subprocess.Popen(["nginx", "-e", folder / "log", "-p", folder, "-c", folder / "nginx.conf"])
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", found.port), 1).close()
                break
            except OSError:
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.05)
        yield found
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def guest(office, monkeypatch: pytest.MonkeyPatch) -> str:
    """The office's site is known by another name behind nginx; an address in figures is always known."""
    return urlsplit(office.address).netloc


def test_plain_http_leads_to_tls(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.plain_port)
    connection.request("GET", "/so/2023-01", headers={"Host": "evil.example"})
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Location")) == (308, f"https://{NAME}/so/2023-01")
    connection.close()


def test_pages_and_feed_come_through_with_their_guards(proxy: Proxy, guest: str) -> None:
    for path in ("/", "/so/2023-01", "/feed.xml"):
        answer, _ = proxy.ask(path, Host=guest)
        assert answer.status == 200, path
        assert answer.getheader("Strict-Transport-Security")
        assert "script-src 'self'" in (answer.getheader("Content-Security-Policy") or "")
        assert answer.getheader("Server") in (None, "nginx")
    feed, body = proxy.ask("/feed.xml", Host=guest)
    again, nothing = proxy.ask("/feed.xml", Host=guest, If_None_Match=feed.getheader("ETag") or "")
    assert (again.status, nothing, body[:5]) == (304, b"", b"<?xml")


def test_sound_is_served_by_nginx_itself_and_can_be_entered(proxy: Proxy, office, guest: str) -> None:
    address, sound = office.sound()
    path = urlsplit(address).path
    answer, body = proxy.ask(path, Host=guest, Range="bytes=1000-1999")
    assert (answer.status, body) == (206, sound[1000:2000])
    assert answer.getheader("Content-Type") == "audio/mpeg"
    assert answer.getheader("Cache-Control") == "public, max-age=31536000, immutable"
    assert answer.getheader("Access-Control-Allow-Origin") == "*"
    assert answer.getheader("Content-Disposition") is None  # which the program itself would have sent
    etag = answer.getheader("ETag") or ""
    assert proxy.ask(path, Host=guest, If_None_Match=etag)[0].status == 304
    assert proxy.ask(path, "HEAD", Host=guest)[0].getheader("Content-Length") == str(len(sound))


def test_what_is_not_published_yet_comes_from_the_program(proxy: Proxy, office, guest: str) -> None:
    edition = office.latest.edition("epub")
    assert edition
    (proxy.public / "m" / f"{edition.sha256}.epub").unlink()
    answer, body = proxy.ask(f"/m/{edition.sha256}.epub", Host=guest, Range="bytes=0-99")
    assert (answer.status, body) == (206, office.shelf.file(office.latest, edition).read_bytes()[:100])
    assert "filename*" in (answer.getheader("Content-Disposition") or "")


def test_text_is_said_to_be_utf8_and_shelved_pages_run_no_script(proxy: Proxy, office, guest: str) -> None:
    for kind, media_type in (("vtt", "text/vtt"), ("transcript-html", "text/html")):
        edition = office.latest.edition(kind)
        assert edition
        answer, _ = proxy.ask(f"/m/{edition.sha256}.{edition.file.rpartition('.')[2]}", Host=guest)
        assert answer.getheader("Content-Type") == f"{media_type}; charset=utf-8"
        assert "script-src" not in (answer.getheader("Content-Security-Policy") or "")


def test_metrics_are_not_for_the_public_and_nothing_is_listed(proxy: Proxy, guest: str) -> None:
    for path in ("/metrics", "/m/", "/m", "/m/../../etc/passwd", "/m/%2e%2e/bulletin.json"):
        assert proxy.ask(path, Host=guest)[0].status in (400, 404), path


def test_no_visitor_is_written_down(proxy: Proxy, guest: str) -> None:
    proxy.ask("/so/2023-01?nguoi-nghe", Host=guest)
    proxy.ask("/khong-co", Host=guest)
    folder = proxy.certificate.parent
    for log in [*folder.glob("*log*"), *folder.glob("logs/*")]:
        assert "nguoi-nghe" not in log.read_text()
        assert "khong-co" not in log.read_text()


def test_nginx_names_the_types_that_the_program_names() -> None:
    block = re.search(r"(?s)types \{(.*?)\}", (DEPLOY / "nginx.conf").read_text("utf-8"))
    assert block
    for line in block[1].strip().rstrip(";").split(";"):
        media_type, *suffixes = line.split()
        for suffix in suffixes:
            assert MEDIA_TYPES[f".{suffix}"].split(";")[0] == media_type


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_the_service_file_is_sound_and_locked_down() -> None:
    told = subprocess.run(["systemd-analyze", "verify", DEPLOY / "ban-tin.service"], capture_output=True, text=True)
    problems = [line for line in told.stderr.splitlines() if "ban-tin.service" in line and "not executable" not in line]
    assert not problems
    exposed = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=15", DEPLOY / "ban-tin.service"],
        capture_output=True,
    )
    assert exposed.returncode == 0, exposed.stdout.decode()[-200:]


@pytest.mark.skipif(sys.platform != "linux", reason="hadolint is installed on Linux only")
def test_the_dockerfile_has_no_fault_that_its_linter_knows() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    told = subprocess.run([hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True)
    assert told.returncode == 0, told.stdout


def test_the_container_runs_as_nobody_in_particular_and_without_build_tools() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    final = text[text.rindex("FROM ") :]
    assert "USER 10001" in final
    assert "apt-get" not in text
    assert "pip install" not in final
    assert "--require-hashes" in text


@pytest.mark.skipif(
    not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True).returncode != 0,
    reason="no container engine that answers on this machine",
)
@pytest.mark.long
def test_the_container_is_built_and_answers() -> None:
    source = Path(__file__).parents[2]
    subprocess.run(["docker", "build", "-f", DEPLOY / "Dockerfile", "-t", "ban-tin-noi-test", source], check=True)
    told = subprocess.run(
        ["docker", "run", "--rm", "--read-only", "ban-tin-noi-test", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "audiobook" in told.stdout
