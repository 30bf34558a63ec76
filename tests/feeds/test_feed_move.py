"""Moving house: listeners are led to the new address, and nothing that identifies an item or the show is touched."""

import http.server
import threading
import tomllib
import urllib.parse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from audiobook import settings
from audiobook.addresses import media_path
from audiobook.errors import HubRefused, SettingsError
from audiobook.library import Library, Shelf
from audiobook.model.publication import Publisher
from feeds.commands import feed
from feeds.move import move, settle
from feeds.podcasting import NAMESPACES
from feeds.rss import write
from feeds.websub import ping
from web.app import create_app

OLD, NEW = "https://bantin.example.vn/anphu", "https://moi.example.vn"


@pytest.fixture
def library(shelf: Shelf) -> Library:
    """The shelf, in a library whose settings say what the shelf says."""
    folder = shelf.folder.parent
    publisher = Publisher(name="Hội", licence_number="12", supplier="Tiếng Nói")
    settings.write_new(folder, publisher=publisher, title="Bản tin", description="", base_url=OLD)
    write(shelf)
    return Library.at(folder)


def seen(library: Library) -> tuple[list[str], str | None, str | None]:
    """What an app sees: the guids of items and show, and where it is told to go."""
    channel = etree.parse(library.shelf.folder / "feed.xml").find("channel")
    guids = [each.text for each in channel.iterfind("item/guid")]
    guid = channel.findtext("podcast:guid", namespaces=NAMESPACES)
    return guids, guid, channel.findtext("itunes:new-feed-url", namespaces=NAMESPACES)


def test_a_move_tells_apps_where_to_go_and_changes_no_identity(library: Library) -> None:
    guids, guid, told = seen(library)
    assert told is None
    site = move(library, f"{NEW}/feed.xml")
    assert (site.base_url, site.previous_urls) == (NEW, (OLD,))
    assert seen(library) == (guids, guid, f"{NEW}/feed.xml")
    assert OLD not in (library.shelf.folder / "feed.xml").read_text("utf-8")
    settle(library)
    assert seen(library) == (guids, guid, None)
    assert settings.load(library.settings_file).site.previous_urls == (OLD,)


def test_the_settings_keep_their_words_and_all_else(library: Library) -> None:
    before = library.settings_file.read_text("utf-8")
    move(library, NEW)
    after = library.settings_file.read_text("utf-8")
    gone, come = set(before.splitlines()) - set(after.splitlines()), set(after.splitlines()) - set(before.splitlines())
    assert len(gone) == 1
    assert len(come) == 3
    assert "# địa chỉ công khai" in next(each for each in come if each.startswith("base_url"))
    tables = tomllib.loads(after)
    assert tables["podcast"] == tomllib.loads(before)["podcast"]


def test_moving_twice_and_back_again_remembers_every_place_but_the_present_one(library: Library) -> None:
    move(library, NEW)
    move(library, "https://ba.example.vn")
    assert move(library, OLD).previous_urls == (NEW, "https://ba.example.vn")


@pytest.mark.parametrize("address", ["moi.example.vn", "https://bản-tin.vn", OLD, f"{OLD}/"])
def test_what_is_no_new_address_is_refused_and_nothing_changes(library: Library, address: str) -> None:
    before = library.settings_file.read_bytes()
    with pytest.raises(SettingsError):
        move(library, address)
    assert library.settings_file.read_bytes() == before


def test_settings_that_no_program_can_edit_are_left_and_the_lines_are_told(library: Library) -> None:
    text = library.settings_file.read_text("utf-8")
    line = next(each for each in text.splitlines() if each.startswith("base_url"))
    text = text.replace("[site]", "").replace(line, "")
    library.settings_file.write_text(f'site.base_url = "{OLD}"\n{text}', encoding="utf-8")
    before = library.settings_file.read_bytes()
    with pytest.raises(SettingsError, match=r'base_url = "https://moi\.example\.vn"; previous_urls'):
        move(library, NEW)
    assert library.settings_file.read_bytes() == before


