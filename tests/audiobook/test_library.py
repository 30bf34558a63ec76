"""The shelf and the library, without any step of production."""

import errno
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

import msgspec
import pytest

from audiobook.disk import store
from audiobook.errors import (
    DiskFull,
    IssueBusy,
    IssueExists,
    IssueUnknown,
    NoLibrary,
    NotWritable,
    SettingsError,
    ShelfDamaged,
)
from audiobook.library import Library, Shelf, is_id
from audiobook.model.issue import Block, Cell, Chapter, Issue, Kind, Mark, Markup, Media, MediaKind, Role, Sentence
from audiobook.model.publication import Accepted, Bulletin, Edition, Podcast, Publication, Publisher, Site
from audiobook.model.recording import Cue, Timeline, Voice
from audiobook.records import pieces

ISSUE = Issue(
    id="2023-03",
    title="Bản tin Thanh Bình",
    number=3,
    date=date(2023, 3, 30),
    publisher="Nhà xuất bản",
    chapters=(
        Chapter(id="opening", title="Mở đầu", role=Role.OPENING, blocks=()),
        Chapter(
            id="c01",
            title="Ba tập thể",
            important=True,
            blocks=(
                Block(
                    id="c01b01",
                    kind=Kind.TABLE,
                    text="a\tb",
                    marks=(Mark(start=0, end=1, kind=Markup.LINK, value="https://example.vn"),),
                    sentences=(Sentence(id="c01b01s1", start=0, end=3),),
                    cells=(Cell(start=0, end=1, row=0, column=0, header=True), Cell(start=2, end=3, row=0, column=1)),
                    media=Media(kind=MediaKind.CHART, file="a.png", media_type="image/png", alt="Biểu đồ"),
                ),
            ),
        ),
    ),
)


def publication(issue_id: str = "2023-03", content: bytes = b"sound", **changes: object) -> Publication:
    made = Publication(
        guid="5d9a",
        issue=replace(ISSUE, id=issue_id),
        timeline=Timeline(
            chapters=(Cue(id="c01", title="Ba tập thể", start_ms=0, end_ms=2000),),
            sentences=(Cue(id="c01b01s1", title="", start_ms=100, end_ms=900),),
        ),
        editions=(
            Edition(
                kind="mp3", file=f"so.{content.hex()[:8]}.mp3", media_type="audio/mpeg", bytes=len(content), sha256="00"
            ),
        ),
        voices=(Voice(engine="espeak", name="bac", label="Bắc"),),
        published=datetime(2023, 3, 29, 23, tzinfo=UTC),
        fingerprint="f",
        accepted=(Accepted(code="S-1", place="c01b01s1", by="Lan"),),
    )
    return replace(made, **changes)


def put(shelf: Shelf, made_in: Path, content: bytes = b"sound", **changes: object) -> Publication:
    made = publication(content=content, **changes)
    made_in.mkdir(exist_ok=True)
    for edition in made.editions:
        (made_in / edition.file).write_bytes(content)
    shelf.put(made, made_in=made_in)
    return made


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "audiobook.toml").touch()
    return Library.at(tmp_path)


def test_a_publication_is_written_in_small_pieces_as_if_in_one_go(shelf: Shelf, tmp_path: Path) -> None:
    long = replace(publication(), issue=replace(ISSUE, chapters=ISSUE.chapters * 200))
    made = put(shelf, tmp_path / "made", issue=long.issue)
    at_once = msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n"
    assert (shelf.folder / "2023-03" / "publication.json").read_bytes() == at_once
    assert max(map(len, pieces(made))) < len(at_once) / 100


def test_what_is_shelved_comes_back_the_same(shelf: Shelf, tmp_path: Path) -> None:
    made = put(shelf, tmp_path / "made")
    assert shelf.publication("2023-03") == made
    assert shelf.file(made, made.editions[0]).read_bytes() == b"sound"
    assert shelf.is_whole(made)


def test_the_bulletin_comes_back_the_same(shelf: Shelf) -> None:
    bulletin = Bulletin(
        publisher=Publisher(name="Nhà", licence_number="1", supplier="B"),
        podcast=Podcast(guid="g", title="Bản tin", description="…"),
        site=Site(base_url="https://bantin.example.vn"),
    )
    shelf.keep_bulletin(bulletin)
    assert shelf.bulletin() == bulletin


def test_publications_stand_newest_first(shelf: Shelf, tmp_path: Path) -> None:
    put(shelf, tmp_path / "made", issue_id="2023-02", published=datetime(2023, 2, 27, tzinfo=UTC))
    put(shelf, tmp_path / "made", issue_id="2023-03")
    assert [each.issue.id for each in shelf.publications()] == ["2023-03", "2023-02"]


