"""Publication -> what the templates show: plain values, every address already decided by a Linker."""

from base64 import b64encode
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from audiobook.addresses import FEED, Addresses, chapter_path, issue_path, media_path
from audiobook.model.issue import Chapter, Media, Role
from audiobook.model.publication import Publication
from audiobook.model.recording import Cue
from audiobook.xhtml import chapter_xhtml
from web.catalogue import Catalogue
from web.links import Linker
from web.player import player_data
from web.wording import exact_length, in_full, length, size

_DOWNLOADS = (  # edition, what it is for, what it is
    ("mp3", "Nghe khi không có mạng", "Tệp MP3, cả số, có chia bài"),
    ("pdf", "Đọc và in ra giấy", "Tệp PDF"),
    ("epub", "Vừa đọc vừa nghe trong ứng dụng đọc sách", "Tệp EPUB có tiếng"),
    ("transcript-html", "Toàn bộ lời đọc, trên một trang", "Trang chữ HTML"),
    ("vtt", "Phụ đề của bản ghi âm", "Tệp WebVTT"),
    ("srt", "Phụ đề cho máy phát cũ", "Tệp SRT"),
)


def frame(catalogue: Catalogue, link: Linker) -> dict[str, Any]:
    """What every page shows: who publishes, and the ways to the other pages."""
    addresses = Addresses(catalogue.bulletin.site.base_url)
    return {
        "bulletin": catalogue.bulletin,
        "publisher": catalogue.bulletin.publisher,
        "link": link,
        "absolute": addresses.of,
        "feed": addresses.of(FEED),
        "in_words": _without_scheme,
        "latest": summary(catalogue.publications[0], link) if catalogue.publications else None,
        "zalo": lambda path: _zalo(addresses.of(path)),
    }


def home(catalogue: Catalogue, link: Linker) -> dict[str, Any]:
    """The latest issue to be heard at once, then all others by year, the newest first."""
    years: dict[int, list[dict[str, Any]]] = {}
    for publication in catalogue.publications[1:]:
        years.setdefault(publication.issue.date.year, []).append(summary(publication, link))
    latest = catalogue.publications[0] if catalogue.publications else None
    data = player_data(latest, name=_name(latest), link=link, has_text=False) if latest else ""
    return {"years": years, "data": data}


def issue(publication: Publication, link: Linker) -> dict[str, Any]:
    """An issue: player, contents, text, downloads."""
    return {
        "issue": summary(publication, link),
        "chapters": [_chapter(publication, each, link) for each in publication.issue.chapters],
        "downloads": _downloads(publication, link),
        "qr": _edition_link(publication, "qr-svg", link),
        "remarks": publication.remarks,
        "voices": ", ".join(voice.label for voice in publication.voices),
        "contributors": ", ".join(publication.issue.contributors),
        "contents_licence": publication.issue.licence,
        "data": player_data(publication, name=_name(publication), link=link),
    }


def chapter(publication: Publication, chapter: Chapter, link: Linker) -> dict[str, Any]:
    """One article on its own address, with those before and after it."""
    order = publication.issue.chapters
    at = order.index(chapter)
    beside = [order[place] if 0 <= place < len(order) else None for place in (at - 1, at + 1)]
    before, after = (_chapter(publication, each, link) if each else None for each in beside)
    return {
        "issue": summary(publication, link),
        "chapter": _chapter(publication, chapter, link),
        "before": before,
        "after": after,
        "data": player_data(publication, name=_name(publication), link=link, chapter=chapter),
    }


def summary(publication: Publication, link: Linker) -> dict[str, Any]:
    """An issue in a few words."""
    issue, duration_ms = publication.issue, publication.timeline.duration_ms
    cover = publication.edition("cover")
    return {
        "id": issue.id,
        "path": issue_path(issue.id),
        "href": link(issue_path(issue.id)),
        "name": _name(publication),
        "title": issue.title,
        "date": in_full(issue.date),
        "summary": issue.summary,
        "length": length(duration_ms),
        "exact_length": exact_length(duration_ms),
        "seconds": duration_ms // 1000,
        "count": len(issue.articles),
        "publisher": issue.publisher,
        "sound": _edition_link(publication, "mp3", link),
        "cover_path": media_path(cover) if cover else "",
    }


def _name(publication: Publication) -> str:
    issue = publication.issue
    return f"Bản tin số {issue.number}, tháng {issue.date.month} năm {issue.date.year}"


def _chapter(publication: Publication, chapter: Chapter, link: Linker) -> dict[str, Any]:
    cue = _cue(publication, chapter)
    articles = publication.issue.articles
    return {
        "id": chapter.id,
        "heading_id": chapter.heading_id,
        "href": link(chapter_path(publication.issue.id, chapter.id)),
        "path": chapter_path(publication.issue.id, chapter.id),
        "number": articles.index(chapter) + 1 if chapter.role is Role.ARTICLE else 0,
        "title": chapter.title,
        "author": chapter.author,
        "important": chapter.important,
        "length": exact_length(cue.end_ms - cue.start_ms),
        "seconds": (cue.end_ms - cue.start_ms) // 1000,
        "start": cue.start_ms / 1000,
        "end": cue.end_ms / 1000,
        "text": Markup(_text(publication, chapter, link)),  # noqa: S704 (audiobook.xhtml escapes all text)
    }


def _cue(publication: Publication, chapter: Chapter) -> Cue:
    """When the chapter is heard; one that was never recorded lasts no time."""
    nothing = Cue(id=chapter.id, title=chapter.title, start_ms=0, end_ms=0)
    return next((cue for cue in publication.timeline.chapters if cue.id == chapter.id), nothing)


def _text(publication: Publication, chapter: Chapter, link: Linker) -> str:
    pictures = {edition.file: link(media_path(edition)) for edition in publication.editions}

    def address(media: Media) -> str:
        return pictures.get(media.file, "")

    return chapter_xhtml(chapter, picture_address=address)


def _downloads(publication: Publication, link: Linker) -> list[dict[str, str]]:
    found = []
    for kind, purpose, form in _DOWNLOADS:
        edition = publication.edition(kind)
        if edition:
            name = f"{_name(publication)}.{edition.file.rsplit('.', 1)[-1]}"
            said = {"purpose": purpose, "form": form, "size": size(edition.bytes), "name": name}
            found.append(said | {"href": link(media_path(edition))})
    return found


def _edition_link(publication: Publication, kind: str, link: Linker) -> str:
    edition = publication.edition(kind)
    return link(media_path(edition)) if edition else ""


def _without_scheme(address: str) -> str:
    """An address as one reads it out."""
    return address.removeprefix("https://").removeprefix("http://")


def _zalo(address: str) -> str:
    """Zalo's own page for passing an address on (what its share button opens)."""
    asked = b64encode(f'{{"url":"{address}"}}'.encode()).decode()
    return f"https://button-share.zalo.me/share_external?d={quote(asked, safe='')}"
