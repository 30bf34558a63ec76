"""A real S3 server (OpenStack Swift), started once for all tests that want one; and storages to publish to."""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import pytest
from filelock import FileLock

from web.bucket import Bucket
from web.storage import Folder, Storage

collect_ignore = ["swift_server.py"]  # runs in its own environment
HERE = Path(__file__).parent
CACHE = HERE.parents[2] / ".cache"
KEY, SECRET = "test:tester", "testing-secret"


def swift_python() -> Path:
    """Swift has an environment of its own: its versions are not ours."""
    python, lock = CACHE / "swift" / "bin" / "python", HERE / "swift.lock"
    made = CACHE / "swift" / "made"
    CACHE.mkdir(exist_ok=True)
    with FileLock(CACHE / "swift.lock"):
        if not made.is_file() or made.read_bytes() != lock.read_bytes():
            subprocess.run([sys.executable, "-m", "venv", "--clear", CACHE / "swift"], check=True)
            pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
            subprocess.run([*pip, "--requirement", lock], check=True)
            shutil.copyfile(lock, made)
    return python


def free_ports(count: int) -> int:
    """The first of so many free ports in a row."""
    for first in range(18000 + os.getpid() % 1000 * 10, 60000, count):
        sockets = [socket.socket() for _ in range(count)]
        try:
            for offset, each in enumerate(sockets):
                each.bind(("127.0.0.1", first + offset))
        except OSError:
            continue
        finally:
            for each in sockets:
                each.close()
        return first
    raise AssertionError("no free ports")


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    if sys.platform != "linux":
        pytest.skip("Swift runs on Linux only")
    python, port = swift_python(), free_ports(4)
    folder = Path(tempfile.mkdtemp(prefix="swift-", dir=CACHE))  # /tmp may be without extended attributes
    command = [python, HERE / "swift_server.py", folder / "run", str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin
        assert server.stdout
        try:
            assert server.stdout.readline() == b"ready\n"
            yield f"http://127.0.0.1:{port}"
        finally:
            server.stdin.close()
            server.wait()
            shutil.rmtree(folder)


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


@pytest.fixture
def bucket(s3_server: str, credentials: None) -> Bucket:
    name = f"bulletin-{uuid4().hex[:12]}"
    opened = Bucket(name, prefix="an-phu", endpoint=s3_server, region="us-east-1", path_style=True, attempts=2)
    opened._client.create_bucket(Bucket=name)
    return opened


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return Folder(tmp_path / "public")
    opened: Storage = request.getfixturevalue("bucket")
    return opened


@pytest.fixture
def open_bucket(s3_server: str, credentials: None) -> Callable[..., Bucket]:
    """A bucket as somebody else would open it."""

    def opened(name: str, **options: str) -> Bucket:
        return Bucket(name, **{"endpoint": s3_server, "region": "us-east-1", **options}, path_style=True, attempts=1)

    return opened


@pytest.fixture
def closed_port() -> int:
    return free_ports(1)


@pytest.fixture(scope="session")
def faulty() -> Callable[..., AbstractContextManager[str]]:
    """A proxy before the S3 server that does harm."""
    spec = importlib.util.spec_from_file_location("faulty_proxy", HERE / "faulty_proxy.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Callable[..., AbstractContextManager[str]] = module.faulty
    return made


@pytest.fixture
def serving_folder() -> Callable[[Path], AbstractContextManager[str]]:
    """Python's own little file server."""

    @contextmanager
    def served(folder: Path) -> Iterator[str]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()

    return served


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""
