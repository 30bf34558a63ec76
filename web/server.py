"""Shelf -> a running server: waitress, which holds idle listeners in its event loop and not in threads."""

import errno
import logging
import os
import signal
from collections.abc import Callable
from typing import Any

from audiobook.errors import PortTaken, ServingError
from audiobook.library import Shelf
from audiobook.settings import Serving
from web.app import site_in
from web.lending import METHODS
from web.links import root_of
from web.loop import create_server
from web.reading_room import ReadingRoom

_THREADS = 8
_CONNECTIONS = 400 if os.name == "nt" else 1000  # Windows' select() takes 512 sockets
_OPEN_FILES = 4096  # a connection, and the sound that it is sent
_LIMITS: dict[str, Any] = {
    "connection_limit": _CONNECTIONS,
    "asyncore_use_poll": os.name != "nt",
    "channel_timeout": 60,
    "cleanup_interval": 10,
    "max_request_header_size": 16_384,
    "max_request_body_size": 1_024,
    "ident": None,  # no answer tells which server this is
}


def listen(shelf: Shelf, *, host: str, port: int, serving: Serving, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; ``ready`` is told the address once it listens.

    Raises:
        PortTaken: another program has the port.
        ServingError: the address is not this machine's.
    """
    root = root_of(shelf.bulletin().site.base_url)
    _allow_open_files()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of each moment in which nine ask at once
    server = _server(shelf, host=host, port=port, serving=serving, root=root)
    here = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 (it is only compared)
    ready(f"Mở trang nghe: http://{here}:{port}{root}\nDừng: bấm Ctrl-C.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what systemd and Docker send
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def _server(shelf: Shelf, *, host: str, port: int, serving: Serving, root: str) -> Any:
    room = ReadingRoom(shelf)

    def at_hand(method: str, path: str) -> bool:
        return method in METHODS and room.at_hand(path.removeprefix(f"{root}/"))

    # Only with a proxy to trust may a header say who asks; without one waitress takes such headers away.
    proxy: dict[str, Any] = {
        "trusted_proxy": serving.trusted_proxy,
        "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto",
    }
    try:
        return create_server(
            site_in(room, serving),
            at_hand=at_hand,
            threads=_THREADS,
            host=host,
            port=port,
            url_prefix=root,
            **_LIMITS,
            **(proxy if serving.trusted_proxy else {}),
        )
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortTaken(
                f"cổng {port} đang bận hoặc không được phép dùng.",
                thing=f"{host}:{port}",
                advice=f"Dùng cổng khác: --port {port + 1 if port < 65535 else 8000} (hoặc make demo PORT=…).",
            ) from error
        raise ServingError("không lắng nghe được ở địa chỉ này.", thing=f"{host}:{port}", place=str(error)) from error


def _allow_open_files() -> None:
    """Many systems let a program open 1,024 files, fewer than our connections and their files need."""
    try:
        import resource
    except ImportError:  # Windows, which counts otherwise
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < _OPEN_FILES <= hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, hard))
