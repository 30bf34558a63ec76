"""Job -> the editions to print: PDF as one reads it, for weak eyes, the publisher's own, and posters."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audiobook.addresses import HOME, issue_path
from audiobook.editions.job import Job, Product, Result, one
from audiobook.editions.leaves import leaves
from audiobook.editions.pdf import LARGE, STANDARD, Layout, designed_pdf, make_pdf
from audiobook.editions.poster import Poster, bulletin_poster, issue_poster, make_poster


def pdf(job: Job) -> Result:
    """The issue on A4."""
    return _laid_out(job, STANDARD)


def pdf_large(job: Job) -> Result:
    """The issue for weak eyes."""
    return _laid_out(job, LARGE)


def pdf_designed(job: Job) -> Result:
    """The publisher's own PDF, where there is one."""
    name = job.issue.designed_pdf
    return one(designed_pdf(job.source / name)) if name else Result(products=())


def poster_a4(job: Job) -> Result:
    """A sheet to hang up, for this issue."""
    return _hung(job, issue_poster(job.issue, job.bulletin), paper="a4", address=issue_path(job.issue.id))


def poster_a5(job: Job) -> Result:
    """The same at half the size."""
    return _hung(job, issue_poster(job.issue, job.bulletin), paper="a5", address=issue_path(job.issue.id))


def poster_bulletin_a4(job: Job) -> Result:
    """A sheet to hang up that stays true: it leads to the latest issue."""
    return _hung(job, bulletin_poster(job.bulletin), paper="a4", address=HOME)


def poster_bulletin_a5(job: Job) -> Result:
    """The same at half the size."""
    return _hung(job, bulletin_poster(job.bulletin), paper="a5", address=HOME)


def page_images(job: Job) -> Result:
    """The pages to leaf through: the publisher's own where there are such, else ours."""
    with _printed(job) as file:
        found = leaves(file, job.issue, folder=job.folder, cache=job.cache)
    return Result(
        products=tuple(
            Product(data=leaf.picture, chapter=leaf.chapter, part=f"{number:03d}")
            for number, leaf in enumerate(found, start=1)
        )
    )


@contextmanager
def _printed(job: Job) -> Iterator[bytes | Path]:
    """The publisher's own PDF, or ours; one that is no edition itself is gone afterwards."""
    designed = pdf_designed(job).products
    if designed or "pdf" in job.made:
        yield designed[0].data if designed else job.made["pdf"]
        return
    made, _ = make_pdf(job.issue, bulletin=job.bulletin, pictures=job.folder, logo=job.logo, cache=job.cache)
    try:
        yield made
    finally:
        made.unlink()


def _laid_out(job: Job, layout: Layout) -> Result:
    data, remarks = make_pdf(
        job.issue, bulletin=job.bulletin, pictures=job.folder, layout=layout, logo=job.logo, cache=job.cache
    )
    return one(data, remarks)


def _hung(job: Job, poster: Poster, *, paper: str, address: str) -> Result:
    made = make_poster(
        poster, bulletin=job.bulletin, address=job.addresses.of(address), paper=paper, logo=job.logo, cache=job.cache
    )
    return one(made)
