"""The pre-flight: a good feed passes, and each fault is found by its own code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from audiobook.editions.id3 import Tag, tag
from audiobook.errors import FeedFaulty, ShelfDamaged
from audiobook.library import Shelf
from audiobook.model.publication import Publication
from feeds import paging
from feeds.check import check, refuse_faults, stored_problems
from feeds.commands import after_shelving, feed
from feeds.rss import write


def build(shelf: Shelf) -> bytes:
    return write(shelf).read_bytes()


def codes(shelf: Shelf, made: bytes, *, now: datetime | None = None) -> set[str]:
    return {problem.code for problem in check(shelf, {"feed.xml": made}, now=now)}


def test_the_feed_that_we_write_has_no_fault(shelf: Shelf) -> None:
    build(shelf)
    assert tuple(stored_problems(shelf)) == ()
    write(shelf)
    assert refuse_faults(shelf) == 2


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [
        ('length="10000"', 'length="9999"', "enclosure-length"),
        (".mp3", ".ogg", "enclosure-address"),
        (".mp3", ".ogg", "enclosure-missing"),
        ("<p>Mùa lạnh", "<p>Mu\u0300a lạnh", "text-form"),
        ("<p>Mùa lạnh", "<p>Mùa <b>lạnh</b>", "description-html"),
        ("<p>Mùa lạnh", "<p>Mùa & lạnh", "description-html"),
        ('title="Giữ ấm mùa lạnh"/>', 'title="Giữ ấm"/>', "chapters-psc"),
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
    problems = check(shelf, {"feed.xml": hostile.encode()})
    assert "doctype" in {problem.code for problem in problems}
    assert "bí mật" not in str(problems)


def test_the_command_tells_every_fault_in_vietnamese_and_ends_with_its_code(shelf: Shelf) -> None:
    file = write(shelf)
    file.write_bytes(file.read_bytes().replace(b'length="10000"', b'length="1"'))
    with pytest.raises(FeedFaulty, match="2 lỗi") as caught:
        refuse_faults(shelf)
    assert caught.value.exit_code == 56
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


def rewrite(shelf: Shelf, publication: Publication, kind: str, *change: str) -> None:
    edition = publication.edition(kind)
    assert edition
    file = shelf.file(publication, edition)
    text = file.read_text("utf-8")
    assert change[0] in text
    file.write_text(text.replace(*change), encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "good", "bad", "code"),
    [
        ("vtt", "WEBVTT", "1", "vtt"),
        ("vtt", "NOTE chapter 00:00:12.480", "NOTE chapter 00:00:12.481", "chapters-vtt"),
        ("vtt", "00:00:13.480 -->", "00:00:13,480 -->", "vtt-time"),
        ("vtt", "00:00:13.480 -->", "00:09:13.480 -->", "vtt-time"),
        ("vtt", "bà con", "bà con" * 12, "vtt-line"),
        ("srt", "bà con", "bà con: đây", "srt-colon"),
        ("srt", "00:00:13,480 -->", "00:00:13 -->", "srt-time"),
        ("chapters-json", "12.48", "12.49", "chapters-json"),
    ],
)
def test_a_fault_in_a_file_beside_the_sound_is_found(
    shelf: Shelf, publication: Publication, kind: str, good: str, bad: str, code: str
) -> None:
    rewrite(shelf, publication, kind, good, bad)
    assert codes(shelf, build(shelf)) == {code}


def test_chapters_in_the_sounds_tag_that_stand_in_another_order_are_found(
    shelf: Shelf, publication: Publication
) -> None:
    sound = publication.edition("mp3")
    assert sound
    file = shelf.file(publication, sound)
    for order, found in ((1, set()), (-1, {"chapters-id3"})):
        wanted = Tag(
            title="a",
            album="b",
            publisher="c",
            date=publication.issue.date,
            chapters=publication.timeline.chapters[::order],
        )
        padded = tag(wanted).ljust(sound.bytes, b"\0")
        assert len(padded) == sound.bytes
        file.write_bytes(padded)
        assert codes(shelf, build(shelf)) == found


def test_an_archive_is_looked_at_as_the_feed_is(
    shelf: Shelf, put: Callable[..., Publication], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "IN_THE_FEED", 1)
    monkeypatch.setattr(paging, "IN_AN_ARCHIVE", 1)
    put(shelf, 3)
    write(shelf)
    assert refuse_faults(shelf) == 3
    archive = shelf.folder / "feed-page-1.xml"
    archive.write_bytes(archive.read_bytes().replace(b'length="10000"', b'length="1"'))
    assert {problem.code for problem in stored_problems(shelf)} == {"enclosure-length"}
    archive.unlink()
    assert {problem.code for problem in stored_problems(shelf)} == {"item-missing"}


def test_the_other_feeds_are_looked_at_too(shelf: Shelf) -> None:
    write(shelf)
    latest = shelf.folder / "feed-latest.xml"
    latest.write_bytes(latest.read_bytes().replace(b"feed-latest.xml", b"feed.xml"))
    assert {problem.code for problem in stored_problems(shelf)} == {"self-link"}


def test_a_guid_that_was_published_may_never_become_another(shelf: Shelf, put: Callable[..., Publication]) -> None:
    write(shelf)
    refuse_faults(shelf)
    put(shelf, 2, guid="00000000-0000-5000-8000-000000000077")
    write(shelf)
    with pytest.raises(FeedFaulty, match="guid-changed"):
        refuse_faults(shelf)
    put(shelf, 2)
    bulletin = shelf.bulletin()
    other = replace(bulletin.podcast, guid="9b024349-ccf0-5f69-a609-6b82873eab3c")
    shelf.keep_bulletin(replace(bulletin, podcast=other))
    write(shelf)
    with pytest.raises(FeedFaulty, match="podcast-guid"):
        refuse_faults(shelf)


def test_a_ledger_of_guids_that_cannot_be_read_is_named(shelf: Shelf) -> None:
    write(shelf)
    (shelf.folder / "guids.json").write_text("{")
    with pytest.raises(ShelfDamaged, match=r"guids\.json"):
        refuse_faults(shelf)
