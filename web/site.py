"""Catalogue -> every page of the site, by its path: the same templates for the server and for the export."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from audiobook import addresses
from audiobook.addresses import Addresses, chapter_path, embed_path, issue_path, leaf_path, loudspeaker_path
from audiobook.model.publication import Publication
from web import leafing, loudspeaker, pages
from web.assets import asset_path
from web.catalogue import Catalogue
from web.editions import leaves
from web.links import Linker
from web.search import results
from web.view import LANGUAGES, View, in_language, language_of
from web.wording import Words


@dataclass(frozen=True, slots=True)
class Page:
    """A template, and what it shows."""

    template: str
    values: Callable[[View], dict[str, Any]]


def paths(catalogue: Catalogue) -> tuple[str, ...]:
    """The path of every page, in every language."""
    found = list(_plain(catalogue))
    for publication in (*catalogue.publications, *catalogue.corrections):
        found += _of_issue(catalogue, publication)
    return tuple(in_language(path, language) for language in LANGUAGES for path in found)


def page(catalogue: Catalogue, path: str, *, link: Linker) -> str | None:
    """The page of a path, or None where there is none."""
    language, plain = language_of(path)
    found = _plain(catalogue).get(plain)
    if found is None:
        publication = catalogue.publication(plain.split("/")[1]) if "/" in plain else None
        found = _of_issue(catalogue, publication).get(plain) if publication else None
    if found is None:
        return None
    view = _view(catalogue, plain, language=language, link=link)
    return _rendered(found.template, catalogue, view, found.values(view))


def missing_page(catalogue: Catalogue, *, link: Linker, status: int = 404, language: str = "vi") -> str:
    """What stands where a page is not there, or cannot be shown."""
    view = _view(catalogue, None, language=language, link=link)
    return _rendered("missing.html", catalogue, view, pages.missing(view, status=status))


def search_page(catalogue: Catalogue, found: results.Found, *, link: Linker, language: str) -> str:
    """The answer to a question."""
    view = _view(catalogue, addresses.SEARCH, language=language, link=link)
    return _rendered("search.html", catalogue, view, results.shown(catalogue, view, found))


def _plain(catalogue: Catalogue) -> dict[str, Page]:
    """The pages that belong to no issue."""
    of_all = functools.partial
    return {
        addresses.HOME: Page("home.html", of_all(pages.home, catalogue)),
        addresses.SEARCH: Page("search.html", of_all(results.shown, catalogue)),
        addresses.LISTEN: Page("listen.html", _nothing_more),
        addresses.ABOUT: Page("about.html", _nothing_more),
        addresses.ACCESSIBILITY: Page("accessibility.html", _nothing_more),
        addresses.PORTAL: Page("portal.html", of_all(pages.portal, catalogue)),
        addresses.KEPT: Page("kept.html", _nothing_more),
    }


def _of_issue(catalogue: Catalogue, publication: Publication) -> dict[str, Page]:
    issue, of_it = publication.issue, functools.partial
    (start_time, *_) = catalogue.bulletin.loudspeaker.start_times
    found = {
        issue_path(issue.id): Page("issue.html", of_it(pages.issue, catalogue, publication)),
        loudspeaker_path(issue.id): Page("loudspeaker.html", of_it(loudspeaker.shown, publication, start_time)),
        embed_path(issue.id): Page("embed.html", of_it(pages.embed, catalogue, publication)),
    }
    if leaves(publication):
        found[leaf_path(issue.id)] = Page("leaf.html", of_it(leafing.shown, publication))
    for chapter in issue.chapters:
        values = of_it(pages.chapter, catalogue, publication, chapter)
        found[chapter_path(issue.id, chapter.id)] = Page("chapter.html", values)
    return found


def _nothing_more(view: View) -> dict[str, Any]:
    return {}


def _view(catalogue: Catalogue, path: str | None, *, language: str, link: Linker) -> View:
    base = Addresses(catalogue.bulletin.site.base_url)
    return View(words=Words(language), link=link, addresses=base, path=path)


def _rendered(template: str, catalogue: Catalogue, view: View, values: dict[str, Any]) -> str:
    shown = pages.frame(catalogue, view) | {"asset": lambda name: view.link(asset_path(name))} | values
    return _templates().get_template(template).render(shown)


@functools.cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
