"""Job -> the small editions: transcripts, chapters, QR codes, the cover."""

from pathlib import Path

from audiobook.addresses import chapter_path, issue_path
from audiobook.editions import chapters, html, qr, transcripts
from audiobook.editions.cover import card
from audiobook.editions.job import Job, Product, Result, one, text
from audiobook.editions.texts import sentence_texts
from audiobook.model.recording import Timeline, alone


def vtt(job: Job) -> Result:
    """Subtitles of the issue, and of each article by itself: a feed offers those too."""
    texts, timeline = sentence_texts(job.issue), job.recording.timeline

    def written(part: Timeline, name: str) -> Path:
        return text(job, name, transcripts.webvtt(texts, part, language=job.issue.language))

    articles = (
        Product(data=written(alone(timeline, each.id), f"{each.id}.vtt"), chapter=each.id)
        for each in job.issue.articles
    )
    return Result(products=(Product(data=written(timeline, "so.vtt")), *articles))


def srt(job: Job) -> Result:
    """Subtitles for older players."""
    return one(text(job, "so.srt", transcripts.subrip(sentence_texts(job.issue), job.recording.timeline)))


def transcript_json(job: Job) -> Result:
    """The podcast namespace's transcript."""
    return one(text(job, "loi.json", transcripts.podcast_json(sentence_texts(job.issue), job.recording.timeline)))


def transcript_html(job: Job) -> Result:
    """The text on one page."""
    return one(text(job, "loi.html", html.transcript_html(job.issue, bulletin=job.bulletin)))


def chapters_json(job: Job) -> Result:
    """The podcast namespace's chapters."""

    def address(chapter_id: str) -> str:
        return job.addresses.of(chapter_path(job.issue.id, chapter_id))

    return one(chapters.chapters_json(job.recording.timeline, address=address).encode())


def qr_png(job: Job) -> Result:
    """The code of the issue's page, with the address in words."""
    return one(qr.qr_png(job.addresses.of(issue_path(job.issue.id))))


def qr_svg(job: Job) -> Result:
    """The code of the issue's page."""
    return one(qr.qr_svg(job.addresses.of(issue_path(job.issue.id))))


def cover(job: Job) -> Result:
    """The square cover."""
    return one(job.cover)


def cover_wide(job: Job) -> Result:
    """The picture of a shared link."""
    title, duration_ms = job.bulletin.podcast.title, job.recording.timeline.duration_ms
    return one(card(job.issue, bulletin_title=title, duration_ms=duration_ms, square=job.cover, cache=job.cache))
