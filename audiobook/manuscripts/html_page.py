"""A portal's page -> which of its elements are the article: from its headline to the end of its text, menus left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from audiobook.manuscripts.html_facts import PageFacts
from audiobook.manuscripts.markup import SILENT, tag_of
from audiobook.manuscripts.text import one_line

_FRAME_TAGS = {"nav", "aside", "footer"}
_FRAME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:related|relate|lien-?quan|tin-?khac|xem-?them|share|social|comments?|binh-?luan|breadcrumbs?|tags?|menu|sidebar|"
    r"banner|advert\w*|ads|toolbar|print|pagination|rating|cookie|subscribe|newsletter|hotnews|box-?tin|author|tac-?gia|date|time|"
    r"ngay|meta|byline)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BODY_NAMES = re.compile(
    r"(?:article|detail|news|post|entry|main)[-_]?(?:content|body|text|detail)|fck_detail|content[-_]?(?:detail|news)|noi-?dung",
    re.IGNORECASE,
)
_LONGEST_FRAME_LINE = 400  # a "date" or "author" element with more words than this is part of the text


@dataclass(slots=True)
class Page:
    """What stands outside the article, and what of the inside is menu."""

    headline: Any = None
    _outside: set[Any] = field(default_factory=set)  # elements that lie before the headline or behind the text
    _before: set[Any] = field(default_factory=set)  # elements whose first text lies before the headline
    _behind: set[Any] = field(default_factory=set)  # elements behind which nothing belongs to the article
    whole: bool = True

    def not_read(self, node: Any, part: str) -> str:
        """Why an element, the text at its beginning, or the text behind it, is left out; "" where it is read."""
        if self.whole:
            return ""
        if part == "text":
            return "M-FRAME" if node in self._before else ""
        if part == "tail":
            return "M-FRAME" if node in self._outside or node in self._behind else ""
        return "M-FRAME" if node in self._outside or _is_frame(node) else ""


def page(body: Any, facts: PageFacts) -> Page:
    """Find the article; a document without menus (one exported from Word) is read whole."""
    text = _text_element(body)
    framed = facts.is_portal or any(tag_of(node) in (*_FRAME_TAGS, "article", "main") for node in body.iter())
    if text is None or not framed:
        return Page()
    found = Page(headline=_headline(body, text, facts), whole=False)
    start = found.headline if found.headline is not None else text
    for node, siblings in _path(start, body):
        found._before.add(node.getparent())
        found._outside.update(siblings[: siblings.index(node)])
    for node, siblings in _path(text, body):
        found._behind.add(node)
        found._outside.update(siblings[siblings.index(node) + 1 :])
    return found


def _path(node: Any, top: Any) -> Iterator[tuple[Any, list[Any]]]:
    """The element and those around it up to ``top``, each with its siblings."""
    while node is not top and node.getparent() is not None:
        yield node, list(node.getparent())
        node = node.getparent()


def _is_frame(node: Any) -> bool:
    tag = tag_of(node)
    if tag in _FRAME_TAGS:
        return True
    if tag == "time" and len("".join(node.itertext())) < 80:
        return True
    names = f"{node.get('class') or ''} {node.get('id') or ''}"
    named = bool(_FRAME_NAMES.search(names)) and not _BODY_NAMES.search(names)
    if named and tag not in ("h1", "html", "body", "article", "main") and next(node.iter("h1"), None) is None:
        return len("".join(node.itertext())) < _LONGEST_FRAME_LINE or _links(node) > 0.5
    return tag in ("ul", "ol", "div", "section") and _links(node) > 0.8 and sum(1 for _ in node.iter("a")) >= 3


def _links(node: Any) -> float:
    """Which share of an element's text stands in links."""
    whole = len("".join(node.itertext()).strip())
    return sum(len("".join(link.itertext()).strip()) for link in node.iter("a")) / whole if whole else 0.0


def _text_element(body: Any) -> Any:
    """The element that holds the article's text: as it is marked up, else where most paragraphs lie."""
    for node in body.iter():
        if (node.get("itemprop") or "") == "articleBody" if tag_of(node) else False:
            return node
    named = [node for node in body.iter("div", "section", "article", "td") if _BODY_NAMES.search(_names(node))]
    scores = _scores(body)
    best = max((node for node in named if scores.get(node)), key=lambda node: scores[node], default=None)
    return best if best is not None else max(scores, key=lambda node: scores[node], default=None)


def _names(node: Any) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''}"


def _scores(body: Any) -> dict[Any, float]:
    """Each element by the text of the paragraphs right in it, and half of that of the paragraphs one level deeper."""
    scores: dict[Any, float] = {}
    for node in body.iter("p", "div", "li", "blockquote", "h2", "h3", "td"):
        if any(tag_of(above) in (*_FRAME_TAGS, *SILENT, "header") for above in node.iterancestors()):
            continue
        own = (node.text or "") + "".join(
            (child.tail or "")
            + ("".join(child.itertext()) if tag_of(child) in ("b", "strong", "i", "em", "span") else "")
            for child in node
        )
        if len(own.strip()) < 30:
            continue
        for weight, holder in zip((1.0, 0.5), node.iterancestors(), strict=False):
            scores[holder] = scores.get(holder, 0.0) + weight * len(own)
    return scores


def _headline(body: Any, text: Any, facts: PageFacts) -> Any:
    """The heading before the end of the text that is most like the page's title; without one, the nearest before it."""
    best, likeness = None, 0.55
    nearest = None
    inside = set(text.iter())
    order = {node: n for n, node in enumerate(body.iter())}
    for node in body.iter("h1", "h2", "h3"):
        words = one_line("".join(node.itertext()))
        if not words or any(tag_of(above) in _FRAME_TAGS for above in node.iterancestors()):
            continue
        ratio = (
            SequenceMatcher(a=words.casefold()[:200], b=facts.title.casefold()[:200]).ratio() if facts.title else 0.0
        )
        if ratio > likeness or (facts.title and len(words) > 12 and words.casefold() in facts.title.casefold()):
            best, likeness = node, max(ratio, likeness)
        if tag_of(node) == "h1" and node not in inside and order[node] < order[text]:
            nearest = node
    return best if best is not None else nearest
