"""A book's parts -> its package document (EPUB 3.3, EPUB Accessibility 1.1)."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from audiobook.addresses import Addresses, issue_path
from audiobook.editions.epub.overlay import clock
from audiobook.editions.epub.pages import ACTIVE
from audiobook.model.issue import Issue, Kind, MediaKind
from audiobook.model.publication import Bulletin
from audiobook.xhtml import text_xhtml

_STRUCTURED = "Tiêu đề, danh sách, bảng và mục lục được đánh dấu; hình có lời mô tả."
_WITH_VOICE = "Chữ và giọng đọc nhân tạo đi cùng nhau từng câu. "
_FEATURES = (
    "structuralNavigation",
    "tableOfContents",
    "readingOrder",
    "displayTransformability",
    "unlocked",
    "ARIA",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A file of the book that is neither page nor overlay."""

    id: str
    file: str
    media_type: str
    properties: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All that the package document names: its pages' files, and how long each is heard; in a light book none is."""

    issue: Issue
    bulletin: Bulletin
    narrators: tuple[str, ...]
    pages: tuple[str, ...]
    heard_ms: tuple[int, ...]
    items: tuple[Item, ...]


def package(book: Book) -> str:
    """package.opf."""
    language = text_xhtml(book.issue.language)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{language}"'
        ' prefix="a11y: http://www.idpf.org/epub/vocab/package/a11y/#">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        + "\n".join([*_described(book), *_accessible(book), *_timed(book)])
        + "\n</metadata>\n<manifest>\n"
        + "\n".join(_manifest(book))
        + "\n</manifest>\n<spine>\n"
        + "\n".join(f'<itemref idref="p{number}"/>' for number in range(len(book.pages)))
        + "\n</spine>\n</package>\n"
    )


def _described(book: Book) -> Iterator[str]:
    issue, bulletin = book.issue, book.bulletin
    address = Addresses(bulletin.site.base_url).of(issue_path(issue.id))
    name = f"{bulletin.podcast.guid}/{issue.id}" + ("" if book.heard_ms else "/light")
    yield f'<dc:identifier id="id">urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}</dc:identifier>'
    yield f"<dc:title>{text_xhtml(f'{bulletin.podcast.title}, số {issue.number}')}</dc:title>"
    yield f"<dc:language>{text_xhtml(issue.language)}</dc:language>"
    yield f"<dc:publisher>{text_xhtml(bulletin.publisher.name)}</dc:publisher>"
    yield f"<dc:creator>{text_xhtml(bulletin.publisher.name)}</dc:creator>"
    for contributor in issue.contributors:
        yield f"<dc:contributor>{text_xhtml(contributor)}</dc:contributor>"
    yield f"<dc:date>{issue.date.isoformat()}</dc:date>"
    yield f"<dc:source>{text_xhtml(address)}</dc:source>"
    if issue.summary:
        yield f"<dc:description>{text_xhtml(issue.summary)}</dc:description>"
    licence = issue.licence or bulletin.podcast.contents_licence
    if licence:
        yield f"<dc:rights>{text_xhtml(licence)}</dc:rights>"
    yield f'<meta property="belongs-to-collection" id="series">{text_xhtml(bulletin.podcast.title)}</meta>'
    yield '<meta refines="#series" property="collection-type">series</meta>'
    yield f'<meta refines="#series" property="group-position">{issue.number}</meta>'
    yield f'<meta property="dcterms:modified">{issue.date.isoformat()}T00:00:00Z</meta>'


def _accessible(book: Book) -> Iterator[str]:
    """EPUB Accessibility 1.1: what one needs to read it, what it offers, and the standard that it meets."""
    shown = {b.media.kind for c in book.issue.chapters for b in c.blocks if b.kind is Kind.FIGURE and b.media}
    captions = any(block.media and block.media.captions for c in book.issue.chapters for block in c.blocks)
    is_heard = bool(book.heard_ms)
    moving = is_heard and MediaKind.VIDEO in shown
    sounding = is_heard and bool(shown & {MediaKind.AUDIO, MediaKind.VIDEO})
    facts = [("accessMode", "textual"), ("accessMode", "visual")]
    facts += [("accessMode", "auditory")] if is_heard else []
    facts += [("accessModeSufficient", "textual")]
    facts += [("accessModeSufficient", "textual,auditory")] if is_heard else []
    features = [*_FEATURES, "alternativeText"]  # the cover always has one
    features += ["synchronizedAudioText"] if is_heard else []
    features += ["transcript"] if sounding else []
    features += ["closedCaptions"] if sounding and captions else []
    facts += [("accessibilityFeature", each) for each in features]
    facts += [("accessibilityHazard", "unknown" if moving else "none")]  # nobody has measured how a film flashes
    facts += [("accessibilitySummary", (_WITH_VOICE if is_heard else "") + _STRUCTURED)]
    for name, value in facts:
        yield f'<meta property="schema:{name}">{text_xhtml(value)}</meta>'
    standard = "EPUB Accessibility 1.1 - WCAG 2.1 Level AA"
    yield f'<meta property="dcterms:conformsTo" id="conforms">{standard}</meta>'
    yield f'<meta property="a11y:certifiedBy" refines="#conforms">{text_xhtml(book.bulletin.publisher.name)}</meta>'


def _timed(book: Book) -> Iterator[str]:
    if not book.heard_ms:
        return
    for narrator in book.narrators:
        yield f'<meta property="media:narrator">{text_xhtml(narrator)} (giọng nhân tạo)</meta>'
    yield f'<meta property="media:active-class">{ACTIVE}</meta>'
    for number, each_ms in enumerate(book.heard_ms):
        yield f'<meta property="media:duration" refines="#o{number}">{clock(each_ms)}</meta>'
    yield f'<meta property="media:duration">{clock(sum(book.heard_ms))}</meta>'


def _manifest(book: Book) -> Iterator[str]:
    for number, page in enumerate(book.pages):
        heard = f' media-overlay="o{number}"' if book.heard_ms else ""
        properties = ' properties="nav"' if page == "nav.xhtml" else ""
        yield f'<item id="p{number}" href="{page}" media-type="application/xhtml+xml"{heard}{properties}/>'
        if heard:
            yield f'<item id="o{number}" href="{page}.smil" media-type="application/smil+xml"/>'
    for item in book.items:
        properties = f' properties="{item.properties}"' if item.properties else ""
        yield f'<item id="{item.id}" href="{text_xhtml(item.file)}" media-type="{item.media_type}"{properties}/>'
