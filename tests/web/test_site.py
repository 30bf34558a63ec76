"""The site over HTTP: every page is there, escapes what an editor wrote, and is sent as browsers want it."""

import gzip
import http.client
import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser

from audiobook import errors
from web.export import export

HOSTILE = "<script>alert(1)</script>"
PAGES = ("", "cach-nghe", "gioi-thieu", "tro-nang", "so/2023-01", "so/2023-01/bai-1", "so/2023-01/mo-dau", "so/2022-12")


class Page(HTMLParser):
    """What a page has: elements with their attributes, and ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def links(self) -> set[str]:
        found = {each.get("href") or each.get("src") for _, each in self.elements}
        return {link for link in found if link and not link.startswith(("tel:", "mailto:", "https://button-share"))}


def get(address: str, method: str = "GET", **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=named, method=method)) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def page(office, path: str) -> str:
    return get(f"{office.address}/{path}")[2].decode()


def test_every_page_is_there_and_every_link_on_it_answers(office) -> None:
    links = {urljoin(f"{office.address}/{path}", link) for path in PAGES for link in Page(page(office, path)).links}
    local = {link for link in links if urlsplit(link).netloc == urlsplit(office.address).netloc}
    assert len(local) > 20
    for link in local:
        assert get(link, "HEAD")[0] == 200, link


def test_nothing_on_a_page_comes_from_another_host(office) -> None:
    for path in PAGES:
        for tag in ("script", "link", "img", "audio", "iframe", "source"):
            for element in Page(page(office, path)).all(tag):
                address = element.get("src") or element.get("href") or ""
                assert urlsplit(address).netloc in ("", urlsplit(office.address).netloc), element


@pytest.mark.parametrize("path", [*PAGES, "khong-co"])
def test_what_an_editor_wrote_is_text_and_never_markup(office, path: str) -> None:
    text = page(office, path)
    assert HOSTILE not in text
    scripts = [(each.get("src"), each.get("type")) for each in Page(text).all("script")]
    assert all(source or kind in ("application/json", "application/ld+json") for source, kind in scripts)
    assert not [each for _, each in Page(text).elements if any(name.startswith("on") for name in each)]
    assert "<b>Bình Minh" not in text


def test_the_words_with_signs_are_shown_as_they_were_written(office) -> None:
    text = page(office, "so/2023-01")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert f'Bếp lửa "{HOSTILE}"' in [each.get("alt") for each in Page(text).all("img")]


@pytest.mark.parametrize("path", [*PAGES, "khong-co"])
def test_a_page_has_one_main_heading_a_language_and_no_id_twice(office, path: str) -> None:
    shown = Page(page(office, path))
    assert shown.all("html") == [{"lang": "vi"}]
    assert len(shown.all("h1")) == 1
    ids = [each["id"] for _, each in shown.elements if "id" in each]
    assert len(ids) == len(set(ids))
    assert all("alt" in image for image in shown.all("img"))


def test_the_newest_issue_comes_first(office) -> None:
    text = page(office, "")
    assert text.index("số 1, tháng 1 năm 2023") < text.index("số 12, tháng 12 năm 2022")


def test_addresses_come_from_the_settings_and_never_from_the_host_header(office) -> None:
    for path in ("so/2023-01", "so/2023-01/", "//evil.example/so", "khong-co"):
        status, headers, body = get(f"{office.address}/{path}", Host="evil.example")
        assert b"//evil.example" not in body, path
        assert "evil.example" not in headers.get("Location", ""), (path, status)


def test_a_page_with_a_stroke_too_many_is_found(office) -> None:
    connection = http.client.HTTPConnection(urlsplit(office.address).netloc)
    connection.request("GET", "/so/2023-01/")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Location")) == (308, "/so/2023-01")
    connection.close()


@pytest.mark.parametrize(
    "path", ["khong-co", "so/2099-01", "so/2023-01/bai-99", "m/0.mp3", "static/player.js", "..%2f.."]
)
def test_what_is_not_there_is_said_kindly(office, path: str) -> None:
    status, headers, body = get(f"{office.address}/{path}")
    assert status == 404
    assert headers["Content-Type"].startswith("text/html")
    assert "Không có trang này" in body.decode()


@pytest.mark.parametrize(
    "path", ["%2e%2e/bulletin.json", "m/..%2fbulletin.json", "static/..%2f..%2fapp.py", "m/%00.mp3"]
)
def test_nothing_outside_the_site_can_be_asked_for(office, path: str) -> None:
    assert get(f"{office.address}/{path}")[0] in (400, 404)


def test_the_site_cannot_be_written_to(office) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert get(f"{office.address}/so/2023-01", method)[0] == 405


def test_every_answer_is_guarded(office) -> None:
    for path in ("", "feed.xml", "khong-co", urlsplit(office.sound()[0]).path.lstrip("/")):
        headers = get(f"{office.address}/{path}", "HEAD")[1]
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"]
        assert not headers.get("Server", "").lower().startswith("waitress")
        assert "Set-Cookie" not in headers


def test_a_shelved_page_may_run_no_script(office) -> None:
    edition = office.latest.edition("transcript-html")
    assert edition
    headers = get(f"{office.address}/m/{edition.sha256}.html")[1]
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_a_page_is_packed_for_slow_lines_and_not_sent_twice(office) -> None:
    address = f"{office.address}/so/2023-01"
    plain = get(address)
    packed = get(address, Accept_Encoding="gzip")
    assert gzip.decompress(packed[2]) == plain[2]
    assert packed[1]["ETag"] != plain[1]["ETag"]
    assert get(address, If_None_Match=plain[1]["ETag"])[0] == 304
    assert get(address, Accept_Encoding="gzip", If_None_Match=packed[1]["ETag"])[::2] == (304, b"")
    assert get(address, "HEAD")[1]["Content-Length"] == str(len(plain[2]))


def test_page_style_and_script_together_stay_small(office) -> None:
    style_and_script = {
        link for link in Page(page(office, "so/2023-01")).links if re.search(r"static/(site|player)", link)
    }
    sizes = {
        address: len(get(f"{office.address}/{address.lstrip('/')}", Accept_Encoding="gzip")[2])
        for address in [*style_and_script, "so/2023-01"]
    }
    assert len(sizes) == 3
    assert sum(sizes.values()) < 50_000
    assert max(size for address, size in sizes.items() if "player" in address) < 12_000


def test_the_feed_is_sent_byte_for_byte(office) -> None:
    status, headers, body = get(f"{office.address}/feed.xml")
    assert (status, body) == (200, (office.library / "shelf" / "feed.xml").read_bytes())
    assert headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert get(f"{office.address}/feed.xml", If_None_Match=headers["ETag"])[0] == 304


def test_every_feed_is_sent_with_its_type_and_named_on_every_page(office) -> None:
    stored = sorted(file.name for file in (office.library / "shelf").glob("feed*") if file.suffix != ".sqlite")
    assert {"feed-latest.xml", "feed.css", "feeds.opml"} <= set(stored)
    for name in stored:
        status, headers, body = get(f"{office.address}/{name}", Accept="*/*")
        kind = {".xml": "application/rss+xml", ".css": "text/css", ".opml": "text/x-opml"}[Path(name).suffix]
        assert (status, headers.get_content_type()) == (200, kind)
        assert body == (office.library / "shelf" / name).read_bytes()
        assert headers["Access-Control-Allow-Origin"] == "*"
    declared = [each["href"] for each in Page(page(office, "")).all("link") if each.get("rel") == "alternate"]
    assert {"/feed.xml", "/feed-latest.xml"} <= set(declared)
    assert get(f"{office.address}/feed-items.sqlite")[0] == 404


def test_a_browser_that_opens_a_feed_is_shown_how_to_follow_it(office, browser: Browser) -> None:
    shown = browser.new_page(viewport={"width": 360, "height": 740})
    shown.goto(f"{office.address}/feed.xml")
    style = "(name, part) => { const found = getComputedStyle(document.querySelector(name), part); return [found.fontSize, found.content]; }"
    size, steps = shown.evaluate(f"({style})('generator', '::before')")
    assert float(size.removesuffix("px")) >= 24
    for app in ("AntennaPod", "Podcast Addict", "Pocket Casts", "Apple Podcasts", "gPodder"):
        assert app in steps
    assert shown.evaluate("getComputedStyle(document.querySelector('item guid')).display") == "none"
    shown.close()


def test_the_first_request_line_without_a_host_is_refused(office) -> None:
    connection = http.client.HTTPConnection(urlsplit(office.address).netloc)
    connection.putrequest("GET", "/", skip_host=True)
    connection.endheaders()
    assert connection.getresponse().status == 400
    connection.close()


def test_the_exported_site_holds_the_same_pages_with_addresses_that_need_no_server(office, tmp_path: Path) -> None:
    export(office.shelf, tmp_path)
    for path in PAGES:
        file = tmp_path / path / "index.html"
        exported, served = Page(file.read_text("utf-8")), Page(page(office, path))
        assert [tag for tag, _ in exported.elements] == [tag for tag, _ in served.elements]
        for link in exported.links:
            if urlsplit(link).scheme or not urlsplit(link).path:
                continue
            assert (file.parent / urlsplit(link).path).resolve().is_relative_to(tmp_path.resolve())
            assert (file.parent / urlsplit(link).path).is_file(), (path, link)
    assert (tmp_path / "404.html").is_file()
    assert (tmp_path / "feed.xml").read_bytes() == (office.library / "shelf" / "feed.xml").read_bytes()


def test_what_is_written_into_an_export_does_not_harm_the_shelf(office, tmp_path: Path) -> None:
    export(office.shelf, tmp_path)
    address, sound = office.sound()
    file = tmp_path / urlsplit(address).path.lstrip("/")
    with file.open("r+b") as opened:
        opened.write(b"changed by a tag editor")
    assert office.sound()[1] == sound


def test_an_export_made_again_changes_nothing(office, tmp_path: Path) -> None:
    count = export(office.shelf, tmp_path)
    before = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in tmp_path.rglob("*") if file.is_file()}
    assert export(office.shelf, tmp_path) == count == len(before)
    for file, (_, data) in before.items():
        assert file.read_bytes() == data


def test_a_taken_port_says_which_other_to_use(
    office, audiobook: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    port = urlsplit(office.address).port
    assert port
    refused = audiobook("serve", "--port", str(port), library=office.library)
    assert refused.returncode == errors.PortTaken.exit_code
    assert f"--port {port + 1}" in refused.stderr


def test_a_library_without_a_finished_issue_has_nothing_to_serve(
    tmp_path: Path, audiobook: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    assert audiobook("new", tmp_path / "moi", "--title=T", "--publisher=P", "--licence-number=1", "--supplier=S",
                     "--phone=1", "--base-url=http://127.0.0.1").returncode == 0  # fmt: skip
    refused = audiobook("serve", library=tmp_path / "moi")
    assert refused.returncode == errors.NothingToServe.exit_code
    assert "audiobook produce" in refused.stderr


def test_a_new_issue_shows_at_the_next_request(office, tmp_path: Path, audiobook: Callable[..., object]) -> None:
    assert "số 7" not in page(office, "")
    (tmp_path / "so7.md").write_text("---\nnumber: 7\ndate: 2021-07-01\n---\n\n# Một bài\n\nXin chào.\n", "utf-8")
    audiobook("add", tmp_path / "so7.md", library=office.library)
    audiobook("produce", "2021-07", "--voice", "tone", library=office.library)
    assert "số 7, tháng 7 năm 2021" in page(office, "")
    assert get(f"{office.address}/so/2021-07")[0] == 200
