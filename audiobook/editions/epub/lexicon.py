"""What was printed and how it was said -> a pronunciation lexicon (W3C PLS 1.0) for reading programs with their own voice."""

import re
from collections.abc import Mapping

from audiobook.model.issue import Issue
from audiobook.model.narration import Narration
from audiobook.xhtml import text_xhtml

_WORD = re.compile(r"[^\W\d_]{2,}|[^\W\d_]+(?:[./-][^\W\d_]+)+")
_ROMAN = re.compile(r"[IVXLC]+")  # a number, read by what stands around it


def lexemes(issue: Issue, narration: Narration) -> dict[str, str]:
    """Printed word -> the words said for it, where they differ and are the same throughout the issue."""
    texts = {chapter.heading_id: chapter.title for chapter in issue.chapters}
    texts |= {s.id: block.text for chapter in issue.chapters for block in chapter.blocks for s in block.sentences}
    pairs = {  # each once: of ten hours there are a hundred thousand
        (texts.get(utterance.source or "", "")[segment.start : segment.end], segment.spoken)
        for utterance in narration.utterances
        for segment in utterance.segments
        if segment.spoken
    }
    said: dict[str, set[str]] = {}
    for stretch, words in pairs:
        printed, spoken = stretch.strip(' \n\t,.?!:;“”"()'), words.rstrip(",.?!").lower()
        if spoken and _WORD.fullmatch(printed) and not _ROMAN.fullmatch(printed):
            said.setdefault(printed, set()).add(spoken)
    return {
        printed: next(iter(ways))
        for printed, ways in sorted(said.items())
        if len(ways) == 1 and printed.lower() not in ways
    }


def pls(known: Mapping[str, str], *, language: str) -> str:
    """The lexicon as a file; an alias says words with words (PLS 1.0, section 4.7)."""
    entries = "\n".join(
        f"<lexeme><grapheme>{text_xhtml(printed)}</grapheme><alias>{text_xhtml(spoken)}</alias></lexeme>"
        for printed, spoken in known.items()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<lexicon xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" version="1.0" alphabet="ipa" '
        f'xml:lang="{text_xhtml(language)}">\n{entries}\n</lexicon>\n'
    )
