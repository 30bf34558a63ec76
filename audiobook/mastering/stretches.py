"""A passage -> the stretches of it that are mastered and encoded each by itself: a changed word costs a few sentences only.

Where it is cut depends on the paragraph around the cut alone, so that one paragraph more moves no cut of the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from audiobook.model.narration import Passage, Utterance
from audiobook.model.recording import Take

FIRST_SILENCE_MS = 240
"""What every stretch begins with: no encoder's first moment is heard. It is taken from the pause before."""

_PARAGRAPH_MS = 1000  # a pause so long stands behind a paragraph
_SENTENCE_MS = 600  # one so long has room for a stretch's last silence and the next one's first
_LEAST_S = 8.0  # of speech in a stretch's last paragraph: shorter ones, as the lines of a list, stay together


def stretches(passage: Passage, takes: Mapping[str, Take]) -> Iterator[Passage]:
    """The passage in pieces, cut behind paragraphs, and behind sentences of long ones; its pauses stay as long as they were.

    ``takes`` by utterance id. A piece has its passage's id and title.
    """
    piece, last = list[Utterance](), passage.utterances[-1]
    for paragraph in _paragraphs(passage):
        for part in _parts(paragraph, takes):
            piece += part
            if _seconds(part, takes) >= _LEAST_S and part[-1] is not last:
                piece[-1] = replace(piece[-1], pause_ms=piece[-1].pause_ms - FIRST_SILENCE_MS)
                yield replace(passage, utterances=tuple(piece))
                piece = []
    yield replace(passage, utterances=tuple(piece))


def _paragraphs(passage: Passage) -> Iterator[Sequence[Utterance]]:
    paragraph = list[Utterance]()
    for utterance in passage.utterances:
        paragraph.append(utterance)
        if utterance.pause_ms >= _PARAGRAPH_MS:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _parts(paragraph: Sequence[Utterance], takes: Mapping[str, Take]) -> Iterator[Sequence[Utterance]]:
    """Sentences that stay together: as few as are long enough, where those behind them are long enough too."""
    first = 0
    for behind, utterance in enumerate(paragraph, start=1):
        halves = paragraph[first:behind], paragraph[behind:]
        if utterance.pause_ms >= _SENTENCE_MS and all(_seconds(half, takes) >= _LEAST_S for half in halves):
            yield halves[0]
            first = behind
    yield paragraph[first:]


def _seconds(said: Sequence[Utterance], takes: Mapping[str, Take]) -> float:
    return sum(takes[each.id].samples / takes[each.id].rate for each in said)
