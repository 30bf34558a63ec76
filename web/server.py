"""Shelf -> a running server: waitress, which holds idle listeners in its event loop and not in threads."""

import errno
import os
from collections.abc import Callable

from audiobook.errors import PortTaken, ServingError
from audiobook.library import Shelf
from web.app import create_app
from web.links import root_of

_THREADS = 8
_CHANNEL_TIMEOUT_S = 60


def listen(shelf: Shelf, *, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C; ``ready`` is told the address once it listens.

    Raises:
        PortTaken: another program has the port.
        ServingError: the address is not this machine's.
    """
    import waitress

    windows = os.name == "nt"
    root = root_of(shelf.bulletin().site.base_url)
    try:
        server = waitress.create_server(
            create_app(shelf),
            host=host,
            port=port,
            threads=_THREADS,
            connection_limit=400 if windows else 1000,
            asyncore_use_poll=not windows,
            channel_timeout=_CHANNEL_TIMEOUT_S,
            max_request_header_size=16_384,
            max_request_body_size=1_024,
            url_prefix=root,
            ident=None,
        )
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortTaken(
                f"cổng {port} đang bận hoặc không được phép dùng.",
                thing=f"{host}:{port}",
                advice=f"Dùng cổng khác: --port {port + 1 if port < 65535 else 8000} (hoặc make demo PORT=…).",
            ) from error
        raise ServingError("không lắng nghe được ở địa chỉ này.", thing=f"{host}:{port}", place=str(error)) from error
    here = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 (it is only compared)
    ready(f"Mở trang nghe: http://{here}:{port}{root}\nDừng: bấm Ctrl-C.")
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
