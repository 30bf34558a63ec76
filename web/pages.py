"""Shelf -> what the templates show: plain values, every address already decided by a Linker."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from audiobook.addresses import Addresses, chapter_path, issue_path, media_path
from audiobook.library import Shelf
from audiobook.model.issue import Chapter, Media, Role
from audiobook.model.publication import Bulletin, Edition, Publication
from audiobook.model.recording import Cue
from audiobook.xhtml import chapter_xhtml
from web.wording import exact_length, in_full, length, size

Linker = Callable[[str], str]
"""A path of audiobook.addresses -> what a page's href says: absolute on the server, relative in the export."""

_DOWNLOADS = (
    ("mp3", "Nghe khi không có mạng", "MP3, cả số có chia bài"),
    ("pdf", "Đọc và in ra giấy", "PDF"),
    ("epub", "Đọc và nghe cùng lúc", "EPUB có tiếng"),
    ("transcript-html", "Toàn bộ lời đọc", "trang chữ để in"),
    ("vtt", "Phụ đề", "WebVTT"),
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The shelf as it is now."""

    bulletin: Bulletin
    publications: tuple[Publication, ...]

    @classmethod
    def of(cls, shelf: Shelf) -> "Catalogue":
        """Read the shelf."""
        return cls(shelf.bulletin(), shelf.publications())

    def publication(self, issue_id: str) -> Publication | None:
        """A publication by its issue's id."""
        return next((each for each in self.publications if each.issue.id == issue_id), None)

    def media(self) -> dict[str, tuple[Publication, Edition]]:
        """Path under m/ -> the edition that it names."""
        return {media_path(edition): (each, edition) for each in self.publications for edition in each.editions}


def frame(catalogue: Catalogue, link: Linker) -> dict[str, Any]:
    """What every page shows: who publishes, and the ways to the other pages."""
    bulletin = catalogue.bulletin
    return {
        "bulletin": bulletin,
        "publisher": bulletin.publisher,
        "link": link,
        "absolute": Addresses(bulletin.site.base_url).of,
        "latest": _summary(catalogue.publications[0], link) if catalogue.publications else None,
    }


def home_page(catalogue: Catalogue, link: Linker) -> dict[str, Any]:
    """All issues by year, the newest first."""
    years: dict[int, list[dict[str, Any]]] = {}
    for publication in catalogue.publications:
        years.setdefault(publication.issue.date.year, []).append(_summary(publication, link))
    return {"years": years}


def issue_page(publication: Publication, link: Linker) -> dict[str, Any]:
    """An issue: player, contents, text, downloads."""
    cues = {cue.id: cue for cue in publication.timeline.chapters}
    return {
        **_summary(publication, link),
        "chapters": [_chapter(publication, each, cues[each.id], link) for each in publication.issue.chapters],
        "downloads": _downloads(publication, link),
        "qr": _edition_link(publication, "qr-svg", link),
        "remarks": publication.remarks,
        "voices": publication.voices,
        "data": Markup(player_data(publication, link)),  # noqa: S704 (escaped by player_data)
    }


def chapter_page(publication: Publication, chapter: Chapter, link: Linker) -> dict[str, Any]:
    """One article on its own address."""
    order = list(publication.issue.chapters)
    at = order.index(chapter)
    cues = {cue.id: cue for cue in publication.timeline.chapters}

    def beside(step: int) -> dict[str, Any] | None:
        place = at + step
        return _chapter(publication, order[place], cues[order[place].id], link) if 0 <= place < len(order) else None

    return {
        "issue": _summary(publication, link),
        "chapter": _chapter(publication, chapter, cues[chapter.id], link),
        "before": beside(-1),
        "after": beside(1),
    }


def player_data(publication: Publication, link: Linker) -> str:
    """What the script needs, as JSON that cannot leave its element."""
    data = {
        "id": publication.issue.id,
        "title": _title(publication),
        "album": publication.issue.publisher,
        "cover": _edition_link(publication, "cover", link),
        "chapters": [[cue.id, cue.title, cue.start_ms] for cue in publication.timeline.chapters],
        "sentences": [[cue.id, cue.start_ms, cue.end_ms] for cue in publication.timeline.sentences],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _title(publication: Publication) -> str:
    issue = publication.issue
    return f"Bản tin số {issue.number}, tháng {issue.date.month} năm {issue.date.year}"


def _summary(publication: Publication, link: Linker) -> dict[str, Any]:
    issue = publication.issue
    return {
        "id": issue.id,
        "path": issue_path(issue.id),
        "href": link(issue_path(issue.id)),
        "name": _title(publication),
        "title": issue.title,
        "date": in_full(issue.date),
        "summary": issue.summary,
        "length": length(publication.timeline.duration_ms),
        "duration_ms": publication.timeline.duration_ms,
        "count": len(issue.articles),
        "sound": _edition_link(publication, "mp3", link),
        "cover": _edition_link(publication, "cover", link),
        "cover_path": _edition_path(publication, "cover"),
    }


def _chapter(publication: Publication, chapter: Chapter, cue: Cue, link: Linker) -> dict[str, Any]:
    names = {Role.OPENING: "", Role.CLOSING: ""}
    number = (
        [each.id for each in publication.issue.articles].index(chapter.id) + 1 if chapter.role is Role.ARTICLE else 0
    )

    def picture(media: Media) -> str:
        edition = next(each for each in publication.editions if each.file == media.file)
        return link(media_path(edition))

    return {
        "id": chapter.id,
        "heading_id": chapter.heading_id,
        "href": link(chapter_path(publication.issue.id, chapter.id)),
        "path": chapter_path(publication.issue.id, chapter.id),
        "number": number,
        "title": chapter.title,
        "label": names.get(chapter.role, f"Bài {number}"),
        "author": chapter.author,
        "important": chapter.important,
        "length": exact_length(cue.end_ms - cue.start_ms),
        "start": cue.start_ms / 1000,
        "end": cue.end_ms / 1000,
        "text": Markup(chapter_xhtml(chapter, picture_address=picture)),  # noqa: S704 (xhtml escapes all text)
    }


def _downloads(publication: Publication, link: Linker) -> list[dict[str, str]]:
    found = []
    for kind, purpose, form in _DOWNLOADS:
        edition = publication.edition(kind)
        if edition:
            href = link(media_path(edition))
            found.append({"href": href, "purpose": purpose, "form": form, "size": size(edition.bytes), "kind": kind})
    return found


def _edition_path(publication: Publication, kind: str) -> str:
    edition = publication.edition(kind)
    return media_path(edition) if edition else ""


def _edition_link(publication: Publication, kind: str, link: Linker) -> str:
    path = _edition_path(publication, kind)
    return link(path) if path else ""
