"""Job -> the books: EPUB with the voice in it, and a light one without sound."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from audiobook.editions.cover import small_cover
from audiobook.editions.epub.package import Contents, Illustration, Sound, write_epub
from audiobook.editions.job import Job, Result, one
from audiobook.editions.mp3 import chapter_mp3s
from audiobook.editions.pictures import scaled
from audiobook.model.issue import Block, Issue, Media, MediaKind

_SIDE, _LIGHT_SIDE = 1200, 800


def epub(job: Job) -> Result:
    """The book with the voice in it."""
    sounds = chapter_mp3s(job.recording, cache=job.cache, workers=job.workers)
    contents = Contents(
        issue=job.issue,
        bulletin=job.bulletin,
        cover=job.cover,
        sound=Sound(timeline=job.recording.timeline, chapters=sounds, voices=job.voices),
        illustrations=tuple(_illustrations(job.issue, job.folder, cache=job.cache, side=_SIDE)),
        lexicon=job.lexicon,
    )
    return _written(job, contents, name="sach")


def epub_light(job: Job) -> Result:
    """The book for slow lines: no sound, small pictures; films are their still pictures and their words."""
    issue = _with_stills(job.issue)
    contents = Contents(
        issue=issue,
        bulletin=job.bulletin,
        cover=small_cover(job.cover),
        sound=None,
        illustrations=tuple(_illustrations(issue, job.folder, cache=job.cache, side=_LIGHT_SIDE, light=True)),
        lexicon=job.lexicon,
    )
    return _written(job, contents, name="sach-nhe")


def _written(job: Job, contents: Contents, *, name: str) -> Result:
    file = job.folder / f"{name}.epub"
    write_epub(file, contents)
    return one(file)


def _illustrations(
    issue: Issue, folder: Path, *, cache: Path, side: int, light: bool = False
) -> Iterator[Illustration]:
    """Every figure's files, each once: pictures scaled, sounds and films as they are."""
    medias = {block.media.file: block.media for c in issue.chapters for block in c.blocks if block.media}
    done = set[str]()
    for media in medias.values():
        is_picture = media.kind in (MediaKind.IMAGE, MediaKind.CHART)
        for file, media_type in (
            (media.file, media.media_type),
            (media.still, "image/png" if media.still.endswith(".png") else "image/jpeg"),
            (media.captions, "text/vtt"),
        ):
            if not file or file in done:
                continue
            done.add(file)
            data: bytes | Path = folder / file
            if is_picture or file == media.still:
                data = scaled((folder / file).read_bytes(), longest=side, light=light, cache=cache)
            yield Illustration(file=file, media_type=media_type, data=data)


def _with_stills(issue: Issue) -> Issue:
    chapters = tuple(replace(each, blocks=tuple(map(_stilled, each.blocks))) for each in issue.chapters)
    return replace(issue, chapters=chapters)


def _stilled(block: Block) -> Block:
    media = block.media
    if media is None or media.kind in (MediaKind.IMAGE, MediaKind.CHART):
        return block
    media_type = "image/png" if media.still.endswith(".png") else "image/jpeg"
    still = Media(
        kind=MediaKind.IMAGE, file=media.still, media_type=media_type, alt=media.alt, transcript=media.transcript
    )
    return replace(block, media=still)
