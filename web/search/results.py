"""Sentences that were found -> the page of answers: by article, each sentence with the words marked and a place to hear."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audiobook.addresses import chapter_path, issue_path
from audiobook.model.publication import Publication
from web.catalogue import Catalogue
from web.player import data_block
from web.search.asking import Answer
from web.search.folding import spans
from web.search.index import Line
from web.search.shards import FOLDER
from web.view import View

ARTICLES, SENTENCES = 20, 3  # shown on a page; shown of an article


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A question as it was typed, and its answer."""

    question: str
    answer: Answer


def shown(catalogue: Catalogue, view: View, found: Found | None = None) -> dict[str, Any]:
    """The page: before anything was asked, and with an answer."""
    articles = _articles(catalogue, view, found.answer) if found else None
    return {
        "query": found.question if found else "",
        "results": articles,
        "heading": _heading(view, len(articles)) if articles is not None else view.words("Kết quả"),
        "notice": _notice(view, found, articles or []) if found else "",
        "issues": [
            {
                "href": view.to(issue_path(each.issue.id)),
                "name": view.words.issue_name(each.issue.number, each.issue.date),
            }
            for each in catalogue.publications
        ],
        "index": data_block({"count": view.link(f"{FOLDER}/dem.js"), "language": view.words.language}),
    }


def _heading(view: View, count: int) -> str:
    if not count:
        return view.words("Không tìm thấy")
    return view.words("Tìm thấy ở {count} bài", count=count)


def _notice(view: View, found: Found, articles: list[dict[str, Any]]) -> str:
    if not articles:
        return view.words("Thử gõ ít chữ hơn, hoặc không dấu. Hoặc chọn một số ở dưới.")
    if found.answer.corrected:
        return view.words("Không có đúng chữ đã gõ. Đây là kết quả cho: {words}", words=" ".join(found.answer.asked))
    return ""


def _articles(catalogue: Catalogue, view: View, answer: Answer) -> list[dict[str, Any]]:
    """In the order of their best sentence."""
    grouped: dict[tuple[str, str], list[Line]] = {}
    for line in answer.lines:
        grouped.setdefault((line.issue, line.chapter), []).append(line)
    publications = {each.issue.id: each for each in catalogue.publications}
    wanted = {*answer.asked, f"{answer.asked[-1]}*"} if answer.asked else set()
    return [
        _article(publications[issue], chapter, lines[:SENTENCES], wanted, view)
        for (issue, chapter), lines in list(grouped.items())[:ARTICLES]
        if issue in publications
    ]


def _article(
    publication: Publication, chapter_id: str, lines: list[Line], wanted: set[str], view: View
) -> dict[str, Any]:
    issue = publication.issue
    title = next((chapter.title for chapter in issue.chapters if chapter.id == chapter_id), "")
    page = view.to(chapter_path(issue.id, chapter_id))
    start_ms = next((cue.start_ms for cue in publication.timeline.chapters if cue.id == chapter_id), 0)
    return {
        "title": title,
        "href": page,
        "issue": view.words.issue_name(issue.number, issue.date),
        "date": view.words.in_full(issue.date),
        "sentences": [_sentence(line, wanted, page, start_ms, view) for line in lines],
    }


def _sentence(line: Line, wanted: set[str], page: str, chapter_ms: int, view: View) -> Mapping[str, Any]:
    heard = line.start_ms >= 0
    return {
        "pieces": pieces(line.text, wanted),
        "href": f"{page}?nghe#{line.sentence}" if heard else "",
        "place": view.words.exact_length(max(0, line.start_ms - chapter_ms)),
    }


def pieces(text: str, wanted: set[str]) -> list[tuple[str, bool]]:
    """The text cut where marked words begin and end.

    >>> pieces("Nghị quyết mới", {"quyet"})
    [('Nghị ', False), ('quyết', True), (' mới', False)]
    """
    cut, at = list[tuple[str, bool]](), 0
    for start, end in spans(text, wanted):
        cut += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [(piece, marked) for piece, marked in [*cut, (text[at:], False)] if piece]
