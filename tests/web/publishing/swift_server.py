"""Run a real S3 server on loopback: OpenStack Swift with its s3api, one replica, no root.   swift_server.py FOLDER PORT

Runs in an environment of its own (swift.lock), takes four ports from PORT on, prints "ready" when all of them answer,
and ends with its standard input. Key ``test:tester``, secret ``testing-secret``.
"""

import socket
import subprocess
import sys
import time
from os import getuid
from pathlib import Path
from pwd import getpwuid

from swift.common.ring import RingBuilder

SWIFT = """
[swift-hash]
swift_hash_path_prefix = test
swift_hash_path_suffix = test
[storage-policy:0]
name = one
default = yes
"""
STORE = """
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
PROXY = """
[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats s3api tempauth copy slo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing-secret .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
[filter:symlink]
use = egg:swift#symlink
"""
SERVE = """
import sys
import swift.common.utils
import swift.common.utils.config
swift.common.utils.SWIFT_CONF_FILE = swift.common.utils.config.SWIFT_CONF_FILE = sys.argv[3]
from swift.common.wsgi import run_wsgi
extra = {}
if sys.argv[2] == "object-server":
    from swift.obj import server
    extra["global_conf_callback"] = server.global_conf_callback
sys.exit(run_wsgi(sys.argv[1], sys.argv[2], **extra))
"""


def main(folder: Path, port: int) -> None:
    configure(folder, port)
    servers = [start(folder, kind) for kind in ("account", "container", "object", "proxy")]
    try:
        while not all(answers(port + offset) for offset in range(4)):
            if any(server.poll() is not None for server in servers):
                sys.exit("\n".join(file.read_text() for file in folder.glob("*.log")))
            time.sleep(0.05)
        print("ready", flush=True)
        sys.stdin.read()
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()


def configure(folder: Path, port: int) -> None:
    (folder / "devices" / "d1").mkdir(parents=True)
    (folder / "swift.conf").write_text(SWIFT)
    for offset, kind in enumerate(("object", "container", "account"), start=1):
        ring = RingBuilder(6, 1, 0)
        place = {
            "ip": "127.0.0.1",
            "port": port + offset,
            "replication_ip": "127.0.0.1",
            "replication_port": port + offset,
        }
        ring.add_dev({"region": 1, "zone": 1, "device": "d1", "weight": 1.0, **place})
        ring.rebalance()
        ring.get_ring().save(str(folder / f"{kind}.ring.gz"))
        (folder / f"{kind}.conf").write_text(common(folder, port + offset) + STORE.format(kind=kind))
    (folder / "proxy.conf").write_text(common(folder, port) + PROXY)


def common(folder: Path, port: int) -> str:
    return f"""[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {getpwuid(getuid()).pw_name}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
fallocate_reserve = 0
disable_fallocate = true
log_level = WARNING
log_statsd_host =
"""


def start(folder: Path, kind: str) -> "subprocess.Popen[bytes]":
    with (folder / f"{kind}.log").open("wb") as log:
        command = [
            sys.executable,
            "-c",
            SERVE,
            str(folder / f"{kind}.conf"),
            f"{kind}-server",
            str(folder / "swift.conf"),
        ]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.2).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
