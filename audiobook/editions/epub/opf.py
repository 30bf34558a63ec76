"""A book's parts -> its package document (EPUB 3.3, EPUB Accessibility 1.1)."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from audiobook.addresses import Addresses, issue_path
from audiobook.editions.epub.overlay import Overlay, clock
from audiobook.editions.epub.pages import Page
from audiobook.model.issue import Issue, Media
from audiobook.model.publication import Bulletin
from audiobook.xhtml import text_xhtml

_SUMMARY = (
    "Chữ và giọng đọc đi cùng nhau từng câu; tiêu đề, danh sách, bảng và mục lục được đánh dấu; hình có lời mô tả."
)
_ACCESSIBLE = (
    ("schema:accessMode", "textual"),
    ("schema:accessMode", "visual"),
    ("schema:accessMode", "auditory"),
    ("schema:accessModeSufficient", "textual"),
    ("schema:accessModeSufficient", "textual,auditory"),
    ("schema:accessibilityFeature", "synchronizedAudioText"),
    ("schema:accessibilityFeature", "structuralNavigation"),
    ("schema:accessibilityFeature", "tableOfContents"),
    ("schema:accessibilityFeature", "readingOrder"),
    ("schema:accessibilityFeature", "alternativeText"),
    ("schema:accessibilityHazard", "none"),
    ("schema:accessibilitySummary", _SUMMARY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All that the package document names."""

    issue: Issue
    bulletin: Bulletin
    narrators: tuple[str, ...]
    pages: tuple[Page, ...]
    overlays: tuple[Overlay, ...]
    sounds: tuple[str, ...]  # chapter ids
    figures: tuple[Media, ...]


def package(book: Book) -> str:
    """package.opf."""
    language = text_xhtml(book.issue.language)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{language}"'
        ' prefix="a11y: http://www.idpf.org/epub/vocab/package/a11y/#">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        + "\n".join(_metadata(book))
        + "\n</metadata>\n<manifest>\n"
        + "\n".join(_manifest(book))
        + "\n</manifest>\n<spine>\n"
        + "\n".join(f'<itemref idref="p{number}"/>' for number in range(len(book.pages)))
        + "\n</spine>\n</package>\n"
    )


def _metadata(book: Book) -> Iterator[str]:
    issue, bulletin = book.issue, book.bulletin
    address = Addresses(bulletin.site.base_url).of(issue_path(issue.id))
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"{bulletin.podcast.guid}/{issue.id}")
    yield f'<dc:identifier id="id">urn:uuid:{identifier}</dc:identifier>'
    yield f"<dc:title>{text_xhtml(f'{bulletin.podcast.title}, số {issue.number}')}</dc:title>"
    yield f"<dc:language>{text_xhtml(issue.language)}</dc:language>"
    yield f"<dc:publisher>{text_xhtml(bulletin.publisher.name)}</dc:publisher>"
    yield f"<dc:creator>{text_xhtml(bulletin.publisher.name)}</dc:creator>"
    yield f"<dc:date>{issue.date.isoformat()}</dc:date>"
    yield f"<dc:source>{text_xhtml(address)}</dc:source>"
    if issue.summary:
        yield f"<dc:description>{text_xhtml(issue.summary)}</dc:description>"
    licence = issue.licence or bulletin.podcast.contents_licence
    if licence:
        yield f"<dc:rights>{text_xhtml(licence)}</dc:rights>"
    yield f'<meta property="dcterms:modified">{issue.date.isoformat()}T00:00:00Z</meta>'
    for name, value in _ACCESSIBLE:
        yield f'<meta property="{name}">{text_xhtml(value)}</meta>'
    standard = "EPUB Accessibility 1.1 - WCAG 2.1 Level AA"
    yield f'<meta property="dcterms:conformsTo" id="conforms">{standard}</meta>'
    yield f'<meta property="a11y:certifiedBy" refines="#conforms">{text_xhtml(bulletin.publisher.name)}</meta>'
    for narrator in book.narrators:
        yield f'<meta property="media:narrator">{text_xhtml(narrator)} (giọng nhân tạo)</meta>'
    yield '<meta property="media:active-class">-epub-media-overlay-active</meta>'
    for number, each in enumerate(book.overlays):
        yield f'<meta property="media:duration" refines="#o{number}">{clock(each.duration_ms)}</meta>'
    yield f'<meta property="media:duration">{clock(sum(each.duration_ms for each in book.overlays))}</meta>'


def _manifest(book: Book) -> Iterator[str]:
    for number, page in enumerate(book.pages):
        properties = ' properties="nav"' if page.name == "nav.xhtml" else ""
        yield (
            f'<item id="p{number}" href="{page.name}" media-type="application/xhtml+xml" media-overlay="o{number}"{properties}/>'
        )
        yield f'<item id="o{number}" href="{page.name}.smil" media-type="application/smil+xml"/>'
    yield '<item id="style" href="style.css" media-type="text/css"/>'
    yield '<item id="cover-image" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>'
    for number, media in enumerate(book.figures):
        yield f'<item id="f{number}" href="{text_xhtml(media.file)}" media-type="{media.media_type}"/>'
    for chapter in book.sounds:
        yield f'<item id="a-{chapter}" href="audio/{chapter}.mp3" media-type="audio/mpeg"/>'
