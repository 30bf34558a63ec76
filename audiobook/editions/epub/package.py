"""Issue, Timeline, sounds -> an EPUB 3.3 with media overlays and EPUB Accessibility 1.1 metadata; the same bytes every time."""

import functools
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from audiobook.editions.epub.lexicon import pls
from audiobook.editions.epub.opf import Book, Item, package
from audiobook.editions.epub.overlay import clips, overlay
from audiobook.editions.epub.pages import document, pages, style
from audiobook.model.issue import Issue
from audiobook.model.publication import Bulletin
from audiobook.model.recording import Timeline, Voice

_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_PACKED = (".xhtml", ".smil", ".opf", ".xml", ".css", ".pls", ".vtt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """The voice of a book: when each sentence is heard, each chapter's MP3 block by block, and who reads."""

    timeline: Timeline
    chapters: Mapping[str, Iterable[bytes]]
    voices: Sequence[Voice]


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustration:
    """A file that pages show; ``file`` is its name in the book."""

    file: str
    media_type: str
    data: bytes | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """All that goes into a book."""

    issue: Issue
    bulletin: Bulletin
    cover: bytes  # a JPEG
    sound: Sound | None  # None: the light book
    illustrations: Sequence[Illustration] = ()
    lexicon: Mapping[str, str] = field(default_factory=dict)  # printed -> said


def write_epub(file: Path, contents: Contents) -> None:
    """Write the whole book; neither its sound nor its pages are ever held whole."""
    issue, sound = contents.issue, contents.sound
    known = clips(sound.timeline) if sound else {}
    names, heard_ms = list[str](), list[int]()
    with zipfile.ZipFile(file, "w") as archive:
        add = functools.partial(_add, archive, issue.date)
        add("mimetype", [b"application/epub+zip"])
        add("META-INF/container.xml", [_CONTAINER.encode()])
        for page in pages(issue, contents.bulletin, is_heard=sound is not None):
            names.append(page.name)
            text = document(page, language=issue.language, has_lexicon=bool(contents.lexicon))
            add(f"EPUB/{page.name}", [text.encode()])
            if sound:
                heard = overlay(page, known)
                heard_ms.append(heard.duration_ms)
                add(f"EPUB/{page.name}.smil", [heard.smil.encode()])
        book = Book(
            issue=issue,
            bulletin=contents.bulletin,
            narrators=tuple(voice.label for voice in sound.voices) if sound else (),
            pages=tuple(names),
            heard_ms=tuple(heard_ms),
            items=tuple(_items(contents)),
        )
        add("EPUB/package.opf", [package(book).encode()])
        add("EPUB/style.css", [style(contents.bulletin).encode()])
        add("EPUB/cover.jpg", [contents.cover])
        if contents.lexicon:
            add("EPUB/lexicon.pls", [pls(contents.lexicon, language=issue.language).encode()])
        for each in contents.illustrations:
            add(f"EPUB/{each.file}", [each.data if isinstance(each.data, bytes) else each.data.read_bytes()])
        for chapter, blocks in (sound.chapters if sound else {}).items():
            add(f"EPUB/audio/{chapter}.mp3", blocks)


def _items(contents: Contents) -> Iterable[Item]:
    """The manifest's entries beside the pages and their overlays."""
    yield Item(id="style", file="style.css", media_type="text/css")
    yield Item(id="cover-image", file="cover.jpg", media_type="image/jpeg", properties="cover-image")
    if contents.lexicon:
        yield Item(id="lexicon", file="lexicon.pls", media_type="application/pls+xml")
    for number, each in enumerate(contents.illustrations):
        yield Item(id=f"f{number}", file=each.file, media_type=each.media_type)
    for chapter in contents.sound.chapters if contents.sound else ():
        yield Item(id=f"a-{chapter}", file=f"audio/{chapter}.mp3", media_type="audio/mpeg")


def _add(archive: zipfile.ZipFile, day: date, name: str, blocks: Iterable[bytes]) -> None:
    """One file of the archive: media type, sounds and pictures stored as they are, dated as the issue."""
    entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED if name.endswith(_PACKED) else zipfile.ZIP_STORED
    with archive.open(entry, "w") as target:
        for block in blocks:
            target.write(block)
