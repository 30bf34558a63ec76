"""A file -> an HTTP answer with ranges: sound that can be entered anywhere, and that never holds a thread.

The file is handed to waitress at the range's beginning, as its own wrapper, so that it is sent from the event loop. RFC 9110
(sections 13 and 14), where Werkzeug differs: a suffix longer than the file is the whole file, If-Range wants a strong tag.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flask import Request, Response
from werkzeug.http import is_resource_modified, quote_etag

_BLOCK = 256 * 1024
_RANGE = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*")


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes ``start`` to ``stop`` (exclusive) of a file; ``status`` 200, 206 or 416."""

    start: int
    stop: int
    status: int


def send(request: Request, file: Path, *, media_type: str, etag: str, max_age: int, disposition: str = "") -> Response:
    """Answer a GET or HEAD for a file whose ``etag`` names its content."""
    size = file.stat().st_size
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": quote_etag(etag),
        "Cache-Control": f"public, max-age={max_age}, immutable",
        "Access-Control-Allow-Origin": "*",
    }
    if disposition:
        headers["Content-Disposition"] = disposition
    if not is_resource_modified(request.environ, etag=etag):
        return Response(status=304, headers=headers)
    part = wanted_part(request.headers.get("Range", ""), request.headers.get("If-Range", ""), size=size, etag=etag)
    if part.status == 416:
        return Response(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    if part.status == 206:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    headers["Content-Length"] = str(part.stop - part.start)
    if request.method == "HEAD":
        return Response(status=part.status, headers=headers, mimetype=media_type)
    stream = file.open("rb")
    stream.seek(part.start)
    wrapper = request.environ.get("wsgi.file_wrapper")
    if wrapper is not None and wrapper.__module__.startswith("waitress"):
        body = wrapper(stream, _BLOCK)
    else:
        body = _blocks(stream, part.stop - part.start)
    return Response(body, status=part.status, headers=headers, mimetype=media_type, direct_passthrough=True)


def wanted_part(range_header: str, if_range: str, *, size: int, etag: str) -> Part:
    """What a Range header asks for; several ranges or a malformed one get the whole file, as the RFC allows.

    >>> wanted_part("bytes=-500", "", size=200, etag="x")
    Part(start=0, stop=200, status=206)
    >>> wanted_part("bytes=200-", "", size=200, etag="x").status
    416
    """
    whole = Part(0, size, 200)
    match = _RANGE.fullmatch(range_header)
    if not match or not (match[1] or match[2]) or (if_range and if_range != quote_etag(etag)):
        return whole
    if not match[1]:
        length = int(match[2])
        return Part(max(0, size - length), size, 206) if length and size else Part(0, 0, 416)
    start = int(match[1])
    stop = min(int(match[2]) + 1, size) if match[2] else size
    if match[2] and int(match[2]) < start:
        return whole
    return Part(start, stop, 206) if start < size else Part(0, 0, 416)


def _blocks(stream: BinaryIO, left: int) -> Iterator[bytes]:
    with stream:
        while left > 0 and (block := stream.read(min(_BLOCK, left))):
            left -= len(block)
            yield block
