"""Catalogue -> every page of the site, by its path: the same templates for the server and for the export."""

import functools
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from audiobook import addresses
from audiobook.addresses import chapter_path, issue_path
from web import pages
from web.assets import asset_path
from web.catalogue import Catalogue
from web.links import Linker

_PLAIN = {
    addresses.HOME: "home.html",
    addresses.LISTEN: "listen.html",
    addresses.ABOUT: "about.html",
    addresses.ACCESSIBILITY: "accessibility.html",
}


def paths(catalogue: Catalogue) -> tuple[str, ...]:
    """The path of every page."""
    found = list(_PLAIN)
    for publication in catalogue.publications:
        issue = publication.issue
        found += [issue_path(issue.id), *(chapter_path(issue.id, chapter.id) for chapter in issue.chapters)]
    return tuple(found)


def page(catalogue: Catalogue, path: str, *, link: Linker) -> str | None:
    """The page of a path, or None where there is none."""
    if path in _PLAIN:
        values = pages.home(catalogue, link) if path == addresses.HOME else {}
        return _rendered(_PLAIN[path], catalogue, link, values)
    publication = catalogue.publication(path.split("/")[1]) if "/" in path else None
    if publication is None:
        return None
    if path == issue_path(publication.issue.id):
        return _rendered("issue.html", catalogue, link, pages.issue(publication, link))
    for chapter in publication.issue.chapters:
        if path == chapter_path(publication.issue.id, chapter.id):
            return _rendered("chapter.html", catalogue, link, pages.chapter(publication, chapter, link))
    return None


def missing_page(catalogue: Catalogue, *, link: Linker, status: int = 404) -> str:
    """What stands where a page is not there, or cannot be shown."""
    return _rendered("missing.html", catalogue, link, {"status": status})


def _rendered(template: str, catalogue: Catalogue, link: Linker, values: dict[str, Any]) -> str:
    shown = pages.frame(catalogue, link) | {"asset": lambda name: link(asset_path(name))} | values
    return _templates().get_template(template).render(shown)


@functools.cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
