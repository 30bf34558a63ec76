"""Publication -> the page on which one leafs through the printed pages; the text is always beside it."""

from typing import Any

from audiobook.addresses import chapter_path, issue_path, media_path
from audiobook.model.publication import Edition, Publication
from web.editions import edition_link, edition_size, leaves
from web.pages import name_of
from web.view import View
from web.wording import N_


def shown(publication: Publication, view: View) -> dict[str, Any]:
    """The pages in order, each with its number, what stands on it, and the way to that as text."""
    own = "pdf-designed" if publication.edition("pdf-designed") else "pdf"
    return {
        "name": name_of(publication, view),
        "issue_href": view.to(issue_path(publication.issue.id)),
        "pdf": edition_link(publication, own, view),
        "pdf_size": edition_size(publication, own, view),
        "said_of_page": view.words(N_("Trang {number} trên {count}")),
        "leaves": [_leaf(publication, leaf, number, view) for number, leaf in enumerate(leaves(publication), start=1)],
    }


def _leaf(publication: Publication, leaf: Edition, number: int, view: View) -> dict[str, Any]:
    titles = {chapter.id: chapter.title for chapter in publication.issue.chapters}
    path = chapter_path(publication.issue.id, leaf.chapter) if leaf.chapter else issue_path(publication.issue.id)
    return {
        "number": number,
        "picture": view.link(media_path(leaf)),
        "title": titles.get(leaf.chapter, ""),
        "text": view.to(path),
    }
