"""Requests -> counters by issue and format, as Prometheus text. Nothing of a person is counted or kept.

No address, no cookie, no browser's name goes in: an issue's id, an edition's kind and a status are all that is told.
"""

import ipaddress
import re
import time

from flask import Flask, Response, abort, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from audiobook import __version__
from audiobook.addresses import ENGLISH, FEED, FEED_ARTICLES, FEED_LATEST, FEEDS_LIST, SEARCH, STATIC
from web.media import Environ
from web.reading_room import ReadingRoom

disable_created_metrics()  # a second line for each counter, that nobody asks for
HEALTH, METRICS = "healthz", "metrics"
_OF_AN_ISSUE = {"so": "page", "loa": "loudspeaker-page", "nhung": "embedded-player", "oembed": "oembed"}
_FEEDS = {FEED: "feed", FEED_ARTICLES: "feed-articles", FEED_LATEST: "feed-latest", FEEDS_LIST: "feeds-list"}
_OTHERS = {"": "page", SEARCH: "search", STATIC: "static", HEALTH: HEALTH, METRICS: METRICS, **_FEEDS}
_FEED_ARCHIVE = re.compile(r"feed(-articles)?-page-\d+\.xml")
_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
_FROM_THE_BEGINNING = re.compile(r"bytes=0-", re.IGNORECASE)


class Counters:
    """What is counted since the server began."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        version = Gauge("bulletin_info", "Version of the program", ["version"], registry=self.registry)
        version.labels(__version__).set(1)
        self._requests = Counter(
            "bulletin_requests", "Requests answered", ["issue", "format", "status"], registry=self.registry
        )
        self._starts = Counter(
            "bulletin_starts", "Files begun to be heard or fetched: from their first byte", ["issue", "format"],
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "bulletin_answer_seconds", "Time to an answer's first byte", buckets=_SECONDS, registry=self.registry
        )

    def count(self, environ: Environ, *, issue: str, form: str, status: int, began: float) -> None:
        """Count an answer to the request that ``began`` at a moment of the monotonic clock."""
        self._requests.labels(issue, form, str(status)).inc()
        self._seconds.observe(time.monotonic() - began)
        if environ["REQUEST_METHOD"] == "GET" and _is_start(environ, status):
            self._starts.labels(issue, form).inc()


def measure(app: Flask, room: ReadingRoom, counters: Counters, *, is_open: bool = False) -> None:
    """Add ``/healthz`` and ``/metrics``; the latter is for this machine only, unless ``is_open``."""

    @app.before_request
    def begin() -> None:
        g.began = time.monotonic()

    @app.after_request
    def count(response: Response) -> Response:
        issue, form = _subject(room)
        began = g.get("began", time.monotonic())
        counters.count(request.environ, issue=issue, form=form, status=response.status_code, began=began)
        return response

    @app.get(f"/{HEALTH}")
    def health() -> Response:
        issues = len(room.catalogue().publications)
        text = f'{{"status": "{"ok" if issues else "empty"}", "issues": {issues}, "version": "{__version__}"}}\n'
        return _fresh(text.encode(), "application/json", status=200 if issues else 503)

    @app.get(f"/{METRICS}")
    def metrics() -> Response:
        if not (is_open or _is_local(request.remote_addr)):
            abort(404)
        return _fresh(generate_latest(counters.registry), CONTENT_TYPE_LATEST)


def _subject(room: ReadingRoom) -> tuple[str, str]:
    """The issue and the format that a request was for; only what stands on the shelf gets a label of its own."""
    parts = request.path.strip("/").split("/")
    if parts[0] == "m" and (medium := room.medium("/".join(parts))):
        return medium.issue, medium.kind
    first, *rest = parts[1:] if parts[0] == ENGLISH and len(parts) > 1 else parts
    issue = next((part for part in rest[:1] if room.catalogue().publication(part)), "")
    if first in _OF_AN_ISSUE:
        return (issue, _OF_AN_ISSUE[first]) if issue else ("", "other")
    return "", "feed-archive" if _FEED_ARCHIVE.fullmatch(first) else _OTHERS.get(first, "other")


def _is_start(environ: Environ, status: int) -> bool:
    """A player asks for many parts; the first byte is asked for once."""
    return status == 200 or (status == 206 and bool(_FROM_THE_BEGINNING.match(environ.get("HTTP_RANGE", ""))))


def _is_local(address: str | None) -> bool:
    return bool(address) and ipaddress.ip_address(str(address)).is_loopback


def _fresh(data: bytes, media_type: str, *, status: int = 200) -> Response:
    return Response(data, status=status, content_type=media_type, headers={"Cache-Control": "no-store"})
