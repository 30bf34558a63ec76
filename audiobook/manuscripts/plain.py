"""Plain text -> Source: paragraphs as they were typed, whether a line each or broken at a margin."""

import itertools
import re
from pathlib import Path

from audiobook.manuscripts.account import words
from audiobook.manuscripts.decode import decoded
from audiobook.manuscripts.source import Look, Source, SourceBlock
from audiobook.model.issue import Kind

_BULLET = re.compile(r"[-–—•·●*+]\s+(?=\S)")
_BEGINS = re.compile(r"\s*(?:[-–—•·●*+]\s|\d{1,2}[.)]\s|[a-zđ]\)\s)")
_WRAPPED_AT = (50, 100)
_CENTRED_FROM = 8


def read_plain(file: Path) -> Source:
    """Read a text file.

    Raises:
        ManuscriptDamaged, ManuscriptHostile: no text, or too much of it.
    """
    text = decoded(file)
    lines = text.text.split("\n")
    wrapped = _wrapped(lines)
    blocks = [_block(number, group, apart) for number, group, apart in _paragraphs(lines, wrapped=wrapped)]
    return Source(blocks=tuple(blocks), remarks=text.remarks, words=words(text.text))


def _wrapped(lines: list[str]) -> bool:
    """Whether lines were broken at a margin: most of them are of about one length, and go on with a small letter."""
    full = [line.rstrip() for line in lines if line.strip()]
    going_on = sum(after.lstrip()[:1].islower() for _, after in itertools.pairwise(full))
    shortest, longest = _WRAPPED_AT
    return len(full) > 5 and going_on > 0.3 * len(full) and shortest < max(map(len, full)) <= longest


def _paragraphs(lines: list[str], *, wrapped: bool) -> list[tuple[int, list[str], bool]]:
    """(the first line's number, the lines, whether an empty line stands before)."""
    found: list[tuple[int, list[str], bool]] = []
    blank = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            blank = True
            continue
        if wrapped and found and not blank and not _BEGINS.match(line) and not _ended(found[-1][1][-1], line):
            found[-1][1].append(line)
        else:
            found.append((number, [line], blank))
        blank = False
    return found


def _ended(before: str, line: str) -> bool:
    """Whether a line inside a block of lines begins something new: the one before is short and not gone on with."""
    return len(before.rstrip()) < _WRAPPED_AT[0] and not line.lstrip()[:1].islower()


def _block(number: int, lines: list[str], apart: bool) -> SourceBlock:
    text = " ".join(" ".join(line.split()) for line in lines)
    indent = len(lines[0].expandtabs(8)) - len(lines[0].expandtabs(8).lstrip())
    place = f"dòng {number}"
    bullet = _BULLET.match(text)
    if bullet:
        return SourceBlock(kind=Kind.ITEM, text=text[bullet.end() :], level=1, marker="–", place=place)
    look = Look(centred=indent >= _CENTRED_FROM, apart=apart)
    return SourceBlock(kind=Kind.PARAGRAPH, text=text, place=place, look=look)