def test_a_revision_replaces_its_files_and_leaves_no_old_one(shelf: Shelf, tmp_path: Path) -> None:
    old = put(shelf, tmp_path / "made")
    new = put(shelf, tmp_path / "made", content=b"other", revision=2)
    assert shelf.publication("2023-03").revision == 2
    assert shelf.file(new, new.editions[0]).read_bytes() == b"other"
    assert not shelf.file(old, old.editions[0]).exists()


def test_a_disk_that_is_full_leaves_the_old_publication_whole(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = put(shelf, tmp_path / "made")

    def no_room(self: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    monkeypatch.setattr(Path, "replace", no_room)
    with pytest.raises(DiskFull) as refusal:
        put(shelf, tmp_path / "made", content=b"other", revision=2)
    monkeypatch.undo()
    assert refusal.value.exit_code == 74
    assert shelf.publication("2023-03") == old
    assert shelf.is_whole(old)


def test_a_missing_edition_is_noticed(shelf: Shelf, tmp_path: Path) -> None:
    made = put(shelf, tmp_path / "made")
    shelf.file(made, made.editions[0]).unlink()
    assert not shelf.is_whole(made)


def test_a_broken_publication_is_refused_with_its_file(shelf: Shelf, tmp_path: Path) -> None:
    put(shelf, tmp_path / "made")
    (shelf.folder / "2023-03" / "publication.json").write_text('{"guid": 5')
    with pytest.raises(ShelfDamaged) as refusal:
        shelf.publication("2023-03")
    assert refusal.value.thing.endswith("publication.json")


def test_the_version_changes_with_what_stands_on_the_shelf(shelf: Shelf, tmp_path: Path) -> None:
    before = shelf.version()
    put(shelf, tmp_path / "made")
    between = shelf.version()
    put(shelf, tmp_path / "made", content=b"other", revision=2)
    assert len({before, between, shelf.version()}) == 3


@pytest.mark.parametrize("name", ["", "..", "a/b", "../2023-03", "Số 3", "con", "-a", "a" * 81])
def test_a_name_that_is_no_id_never_becomes_a_path(shelf: Shelf, name: str) -> None:
    assert not is_id(name)
    with pytest.raises(IssueUnknown):
        shelf.publication(name)


def test_a_folder_without_settings_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(NoLibrary) as refusal:
        Library.at(tmp_path)
    assert refusal.value.exit_code == 41


def test_a_manuscript_is_taken_in_with_its_pictures(library: Library, tmp_path: Path) -> None:
    source = tmp_path / "mang-ve"
    (source / "hinh").mkdir(parents=True)
    (source / "so3.MD").write_text("# Bài")
    (source / "hinh" / "a.png").write_bytes(b"png")
    library.add("2023-03", manuscript=source / "so3.MD", beside=[PurePosixPath("hinh/a.png")], facts=b"number = 3\n")
    assert library.issue_ids() == ("2023-03",)
    assert library.manuscript("2023-03").name == "manuscript.md"
    assert (library.issue_folder("2023-03") / "hinh" / "a.png").read_bytes() == b"png"


def test_an_id_that_is_taken_is_refused_and_nothing_changes(library: Library, tmp_path: Path) -> None:
    for text in ("# Một", "# Hai"):
        (tmp_path / "a.md").write_text(text)
        if text == "# Một":
            library.add("2023-03", manuscript=tmp_path / "a.md", beside=[], facts=b"")
            continue
        with pytest.raises(IssueExists):
            library.add("2023-03", manuscript=tmp_path / "a.md", beside=[], facts=b"")
    assert library.manuscript("2023-03").read_text() == "# Một"


def test_an_id_that_could_leave_the_library_is_refused(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a.md").touch()
    with pytest.raises(SettingsError):
        library.add("../thoat", manuscript=tmp_path / "a.md", beside=[], facts=b"")


def test_a_picture_that_vanished_while_adding_leaves_no_half_issue(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a.md").touch()
    with pytest.raises(FileNotFoundError):
        library.add("2023-03", manuscript=tmp_path / "a.md", beside=[PurePosixPath("mat.png")], facts=b"")
    assert library.issue_ids() == ()


def test_two_runs_at_one_issue_are_kept_apart(library: Library) -> None:
    with library.locked("2023-03"), pytest.raises(IssueBusy) as refusal, library.locked("2023-03"):
        pass
    assert refusal.value.exit_code == 75


def test_a_lock_is_free_again_after_its_run(library: Library) -> None:
    for _ in range(2):
        with library.locked("2023-03"):
            pass


def test_a_folder_that_refuses_writing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, *args: object, **options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(NotWritable) as refusal:
        store(tmp_path / "a" / "b.json", b"{}")
    assert str(tmp_path / "a") in refusal.value.thing
    assert refusal.value.exit_code == 73
