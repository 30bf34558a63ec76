"""What podcast apps understand of the feed, asked of the parsers that they use."""

import io
from datetime import UTC, datetime
from typing import Any

import feedparser
import podcastparser
import pytest
from lxml import etree

from audiobook.library import Shelf
from audiobook.model.publication import Publication
from feeds.podcasting import NAMESPACES
from feeds.rss import write

BASE = "https://bantin.example.vn/anphu"


def build(shelf: Shelf) -> bytes:
    return write(shelf).read_bytes()


@pytest.fixture
def by_podcastparser(shelf: Shelf) -> Any:
    return podcastparser.parse(f"{BASE}/feed.xml", io.BytesIO(build(shelf)))


@pytest.fixture
def by_feedparser(shelf: Shelf) -> Any:
    parsed = feedparser.parse(build(shelf))
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


@pytest.fixture
def channel(shelf: Shelf) -> Any:
    return etree.fromstring(build(shelf)).find("channel")


def address(publication: Publication, kind: str, suffix: str) -> str:
    edition = publication.edition(kind)
    assert edition
    return f"{BASE}/m/{edition.sha256}{suffix}"


def test_podcastparser_sees_the_show(by_podcastparser: Any) -> None:
    assert by_podcastparser["title"] == "Bản tin Người cao tuổi"
    assert by_podcastparser["link"] == f"{BASE}/"
    assert by_podcastparser["language"] == "vi"
    assert by_podcastparser["explicit"] is False
    assert by_podcastparser["itunes_author"] == "Hội Người cao tuổi huyện An Phú"
    assert by_podcastparser["itunes_owner"]["email"] == "bantin@anphu.example.vn"
    assert by_podcastparser["itunes_categories"] == [["Government"]]
    assert by_podcastparser["cover_url"].startswith(f"{BASE}/m/")
    assert "nhân tạo" in by_podcastparser["description"]


def test_podcastparser_sees_the_newest_issue_first(by_podcastparser: Any, publication: Publication) -> None:
    newest, older = by_podcastparser["episodes"]
    assert (newest["number"], older["number"]) == (2, 1)
    assert newest["title"] == "Sống vui, sống khỏe"
    assert newest["guid"] == publication.guid
    assert newest["link"] == f"{BASE}/so/2023-02"
    assert newest["published"] == datetime(2023, 2, 15, 6, tzinfo=UTC).timestamp()
    assert newest["total_time"] == 125


def test_podcastparser_sees_the_sound_with_its_true_length(by_podcastparser: Any, publication: Publication) -> None:
    (enclosure,) = by_podcastparser["episodes"][0]["enclosures"]
    sound = publication.edition("mp3")
    assert sound
    assert enclosure["url"] == address(publication, "mp3", ".mp3")
    assert enclosure["file_size"] == sound.bytes
    assert enclosure["mime_type"] == "audio/mpeg"


