"""{UBKT|ủy ban kiểm tra} in a manuscript -> the printed word alone, and what is said for it."""

import re
from dataclasses import replace

from audiobook.model.issue import Block, Cell, Mark
from audiobook.model.narration import Segment
from audiobook.spoken.lexicon import WORDS, Lexicon
from audiobook.spoken.say import say

_OVERRIDE = re.compile(r"\{([^{}|\n]+)\|([^{}|\n]+)\}")


def without_overrides(block: Block) -> tuple[Block, tuple[Segment, ...]]:
    """A block as it is printed, its marks and cells moved with the text; and the given words by its new offsets."""
    text, given, moved = parted(block.text)
    if not given:
        return block, ()
    marks = tuple(
        Mark(start=moved[mark.start], end=moved[mark.end], kind=mark.kind, value=mark.value) for mark in block.marks
    )
    cells = tuple(_moved_cell(cell, moved) for cell in block.cells)
    return replace(block, text=text, marks=marks, cells=cells), given


def parted(text: str) -> tuple[str, tuple[Segment, ...], list[int]]:
    """Printed text, given words, and where each old offset went.

    >>> parted("Họp {UBKT|ủy ban kiểm tra}.")[0]
    'Họp UBKT.'
    """
    printed, given = "", list[Segment]()
    moved: list[int] = []
    at = 0
    for match in _OVERRIDE.finditer(text):
        for character in text[at : match.start()]:
            moved.append(len(printed))
            printed += character
        start, word = len(printed), match[1].strip()
        moved += [start] * (match.end() - match.start())
        printed += word
        given.append(Segment(start=start, end=len(printed), spoken=_in_words(match[2])))
        at = match.end()
    for character in text[at:]:
        moved.append(len(printed))
        printed += character
    moved.append(len(printed))
    return printed, tuple(given), moved


def _in_words(spoken: str) -> str:
    """Words as they were given; what is no word ("{NQ|nghị quyết 18}") is read by the rules."""
    plain = " ".join(spoken.lower().split())
    if WORDS.fullmatch(plain):
        return plain
    return " ".join(segment.spoken for segment in say(spoken, Lexicon()).segments if segment.spoken)


def _moved_cell(cell: Cell, moved: list[int]) -> Cell:
    return replace(cell, start=moved[cell.start], end=moved[cell.end])
