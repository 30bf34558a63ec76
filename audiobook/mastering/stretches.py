"""A passage -> the stretches of it that are mastered and encoded each by itself: a changed word costs a few sentences only.

Where it is cut depends on the paragraph around the cut alone, so that one paragraph more moves no cut of the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from audiobook.model.narration import Passage, Utterance
from audiobook.model.recording import Take

FIRST_SILENCE_MS = 240
"""What every stretch begins with: no encoder's first moment is heard. It is taken from the pause before."""

_PARAGRAPH_MS = 1000  # what ends with so long a pause is taken for a paragraph
_SENTENCE_MS = 600  # so long a pause has room for a stretch's last silence and the next one's first
_LEAST_S = 8.0  # of speech, on either side of a cut in a paragraph; a shorter paragraph stays with the next


def stretches(passage: Passage, takes: Mapping[str, Take]) -> Iterator[Passage]:
    """The passage in pieces, cut behind paragraphs, and behind sentences of long ones; its pauses stay as long as they were.

    ``takes`` by utterance id. A piece has its passage's id and title; a passage that says nothing is one piece.
    """
    pieces: list[list[Utterance]] = [[]]
    for paragraph in _paragraphs(passage):
        for part, seconds in _parts(paragraph, takes):
            pieces[-1] += part
            if seconds >= _LEAST_S:
                pieces.append([])
    if not pieces[-1] and len(pieces) > 1:
        pieces.pop()
    for piece in pieces[:-1]:
        piece[-1] = replace(piece[-1], pause_ms=piece[-1].pause_ms - FIRST_SILENCE_MS)
    return (replace(passage, utterances=tuple(piece)) for piece in pieces)


def _paragraphs(passage: Passage) -> Iterator[Sequence[Utterance]]:
    paragraph = list[Utterance]()
    for utterance in passage.utterances:
        paragraph.append(utterance)
        if utterance.pause_ms >= _PARAGRAPH_MS:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _parts(paragraph: Sequence[Utterance], takes: Mapping[str, Take]) -> Iterator[tuple[Sequence[Utterance], float]]:
    """Sentences that stay together, and their seconds: as few as are long enough, where those behind them are too."""
    lengths = [takes[each.id].samples / takes[each.id].rate for each in paragraph]
    part, done, left = list[Utterance](), 0.0, sum(lengths)
    for utterance, length in zip(paragraph, lengths, strict=True):
        part.append(utterance)
        done, left = done + length, left - length
        if utterance.pause_ms >= _SENTENCE_MS and min(done, left) >= _LEAST_S:
            yield part, done
            part, done = [], 0.0
    yield part, done
