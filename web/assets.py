"""The site's own style, script and icon, each under a name that carries its hash, so that it can be kept for a year."""

import functools
import hashlib
from importlib.resources import files

from audiobook.addresses import STATIC

ICON = "icon.svg"
NAMES = (ICON, "player.js", "site.css")


@functools.cache
def asset(name: str) -> bytes:
    """A static file's bytes."""
    return (files("web") / "static" / name).read_bytes()


@functools.cache
def asset_path(name: str) -> str:
    """A static file's path.

    >>> asset_path("site.css").startswith("static/site.")
    True
    """
    stem, suffix = name.rsplit(".", 1)
    return f"{STATIC}/{stem}.{hashlib.sha256(asset(name)).hexdigest()[:10]}.{suffix}"
