"""What a listener's device calls a file that it keeps."""

import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

from audiobook.addresses import media_path
from audiobook.library import Shelf


def download_names(shelf: Shelf) -> dict[str, str]:
    """What a listener's device shall call each content-addressed file, by key.

    Raises:
        ShelfDamaged: what stands on the shelf cannot be read.
    """
    show = shelf.bulletin().podcast.title
    return {
        media_path(edition): f"{show} số {each.issue.number}-{each.issue.date.year}{PurePosixPath(edition.file).suffix}"
        for each in shelf.publications()
        for edition in each.editions
    }


def disposition(name: str) -> str:
    r"""A Content-Disposition after RFC 6266: the name in ASCII for old programs, and as it is for all others.

    >>> disposition("Bản tin số 3.mp3")
    'inline; filename="Ban tin so 3.mp3"; filename*=UTF-8\'\'B%E1%BA%A3n%20tin%20s%E1%BB%91%203.mp3'
    """
    clean = "".join(" " if c in '\\/:*?"<>|' or not c.isprintable() else c for c in unicodedata.normalize("NFC", name))
    bare = unicodedata.normalize("NFD", clean.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    return f"inline; filename=\"{bare}\"; filename*=UTF-8''{quote(clean, safe='')}"
