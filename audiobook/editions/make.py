"""Issue + Recording -> editions: each a finished file, named by a part of its hash.

``FORMS`` is the table of contents: every kind, what its files are called, and who makes it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from audiobook.disk import digest
from audiobook.editions import loudspeaker, plain, prints, readings, sounds
from audiobook.editions.cover import cover
from audiobook.editions.encode import encoded
from audiobook.editions.figures import with_figures
from audiobook.editions.job import Job, Maker, Masters, Product
from audiobook.editions.pictures import logo_png
from audiobook.errors import EditionError, writing
from audiobook.model.issue import Issue
from audiobook.model.loudspeaker import Piece, SessionPlan
from audiobook.model.narration import Remark
from audiobook.model.publication import KINDS, Bulletin, Edition
from audiobook.model.recording import Recording, Voice
from audiobook.processes import tidying


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind's files are named (what is added to the stem, the suffix), their media type, and who makes them."""

    added: str
    suffix: str
    media_type: str
    maker: Maker
    stem: str = "ban-tin"


FORMS = {
    "mp3": Form("", ".mp3", "audio/mpeg", sounds.issue),
    "mp3-high": Form("-cao", ".mp3", "audio/mpeg", sounds.high),
    "mp3-low": Form("-nhe", ".mp3", "audio/mpeg", sounds.low),
    "opus-low": Form("-nhe", ".opus", "audio/ogg; codecs=opus", sounds.opus),
    "mp3-article": Form("", ".mp3", "audio/mpeg", sounds.articles),
    "mp3-slow": Form("-cham", ".mp3", "audio/mpeg", sounds.slow),
    "loudspeaker-pack": Form("-loa", ".zip", "application/zip", loudspeaker.pack, stem="so"),
    "loudspeaker-mp3": Form("-loa-buoi", ".mp3", "audio/mpeg", loudspeaker.sessions),
    "loudspeaker-sheet-pdf": Form("-lich-phat", ".pdf", "application/pdf", loudspeaker.printed_sheet),
    "loudspeaker-sheet-txt": Form("-lich-phat", ".txt", "text/plain", loudspeaker.plain_sheet),
    "loudspeaker-schedule": Form("-lich-phat", ".json", "application/json", loudspeaker.schedule),
    "measure-png": Form("-do", ".png", "image/png", sounds.picture),
    "epub": Form("", ".epub", "application/epub+zip", readings.epub),
    "epub-light": Form("-nhe", ".epub", "application/epub+zip", readings.epub_light),
    "pdf": Form("", ".pdf", "application/pdf", prints.pdf),
    "pdf-large": Form("-chu-to", ".pdf", "application/pdf", prints.pdf_large),
    "pdf-designed": Form("-trinh-bay", ".pdf", "application/pdf", prints.pdf_designed),
    "page-image": Form("-trang", ".webp", "image/webp", prints.page_images),
    "poster-a4": Form("-to-dan-a4", ".pdf", "application/pdf", prints.poster_a4),
    "poster-a5": Form("-to-dan-a5", ".pdf", "application/pdf", prints.poster_a5),
    "poster-bulletin-a4": Form("-to-dan-chung-a4", ".pdf", "application/pdf", prints.poster_bulletin_a4),
    "poster-bulletin-a5": Form("-to-dan-chung-a5", ".pdf", "application/pdf", prints.poster_bulletin_a5),
    "vtt": Form("", ".vtt", "text/vtt", plain.vtt),
    "srt": Form("", ".srt", "application/x-subrip", plain.srt),
    "transcript-json": Form("-loi", ".json", "application/json", plain.transcript_json),
    "transcript-html": Form("-loi", ".html", "text/html", plain.transcript_html),
    "chapters-json": Form("-chuong", ".json", "application/json+chapters", plain.chapters_json),
    "qr-png": Form("-qr", ".png", "image/png", plain.qr_png),
    "qr-svg": Form("-qr", ".svg", "image/svg+xml", plain.qr_svg),
    "cover": Form("-bia", ".jpg", "image/jpeg", plain.cover),
    "cover-wide": Form("-bia-rong", ".jpg", "image/jpeg", plain.cover_wide),
}


_NO_OTHERS = Masters()
_FIRST = ("cover", "cover-wide")


