"""Before fifty people: nothing is played before it is here, nothing stops by mistake, nothing needs the network."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

PLAYS = "!document.querySelector('body > audio').paused"
TIME = "document.querySelector('body > audio').currentTime"


@pytest.fixture
def page(phone: BrowserContext, office, until) -> Iterator[Page]:
    page, faults = phone.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{office.address}/loa/2023-01")
    until(page, lambda: "Sẵn sàng, không cần mạng" in page.locator(".ready").inner_text())
    yield page
    assert not faults


def test_it_plays_on_when_the_network_is_gone(page: Page, phone: BrowserContext, until) -> None:
    phone.set_offline(True)
    page.get_by_role("button", name="Phát", exact=True).click()
    until(page, lambda: page.evaluate(TIME) > 0.5)
    page.get_by_role("button", name="Bài sau").click()
    until(page, lambda: page.locator(".what").inner_text().startswith("Giữ ấm"))
    page.get_by_role("button", name="Bài trước").click()
    until(page, lambda: page.locator(".what").inner_text() == "Chào mừng")
    assert page.evaluate(PLAYS)


def test_one_press_does_not_stop_it_and_two_do(page: Page, until) -> None:
    page.get_by_role("button", name="Phát", exact=True).click()
    until(page, lambda: page.evaluate(TIME) > 0.2)
    page.get_by_role("button", name="Dừng").dblclick()  # a hand that trembles
    assert page.evaluate(PLAYS)
    page.wait_for_timeout(900)
    page.get_by_role("button", name="Bấm lần nữa để dừng").click()
    until(page, lambda: not page.evaluate(PLAYS))
    assert "Bắt đầu" in page.locator(".log").inner_text()
    until(page, lambda: "Dừng" in page.locator(".log").inner_text())  # written when the player tells that it stopped


def test_what_was_played_to_its_end_is_ticked_and_the_tick_is_remembered(page: Page, until) -> None:
    page.get_by_role("button", name="Phát", exact=True).click()
    until(page, lambda: page.evaluate(TIME) > 0.2)
    page.evaluate(
        "(() => { const audio = document.querySelector('body > audio'); audio.currentTime = audio.duration - 0.3; })()"
    )
    until(page, lambda: "Đã phát xong" in page.locator(".ready").inner_text())
    page.reload()
    assert "✓" in page.locator("[data-session='0']").inner_text()
    assert "đã phát lúc" in page.locator("[data-session='0']").inner_text()


def test_it_begins_by_the_clock(phone: BrowserContext, office, until) -> None:
    page = phone.new_page()
    page.clock.install(time="2023-03-30T06:29:30")
    page.goto(f"{office.address}/loa/2023-01")
    until(page, lambda: "Sẵn sàng" in page.locator(".ready").inner_text())
    page.locator("#luc").fill("06:30")
    page.get_by_role("button", name="Hẹn giờ", exact=True).click()
    page.clock.run_for(2_000)
    until(page, lambda: "Còn 0:2" in page.locator(".countdown").inner_text())
    assert not page.evaluate(PLAYS)
    page.clock.run_for(30_000)
    until(page, lambda: page.evaluate(PLAYS) and page.evaluate(TIME) > 0.2)


def test_the_time_of_the_running_sheet_stands_there(page: Page) -> None:
    assert page.locator("#luc").input_value() == "17:00"


def test_a_plan_says_what_will_be_and_logs_nothing(page: Page, until) -> None:
    page.locator("#luc").fill("06:30")
    page.get_by_role("button", name="Hẹn giờ", exact=True).click()
    until(page, lambda: "Sẽ phát lúc 06:30" in page.locator(".ready").inner_text())
    page.wait_for_timeout(500)
    assert "Sẽ phát lúc 06:30" in page.locator(".ready").inner_text()
    assert page.locator(".log li").count() == 0
    page.get_by_role("button", name="Bài sau").click()
    assert "bấm Bỏ hẹn trước" in page.locator(".ready").inner_text()
    assert page.evaluate(TIME) == 0


def test_setting_a_time_stops_no_broadcast(page: Page, until) -> None:
    page.get_by_role("button", name="Phát", exact=True).click()
    until(page, lambda: page.evaluate(TIME) > 0.2)
    page.get_by_role("button", name="Hẹn giờ", exact=True).click()
    assert "Bấm Dừng trước khi hẹn giờ" in page.locator(".ready").inner_text()
    assert page.evaluate(PLAYS)


def test_a_time_set_while_it_loads_holds(phone: BrowserContext, office, until) -> None:
    page = phone.new_page()
    phone.route("**/m/*.mp3", lambda route: (page.wait_for_timeout(1_500), route.continue_()))
    page.goto(f"{office.address}/loa/2023-01")
    page.get_by_role("button", name="Hẹn giờ", exact=True).click()
    until(page, lambda: "Sẽ phát lúc" in page.locator(".ready").inner_text())


def test_without_network_it_asks_once_and_says_what_to_do(phone: BrowserContext, office) -> None:
    page, asked = phone.new_page(), []
    phone.route("**/m/*.mp3", lambda route: (asked.append(route.request.url), route.abort()))
    page.goto(f"{office.address}/loa/2023-01")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Phát", exact=True).click()
    page.wait_for_timeout(1_000)
    assert "Kiểm tra mạng rồi chọn lại buổi này" in page.locator(".ready").inner_text()
    assert len(asked) <= 3
    assert not page.evaluate(PLAYS)


def test_a_second_page_that_broadcasts_silences_the_first(page: Page, phone: BrowserContext, office, until) -> None:
    page.get_by_role("button", name="Phát", exact=True).click()
    until(page, lambda: page.evaluate(TIME) > 0.2)
    other = phone.new_page()
    other.goto(f"{office.address}/loa/2023-01")
    until(other, lambda: "Sẵn sàng" in other.locator(".ready").inner_text())
    other.get_by_role("button", name="Phát", exact=True).click()
    until(page, lambda: not page.evaluate(PLAYS))


def test_leaving_while_it_plays_is_asked_about_once(page: Page, until) -> None:
    page.get_by_role("button", name="Phát", exact=True).click()
    until(page, lambda: page.evaluate(TIME) > 0.2)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("about:blank")
    assert asked == ["beforeunload"]


WATCHED = """
window.locks = [];
const ask = navigator.wakeLock.request.bind(navigator.wakeLock);
navigator.wakeLock.request = (kind) => ask(kind).then((lock) => { window.locks.push(lock); return lock; });
"""


def test_the_screen_stays_awake_while_it_plays_and_may_sleep_afterwards(phone: BrowserContext, office, until) -> None:
    page = phone.new_page()
    page.add_init_script(WATCHED)
    page.goto(f"{office.address}/loa/2023-01")
    until(page, lambda: "Sẵn sàng" in page.locator(".ready").inner_text())
    assert page.evaluate("window.locks.length") == 0
    page.get_by_role("button", name="Phát", exact=True).click()
    until(page, lambda: page.evaluate("window.locks.some((lock) => lock.type === 'screen' && !lock.released)"))
    page.get_by_role("button", name="Dừng").click()
    page.wait_for_timeout(900)
    page.get_by_role("button", name="Bấm lần nữa để dừng").click()
    until(page, lambda: page.evaluate("window.locks.every((lock) => lock.released)"))


def test_it_fills_the_screen_and_leaves_it_again(page: Page, until) -> None:
    page.get_by_role("button", name="Toàn màn hình").click()
    until(page, lambda: page.evaluate("document.fullscreenElement === document.documentElement"))
    page.get_by_role("button", name="Toàn màn hình").click()
    until(page, lambda: page.evaluate("document.fullscreenElement === null"))


def test_the_test_tones_sound(page: Page, until) -> None:
    for name in ("Tiếng thử nhỏ", "Tiếng thử to", "Chuông báo"):
        page.get_by_role("button", name=name).click()
    assert not page.evaluate(PLAYS)


def test_everything_is_giant(page: Page) -> None:
    small = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter((each) => each.offsetParent && each.innerText)
             .filter((each) => !each.closest('.hide') && parseFloat(getComputedStyle(each).fontSize) < 40).map((each) => each.outerHTML.slice(0, 80))"""
    )
    assert small == []
    assert (
        page.evaluate(
            "Math.min(...[...document.querySelectorAll('.giants button')].map((each) => each.getBoundingClientRect().height))"
        )
        >= 120
    )


def test_without_script_each_session_can_be_played(browser, office) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{office.address}/loa/2023-01")
    assert page.locator("audio[controls]").first.is_visible()
    assert not page.get_by_role("button", name="Phát", exact=True).is_visible()
    context.close()
