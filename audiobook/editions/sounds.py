"""Job -> the editions to hear."""

from audiobook.editions.cover import small_cover
from audiobook.editions.job import Job, Result, one
from audiobook.editions.mp3 import make_mp3


def mp3(job: Job) -> Result:
    """The issue as one MP3 with chapters."""
    file = make_mp3(
        job.issue,
        job.recording,
        bulletin=job.bulletin,
        cover=small_cover(job.cover),
        folder=job.folder,
        cache=job.cache,
        workers=job.workers,
        progress=job.progress,
    )
    return one(file)
