"""What serving costs: ranges, feed and page from `audiobook serve`, alone and behind nginx, against nginx on the same files.

    python tests/bench/serving.py [SECONDS]

Needs nginx and wrk. All traffic stays on loopback. Ratios hold within one run; figures depend on the machine.
"""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "samples" / "ban-tin" / "ban-tin-so-3.md"
AUDIOBOOK = Path(sys.executable).with_name("audiobook")
PUBLISHER = ["--title=Bản tin", "--publisher=NXB", "--licence-number=12", "--supplier=TT", "--phone=024"]
SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 4
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    for program in ("nginx", "wrk"):
        if not shutil.which(program):
            sys.exit(f"cần {program} / {program} is needed: apt-get install nginx-light wrk")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        ports = free_ports(3)
        library, sound = make(folder, ports[0])
        with serving(library, ports[0]) as server, nginx(folder, library / "public", ports) as web:
            measure(server, web, ports, sound)


def measure(server: int, web: int, ports: list[int], sound: str) -> None:
    alone, plain, before = (f"http://127.0.0.1:{port}" for port in ports)
    part = ["-H", "Range: bytes=1000000-1065535"]
    reference = load("64 KB ranges, nginx alone", f"{plain}{sound}", web, *part)
    served = load("64 KB ranges, audiobook serve alone", f"{alone}{sound}", server, *part)
    behind = load("64 KB ranges, behind nginx", f"{before}{sound}", web, *part)
    print(
        f"  against nginx: alone {served / reference:.2f} (at least 0.12), behind nginx {behind / reference:.2f} (0.9)"
    )
    with urllib.request.urlopen(f"{alone}/feed.xml") as answer:
        etag = answer.headers["ETag"]
    load("feed with 304", f"{alone}/feed.xml", server, "-H", f"If-None-Match: {etag}")
    load("page, gzip", f"{alone}/so/2023-03", server, "-H", "Accept-Encoding: gzip")
    crowd(ports[0], sound)
    print(f"  peak memory of audiobook serve: {peak_mb(server):.0f} MB (under 150)")


def crowd(port: int, sound: str) -> None:
    """300 connections that say nothing, stop in a header, or do not read what they asked for."""
    with ExitStack() as held:
        for number in range(300):
            client = held.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", port))
            if number % 3 == 1:
                client.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            elif number % 3 == 2:
                client.sendall(f"GET {sound} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        time.sleep(1)
        times = []
        for _ in range(20):
            began = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/so/2023-03")
            connection.getresponse().read()
            connection.close()
            times.append(time.perf_counter() - began)
    print(
        f"  beside 300 slow clients a page takes {1000 * sorted(times)[10]:.0f} ms, at most {1000 * max(times):.0f} ms (1000)"
    )


def load(name: str, address: str, process: int, *options: str) -> float:
    """Requests per second, by wrk with sixteen connections; and CPU of the server and its children."""
    began = cpu_s(process)
    told = subprocess.run(
        ["wrk", "-t1", "-c16", f"-d{SECONDS}s", "--latency", *options, address],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])
    slow = re.search(r"99%\s+(\S+)", told)[1]
    spent = (cpu_s(process) - began) / (rate * SECONDS) * 1000
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    print(
        f"{name:<38}{rate:9.0f} /s   99 % under {slow:>8}   CPU {spent:6.3f} s per 1,000{'   WRONG ' + wrong[1] if wrong else ''}"
    )
    return rate


def family(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *map(int, children)]


def cpu_s(process: int) -> float:
    fields = (Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in family(process))
    return sum(int(each[11]) + int(each[12]) for each in fields) / TICKS


def peak_mb(process: int) -> float:
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())[1]) / 1024


def make(folder: Path, port: int) -> tuple[Path, str]:
    library = folder / "library"
    for step in (
        ["new", library, *PUBLISHER, f"--base-url=http://127.0.0.1:{port}"],
        ["add", SAMPLE, "--number", "3", "--date", "2023-03-30", "--library", library],
        ["produce", "2023-03", "--voice", "tone", "--library", library],
        ["publish", library / "public", "--library", library],
    ):
        subprocess.run([AUDIOBOOK, *step], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    publication = json.loads((library / "shelf/2023-03/publication.json").read_text("utf-8"))
    found = next(each for each in publication["editions"] if each["kind"] == "mp3")
    print(f"sound of {found['bytes'] / 1e6:.1f} MB; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    return library, f"/m/{found['sha256']}.mp3"


@contextmanager
def serving(library: Path, port: int) -> Iterator[int]:
    with subprocess.Popen(
        [AUDIOBOOK, "serve", "--library", library, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        wait_for(port)
        yield server.pid
        server.send_signal(signal.SIGINT)


@contextmanager
def nginx(folder: Path, public: Path, ports: list[int]) -> Iterator[int]:
    """nginx alone, and the example's nginx before the program; both without TLS, which costs the same for both."""
    site = (ROOT / "web" / "deploy" / "nginx.conf").read_text("utf-8")
    upstream, _, rest = site.partition("server {\n    listen 80;")
    example = "server {\n    listen 443 ssl http2;" + rest.partition("server {\n    listen 443 ssl http2;")[2]
    example = re.sub(r"(?m)^ *ssl_.*\n", "", example).replace("443 ssl http2", f"127.0.0.1:{ports[2]}")
    example = example.replace("/srv/ban-tin/public", str(public)).replace("/var/log/nginx", str(folder))
    (folder / "nginx.conf").write_text(
        f"daemon off; user root; pid {folder}/pid; worker_processes 2; error_log {folder}/log;\n"
        f"events {{ worker_connections 1024; }}\n"
        f"http {{ {upstream.replace('127.0.0.1:8000', f'127.0.0.1:{ports[0]}')} {example}\n"
        f"server {{ listen 127.0.0.1:{ports[1]}; access_log off; sendfile on; root {public}; }} }}",
        encoding="utf-8",
    )
    with subprocess.Popen(["nginx", "-e", folder / "log", "-c", folder / "nginx.conf"]) as web:
        wait_for(ports[1])
        yield web.pid
        web.terminate()


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
    sys.exit(f"nobody listens at {port}")


def free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


if __name__ == "__main__":
    main()
