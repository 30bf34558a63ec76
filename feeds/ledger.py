"""Guids as they were published -> what would change them: a guid is given once, for ever.

The ledger, shelf/guids.json, grows only. It is written when a feed has passed the pre-flight, so that what went out is
known even when settings are edited, a publication.json is restored from elsewhere, or a library is made anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from audiobook.disk import store
from audiobook.errors import ShelfDamaged
from audiobook.library import Shelf
from feeds.checks.problem import CHANNEL, Problem

_FILE = "guids.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The show's guid ("" before anything was published), and each publication's by its id."""

    podcast: str = ""
    publications: dict[str, str] = field(default_factory=dict)


def guid_problems(shelf: Shelf) -> Iterator[Problem]:
    """Guids that are not what was published.

    Raises:
        ShelfDamaged: the ledger cannot be read.
    """
    ledger, podcast = _read(shelf), shelf.bulletin().podcast.guid
    if ledger.podcast not in ("", podcast):
        text = f"mã podcast đã phát hành là {ledger.podcast}, nay là {podcast}; người nghe sẽ mất. Sửa lại podcast.guid"
        yield Problem(code="podcast-guid", place=CHANNEL, text=text)
    for publication in (*shelf.publications(), *shelf.of_kind("correction")):
        published = ledger.publications.get(publication.issue.id, publication.guid)
        if published != publication.guid:
            text = f"mã (guid) đã phát hành là {published}, nay là {publication.guid}; ứng dụng sẽ coi là số khác"
            yield Problem(code="guid-changed", place=publication.issue.id, text=text)


def keep_guids(shelf: Shelf) -> None:
    """Remember what is about to be published.

    Raises:
        DiskFull, NotWritable: the ledger of before stays whole.
    """
    ledger = _read(shelf)
    now = {
        each.issue.id: each.guid
        for each in (*shelf.of_kind("correction"), *shelf.publications())
        if each.edition("mp3")
    }
    kept = Ledger(podcast=ledger.podcast or shelf.bulletin().podcast.guid, publications=now | ledger.publications)
    encoded = msgspec.json.encode(kept, order="deterministic")
    store(shelf.folder / _FILE, msgspec.json.format(encoded, indent=1) + b"\n")


def _read(shelf: Shelf) -> Ledger:
    file = shelf.folder / _FILE
    if not file.is_file():
        return Ledger()
    try:
        return msgspec.json.decode(file.read_bytes(), type=Ledger)
    except msgspec.MsgspecError as error:
        advice = "Phục hồi tệp này từ bản sao lưu; nó ghi những mã đã phát hành."
        raise ShelfDamaged("sổ mã bị hỏng.", thing=file, place=str(error), advice=advice) from error
