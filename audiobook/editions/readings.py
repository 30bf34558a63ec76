"""Job -> the editions to read: books and printed pages."""

from audiobook.editions.job import Job, Result, one
from audiobook.editions.mp3 import chapter_mp3s


def epub(job: Job) -> Result:
    """The book with the voice in it."""
    from audiobook.editions.epub.package import write_epub

    file = job.folder / f"ban-tin-{job.issue.id}.epub"
    write_epub(
        file,
        job.issue,
        job.recording.timeline,
        bulletin=job.bulletin,
        voices=job.voices,
        cover=job.cover,
        sounds=chapter_mp3s(job.recording, cache=job.cache, workers=job.workers),
        pictures=job.folder,
    )
    return one(file)


def pdf(job: Job) -> Result:
    """The publisher's own PDF where there is one, else ours."""
    from audiobook.editions.pdf import designed_pdf, make_pdf

    if job.issue.designed_pdf:
        return one(designed_pdf(job.source / job.issue.designed_pdf))
    data, remarks = make_pdf(job.issue, bulletin=job.bulletin, pictures=job.folder)
    return one(data, remarks)
