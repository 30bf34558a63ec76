"""Blocks -> the same blocks, with headings that never skip a level.

Readers navigate by levels; PDF/UA-1 forbids a gap (ISO 14289-1, 7.4.2), WCAG techniques advise against it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from audiobook.model.issue import Block, Kind


def stepped(blocks: Iterable[Block]) -> Iterator[Block]:
    """A heading stands at most one level below the one before it; a chapter's title is level 1."""
    deepest = 1
    for block in blocks:
        if block.kind is Kind.HEADING:
            deepest = max(2, min(block.level, deepest + 1))
            yield replace(block, level=deepest)
        else:
            yield block
