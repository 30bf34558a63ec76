"""Catalogue -> what machines ask for beside the pages: manifest, service worker, site map, robots, oEmbed.

Sources: W3C Web App Manifest, Service Workers, sitemaps.org, RFC 9309, oembed.com.
"""

import json
from html import escape

from audiobook import addresses
from audiobook.addresses import Addresses, chapter_path, issue_path, oembed_path
from web import sharing
from web.assets import ICON, asset, asset_path
from web.catalogue import Catalogue
from web.links import Linker
from web.view import language_of

MANIFEST, WORKER, ROBOTS, SITEMAP = "manifest.webmanifest", "sw.js", "robots.txt", "sitemap.xml"
_COLOUR, _GROUND = "#7a1420", "#fffdf8"


def paths(catalogue: Catalogue) -> tuple[str, ...]:
    """The path of each."""
    return (MANIFEST, WORKER, ROBOTS, SITEMAP, *(oembed_path(each.issue.id) for each in catalogue.publications))


def signpost(catalogue: Catalogue, path: str, *, link: Linker) -> bytes | None:
    """One of them; None where there is none. ``link`` is that of a page at the root."""
    base = Addresses(catalogue.bulletin.site.base_url)
    if path == MANIFEST:
        return _manifest(catalogue, link)
    if path == WORKER:
        return _worker(link)
    if path == ROBOTS:
        return f"User-agent: *\nAllow: /\nSitemap: {base.of(SITEMAP)}\n".encode()
    if path == SITEMAP:
        return _sitemap(catalogue, base)
    for publication in catalogue.publications:
        if path == oembed_path(publication.issue.id):
            return _json(sharing.oembed(catalogue.bulletin, publication, base))
    return None


def asked_oembed(catalogue: Catalogue, address: str, *, width: str) -> bytes | None:
    """OEmbed for the address of an issue or of an article, at most ``width`` pixels wide; None for any other."""
    root = Addresses(catalogue.bulletin.site.base_url).of("")
    parts = language_of(address.removeprefix(root))[1].split("/") if address.startswith(root) else []
    publication = catalogue.publication(parts[1]) if len(parts) > 1 and parts[0] == "so" else None
    if publication is None:
        return None
    widest = int(width) if width.isdecimal() and len(width) < 6 else sharing.EMBED_WIDTH
    said = sharing.oembed(catalogue.bulletin, publication, Addresses(catalogue.bulletin.site.base_url))
    return _json(said | {"width": min(widest, sharing.EMBED_WIDTH)})


def _manifest(catalogue: Catalogue, link: Linker) -> bytes:
    title = catalogue.bulletin.podcast.title
    sized = {"icon-192.png": "192x192", "icon-512.png": "512x512"}
    icons = [{"src": link(asset_path(name)), "sizes": size, "type": "image/png"} for name, size in sized.items()]
    return _json(
        {
            "name": title,
            "short_name": title[:24],
            "lang": "vi",
            "start_url": link(addresses.HOME),
            "scope": "./",
            "display": "minimal-ui",
            "background_color": _GROUND,
            "theme_color": _COLOUR,
            "icons": [*icons, {"src": link(asset_path(ICON)), "sizes": "any", "type": "image/svg+xml"}],
        }
    )


def _worker(link: Linker) -> bytes:
    """The worker, with the addresses of what it holds ready; another style or script is another worker."""
    shell = [link(asset_path(name)) for name in ("site.css", "player.js", ICON)]
    told = {"shell": shell, "kept": link(addresses.KEPT), "version": asset_path("player.js") + asset_path("site.css")}
    return b"self.told = " + _json(told).strip() + b";\n" + asset("worker.js")


def _sitemap(catalogue: Catalogue, base: Addresses) -> bytes:
    found = [addresses.HOME, addresses.LISTEN, addresses.ABOUT, addresses.ACCESSIBILITY]
    for publication in catalogue.publications:
        issue = publication.issue
        found += [issue_path(issue.id), *(chapter_path(issue.id, chapter.id) for chapter in issue.articles)]
    lines = "\n".join(f"<url><loc>{escape(base.of(path))}</loc></url>" for path in found)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}\n</urlset>\n'
    ).encode()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
