"""Shelf -> the site as files: the server's own templates, their addresses relative, for any prefix and for file://."""

import filecmp
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from audiobook.disk import store
from audiobook.errors import writing
from audiobook.library import Shelf
from web import signposts, site
from web.assets import NAMES, asset, asset_path
from web.catalogue import Catalogue
from web.latest import latest
from web.links import from_anywhere, in_files, page_file
from web.search.shards import shards

MISSING = "404.html"
"""What a web server shows where there is no page."""


def export(shelf: Shelf, folder: Path, *, linked: bool = False) -> int:
    """Write every page, sound and edition below ``folder``; how many files there are.

    ``linked``: sound and editions are the shelf's own files and not copies, for a folder that nobody else writes to.

    Sound comes first and the feed last, so that nothing names what is not there yet. A file that is there already under
    its hash is not copied again. Nothing is deleted.

    Raises:
        DiskFull, NotWritable: from the disk; each file is the old one or the new one.
        ShelfDamaged: what stands on the shelf cannot be read.
    """
    catalogue = Catalogue.of(shelf)
    with writing(folder):
        for path, medium in sorted(catalogue.media.items()):
            _bring(medium.file, folder / path, linked=linked)
        fixed = latest(catalogue)
        for path, medium in sorted(fixed.items()):
            if not ((folder / path).is_file() and filecmp.cmp(medium.file, folder / path, shallow=False)):
                (folder / path).unlink(missing_ok=True)
                _bring(medium.file, folder / path, linked=linked)
        count = 0
        for path, data in _documents(catalogue):
            (_write if linked else store)(folder / path, data)
            count += 1
    return len(catalogue.media) + len(fixed) + count


def _write(file: Path, data: bytes) -> None:
    """For a folder that is gone in a moment: nothing need survive a power cut."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def _documents(catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    """One after the other: all pages of many years would fill the memory."""
    yield from ((asset_path(name), asset(name)) for name in NAMES)
    yield from shards(catalogue.publications)
    for path in signposts.paths(catalogue):
        yield path, signposts.signpost(catalogue, path, link=in_files("")) or b""
    for path in reversed(site.paths(catalogue)):  # the home page after all that it links to
        yield page_file(path), (site.page(catalogue, path, link=in_files(path)) or "").encode()
    everywhere = from_anywhere(catalogue.bulletin.site.base_url)
    yield MISSING, site.missing_page(catalogue, link=everywhere).encode()
    yield from ((path, file.read_bytes()) for path, file in catalogue.feeds.items())


def _bring(source: Path, target: Path, *, linked: bool) -> None:
    if target.is_file() and target.stat().st_size == source.stat().st_size:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    coming = target.with_name(f".tmp-{os.getpid()}-{target.name}")
    try:
        if not (linked and _is_linked(source, coming)):
            shutil.copyfile(source, coming)
        coming.replace(target)
    finally:
        coming.unlink(missing_ok=True)


def _is_linked(source: Path, target: Path) -> bool:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without links
        return False
    return True
