"""A request for a finished file -> its answer, before Flask: nearly every request is for a part of sound.

What isn't simply lent (refused, unknown, at a previous address, by another method) is Flask's to answer.
"""

import functools
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask

from web.downloads import disposition
from web.guards import Gate, guards
from web.media import A_YEAR_S, Environ, answer_with
from web.metrics import Counters
from web.moved import new_address
from web.reading_room import ReadingRoom

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

METHODS = ("GET", "HEAD")
_FILES = "/m/"
_NAMES_KEPT = 4_096
# A shelved page or drawing is a document of its own: no script may ever run in it.
_PAGES = ("text/html", "image/svg")
_IN_PAGES = {"Content-Security-Policy": "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"}
_disposition = functools.lru_cache(_NAMES_KEPT)(disposition)


def lend(app: Flask, room: ReadingRoom, gate: Gate, counters: Counters) -> None:
    """Let ``app`` answer for the finished files of ``room``."""
    inside = app.wsgi_app

    def desk(environ: Environ, start_response: "StartResponse") -> Iterable[bytes]:
        began, path = time.monotonic(), environ["PATH_INFO"]
        is_asked = path.startswith(_FILES) and environ["REQUEST_METHOD"] in METHODS
        medium = room.medium(path.strip("/")) if is_asked else None
        if medium is None or gate.refusal(environ) or _was_elsewhere(room, environ):
            return inside(environ, start_response)
        answer = answer_with(
            medium.file,
            environ,
            media_type=medium.media_type,
            etag=medium.sha256,
            max_age_s=A_YEAR_S,
            disposition=_disposition(medium.name),
        )
        headers = guards(environ) | (_IN_PAGES if medium.media_type.startswith(_PAGES) else {}) | answer.headers
        counters.count(environ, issue=medium.issue, form=medium.kind, status=answer.status, began=began)
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", list(headers.items()))
        return answer.body

    app.wsgi_app = desk  # type: ignore[method-assign]


def _was_elsewhere(room: ReadingRoom, environ: Environ) -> bool:
    return bool(new_address(room.catalogue().bulletin.site, environ.get("HTTP_HOST", ""), environ["PATH_INFO"]))
