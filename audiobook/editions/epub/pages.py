"""Issue -> the XHTML pages of its EPUB: cover, imprint, contents, one page a chapter."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from audiobook.addresses import Addresses, chapter_path
from audiobook.editions.imprint import VOICE, imprint_lines
from audiobook.model.issue import Block, Chapter, Issue, Kind, Media, Role
from audiobook.model.publication import Bulletin
from audiobook.xhtml import chapter_xhtml, text_xhtml

ACTIVE = "-epub-media-overlay-active"
_STYLE = """body { margin: 5%; line-height: 1.6; }
h1, h2, h3, h4 { line-height: 1.3; hyphens: none; text-align: left; }
h1 { border-bottom: .12em solid COLOUR; padding-bottom: .3em; }
p, li, td, th { hyphens: none; text-align: left; }
p { margin: 0 0 1em; }
li { margin-bottom: .5em; }
blockquote { margin: 1.2em 0; padding-left: 1em; border-left: .25em solid COLOUR; font-style: italic; }
.verse { margin-left: 2em; font-style: italic; line-height: 1.8; }
.ACTIVE { background: #ffe98a; color: #000; text-decoration: underline; }
table { border-collapse: collapse; width: 100%; margin: 1.2em 0; }
th, td { border: 1px solid; padding: .4em; vertical-align: top; }
thead th { border-bottom-width: .2em; }
figure { margin: 1.2em 0; text-align: center; break-inside: avoid; }
figcaption { text-align: left; margin-top: .4em; }
img, video { max-width: 100%; height: auto; }
audio { width: 100%; }
.noteref { vertical-align: super; font-size: .75em; }
aside { border-left: .15em solid; padding-left: .8em; margin: 1em 0; }
.important { border: .15em solid COLOUR; padding: .4em .6em; font-weight: bold; }
"""
_GROUPS = {Kind.TABLE: "table", Kind.FIGURE: "figure", Kind.NOTE: "footnote", Kind.ITEM: "list"}
"""What a listener may skip or leave as a whole, by its name in the EPUB structural semantics vocabulary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The element ``target`` of a page, and the sentence that is heard for it."""

    target: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What belongs together when it is heard: the text, or a list, table, figure or note in it."""

    heard: tuple[Heard, ...]
    kind: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the book."""

    name: str
    title: str
    body: str
    groups: tuple[Group, ...]
    kind: str = "bodymatter"


def pages(issue: Issue, bulletin: Bulletin, *, is_heard: bool) -> Iterator[Page]:
    """Every page in reading order, each made when it is asked for.

    ``is_heard``: the book has its voice, and each page has something to be heard, for readers skip pages that have not.
    Else the spoken opening and closing are left out, and each article leads to its sound on the site.
    """
    chapters = issue.chapters if is_heard else issue.articles
    addresses = Addresses(bulletin.site.base_url)
    online = {} if is_heard else {each.id: addresses.of(chapter_path(issue.id, each.id)) for each in chapters}
    yield _cover(issue, bulletin)
    yield _imprint(issue, bulletin)
    yield _contents(chapters)
    for chapter in chapters:
        yield _chapter(chapter, online.get(chapter.id, ""))


def style(bulletin: Bulletin) -> str:
    """The book's CSS: no fonts and no colours of letters, for those are the reader's own."""
    return _STYLE.replace("COLOUR", bulletin.look.colour).replace("ACTIVE", ACTIVE)


def document(page: Page, *, language: str, has_lexicon: bool) -> str:
    """A whole XHTML file."""
    lang = text_xhtml(language)
    lexicon = f'<link rel="pronunciation" type="application/pls+xml" hreflang="{lang}" href="lexicon.pls"/>\n'
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{lang}" xml:lang="{lang}">\n'
        f'<head>\n<meta charset="utf-8"/>\n<title>{text_xhtml(page.title)}</title>\n'
        '<link rel="stylesheet" type="text/css" href="style.css"/>\n'
        f"{lexicon if has_lexicon else ''}</head>\n"
        f'<body epub:type="{page.kind}">\n{page.body}\n</body>\n</html>\n'
    )


def _chapter(chapter: Chapter, online: str) -> Page:
    def address(media: Media) -> str:
        return media.file

    body = chapter_xhtml(chapter, picture_address=address, heading_shift=0)
    notice = '<p class="important" role="doc-notice" epub:type="notice">Thông báo quan trọng</p>\n'
    author = f"<p>Tác giả: {text_xhtml(chapter.author)}</p>\n" if chapter.author else ""
    listen = f'<p><a href="{text_xhtml(online)}">Nghe bài này trên mạng</a></p>\n' if online else ""
    role = ' role="doc-chapter" epub:type="chapter"' if chapter.role is Role.ARTICLE else ""
    heading = f'<h1 id="{chapter.heading_id}">{text_xhtml(chapter.title)}</h1>'
    first = Group(heard=(Heard(target=chapter.heading_id, sentence=chapter.heading_id),))
    return Page(
        name=f"{chapter.id}.xhtml",
        title=chapter.title,
        body=f'<section{role} aria-labelledby="{chapter.heading_id}">\n{heading}\n'
        f"{notice if chapter.important else ''}{author}{listen}{body}\n</section>",
        groups=(first, *_groups(chapter.blocks)),
    )


def _groups(blocks: Sequence[Block]) -> Iterator[Group]:
    for kind, together in itertools.groupby(blocks, key=lambda block: _GROUPS.get(block.kind, "")):
        each_alone = kind not in ("", "list")
        for members in ([block] for block in together) if each_alone else [list(together)]:
            heard = tuple(Heard(target=s.id, sentence=s.id) for block in members for s in block.sentences)
            if heard:
                # A figure without a caption has its sentence's id.
                named = members[0].id if members[0].text else heard[0].target
                yield Group(heard=heard, kind=kind, target=named if kind else "")


def _cover(issue: Issue, bulletin: Bulletin) -> Page:
    alt = text_xhtml(f"Bìa: {bulletin.podcast.title}, số {issue.number}, ngày {issue.date:%d/%m/%Y}")
    body = (
        '<section epub:type="cover" aria-label="Bìa">'
        f'<figure id="cover"><img src="cover.jpg" alt="{alt}"/></figure></section>'
    )
    opening = issue.chapters[0]
    first = next((each.id for block in opening.blocks for each in block.sentences), opening.heading_id)
    heard = Group(heard=(Heard(target="cover", sentence=first),))
    return Page(name="cover.xhtml", title="Bìa", body=body, groups=(heard,), kind="frontmatter")


def _imprint(issue: Issue, bulletin: Bulletin) -> Page:
    """Who answers for the issue; a line is heard as the sentence of opening or closing that says the same."""
    said = _said(issue)
    rows, heard = [], [Heard(target="imprint", sentence=issue.chapters[0].heading_id)]
    lines = ((bulletin.podcast.title, f"số {issue.number}"), *imprint_lines(issue, bulletin))
    for number, (label, words) in enumerate(lines, start=1):
        target = f"imprint{number}"
        rows.append(f'<p id="{target}"><strong>{text_xhtml(label)}:</strong> {text_xhtml(words)}</p>')
        sentence = _says(said, label, "giọng nhân tạo" if words == VOICE else words)
        if sentence:
            heard.append(Heard(target=target, sentence=sentence))
    heading = '<h1 id="imprint">Thông tin xuất bản</h1>'
    return Page(
        name="imprint.xhtml",
        title="Thông tin xuất bản",
        body=f'<section epub:type="imprint" aria-labelledby="imprint">\n{heading}\n' + "\n".join(rows) + "\n</section>",
        groups=(Group(heard=tuple(heard)),),
        kind="frontmatter",
    )


def _said(issue: Issue) -> Mapping[str, str]:
    """Sentence id -> its text, of opening and closing."""
    around = [chapter for chapter in issue.chapters if chapter.role is not Role.ARTICLE]
    blocks = [block for chapter in around for block in chapter.blocks if block.kind is Kind.PARAGRAPH]
    return {each.id: block.text[each.start : each.end] for block in blocks for each in block.sentences}


def _says(said: Mapping[str, str], label: str, words: str) -> str:
    """The sentence that says these words; where several do, the one that names the label too."""
    found = [sentence for sentence, text in said.items() if words in text]
    named = [sentence for sentence in found if label.lower().split()[-1] in said[sentence].lower()]
    return next(iter([*named, *found]), "")


def _contents(chapters: Sequence[Chapter]) -> Page:
    entries = "\n".join(map(_entry, chapters))
    body = (
        '<nav epub:type="toc" role="doc-toc" id="toc" aria-labelledby="contents">\n<h1 id="contents">Trong số này</h1>\n'
        f"<ol>\n{entries}\n</ol>\n</nav>\n"
        '<nav epub:type="landmarks" hidden="hidden" aria-label="Mốc">\n<ol>\n'
        '<li><a epub:type="cover" href="cover.xhtml">Bìa</a></li>\n'
        '<li><a epub:type="toc" href="nav.xhtml">Trong số này</a></li>\n'
        f'<li><a epub:type="bodymatter" href="{chapters[0].id}.xhtml">Bắt đầu</a></li>\n</ol>\n</nav>'
    )
    heard = []
    for each in chapters:
        heard.append(Heard(target=f"toc-{each.id}", sentence=each.heading_id))
        heard += [Heard(target=f"toc-{block.id}", sentence=block.sentences[0].id) for block in _sections(each)]
    groups = (Group(heard=tuple(heard)),)
    return Page(name="nav.xhtml", title="Trong số này", body=body, groups=groups, kind="frontmatter")


def _entry(chapter: Chapter) -> str:
    """An article of the contents, with its sections."""
    file = f"{chapter.id}.xhtml"
    inner = "\n".join(
        f'<li><a id="toc-{block.id}" href="{file}#{block.id}">{text_xhtml(" ".join(block.text.split()))}</a></li>'
        for block in _sections(chapter)
    )
    below = f"\n<ol>\n{inner}\n</ol>\n" if inner else ""
    return f'<li><a id="toc-{chapter.id}" href="{file}">{text_xhtml(chapter.title)}</a>{below}</li>'


def _sections(chapter: Chapter) -> list[Block]:
    return [block for block in chapter.blocks if block.kind is Kind.HEADING and block.level == 2 and block.sentences]
