"""Issue + Recording -> editions: each a finished file, named by a part of its hash."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from audiobook.addresses import Addresses, chapter_path, issue_path
from audiobook.editions import chapters, html, mp3, transcripts
from audiobook.editions.cover import cover, small_cover
from audiobook.editions.pictures import edition_picture
from audiobook.editions.qr import qr_png, qr_svg
from audiobook.errors import EditionError, writing
from audiobook.model.issue import Block, Issue, Kind, MediaKind
from audiobook.model.narration import Remark
from audiobook.model.publication import KINDS, Bulletin, Edition
from audiobook.model.recording import Recording, Voice

_NAMES = {
    "mp3": ("", ".mp3", "audio/mpeg"),
    "epub": ("", ".epub", "application/epub+zip"),
    "pdf": ("", ".pdf", "application/pdf"),
    "vtt": ("", ".vtt", "text/vtt"),
    "srt": ("", ".srt", "application/x-subrip"),
    "transcript-json": ("-loi", ".json", "application/json"),
    "transcript-html": ("-loi", ".html", "text/html"),
    "chapters-json": ("-chuong", ".json", "application/json+chapters"),
    "qr-png": ("-qr", ".png", "image/png"),
    "qr-svg": ("-qr", ".svg", "image/svg+xml"),
    "cover": ("-bia", ".jpg", "image/jpeg"),
}
"""Kind -> what is added to the stem, the suffix, the media type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The editions in KINDS' order; the issue with its pictures' shelved names; what an editor should look at."""

    editions: tuple[Edition, ...]
    issue: Issue
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """All that an edition may need."""

    issue: Issue  # its figures' files are relative to ``folder``
    recording: Recording
    bulletin: Bulletin
    voices: tuple[Voice, ...]
    source: Path
    folder: Path
    cache: Path
    cover: bytes
    progress: Callable[[int, int], None]

    @property
    def addresses(self) -> Addresses:
        """The site's addresses."""
        return Addresses(self.bulletin.site.base_url)

    @property
    def workers(self) -> int:
        """Processes that may work at once."""
        return os.cpu_count() or 1


def make(
    issue: Issue,
    recording: Recording,
    *,
    bulletin: Bulletin,
    voices: tuple[Voice, ...],
    source: Path,
    folder: Path,
    cache: Path,
    kinds: tuple[str, ...],
    progress: Callable[[int, int], None],
) -> Made:
    """Make the wanted editions (and the pictures that they show) into ``folder``.

    Args:
        issue: with its sentences; its figures' files and cover relative to ``source``.
        recording: the master and its times.
        bulletin: who publishes, and where.
        voices: who reads.
        source: the folder of pictures, cover and a designed PDF.
        folder: where finished files are written.
        cache: where encoded chapters are kept.
        kinds: which editions.
        progress: called with editions done and editions in all.

    Raises:
        EditionError: an unknown kind, or one that cannot be made.
        DiskFull, NotWritable: from the disk.
    """
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise EditionError("không có loại này.", thing=", ".join(unknown), advice=f"Có: {', '.join(KINDS)}.")
    wanted = [kind for kind in KINDS if kind in kinds and kind != "picture"]
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        shown, pictures = _with_pictures(issue, source=source, folder=folder)
        job = Job(
            issue=shown,
            recording=recording,
            bulletin=bulletin,
            voices=voices,
            source=source,
            folder=folder,
            cache=cache,
            cover=cover(issue, bulletin_title=bulletin.podcast.title, source=source),
            progress=lambda done, total: None,
        )
        editions, remarks = list[Edition](), list[Remark]()
        for number, kind in enumerate(wanted):
            progress(number, len(wanted))
            data, found = _MAKERS[kind](job)
            editions.append(_edition(kind, data, job))
            remarks += found
        progress(len(wanted), len(wanted))
    return Made(
        editions=(*editions, *pictures), issue=replace(shown, cover="", designed_pdf=""), remarks=tuple(remarks)
    )


Result = tuple[bytes | Path, tuple[Remark, ...]]


