"""Shelf -> the site as a Flask application. Every address comes from the settings, never from the request's Host."""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Flask, Request, Response, abort, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import is_resource_modified, quote_etag

from audiobook import addresses
from audiobook.addresses import chapter_path, issue_path
from audiobook.library import Shelf
from feeds.artwork import artwork
from web.media import send
from web.pages import Catalogue, chapter_page, frame, home_page, issue_page
from web.publish import disposition, download_names

STATIC = Path(str(files("web"))) / "static"
A_YEAR, MINUTES = 31_536_000, 300
PLAIN_PAGES = {
    addresses.LISTEN: "listen.html",
    addresses.ABOUT: "about.html",
    addresses.ACCESSIBILITY: "accessibility.html",
}
_STATIC_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


@dataclass(slots=True)
class _Shown:
    """The shelf as it was read last; read anew when it has changed."""

    shelf: Shelf
    version: str = ""
    catalogue: Catalogue | None = None
    media: dict[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def now(self) -> Catalogue:
        version = self.shelf.version()
        if self.catalogue is None or version != self.version:
            catalogue = Catalogue.of(self.shelf)
            self.media = catalogue.media()
            self.names = dict(download_names(self.shelf))
            self.catalogue, self.version = catalogue, version
        return self.catalogue


def create_app(shelf: Shelf) -> Flask:
    """The site of a shelf."""
    app = Flask("web", static_folder=None)
    app.jinja_env.globals["static"] = lambda name: f"/{static_path(name)}"
    shown = _Shown(shelf)
    _add_pages(app, shown)
    _add_files(app, shown)

    @app.after_request
    def guarded(answer: Response) -> Response:
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    return app


def _add_pages(app: Flask, shown: _Shown) -> None:
    def page(template: str, values: dict[str, Any], *, status: int = 200) -> Response:
        text = render_template(template, **frame(shown.now(), link), **values)
        return _text(request, text.encode(), "text/html; charset=utf-8", status=status)

    @app.get("/")
    def home() -> Response:
        return page("home.html", home_page(shown.now(), link))

    @app.get("/so/<issue_id>")
    def issue(issue_id: str) -> Response:
        publication = shown.now().publication(issue_id) or abort(404)
        return page("issue.html", issue_page(publication, link))

    @app.get("/so/<issue_id>/<name>")
    def chapter(issue_id: str, name: str) -> Response:
        publication = shown.now().publication(issue_id) or abort(404)
        path = f"{issue_path(issue_id)}/{name}"
        found = [each for each in publication.issue.chapters if chapter_path(issue_id, each.id) == path]
        return page("chapter.html", chapter_page(publication, found[0], link)) if found else abort(404)

    def plain(template: str) -> Callable[[], Response]:
        return lambda: page(template, {})

    for path, template in PLAIN_PAGES.items():
        app.add_url_rule(f"/{path}", path, plain(template))

    @app.errorhandler(HTTPException)
    def not_there(error: HTTPException) -> Response:
        return page("missing.html", {"code": error.code}, status=error.code or 500)


def _add_files(app: Flask, shown: _Shown) -> None:
    @app.get(f"/{addresses.FEED}")
    def feed() -> Response:
        file = shown.shelf.folder / addresses.FEED
        data = file.read_bytes() if file.is_file() else abort(404)
        answer = _text(request, data, "application/rss+xml; charset=utf-8")
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    @app.get("/m/<name>")
    def media(name: str) -> Response:
        return _media(shown, f"m/{name}") or _artwork(shown, f"m/{name}") or abort(404)

    @app.get("/static/<name>")
    def static(name: str) -> Response:
        known = {static_path(each.name): each for each in STATIC.iterdir()}
        file = known.get(f"static/{name}") or abort(404)
        answer = _text(request, file.read_bytes(), _STATIC_TYPES[file.suffix])
        answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        return answer

    @app.get("/favicon.ico")
    def icon() -> Response:
        return _text(request, (STATIC / "icon.svg").read_bytes(), _STATIC_TYPES[".svg"])


def _media(shown: _Shown, path: str) -> Response | None:
    shown.now()
    if path not in shown.media:
        return None
    publication, edition = shown.media[path]
    answer = send(
        request,
        shown.shelf.file(publication, edition),
        media_type=_with_charset(edition.media_type),
        etag=edition.sha256,
        max_age=A_YEAR,
        disposition=disposition(shown.names[path]),
    )
    if edition.media_type == "text/html":
        answer.headers["Content-Security-Policy"] = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return answer


def link(path: str) -> str:
    """An address on this server."""
    return f"/{path}"


def static_path(name: str) -> str:
    """A static file's address carries a part of its hash, so that it can be kept for a year.

    >>> static_path("site.css").startswith("static/site.")
    True
    """
    stem, suffix = name.rsplit(".", 1)
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"static/{stem}.{digest}.{suffix}"


def _artwork(shown: _Shown, path: str) -> Response | None:
    """The feed's picture, where it is no edition of an issue."""
    catalogue = shown.now()
    found = artwork(shown.shelf, catalogue.bulletin, catalogue.publications)
    if found is None or found.path != path:
        return None
    return send(request, found.file, media_type="image/jpeg", etag=Path(path).stem, max_age=A_YEAR)


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _text(asked: Request, data: bytes, media_type: str, *, status: int = 200) -> Response:
    """A page or feed: a strong ETag of its bytes, compressed where the browser takes it, fresh within minutes."""
    etag = hashlib.sha256(data).hexdigest()[:32]
    zipped = "gzip" in asked.headers.get("Accept-Encoding", "").lower() and len(data) > 600
    etag += "-gz" if zipped else ""
    headers = {"ETag": quote_etag(etag), "Cache-Control": f"public, max-age={MINUTES}", "Vary": "Accept-Encoding"}
    if status == 200 and not is_resource_modified(asked.environ, etag=etag):
        return Response(status=304, headers=headers)
    if zipped:
        data = gzip.compress(data, 6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(data, status=status, headers=headers, content_type=media_type)
