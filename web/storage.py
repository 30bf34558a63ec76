"""Where a published site lies: a folder, or a bucket of any S3-compatible store; and what its files are called there.

A key is a path below the root: ASCII, with "/" between its parts, never absolute and never upward.
"""

import filecmp
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from audiobook.disk import UNFINISHED, digest, replacing, store
from audiobook.errors import StorageError, writing

_KEY = re.compile(r"[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*")

MEDIA_TYPES = {  # our own: Windows reads its registry, where anything may stand
    ".css": "text/css; charset=utf-8",
    ".epub": "application/epub+zip",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".opml": "text/x-opml; charset=utf-8",
    ".opus": "audio/ogg; codecs=opus",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".srt": "application/x-subrip; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml; charset=utf-8",
    ".zip": "application/zip",
}


def media_type(key: str) -> str:
    """What a file of this name is; a feed is told from other XML by its name.

    >>> media_type("so/2023-03/index.html"), media_type("feed.xml"), media_type("sitemap.xml")
    ('text/html; charset=utf-8', 'application/rss+xml; charset=utf-8', 'application/xml; charset=utf-8')
    """
    path = PurePosixPath(key)
    if path.suffix == ".xml" and path.name.startswith("feed"):
        return "application/rss+xml; charset=utf-8"
    return MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file that the storage has; ``etag`` is what the storage calls its content, "" where it has no name for it."""

    key: str
    bytes: int
    etag: str = ""


class Storage(Protocol):
    """Where a site lies. Whatever the storage refuses is a StorageError in words for the operator."""

    @property
    def label(self) -> str:
        """What an operator calls it."""
        ...

    @property
    def opens_folders(self) -> bool:
        """Whether a reader who asks for a folder gets its index.html, as web servers do and most buckets don't."""
        ...

    def can_hold(self, key: str) -> bool:
        """Whether a file can lie under this key: "" is the place itself, which only some have."""
        ...

    def list(self) -> Iterator[Stored]:
        """Everything that is there."""
        ...

    def holds(self, stored: Stored, file: Path) -> bool:
        """Whether what is stored surely has this file's content; False where the storage cannot tell."""
        ...

    def put(self, key: str, file: Path, *, media_type: str, cache_control: str, disposition: str = "") -> None:
        """Store a file under a key: readers see the old one or the new one, never a part."""
        ...

    def read(self, key: str) -> bytes | None:
        """A small file's content, None where there is none."""
        ...

    def sha256(self, key: str) -> str:
        """The hash of what is stored, read in full; "" where there is nothing."""
        ...

    def write(self, key: str, data: bytes) -> None:
        """Store a note of the publisher's own, which no reader is to keep."""
        ...

    def create(self, key: str, data: bytes) -> bool:
        """Store a note only where there is none; False where there is."""
        ...

    def delete(self, key: str) -> None:
        """Take a key away; no matter if it is gone already."""
        ...

    def abort_unfinished(self) -> int:
        """Give up what killed runs began and never finished; how many there were."""
        ...


def open_storage(target: str, *, endpoint: str = "", region: str = "", path_style: bool = False) -> Storage:
    """``s3://bucket/prefix`` or a folder.

    Raises:
        StorageError: a bucket that cannot be opened.
    """
    if not target.startswith("s3://"):
        return Folder(Path(target))
    from web.bucket import Bucket

    name, _, prefix = target.removeprefix("s3://").partition("/")
    return Bucket(name, prefix=prefix, endpoint=endpoint, region=region, path_style=path_style)


class Folder:
    """A folder, such as a web server's root; headers are the web server's own matter."""

    opens_folders = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def label(self) -> str:
        """Its path."""
        return str(self.folder)

    def can_hold(self, key: str) -> bool:
        """A folder is no file."""
        return key != ""

    def list(self) -> Iterator[Stored]:
        """Everything below the folder, but for files that a killed run left half written."""
        for file in sorted(self.folder.rglob("*")):
            if file.is_file() and not file.name.startswith(UNFINISHED):
                found = file.stat()
                etag = f"{found.st_mtime_ns:x}-{found.st_size:x}"
                yield Stored(key=file.relative_to(self.folder).as_posix(), bytes=found.st_size, etag=etag)

    def holds(self, stored: Stored, file: Path) -> bool:
        """Byte by byte."""
        return filecmp.cmp(self._file(stored.key), file, shallow=False)

    def put(self, key: str, file: Path, *, media_type: str, cache_control: str, disposition: str = "") -> None:
        """Copy, then rename.

        Raises:
            DiskFull, NotWritable: the old file stays whole.
        """
        target = self._file(key)
        with writing(target, needs=file.stat().st_size), file.open("rb") as source, replacing(target) as stream:
            shutil.copyfileobj(source, stream, 2**20)

    def read(self, key: str) -> bytes | None:
        """The file's content."""
        file = self._file(key)
        return file.read_bytes() if file.is_file() else None

    def sha256(self, key: str) -> str:
        """Read from the disk."""
        file = self._file(key)
        return digest(file) if file.is_file() else ""

    def write(self, key: str, data: bytes) -> None:
        """In one step."""
        store(self._file(key), data)

    def create(self, key: str, data: bytes) -> bool:
        """By the file system's own promise that one of two gets it."""
        file = self._file(key)
        with writing(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            try:
                with file.open("xb") as stream:
                    stream.write(data)
            except FileExistsError:
                return False
        return True

    def delete(self, key: str) -> None:
        """Remove the file, and the folders that it leaves empty."""
        file = self._file(key)
        with writing(file):
            file.unlink(missing_ok=True)
            for folder in file.relative_to(self.folder).parents[:-1]:
                if (self.folder / folder).is_dir() and not any((self.folder / folder).iterdir()):
                    (self.folder / folder).rmdir()

    def abort_unfinished(self) -> int:
        """Files that were half copied."""
        found = list(self.folder.rglob(f"{UNFINISHED}*"))
        for file in found:
            file.unlink(missing_ok=True)
        return len(found)

    def _file(self, key: str) -> Path:
        return self.folder / PurePosixPath(safe(key))


def safe(key: str) -> str:
    """The key itself, when it is one.

    Raises:
        StorageError: it is absolute, points upward, or is not plain ASCII.
    """
    if not _KEY.fullmatch(key) or any(part in (".", "..") for part in key.split("/")):
        raise StorageError(
            "tên tệp này không thể đăng lên mạng.", thing=key, advice="Chỉ dùng chữ không dấu, số, . - _"
        )
    return key
