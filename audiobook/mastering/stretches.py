"""A passage -> the stretches of it that are mastered and encoded each by itself: a changed word costs its paragraph only.

Where it is cut depends on what stands around the cut alone, so that one paragraph more moves no cut of the others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from audiobook.model.narration import Passage, Utterance
from audiobook.model.recording import Take

FIRST_SILENCE_MS = 240
"""What every stretch begins with: no encoder's first moment is heard."""

_LONG_PAUSE_MS = 1000  # of a paragraph: room for a stretch's last and the next one's first silence
_LEAST_S = 8.0  # of speech between two long pauses: the lines of a list stay together


def stretches(passage: Passage, takes: Mapping[str, Take]) -> Iterator[Passage]:
    """The passage in pieces, cut in the long pauses behind paragraphs; the silence between them stays as long as it was.

    ``takes`` by utterance id. A piece has its passage's id and title.
    """
    piece, seconds = list[Utterance](), 0.0
    for utterance in passage.utterances:
        take = takes[utterance.id]
        seconds += take.samples / take.rate
        is_last = utterance is passage.utterances[-1]
        is_cut = not is_last and utterance.pause_ms >= _LONG_PAUSE_MS and seconds >= _LEAST_S
        pause_ms = utterance.pause_ms - (FIRST_SILENCE_MS if is_cut else 0)
        piece.append(replace(utterance, pause_ms=pause_ms) if is_cut else utterance)
        if utterance.pause_ms >= _LONG_PAUSE_MS:
            seconds = 0.0
        if is_cut:
            yield replace(passage, utterances=tuple(piece))
            piece = []
    yield replace(passage, utterances=tuple(piece))