def _mp3(job: Job) -> Result:
    small = small_cover(job.cover)
    file = mp3.make_mp3(
        job.issue,
        job.recording,
        bulletin=job.bulletin,
        cover=small,
        folder=job.folder,
        cache=job.cache,
        workers=job.workers,
        progress=job.progress,
    )
    return file, ()


def _epub(job: Job) -> Result:
    from audiobook.editions.epub.package import write_epub

    sounds = mp3.chapter_mp3s(job.recording, cache=job.cache, workers=job.workers)
    file = job.folder / f"ban-tin-{job.issue.id}.epub"
    write_epub(
        file,
        job.issue,
        job.recording.timeline,
        bulletin=job.bulletin,
        voices=job.voices,
        cover=job.cover,
        sounds=sounds,
        pictures=job.folder,
    )
    return file, ()


def _pdf(job: Job) -> Result:
    from audiobook.editions.pdf import designed_pdf, make_pdf

    if job.issue.designed_pdf:
        return designed_pdf(job.source / job.issue.designed_pdf), ()
    return make_pdf(job.issue, bulletin=job.bulletin, pictures=job.folder)


def _text(text: str) -> Result:
    return text.encode(), ()


def _chapters(job: Job) -> Result:
    def address(chapter_id: str) -> str:
        return job.addresses.of(chapter_path(job.issue.id, chapter_id))

    return _text(chapters.chapters_json(job.recording.timeline, address=address))


_MAKERS: dict[str, Callable[[Job], Result]] = {
    "mp3": _mp3,
    "epub": _epub,
    "pdf": _pdf,
    "vtt": lambda job: _text(transcripts.webvtt(job.issue, job.recording.timeline)),
    "srt": lambda job: _text(transcripts.subrip(job.issue, job.recording.timeline)),
    "transcript-json": lambda job: _text(transcripts.podcast_json(job.issue, job.recording.timeline)),
    "transcript-html": lambda job: _text(html.transcript_html(job.issue, bulletin=job.bulletin)),
    "chapters-json": _chapters,
    "qr-png": lambda job: (qr_png(job.addresses.of(issue_path(job.issue.id))), ()),
    "qr-svg": lambda job: (qr_svg(job.addresses.of(issue_path(job.issue.id))), ()),
    "cover": lambda job: (job.cover, ()),
}


def _edition(kind: str, data: bytes | Path, job: Job) -> Edition:
    added, suffix, media_type = _NAMES[kind]
    stem = f"ban-tin-{job.issue.id}{added}"
    written = data if isinstance(data, Path) else job.folder / f"{stem}{suffix}"
    if isinstance(data, bytes):
        written.write_bytes(data)
    with written.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    named = written.rename(job.folder / f"{stem}.{digest[:8]}{suffix}")
    return Edition(kind=kind, file=named.name, media_type=media_type, bytes=named.stat().st_size, sha256=digest)


def _with_pictures(issue: Issue, *, source: Path, folder: Path) -> tuple[Issue, tuple[Edition, ...]]:
    """The issue showing the editions' own pictures, and those as editions."""
    pictures: dict[str, Edition] = {}

    def shown(block: Block) -> Block:
        media = block.media
        if block.kind is not Kind.FIGURE or media is None or media.kind not in (MediaKind.IMAGE, MediaKind.CHART):
            return block
        data, suffix, width, height = edition_picture(source / media.file)
        digest = hashlib.sha256(data).hexdigest()
        name = f"pictures/{Path(media.file).name.split('.')[0]}.{digest[:8]}.{suffix}"
        (folder / "pictures").mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
        media_type = "image/png" if suffix == "png" else "image/jpeg"
        pictures[name] = Edition(kind="picture", file=name, media_type=media_type, bytes=len(data), sha256=digest)
        return replace(block, media=replace(media, file=name, media_type=media_type, width=width, height=height))

    chapters = tuple(replace(each, blocks=tuple(map(shown, each.blocks))) for each in issue.chapters)
    return replace(issue, chapters=chapters), tuple(pictures.values())
