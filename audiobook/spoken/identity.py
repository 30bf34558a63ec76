"""A revision keeps the ids of what stayed: links, places where one stopped, and takes go on being right.

What is new gets a number above all that were there before, so that an id is never given to something else.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from audiobook.model.issue import Block, Chapter, Issue, Markup, Sentence

_NUMBER = re.compile(r"\d+$")
_ALIKE = 0.5


def keep_ids(issue: Issue, previous: Issue | None) -> Issue:
    """The issue with the ids of the previous edition where chapters and blocks are the same or nearly so."""
    if previous is None:
        return issue
    old = previous.articles
    ids = _aligned(
        [_chapter_text(each) for each in issue.chapters], [(each.id, _chapter_text(each)) for each in old], "c"
    )
    by_id = {each.id: each for each in old}
    chapters = tuple(_chapter(each, new, by_id.get(new)) for each, new in zip(issue.chapters, ids, strict=True))
    return replace(issue, chapters=chapters)


def _chapter(chapter: Chapter, chapter_id: str, previous: Chapter | None) -> Chapter:
    old = [(block.id, _block_text(block)) for block in previous.blocks] if previous else []
    ids = _aligned([_block_text(block) for block in chapter.blocks], old, f"{chapter_id}b")
    renamed = dict(zip((block.id for block in chapter.blocks), ids, strict=True))
    return replace(chapter, id=chapter_id, blocks=tuple(_block(block, renamed) for block in chapter.blocks))


def _block(block: Block, renamed: dict[str, str]) -> Block:
    marks = tuple(
        replace(mark, value=renamed.get(mark.value, mark.value)) if mark.kind is Markup.FOOTNOTE else mark
        for mark in block.marks
    )
    return replace(block, id=renamed[block.id], marks=marks)


def keep_sentence_ids(block: Block, sentences: Sequence[Sentence], previous: Block | None) -> tuple[Sentence, ...]:
    """A block's sentences with the ids of those of its previous edition that they are, or were made from."""
    if previous is None or previous.text == block.text:
        return tuple(sentences)
    old = [(each.id, previous.text[each.start : each.end]) for each in previous.sentences]
    texts = [block.text[each.start : each.end] for each in sentences]
    ids = _aligned(texts, old, f"{block.id}s", form="{}")
    return tuple(replace(each, id=new) for each, new in zip(sentences, ids, strict=True))


def _aligned(new: Sequence[str], old: Sequence[tuple[str, str]], prefix: str, *, form: str = "{:02d}") -> list[str]:
    """An id for each new text: that of the old text that it is, or that it was made from, even where it was moved."""
    ids = [""] * len(new)
    matcher = SequenceMatcher(None, [text for _, text in old], list(new), autojunk=False)
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        pairs = zip(range(old_start, old_end), range(new_start, new_end), strict=False)
        for old_at, new_at in pairs if kind in ("equal", "replace") else ():
            if kind == "equal" or SequenceMatcher(None, old[old_at][1], new[new_at]).ratio() > _ALIKE:
                ids[new_at] = old[old_at][0]
    _moved(ids, new, old)
    highest = max((int(found[0]) for old_id, _ in old if (found := _NUMBER.search(old_id))), default=0)
    for position, given in enumerate(ids):
        if not given:
            highest += 1
            ids[position] = prefix + form.format(highest)
    return ids


def _moved(ids: list[str], new: Sequence[str], old: Sequence[tuple[str, str]]) -> None:
    """What stands in another place than before, word for word, keeps its id."""
    left: dict[str, list[str]] = {}
    for old_id, text in old:
        if old_id not in ids:
            left.setdefault(text, []).append(old_id)
    for position, given in enumerate(ids):
        if not given and left.get(new[position]):
            ids[position] = left[new[position]].pop(0)


def _chapter_text(chapter: Chapter) -> str:
    return f"{chapter.title}\n" + "\n".join(block.text for block in chapter.blocks)[:2000]


def _block_text(block: Block) -> str:
    described = block.media.alt if block.media else ""
    return f"{block.kind}\n{block.text}\n{described}"
