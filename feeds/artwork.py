"""The shelf -> the one square picture that stands for the whole bulletin."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from audiobook.addresses import media_path
from audiobook.library import Shelf
from audiobook.model.publication import Bulletin, Publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Artwork:
    """``path`` names the content, as every medium's: a changed picture has a new address, so that apps fetch it."""

    file: Path
    path: str


def artwork(shelf: Shelf, bulletin: Bulletin, publications: Iterable[Publication]) -> Artwork | None:
    """The bulletin's own picture, else the newest cover; None where there is neither."""
    own = shelf.folder / PurePosixPath(bulletin.cover) if bulletin.cover else None
    if own and own.is_file():
        return Artwork(file=own, path=f"m/{hashlib.sha256(own.read_bytes()).hexdigest()}{own.suffix.lower()}")
    for publication in publications:
        if cover := publication.edition("cover"):
            return Artwork(file=shelf.file(publication, cover), path=media_path(cover))
    return None
