"""Shelf -> the site as files: the server's own pages, their addresses made relative, so that any prefix and file:// serve."""

import os
import posixpath
import re
import shutil
from pathlib import Path

from audiobook import addresses
from audiobook.addresses import chapter_path, issue_path
from audiobook.errors import writing
from audiobook.library import Shelf
from feeds.artwork import artwork
from web.app import PLAIN_PAGES, STATIC, create_app, static_path
from web.pages import Catalogue

_ADDRESS = re.compile(r'(?P<name>\b(?:href|src|content)=")/(?P<path>(?!/)[^"#?]*)(?P<rest>[^"]*")')
_IN_DATA = re.compile(r'"/(m/[0-9a-f]{64}\.\w+)"')
_PLAIN = (addresses.HOME, *PLAIN_PAGES)


def export(shelf: Shelf, folder: Path) -> int:
    """Write every page, sound and edition below ``folder``; how many files there are.

    A page lies in a folder of its own as index.html. Files that are there already under their hash are not copied again.

    Raises:
        DiskFull, NotWritable: from the disk.
    """
    catalogue = Catalogue.of(shelf)
    client = create_app(shelf).test_client()
    count = 0
    with writing(folder):
        for path in _page_paths(catalogue):
            page = client.get(f"/{path}").get_data(as_text=True)
            count += _write(folder / path / "index.html", relative(page, path).encode())
        missing = client.get("/khong-co-trang-nay").get_data(as_text=True)
        count += _write(folder / "404.html", relative(missing, addresses.HOME).encode())
        for path, (publication, edition) in sorted(catalogue.media().items()):
            count += _link(shelf.file(publication, edition), folder / path)
        picture = artwork(shelf, catalogue.bulletin, catalogue.publications)
        if picture:
            count += _link(picture.file, folder / picture.path)
        for file in sorted(STATIC.iterdir()):
            count += _write(folder / static_path(file.name), file.read_bytes())
        feed = shelf.folder / addresses.FEED
        if feed.is_file():
            count += _write(folder / addresses.FEED, feed.read_bytes())
    return count


def relative(page: str, path: str) -> str:
    """A server's page as it lies in a folder of files: addresses of this site relative to it, pages as index.html.

    >>> relative('<a href="/so/2023-03">', "cach-nghe")
    '<a href="../so/2023-03/index.html">'
    """
    here = path or "."

    def rewritten(found: re.Match[str]) -> str:
        target = found["path"]
        is_file = "." in posixpath.basename(target)
        aimed = target if is_file else posixpath.join(target, "index.html")
        return f"{found['name']}{posixpath.relpath(aimed, here)}{found['rest']}"

    in_page = _ADDRESS.sub(rewritten, page)
    return _IN_DATA.sub(lambda found: f'"{posixpath.relpath(found[1], here)}"', in_page)


def _page_paths(catalogue: Catalogue) -> list[str]:
    paths = list(_PLAIN)
    for publication in catalogue.publications:
        paths.append(issue_path(publication.issue.id))
        paths += [chapter_path(publication.issue.id, chapter.id) for chapter in publication.issue.chapters]
    return paths


def _write(file: Path, data: bytes) -> int:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return 1


def _link(source: Path, target: Path) -> int:
    if target.is_file() and target.stat().st_size == source.stat().st_size:
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, target)
    return 1
