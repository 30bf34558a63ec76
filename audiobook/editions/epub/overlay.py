"""Page + Timeline -> its media overlay (SMIL): which words are heard when. Source: EPUB 3.3, section 9."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from audiobook.editions.epub.pages import Group, Page
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
    """Sentence id -> its clip. The silence behind a sentence belongs to it, the silence before the first one too.

    A sentence that is said again later in its chapter keeps its first clip.
    """
    found: dict[str, Clip] = {}
    cues = iter(timeline.sentences)
    cue = next(cues, None)
    for chapter in timeline.chapters:
        inside = []
        while cue and cue.start_ms < chapter.end_ms:
            inside.append(cue)
            cue = next(cues, None)
        starts = [chapter.start_ms, *(each.start_ms for each in inside[1:]), chapter.end_ms]
        for each, start, end in zip(inside, starts, starts[1:], strict=False):
            found.setdefault(
                each.id, Clip(chapter=chapter.id, start_ms=start - chapter.start_ms, end_ms=end - chapter.start_ms)
            )
    return found


def overlay(page: Page, known: Mapping[str, Clip]) -> Overlay:
    """The overlay of a page, in the page's own order; a list, table, figure or note can be skipped as a whole."""
    parts = [(group, list(_pars(page.name, group, known))) for group in page.groups]
    body = "\n".join(_seq(page.name, group, [par for par, _ in pars]) for group, pars in parts if pars)
    smil = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<smil xmlns="http://www.w3.org/ns/SMIL" xmlns:epub="http://www.idpf.org/2007/ops" version="3.0">\n<body>\n'
        f'<seq id="seq" epub:textref="{page.name}">\n{body}\n</seq>\n</body>\n</smil>\n'
    )
    return Overlay(smil=smil, duration_ms=sum(duration for _, pars in parts for _, duration in pars))


def _pars(page: str, group: Group, known: Mapping[str, Clip]) -> Iterator[tuple[str, int]]:
    for heard in group.heard:
        clip = known.get(heard.sentence)
        if clip:
            begin, end = clock(clip.start_ms), clock(clip.end_ms)
            yield (
                f'<par id="par-{heard.target}"><text src="{page}#{heard.target}"/>'
                f'<audio src="audio/{clip.chapter}.mp3" clipBegin="{begin}" clipEnd="{end}"/></par>',
                clip.end_ms - clip.start_ms,
            )


def _seq(page: str, group: Group, pars: list[str]) -> str:
    inner = "\n".join(pars)
    if not group.kind:
        return inner
    return (
        f'<seq id="seq-{group.target}" epub:type="{group.kind}" epub:textref="{page}#{group.target}">\n{inner}\n</seq>'
    )


def clock(duration_ms: int) -> str:
    """A duration as a SMIL clock value.

    >>> clock(3_723_004)
    '1:02:03.004'
    """
    seconds, thousandths = divmod(duration_ms, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{thousandths:03d}"
