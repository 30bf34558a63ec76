"""A file -> an HTTP answer with ranges: sound that can be entered anywhere, and that never holds a thread.

The file is handed to waitress at the range's beginning, as its own wrapper, so that it is sent from the event loop.
Source: RFC 9110, sections 13 and 14; Werkzeug's own parser differs (a suffix longer than the file is the whole file,
If-Range wants a strong tag, If-None-Match comes before Range).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from flask import Request, Response
from werkzeug.http import is_resource_modified, quote_etag

_BLOCK = 256 * 1024
_RANGE = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE)
_FOR_GOOD_S = 31_536_000  # a year is for what is named by its content
_DIGITS = 18  # more is beyond every file, and int() of thousands of digits costs


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes ``start`` to ``stop`` (exclusive) of a file; ``status`` 200, 206 or 416."""

    start: int
    stop: int
    status: int


def send(request: Request, file: Path, *, media_type: str, etag: str, max_age_s: int, disposition: str) -> Response:
    """Answer a GET or HEAD for a file whose ``etag`` names its content."""
    size = file.stat().st_size
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": quote_etag(etag),
        "Cache-Control": f"public, max-age={max_age_s}" + (", immutable" if max_age_s >= _FOR_GOOD_S else ""),
        "Access-Control-Allow-Origin": "*",
    }
    if request.if_match and not request.if_match.contains(etag):
        return Response(status=412, headers=headers)
    if request.if_none_match and not is_resource_modified(request.environ, etag=etag):
        return Response(status=304, headers=headers)
    part = wanted_part(request.headers.get("Range", ""), request.headers.get("If-Range", ""), size=size, etag=etag)
    if part.status == 416:
        return Response(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    if part.status == 206:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    headers |= {"Content-Length": str(part.stop - part.start), "Content-Disposition": disposition}
    body = None if request.method == "HEAD" else _body(request, file, part)
    return Response(body, status=part.status, headers=headers, content_type=media_type, direct_passthrough=True)


def wanted_part(range_header: str, if_range: str, *, size: int, etag: str) -> Part:
    """What a Range header asks for; several ranges or a malformed one get the whole file, as the RFC allows.

    >>> wanted_part("bytes=-500", "", size=200, etag="x")
    Part(start=0, stop=200, status=206)
    >>> wanted_part("bytes=200-", "", size=200, etag="x").status
    416
    """
    whole, beyond = Part(0, size, 200), Part(0, 0, 416)
    asked = _RANGE.fullmatch(range_header)
    if not asked or not (asked[1] or asked[2]) or (if_range and if_range != quote_etag(etag)):
        return whole
    first, last = (_number(digits) for digits in asked.groups())
    if first is None:
        return Part(max(0, size - (last or 0)), size, 206) if last and size else beyond
    if last is not None and last < first:
        return whole
    stop = size if last is None else min(last + 1, size)
    return Part(first, stop, 206) if first < size else beyond


def _number(digits: str) -> int | None:
    if not digits:
        return None
    return int(digits) if len(digits) <= _DIGITS else 10**_DIGITS


def _body(request: Request, file: Path, part: Part) -> Any:
    stream = file.open("rb")
    stream.seek(part.start)
    wrapper = request.environ.get("wsgi.file_wrapper")
    if wrapper is not None and wrapper.__module__.startswith("waitress"):
        return wrapper(stream, _BLOCK)  # stops at Content-Length
    return _blocks(stream, part.stop - part.start)


def _blocks(stream: BinaryIO, left: int) -> Iterator[bytes]:
    with stream:
        while left > 0 and (block := stream.read(min(_BLOCK, left))):
            left -= len(block)
            yield block
