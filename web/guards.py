"""A request -> refused or let through; an answer -> with the headers that keep a browser safe.

Sources: RFC 9110 and 9112 (Host, 414, 421), OWASP's secure headers, RFC 6797 (HSTS), DNS rebinding (hosts are checked).
"""

import ipaddress
import socket
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from flask import Flask, Response, request

from web.media import Environ

ADDRESS_BYTES, QUERY_BYTES = 2_048, 2_048
"""Longer than any address or query of ours; who sends more is no listener."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "media-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HSTS = {"Strict-Transport-Security": "max-age=31536000"}


class Gate:
    """Which requests mean this site.

    ``hosts``: names under which the site may be asked for, besides that of ``base_url`` and this machine's own.
    """

    def __init__(self, *, base_url: Callable[[], str], hosts: Collection[str] = ()) -> None:
        self._base_url = base_url
        self._known = {"localhost", socket.gethostname().lower(), *(name.lower() for name in hosts)}

    def refusal(self, environ: Environ) -> tuple[str, int] | None:
        """Why a request is not let through, and the status that says so."""
        host = environ.get("HTTP_HOST", "")
        if not host and environ.get("SERVER_PROTOCOL") == "HTTP/1.1":
            return "Thiếu Host.", 400  # RFC 9112, 3.2
        if host and not is_known(host, self._known | {_name(urlsplit(self._base_url()).netloc)}):
            return "Máy chủ này không phục vụ tên miền đó.", 421
        if len(environ.get("QUERY_STRING", "")) > QUERY_BYTES or len(environ.get("PATH_INFO", "")) > ADDRESS_BYTES:
            return "Địa chỉ dài quá.", 414
        return None


def guard(app: Flask, gate: Gate) -> None:
    """Let only requests through that mean this site, and send every answer with its guards."""

    @app.before_request
    def refuse() -> Response | None:
        refusal = gate.refusal(request.environ)
        return _plain(*refusal) if refusal else None

    @app.after_request
    def guarded(response: Response) -> Response:
        for name, value in guards(request.environ).items():
            response.headers.setdefault(name, value)
        return response


def guards(environ: Environ) -> dict[str, str]:
    """The headers for an answer to a request, where it has no stricter ones of its own."""
    is_tls = environ["wsgi.url_scheme"] == "https"  # this server's own, or the proxy's that it trusts
    return HEADERS | _HSTS if is_tls else HEADERS


def is_known(host: str, names: Collection[str]) -> bool:
    """Whether a Host header names us. An address in figures always does: no name can be bound to it by a stranger.

    >>> is_known("192.168.1.5:8000", ()), is_known("[::1]", ()), is_known("evil.example", {"bantin.example.vn"})
    (True, True, False)
    """
    name = _name(host)
    if name in names or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _name(host: str) -> str:
    """A host without its port."""
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return name.lower().rstrip(".")


def _plain(text: str, status: int) -> Response:
    return Response(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
