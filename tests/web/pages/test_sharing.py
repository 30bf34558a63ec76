"""How a page shows itself in Zalo, on Facebook and on a portal; and what machines ask for beside the pages."""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

from audiobook.addresses import Addresses
from web.export import export
from web.sharing import list_code


def get(office, path: str) -> str:
    return str(urlopen(f"{office.address}/{path}").read().decode())


def properties(text: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', text))


@pytest.mark.parametrize("path", ["", "so/2023-01", "so/2023-01/bai-1", "en/so/2023-01"])
def test_a_card_has_title_words_picture_and_address_in_the_html_itself(office, path: str) -> None:
    said = properties(get(office, path))
    assert said["og:url"] == f"{office.address}/{path}"
    for name in ("og:title", "og:description", "og:image"):
        assert said[name]
    for name in ("og:url", "og:image", *(["og:audio"] if path else [])):
        assert urlsplit(said[name]).netloc == urlsplit(office.address).netloc
        assert urlopen(said[name]).status == 200


def test_machines_read_the_issue_as_an_episode_and_as_a_number_of_a_periodical(office) -> None:
    facts = json.loads(re.search(r'ld\+json">(.*?)</script>', get(office, "so/2023-01"))[1])
    episode, printed = facts["@graph"]
    assert (episode["@type"], printed["@type"]) == ("PodcastEpisode", "PublicationIssue")
    assert printed["issueNumber"] == "1"
    assert episode["timeRequired"].startswith("PT")


def test_a_portal_frames_the_player_and_no_other_page(office) -> None:
    link = re.search(r'application/json\+oembed" title="[^"]*" href="([^"]+)"', get(office, "so/2023-01"))[1]
    said = json.loads(urlopen(link).read())
    assert (said["version"], said["type"]) == ("1.0", "rich")
    framed = re.search(r'src="([^"]+)"', said["html"])[1]
    assert "frame-ancestors *" in urlopen(framed).headers["Content-Security-Policy"]
    for path in ("", "so/2023-01", "tim"):
        assert "frame-ancestors 'none'" in urlopen(f"{office.address}/{path}").headers["Content-Security-Policy"]
    asked = f"{office.address}/oembed?format=json&maxwidth=300&url={office.address}/so/2023-01/bai-1"
    assert json.loads(urlopen(asked).read())["width"] == 300


def test_the_manifest_the_site_map_and_the_worker_name_what_is_there(office) -> None:
    manifest = json.loads(get(office, "manifest.webmanifest"))
    shell = json.loads(re.search(r"self\.told = (\{.*?\n\});", get(office, "sw.js"), re.DOTALL)[1])["shell"]
    for path in [manifest["start_url"], *(icon["src"] for icon in manifest["icons"]), *shell]:
        assert urlopen(f"{office.address}{path}").status == 200
    pages = [each.text for each in ElementTree.fromstring(get(office, "sitemap.xml")).findall(".//{*}loc")]
    assert f"{office.address}/so/2023-01/bai-1" in pages
    assert all(urlopen(page).status == 200 for page in pages)


def test_the_english_pages_are_english_around_a_bulletin_that_stays_vietnamese(office) -> None:
    text = get(office, "en/so/2023-01")
    assert '<html lang="en">' in text
    assert "Bulletin No. 1, January 2023" in text
    assert ">Listen<" in text
    assert '<h2 id="c02h" class="s" lang="vi">Bảng số liệu</h2>' in text
    assert 'hreflang="vi"' in text
    alone = re.sub(r'<(\w+)[^>]*lang="vi".*?</\1>|<script.*?</script>|<head>.*?</head>', "", text, flags=re.DOTALL)
    assert "Tải về" not in alone


def test_what_is_not_there_is_said_in_the_language_that_was_asked_for(office) -> None:
    import urllib.error

    with pytest.raises(urllib.error.HTTPError) as refused:
        get(office, "en/nothing")
    assert "There is no such page" in refused.value.read().decode()


def test_the_export_holds_the_same_signposts_with_addresses_that_need_no_server(office, tmp_path: Path) -> None:
    export(office.shelf, tmp_path)
    for path in ("manifest.webmanifest", "sw.js", "robots.txt", "sitemap.xml", "oembed/2023-01.json"):
        assert (tmp_path / path).is_file()
    manifest = json.loads((tmp_path / "manifest.webmanifest").read_text("utf-8"))
    for path in [manifest["start_url"], *(icon["src"] for icon in manifest["icons"])]:
        assert (tmp_path / path).is_file()


def test_the_list_of_issues_fills_itself_on_a_portal_of_others(
    office, static_server, browser: Browser, tmp_path: Path
) -> None:
    code = list_code(Addresses(office.address))
    page_of_others = (
        f'<!DOCTYPE html><html lang="vi"><meta charset="utf-8"><title>Cổng</title><body>{code}</body></html>'
    )
    (tmp_path / "index.html").write_text(page_of_others, encoding="utf-8")
    with static_server(tmp_path) as portal, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{portal}/index.html")
        page.wait_for_selector("#ban-tin-noi li + li")
        links = page.locator("#ban-tin-noi a").all()
        newest = [link.get_attribute("href") for link in links[:2]]
        assert newest == [f"{office.address}/so/2023-01", f"{office.address}/so/2022-12"]
        assert all(link.inner_text().strip() for link in links)
        assert page.locator("#ban-tin-noi script").count() == 0
        links[0].click()
        page.wait_for_url(f"{office.address}/so/2023-01")
