"""Job -> what loudspeakers play: the pack for a USB stick, each session as one file, the running sheet, the schedule."""

import json
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from audiobook.addresses import latest_session_path
from audiobook.editions.encode import Encoded, Encoding, by_chapter, encoded
from audiobook.editions.frames import Mp3, stream
from audiobook.editions.id3 import Tag, tag
from audiobook.editions.job import Job, Product, Result, one
from audiobook.editions.mp3 import imprint
from audiobook.editions.pack import FEWER_FILES, beside, pack_files, passage_id, too_many
from audiobook.editions.running_sheet import Sheet, sheet_pdf, sheet_txt, starts
from audiobook.errors import writing
from audiobook.model.loudspeaker import Session, SessionPlan
from audiobook.model.narration import Remark
from audiobook.model.recording import Cue, Track

HORNS = Mp3(rate=44_100, kbps=96)
_NOTHING = Result(products=())


def needed(job: Job) -> list[tuple[Track, Encoding]]:
    """What must be encoded for any of them."""
    return [(track, HORNS) for track in job.masters.horns.tracks] if job.masters.horns else []


def pack(job: Job) -> Result:
    """The ZIP, its entries in playing order and each 2 s younger than the one before.

    Where it would have more files than an old player reads there is none: the sessions' own files are there.
    """
    if not job.plans:
        return _NOTHING
    if told := too_many(job.plans[0]):
        text = f"{told} Không làm gói này; vẫn có tệp của từng buổi. {FEWER_FILES}"
        return Result(products=(), remarks=(Remark(code="A-PACK", place=job.issue.id, text=text),))
    sounds, sheet, target = _encoded(job), _sheet(job), job.folder / "loa.zip"
    left_out = beside(job.pieces, sheet.plan)
    clock = datetime(job.issue.date.year, job.issue.date.month, job.issue.date.day, 6)
    with writing(target), zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
        files = pack_files(
            sheet, left_out=left_out, frames=lambda piece: _frames(sounds[passage_id(piece)]), cache=job.cache
        )
        for name, data in files:
            entry = zipfile.ZipInfo(name, clock.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            out.writestr(entry, data)
            clock += timedelta(seconds=2)  # the finest step of a ZIP's and of FAT's clock
    return one(target)


def sessions(job: Job) -> Result:
    """Each session of the bulletin's own plan as one MP3 with chapters."""
    if not job.plans:
        return _NOTHING
    plan, sounds = job.plans[0], _encoded(job)
    products = []
    for session in plan.sessions:
        target = job.folder / f"buoi-{session.number}.mp3"
        with writing(target), target.open("wb") as out:
            out.write(_session_tag(job, session))
            for block in stream([each for item in session.items for each in sounds[passage_id(item.piece)]], HORNS):
                out.write(block)
        products.append(Product(data=target, part=plan.part(session)))
    return Result(products=tuple(products))


def printed_sheet(job: Job) -> Result:
    """The running sheet as PDF."""
    return one(sheet_pdf(_sheet(job), cache=job.cache)) if job.plans else _NOTHING


def plain_sheet(job: Job) -> Result:
    """The running sheet as text."""
    return one(sheet_txt(_sheet(job))) if job.plans else _NOTHING


def schedule(job: Job) -> Result:
    """What is to be played when, for programs: JSON with the fixed address of each session."""
    if not job.plans:
        return _NOTHING
    return one(json.dumps(_schedule(job, job.plans[0]), ensure_ascii=False, indent=1).encode() + b"\n")


def _schedule(job: Job, plan: SessionPlan) -> dict[str, Any]:
    begins = starts(plan, job.bulletin.loudspeaker.start_times)
    return {
        "version": 1,
        "bulletin": job.bulletin.podcast.title,
        "issue": job.issue.id,
        "number": job.issue.number,
        "date": f"{job.issue.date:%Y-%m-%d}",
        "place": job.bulletin.loudspeaker.place,
        "slot_minutes": plan.slot_minutes,
        "sessions": [
            {
                "number": session.number,
                "day": day + 1,
                "start": f"{second // 3600:02d}:{second // 60 % 60:02d}",
                "duration_seconds": round(session.duration_ms / 1000, 3),
                "url": job.addresses.of(latest_session_path(session.number)),
                "media_type": "audio/mpeg",
                "items": [
                    {
                        "kind": str(item.piece.kind),
                        "title": item.piece.title,
                        "chapter": item.piece.chapter,
                        "times": item.piece.times,
                        "start_seconds": round(item.start_ms / 1000, 3),
                        "duration_seconds": round((item.end_ms - item.start_ms) / 1000, 3),
                    }
                    for item in session.items
                ],
            }
            for session, (day, second) in zip(plan.sessions, begins, strict=True)
        ],
        "left_out": list(plan.left_out),
    }


def _sheet(job: Job) -> Sheet:
    start_times = job.bulletin.loudspeaker.start_times
    return Sheet(issue=job.issue, bulletin=job.bulletin, plan=job.plans[0], start_times=start_times)


def _session_tag(job: Job, session: Session) -> bytes:
    title = f"{job.bulletin.podcast.title}, số {job.issue.number}, buổi {session.number}"
    cues: Sequence[Cue] = [
        Cue(id=passage_id(item.piece), title=item.piece.title, start_ms=item.start_ms, end_ms=item.end_ms)
        for item in session.items
    ]
    return tag(
        Tag(
            title=title,
            album=job.bulletin.podcast.title,
            publisher=job.bulletin.publisher.name,
            date=job.issue.date,
            track=str(session.number),
            duration_ms=session.duration_ms,
            comment=imprint(job.bulletin, job.issue),
            chapters=tuple(cues),
        )
    )


def _frames(tracks: Sequence[Encoded]) -> bytes:
    return b"".join(each.file.read_bytes() for each in tracks)


def _encoded(job: Job) -> dict[str, tuple[Encoded, ...]]:
    wanted = needed(job)
    files = encoded(wanted, cache=job.cache, workers=job.workers, progress=job.progress)
    return by_chapter((track for track, _ in wanted), files)
