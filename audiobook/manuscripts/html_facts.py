"""A page's head -> what it says of itself: title, author, date, summary (schema.org, Open Graph, meta, time)."""

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from audiobook.manuscripts.text import one_line

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_VIETNAMESE_DAY = re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b")
_TIMES = ("article:published_time", "pubdate", "date", "dc.date", "dc.date.issued", "og:updated_time", "datepublished")
_LONGEST_BYLINE = 100
_MOST_JSON = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """``date`` is ISO; "" where nothing is said."""

    title: str = ""
    author: str = ""
    date: str = ""
    summary: str = ""
    is_portal: bool = False


def facts_of(root: Any) -> PageFacts:
    """Read the head of a page."""
    metas = {
        (each.get("property") or each.get("name") or each.get("itemprop") or "").lower(): one_line(
            each.get("content") or ""
        )
        for each in root.iter("meta")
    }
    article = next(_articles(root), {})
    title = _said(article.get("headline")) or metas.get("og:title", "") or _title(root)
    dates = (_said(article.get("datePublished")), *(metas.get(name, "") for name in _TIMES), *_times(root))
    return PageFacts(
        title=title,
        author=_author(article.get("author")) or metas.get("author", "") or next(_bylines(root), ""),
        date=next((day for text in dates if (day := _day(text))), ""),
        summary=metas.get("description", "") or metas.get("og:description", ""),
        is_portal=bool(article) or "og:title" in metas,
    )


def _articles(root: Any) -> Iterator[dict[str, Any]]:
    """The articles that JSON-LD describes."""
    for script in root.iter("script"):
        text = script.text or ""
        if script.get("type") != "application/ld+json" or len(text) > _MOST_JSON:
            continue
        try:
            told = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for each in told if isinstance(told, list) else told.get("@graph", [told]) if isinstance(told, dict) else []:
            if isinstance(each, dict) and str(each.get("@type", "")).endswith(
                ("Article", "NewsArticle", "BlogPosting")
            ):
                yield each


def _said(value: object) -> str:
    return one_line(value) if isinstance(value, str) else ""


def _author(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_author, value[:5])))
    return _said(value.get("name")) if isinstance(value, dict) else _said(value)


def _bylines(root: Any) -> Iterator[str]:
    """What stands in the page as who wrote it: <p class="author">Tác giả: Lê Thị B</p>."""
    for node in root.iter("span", "div", "p", "a"):
        name = f"{node.get('class') or ''} {node.get('id') or ''} {node.get('rel') or ''}".lower()
        text = one_line("".join(node.itertext()))
        if re.search(r"\b(?:author|tac-?gia|byline)\b", name) and 0 < len(text) <= _LONGEST_BYLINE:
            yield re.sub(r"^(?:tác giả|bài(?: và ảnh)?|người viết)\s*:\s*", "", text, flags=re.IGNORECASE)


def _title(root: Any) -> str:
    node = next(root.iter("title"), None)
    text = one_line(node.text or "") if node is not None else ""
    return re.split(r"\s+[|–—-]\s+", text)[0]  # "Tên bài - Tên cổng"


def _times(root: Any) -> Iterator[str]:
    for node in root.iter("time"):
        yield node.get("datetime") or one_line("".join(node.itertext()))
    for node in root.iter("span", "div", "p"):
        name = f"{node.get('class') or ''} {node.get('id') or ''}".lower()
        if re.search(r"date|time|ngay|pubdate", name):
            yield one_line("".join(node.itertext()))[:120]


def _day(text: str) -> str:
    """The first day in a text as ISO, or "".

    >>> _day("2023-03-30T08:00:00+07:00"), _day("Thứ năm, 30/3/2023 08:00"), _day("hôm qua")
    ('2023-03-30', '2023-03-30', '')
    """
    iso, local = _DAY.search(text), _VIETNAMESE_DAY.search(text)
    parts = iso.groups() if iso else local.groups()[::-1] if local else ()
    try:
        return datetime.date(*map(int, parts)).isoformat() if parts else ""
    except ValueError:
        return ""
