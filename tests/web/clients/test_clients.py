"""The running site, subscribed to with real programs: what they list, download and show is what stands on the shelf."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import feedparser
import podcastparser
import pytest

from audiobook.model.publication import Publication

Gpo = Callable[..., str]


@pytest.fixture
def subscribed(office: Any, gpo: Gpo, tmp_path: Path) -> list[dict[str, Any]]:
    """The episodes that gPodder has after it subscribed and downloaded, newest first."""
    gpo("subscribe", f"{office.address}/feed.xml")
    gpo("update")
    gpo("download")
    with sqlite3.connect(tmp_path / "Database") as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM episode ORDER BY published DESC")]


def newest_first(office: Any) -> tuple[Publication, ...]:
    found: tuple[Publication, ...] = office.shelf.publications()
    return found


def test_gpodder_subscribes_and_lists_every_issue(office: Any, subscribed: list[dict[str, Any]]) -> None:
    publications = newest_first(office)
    assert [each["guid"] for each in subscribed] == [each.guid for each in publications]
    assert [each["total_time"] for each in subscribed] == [
        round(each.timeline.duration_ms / 1000) for each in publications
    ]
    assert "nhân tạo" in subscribed[0]["description_html"]


def test_gpodder_downloads_the_sound_whole(office: Any, subscribed: list[dict[str, Any]], tmp_path: Path) -> None:
    _, sound = office.sound()
    (file,) = (each for each in tmp_path.rglob(subscribed[0]["download_filename"]))
    assert file.read_bytes() == sound


def test_gpodder_shows_the_chapters_of_the_issue(office: Any, subscribed: list[dict[str, Any]]) -> None:
    shown = [(each["start"], each["title"]) for each in json.loads(subscribed[0]["chapters"])]
    chapters = newest_first(office)[0].timeline.chapters
    assert shown == [(cue.start_ms // 1000, " ".join(cue.title.split())) for cue in chapters]


def test_gpodder_takes_the_list_of_all_feeds(office: Any, gpo: Gpo) -> None:
    gpo("import", f"{office.address}/feeds.opml")
    listed = gpo("list")
    for path in ("feed.xml", "feed-articles.xml", "feed-latest.xml"):
        assert f"{office.address}/{path}" in listed


def test_gpodder_gets_each_article_by_itself(office: Any, gpo: Gpo, tmp_path: Path) -> None:
    gpo("subscribe", f"{office.address}/feed-articles.xml")
    with sqlite3.connect(tmp_path / "Database") as database:
        shown = database.execute("SELECT link FROM episode ORDER BY published DESC").fetchall()
    articles = [(each.issue.id, n) for each in newest_first(office) for n in range(1, len(each.issue.articles) + 1)]
    assert [link for (link,) in shown] == [f"{office.address}/so/{issue}/bai-{n}" for issue, n in articles]


def test_castero_reads_and_downloads_the_newest_issue(
    office: Any, castero: Callable[[str, Path], str], tmp_path: Path
) -> None:
    seen = json.loads(castero(f"{office.address}/feed.xml", tmp_path))
    address, sound = office.sound()
    assert seen["link"] == f"{office.address}/"
    assert seen["title"] == " ".join(office.shelf.bulletin().podcast.title.split())
    assert len(seen["episodes"]) == len(newest_first(office))
    assert seen["episodes"][0]["sound"] == address
    assert seen["size"] == len(sound)
    assert bytes.fromhex(seen["downloaded"]) == sound[:32]


@pytest.mark.parametrize("path", ["feed.xml", "feed-articles.xml", "feed-latest.xml"])
def test_the_parsers_that_apps_use_take_every_feed_as_it_is_served(office: Any, path: str) -> None:
    parsed = feedparser.parse(f"{office.address}/{path}")
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.status == 200
    with urlopen(f"{office.address}/{path}") as answer:
        shown = podcastparser.parse(f"{office.address}/{path}", answer)
    assert [each["guid"] for each in shown["episodes"]] == [entry.id for entry in parsed.entries]
    for episode in shown["episodes"]:
        (sound,) = episode["enclosures"]
        with urlopen(sound["url"]) as answer:
            assert len(answer.read()) == sound["file_size"]
