"""Publication -> what the templates show: plain values, every word and address already decided by the View."""

import re
from typing import Any

from markupsafe import Markup

from audiobook.addresses import (
    ENGLISH,
    FEED,
    FEED_ARTICLES,
    FEED_LATEST,
    chapter_path,
    issue_path,
    leaf_path,
    loudspeaker_path,
    media_path,
)
from audiobook.model.issue import Chapter, Media, Role
from audiobook.model.publication import Publication
from audiobook.model.recording import Cue
from audiobook.xhtml import chapter_xhtml
from web import sharing
from web.catalogue import Catalogue
from web.corrections import corrections
from web.editions import downloads, edition_link, edition_size, file_name, leaves
from web.player import player_data, script_words
from web.view import View
from web.wording import N_

_MORE_FEEDS = (  # path, what its name adds to the bulletin's, what it is for
    (FEED_ARTICLES, N_("từng bài"), N_("Mỗi bài là một mục riêng")),
    (FEED_LATEST, N_("số mới nhất"), N_("Chỉ số mới nhất, cho máy tự phát trên loa")),
)

_PICTURE = re.compile(
    r'<img (src="([^"]+)" alt="([^"]*)"[^>]*?)/>'
)  # as audiobook.xhtml writes it; in text "<" is escaped


def frame(catalogue: Catalogue, view: View) -> dict[str, Any]:
    """What every page shows: who publishes, the ways to the other pages, the words."""
    language = view.words.language
    return {
        "_": view.words,
        "_h": lambda text, **values: Markup(view.words(text)).format(**values),  # noqa: S704 (our own catalogue)
        "language": language,
        "vi": Markup() if language == "vi" else Markup(' lang="vi"'),
        "bulletin": catalogue.bulletin,
        "publisher": catalogue.bulletin.publisher,
        "path": view.path,
        "english": f"{ENGLISH}/{view.path}".rstrip("/"),
        "link": view.link,
        "to": view.to,
        "absolute": view.addresses.of,
        "feed": view.addresses.of(FEED),
        "more_feeds": [
            {"path": path, "name": view.words(name), "purpose": view.words(purpose)}
            for path, name, purpose in _MORE_FEEDS
            if path in catalogue.feeds
        ],
        "in_words": without_scheme,
        "latest": summary(catalogue.publications[0], view) if catalogue.publications else None,
        "said": script_words(view.words),
    }


def home(catalogue: Catalogue, view: View) -> dict[str, Any]:
    """The latest issue to be heard at once, then all others by year, the newest first."""
    years: dict[int, list[dict[str, Any]]] = {}
    for publication in catalogue.publications[1:]:
        years.setdefault(publication.issue.date.year, []).append(summary(publication, view))
    latest = catalogue.publications[0] if catalogue.publications else None
    data = player_data(latest, name=name_of(latest, view), view=view, has_text=False) if latest else ""
    return {"years": years, "data": data, "card": sharing.home_card(catalogue.bulletin, latest, view)}


def issue(catalogue: Catalogue, publication: Publication, view: View) -> dict[str, Any]:
    """An issue: player, contents, text, downloads."""
    name = name_of(publication, view)
    return {
        "issue": summary(publication, view),
        "chapters": [_chapter(publication, each, view) for each in publication.issue.chapters],
        "card": sharing.issue_card(catalogue.bulletin, publication, view),
        "zalo": sharing.zalo(view.addresses.of(issue_path(publication.issue.id))),
        "downloads": downloads(publication, view, name=name),
        "loudspeaker": view.to(loudspeaker_path(publication.issue.id)),
        "leaf": view.to(leaf_path(publication.issue.id)) if leaves(publication) else "",
        "qr": edition_link(publication, "qr-svg", view),
        "remarks": publication.remarks,
        "corrections": corrections(publication, view),
        "voices": ", ".join(voice.label for voice in publication.voices if not voice.is_human),
        "read_by_people": "; ".join(each.title for each in publication.issue.chapters if each.human_voice),
        "contributors": ", ".join(publication.issue.contributors),
        "contents_licence": publication.issue.licence,
        "data": player_data(publication, name=name, view=view),
    }


def chapter(catalogue: Catalogue, publication: Publication, chapter: Chapter, view: View) -> dict[str, Any]:
    """One article on its own address, with those before and after it."""
    order = publication.issue.chapters
    at = order.index(chapter)
    beside = [order[place] if 0 <= place < len(order) else None for place in (at - 1, at + 1)]
    before, after = (_chapter(publication, each, view) if each else None for each in beside)
    path = chapter_path(publication.issue.id, chapter.id)
    return {
        "issue": summary(publication, view),
        "chapter": _chapter(publication, chapter, view)
        | {"text": _text(publication, chapter, view, heading_shift=0)},  # here the title is the page's own
        "card": sharing.chapter_card(catalogue.bulletin, publication, chapter, path, view),
        "zalo": sharing.zalo(view.addresses.of(path)),
        "before": before,
        "after": after,
        "corrections": corrections(publication, view, chapter),
        "data": player_data(publication, name=name_of(publication, view), view=view, chapter=chapter),
    }


def embed(catalogue: Catalogue, publication: Publication, view: View) -> dict[str, Any]:
    """The bare player, for other sites to frame."""
    return {
        "issue": summary(publication, view),
        "card": sharing.issue_card(catalogue.bulletin, publication, view),
        "data": player_data(publication, name=name_of(publication, view), view=view, has_text=False),
    }


