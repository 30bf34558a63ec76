"""An address -> the page and its pictures as files in a folder. Only with --fetch, only from public machines, within limits.

The name is resolved once, every address it gives must be public, and the connection goes to that very address, so that no
second answer of the name service can lead it inside (SSRF, DNS rebinding); each redirect is checked in the same way.
"""

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from audiobook.errors import FetchRefused, writing

Public = Callable[[str], bool]
resolve, connect = socket.getaddrinfo, socket.create_connection
_MOST_REDIRECTS, _MOST_PAGE, _MOST_PICTURE, _MOST_ALL, _MOST_PICTURES = 5, 20_000_000, 20_000_000, 80_000_000, 60
_SECONDS, _SECONDS_IN_ALL = 15, 120
_PIECE = 65_536
_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}
_PAGES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet.

    >>> [
    ...     is_public(each)
    ...     for each in ("8.8.8.8", "127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "0.0.0.0", "fd00::1")
    ... ]
    [True, False, False, False, False, False]
    """
    number = ipaddress.ip_address(address.split("%")[0])
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour or (number.teredo or (None, None))[1]
        if inner is not None:
            return is_public(str(inner))
    return number.is_global and not number.is_multicast


def fetch(address: str, folder: Path, *, public: Public = is_public) -> Path:
    """Bring a page (or a manuscript) and the pictures that it shows into a folder; the file's path.

    Raises:
        FetchRefused: no public machine, no answer, too large, or not a manuscript.
    """
    line = _Line(public=public, ends=time.monotonic() + _SECONDS_IN_ALL)
    kind, data, final = line.get(address, most=_MOST_PAGE)
    if kind not in _PAGES:
        raise _refused(f"địa chỉ này không cho một bài viết (kiểu {kind!r}).", address)
    file = folder / f"trang{_PAGES[kind]}"
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_with_pictures(data, final, folder, line) if _PAGES[kind] == ".html" else data)
    return file


@dataclass(slots=True)
class _Line:
    """The connection's limits for one fetch: an hour-glass and a scale for all that comes."""

    public: Public
    ends: float
    taken: int = 0

    def get(self, address: str, *, most: int) -> tuple[str, bytes, str]:
        """(media type, bytes, the address after redirects)."""
        for _ in range(_MOST_REDIRECTS + 1):
            parts = _checked(address)
            with contextlib.closing(self._connection(parts)) as connection:
                answer = self._asked(connection, parts, address)
                if answer.status in (301, 302, 303, 307, 308):
                    address = urljoin(address, answer.headers.get("Location", ""))
                    continue
                if answer.status != http.client.OK:
                    raise _refused(f"máy chủ trả lời {answer.status}.", address)
                return self._kind(answer), self._body(answer, address, most), address
        raise _refused("địa chỉ chuyển hướng quá nhiều lần.", address)

    def _connection(self, parts: SplitResult) -> http.client.HTTPConnection:
        """A connection to one checked address of the machine; for TLS the name is still what the certificate must say."""
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            found = resolve(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise _refused("không tìm thấy máy chủ này.", parts.geturl()) from error
        addresses = [str(each[4][0]) for each in found]
        if not addresses or not all(map(self.public, addresses)):
            raise _refused("địa chỉ này ở mạng nội bộ, không lấy.", parts.geturl())
        try:
            connected = connect((addresses[0], port), timeout=_SECONDS)
            if parts.scheme == "https":
                connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
        except OSError as error:
            raise _refused(f"không nối được ({error.strerror or error}).", parts.geturl()) from error
        connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
        connection.sock = connected
        return connection

    def _asked(
        self, connection: http.client.HTTPConnection, parts: SplitResult, address: str
    ) -> http.client.HTTPResponse:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": parts.netloc.rpartition("@")[2], "User-Agent": "audiobook", "Accept-Encoding": "identity"}
        try:
            connection.request("GET", path, headers=headers)
            return connection.getresponse()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _refused("máy chủ không trả lời.", address) from error

    def _kind(self, answer: http.client.HTTPResponse) -> str:
        return answer.headers.get_content_type().lower()

    def _body(self, answer: http.client.HTTPResponse, address: str, most: int) -> bytes:
        pieces, size = list[bytes](), 0
        while True:
            try:
                piece = answer.read(_PIECE)
            except (OSError, http.client.HTTPException) as error:
                raise _refused("đường truyền bị ngắt giữa chừng.", address) from error
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
            size += len(piece)
            self.taken += len(piece)
            if size > most or self.taken > _MOST_ALL or time.monotonic() > self.ends:
                raise _refused("trang quá lớn hoặc quá chậm.", address)


def _checked(address: str) -> SplitResult:
    """An address that may be asked for.

    Raises:
        FetchRefused: not http or https, with a password in it, or at a strange port.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise _refused("địa chỉ viết sai.", address) from error
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.username
        or re.search(r"[\x00-\x20]", address)
    ):
        raise _refused("chỉ lấy được địa chỉ http hoặc https, không kèm tên và mật khẩu.", address)
    if port is not None and port < 1024 and port not in (80, 443):
        raise _refused("cổng này không phải của trang web.", address)
    return parts


def _with_pictures(data: bytes, address: str, folder: Path, line: _Line) -> bytes:
    """The page with its pictures beside it; one that cannot be had keeps its address and is remarked when it is read."""
    from lxml import etree, html

    try:
        root = html.document_fromstring(data)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return data
    for number, node in enumerate(_pictures(root), start=1):
        if number > _MOST_PICTURES:
            break
        source = urljoin(address, node.get("data-src") or node.get("data-original") or node.get("src") or "")
        with contextlib.suppress(FetchRefused):
            kind, picture, _ = line.get(source, most=_MOST_PICTURE)
            if kind in _SUFFIXES:
                name = f"hinh-{number:02d}{_SUFFIXES[kind]}"
                (folder / name).write_bytes(picture)
                for attribute in ("data-src", "data-original", "srcset"):
                    node.attrib.pop(attribute, None)
                node.set("src", name)
    written: bytes = html.tostring(root, encoding="utf-8", doctype="<!DOCTYPE html>")
    return written


def _pictures(root: Any) -> Iterator[Any]:
    """The pictures of the article only: those of menus and advertisements are not asked for."""
    from audiobook.manuscripts.html_facts import facts_of
    from audiobook.manuscripts.html_page import page
    from audiobook.manuscripts.markup import Builder
    from audiobook.manuscripts.source import Omission

    body = next(root.iter("body"), root)
    wanted: list[str] = []

    def noted(source: str, alt: str, place: str) -> Omission:
        wanted.append(source)
        return Omission(code="M-PICTURE", place=place, text="", picture=True)

    Builder(find_picture=noted, not_read=page(body, facts_of(root)).not_read).read(body)
    for node in root.iter("img"):
        if (node.get("data-src") or node.get("data-original") or node.get("src") or "") in wanted:
            yield node


def _refused(reason: str, address: str) -> FetchRefused:
    return FetchRefused(reason, thing=address[:200], advice="Hoặc lưu trang từ trình duyệt rồi thêm tệp đã lưu.")
