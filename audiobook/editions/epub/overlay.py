"""Page + Timeline -> its media overlay (SMIL): which words are heard when. Source: EPUB 3.3, section 9."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audiobook.editions.epub.pages import Page
from audiobook.model.recording import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A stretch of one chapter's sound, in ms from the chapter's beginning."""

    chapter: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """The SMIL text and how long it plays."""

    smil: str
    duration_ms: int


def clips(timeline: Timeline) -> dict[str, Clip]:
    """Sentence id -> its clip. The silence behind a sentence belongs to it, the silence before the first one too."""
    found: dict[str, Clip] = {}
    for chapter in timeline.chapters:
        inside = [each for each in timeline.sentences if chapter.start_ms <= each.start_ms < chapter.end_ms]
        starts = [chapter.start_ms, *(each.start_ms for each in inside[1:]), chapter.end_ms]
        for cue, start, end in zip(inside, starts, starts[1:], strict=False):
            found.setdefault(
                cue.id, Clip(chapter=chapter.id, start_ms=start - chapter.start_ms, end_ms=end - chapter.start_ms)
            )
    return found


def overlay(page: Page, known: Mapping[str, Clip]) -> Overlay:
    """The overlay of a page, in the page's own order."""
    parts: Sequence[tuple[str, Clip]] = [
        (target, known[sentence]) for target, sentence in page.sounds if sentence in known
    ]
    body = "\n".join(
        f'<par id="par{number}"><text src="{page.name}#{target}"/>'
        f'<audio src="audio/{clip.chapter}.mp3" clipBegin="{clock(clip.start_ms)}" clipEnd="{clock(clip.end_ms)}"/></par>'
        for number, (target, clip) in enumerate(parts, start=1)
    )
    smil = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<smil xmlns="http://www.w3.org/ns/SMIL" xmlns:epub="http://www.idpf.org/2007/ops" version="3.0">\n<body>\n'
        f'<seq id="seq" epub:textref="{page.name}">\n{body}\n</seq>\n</body>\n</smil>\n'
    )
    return Overlay(smil=smil, duration_ms=sum(clip.end_ms - clip.start_ms for _, clip in parts))


def clock(duration_ms: int) -> str:
    """A duration as a SMIL clock value.

    >>> clock(3_723_004)
    '1:02:03.004'
    """
    seconds, thousandths = divmod(duration_ms, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{thousandths:03d}"
