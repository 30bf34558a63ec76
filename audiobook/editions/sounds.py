"""Job -> the editions to hear; and all that they need encoded, so that one pool of processes does it."""

from collections.abc import Sequence

from audiobook.editions import loudspeaker, mp3
from audiobook.editions.encode import Encoding, encoded
from audiobook.editions.frames import Mp3
from audiobook.editions.job import Job, Product, Result, one
from audiobook.editions.opus import Opus, chapter_comments, write_opus
from audiobook.errors import writing
from audiobook.model.narration import Remark
from audiobook.model.publication import LOUDSPEAKER_KINDS
from audiobook.model.recording import Recording, Track

NOTHING = Result(products=())
OPUS = Opus()


def needed(job: Job, kinds: Sequence[str]) -> list[tuple[Track, Encoding]]:
    """Every track that these kinds want encoded, with its encoding."""
    sources: dict[str, tuple[Recording | None, Encoding]] = {
        "mp3": (job.recording, mp3.ISSUE),
        "mp3-article": (job.recording, mp3.ISSUE),
        "measure-png": (job.recording, mp3.ISSUE),
        "epub": (job.recording, mp3.ISSUE),
        "mp3-low": (job.recording, mp3.LOW),
        "opus-low": (job.recording, OPUS),
        "mp3-high": (job.masters.high, mp3.HIGH),
        "mp3-slow": (job.masters.slow, mp3.ISSUE),
    }
    horns = loudspeaker.needed(job) if any(kind in LOUDSPEAKER_KINDS for kind in kinds) else []
    wanted = {sources[kind]: None for kind in kinds if kind in sources}
    found = [(track, encoding) for recording, encoding in wanted if recording for track in recording.tracks]
    return [*found, *horns]


def issue(job: Job) -> Result:
    """The issue as one MP3 with chapters."""
    return _issue(job, job.recording, mp3.ISSUE)


def high(job: Job) -> Result:
    """The same in better sound."""
    return _issue(job, job.masters.high, mp3.HIGH)


def low(job: Job) -> Result:
    """The same in half the size, without a cover that one would wait for."""
    return one(mp3.issue_mp3(job, job.recording, mp3.LOW, cover=b"", name="nhe.mp3"))


def slow(job: Job) -> Result:
    """The slower rendition."""
    return _issue(job, job.masters.slow, mp3.ISSUE)


def articles(job: Job) -> Result:
    """Each chapter by itself."""
    return Result(products=tuple(Product(data=file, chapter=chapter) for chapter, file in mp3.article_mp3s(job)))


def opus(job: Job) -> Result:
    """The whole in the least room, for slow lines."""
    wanted = [(track, OPUS) for track in job.recording.tracks]
    tracks = encoded(wanted, cache=job.cache, workers=job.workers, progress=job.progress)
    target = job.folder / "nhe.opus"
    comments = (
        ("TITLE", f"{job.bulletin.podcast.title}, số {job.issue.number} ({job.issue.date:%d/%m/%Y})"),
        ("ARTIST", job.bulletin.publisher.name),
        ("ALBUM", job.bulletin.podcast.title),
        ("TRACKNUMBER", str(job.issue.number)),
        ("DATE", f"{job.issue.date:%Y-%m-%d}"),
        ("LANGUAGE", job.issue.language),
        ("DESCRIPTION", mp3.imprint(job.bulletin, job.issue)),
        *chapter_comments(job.recording.timeline.chapters),
    )
    with writing(target):
        write_opus(target, tracks, OPUS, comments=comments)
    return one(target)


def picture(job: Job) -> Result:
    """The issue's MP3, decoded and measured, as a picture; the editor is told all of it, what is out of bounds first."""
    from audiobook.editions.hearing import hear_tracks
    from audiobook.editions.measure import measurement, report_lines
    from audiobook.editions.sound_picture import sound_picture

    files = [(track, mp3.ISSUE) for track in job.recording.tracks]
    tracks = encoded(files, cache=job.cache, workers=job.workers, progress=job.progress)
    measured = measurement(hear_tracks(tracks, mp3.ISSUE), thing=job.cache, timeline=job.recording.timeline)
    title = f"{job.bulletin.podcast.title}, số {job.issue.number} ({job.issue.date:%d/%m/%Y})"
    lines = report_lines(measured, target_lufs=-16.0)
    wrong = [line for line in lines if "←" in line]
    told = [*wrong, "đã đo bản MP3. " + "; ".join(line for line in lines if line not in wrong)]
    remarks = tuple(Remark(code="A-SOUND", place=job.issue.id, text=line) for line in told)
    return one(sound_picture(measured, title=title), remarks)


def _issue(job: Job, recording: Recording | None, encoding: Mp3) -> Result:
    if recording is None:
        return NOTHING
    return one(mp3.issue_mp3(job, recording, encoding, cover=job.small_cover, name="so.mp3"))
