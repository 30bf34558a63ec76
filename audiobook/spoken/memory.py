"""Chapter -> how it is read; what was decided before for the same words is not decided again.

A chapter's reading depends on its own text, the lexicon and the templates, and on this program: these name it. One changed
word in an issue of ten hours costs the reading of one chapter.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from audiobook.model.issue import Block, Chapter
from audiobook.room import kept
from audiobook.spoken.blocks import Line, Voice, lines
from audiobook.spoken.inline import parted, without_overrides
from audiobook.spoken.lexicon import Lexicon
from audiobook.spoken.say import Said, say


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBlock:
    """A block without its overrides, its sentences, and the description that is printed nowhere."""

    printed: Block
    lines: tuple[Line, ...]
    described: Said | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadChapter:
    """How a chapter is read, its announcement aside."""

    title: str
    heading: Said
    blocks: tuple[ReadBlock, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """A folder of what was decided. ``program`` names all code and tables that decide."""

    folder: Path
    program: str

    def read(self, chapter: Chapter, voice: Voice) -> ReadChapter:
        """As ``read_chapter``; from the folder where it is there and whole."""
        file = self.folder / f"{self._key(chapter, voice)}.reading"
        return msgspec.msgpack.decode(kept(file, lambda: _decided(chapter, voice)), type=ReadChapter)

    def _key(self, chapter: Chapter, voice: Voice) -> str:
        written = (chapter.title, chapter.blocks, voice.words, voice.tables)
        named = hashlib.sha256(msgspec.json.encode((self.program, written, _entries(voice.lexicon))))
        return named.hexdigest()


def read_chapter(chapter: Chapter, voice: Voice) -> ReadChapter:
    """Decide the words of a chapter."""
    title, given, _ = parted(chapter.title)
    heading = say(title, voice.lexicon, given=given)
    return ReadChapter(title=title, heading=heading, blocks=tuple(_block(each, voice) for each in chapter.blocks))


def _decided(chapter: Chapter, voice: Voice) -> bytes:
    return msgspec.msgpack.encode(read_chapter(chapter, voice))


def _block(block: Block, voice: Voice) -> ReadBlock:
    printed, overrides = without_overrides(block)
    alt = block.media.alt if block.media else ""
    return ReadBlock(
        printed=printed, lines=lines(printed, overrides, voice), described=say(alt, voice.lexicon) if alt else None
    )


def _entries(lexicon: Lexicon) -> Sequence[tuple[str | int, ...]]:
    return [
        (each.written, each.pattern.pattern, each.pattern.flags, each.spoken, each.left.pattern, each.right.pattern)
        for each in lexicon.entries
    ]
