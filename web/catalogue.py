"""Shelf -> the catalogue that the site is made from, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from audiobook.addresses import media_path
from audiobook.library import Shelf
from audiobook.model.publication import Bulletin, Publication
from feeds.artwork import artwork
from feeds.rss import stored_documents
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
    """The shelf as it was when it was read; issues and corrections newest first, ``media`` by path."""

    bulletin: Bulletin
    publications: tuple[Publication, ...]
    corrections: tuple[Publication, ...]  # have a page, but are in no list of issues
    media: Mapping[str, Medium]
    feeds: Mapping[str, Path]  # each feed, archive, list and style by its path; the main feed last

    @classmethod
    def of(cls, shelf: Shelf) -> "Catalogue":
        """Read the shelf.

        Raises:
            ShelfDamaged: what stands on the shelf cannot be read.
        """
        return cls(
            bulletin=shelf.bulletin(),
            publications=shelf.publications(),
            corrections=shelf.of_kind("correction"),
            media=_media(shelf),
            feeds={path: shelf.folder / path for path in stored_documents(shelf)},
        )

    def publication(self, issue_id: str) -> Publication | None:
        """An issue or a correction by its id."""
        return next((each for each in (*self.publications, *self.corrections) if each.issue.id == issue_id), None)


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
        for publication in (*shelf.of_kind("correction"), *publications)
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