def portal(catalogue: Catalogue, view: View) -> dict[str, Any]:
    """Code for other sites' pages."""
    words, addresses = view.words, view.addresses
    snippets = [(words("Danh sách năm số mới nhất, tự cập nhật"),
                 words("Dùng một đoạn script ngắn; nơi không cho chạy script thì chỉ hiện một đường dẫn."),
                 sharing.list_code(addresses))]  # fmt: skip
    if catalogue.publications:
        latest = catalogue.publications[0], catalogue.bulletin, addresses
        snippets += [
            (words("Trình nghe trong khung"), words("Cho số mới nhất. Số khác: đổi mã số trong địa chỉ."),
             sharing.frame_code(*latest)),
            (words("Trình nghe không cần khung, không cần script"), words("Cho cổng thông tin không cho dùng khung."),
             sharing.plain_code(*latest)),
        ]  # fmt: skip
    return {"snippets": [{"title": title, "purpose": purpose, "code": code} for title, purpose, code in snippets]}


def missing(view: View, *, status: int) -> dict[str, Any]:
    """What is said where a page is not there, or cannot be shown."""
    words = view.words
    if status == 404:
        return {
            "heading": words("Không có trang này"),
            "advice": words("Có thể địa chỉ bị gõ thiếu, hoặc trang đã được chuyển đi."),
        }
    return {"heading": words("Trang chưa mở được"), "advice": words("Xin quý vị thử lại sau ít phút.")}


def summary(publication: Publication, view: View) -> dict[str, Any]:
    """An issue in a few words."""
    issue, duration_ms, words = publication.issue, publication.timeline.duration_ms, view.words
    return {
        "id": issue.id,
        "path": issue_path(issue.id),
        "href": view.to(issue_path(issue.id)),
        "loudspeaker": view.to(loudspeaker_path(issue.id)),
        "name": name_of(publication, view),
        "title": issue.title,
        "date": words.in_full(issue.date),
        "summary": issue.summary,
        "length": words.length(duration_ms),
        "exact_length": words.exact_length(duration_ms),
        "seconds": duration_ms // 1000,
        "count": len(issue.articles),
        "publisher": issue.publisher,
        "sound": edition_link(publication, "mp3", view),
        "sound_size": edition_size(publication, "mp3", view),
        "light_sound": edition_link(publication, "mp3-low", view),
        "light_size": edition_size(publication, "mp3-low", view),
    }


def name_of(publication: Publication, view: View) -> str:
    """An issue as one asks for it."""
    return view.words.issue_name(publication.issue.number, publication.issue.date)


def without_scheme(address: str) -> str:
    """An address as one reads it out."""
    return address.removeprefix("https://").removeprefix("http://")


def _chapter(publication: Publication, chapter: Chapter, view: View) -> dict[str, Any]:
    cue, issue = cue_of(publication, chapter), publication.issue
    own = publication.edition("mp3-article", chapter.id)
    path = chapter_path(issue.id, chapter.id)
    return {
        "id": chapter.id,
        "heading_id": chapter.heading_id,
        "href": view.to(path),
        "number": issue.articles.index(chapter) + 1 if chapter.role is Role.ARTICLE else 0,
        "title": chapter.title,
        "author": chapter.author,
        "important": chapter.important,
        "length": view.words.exact_length(cue.end_ms - cue.start_ms),
        "seconds": (cue.end_ms - cue.start_ms) // 1000,
        "start": cue.start_ms / 1000,
        "end": cue.end_ms / 1000,
        "sound": f"{edition_link(publication, 'mp3', view)}#t={cue.start_ms / 1000}",
        "file": view.link(media_path(own)) if own else "",
        "file_name": file_name(own, f"{name_of(publication, view)} – {chapter.title}", "") if own else "",
        "file_size": view.words.size(own.bytes) if own else "",
        "text": _text(publication, chapter, view, heading_shift=1),
    }


def cue_of(publication: Publication, chapter: Chapter) -> Cue:
    """When the chapter is heard; one that was never recorded lasts no time."""
    nothing = Cue(id=chapter.id, title=chapter.title, start_ms=0, end_ms=0)
    return next((cue for cue in publication.timeline.chapters if cue.id == chapter.id), nothing)


def _text(publication: Publication, chapter: Chapter, view: View, *, heading_shift: int) -> Markup:
    pictures = {edition.file: view.link(media_path(edition)) for edition in publication.editions}

    def address(media: Media) -> str:
        return pictures.get(media.file, "")

    text = chapter_xhtml(chapter, picture_address=address, heading_shift=heading_shift)
    return Markup(_PICTURE.sub(lambda found: _with_way_to_see(found, view), text))  # noqa: S704 (audiobook.xhtml escapes all text)


def _with_way_to_see(picture: re.Match[str], view: View) -> str:
    """A picture that loads as it comes into view, and a link to it alone, where it can be made as large as one likes."""
    image, address, description = picture.groups()
    said = f'{view.words("Xem hình to")}<span class="hide">: {description}</span>'
    return f'<img loading="lazy" {image}/><a class="zoom" lang="{view.words.language}" href="{address}">{said}</a>'
