"""Texts and Timeline -> WebVTT, SRT and the podcast namespace's JSON: what is printed, at the moment when it is said.

Sources: W3C WebVTT; the Podcasting 2.0 transcript document (65 characters a line, two lines at most).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import merge

from audiobook.model.recording import Timeline

_LINE, _LINES = 65, 2
_INNER_COLON = re.compile(r":(?=\s)")


@dataclass(frozen=True, slots=True)
class Caption:
    """A piece of text and its time."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def webvtt(texts: Mapping[str, str], timeline: Timeline, *, language: str) -> Iterator[str]:
    """WebVTT, piece by piece; a cue's text is escaped, so that no text can end a cue or begin a tag.

    A note begins each chapter. ``texts``: sentence id -> what is printed (``audiobook.editions.texts``).
    """
    notes = ((cue.start_ms, f"NOTE chapter {_clock(cue.start_ms, '.')} {cue.id}") for cue in timeline.chapters)
    cues = (
        (
            each.start_ms,
            f"{_clock(each.start_ms, '.')} --> {_clock(each.end_ms, '.')}\n" + "\n".join(map(_escaped, each.lines)),
        )
        for each in captions(texts, timeline)
    )
    yield f"WEBVTT\n\nNOTE language: {language}\n"
    for _, block in merge(notes, cues, key=lambda each: each[0]):  # stable: the note comes first
        yield f"\n{block}\n"


def subrip(texts: Mapping[str, str], timeline: Timeline) -> Iterator[str]:
    """SRT; AntennaPod cuts its text at colons (it looks for a speaker), so they become commas."""
    for number, each in enumerate(captions(texts, timeline), start=1):
        yield "\n" if number > 1 else ""
        yield f"{number}\n{_clock(each.start_ms, ',')} --> {_clock(each.end_ms, ',')}\n"
        for line in each.lines:
            yield _INNER_COLON.sub(",", line).replace("-->", "→").rstrip(":") + "\n"


def podcast_json(texts: Mapping[str, str], timeline: Timeline) -> Iterator[str]:
    """The podcast namespace's JSON transcript, version 1.0.0; times in seconds."""
    yield '{"version": "1.0.0", "segments": ['
    for number, each in enumerate(captions(texts, timeline)):
        segment = {"startTime": each.start_ms / 1000, "endTime": each.end_ms / 1000, "body": " ".join(each.lines)}
        yield (",\n" if number else "\n") + json.dumps(segment, ensure_ascii=False)
    yield "\n]}\n"


def captions(texts: Mapping[str, str], timeline: Timeline) -> Iterator[Caption]:
    """Every sentence in time order; a long one in several captions that share its time by their letters."""
    for cue in timeline.sentences:
        parts = list(_parts(texts[cue.id]))
        letters = [sum(map(len, part)) for part in parts]
        start, done = cue.start_ms, 0
        for part, count in zip(parts, letters, strict=True):
            done += count
            end = cue.start_ms + (cue.end_ms - cue.start_ms) * done // max(1, sum(letters))
            yield Caption(start, end, part)
            start = end


def _parts(text: str) -> Iterator[tuple[str, ...]]:
    lines: list[str] = []
    for line in _wrapped(text):
        lines.append(line)
        if len(lines) == _LINES:
            yield tuple(lines)
            lines = []
    if lines:
        yield tuple(lines)


def _wrapped(text: str) -> Iterator[str]:
    """Lines whose escaped length fits."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if len(_escaped(longer)) > _LINE and line:
            yield line
            line = word
        else:
            line = longer
        while len(_escaped(line)) > _LINE:
            cut = next(n for n in range(len(line), 0, -1) if len(_escaped(line[:n])) <= _LINE)
            yield line[:cut]
            line = line[cut:]
    if line:
        yield line


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(time_ms: int, mark: str) -> str:
    """Hours, minutes, seconds and thousandths.

    >>> _clock(3_723_004, ".")
    '01:02:03.004'
    """
    seconds, thousandths = divmod(time_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{thousandths:03d}"