def test_the_command_moves_and_ends_the_move(library: Library) -> None:
    run = CliRunner()
    told = run.invoke(feed, ["move", NEW, "-l", str(library.folder)])
    assert told.exit_code == 0, told.output
    assert OLD in told.output
    assert run.invoke(feed, ["move", "--done", "-l", str(library.folder)]).exit_code == 0
    assert run.invoke(feed, ["move", "-l", str(library.folder)]).exit_code == 2


@pytest.mark.parametrize(
    ("host", "path", "target"),
    [
        ("bantin.example.vn", "/anphu/feed.xml", f"{NEW}/feed.xml"),
        ("BANTIN.example.vn", "/anphu/so/2023-01?t=12", f"{NEW}/so/2023-01?t=12"),
        ("bantin.example.vn", "/anphu", f"{NEW}/"),
        ("bantin.example.vn", "/anphu//evil.example/x", f"{NEW}/evil.example/x"),
    ],
)
def test_the_server_sends_on_who_asks_at_the_old_address(library: Library, host: str, path: str, target: str) -> None:
    move(library, NEW)
    answer = create_app(library.shelf).test_client().get(path, headers={"Host": host})
    assert (answer.status_code, answer.headers["Location"]) == (301, target)


def test_sound_asked_for_at_an_old_address_in_figures_is_sent_on_too(library: Library) -> None:
    move(library, "http://192.168.1.20:8000")
    move(library, NEW)
    path = media_path(library.shelf.publications()[0].editions[0])
    client = create_app(library.shelf).test_client()
    assert client.get(f"/{path}", headers={"Host": "moi.example.vn"}).status_code == 200
    answer = client.get(f"/{path}", headers={"Host": "192.168.1.20:8000"})
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{NEW}/{path}")


def test_who_asks_at_the_new_address_is_served(library: Library) -> None:
    move(library, NEW)
    client = create_app(library.shelf).test_client()
    assert client.get("/feed.xml", headers={"Host": "moi.example.vn"}).status_code == 200
    assert client.get("/feed.xml", headers={"Host": "evil.example"}).status_code == 421


@pytest.fixture
def hub() -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    asked: list[dict[str, list[str]]] = []

    class Hub(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(204 if self.path == "/" else 503)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    thread.join()
    server.server_close()


def with_hub(shelf: Shelf, address: str) -> Shelf:
    bulletin = shelf.bulletin()
    shelf.keep_bulletin(replace(bulletin, podcast=replace(bulletin.podcast, hub=address)))
    write(shelf)
    return shelf


def test_a_hub_is_told_of_every_feed(shelf: Shelf, hub: tuple[str, list[dict[str, list[str]]]]) -> None:
    address, asked = hub
    assert ping(with_hub(shelf, address)) == 2
    assert [each["hub.url"] for each in asked] == [[f"{OLD}/feed.xml"], [f"{OLD}/feed-latest.xml"]]
    assert {tuple(each["hub.mode"]) for each in asked} == {("publish",)}


def test_without_a_hub_nobody_is_told(shelf: Shelf) -> None:
    write(shelf)
    assert ping(shelf) == 0


def test_a_hub_that_refuses_or_is_gone_is_named(shelf: Shelf, hub: tuple[str, list[dict[str, list[str]]]]) -> None:
    with pytest.raises(HubRefused, match="503"):
        ping(with_hub(shelf, f"{hub[0]}busy"))
    with pytest.raises(HubRefused, match="audiobook feed ping"):
        ping(with_hub(shelf, "http://127.0.0.1:9/"))


def test_a_library_without_issues_can_move_too(tmp_path: Path) -> None:
    folder = tmp_path / "moi"
    folder.mkdir()
    settings.write_new(
        folder,
        publisher=Publisher(name="Hội", licence_number="1", supplier="T"),
        title="B",
        description="",
        base_url=OLD,
    )
    assert move(Library.at(folder), NEW).base_url == NEW
