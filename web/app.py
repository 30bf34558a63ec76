"""Shelf -> the site as a Flask application. Every address comes from the settings, never from the request's Host."""

from flask import Flask, Request, Response, abort, redirect, request
from werkzeug.exceptions import HTTPException

from audiobook import addresses
from audiobook.library import Shelf
from audiobook.settings import Serving
from web import site
from web.assets import ICON, NAMES, asset, asset_path
from web.documents import Document, answer
from web.downloads import disposition
from web.guards import HEADERS, Gate, guard
from web.latest import latest
from web.lending import lend
from web.links import on_server
from web.media import A_YEAR_S, answer_with
from web.metrics import Counters, measure
from web.moved import send_on
from web.reading_room import ReadingRoom
from web.storage import media_type
from web.view import language_of

MINUTES_S = 300
FEED_TYPE, PAGE_TYPE = "application/rss+xml; charset=utf-8", "text/html; charset=utf-8"


def create_app(shelf: Shelf, serving: Serving | None = None) -> Flask:
    """The site of a shelf; what changes on the shelf shows at the next request."""
    return site_in(ReadingRoom(shelf), serving or Serving())


def site_in(room: ReadingRoom, serving: Serving) -> Flask:
    """The site of what is to be read in ``room``."""
    app = Flask("web", static_folder=None)
    # Werkzeug would redirect to an absolute address made from Host.
    app.url_map.strict_slashes = app.url_map.merge_slashes = False
    gate, counters = Gate(base_url=lambda: room.catalogue().bulletin.site.base_url, hosts=serving.hosts), Counters()
    send_on(app, lambda: room.catalogue().bulletin.site)
    guard(app, gate)
    measure(app, room, counters, is_open=serving.metrics_open)
    lend(app, room, gate, counters)
    _add_files(app, room)
    _add_pages(app, room)
    return app


def allowed(response: Response, path: str) -> Response:
    """Let the one page that others may frame be framed, and the loudspeaker page play what it has fetched."""
    folder, policy = language_of(path)[1].split("/")[0], HEADERS["Content-Security-Policy"]
    if folder == addresses.EMBED:
        response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
    if folder == addresses.LOUDSPEAKER:
        response.headers["Content-Security-Policy"] = policy.replace("media-src", "media-src blob:")
    return response


def _add_pages(app: Flask, room: ReadingRoom) -> None:
    @app.get("/", defaults={"path": addresses.HOME})
    @app.get("/<path:path>")
    def page(path: str) -> Response:
        question = request.args.get("q", "").strip()
        if question and language_of(path)[1] == addresses.SEARCH:
            return answer(request, room.answers(question, path, root=request.root_path), max_age_s=0)
        document = room.page(path, root=request.root_path)
        if document:
            return allowed(answer(request, document, max_age_s=MINUTES_S), path)
        plain = path.strip("/")
        if plain != path and room.page(plain, root=request.root_path):
            return redirect(on_server(request.root_path)(plain), code=308)  # type: ignore[return-value]
        return abort(404)

    @app.errorhandler(HTTPException)
    def not_there(error: HTTPException) -> Response:
        status = error.code or 500
        language = language_of(request.path.lstrip("/"))[0]
        link = on_server(request.root_path)
        text = site.missing_page(room.catalogue(), link=link, status=status, language=language)
        return Response(text, status=status, content_type=PAGE_TYPE, headers={"Cache-Control": "no-store"})


def _add_files(app: Flask, room: ReadingRoom) -> None:
    assets = {asset_path(name): Document.of(asset(name), media_type(name)) for name in NAMES}

    @app.get("/feed<rest>")  # feed.xml, feed-articles.xml, feed-page-1.xml, feeds.opml, feed.css
    def feed(rest: str) -> Response:
        response = answer(request, room.feed(f"feed{rest}") or abort(404), max_age_s=MINUTES_S)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.vary.add("Accept")
        if rest.endswith(".xml") and _is_browser(request):
            response.content_type = "text/xml; charset=utf-8"
        return response

    @app.get(f"/{addresses.LATEST}/<name>")
    def newest(name: str) -> Response:
        medium = latest(room.catalogue()).get(f"{addresses.LATEST}/{name}") or abort(404)
        found = answer_with(
            medium.file,
            request.environ,
            media_type=medium.media_type,
            etag=medium.sha256,
            max_age_s=MINUTES_S,
            disposition=disposition(medium.name),
        )
        return Response(found.body, status=found.status, headers=found.headers, direct_passthrough=True)

    @app.get(f"/{addresses.STATIC}/<name>")
    def static(name: str) -> Response:
        document = assets.get(f"{addresses.STATIC}/{name}") or abort(404)
        return answer(request, document, max_age_s=A_YEAR_S, immutable=True)

    @app.get("/oembed")
    def oembed() -> Response:
        said = room.oembed(request.args.get("url", ""), width=request.args.get("maxwidth", "")) or abort(404)
        response = answer(request, Document.of(said, "application/json"), max_age_s=MINUTES_S)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    @app.get("/favicon.ico")
    def icon() -> Response:
        return answer(request, assets[asset_path(ICON)], max_age_s=A_YEAR_S)


def _is_browser(asked: Request) -> bool:
    """Whether somebody opened a feed as a page: browsers show it with its style as text/xml only, apps want RSS."""
    wanted = asked.accept_mimetypes
    return wanted["text/html"] > wanted["application/rss+xml"]
