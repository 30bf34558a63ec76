"""Recordings that lie beside a manuscript -> chapters that are heard in a person's voice.

03.mp3 is the third article, mo-dau.mp3 the opening, ket.mp3 the closing: named as their pages are.

The machine still says the title, and that a person reads.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from audiobook.addresses import CHAPTER_NAMES
from audiobook.model.issue import Issue
from audiobook.model.narration import Narration, Pauses, Remark, Segment, Utterance
from audiobook.model.recording import HUMAN, Take, Voice
from audiobook.spoken.lexicon import Lexicon
from audiobook.spoken.pieces import pieces
from audiobook.spoken.prepare import speak

FORMATS = ("aac", "aif", "aiff", "amr", "flac", "m4a", "mp3", "mp4", "oga", "ogg", "opus", "wav", "wma", "3gp")
_NAMED = re.compile(rf"(\d{{2,3}}|{'|'.join(CHAPTER_NAMES.values())})\.({'|'.join(FORMATS)})", re.IGNORECASE)
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


def recordings_beside(folder: Path) -> dict[str, Path]:
    """Number of the article, or a name of ``CHAPTER_NAMES`` -> its recording, as the files' names say."""
    files = sorted(file for file in folder.iterdir() if file.is_file())
    named = ((found[1].lower(), file) for file in files if (found := _NAMED.fullmatch(file.name)))
    return {str(int(name)) if name.isdigit() else name: file for name, file in named}


def recorded(issue: Issue, folder: Path) -> dict[str, Path]:
    """Id of the chapter -> its recording, where the issue has that chapter."""
    chapters = {str(number): chapter.id for number, chapter in enumerate(issue.articles, start=1)}
    chapters |= {CHAPTER_NAMES[chapter.id]: chapter.id for chapter in issue.chapters if chapter.id in CHAPTER_NAMES}
    return {chapters[name]: file for name, file in recordings_beside(folder).items() if name in chapters}


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

    passages = {passage.id: passage for passage in narration.passages}
    said = speak(words, lexicon)
    takes, levels = dict[str, Take](), dict[str, float]()
    heard = recorded(issue, folder)
    for chapter_id, file in heard.items():
        made = human_chapter(passages[chapter_id], _announcement(said, chapter_id, pauses), file, cache=cache)
        passages[chapter_id] = made.passage
        takes |= made.takes
        levels[made.voice] = made.level_lufs
    return Readers(
        issue=replace(issue, chapters=tuple(replace(c, human_voice=c.id in heard) for c in issue.chapters)),
        narration=Narration(passages=tuple(passages[passage.id] for passage in narration.passages)),
        takes=takes,
        levels=levels,
        voices=(VOICE,) if heard else (),
        remarks=tuple(
            Remark(code="A-RECORDING", place=file.name, text=f"không có bài {name}, nên bản ghi này không được dùng.")
            for name, file in recordings.items()
            if file not in heard.values()
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
