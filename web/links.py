"""A path of audiobook.addresses -> what a page's href says: on the server, and in a folder of files."""

import posixpath
from collections.abc import Callable
from urllib.parse import urlsplit

Linker = Callable[[str], str]


def on_server(root: str = "") -> Linker:
    """Addresses from the server's root; ``root`` is the folder that the site is mounted at.

    >>> on_server("/bantin")("so/2023-03")
    '/bantin/so/2023-03'
    """
    return lambda path: f"{root}/{path}"


def in_files(here: str) -> Linker:
    """Addresses relative to the page ``here``, so that they hold under any prefix and from file://.

    >>> in_files("cach-nghe")("so/2023-03"), in_files("")("feed.xml")
    ('../so/2023-03/index.html', 'feed.xml')
    """
    return lambda path: posixpath.relpath(page_file(path), here or ".")


def from_anywhere(base_url: str) -> Linker:
    """Addresses of files for the one page that is shown at any depth: where there is none.

    >>> from_anywhere("https://bantin.example.vn/anphu")("cach-nghe")
    '/anphu/cach-nghe/index.html'
    """
    return lambda path: f"{root_of(base_url)}/{page_file(path)}"


def root_of(base_url: str) -> str:
    """The folder of the base URL: "" or "/folder"."""
    return urlsplit(base_url).path.rstrip("/")


def page_file(path: str) -> str:
    """The file that holds a path: a page is the index of a folder, everything else has a suffix.

    >>> page_file("so/2023-03"), page_file("feed.xml"), page_file("")
    ('so/2023-03/index.html', 'feed.xml', 'index.html')
    """
    return path if "." in posixpath.basename(path) else posixpath.join(path, "index.html")
