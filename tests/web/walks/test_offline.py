"""What one chose to keep is read and heard without a network; with one, nothing is stale."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Route

from web.export import export

TIME = "document.querySelector('audio').currentTime"


def keep(page: Page, address: str, until: Callable) -> None:
    page.goto(address)
    page.get_by_role("button", name=re.compile("Giữ số này trong máy")).click()
    until(page, lambda: "Mất mạng vẫn nghe được" in page.locator(".kept").inner_text())
    until(page, lambda: page.evaluate("navigator.serviceWorker.controller !== null"))


def test_a_kept_issue_is_heard_anywhere_without_a_network(phone: BrowserContext, office, until) -> None:
    page = phone.new_page()
    keep(page, f"{office.address}/so/2023-01", until)
    phone.set_offline(True)
    page.goto(f"{office.address}/so/2023-01?t=20")
    page.locator("button.play").click()
    until(page, lambda: page.evaluate(TIME) > 20.3)
    page.get_by_role("button", name="Lùi 15 giây").first.click()
    until(page, lambda: 4 < page.evaluate(TIME) < 19)
    picture = page.locator("article img").first
    picture.scroll_into_view_if_needed()  # pictures load as they come into view
    until(page, lambda: picture.evaluate("image => image.complete && image.naturalWidth > 0"))


def test_a_page_that_was_not_kept_leads_to_those_that_were(phone: BrowserContext, office, until) -> None:
    page = phone.new_page()
    keep(page, f"{office.address}/so/2023-01", until)
    phone.set_offline(True)
    page.goto(f"{office.address}/so/2022-12")
    until(page, lambda: page.locator(".kept-list a").count() == 1)
    assert "Máy đang không có mạng" in page.locator(".offline").inner_text()
    page.get_by_role("link", name=re.compile("Bản tin số 1")).click()
    assert page.get_by_role("heading", level=1).inner_text() == "Bản tin số 1, tháng 1 năm 2023"


def test_what_was_kept_can_be_given_back(phone: BrowserContext, office, until) -> None:
    page = phone.new_page()
    keep(page, f"{office.address}/so/2023-01", until)
    page.get_by_role("button", name="Bỏ khỏi máy").click()
    assert page.evaluate("caches.keys().then((names) => names.some((name) => name.startsWith('so-')))")
    page.get_by_role("button", name="Bấm lần nữa để bỏ").click()
    until(page, lambda: "Đã bỏ" in page.locator(".kept").inner_text())
    assert page.evaluate("caches.keys().then((names) => names.filter((name) => name.startsWith('so-')))") == []


def test_a_break_while_keeping_leaves_nothing_half(phone: BrowserContext, office, until) -> None:
    phone.route("**/*.mp3", lambda route: route.abort())
    page = phone.new_page()
    page.goto(f"{office.address}/so/2023-01")
    page.get_by_role("button", name=re.compile("Giữ số này trong máy")).click()
    until(page, lambda: "Chưa giữ được" in page.locator(".kept").inner_text())
    assert page.evaluate("caches.keys().then((names) => names.filter((name) => name.startsWith('so-')))") == []


def test_with_a_network_a_page_is_never_the_kept_one(phone: BrowserContext, office, until) -> None:
    page = phone.new_page()
    keep(page, f"{office.address}/so/2023-01", until)
    page.evaluate(
        """caches.open('so-2023-01').then((cache) => cache.put(location.href, new Response('old', {headers: {'Content-Type': 'text/html'}})))"""
    )
    page.goto(f"{office.address}/so/2023-01")
    assert "Bản tin số 1" in page.locator("h1").inner_text()
    phone.set_offline(True)
    page.reload()  # what is kept was renewed on the way
    assert "Bản tin số 1" in page.locator("h1").inner_text()


def test_the_exported_site_keeps_issues_under_any_folder(
    phone: BrowserContext, office, until, tmp_path, static_server
) -> None:
    export(office.shelf, tmp_path / "quan" / "bantin")
    with static_server(tmp_path) as address:
        page = phone.new_page()
        keep(page, f"{address}/quan/bantin/so/2023-01/index.html", until)
        phone.set_offline(True)
        for way in ("so/2023-01/index.html", "so/2023-01/"):
            page.goto(f"{address}/quan/bantin/{way}")
            assert "Bản tin số 1" in page.locator("h1").inner_text()
        page.locator("button.play").click()
        until(page, lambda: page.evaluate(TIME) > 0.3)


def test_a_kept_issue_keeps_its_sound_when_the_page_names_another(phone: BrowserContext, office, until) -> None:
    """After a correction the page names a sound that is not on the device: it is shown online, and not kept without it."""
    page = phone.new_page()
    keep(page, f"{office.address}/so/2023-01", until)
    sound, _ = office.sound()
    other = "0" * 64
    digest = sound.rsplit("/", 1)[1].removesuffix(".mp3")

    def corrected(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(digest, other))

    phone.route("**/so/2023-01", corrected)
    page.reload()
    until(page, lambda: "trước khi sửa" in page.locator(".kept").inner_text())
    phone.unroute("**/so/2023-01")
    phone.set_offline(True)
    page.goto(f"{office.address}/so/2023-01")
    page.locator("button.play").click()
    until(page, lambda: page.evaluate("document.querySelector('#nghe audio').currentTime") > 0.3)
