"""The site's own styles, scripts and icons, each under a name that carries its hash, so that it can be kept for a year.

A script is written in parts that share one scope: a folder's files, joined in the order of their names.
"""

import functools
import hashlib
from importlib.resources import files

from audiobook.addresses import STATIC

ICON = "icon.svg"
SCRIPTS = ("leaf.js", "loudspeaker.js", "player.js", "search.js")
NAMES = ("icon-192.png", "icon-512.png", ICON, "leaf.css", "loudspeaker.css", "site.css", *SCRIPTS)


@functools.cache
def asset(name: str) -> bytes:
    """A static file's bytes."""
    folder = files("web") / "static"
    if name not in SCRIPTS:
        return (folder / name).read_bytes()
    parts = sorted((folder / name.removesuffix(".js")).iterdir(), key=lambda part: part.name)
    body = b"\n".join(part.read_bytes() for part in parts if part.name.endswith(".js"))
    return b"(function () {\n'use strict';\n" + body + b"}());\n"


@functools.cache
def asset_path(name: str) -> str:
    """A static file's path.

    >>> asset_path("site.css").startswith("static/site.")
    True
    """
    stem, suffix = name.rsplit(".", 1)
    return f"{STATIC}/{stem}.{hashlib.sha256(asset(name)).hexdigest()[:10]}.{suffix}"
