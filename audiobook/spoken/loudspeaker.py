"""Narration -> what a loudspeaker says: a greeting with place and date, each article, a sign-off; important ones twice.

An article's title is said without its number in the issue, because sessions lay articles in an order of their own.
"""

from dataclasses import replace

from audiobook.model.issue import Chapter, Issue
from audiobook.model.loudspeaker import AGAIN, GREETING, SIGN_OFF
from audiobook.model.narration import Narration, Passage, Pauses, Segment, Utterance
from audiobook.model.publication import Bulletin
from audiobook.spoken.lexicon import Lexicon
from audiobook.spoken.pieces import pieces
from audiobook.spoken.prepare import speak
from audiobook.spoken.words import Words, facts, filled


def prepare_loudspeaker(
    issue: Issue, narration: Narration, *, bulletin: Bulletin, words: Words, pauses: Pauses, lexicon: Lexicon
) -> Narration:
    """The passages that sessions are made of, in the order greeting, articles as in the issue, sign-off.

    Raises:
        SettingsError: a template that cannot be filled.
    """
    values = facts(issue, bulletin)

    def said(template: str, passage_id: str, place: str) -> Passage:
        lines = [speak(line, lexicon) for line in filled(template, values, place=place)]
        told = [_line(line, f"{passage_id} {n}", pauses.paragraph_ms) for n, line in enumerate(lines, start=1) if line]
        return Passage(id=passage_id, title="", utterances=tuple(told))

    again = said(words.loudspeaker_again, AGAIN, "words.loudspeaker_again").utterances
    passages = {passage.id: passage for passage in narration.passages}
    return Narration(
        passages=(
            said(words.loudspeaker_greeting, GREETING, "words.loudspeaker_greeting"),
            *(_article(chapter, passages[chapter.id], again) for chapter in issue.articles),
            said(words.loudspeaker_sign_off, SIGN_OFF, "words.loudspeaker_sign_off"),
        )
    )


def _article(chapter: Chapter, passage: Passage, again: tuple[Utterance, ...]) -> Passage:
    heading, *rest = passage.utterances
    once = (_without_number(heading), *rest)
    return replace(passage, utterances=(*once, *again, *once) if chapter.important else once)


def _without_number(heading: Utterance) -> Utterance:
    """The title without "Bài 3 trên 12", which stands before it and is not printed."""
    first = next((n for n, each in enumerate(heading.segments) if each.end > each.start), 0)
    if not first:
        return heading
    return replace(
        heading,
        id=f"{heading.id} loa",  # another take than the issue's own title
        source=None,
        segments=heading.segments[first:],
        pieces=pieces(heading.segments[first:]),
    )


def _line(spoken: str, utterance_id: str, pause_ms: int) -> Utterance:
    segment = Segment(start=0, end=0, spoken=spoken)
    return Utterance(
        id=utterance_id, source=None, part="text", pieces=pieces((segment,)), segments=(segment,), pause_ms=pause_ms
    )
