"""A paragraph that is the name of a sound or film beside the manuscript -> that clip, in whatever format the text is.

Word, PDF and plain text hold no film; an editor writes its name in a line of its own, and what it shows behind a colon:
"le-hoi.mp4: Đoàn múa lân đi qua chợ".
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from audiobook.manuscripts.clips import beside, clip_of, is_clip
from audiobook.manuscripts.source import Omission, Source, SourceBlock
from audiobook.model.issue import Kind

_FILMS = (".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".wmv", ".flv", ".mpg")
_SOUNDS = (".mp3", ".m4a", ".aac", ".ogg", ".opus", ".wav", ".flac")


def with_named_clips(source: Source, file: Path) -> Source:
    """The source with clips in the place of the paragraphs that name them; their words are listed."""
    there = _clips_beside(file)
    if not there:
        return source
    blocks, omissions = list[SourceBlock](), list[Omission]()
    for block in source.blocks:
        clip = _named(block, there)
        if clip is None:
            blocks.append(block)
            continue
        alt = block.text.partition(":")[2].strip()
        blocks.append(SourceBlock(kind=Kind.FIGURE, text="", clip=clip_of(clip, clip.name, alt), place=block.place))
        omissions.append(Omission(code="M-NAMED", place=block.place, text=block.text))
    return replace(source, blocks=tuple(blocks), omissions=(*source.omissions, *omissions))


def files_named(source: Source, file: Path) -> tuple[PurePosixPath, ...]:
    """The clips that a source names, with their subtitles and still pictures, relative to the manuscript."""
    there = _clips_beside(file)
    found = [PurePosixPath(clip.name) for block in source.blocks if (clip := _named(block, there))]
    return tuple(dict.fromkeys(name for clip in found for name in (clip, *beside(clip, file.parent))))


def has_clips_beside(file: Path) -> bool:
    """Whether there is anything that a paragraph could name."""
    return bool(_clips_beside(file))


def _clips_beside(file: Path) -> dict[str, Path]:
    files = (each for each in sorted(file.parent.iterdir()) if each.suffix.lower() in (*_FILMS, *_SOUNDS))
    return {_alike(each.name): each for each in files if is_clip(each)}


def _named(block: SourceBlock, there: Mapping[str, Path]) -> Path | None:
    if block.kind is not Kind.PARAGRAPH or block.shows:
        return None
    return there.get(_alike(block.text.partition(":")[0]))


def _alike(name: str) -> str:
    """Word capitalises what stands first in a line."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()
