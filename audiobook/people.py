"""Recordings that lie beside a manuscript -> chapters that are heard in a person's voice: 03.mp3 is the third article.

The machine still says the title, and that a person reads.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from audiobook.model.issue import Issue
from audiobook.model.narration import Narration, Pauses, Remark, Segment, Utterance
from audiobook.model.recording import HUMAN, Take, Voice
from audiobook.spoken.lexicon import Lexicon
from audiobook.spoken.pieces import pieces
from audiobook.spoken.prepare import speak

FORMATS = ("aac", "aif", "aiff", "amr", "flac", "m4a", "mp3", "mp4", "oga", "ogg", "opus", "wav", "wma", "3gp")
_NUMBERED = re.compile(rf"(\d{{2,3}})\.({'|'.join(FORMATS)})", re.IGNORECASE)
VOICE = Voice(engine=HUMAN, name="nguoi-doc", label="Giọng người đọc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """An issue with its people: takes by utterance id, loudness by voice, who is named, what an editor should see."""

    issue: Issue
    narration: Narration
    takes: Mapping[str, Take] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)
    voices: tuple[Voice, ...] = ()
    remarks: tuple[Remark, ...] = ()


def recordings_beside(folder: Path) -> dict[int, Path]:
    """Number of the article -> its recording, as the files' names say."""
    files = sorted(file for file in folder.iterdir() if file.is_file())
    return {int(found[1]): file for file in files if (found := _NUMBERED.fullmatch(file.name))}


def with_people(
    issue: Issue, narration: Narration, *, folder: Path, words: str, pauses: Pauses, lexicon: Lexicon, cache: Path
) -> Readers:
    """Let recordings take the place of what the machine would say.

    Args:
        issue: with its sentences.
        narration: as the machine would say all of it.
        folder: where the manuscript lies.
        words: what announces a person's voice.
        pauses: silence behind the announcement.
        lexicon: how those words are said.
        cache: where the cut recordings are kept.

    Raises:
        SettingsError: a file that is no sound.
    """
    recordings = recordings_beside(folder)
    if not recordings:
        return Readers(issue=issue, narration=narration)
    from audiobook.mastering.human import human_chapter

    articles = dict(enumerate((chapter.id for chapter in issue.articles), start=1))
    passages = {passage.id: passage for passage in narration.passages}
    said = speak(words, lexicon)
    takes, levels = dict[str, Take](), dict[str, float]()
    for number, file in recordings.items():
        if number in articles:
            passage = passages[articles[number]]
            made = human_chapter(passage, _announcement(said, passage.id, pauses), file, cache=cache)
            passages[passage.id] = made.passage
            takes |= made.takes
            levels[made.voice] = made.level_lufs
    heard = {articles[number] for number in recordings if number in articles}
    return Readers(
        issue=replace(issue, chapters=tuple(replace(c, human_voice=c.id in heard) for c in issue.chapters)),
        narration=Narration(passages=tuple(passages[passage.id] for passage in narration.passages)),
        takes=takes,
        levels=levels,
        voices=(VOICE,) if heard else (),
        remarks=tuple(
            Remark(code="A-RECORDING", place=file.name, text=f"không có bài {number}, nên bản ghi này không được dùng.")
            for number, file in recordings.items()
            if number not in articles
        ),
    )


def _announcement(spoken: str, passage_id: str, pauses: Pauses) -> Utterance:
    segment = Segment(start=0, end=0, spoken=spoken)
    return Utterance(
        id=f"{passage_id} {HUMAN}",
        source=None,
        part="heading",
        pieces=pieces((segment,)),
        segments=(segment,),
        pause_ms=pauses.heading_ms,
    )
