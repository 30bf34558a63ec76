"""Recording -> the issue as one MP3 with chapters; and each chapter's MP3 for the EPUB."""

from collections.abc import Callable, Iterator
from pathlib import Path

from audiobook.addresses import Addresses, chapter_path, issue_path
from audiobook.editions.encode import Encoding, encoded_tracks, stream
from audiobook.editions.id3 import tag
from audiobook.errors import writing
from audiobook.model.issue import Issue
from audiobook.model.publication import Bulletin
from audiobook.model.recording import Recording

ISSUE = Encoding()


def make_mp3(
    issue: Issue,
    recording: Recording,
    *,
    bulletin: Bulletin,
    cover: bytes,
    folder: Path,
    cache: Path,
    workers: int,
    progress: Callable[[int, int], None],
) -> Path:
    """Write the issue's MP3: tag, then every chapter's frames as they lie in the cache.

    Raises:
        DiskFull, NotWritable: nothing half is published.
    """
    files = encoded_tracks(recording.tracks, ISSUE, cache=cache, workers=workers, progress=progress)
    addresses = Addresses(bulletin.site.base_url)
    head = tag(
        issue,
        recording.timeline.chapters,
        bulletin=bulletin,
        comment=imprint(bulletin),
        cover=cover,
        address=addresses.of(issue_path(issue.id)),
        chapter_address=lambda chapter_id: addresses.of(chapter_path(issue.id, chapter_id)),
    )
    target = folder / f"ban-tin-{issue.id}.mp3"
    with writing(target), target.open("wb") as out:
        out.write(head)
        for block in stream(files, ISSUE):
            out.write(block)
    return target


def chapter_mp3s(recording: Recording, *, cache: Path, workers: int) -> dict[str, Iterator[bytes]]:
    """Chapter id -> its own MP3, without a tag, block by block; for the EPUB."""
    files = encoded_tracks(recording.tracks, ISSUE, cache=cache, workers=workers, progress=lambda done, total: None)
    return {track.id: stream([file], ISSUE) for track, file in zip(recording.tracks, files, strict=True)}


def imprint(bulletin: Bulletin) -> str:
    """Who publishes, under which licence, and that a machine reads; in one paragraph."""
    publisher = bulletin.publisher
    licence = f"Giấy phép xuất bản số {publisher.licence_number}. " if publisher.licence_number else ""
    supplier = f"Đơn vị cung ứng: {publisher.supplier}. " if publisher.supplier else ""
    distributor = f"Đơn vị phát hành: {publisher.distributor}. " if publisher.distributor else ""
    return f"{publisher.name}. {licence}{distributor}{supplier}Giọng đọc nhân tạo, do máy tổng hợp."