def _is_late(kind: str) -> bool:
    """Covers, which take most for a moment, are drawn while least is held: of a long issue much is known at the end."""
    return kind not in _FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The editions in KINDS' order; the issue with its pictures' shelved names; what an editor should look at."""

    editions: tuple[Edition, ...]
    issue: Issue
    remarks: tuple[Remark, ...]


def make(
    issue: Issue,
    recording: Recording,
    *,
    bulletin: Bulletin,
    voices: tuple[Voice, ...],
    logo: Path | None = None,
    lexicon: Mapping[str, str] | None = None,
    source: Path,
    folder: Path,
    cache: Path,
    kinds: tuple[str, ...],
    progress: Callable[[int, int], None],
    masters: Masters = _NO_OTHERS,
    pieces: tuple[Piece, ...] = (),
    plans: tuple[SessionPlan, ...] = (),
) -> Made:
    """Make the wanted editions (and the pictures that they show) into ``folder``.

    Args:
        issue: with its sentences; its figures' files and cover relative to ``source``.
        recording: the master and its times.
        bulletin: who publishes, and where.
        voices: who reads.
        logo: the publisher's own picture, for print.
        lexicon: printed word -> the words said for it, for reading programs with their own voice.
        source: the folder of pictures, cover and a designed PDF.
        folder: where finished files are written.
        cache: where encoded chapters are kept.
        kinds: which editions.
        progress: called with steps done and steps in all: a chapter encoded, an edition made.
        masters: the other masters; a kind that needs one that is not there gives nothing.
        pieces: what the horn master's tracks are.
        plans: the sessions that they are laid into, the bulletin's own length first.

    Raises:
        EditionError: an unknown kind, or one that cannot be made.
        DiskFull, NotWritable: from the disk.
    """
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise EditionError("không có loại này.", thing=", ".join(unknown), advice=f"Có: {', '.join(KINDS)}.")
    wanted = [kind for kind in KINDS if kind in kinds and kind in FORMS]
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        figures = with_figures(issue, source=source, folder=folder, cache=cache)
        job = Job(
            issue=figures.issue,
            recording=recording,
            masters=masters,
            pieces=pieces,
            plans=plans,
            bulletin=bulletin,
            voices=voices,
            source=source,
            folder=folder,
            cache=cache,
            cover=cover(
                issue, bulletin_title=bulletin.podcast.title, source=source, colour=bulletin.look.colour, cache=cache
            ),
            logo=logo_png(logo) if logo else b"",
            lexicon=lexicon or {},
            progress=lambda done, total: None,
        )
        chapters = sounds.needed(job, wanted)
        total = len(chapters) + len(wanted)
        encoded(chapters, cache=cache, workers=job.workers, progress=lambda done, of: progress(done, total))
        editions, remarks = list[Edition](), list[Remark](figures.remarks)
        with tidying() as give_back:
            for number, kind in enumerate(sorted(wanted, key=_is_late), start=len(chapters)):
                progress(number, total)
                result = FORMS[kind].maker(replace(job, made={each.kind: folder / each.file for each in editions}))
                editions += _shelved(kind, result.products, job)
                remarks += [each for each in result.remarks if each not in remarks]  # two layouts may say the same
                give_back()
        progress(total, total)
    return Made(
        editions=(*sorted(editions, key=lambda each: KINDS.index(each.kind)), *figures.editions),
        issue=replace(figures.issue, cover="", designed_pdf=""),
        remarks=tuple(remarks),
    )


def _shelved(kind: str, products: tuple[Product, ...], job: Job) -> Iterator[Edition]:
    """Each product under its name, which carries a part of its hash."""
    form = FORMS[kind]
    for product in products:
        part = f"-{product.part or product.chapter}" if product.chapter or product.part else ""
        stem = f"{form.stem}-{job.issue.id}{form.added}{part}"
        written = product.data if isinstance(product.data, Path) else job.folder / f"{stem}{form.suffix}"
        if isinstance(product.data, bytes):
            written.write_bytes(product.data)
        sha256 = digest(written)
        named = written.rename(job.folder / f"{stem}.{sha256[:8]}{form.suffix}")
        yield Edition(
            kind=kind,
            file=named.name,
            media_type=form.media_type,
            bytes=named.stat().st_size,
            sha256=sha256,
            chapter=product.chapter,
            part=product.part,
        )
