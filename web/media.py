"""A file -> an HTTP answer with ranges: sound that can be entered anywhere, and that never holds a thread.

The file is handed to waitress at the range's beginning, as its own wrapper, so that it is sent from the event loop.
Source: RFC 9110, sections 13 and 14; Werkzeug's own parser differs (a suffix longer than the file is the whole file,
If-Range wants a strong tag, If-None-Match comes before Range).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from werkzeug.http import is_resource_modified, parse_etags, quote_etag

Environ = dict[str, Any]
A_YEAR_S = 31_536_000  # is for what is named by its content

_BLOCK = 256 * 1024
_RANGE = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE)
_DIGITS = 18  # more is beyond every file, and int() of thousands of digits costs


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes ``start`` to ``stop`` (exclusive) of a file; ``status`` 200, 206 or 416."""

    start: int
    stop: int
    status: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a file, and the part of it that was asked for."""

    status: int
    headers: dict[str, str]
    body: Iterable[bytes] = ()


def answer_with(
    file: Path, environ: Environ, *, media_type: str, etag: str, max_age_s: int, disposition: str
) -> Answer:
    """Answer a GET or HEAD for a file whose ``etag`` names its content."""
    size = file.stat().st_size
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": quote_etag(etag),
        "Cache-Control": f"public, max-age={max_age_s}" + (", immutable" if max_age_s >= A_YEAR_S else ""),
        "Access-Control-Allow-Origin": "*",
    }
    if (wanted := parse_etags(environ.get("HTTP_IF_MATCH"))) and not wanted.contains(etag):
        return Answer(412, headers | {"Content-Length": "0"})
    if parse_etags(environ.get("HTTP_IF_NONE_MATCH")) and not is_resource_modified(environ, etag=etag):
        return Answer(304, headers)
    part = wanted_part(environ.get("HTTP_RANGE", ""), environ.get("HTTP_IF_RANGE", ""), size=size, etag=etag)
    if part.status == 416:
        return Answer(416, headers | {"Content-Range": f"bytes */{size}", "Content-Length": "0"})
    if part.status == 206:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    headers |= {
        "Content-Type": media_type,
        "Content-Length": str(part.stop - part.start),
        "Content-Disposition": disposition,
    }
    return Answer(part.status, headers, () if environ["REQUEST_METHOD"] == "HEAD" else _body(file, environ, part))


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


def _body(file: Path, environ: Environ, part: Part) -> Any:
    stream = file.open("rb", buffering=0)
    stream.seek(part.start)
    wrapper = environ.get("wsgi.file_wrapper")
    if wrapper is not None and wrapper.__module__.startswith("waitress"):
        return wrapper(stream, _BLOCK)  # stops at Content-Length
    return _blocks(stream, part.stop - part.start)


def _blocks(stream: FileIO, left: int) -> Iterator[bytes]:
    with stream:
        while left > 0 and (block := stream.read(min(_BLOCK, left))):
            left -= len(block)
            yield block
