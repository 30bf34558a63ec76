"""What a listener's device calls a file that it keeps."""

import unicodedata
from urllib.parse import quote

from audiobook.addresses import media_path
from audiobook.library import Shelf
from audiobook.model.publication import Edition, Publication
from web.editions import OFFERED, file_name

_TITLE = 60  # so much of an article's title goes into a name: old devices take 255 bytes


def download_names(shelf: Shelf) -> dict[str, str]:
    """What a listener's device shall call each content-addressed file, by key.

    Raises:
        ShelfDamaged: what stands on the shelf cannot be read.
    """
    show = shelf.bulletin().podcast.title
    return {
        media_path(edition): file_name(edition, _called(each, show), _added(edition, each))
        for each in (*shelf.of_kind("correction"), *shelf.publications())
        for edition in each.editions
    }


def _added(edition: Edition, publication: Publication) -> str:
    """What tells an edition's name from that of its sisters: its kind, the article's title, the session."""
    titles = {chapter.id: chapter.title for chapter in publication.issue.chapters}
    kinds = {kind: added for kind, _, _, added in OFFERED}
    told = (kinds.get(edition.kind, ""), titles.get(edition.chapter, "").rstrip(".")[:_TITLE], edition.part)
    return ", ".join(filter(None, told))


def _called(publication: Publication, show: str) -> str:
    issue = publication.issue
    if publication.kind == "correction":
        return f"{show} đính chính số {issue.number} ngày {issue.date:%d-%m-%Y}"
    return f"{show} số {issue.number}-{issue.date.year}"


def disposition(name: str) -> str:
    r"""A Content-Disposition after RFC 6266: the name in ASCII for old programs, and as it is for all others.

    >>> disposition("Bản tin số 3.mp3")
    'inline; filename="Ban tin so 3.mp3"; filename*=UTF-8\'\'B%E1%BA%A3n%20tin%20s%E1%BB%91%203.mp3'
    """
    clean = "".join(" " if c in '\\/:*?"<>|' or not c.isprintable() else c for c in unicodedata.normalize("NFC", name))
    bare = unicodedata.normalize("NFD", clean.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    return f"inline; filename=\"{bare}\"; filename*=UTF-8''{quote(clean, safe='')}"
