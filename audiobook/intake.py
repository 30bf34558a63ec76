"""Manuscripts (files, a folder, addresses) -> an issue's folder in the library; and what an editor decides of its outline."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import tomli_w

from audiobook import inputs, settings
from audiobook.disk import store
from audiobook.errors import IssueUnknown, ManuscriptMissing, NotFetched, PictureMissing
from audiobook.library import Library, is_id
from audiobook.manuscripts import decisions
from audiobook.manuscripts.fetch import fetch
from audiobook.manuscripts.read import Details, Reading, companions, read
from audiobook.people import recordings_beside


def bring_in(
    library: Library,
    manuscript: Path,
    *,
    issue_id: str,
    number: int | None,
    dated: date | None,
    title: str,
    revises: bool = False,
) -> Reading:
    """Take a manuscript into the library, after it has been read once; what is not given stands in the manuscript.

    ``revises``: it takes the place of the issue's manuscript; number, date, title, the outline's decisions and whatever
    else lies in the issue's folder stay. The ids of what did not change stay when it is produced.

    Raises:
        ManuscriptError: it cannot be read; nothing was taken in.
        BadDate, BadNumber: neither given nor in the manuscript.
        IssueExists: the id is taken, and nobody said that this is a revision.
        IssueUnknown: there is nothing to revise.
    """
    chosen = settings.load(library.settings_file)
    before = _before(library, issue_id, number, dated) if revises else None
    details = Details(
        id=issue_id or (before.name if before else ""),
        number=number or (inputs.facts(before).number if before else None),
        date=dated or (inputs.facts(before).date if before else None),
        publisher=chosen.publisher.name,
        title=title or (inputs.facts(before).title if before else ""),
    )
    decided = decisions.load(before) if before else ()
    with tempfile.TemporaryDirectory() as images:
        reading = read(manuscript, details=details, images=Path(images) / "images", decisions=decided)
    issue = reading.issue
    facts: dict[str, Any] = {"number": issue.number, "date": issue.date}
    if details.title:
        facts["title"] = details.title
    library.add(
        issue.id,
        manuscript=manuscript,
        beside=(*companions(manuscript), *_recordings(manuscript, len(issue.chapters))),
        facts=tomli_w.dumps(facts).encode(),
        revises=revises,
    )
    return reading


def _recordings(manuscript: Path, articles: int) -> Iterator[PurePosixPath]:
    """What people recorded of it, beside the manuscript: 03.mp3."""
    for name, file in recordings_beside(manuscript.parent).items():
        if not name.isdigit() or int(name) <= articles:
            yield PurePosixPath(file.name)


def _before(library: Library, issue_id: str, number: int | None, dated: date | None) -> Path:
    """The folder of the issue that is revised: by its id, or by number and year.

    Raises:
        IssueUnknown: there is none, or it was not said which.
    """
    if not issue_id and number and dated:
        issue_id = f"{dated.year}-{number:02d}"
    if not issue_id:
        known = [
            each
            for each in library.issue_ids()
            if number is None or inputs.facts(library.issue_folder(each)).number == number
        ]
        if len(known) != 1:
            raise IssueUnknown(
                "chưa rõ sửa số nào.",
                thing="--revise",
                advice=f"Dùng --id. Đang có: {', '.join(library.issue_ids()) or 'chưa có số nào'}.",
            )
        issue_id = known[0]
    return library.issue_folder(issue_id)


def gathered(sources: Sequence[str], *, fetches: bool, folder: Path) -> Path:
    """One manuscript of all that was named: a file or folder as it is; several, and addresses, in a folder in their order.

    Raises:
        NotFetched: an address, and nobody allowed to fetch it.
        FetchRefused: an address that gives no page.
    """
    if len(sources) == 1 and not _is_address(sources[0]):
        return Path(sources[0])
    if len(sources) == 1:
        return _fetched(sources[0], fetches=fetches, folder=folder / "trang")
    home = folder / "manuscript"
    home.mkdir()
    for position, source in enumerate(sources, start=1):
        file = (
            _fetched(source, fetches=fetches, folder=folder / f"trang-{position}")
            if _is_address(source)
            else Path(source)
        )
        if not file.is_file():
            raise ManuscriptMissing("không có tệp này.", thing=file, advice="Kiểm tra đường dẫn và tên tệp.")
        _laid_in(home, file, position)
    return home


def _laid_in(home: Path, file: Path, position: int) -> None:
    """An article among others, its number before its name; its pictures in the places where it looks for them.

    Raises:
        PictureMissing: two articles call different pictures by one name.
    """
    shutil.copyfile(file, home / f"{position:02d} {file.name}")
    for path in companions(file):
        target = home / path
        if target.exists() and target.read_bytes() != (file.parent / path).read_bytes():
            raise PictureMissing(
                f"hai bài dùng hai hình khác nhau cùng tên {str(path)!r}.", thing=file, advice="Đổi tên một hình."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.parent / path, target)


def _is_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _fetched(address: str, *, fetches: bool, folder: Path) -> Path:
    if not fetches:
        raise NotFetched(
            "đây là một địa chỉ trên mạng; máy không tự lấy.",
            thing=address[:200],
            advice="Thêm --fetch nếu muốn máy lấy về.",
        )
    return fetch(address, folder)


def read_again(library: Library, issue_id: str, *, images: Path) -> Reading:
    """An issue's manuscript, with what was decided of its outline.

    Raises:
        AudiobookError: no such issue, or its manuscript cannot be read.
    """
    manuscript = library.manuscript(issue_id)
    facts = inputs.facts(manuscript.parent)
    details = Details(id=issue_id, number=facts.number, date=facts.date, title=facts.title)
    return read(manuscript, details=details, images=images, decisions=decisions.load(manuscript.parent))


def decide(library: Library, issue_id: str, wanted: Sequence[str], *, images: Path) -> Reading:
    """Add decisions (``3.level=2``) to the issue's outline.toml, one after the other; the reading that they give.

    Raises:
        SettingsError: a decision that cannot be; none of them was kept.
        NoChapters: they leave no article; none of them was kept.
    """
    if not is_id(issue_id):
        raise IssueUnknown("không có số này trong thư viện.", thing=issue_id)
    manuscript = library.manuscript(issue_id)
    facts = inputs.facts(manuscript.parent)
    details = Details(id=issue_id, number=facts.number, date=facts.date, title=facts.title)
    decided = decisions.load(manuscript.parent)
    shown = [part.block for part in read(manuscript, details=details, images=images, decisions=decided).parts]
    for each in wanted:  # numbers are those of the outline that the editor has before the eyes
        decided = decisions.changed(decided, each, shown)
    reading = read(manuscript, details=details, images=images, decisions=decided)
    store(manuscript.parent / decisions.FILE, decisions.written(decided).encode())
    return reading
