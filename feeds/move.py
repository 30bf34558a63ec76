"""A library and its new address -> audiobook.toml and feeds that send listeners there; identities stay as they are."""

import re
from collections.abc import Mapping
from dataclasses import replace

from audiobook import settings
from audiobook.addresses import FEED
from audiobook.disk import store
from audiobook.errors import SettingsError
from audiobook.library import Library
from audiobook.model.publication import Site
from feeds.rss import write

_TABLE = re.compile(r"^\s*\[[^\]]+\]", re.MULTILINE)
_VALUE = r"(?:\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|\[[^\]]*\]|true|false)"


def move(library: Library, new_url: str) -> Site:
    """Serve under another address from now on: the feeds tell apps, and the server sends on whoever asks at the old one.

    Raises:
        SettingsError: no address, or the one that it has; or audiobook.toml cannot be edited by program.
    """
    given = new_url.rstrip("/").removesuffix(f"/{FEED}")
    address = settings.check_base_url(given, thing=new_url)
    site = _site(library)
    if address == site.base_url:
        raise SettingsError("bản tin đang ở chính địa chỉ này.", thing=new_url)
    previous = [each for each in (*site.previous_urls, site.base_url) if each != address]
    return _change(library, Site(base_url=address, previous_urls=tuple(dict.fromkeys(previous)), moving=True))


def settle(library: Library) -> Site:
    """The move is over: feeds no longer tell of it; the old addresses are still sent on.

    Raises:
        SettingsError: audiobook.toml cannot be edited by program.
    """
    return _change(library, replace(_site(library), moving=False))


def _site(library: Library) -> Site:
    return settings.load(library.settings_file, environment={}).site


def _change(library: Library, site: Site) -> Site:
    file = library.settings_file
    before = settings.load(file, environment={})
    previous = ", ".join(f'"{each}"' for each in site.previous_urls)
    values = {
        "base_url": f'"{site.base_url}"',
        "previous_urls": f"[{previous}]",
        "moving": "true" if site.moving else "false",
    }
    text = file.read_bytes().decode()
    edited = _edited(text, values).encode()
    store(file, edited)
    try:
        kept = settings.load(file, environment={}) == replace(before, site=site)
    except SettingsError:
        kept = False
    if not kept:
        store(file, text.encode())
        wanted = "; ".join(f"{name} = {value}" for name, value in values.items())
        raise SettingsError("chưa tự sửa được mục [site].", thing=file, advice=f"Hãy sửa bằng tay: {wanted}")
    _refresh(library, site)
    return site


def _refresh(library: Library, site: Site) -> None:
    shelf = library.shelf
    if (shelf.folder / "bulletin.json").is_file():
        shelf.keep_bulletin(replace(shelf.bulletin(), site=site))
        write(shelf)


def _edited(text: str, values: Mapping[str, str]) -> str:
    """The text with these values in [site]; comments and all else stay. What it makes is read back before it counts."""
    begin = re.search(r"^\s*\[site\].*$", text, re.MULTILINE)
    if not begin:
        return text
    end = _TABLE.search(text, begin.end())
    head, table, rest = text[: begin.end()], text[begin.end() :], ""
    if end:
        table, rest = text[begin.end() : end.start()], text[end.start() :]
    missing = ""
    for name, value in values.items():
        line = re.compile(rf"^(\s*{name}\s*=\s*){_VALUE}", re.MULTILINE)
        if line.search(table):
            table = line.sub(lambda found, value=value: found[1] + value, table, count=1)  # type: ignore[misc]
        else:
            missing += f"\n{name} = {value}"
    return head + missing + table + rest
