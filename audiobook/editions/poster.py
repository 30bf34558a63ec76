"""Issue or Bulletin -> a poster for a notice board: a large QR code, three steps, a telephone number; PDF/UA-1."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audiobook.editions.fonts import printable
from audiobook.editions.pdf import STEPS, code, issued
from audiobook.editions.typeset import typeset
from audiobook.model.issue import Issue
from audiobook.model.publication import Bulletin

_MOST_LINES, _LINE = 6, 62  # of titles, and letters on such a line
_TIMELESS = date(2000, 1, 1)  # a poster that stays true carries no day; its metadata want one


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What is said on it."""

    subject: str  # for the document's title
    line: str  # below the bulletin's name
    intro: str
    titles: tuple[str, ...] = ()
    more: int = 0  # articles beside those
    day: date = _TIMELESS


def issue_poster(issue: Issue, bulletin: Bulletin) -> Poster:
    """For one issue, with what is in it."""
    titles = tuple(_titles(issue))
    return Poster(
        subject=f"{bulletin.podcast.title}, số {issue.number}: tờ dán bảng tin",
        line=issued(issue),
        intro="Nghe số này bằng điện thoại",
        titles=titles,
        more=len(issue.articles) - len(titles),
        day=issue.date,
    )


def _titles(issue: Issue) -> Iterator[str]:
    """The first titles, as many as there is room for."""
    lines = 0
    for chapter in issue.articles:
        title = " ".join(chapter.title.split())
        title = title if len(title) <= 2 * _LINE else f"{title[: 2 * _LINE - 1].rstrip()}…"
        lines += -(-len(title) // _LINE)
        if lines > _MOST_LINES:
            return
        yield title


def bulletin_poster(bulletin: Bulletin) -> Poster:
    """For the whole bulletin: it leads to the latest issue."""
    return Poster(
        subject=f"{bulletin.podcast.title}: tờ dán bảng tin",
        line="Bản tin nói: nghe ở đâu cũng được, lúc nào cũng được",
        intro="Nghe số mới nhất bằng điện thoại",
    )


def make_poster(
    poster: Poster, *, bulletin: Bulletin, address: str, paper: str, logo: bytes, cache: Path | None = None
) -> bytes:
    """The PDF.

    Args:
        poster: what is said.
        bulletin: who publishes.
        address: where the code leads.
        paper: "a4" or "a5".
        logo: a PNG, or nothing.
        cache: where one that was set before from the same is looked for.

    Raises:
        EditionError: typst refused.
    """
    publisher = bulletin.publisher
    name = printable(bulletin.podcast.title)[0]
    data = {
        "large": False,
        "size": 20,
        "paper": paper,
        "colour": bulletin.look.colour,
        "logo": "logo.png" if logo else "",
        "headline": printable(poster.subject)[0],
        "bulletin": name,
        "date": [poster.day.year, poster.day.month, poster.day.day],
        "publisher": printable(publisher.name)[0],
        "owner": printable(publisher.supplier or publisher.name)[0],
        "licence": printable(publisher.licence_number)[0],
        "phone": printable(publisher.phone)[0],
        "language": "vi",
        "line": poster.line,
        "intro": poster.intro,
        "titles": [printable(title)[0] for title in poster.titles],
        "more": poster.more,
        "steps": STEPS,
        "qr": code(address, f"Mã QR mở trang nghe: {address}", cache=cache),
    }
    return typeset("poster.typ", data, pictures={"logo.png": logo} if logo else {}, thing=poster.subject, cache=cache)
