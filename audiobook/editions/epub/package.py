"""Issue, Timeline, sounds -> an EPUB 3.3 with media overlays and EPUB Accessibility 1.1 metadata; the same bytes every time."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from audiobook.editions.epub.opf import Book, package
from audiobook.editions.epub.overlay import clips, overlay
from audiobook.editions.epub.pages import STYLE, document, pages
from audiobook.model.issue import Issue
from audiobook.model.publication import Bulletin
from audiobook.model.recording import Timeline, Voice

_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def make_epub(
    issue: Issue,
    timeline: Timeline,
    *,
    bulletin: Bulletin,
    voices: Sequence[Voice],
    cover: bytes,
    sounds: Mapping[str, bytes],
    pictures: Path,
) -> bytes:
    """The whole book.

    Args:
        issue: with its sentences; figures' files relative to ``pictures``.
        timeline: when each sentence is heard.
        bulletin: who publishes.
        voices: who reads.
        cover: a JPEG.
        sounds: chapter id -> its MP3.
        pictures: the folder of the figures' files.
    """
    written = pages(issue, bulletin)
    known = clips(timeline)
    overlays = [overlay(page, known) for page in written]
    figures = {block.media.file: block.media for each in issue.chapters for block in each.blocks if block.media}
    files: dict[str, bytes] = {"META-INF/container.xml": _CONTAINER.encode()}
    book = Book(
        issue=issue,
        bulletin=bulletin,
        narrators=tuple(voice.label for voice in voices),
        pages=written,
        overlays=tuple(overlays),
        sounds=tuple(sounds),
        figures=tuple(figures.values()),
    )
    files["EPUB/package.opf"] = package(book).encode()
    for page, sound in zip(written, overlays, strict=True):
        files[f"EPUB/{page.name}"] = document(page, language=issue.language).encode()
        files[f"EPUB/{page.name}.smil"] = sound.smil.encode()
    files["EPUB/style.css"] = STYLE.encode()
    files["EPUB/cover.jpg"] = cover
    files |= {f"EPUB/{name}": (pictures / name).read_bytes() for name in sorted(figures)}
    files |= {f"EPUB/audio/{chapter}.mp3": data for chapter, data in sounds.items()}
    return _zipped(files, issue)


def _zipped(files: Mapping[str, bytes], issue: Issue) -> bytes:
    """The archive: the media type first and stored, sounds and pictures stored, dates from the issue."""
    out = io.BytesIO()
    dated = (issue.date.year, issue.date.month, issue.date.day, 0, 0, 0)
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in {"mimetype": b"application/epub+zip", **files}.items():
            entry = zipfile.ZipInfo(name, dated)
            entry.external_attr = 0o644 << 16
            stored = name == "mimetype" or name.endswith((".mp3", ".jpg", ".png"))
            archive.writestr(entry, data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()
