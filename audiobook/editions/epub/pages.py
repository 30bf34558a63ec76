"""Issue -> the XHTML pages of its EPUB: cover, imprint, contents, one page a chapter."""

from collections.abc import Sequence
from dataclasses import dataclass

from audiobook.model.issue import Chapter, Issue, Role
from audiobook.model.publication import Bulletin
from audiobook.xhtml import chapter_xhtml, text_xhtml

STYLE = """body { margin: 5%; line-height: 1.6; }
h1, h2, h3 { line-height: 1.3; hyphens: none; }
p, li { hyphens: none; text-align: left; }
.verse { margin-left: 2em; font-style: italic; }
.-epub-media-overlay-active { background: #ffe98a; color: #000; text-decoration: underline; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid; padding: .4em; text-align: left; vertical-align: top; }
figure { margin: 1em 0; text-align: center; }
img { max-width: 100%; height: auto; }
.noteref { vertical-align: super; font-size: .75em; }
.important { border: 2px solid; padding: .4em; font-weight: bold; }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the book; ``sounds``: (id on this page, id of the sentence that is heard for it)."""

    name: str
    title: str
    body: str
    sounds: tuple[tuple[str, str], ...]
    kind: str = "bodymatter"


def pages(issue: Issue, bulletin: Bulletin) -> tuple[Page, ...]:
    """Every page in reading order; each has something to be heard, for readers skip pages that have not."""
    opening = issue.chapters[0]
    chapters = [_chapter(chapter) for chapter in issue.chapters]
    return (_cover(issue, bulletin, opening), _imprint(issue, bulletin, opening), _contents(issue), *chapters)


def document(page: Page, *, language: str) -> str:
    """A whole XHTML file."""
    lang = text_xhtml(language)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{lang}" xml:lang="{lang}">\n'
        f'<head>\n<meta charset="utf-8"/>\n<title>{text_xhtml(page.title)}</title>\n'
        '<link rel="stylesheet" type="text/css" href="style.css"/>\n</head>\n'
        f'<body epub:type="{page.kind}">\n{page.body}\n</body>\n</html>\n'
    )


def _chapter(chapter: Chapter) -> Page:
    body = chapter_xhtml(chapter, picture_address=lambda media: media.file, heading_shift=0)
    important = '<p class="important">Thông báo quan trọng</p>\n' if chapter.important else ""
    author = f"<p>Tác giả: {text_xhtml(chapter.author)}</p>\n" if chapter.author else ""
    role = ' role="doc-chapter" epub:type="chapter"' if chapter.role is Role.ARTICLE else ""
    heading = f'<h1 id="{chapter.heading_id}">{text_xhtml(chapter.title)}</h1>'
    sounds = [chapter.heading_id, *(sentence.id for block in chapter.blocks for sentence in block.sentences)]
    return Page(
        name=f"{chapter.id}.xhtml",
        title=chapter.title,
        body=f'<section{role} aria-labelledby="{chapter.heading_id}">\n{heading}\n{important}{author}{body}\n</section>',
        sounds=tuple((each, each) for each in sounds),
    )


def _first_sentence(chapter: Chapter) -> str:
    return next((each.id for block in chapter.blocks for each in block.sentences), chapter.heading_id)


def _cover(issue: Issue, bulletin: Bulletin, opening: Chapter) -> Page:
    alt = text_xhtml(f"Bìa: {bulletin.podcast.title}, số {issue.number}, ngày {issue.date:%d/%m/%Y}")
    body = f'<section epub:type="cover"><figure id="cover"><img src="cover.jpg" alt="{alt}"/></figure></section>'
    return Page(
        name="cover.xhtml",
        title="Bìa",
        body=body,
        sounds=(("cover", _first_sentence(opening)),),
        kind="frontmatter",
    )


def _imprint(issue: Issue, bulletin: Bulletin, opening: Chapter) -> Page:
    publisher = bulletin.publisher
    lines = (
        (bulletin.podcast.title, f"số {issue.number}, ngày {issue.date:%d/%m/%Y}"),
        ("Nhà xuất bản", publisher.name),
        ("Giấy phép xuất bản số", publisher.licence_number),
        ("Đơn vị phát hành", publisher.distributor),
        ("Đơn vị cung ứng", publisher.supplier),
        ("Liên hệ", "; ".join(filter(None, (publisher.address, publisher.phone, publisher.email)))),
        ("Giấy phép nội dung", issue.licence or bulletin.podcast.contents_licence),
        ("Giọng đọc", "nhân tạo, do máy tổng hợp"),
    )
    told = [block.sentences[0].id for block in opening.blocks if block.sentences]
    rows, sounds = [], []
    for number, (label, text) in enumerate((each for each in lines if each[1]), start=1):
        rows.append(f'<p id="imprint{number}"><strong>{text_xhtml(label)}:</strong> {text_xhtml(text)}</p>')
        if number <= len(told):
            sounds.append((f"imprint{number}", told[number - 1]))
    heading = '<h1 id="imprint">Thông tin xuất bản</h1>'
    return Page(
        name="imprint.xhtml",
        title="Thông tin xuất bản",
        body=f'<section epub:type="imprint" aria-labelledby="imprint">\n{heading}\n' + "\n".join(rows) + "\n</section>",
        sounds=tuple(sounds),
        kind="frontmatter",
    )


def _contents(issue: Issue) -> Page:
    def entries(chapters: Sequence[Chapter]) -> str:
        return "\n".join(
            f'<li id="toc-{each.id}"><a href="{each.id}.xhtml">{text_xhtml(each.title)}</a></li>' for each in chapters
        )

    body = (
        '<nav epub:type="toc" role="doc-toc" id="toc" aria-labelledby="contents">\n<h1 id="contents">Trong số này</h1>\n'
        f"<ol>\n{entries(issue.chapters)}\n</ol>\n</nav>\n"
        '<nav epub:type="landmarks" hidden="hidden" aria-label="Mốc">\n<ol>\n'
        '<li><a epub:type="cover" href="cover.xhtml">Bìa</a></li>\n'
        '<li><a epub:type="toc" href="nav.xhtml">Trong số này</a></li>\n'
        f'<li><a epub:type="bodymatter" href="{issue.chapters[0].id}.xhtml">Bắt đầu</a></li>\n</ol>\n</nav>'
    )
    return Page(
        name="nav.xhtml",
        title="Trong số này",
        body=body,
        sounds=tuple((f"toc-{each.id}", each.heading_id) for each in issue.chapters),
        kind="frontmatter",
    )
