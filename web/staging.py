"""Shelf -> the site as files by key, in a folder for the moment; what is published is sent from there."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path

from audiobook.library import Library
from web.export import export
from web.plan import site_files
from web.storage import Storage

_ALIAS = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={0}">'
    '<title>Bản tin nói</title><p><a href="{0}">Mở trang nghe</a></p></html>\n'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """The site as files by key; ``aliases`` are for stores that do not open a folder's index.html."""

    files: Mapping[str, Path]
    aliases: Mapping[str, Path]

    def for_storage(self, storage: Storage) -> dict[str, Path]:
        """What is to lie there."""
        if storage.opens_folders:
            return dict(self.files)
        return {**self.files, **{key: file for key, file in self.aliases.items() if storage.can_hold(key)}}


@contextmanager
def staged(library: Library) -> Iterator[Staged]:
    """The site in a folder of the library's own, so that sound is linked there and not copied."""
    with tempfile.TemporaryDirectory(dir=library.folder, prefix=".tmp-site-") as folder:
        site, aliases = Path(folder) / "site", Path(folder) / "aliases"
        export(library.shelf, site, linked=True)
        files = site_files(site)
        yield Staged(files=files, aliases=_aliases(files, aliases))


def _aliases(files: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """A page's short address, which a QR code carries: a file of that name which leads to index.html beside it."""
    folder.mkdir()
    made: dict[str, Path] = {}
    for key in files:
        path, _, name = key.rpartition("/")
        if name != "index.html":
            continue
        file = folder / f"{len(made)}.html"
        target = f"{path.rpartition('/')[2]}/index.html" if path else "index.html"
        file.write_text(_ALIAS.format(escape(target)), encoding="utf-8")
        made[path] = file
    return made
