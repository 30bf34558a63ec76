"""Leafing through the printed pages: by button, by key, by address; the text is always beside them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from web.assets import asset
from web.export import export

LEAVES = "so/2023-01/lat-trang"


@pytest.fixture
def page(browser: Browser, office) -> Iterator[Page]:
    with browser.new_page(viewport={"width": 360, "height": 640}) as page:
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.goto(f"{office.address}/{LEAVES}")
        yield page
        assert page.wrong == []


def standing(page: Page) -> list[str]:
    return page.eval_on_selector_all(".leaves > li", "all => all.filter(li => !li.hidden).map(li => li.id)")


def test_the_issues_page_leads_to_the_leaves(page: Page, office) -> None:
    page.goto(f"{office.address}/so/2023-01")
    page.get_by_role("link", name="Lật xem từng trang báo in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lật xem từng trang báo in")


def test_one_page_is_shown_and_the_arrows_turn_it(page: Page) -> None:
    assert standing(page) == ["trang-1"]
    page.get_by_role("button", name="Trang sau").first.click()
    assert standing(page) == ["trang-2"]
    assert page.url.endswith("#trang-2")
    expect(page.locator(".turn .at")).to_have_text(re.compile(r"^Trang 2 trên \d+$"))
    page.get_by_role("button", name="Trang trước").last.click()
    assert standing(page) == ["trang-1"]


def test_keys_turn_the_pages_and_stop_at_both_ends(page: Page, office) -> None:
    count = len([each for each in office.latest.editions if each.kind == "page-image"])
    page.keyboard.press("ArrowLeft")
    assert standing(page) == ["trang-1"]
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    assert standing(page) == [f"trang-{count}"]
    page.keyboard.press("Home")
    assert standing(page) == ["trang-1"]


def test_an_address_opens_its_page(page: Page, office) -> None:
    page.goto("about:blank")
    page.goto(f"{office.address}/{LEAVES}#trang-2")
    assert standing(page) == ["trang-2"]


def test_the_picture_is_there_and_each_page_leads_to_its_text(page: Page, office) -> None:
    page.goto("about:blank")
    page.goto(f"{office.address}/{LEAVES}#trang-2")
    page.wait_for_function("document.querySelector('#trang-2 img').naturalWidth === 1240")
    page.get_by_role("link", name="Đọc chữ của trang này").click()
    assert page.url == f"{office.address}/so/2023-01/bai-1"


def test_without_script_all_pages_stand_in_a_column(browser: Browser, office) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{office.address}/{LEAVES}")
    assert page.locator(".leaves img").count() == page.locator(".leaves > li:visible").count() > 1
    assert not page.locator(".turn").first.is_visible()
    context.close()


def test_it_works_from_a_folder_of_files(browser: Browser, office, tmp_path: Path) -> None:
    export(office.shelf, tmp_path)
    with browser.new_page() as page:
        page.goto((tmp_path / LEAVES / "index.html").as_uri())
        page.get_by_role("button", name="Trang sau").first.click()
        assert standing(page) == ["trang-2"]
        page.wait_for_function("document.querySelector('#trang-2 img').naturalWidth === 1240")


def test_the_script_is_small_and_older_than_the_oldest_phone() -> None:
    script = asset("leaf.js").decode()
    assert len(script) < 4_000
    assert not re.search(r"=>|\?\.|\?\?|\blet\b|\bconst\b", re.sub(r"//.*", "", script))
