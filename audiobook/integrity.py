"""Shelf -> what is wrong with it: every file against the checksum that its publication names."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from audiobook.disk import digest
from audiobook.errors import ShelfDamaged
from audiobook.library import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A file that is not what it should be. ``issue``: whose it is, "" for the shelf's own; ``said``: what is wrong."""

    file: Path
    issue: str
    said: str


def shelf_faults(shelf: Shelf, *, looked: Callable[[int, int], None] = lambda done, total: None) -> tuple[Fault, ...]:
    """Read every file of the shelf in full; ``looked`` is told the bytes done and in all."""
    publications, broken = [], []
    for file in sorted(shelf.folder.glob("*/publication.json")):
        try:
            publications.append(shelf.publication(file.parent.name))
        except ShelfDamaged as error:
            broken.append(Fault(file=file, issue=file.parent.name, said=error.place or error.message))
    try:
        shelf.bulletin()
    except ShelfDamaged as error:
        broken.append(Fault(file=shelf.folder / "bulletin.json", issue="", said=error.place or error.message))
    total, done = sum(edition.bytes for each in publications for edition in each.editions), 0
    for publication in publications:
        for edition in publication.editions:
            file = shelf.file(publication, edition)
            if said := _what_is_wrong(file, size=edition.bytes, sha256=edition.sha256):
                broken.append(Fault(file=file, issue=publication.issue.id, said=said))
            looked(done := done + edition.bytes, total)
    return tuple(broken)


def take_off(faults: tuple[Fault, ...]) -> None:
    """Make room for the next production: damaged editions go, a damaged publication.json is laid aside."""
    for fault in faults:
        if fault.file.name == "publication.json":
            fault.file.rename(fault.file.with_suffix(".json.damaged"))
        elif fault.issue:
            fault.file.unlink(missing_ok=True)


def _what_is_wrong(file: Path, *, size: int, sha256: str) -> str:
    if not file.is_file():
        return "không còn"
    if file.stat().st_size != size:
        return f"dài {file.stat().st_size} byte, lẽ ra {size}"
    return "" if digest(file) == sha256 else "nội dung đã đổi hoặc hỏng"
