"""The pre-flight: a good feed passes, and each fault is found by its own code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from audiobook.errors import AudiobookError, ShelfDamaged
from audiobook.library import Shelf
from audiobook.model.publication import Publication
from feeds.check import check, refuse_faults
from feeds.commands import after_shelving, feed
from feeds.rss import build, write


def codes(shelf: Shelf, made: bytes, *, now: datetime | None = None) -> set[str]:
    return {problem.code for problem in check(shelf, made, now=now)}


def test_the_feed_that_we_write_has_no_fault(shelf: Shelf) -> None:
    assert check(shelf, build(shelf)) == ()
    write(shelf)
    assert refuse_faults(shelf) == 2


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [
        ('length="10000"', 'length="9999"', "enclosure-length"),
        (".mp3", ".ogg", "enclosure-address"),
        ("<itunes:duration>125", "<itunes:duration>127", "duration"),
        ("<itunes:duration>125", "<itunes:duration>2:05", "duration"),
        ("00:01:58.992", "00:01:58.991", "chapters-psc"),
        ("000000000002</guid>", "000000000001</guid>", "guid-twice"),
        ("000000000002</guid>", "000000000009</guid>", "guid-unknown"),
        ("000000000002</guid>", "000000000009</guid>", "item-missing"),
        ("Wed, 15 Feb 2023", "Sun, 15 Jan 2023", "date-twice"),
        ("Wed, 15 Feb 2023", "Thứ Tư, 15 tháng 2", "date"),
        ("/feed.xml", "/rss.xml", "self-link"),
        ("<language>vi</language>", "", "channel-language"),
        ("<p>Mùa lạnh", "<p>" + "Mùa lạnh " * 400, "description-long"),
        ("2f3c9a52", "3f3c9a52", "podcast-guid"),
        ("ai-content", "release", "ai-content"),
        ("</channel>", "", "xml"),
    ],
)
def test_a_fault_is_found(shelf: Shelf, good: str, bad: str, code: str) -> None:
    made = build(shelf).decode()
    assert good in made
    assert code in codes(shelf, made.replace(good, bad).encode())


def test_an_issue_dated_in_the_future_is_found(shelf: Shelf) -> None:
    now = datetime(2023, 2, 15, 6, tzinfo=UTC)
    assert codes(shelf, build(shelf), now=now) == set()
    assert codes(shelf, build(shelf), now=now - timedelta(hours=1)) == {"date-future"}


def test_a_sound_file_that_is_gone_is_found(shelf: Shelf, publication: Publication) -> None:
    sound = publication.edition("mp3")
    assert sound
    shelf.file(publication, sound).unlink()
    assert codes(shelf, build(shelf)) == {"enclosure-missing", "address-missing"}


def test_a_transcript_that_is_gone_is_found(shelf: Shelf, publication: Publication) -> None:
    transcript = publication.edition("vtt")
    assert transcript
    shelf.file(publication, transcript).unlink()
    assert codes(shelf, build(shelf)) == {"address-missing"}


def test_two_issues_with_one_sound_are_found(shelf: Shelf, put: Callable[..., Publication]) -> None:
    first = put(shelf, 3)
    again = first.edition("mp3")
    assert again
    made = build(shelf).decode()
    other = shelf.publication("2023-01").edition("mp3")
    assert other
    assert "enclosure-twice" in codes(shelf, made.replace(other.sha256, again.sha256).encode())


def test_a_chapters_file_that_says_something_else_is_found(shelf: Shelf, publication: Publication) -> None:
    edition = publication.edition("chapters-json")
    assert edition
    file = shelf.file(publication, edition)
    file.write_text(file.read_text().replace("12.48", "12.49"))
    assert codes(shelf, build(shelf)) == {"chapters-json"}


@pytest.mark.parametrize(
    ("size", "mode", "code"),
    [((1400, 1300), "RGB", "picture-size"), ((3001, 3001), "RGB", "picture-size"), ((1400, 1400), "L", "picture-kind")],
)
def test_an_unfit_picture_is_found(shelf: Shelf, size: tuple[int, int], mode: str, code: str) -> None:
    Image.new(mode, size).save(shelf.folder / "own.jpg")
    shelf.keep_bulletin(replace(shelf.bulletin(), cover="own.jpg"))
    assert codes(shelf, build(shelf)) == {code}


def test_the_bulletins_own_picture_stands_above_the_newest_cover(shelf: Shelf, cover: Path) -> None:
    (shelf.folder / "own.jpg").write_bytes(cover.read_bytes() + b"\0")
    before = build(shelf)
    shelf.keep_bulletin(replace(shelf.bulletin(), cover="own.jpg"))
    assert build(shelf) != before
    assert codes(shelf, before) == {"picture-address"}


def test_a_document_type_is_refused_and_no_entity_is_read(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("bí mật")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    hostile = build(shelf).decode().replace("<rss ", f"{doctype}<rss ").replace("<ttl>60", "<ttl>&x;")
    problems = check(shelf, hostile.encode())
    assert "doctype" in {problem.code for problem in problems}
    assert "bí mật" not in str(problems)


def test_the_command_tells_every_fault_in_vietnamese_and_ends_with_1(shelf: Shelf) -> None:
    file = write(shelf)
    file.write_bytes(file.read_bytes().replace(b'length="10000"', b'length="1"'))
    with pytest.raises(AudiobookError, match="2 lỗi") as caught:
        refuse_faults(shelf)
    assert caught.value.exit_code == 1
    assert "2023-01: độ dài tệp âm thanh ghi 1 byte, thật là 10000" in str(caught.value)


def test_a_shelf_without_a_feed_is_told_how_to_get_one(shelf: Shelf) -> None:
    with pytest.raises(ShelfDamaged, match="audiobook feed write"):
        refuse_faults(shelf)


def test_the_commands_write_and_check_a_librarys_feed(shelf: Shelf) -> None:
    library = shelf.folder.parent
    (library / "audiobook.toml").touch()
    runner = CliRunner()
    assert runner.invoke(feed, ["write", "--library", str(library)]).exit_code == 0
    told = runner.invoke(feed, ["check", "-l", str(library)])
    assert (told.exit_code, told.output) == (0, "Nguồn podcast tốt: 2 số, không có lỗi.\n")


def test_shelving_an_issue_brings_it_into_the_feed(shelf: Shelf, put: Callable[..., Publication]) -> None:
    write(shelf)
    put(shelf, 3)
    after_shelving(shelf)
    assert (shelf.folder / "feed.xml").read_bytes().count(b"<item>") == 3
