"""One manuscript -> a folder with its editions, by way of a library that is thrown away."""

import shutil
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

from audiobook import settings
from audiobook.acceptance import Acceptance
from audiobook.errors import BadDate, BadNumber, EditionError, writing
from audiobook.intake import bring_in
from audiobook.library import Library
from audiobook.model.publication import KINDS, Edition, Publisher
from audiobook.production import produce
from audiobook.recording import Report

_NOBODY = Publisher(name="Bản làm thử", licence_number="", supplier="")
_NOWHERE = "http://127.0.0.1:8000"


def convert(
    manuscript: Path,
    out: Path,
    *,
    kinds: tuple[str, ...],
    number: int | None,
    dated: date | None,
    voice: str,
    pace: str,
    acceptance: Acceptance,
    report: Report,
) -> tuple[Path, ...]:
    """Make the editions of one manuscript into ``out``; all of them where ``kinds`` is empty.

    Raises:
        EditionError: an unknown kind.
        AudiobookError: what ``produce`` raises; ``out`` is left as it was.
    """
    wanted = kinds or KINDS
    unknown = [kind for kind in wanted if kind not in KINDS]
    if unknown:
        raise EditionError("không có loại này.", thing=", ".join(unknown), advice=f"Có: {', '.join(KINDS)}.")
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="audiobook-") as folder:
        library = Library(Path(folder))
        settings.write_new(
            library.folder, publisher=_NOBODY, title=manuscript.stem, description=manuscript.stem, base_url=_NOWHERE
        )
        issue_id = _bring_in(library, manuscript, number=number, dated=dated)
        publication = produce(
            library, issue_id, report=report, voice=voice, pace=pace, kinds=wanted, acceptance=acceptance
        ).publication
        with writing(out):
            return tuple(
                _copied(library.shelf.file(publication, edition), out / _plain_name(edition))
                for edition in publication.editions
                if edition.kind in wanted
            )


def _bring_in(library: Library, manuscript: Path, *, number: int | None, dated: date | None) -> str:
    """Take it in; where nobody says which number and date it is, it is number 1 of the day when it was written."""
    try:
        return bring_in(library, manuscript, issue_id="", number=number, dated=dated, title="").issue.id
    except BadNumber:
        return _bring_in(library, manuscript, number=1, dated=dated)
    except BadDate:
        written = datetime.fromtimestamp(manuscript.stat().st_mtime, UTC).date()
        return _bring_in(library, manuscript, number=number, dated=written)


def _plain_name(edition: Edition) -> str:
    """The edition's name without the hash that it carries on a shelf.

    >>> _plain_name(
    ...     Edition(kind="mp3", file="ban-tin-2023-03.1f2e3d4c.mp3", media_type="audio/mpeg", bytes=1, sha256="")
    ... )
    'ban-tin-2023-03.mp3'
    """
    name = PurePosixPath(edition.file).name
    stem, _, rest = name.partition(".")
    return f"{stem}.{rest.split('.', 1)[-1]}" if "." in rest else name


def _copied(source: Path, target: Path) -> Path:
    coming = target.with_name(f".tmp-{target.name}")
    shutil.copyfile(source, coming)
    coming.replace(target)
    return target
