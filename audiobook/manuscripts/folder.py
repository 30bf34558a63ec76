"""A folder of articles in any format -> one Source: every file an article (or several), in order.

The order is that of ``articles`` in an issue.toml in the folder, else that of the names, numbers counted ("2 …" before
"10 …"). issue.toml may also say title, number, date, summary, contributors, licence and cover.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from audiobook.errors import ManuscriptEmpty, ManuscriptMissing, PictureMissing, SettingsError
from audiobook.manuscripts.account import words
from audiobook.manuscripts.asides import set_aside
from audiobook.manuscripts.headings import found
from audiobook.manuscripts.pictures import MOST_BYTES
from audiobook.manuscripts.source import Omission, Picture, Source, SourceBlock
from audiobook.manuscripts.text import one_line
from audiobook.model.issue import Kind, Mark, Markup
from audiobook.model.narration import Remark

FACTS = "issue.toml"
SUFFIXES = {".docx", ".md", ".markdown", ".txt", ".html", ".htm", ".xhtml", ".pdf", ".epub"}
_MOST_FILES = 500
_KEYS = ("title", "number", "date", "summary", "contributors", "licence", "publisher", "cover", "articles")
_LEFT = ("outline.toml", "lexicon.toml", "sources.toml", FACTS)


def read_folder(folder: Path, read_file: Callable[[Path], Source]) -> Source:
    """Read every article of a folder.

    Raises:
        ManuscriptError: a file cannot be read; none is there.
        SettingsError: issue.toml is not as it should be.
    """
    facts = _facts(folder)
    files = _files(folder, facts.pop("articles", None))
    sources = [_article(file, read_file(file)) for file in files]
    cover = facts.pop("cover", "")
    inherited = next((each.facts for each in sources if each.facts), {}) if len(sources) == 1 else _shared(sources)
    return Source(
        blocks=tuple(block for source in sources for block in source.blocks),
        notes={key: note for source in sources for key, note in source.notes.items()},
        facts={**inherited, **{key: str(value) for key, value in facts.items()}},
        front=tuple(block for source in sources for block in source.front),
        cover=_cover(folder, cover) if cover else None,
        omissions=tuple(each for source in sources for each in source.omissions),
        remarks=tuple(each for source in sources for each in source.remarks),
        words=sum(source.words for source in sources),
    )


def _facts(folder: Path) -> dict[str, Any]:
    file = folder / FACTS
    if not file.is_file():
        return {}
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError("không đọc được thông tin của số này.", thing=file, place=str(error)) from error
    unknown = [key for key in told if key not in _KEYS]
    if unknown:
        raise SettingsError("mục này không có.", thing=file, place=unknown[0], advice=f"Có: {', '.join(_KEYS)}.")
    return told


def _files(folder: Path, wanted: object) -> list[Path]:
    """The articles in order; a link that leads elsewhere is no article.

    Raises:
        ManuscriptMissing: issue.toml names a file that is not there.
        ManuscriptEmpty: no article.
    """
    there = [
        file
        for file in folder.iterdir()
        if file.suffix.lower() in SUFFIXES and file.is_file() and not file.is_symlink() and file.name[:1] not in ".~_"
    ]
    if isinstance(wanted, list):
        names = {file.name: file for file in there}
        lost = [str(name) for name in wanted if name not in names]
        if lost:
            raise ManuscriptMissing(
                "issue.toml nêu một bài không có.", thing=folder, place=lost[0], advice="Sửa articles."
            )
        return [names[name] for name in wanted]
    ordered = sorted(there, key=lambda file: _natural(file.name))
    if not ordered or len(ordered) > _MOST_FILES:
        raise ManuscriptEmpty(
            "thư mục không có bài nào." if not ordered else f"thư mục có quá {_MOST_FILES} tệp.",
            thing=folder,
            advice=f"Mỗi bài một tệp: {', '.join(sorted(SUFFIXES))}.",
        )
    return ordered


def _natural(name: str) -> list[tuple[int, str]]:
    """Names in the order of their numbers.

    >>> sorted(["10 c.md", "2 b.md", "1 a.md"], key=_natural)
    ['1 a.md', '2 b.md', '10 c.md']
    """
    return [
        (int(part), "") if part.isascii() and part.isdigit() else (-1, part)
        for part in re.split(r"(\d{1,9})", name.casefold())
    ]


def _article(file: Path, source: Source) -> Source:
    """A file's blocks with its name before each place; it begins with a heading of level 1, whatever levels it used."""
    blocks = found(set_aside([*source.front, *source.blocks]))
    headings = [block for block in blocks if block.kind is Kind.HEADING and not block.aside]
    added = 0
    if not headings:
        title = one_line(re.sub(r"^[\d\s._-]+", "", file.stem).replace("_", " ")) or file.stem
        heading = SourceBlock(
            kind=Kind.HEADING, text=title, level=1, place="tên tệp", confidence=50, evidence="tên tệp"
        )
        blocks, added = (heading, *blocks), words(title)
    else:
        top = _top(headings)
        blocks = tuple(replace(b, level=max(1, b.level - top + 1)) if b.kind is Kind.HEADING else b for b in blocks)
    return Source(
        blocks=tuple(_placed(block, file) for block in blocks),
        notes={f"{file.name}:{key}": _placed(note, file) for key, note in source.notes.items()},
        facts=source.facts,
        omissions=tuple(
            Omission(code=o.code, place=f"{file.name}, {o.place}", text=o.text, picture=o.picture)
            for o in source.omissions
        ),
        remarks=tuple(Remark(code=r.code, place=f"{file.name}, {r.place}", text=r.text) for r in source.remarks),
        words=source.words + added,
    )


def _top(headings: list[SourceBlock]) -> int:
    """The level at which this file's articles begin: its shallowest."""
    return min(Counter(max(1, block.level) for block in headings))


def _placed(block: SourceBlock, file: Path) -> SourceBlock:
    marks = tuple(
        Mark(start=m.start, end=m.end, kind=m.kind, value=f"{file.name}:{m.value}") if m.kind is Markup.FOOTNOTE else m
        for m in block.marks
    )
    return replace(block, place=f"{file.name}, {block.place}", marks=marks)


def _shared(sources: list[Source]) -> Mapping[str, str]:
    """Of many articles only the latest date is the issue's."""
    dates = sorted(source.facts["date"] for source in sources if source.facts.get("date"))
    return {"date": dates[-1]} if dates else {}


def _cover(folder: Path, name: object) -> Picture:
    path = folder / str(name)
    if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        raise PictureMissing("không có hình bìa này.", thing=folder / FACTS, place=f"cover = {name!r}")
    with path.open("rb") as stream:
        return Picture(name=path.name, data=stream.read(MOST_BYTES + 1), alt="")
