"""Nothing is lost by a wrong press: the place of before, the article that was chosen, the way back to the buttons."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

TIME = "document.querySelector('#nghe audio').currentTime"
PAUSED = "document.querySelector('#nghe audio').paused"
REFUSED = "HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('no', 'NotAllowedError'));"

Until = Callable[[Page, Callable[[], object]], None]


@pytest.fixture
def page(phone: BrowserContext, office) -> Iterator[Page]:
    page, faults = phone.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{office.address}/so/2023-01")
    yield page
    assert not faults


def start_of(office, chapter: str) -> float:
    return next(cue.start_ms for cue in office.latest.timeline.chapters if cue.id == chapter) / 1000


def test_who_presses_play_instead_of_going_on_still_can(page: Page, until: Until) -> None:
    page.evaluate("localStorage.setItem('cho-2023-01', '20')")
    page.reload()
    page.locator("button.play").click()
    until(page, lambda: page.evaluate(TIME) > 3.5)
    page.locator("button.play").click()
    until(page, lambda: page.evaluate(PAUSED))
    assert page.evaluate("localStorage.getItem('cho-2023-01')") == "20"
    page.locator("[data-do=resume]").click()
    until(page, lambda: page.evaluate(TIME) > 20)


def test_an_articles_own_page_leaves_the_issues_place_alone(page: Page, office, until: Until) -> None:
    page.evaluate("localStorage.setItem('cho-2023-01', '20')")
    page.goto(f"{office.address}/so/2023-01/bai-1?nghe#c01b02s1")
    until(page, lambda: page.evaluate(TIME) > start_of(office, "c01") + 6.2)
    page.goto(f"{office.address}/so/2023-01")
    assert page.evaluate("localStorage.getItem('cho-2023-01')") == "20"
    page.goto(f"{office.address}/so/2023-01/bai-1")
    assert page.locator("[data-do=resume]").is_visible()


def test_a_timer_till_the_articles_end_goes_along_to_another_article(page: Page, office, until: Until) -> None:
    page.locator("a.hear[data-chapter=c01]").click()
    until(page, lambda: page.evaluate(TIME) > start_of(office, "c01"))
    page.get_by_text("Khi hết bài").click()
    page.locator("a.hear[data-chapter=c03]").click()
    until(page, lambda: page.evaluate(TIME) > start_of(office, "c03") + 0.5)
    assert not page.evaluate(PAUSED)
    assert not page.get_by_label("Không hẹn").is_checked()


def test_a_timer_that_ran_out_in_a_pause_stops_nothing_afterwards(phone: BrowserContext, office, until: Until) -> None:
    page = phone.new_page()
    page.clock.install()
    page.goto(f"{office.address}/so/2023-01")
    page.locator("button.play").click()
    until(page, lambda: page.evaluate(TIME) > 0.2)
    page.get_by_text("Sau 15 phút").click()
    page.locator("button.play").click()
    until(page, lambda: page.evaluate(PAUSED))
    page.clock.fast_forward(20 * 60_000)
    before = page.evaluate(TIME)
    page.locator("button.play").click()
    until(page, lambda: page.evaluate(TIME) > before + 0.5)
    assert page.get_by_label("Không hẹn").is_checked()


def test_where_the_browser_lets_nothing_begin_by_itself_the_buttons_are_at_hand(phone: BrowserContext, office) -> None:
    page = phone.new_page()
    page.add_init_script(REFUSED)
    page.goto(f"{office.address}/so/2023-01?nghe#c03b01s1")
    bar = page.locator(".bar")
    bar.wait_for(state="visible")
    assert bar.get_by_role("button", name="Nghe", exact=True).is_visible()


def test_the_keyboard_brings_nothing_under_the_bar(page: Page, until: Until) -> None:
    page.locator("button.play").click()
    until(page, lambda: page.evaluate(TIME) > 0.2)
    page.evaluate("document.querySelector('.text').scrollIntoView()")
    page.locator(".bar").wait_for(state="visible")
    hidden = page.evaluate(
        """() => { const bar = document.querySelector('.bar').getBoundingClientRect();
             return [...document.querySelectorAll('.foot a, .text a')].filter((each) => { each.focus();
               const box = each.getBoundingClientRect(); return box.height && box.top >= bar.top; }).length; }"""
    )
    assert hidden == 0


def test_at_the_largest_size_nothing_is_wider_than_the_phone_while_it_plays(browser, office, until: Until) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 568})
    page = context.new_page()
    page.goto(f"{office.address}/so/2023-01")
    for _ in range(4):
        page.locator("[data-size='1']").click()
    page.evaluate("document.querySelector('.clock b').firstChild.textContent = '12 phút 44 giây'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_a_wide_table_says_that_there_is_more(page: Page) -> None:
    for _ in range(4):
        page.locator("[data-size='1']").click()
    page.evaluate("document.querySelector('.table td').textContent = 'x'.repeat(80)")
    page.set_viewport_size({"width": 320, "height": 568})
    page.locator(".wide").wait_for(state="visible")
    table = page.get_by_role("region", name="Bảng rộng: kéo ngang để xem hết")
    assert table.get_attribute("tabindex") == "0"


def test_the_keys_for_articles_turn_the_page_of_an_article(page: Page, office) -> None:
    page.goto(f"{office.address}/so/2023-01/bai-1")
    page.keyboard.press("n")
    page.wait_for_url("**/bai-2")
    page.keyboard.press("p")
    page.wait_for_url("**/bai-1")
