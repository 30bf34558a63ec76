"""A publication's facts -> the words that a podcast app shows: titles and descriptions, in plain text and HTML."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta, timezone
from functools import lru_cache
from html import escape
from itertools import accumulate

from audiobook.model.issue import Chapter, Issue, Kind
from audiobook.model.publication import Bulletin, Change, Publication, Publisher

DESCRIPTION_BYTES = 4000  # Apple's limit, for channels and items alike, in bytes of UTF-8
VIETNAM = timezone(timedelta(hours=7))
ARTIFICIAL_VOICE = "Giọng đọc trong bản tin là giọng nhân tạo, do máy tính tổng hợp."
READ_BY_PEOPLE = "Riêng bài {} do người thật đọc."
A_PERSON_READS = "Bài này do người thật đọc; tên bài và lời giới thiệu là giọng nhân tạo, do máy tính tổng hợp."

_NOT_XML = re.compile("[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = r"số\s+(\d{1,9})(?:\s*/\s*\d{4})?"
_NUMBER_ALONE = re.compile(rf"^{_NUMBER}\s*(?:[-–—:·|,;.)]|$)|[-–—:·|,;.(]\s*{_NUMBER}[\s).]*$", re.IGNORECASE)
_SEPARATORS = " -–—:·|,;"
_NAME_BYTES = 300
_IMPRINT_BYTES = 1600
_SUMMARY_BYTES = 1200
_ENTRY_BYTES = 400
_CHANGES_BYTES = 900
_SENTENCE_BYTES = 200


def issue_title(issue: Issue, show: str) -> str:
    """The issue's title without its number and the name of the show (Apple wants both left out), in one line.

    Where nothing else is left, the first article stands for the issue.
    """
    title, name = line(issue.title), line(show)
    if title[: len(name)].casefold() == name.casefold() and not title[len(name) : len(name) + 1].isalnum():
        title = title[len(name) :].strip(_SEPARATORS)
    title = _NUMBER_ALONE.sub(lambda found: "" if int(found[1] or found[2]) == issue.number else found[0], title)
    title = title.strip(_SEPARATORS)
    return title[:1].upper() + title[1:] or _first_article(issue)


def _first_article(issue: Issue) -> str:
    titles = [line(chapter.title) for chapter in issue.articles]
    if not titles or not titles[0]:
        return f"Số {issue.number}"
    return titles[0] if len(titles) == 1 else f"{titles[0]} và {len(titles) - 1} bài khác"


def show_description(bulletin: Bulletin) -> str:
    """The channel's description: plain text of at most 4000 bytes, with publisher and artificial voice."""
    end = f"{imprint(bulletin.publisher)} {ARTIFICIAL_VOICE}"
    return f"{cut(line(bulletin.podcast.description), DESCRIPTION_BYTES - len(end.encode()) - 1)} {end}".strip()


