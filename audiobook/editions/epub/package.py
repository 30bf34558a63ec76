"""Issue, Timeline, sounds -> an EPUB 3.3 with media overlays and EPUB Accessibility 1.1 metadata; the same bytes every time."""

import functools
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
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


def write_epub(
    file: Path,
    issue: Issue,
    timeline: Timeline,
    *,
    bulletin: Bulletin,
    voices: Sequence[Voice],
    cover: bytes,
    sounds: Mapping[str, Iterable[bytes]],
    pictures: Path,
) -> None:
    """Write the whole book; no sound is ever held whole.

    Args:
        file: where it is written.
        issue: with its sentences; figures' files relative to ``pictures``.
        timeline: when each sentence is heard.
        bulletin: who publishes.
        voices: who reads.
        cover: a JPEG.
        sounds: chapter id -> its MP3, block by block.
        pictures: the folder of the figures' files.
    """
    written = pages(issue, bulletin)
    known = clips(timeline)
    overlays = [overlay(page, known) for page in written]
    figures = {block.media.file: block.media for each in issue.chapters for block in each.blocks if block.media}
    book = Book(
        issue=issue,
        bulletin=bulletin,
        narrators=tuple(voice.label for voice in voices),
        pages=written,
        overlays=tuple(overlays),
        sounds=tuple(sounds),
        figures=tuple(figures.values()),
    )
    with zipfile.ZipFile(file, "w") as archive:
        add = functools.partial(_add, archive, issue.date)
        add("mimetype", [b"application/epub+zip"])
        add("META-INF/container.xml", [_CONTAINER.encode()])
        add("EPUB/package.opf", [package(book).encode()])
        for page, sound in zip(written, overlays, strict=True):
            add(f"EPUB/{page.name}", [document(page, language=issue.language).encode()])
            add(f"EPUB/{page.name}.smil", [sound.smil.encode()])
        add("EPUB/style.css", [STYLE.encode()])
        add("EPUB/cover.jpg", [cover])
        for name in sorted(figures):
            add(f"EPUB/{name}", [(pictures / name).read_bytes()])
        for chapter, blocks in sounds.items():
            add(f"EPUB/audio/{chapter}.mp3", blocks)


def _add(archive: zipfile.ZipFile, day: date, name: str, blocks: Iterable[bytes]) -> None:
    """One file of the archive: media type, sounds and pictures stored as they are, dated as the issue."""
    entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    entry.external_attr = 0o644 << 16
    stored = name == "mimetype" or name.endswith((".mp3", ".jpg", ".png"))
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with archive.open(entry, "w") as target:
        for block in blocks:
            target.write(block)
