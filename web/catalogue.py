"""Shelf -> the catalogue that the site is made from, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from audiobook import addresses
from audiobook.addresses import media_path
from audiobook.library import Shelf
from audiobook.model.publication import Bulletin, Publication
from feeds.artwork import artwork
from web.downloads import download_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A finished file as it is served: under the hash of its content, with the name that a listener keeps it by.

    ``issue`` and ``kind`` are those of its edition; "" and "artwork" for the bulletin's own picture.
    """

    file: Path
    media_type: str
    sha256: str
    name: str
    issue: str = ""
    kind: str = "artwork"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The shelf as it was when it was read; ``publications`` newest first, ``media`` by path."""

    bulletin: Bulletin
    publications: tuple[Publication, ...]
    media: Mapping[str, Medium]
    feed: bytes

    @classmethod
    def of(cls, shelf: Shelf) -> "Catalogue":
        """Read the shelf.

        Raises:
            ShelfDamaged: what stands on the shelf cannot be read.
        """
        feed = shelf.folder / addresses.FEED
        return cls(
            bulletin=shelf.bulletin(),
            publications=shelf.publications(),
            media=_media(shelf),
            feed=feed.read_bytes() if feed.is_file() else b"",
        )

    def publication(self, issue_id: str) -> Publication | None:
        """A publication by its issue's id."""
        return next((each for each in self.publications if each.issue.id == issue_id), None)


def _media(shelf: Shelf) -> dict[str, Medium]:
    names, publications = download_names(shelf), shelf.publications()
    found = {
        media_path(edition): Medium(
            file=shelf.file(publication, edition),
            media_type=_with_charset(edition.media_type),
            sha256=edition.sha256,
            name=names[media_path(edition)],
            issue=publication.issue.id,
            kind=edition.kind,
        )
        for publication in publications
        for edition in publication.editions
    }
    picture = artwork(shelf, shelf.bulletin(), publications)
    if picture and picture.path not in found:
        path = PurePosixPath(picture.path)
        media_type = "image/png" if path.suffix == ".png" else "image/jpeg"
        found[picture.path] = Medium(file=picture.file, media_type=media_type, sha256=path.stem, name=path.name)
    return found


def _with_charset(media_type: str) -> str:
    is_text = media_type.startswith("text/") or media_type == "application/x-subrip"
    return f"{media_type}; charset=utf-8" if is_text else media_type