def issue_description(publication: Publication, publisher: Publisher) -> str:
    """The item's description: HTML of at most 4000 bytes.

    With summary, what was corrected, contents, publisher and the artificial voice.
    """
    issue, articles = publication.issue, publication.issue.articles
    notes = [issue.summary, *publication.remarks][:5]
    start = "".join(_paragraph(note, _SUMMARY_BYTES // len(notes)) for note in notes) + _changes(publication)
    end = f"{_paragraph(imprint(publisher), _IMPRINT_BYTES)}<p>{_who_reads(articles)}</p>"
    return start + _contents(publication, articles, DESCRIPTION_BYTES - len((start + end).encode())) + end


def session_description(publication: Publication, publisher: Publisher, starts: Sequence[tuple[str, int]]) -> str:
    """A loudspeaker session's description: what is played when, publisher, the voice."""
    issue = publication.issue
    said = _paragraph(f"Số {issue.number}, ngày {issue.date:%d/%m/%Y}, bản cho loa truyền thanh.", _ENTRY_BYTES)
    end = f"{_paragraph(imprint(publisher), _IMPRINT_BYTES)}<p>{_who_reads(issue.articles)}</p>"
    return said + _listed(starts, DESCRIPTION_BYTES - len((said + end).encode())) + end


def article_description(publication: Publication, chapter: Chapter, publisher: Publisher, *, index: int) -> str:
    """An article's description: where it stands, who wrote it, its words as far as they go, publisher, the voice."""
    issue = publication.issue
    where = f"Bài {index} trong số {issue.number}, ngày {issue.date:%d/%m/%Y}."
    if author := line(chapter.author):
        where += f" Tác giả: {cut(author, _NAME_BYTES)}."
    voice = A_PERSON_READS if chapter.human_voice else ARTIFICIAL_VOICE
    end = f"{_paragraph(imprint(publisher), _IMPRINT_BYTES)}<p>{voice}</p>"
    said = _paragraph(where, _ENTRY_BYTES)
    room = DESCRIPTION_BYTES - len((said + end).encode())
    for block in chapter.blocks:
        if block.kind not in (Kind.TABLE, Kind.FIGURE) and room > _SENTENCE_BYTES:
            paragraph = _paragraph(block.text, room - len("<p></p>"))
            said, room = said + paragraph, room - len(paragraph.encode())
    return said + end


def _who_reads(articles: Sequence[Chapter]) -> str:
    """Whose voices are heard: the machine's, and which articles a person reads."""
    numbers = [str(number) for number, chapter in enumerate(articles, start=1) if chapter.human_voice]
    if not numbers:
        return ARTIFICIAL_VOICE
    return f"{ARTIFICIAL_VOICE} {READ_BY_PEOPLE.format(cut(', '.join(numbers), _NAME_BYTES))}"


def _changes(publication: Publication) -> str:
    """What the newest revision says otherwise, as far as there is room: nothing is mended in silence."""
    if not publication.revisions:
        return ""
    newest = publication.revisions[-1]
    said = f"<p>Đã sửa ngày {newest.made.astimezone(VIETNAM):%d/%m/%Y}:</p><ul>"
    room = _CHANGES_BYTES
    for number, change in enumerate(newest.changes):
        entry = f"<li>{_change(change)}</li>"
        if len(entry.encode()) > room:
            said += f"<li>… và {len(newest.changes) - number} chỗ khác</li>"
            break
        said, room = said + entry, room - len(entry.encode())
    return f"{said}</ul>"


def _change(change: Change) -> str:
    title, before, after = (
        escaped(line(text), _SENTENCE_BYTES) for text in (change.title, change.before, change.after)
    )
    where = f"Bài “{title}”"
    if not before:
        return f"{where}: thêm “{after}”"
    return f"{where}: “{before}” nay là “{after}”" if after else f"{where}: bỏ “{before}”"


@lru_cache
def imprint(publisher: Publisher) -> str:
    """Who answers for the bulletin, under which licence (Luật Xuất bản 2012, điều 27)."""
    named = (
        ("Đơn vị xuất bản: ", publisher.name),
        ("Giấy phép xuất bản số ", publisher.licence_number),
        ("Đơn vị phát hành: ", publisher.distributor or publisher.name),
        ("Đơn vị cung ứng: ", publisher.supplier),
    )
    said = [(label, cut(line(value), _NAME_BYTES)) for label, value in named]
    return " ".join(f"{label}{value.rstrip('.')}." for label, value in said if value)


def _contents(publication: Publication, articles: Sequence[Chapter], room: int) -> str:
    """The list of articles with their times, as far as ``room`` bytes reach, and how many more there are."""
    starts = {cue.id: cue.start_ms for cue in publication.timeline.chapters}
    return _listed([(each.title, starts.get(each.id)) for each in articles], room)


def _listed(articles: Sequence[tuple[str, int | None]], room: int) -> str:
    if not articles:
        return ""
    open_list, close_list = "<p>Trong số này:</p><ul>", "</ul>"
    more = "<li>… và {} bài khác</li>"
    room -= len((open_list + close_list + more.format(len(articles))).encode())
    entries = [_entry(title, start_ms) for title, start_ms in articles]
    if len((whole := "".join(entries)).encode()) <= room:
        return open_list + whole + close_list
    shown = sum(end <= room for end in accumulate(len(each.encode()) for each in entries))
    return open_list + "".join(entries[:shown]) + more.format(len(entries) - shown) + close_list


def _entry(title: str, start_ms: int | None) -> str:
    when = "" if start_ms is None else f"{clock(start_ms)} "
    return f"<li>{when}{escaped(line(title), _ENTRY_BYTES)}</li>"


def _paragraph(text: str, limit: int) -> str:
    return f"<p>{escaped(line(text), limit)}</p>" if line(text) else ""


def clock(ms: int) -> str:
    """A time as apps make links of it: to the second before, without hours where there are none.

    >>> clock(65_999), clock(3_600_000)
    ('01:05', '1:00:00')
    """
    seconds = ms // 1000
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes:02}:{seconds % 60:02}"


def legal(text: str) -> str:
    r"""NFC text without the characters that XML 1.0 forbids or discourages.

    >>> legal("Bản\x00 tin\ufffe")
    'Bản tin'
    """
    if text.isascii() and text.isprintable():
        return text
    return _NOT_XML.sub("", unicodedata.normalize("NFC", _NOT_XML.sub("", text)))


def line(text: str) -> str:
    r"""Legal text in one line.

    >>> line(" Bản\n\ttin ")
    'Bản tin'
    """
    return " ".join(text.split()) if text.isascii() and text.isprintable() else _one_line(text)


@lru_cache(maxsize=1024)  # titles and names come again and again; addresses do not, and would only push them out
def _one_line(text: str) -> str:
    return " ".join(legal(text).split())


def cut(text: str, limit: int) -> str:
    """At most ``limit`` bytes of UTF-8, cut between syllables, which in Vietnamese are words between spaces.

    >>> cut("thông báo số ba", 15)
    'thông báo…'
    """
    if len(text.encode()) <= limit:
        return text
    kept = text.encode()[: max(limit - len("…".encode()), 0)].decode(errors="ignore")
    if not text[len(kept) :].startswith(" "):
        kept = kept.rpartition(" ")[0] or kept  # a single word that is too long is cut inside
    return kept.rstrip() + "…"


def escaped(text: str, limit: int) -> str:
    """Text as HTML of at most ``limit`` bytes; no entity is ever cut.

    >>> escaped("Tom & Jerry & bạn", 12)
    'Tom &amp;…'
    """
    html, room = escape(text, quote=False), limit
    while len(html.encode()) > limit:
        html = escape(cut(text, room), quote=False)
        room -= len(html.encode()) - limit
    return html