def test_podcastparser_sees_every_chapter_to_its_whole_second(by_podcastparser: Any, publication: Publication) -> None:
    seen = [(chapter["start"], chapter["title"]) for chapter in by_podcastparser["episodes"][0]["chapters"]]
    assert seen == [(cue.start_ms // 1000, cue.title) for cue in publication.timeline.chapters]


def test_chapters_stand_in_the_item_to_the_millisecond_and_in_a_file(channel: Any, publication: Publication) -> None:
    item = channel.find("item")
    seen = [chapter.get("start") for chapter in item.findall("psc:chapters/psc:chapter", NAMESPACES)]
    assert seen == ["00:00:00.000", "00:00:12.480", "00:01:01.056", "00:01:58.992"]
    assert dict(item.find("podcast:chapters", NAMESPACES).attrib) == {
        "url": address(publication, "chapters-json", ".json"),
        "type": "application/json+chapters",
    }


def test_feedparser_sees_the_show(by_feedparser: Any) -> None:
    assert by_feedparser.feed.title == "Bản tin Người cao tuổi"
    assert by_feedparser.feed.link == f"{BASE}/"
    assert by_feedparser.feed.updated == "Wed, 15 Feb 2023 06:00:00 +0000"
    assert [link.href for link in by_feedparser.feed.links if link.rel == "self"] == [f"{BASE}/feed.xml"]


def test_feedparser_sees_the_issue(by_feedparser: Any, publication: Publication) -> None:
    entry = by_feedparser.entries[0]
    assert entry.id == publication.guid
    assert not entry.guidislink
    assert entry.enclosures[0].href == address(publication, "mp3", ".mp3")
    assert entry.itunes_duration == "125"
    assert (entry.itunes_season, entry.itunes_episode, entry.itunes_episodetype) == ("2023", "2", "full")
    assert "Giữ ấm mùa lạnh" in entry.summary


def test_the_transcript_comes_in_four_forms(channel: Any, publication: Publication) -> None:
    found = channel.find("item").findall("podcast:transcript", NAMESPACES)
    assert [dict(each.attrib) for each in found] == [
        {"url": address(publication, "vtt", ".vtt"), "type": "text/vtt", "language": "vi", "rel": "captions"},
        {
            "url": address(publication, "srt", ".srt"),
            "type": "application/x-subrip",
            "language": "vi",
            "rel": "captions",
        },
        {
            "url": address(publication, "transcript-json", ".json"),
            "type": "application/json",
            "language": "vi",
            "rel": "captions",
        },
        {"url": address(publication, "transcript-html", ".html"), "type": "text/html", "language": "vi"},
    ]


def test_apps_are_told_that_the_voice_is_artificial(channel: Any) -> None:
    for place in (channel, *channel.findall("item")):
        (told,) = place.findall("podcast:txt[@purpose='ai-content']", NAMESPACES)
        assert told.text == "true"
        assert "giọng nhân tạo" in place.findtext("description")
    assert channel.findtext("item/podcast:person", namespaces=NAMESPACES) == "Giọng Bắc (giọng nhân tạo)"


def test_the_description_names_contents_publisher_and_licence(channel: Any) -> None:
    said = channel.findtext("item/description")
    assert "<li>00:12 Giữ ấm mùa lạnh</li>" in said
    assert "<li>01:01 Lớp học “điện thoại thông minh” &amp; bà con</li>" in said
    assert "Giấy phép xuất bản số 12/GP-STTTT." in said
    assert "Đơn vị cung ứng: Công ty Tiếng Nói." in said


def test_the_channel_has_what_must_stand_there_and_not_what_must_not(channel: Any) -> None:
    assert channel.findtext("podcast:guid", namespaces=NAMESPACES) == "2f3c9a52-6f52-5b0c-9c9d-6a4f0b1de001"
    assert channel.findtext("podcast:license", namespaces=NAMESPACES) == "cc-by-4.0"
    assert channel.findtext("itunes:explicit", namespaces=NAMESPACES) == "false"
    assert len(channel.findall("link")) == 1
    assert channel.find("podcast:transcript", NAMESPACES) is None
    assert channel.find("atom:link[@rel='alternate']", NAMESPACES) is None


def test_only_the_usual_prefixes_are_used(shelf: Shelf) -> None:
    root = etree.fromstring(build(shelf))
    assert set(root.nsmap) == {"itunes", "podcast", "psc", "atom", "content"}
    assert build(shelf).startswith(
        b"<?xml version='1.0' encoding='UTF-8'?>\n<?xml-stylesheet type=\"text/css\" href=\"feed.css\"?>\n<rss "
    )


def test_the_feed_is_the_golden_one(shelf: Shelf, golden: Any) -> None:
    picture = shelf.publication("2023-01").edition("cover")
    assert picture
    golden("feed.xml", build(shelf).replace(picture.sha256.encode(), b"COVER"))  # Pillow's bytes are not ours


def test_the_same_shelf_gives_the_same_bytes_and_leaves_the_file_alone(shelf: Shelf) -> None:
    file = write(shelf)
    before = file.stat()
    assert write(shelf).stat().st_ino == before.st_ino
    assert write(shelf).stat().st_mtime_ns == before.st_mtime_ns
    assert file.read_bytes() == build(shelf)
