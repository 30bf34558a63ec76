"""publication.json -> what a feed needs of it, read three times as fast: a Publication without its sentences."""

import os
from dataclasses import dataclass

import msgspec

from audiobook.errors import ShelfDamaged
from audiobook.library import Shelf
from audiobook.model.issue import Block, Chapter, Issue
from audiobook.model.publication import Publication
from audiobook.model.recording import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block(Block):
    sentences: msgspec.Raw  # type: ignore[assignment]  # left unread, here and below
    marks: msgspec.Raw  # type: ignore[assignment]
    cells: msgspec.Raw  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chapter(Chapter):
    blocks: tuple[_Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Issue(Issue):
    chapters: tuple[_Chapter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Timeline(Timeline):
    sentences: msgspec.Raw  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contents(Publication):
    issue: _Issue
    timeline: _Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class _Title(Chapter):
    blocks: msgspec.Raw  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outline(Issue):
    chapters: tuple[_Title, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Titles(Publication):
    issue: _Outline
    timeline: _Timeline


_CONTENTS, _TITLES = msgspec.json.Decoder(_Contents), msgspec.json.Decoder(_Titles)


def contents(shelf: Shelf, publication_id: str) -> Publication:
    """A publication of the shelf; of its blocks the words alone, of its timeline the chapters alone.

    The words are read only where an article has a sound of its own: nothing else tells them.

    Raises:
        ShelfDamaged: its publication.json is missing or broken.
    """
    file = shelf.folder / publication_id / "publication.json"
    try:
        data = file.read_bytes()
        titles = _TITLES.decode(data)
        has_articles = any(edition.kind == "mp3-article" for edition in titles.editions)
        return _CONTENTS.decode(data) if has_articles else titles
    except (OSError, msgspec.MsgspecError) as error:
        advice = "Chạy lại audiobook produce cho số này, hoặc phục hồi từ bản sao lưu."
        raise ShelfDamaged("tệp trên giá bị thiếu hoặc hỏng.", thing=file, place=str(error), advice=advice) from error


def stamps(shelf: Shelf) -> dict[str, str]:
    """What stands on the shelf: for each publication a text that changes whenever its publication.json does."""
    found = {}
    with os.scandir(shelf.folder) as folders:
        names = [each.name for each in folders if not each.name.startswith(".") and each.is_dir()]
    for name in names:
        try:
            stat = os.stat(f"{shelf.folder}/{name}/publication.json")  # noqa: PTH116 (ten thousand Paths take longer)
        except FileNotFoundError:
            continue
        found[name] = f"{stat.st_mtime_ns}:{stat.st_size}"
    return found
