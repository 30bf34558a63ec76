"""What lies on the shelf for apps: three feeds, their archives, a list; the same bytes however they came about."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from audiobook.disk import store
from audiobook.library import Shelf
from audiobook.model.loudspeaker import ItemKind, Piece, Session, SessionItem, SessionPlan
from audiobook.model.publication import Edition, Publication
from feeds import paging, rss
from feeds.channel import Heading
from feeds.paging import pages
from feeds.podcasting import NAMESPACES
from feeds.refresh import facts_of, items_of
from feeds.rss import stored_documents, write
from feeds.stored import FILE
from feeds.text import item_texts, whole

Put = Callable[..., Publication]
BASE = "https://bantin.example.vn/anphu"


def parsed(shelf: Shelf, path: str) -> Any:
    return etree.parse(shelf.folder / path).find("channel")


def guids(shelf: Shelf, path: str) -> list[str]:
    return [item.findtext("guid") for item in parsed(shelf, path).iterfind("item")]


def documents(shelf: Shelf) -> dict[str, bytes]:
    return {path: (shelf.folder / path).read_bytes() for path in stored_documents(shelf)}


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "IN_THE_FEED", 6)
    monkeypatch.setattr(paging, "IN_AN_ARCHIVE", 2)


@pytest.fixture
def with_articles(shelf: Shelf, publication: Publication) -> Publication:
    """The issue of February, with a sound for each of its articles."""
    sounds = tuple(
        Edition(kind="mp3-article", file=f"{id_}.mp3", media_type="audio/mpeg", bytes=4_000, sha256=digit * 64, chapter=id_)
        for id_, digit in (("c01", "a"), ("c02", "b"))
    )  # fmt: skip
    made = replace(publication, editions=(*publication.editions, *sounds))
    return put_as_it_is(shelf, made)


def put_as_it_is(shelf: Shelf, publication: Publication) -> Publication:
    import msgspec

    store(shelf.folder / publication.issue.id / "publication.json", msgspec.json.encode(publication))
    return publication


def test_the_joined_feed_is_what_feedgen_writes_in_one_go(shelf: Shelf, with_articles: Publication) -> None:
    write(shelf)
    publications, picture = shelf.publications(), parsed(shelf, "feed.xml").find("itunes:image", NAMESPACES).get("href")
    for feed, title in (("feed.xml", ""), ("feed-articles.xml", "từng bài")):
        items = [
            item for each in publications for item in items_of(each, shelf.bulletin(), facts_of(each)).get(feed, ())
        ]
        heading = Heading(feed=feed, path=feed, title=title, changed=with_articles.published)
        assert whole(shelf.bulletin(), heading, items, picture=picture) == (shelf.folder / feed).read_bytes()


def test_issue_by_issue_or_all_at_once_gives_the_same_bytes(shelf: Shelf, put: Put, small_pages: None) -> None:
    for number in range(3, 12):
        put(shelf, number)
        write(shelf)
    step_by_step = documents(shelf)
    (shelf.folder / FILE).unlink()
    write(shelf)
    assert documents(shelf) == step_by_step
    assert len(step_by_step) > 5


def test_every_issue_stands_on_one_page_and_the_archives_can_be_walked(
    shelf: Shelf, put: Put, small_pages: None
) -> None:
    for number in range(3, 12):
        put(shelf, number)
    write(shelf)
    found, path = [], "feed.xml"
    while path:
        found += guids(shelf, path)
        channel = parsed(shelf, path)
        links = {link.get("rel"): link.get("href") for link in channel.findall("atom:link", NAMESPACES)}
        assert links["self"] == f"{BASE}/{path}"
        assert links.get("next") == links.get("prev-archive")
        is_archive = channel.find("{http://purl.org/syndication/history/1.0}archive") is not None
        assert is_archive == (path != "feed.xml")
        path = links.get("next", "").removeprefix(f"{BASE}/")
    assert found == [f"00000000-0000-5000-8000-{number:012}" for number in range(11, 0, -1)]


def test_a_full_archive_is_never_touched_again_though_each_issue_has_a_cover_of_its_own(
    shelf: Shelf, put: Put, small_pages: None
) -> None:
    before: dict[str, tuple[bytes, int]] = {}
    for number in range(3, 12):
        made = put(shelf, number)
        covers = (replace(each, sha256=f"{number:064}") if each.kind == "cover" else each for each in made.editions)
        put_as_it_is(shelf, replace(made, editions=tuple(covers)))
        write(shelf)
        for file in shelf.folder.glob("feed-page-*.xml"):
            now = (file.read_bytes(), file.stat().st_mtime_ns)
            assert before.setdefault(file.name, now) == now
    assert len(before) == 3


@given(count=st.integers(0, 2_000))
def test_pages_hold_everything_once_and_the_feed_itself_enough(count: int) -> None:
    found = list(pages("feed.xml", count))
    assert [page.path for page in found][-1] == "feed.xml"
    assert [each for page in found for each in range(page.start, page.end)] == list(range(count))
    assert len(range(found[-1].start, count)) <= 300
    assert len(range(found[-1].start, count)) > 200 or len(found) == 1


def test_each_article_is_an_item_of_its_own_in_reading_order(shelf: Shelf, with_articles: Publication) -> None:
    write(shelf)
    channel = parsed(shelf, "feed-articles.xml")
    first, second = channel.findall("item")
    assert channel.findtext("title") == "Bản tin Người cao tuổi – từng bài"
    assert (first.findtext("title"), second.findtext("title")) == (
        "Giữ ấm mùa lạnh",
        "Lớp học “điện thoại thông minh” & bà con",
    )
    assert first.find("enclosure").get("url") == f"{BASE}/m/{'a' * 64}.mp3"
    assert first.findtext("itunes:duration", namespaces=NAMESPACES) == "49"  # 12.480 to 61.056 s
    assert first.findtext("link") == f"{BASE}/so/2023-02/bai-1"
    assert "Kính chào bà con." in first.findtext("description")
    assert "Bài 1 trong số 2, ngày 15/02/2023." in first.findtext("description")
    assert first.findtext("pubDate") == "Wed, 15 Feb 2023 06:00:00 +0000"  # the newest is what a speaker plays
    assert second.findtext("pubDate") == "Wed, 15 Feb 2023 05:59:59 +0000"


def test_an_articles_guid_is_the_same_whatever_it_is_called(shelf: Shelf, with_articles: Publication) -> None:
    write(shelf)
    before = guids(shelf, "feed-articles.xml")
    chapters = tuple(replace(each, title=f"{each.title} (sửa)") for each in with_articles.issue.chapters)
    put_as_it_is(shelf, replace(with_articles, issue=replace(with_articles.issue, chapters=chapters)))
    bulletin = shelf.bulletin()
    shelf.keep_bulletin(replace(bulletin, podcast=replace(bulletin.podcast, title="Tên mới")))
    write(shelf)
    assert guids(shelf, "feed-articles.xml") == before
    assert len(set(before) | {with_articles.guid}) == 3


def test_without_sounds_of_single_articles_there_is_no_feed_of_them(shelf: Shelf) -> None:
    write(shelf)
    assert stored_documents(shelf) == ("feed-latest.xml", "feed.css", "feeds.opml", "feed.xml")


def test_the_feed_of_the_latest_issue_holds_that_one_alone(shelf: Shelf, put: Put) -> None:
    write(shelf)
    assert guids(shelf, "feed-latest.xml") == ["00000000-0000-5000-8000-000000000002"]
    put(shelf, 3)
    write(shelf)
    assert guids(shelf, "feed-latest.xml") == ["00000000-0000-5000-8000-000000000003"]


def test_no_two_feeds_say_that_they_are_the_same_podcast(shelf: Shelf, with_articles: Publication) -> None:
    write(shelf)
    said = [parsed(shelf, path).findtext("podcast:guid", namespaces=NAMESPACES) for path in rss.TITLES]
    assert len(set(said)) == 3
    assert said[0] == shelf.bulletin().podcast.guid


def test_the_list_names_every_feed(shelf: Shelf, with_articles: Publication) -> None:
    write(shelf)
    outlines = etree.parse(shelf.folder / "feeds.opml").findall("body/outline")
    assert [each.get("xmlUrl") for each in outlines] == [f"{BASE}/{path}" for path in rss.TITLES]
    assert outlines[1].get("text") == "Bản tin Người cao tuổi – từng bài"
    assert {each.get("type") for each in outlines} == {"rss"}


def test_an_issue_that_is_gone_from_the_shelf_is_gone_from_the_feed(shelf: Shelf) -> None:
    write(shelf)
    shutil.rmtree(shelf.folder / "2023-01")
    write(shelf)
    assert guids(shelf, "feed.xml") == ["00000000-0000-5000-8000-000000000002"]


@pytest.mark.parametrize("damage", [b"", b"not a database at all, " * 100])
def test_a_damaged_store_of_items_is_made_anew(shelf: Shelf, damage: bytes) -> None:
    write(shelf)
    before = documents(shelf)
    (shelf.folder / FILE).write_bytes(damage)
    write(shelf)
    assert documents(shelf) == before


def test_a_feed_that_somebody_wrote_over_is_written_again(shelf: Shelf) -> None:
    file = write(shelf)
    good = file.read_bytes()
    file.write_bytes(b"<rss/>")
    assert write(shelf).read_bytes() == good


def test_only_what_changed_is_written_by_feedgen_again(shelf: Shelf, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counted(bulletin: Any, items: Any) -> list[bytes]:
        made.extend(item.guid[-1] for item in items)
        return item_texts(bulletin, items)

    monkeypatch.setattr("feeds.refresh.item_texts", counted)
    write(shelf)
    assert sorted(made) == ["1", "2"]
    put(shelf, 3)
    write(shelf)
    write(shelf)
    assert sorted(made) == ["1", "2", "3"]


def test_no_two_articles_are_dated_alike_even_where_issues_follow_within_seconds(
    shelf: Shelf, with_articles: Publication
) -> None:
    soon = replace(
        with_articles,
        guid="00000000-0000-5000-8000-000000000009",
        issue=replace(with_articles.issue, id="2023-09"),
        published=with_articles.published + timedelta(seconds=1),
    )
    put_as_it_is(shelf, soon)
    write(shelf)
    dates = re.findall(rb"<pubDate>(.*?)</pubDate>", (shelf.folder / "feed-articles.xml").read_bytes())
    assert len(dates) == len(set(dates)) == 4


def test_every_sound_is_offered_with_its_size_and_a_hash(shelf: Shelf, publication: Publication) -> None:
    kinds = (("opus-low", "audio/ogg", "c"), ("mp3-low", "audio/mpeg", "d"), ("loudspeaker-mp3", "audio/mpeg", "e"))
    others = tuple(
        Edition(kind=kind, file=f"{kind}.x", media_type=media_type, bytes=375_120, sha256=digit * 64)
        for kind, media_type, digit in kinds
    )
    put_as_it_is(shelf, replace(publication, editions=(*publication.editions, *others)))
    write(shelf)
    found = parsed(shelf, "feed.xml").find("item").findall("podcast:alternateEnclosure", NAMESPACES)
    assert [each.get("title") for each in found] == [
        "Bản thường",
        "Tiết kiệm dữ liệu (Opus)",
        "Tiết kiệm dữ liệu (MP3)",
        "Cho loa truyền thanh",
    ]
    opus = found[1]
    assert (opus.get("type"), opus.get("length"), opus.get("bitrate")) == ("audio/ogg", "375120", "24000")
    assert opus.find("podcast:source", NAMESPACES).get("uri") == f"{BASE}/m/{'c' * 64}.x"
    integrity = opus.find("podcast:integrity", NAMESPACES)
    assert (integrity.get("type"), integrity.get("value")) == ("sri", "sha256-" + "zMzM" * 10 + "zMw=")
    assert [each.get("default") for each in found] == ["true", None, None, None]


def test_place_and_frequency_are_told_where_they_are_set(shelf: Shelf) -> None:
    bulletin = shelf.bulletin()
    podcast = replace(
        bulletin.podcast, frequency="hằng tháng", location="Huyện An Phú, An Giang", location_geo="10.81,105.09",
        hub="https://hub.example.vn/",
    )  # fmt: skip
    shelf.keep_bulletin(replace(bulletin, podcast=podcast))
    write(shelf)
    channel = parsed(shelf, "feed.xml")
    place, rhythm = (channel.find(f"podcast:{name}", NAMESPACES) for name in ("location", "updateFrequency"))
    assert (place.text, place.get("geo"), place.get("country")) == ("Huyện An Phú, An Giang", "geo:10.81,105.09", "VN")
    assert (rhythm.text, rhythm.get("rrule")) == ("Hằng tháng", "FREQ=MONTHLY")
    hubs = [each.get("href") for each in channel.findall("atom:link", NAMESPACES) if each.get("rel") == "hub"]
    assert hubs == ["https://hub.example.vn/"]


def test_on_a_disk_that_may_only_be_read_the_feed_is_looked_at_and_left(shelf: Shelf, tmp_path: Path) -> None:
    write(shelf)
    before = documents(shelf)
    (shelf.folder / FILE).unlink()
    (shelf.folder / FILE).mkdir()  # nothing can be opened there
    write(shelf)
    assert documents(shelf) == before


def test_an_empty_feed_is_dated_and_never_now(tmp_path: Path, shelf: Shelf) -> None:
    empty = Shelf(tmp_path / "empty")
    empty.keep_bulletin(shelf.bulletin())
    assert b"<lastBuildDate>Sat, 01 Jan 2000 00:00:00 +0000" in write(empty).read_bytes()


def test_the_latest_feed_holds_the_sessions_for_the_loudspeaker_where_they_were_made(
    shelf: Shelf, publication: Publication
) -> None:
    pieces = [Piece(kind=ItemKind.GREETING, title="Lời chào", duration_ms=9_500)]
    pieces += [Piece(kind=ItemKind.ARTICLE, title=f"Bài {n}", duration_ms=60_000, chapter=f"c0{n}") for n in (1, 2)]
    sessions = tuple(
        Session(
            number=number,
            items=(
                SessionItem(piece=pieces[0], file="01CHAO.MP3", start_ms=0, end_ms=9_500),
                SessionItem(piece=pieces[number], file="02BAI.MP3", start_ms=9_500, end_ms=69_500),
            ),
        )
        for number in (1, 2)
    )
    plan = SessionPlan(slot_minutes=15, sessions=sessions)
    sounds = tuple(
        Edition(
            kind="loudspeaker-mp3", file="x.mp3", media_type="audio/mpeg", bytes=9, sha256=d * 64, part=plan.part(each)
        )
        for each, d in zip(sessions, "cd", strict=True)
    )
    put_as_it_is(shelf, replace(publication, editions=(*publication.editions, *sounds), loudspeaker=(plan,)))
    write(shelf)
    first, second = parsed(shelf, "feed-latest.xml").findall("item")
    assert (first.findtext("title"), second.findtext("title")) == (
        "Sống vui, sống khỏe – buổi 1",
        "Sống vui, sống khỏe – buổi 2",
    )
    assert first.find("enclosure").get("url") == f"{BASE}/m/{'c' * 64}.mp3"
    assert first.findtext("itunes:duration", namespaces=NAMESPACES) in ("69", "70")
    assert "<li>00:09 Bài 1</li>" in first.findtext("description")
    assert [each.get("start") for each in first.iterfind("psc:chapters/psc:chapter", NAMESPACES)] == [
        "00:00:00.000",
        "00:00:09.500",
    ]
    assert len({first.findtext("guid"), second.findtext("guid"), publication.guid}) == 3


def test_the_feeds_are_the_golden_ones(shelf: Shelf, with_articles: Publication, golden: Any) -> None:
    write(shelf)
    picture = with_articles.edition("cover")
    assert picture
    for name in ("feed-articles.xml", "feed-latest.xml", "feeds.opml"):
        golden(name, (shelf.folder / name).read_bytes().replace(picture.sha256.encode(), b"COVER"))


def test_what_is_stored_is_what_would_be_built_anew(shelf: Shelf, with_articles: Publication) -> None:
    write(shelf)
    assert rss.build(shelf) == documents(shelf)
    (shelf.folder / "feed-articles.xml").write_bytes(b"<rss/>")
    assert rss.build(shelf) != documents(shelf)
