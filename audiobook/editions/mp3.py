"""Recordings -> MP3 files: the issue with its chapters in several sizes, and each chapter by itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from audiobook.addresses import chapter_path, issue_path
from audiobook.editions.encode import Encoded, by_chapter, encoded
from audiobook.editions.frames import Mp3, stream
from audiobook.editions.id3 import Lyrics, Tag, tag
from audiobook.editions.job import Job
from audiobook.editions.pictures import chapter_pictures
from audiobook.editions.texts import sentence_texts
from audiobook.errors import writing
from audiobook.model.issue import Chapter, Issue
from audiobook.model.publication import Bulletin
from audiobook.model.recording import Recording

ISSUE = Mp3()
LOW = Mp3(kbps=32)
HIGH = Mp3(rate=48_000, kbps=96)

_TAG_BYTES = 64_000
"""What a streamed file's tag should stay under: a phone reads all of it before the first sound."""
_BYTES_A_CHAPTER = 400  # of a tag, beside the title's own length


def issue_mp3(job: Job, recording: Recording, encoding: Mp3, *, cover: bytes, name: str) -> Path:
    """Write the whole issue: tag, then every track's frames as they lie in the cache.

    Raises:
        DiskFull, NotWritable: nothing half is published.
    """
    chapters = recording.timeline.chapters
    spent = len(cover) + sum(_BYTES_A_CHAPTER + 2 * len(cue.title) for cue in chapters)
    head = tag(
        replace(
            _common(job, cover=cover, address=job.addresses.of(issue_path(job.issue.id))),
            title=f"{job.bulletin.podcast.title}, số {job.issue.number} ({job.issue.date:%d/%m/%Y})",
            album=job.bulletin.podcast.title,
            track=str(job.issue.number),
            duration_ms=recording.timeline.duration_ms,
            chapters=tuple(chapters),
            chapter_addresses={cue.id: _chapter_address(job, cue.id) for cue in chapters},
            chapter_pictures=chapter_pictures(
                job.issue, folder=job.folder, most_bytes=_TAG_BYTES - spent, cache=job.cache
            ),
            human_chapters=frozenset(each.id for each in job.issue.chapters if each.human_voice),
        )
    )
    return _written(job.folder / name, head, _encoded(job, recording, encoding), encoding)


def article_mp3s(job: Job) -> Iterator[tuple[str, Path]]:
    """Write each chapter by itself, with its words in its tag; (chapter id, file).

    Raises:
        DiskFull, NotWritable: nothing half is published.
    """
    texts = sentence_texts(job.issue)
    pictures = chapter_pictures(job.issue, folder=job.folder, most_bytes=10_000_000, cache=job.cache)
    cover, files = job.small_cover, by_chapter(job.recording.tracks, _encoded(job, job.recording, ISSUE))
    cues = job.recording.timeline.chapters
    for number, (chapter, cue) in enumerate(zip(job.issue.chapters, cues, strict=True), start=1):
        said = [s for s in job.recording.timeline.sentences if cue.start_ms <= s.start_ms < cue.end_ms]
        head = tag(
            replace(
                _common(job, cover=cover, address=_chapter_address(job, chapter.id), of=chapter),
                title=chapter.title,
                album=f"{job.bulletin.podcast.title}, số {job.issue.number}",
                artist=chapter.author,
                track=f"{number}/{len(files)}",
                duration_ms=cue.end_ms - cue.start_ms,
                lyrics=tuple(Lyrics(texts[s.id], s.start_ms - cue.start_ms) for s in said),
                picture=pictures.get(chapter.id, b""),
            )
        )
        yield chapter.id, _written(job.folder / f"bai-{chapter.id}.mp3", head, files[chapter.id], ISSUE)


def chapter_mp3s(recording: Recording, *, cache: Path, workers: int) -> dict[str, Iterator[bytes]]:
    """Chapter id -> its own MP3, without a tag, block by block; for the EPUB."""
    wanted = [(track, ISSUE) for track in recording.tracks]
    files = encoded(wanted, cache=cache, workers=workers, progress=lambda done, total: None)
    return {chapter: stream(of_one, ISSUE) for chapter, of_one in by_chapter(recording.tracks, files).items()}


def imprint(bulletin: Bulletin, issue: Issue | None = None) -> str:
    """Who publishes, under which licence, and who reads; in one paragraph."""
    publisher = bulletin.publisher
    licence = f"Giấy phép xuất bản số {publisher.licence_number}. " if publisher.licence_number else ""
    supplier = f"Đơn vị cung ứng: {publisher.supplier}. " if publisher.supplier else ""
    distributor = f"Đơn vị phát hành: {publisher.distributor}. " if publisher.distributor else ""
    people = [each.title for each in issue.chapters if each.human_voice] if issue else []
    read = f" Người thật đọc: {'; '.join(people)}." if people else ""
    return f"{publisher.name}. {licence}{distributor}{supplier}Giọng đọc nhân tạo, do máy tổng hợp.{read}"


def _common(job: Job, *, cover: bytes, address: str, of: Chapter | None = None) -> Tag:
    """What every file of an issue says; ``of`` is the chapter that it holds alone."""
    comment = imprint(job.bulletin, job.issue)
    if of and of.human_voice:
        comment = f"{comment.partition('Giọng đọc nhân tạo')[0]}Bài này do người thật đọc."
    return Tag(
        title="",
        album="",
        publisher=job.bulletin.publisher.name,
        date=job.issue.date,
        copyright=job.bulletin.podcast.copyright,
        licence=job.issue.licence or job.bulletin.podcast.contents_licence,
        comment=comment,
        address=address,
        cover=cover,
    )


def _chapter_address(job: Job, chapter_id: str) -> str:
    return job.addresses.of(chapter_path(job.issue.id, chapter_id))


def _encoded(job: Job, recording: Recording, encoding: Mp3) -> tuple[Encoded, ...]:
    wanted = [(track, encoding) for track in recording.tracks]
    return encoded(wanted, cache=job.cache, workers=job.workers, progress=job.progress)


def _written(target: Path, head: bytes, tracks: tuple[Encoded, ...], encoding: Mp3) -> Path:
    with writing(target), target.open("wb") as out:
        out.write(head)
        for block in stream(tracks, encoding):
            out.write(block)
    return target
