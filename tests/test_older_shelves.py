"""A shelf that an older version wrote is read, served and published; one of a newer version is left alone.

tests/samples/shelf-0.1.0 is what 0.1.0 wrote, without its editions' files.
"""

import json
import shutil
from pathlib import Path

import feedparser
import pytest

from audiobook.errors import ShelfNewer
from audiobook.library import Shelf
from feeds.rss import write
from web.app import create_app
from web.export import export

SAMPLE = Path(__file__).parent / "samples" / "shelf-0.1.0"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """The old catalogue, with stand-ins of the right size for its files."""
    shutil.copytree(SAMPLE, tmp_path / "shelf")
    shelf = Shelf(tmp_path / "shelf")
    publication = shelf.publication("2023-03")
    for edition in publication.editions:
        shelf.file(publication, edition).write_bytes(bytes(edition.bytes))
    return shelf


def test_an_old_shelf_is_read_whole(shelf: Shelf) -> None:
    (publication,) = shelf.publications()
    assert shelf.is_whole(publication)
    assert [chapter.title for chapter in publication.issue.articles] == ["Giữ ấm", "Thơ"]
    assert publication.timeline.duration_ms > 10_000
    assert shelf.bulletin().podcast.guid


def test_an_old_shelf_gives_a_feed_with_its_issue(shelf: Shelf) -> None:
    (entry,) = feedparser.parse(write(shelf).read_bytes()).entries
    sound = shelf.publication("2023-03").edition("mp3")
    assert sound
    assert entry.enclosures[0].href.endswith(f"/m/{sound.sha256}.mp3")
    assert entry.id == shelf.publication("2023-03").guid


def test_an_old_shelf_is_served_and_exported(shelf: Shelf, tmp_path: Path) -> None:
    write(shelf)
    site = create_app(shelf).test_client()
    for path in ("/", "/so/2023-03", "/so/2023-03/bai-1", "/feed.xml", "/healthz"):
        assert site.get(path).status_code == 200, path
    assert export(shelf, tmp_path / "site") > 15
    assert (tmp_path / "site" / "so" / "2023-03" / "index.html").is_file()


def test_what_a_newer_program_wrote_is_neither_read_nor_written_over(shelf: Shelf) -> None:
    bulletin, file = shelf.bulletin(), shelf.folder / "bulletin.json"
    newer = json.loads(file.read_bytes()) | {"format": 99, "something": "new"}
    file.write_text(json.dumps(newer), encoding="utf-8")
    for use in (shelf.bulletin, lambda: shelf.keep_bulletin(bulletin)):
        with pytest.raises(ShelfNewer, match="Cập nhật chương trình"):
            use()
    assert json.loads(file.read_bytes()) == newer
