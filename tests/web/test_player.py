"""The player in a real browser: what an old hand does with it, and what must never get lost."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route

from web.export import export

PAGES = {
    "home": "",
    "issue": "so/2023-01",
    "article": "so/2023-01/bai-1",
    "pages to leaf through": "so/2023-01/lat-trang",
    "how to listen": "cach-nghe",
    "about": "gioi-thieu",
    "accessibility": "tro-nang",
    "search": "tim",
    "answers": "tim?q=gio",
    "loudspeaker": "loa/2023-01",
    "embedded": "nhung/2023-01",
    "portal": "dua-len-cong",
    "kept": "da-giu",
    "English": "en/so/2023-01",
    "nothing there": "khong-co",
}
WITH_TOOLS = {name: path for name, path in PAGES.items() if name not in ("loudspeaker", "embedded")}
PHONE = {"width": 360, "height": 640}


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE)
    yield context
    context.close()


@pytest.fixture
def blank(phone: BrowserContext) -> Iterator[Page]:
    """A page on which no script may fail, wherever it goes."""
    page = phone.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    assert not faults


@pytest.fixture
def page(blank: Page, office) -> Page:
    blank.goto(f"{office.address}/so/2023-01")
    return blank


def time_of(page: Page) -> float:
    return float(page.evaluate("document.querySelector('audio').currentTime"))


def until(page: Page, holds: Callable[[], bool]) -> None:
    """The site's policy forbids Playwright's own waiting for a script's value."""
    for _ in range(80):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate("document.querySelector('#nghe').innerText"))


def listen(page: Page, *, beyond: float) -> None:
    page.locator("button.play").click()
    until(page, lambda: time_of(page) > beyond)


def chapter_start(office, chapter: str) -> float:
    return next(cue.start_ms for cue in office.latest.timeline.chapters if cue.id == chapter) / 1000


def test_the_button_says_what_it_will_do(page: Page) -> None:
    button = page.locator("button.play")
    assert button.inner_text() == "Nghe"
    listen(page, beyond=0.3)
    assert button.inner_text() == "Tạm dừng"
    button.click()
    until(page, lambda: button.inner_text() == "Nghe")
    assert page.evaluate("document.querySelector('audio').paused")


def test_no_sound_is_loaded_before_it_is_asked_for(phone: BrowserContext, office) -> None:
    page, asked = phone.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{office.address}/so/2023-01", wait_until="networkidle")
    assert asked
    assert not [address for address in asked if address.endswith(".mp3")]


def test_the_place_is_kept_and_offered_again(page: Page, phone: BrowserContext, office) -> None:
    page.locator("a.hear[data-chapter=c02]").click()
    until(page, lambda: time_of(page) > chapter_start(office, "c02") + 1)
    page.close()
    again = phone.new_page()
    again.goto(f"{office.address}/so/2023-01")
    offer = again.locator("[data-do=resume]")
    assert "Nghe tiếp từ bài 2, “Bảng số liệu”" in offer.inner_text()
    offer.click()
    until(again, lambda: time_of(again) > chapter_start(office, "c02"))


def test_the_home_page_offers_the_place_too(page: Page, phone: BrowserContext, office) -> None:
    page.locator("a.hear[data-chapter=c01]").click()
    until(page, lambda: time_of(page) > 6)
    page.goto(f"{office.address}/")
    assert "Nghe tiếp" in page.locator("[data-do=resume]").inner_text()


def test_an_article_begins_where_its_link_says(page: Page, office) -> None:
    page.locator("a.hear[data-chapter=c02]").click()
    until(page, lambda: time_of(page) >= chapter_start(office, "c02"))
    assert time_of(page) < chapter_start(office, "c02") + 3
    assert page.locator(".contents a[aria-current]").get_attribute("data-chapter") == "c02"
    assert "Đang nghe" in page.locator(".contents a[aria-current]").inner_text()


def test_a_touched_sentence_is_heard_and_marked(page: Page, office) -> None:
    cue = next(cue for cue in office.latest.timeline.sentences if cue.id == "c01b02s1")
    page.locator("#c01b02s1").click()
    until(page, lambda: time_of(page) > cue.start_ms / 1000)
    assert time_of(page) < cue.end_ms / 1000 + 1
    assert page.locator(".text .s[aria-current]").first.get_attribute("id") == "c01b02s1"


def test_the_mark_goes_on_with_the_voice(page: Page) -> None:
    page.locator("#c01b02s1").click()
    marked = lambda: page.locator(".s[aria-current]").first.get_attribute("id")  # noqa: E731
    until(page, lambda: page.locator(".s[aria-current]").count() == 1)
    first = marked()
    until(page, lambda: marked() not in (None, first))


def test_fifteen_seconds_back_and_forward(page: Page) -> None:
    listen(page, beyond=0.2)
    page.get_by_role("button", name="Tới 15 giây").click()
    until(page, lambda: time_of(page) > 15)
    page.get_by_role("button", name="Lùi 15 giây").first.click()
    until(page, lambda: time_of(page) < 14)


def test_keys_play_move_and_can_be_switched_off(page: Page, office) -> None:
    page.keyboard.press("k")
    until(page, lambda: time_of(page) > 0.2)
    page.keyboard.press("n")
    until(page, lambda: time_of(page) >= chapter_start(office, "c01"))
    page.keyboard.press("k")
    assert page.evaluate("document.querySelector('audio').paused")
    page.goto(f"{office.address}/tro-nang")
    page.get_by_label("Dùng phím tắt").uncheck()
    page.goto(f"{office.address}/so/2023-01")
    page.keyboard.press("k")
    page.wait_for_timeout(500)
    assert page.evaluate("document.querySelector('audio').paused")


def test_the_whole_player_is_reached_by_tab(page: Page) -> None:
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText || document.activeElement.id"))
    assert reached[0].startswith("Đến phần nghe")
    for name in ("Nghe", "thoi-gian", "Bài sau"):
        assert any(name in each for each in reached), (name, reached)


def test_the_speed_keeps_the_pitch(page: Page) -> None:
    page.get_by_text("Chậm 0,75").click()
    assert page.evaluate("[document.querySelector('audio').playbackRate, document.querySelector('audio').preservesPitch]") == [0.75, True]  # fmt: skip


def test_a_link_to_a_sentence_opens_there(page: Page, office) -> None:
    page.goto("about:blank")
    page.goto(f"{office.address}/so/2023-01#c01b02s1")
    listen(page, beyond=chapter_start(office, "c01"))
    cue = next(cue for cue in office.latest.timeline.sentences if cue.id == "c01b02s1")
    assert cue.start_ms / 1000 - 0.1 <= time_of(page) < cue.end_ms / 1000 + 1


def test_an_article_on_its_own_page_plays_its_own_part(page: Page, office) -> None:
    page.goto(f"{office.address}/so/2023-01/bai-2")
    listen(page, beyond=chapter_start(office, "c02"))


def test_an_article_on_its_own_page_never_leaves_its_part(page: Page, office) -> None:
    page.goto(f"{office.address}/so/2023-01/bai-2")
    start = chapter_start(office, "c02")
    listen(page, beyond=start)
    page.get_by_role("button", name="Lùi 15 giây").first.click()
    page.wait_for_timeout(400)
    assert time_of(page) >= start - 0.1


def test_size_and_colours_are_remembered_on_every_page(page: Page, office) -> None:
    page.get_by_role("button", name="A+").click()
    page.get_by_role("button", name="Màu nền").click()
    page.get_by_role("button", name="Vàng trên đen").click()
    page.goto(f"{office.address}/cach-nghe")
    look = page.evaluate("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).fontSize]")
    assert look == ["rgb(0, 0, 0)", "24px"]


def test_a_browser_that_remembers_nothing_plays_all_the_same(phone: BrowserContext, office) -> None:
    phone.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused') }})")
    page = phone.new_page()
    page.goto(f"{office.address}/so/2023-01")
    listen(page, beyond=0.3)


def test_sound_that_does_not_come_is_said_with_what_to_do(page: Page, phone: BrowserContext) -> None:
    phone.route("**/*.mp3", lambda route: route.abort())
    page.locator("button.play").click()
    until(page, lambda: "Kiểm tra mạng rồi bấm Nghe lại" in page.locator(".message").inner_text())
    phone.unroute("**/*.mp3")
    listen(page, beyond=0.3)


def test_who_pauses_while_waiting_for_sound_is_not_told_to_wait(phone: BrowserContext, office) -> None:
    page = phone.new_page()
    page.clock.install()
    page.goto(f"{office.address}/so/2023-01")
    phone.route("**/*.mp3", lambda route: None)  # no answer, for as long as one waits
    button, message = page.locator("button.play"), page.locator(".message")
    button.click()
    page.clock.fast_forward(9_000)
    assert message.inner_text() == "Mạng chậm, xin chờ một chút…"
    button.click()
    until(page, lambda: message.inner_text() == "")
    button.click()
    button.click()
    page.clock.fast_forward(9_000)
    assert message.inner_text() == ""


def test_a_second_page_that_plays_silences_the_first(page: Page, phone: BrowserContext, office) -> None:
    listen(page, beyond=0.2)
    other = phone.new_page()
    other.goto(f"{office.address}/so/2022-12")
    listen(other, beyond=0.2)
    until(page, lambda: bool(page.evaluate("document.querySelector('audio').paused")))


@pytest.mark.parametrize("path", WITH_TOOLS.values(), ids=WITH_TOOLS)
def test_no_page_is_wider_than_a_small_phone_at_any_size(browser: Browser, office, path: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 568})
    page = context.new_page()
    page.goto(f"{office.address}/{path}")
    for _ in range(5):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.locator("[data-size='1']").click()
    context.close()


@pytest.mark.parametrize("path", ["loa/2023-01", "nhung/2023-01"])
def test_a_page_without_tools_is_no_wider_either(browser: Browser, office, path: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 568})
    page = context.new_page()
    page.goto(f"{office.address}/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_with_wcags_text_spacing_nothing_is_cut_off(browser: Browser, office) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 568}, bypass_csp=True)
    page = context.new_page()
    for path in ("", "so/2023-01", "tim?q=gio"):
        page.goto(f"{office.address}/{path}")
        page.add_style_tag(
            content="* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important} p {margin-bottom: 2em !important}"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        cut = page.evaluate(
            """() => [...document.querySelectorAll('button, .button')].filter((each) => each.offsetParent && !each.matches('.here'))
                 .filter((each) => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1).map((each) => each.outerHTML.slice(0, 90))"""
        )
        assert cut == [], path
    context.close()


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_everything_to_press_is_large(blank: Page, office, path: str) -> None:
    """But what only keyboards and screen readers meet: the buttons at the paragraphs."""
    blank.goto(f"{office.address}/{path}")
    small = blank.evaluate(
        """() => [...document.querySelectorAll('button, .button, .rows a, nav a, input, header a, footer a, .results a')]
             .filter((each) => each.offsetParent && each.type !== 'radio' && each.type !== 'checkbox')
             .filter((each) => !each.matches('.here') && each.getBoundingClientRect().height < 60)
             .map((each) => each.outerHTML.slice(0, 80))"""
    )
    assert small == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing_on_any_kind_of_page_in_any_colours(browser: Browser, office, path: str) -> None:
    """WCAG 2.2 A and AA, and AAA for contrast."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    rules = {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{office.address}/{path}")
    for colours in ({"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}):
        page.emulate_media(**colours)
        found = Axe().run(page, options={"runOnly": tags, "rules": rules})
        assert found.violations_count == 0, (colours, found.generate_report())
    context.close()


@pytest.mark.parametrize("colour", ["Sáng", "Tối", "Vàng trên đen"])
def test_axe_finds_nothing_while_it_plays_in_each_of_our_own_colours(page: Page, colour: str) -> None:
    page.get_by_role("button", name="Màu nền").click()
    page.get_by_role("button", name=colour).click()
    page.keyboard.press("?")
    page.locator("#c01b02s1").click()
    until(page, lambda: page.locator(".s[aria-current]").count() == 1)
    rules = {"color-contrast-enhanced": {"enabled": True}}
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"], "rules": rules})
    assert found.violations_count == 0, found.generate_report()


def test_without_script_sound_chapters_and_downloads_are_there(browser: Browser, office) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{office.address}/so/2023-01")
    assert page.locator("audio[controls]").is_visible()
    assert page.locator("a.hear").first.get_attribute("href").split("#t=")[1] == "0.0"
    assert page.get_by_text("Tệp PDF").first.is_visible()
    assert not page.locator(".controls").is_visible()
    assert not page.locator(".tools").is_visible()
    context.close()


def test_the_exported_site_plays_from_a_folder(phone: BrowserContext, office, tmp_path: Path) -> None:
    export(office.shelf, tmp_path)
    page = phone.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    page.get_by_role("link", name="Xem các bài và đọc chữ").click()
    listen(page, beyond=0.3)


def test_a_sentence_is_heard_again(page: Page, office) -> None:
    cues = {cue.id: cue.start_ms / 1000 for cue in office.latest.timeline.sentences}
    page.locator("#c01b02s2").click()
    until(page, lambda: time_of(page) > cues["c01b02s2"] + 3)
    page.get_by_role("button", name="Lùi một câu").click()
    until(page, lambda: time_of(page) < cues["c01b02s2"] + 1)
    page.get_by_role("button", name="Lùi một câu").click()  # soon again: the one before
    until(page, lambda: time_of(page) < cues["c01b02s1"] + 1.5)


def test_the_sleep_timer_stops_at_the_end_of_the_article_and_the_place_stays(page: Page, office) -> None:
    page.locator("a.hear[data-chapter=opening]").click()
    until(page, lambda: time_of(page) > 0.2)
    page.get_by_text("Khi hết bài").click()
    page.evaluate(f"document.querySelector('audio').currentTime = {chapter_start(office, 'c01') - 1}")
    until(page, lambda: "Đã tắt theo giờ hẹn" in page.locator(".message").inner_text())
    assert page.evaluate("document.querySelector('audio').paused")
    assert abs(time_of(page) - chapter_start(office, "c01")) < 0.3
    assert page.get_by_label("Không hẹn").is_checked()


def test_the_sleep_timer_stops_after_its_minutes(phone: BrowserContext, office) -> None:
    page = phone.new_page()
    page.clock.install()
    page.goto(f"{office.address}/so/2023-01")
    listen(page, beyond=0.2)
    page.get_by_text("Sau 15 phút").click()
    assert "Sẽ tắt sau: 15 phút" in page.locator(".message").inner_text()
    page.clock.fast_forward(15 * 60_000 + 1_000)
    until(page, lambda: page.evaluate("document.querySelector('audio').paused"))
    assert "Đã tắt theo giờ hẹn" in page.locator(".message").inner_text()


def test_the_other_keys(page: Page) -> None:
    page.keyboard.press("Space")
    until(page, lambda: time_of(page) > 0.2)
    page.keyboard.press("]")
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.25
    page.keyboard.press("[")
    page.keyboard.press("[")
    assert page.evaluate("document.querySelector('audio').playbackRate") == 0.75
    page.keyboard.press("m")
    assert page.evaluate("document.querySelector('audio').muted")
    page.keyboard.press("Space")
    assert page.evaluate("document.querySelector('audio').paused")
    page.locator("#thoi-gian").focus()
    before = time_of(page)
    page.keyboard.press("ArrowRight")
    until(page, lambda: abs(time_of(page) - before - 5) < 0.5)
    page.keyboard.press("?")
    assert page.get_by_role("heading", name="Phím tắt ở trang nghe").is_visible()
    page.locator("#phim-tat").get_by_role("button", name="Đóng").click()
    assert not page.locator("#phim-tat").is_visible()


def test_a_space_on_a_button_presses_that_button_alone(page: Page) -> None:
    page.locator("[data-colours]").focus()
    page.keyboard.press("Space")
    assert page.locator("#mau").is_visible()
    assert page.evaluate("document.querySelector('audio').paused")


def test_the_time_line_is_silent_for_a_screen_reader_while_it_has_the_focus(page: Page) -> None:
    listen(page, beyond=0.2)
    page.locator("#thoi-gian").focus()
    said = page.locator("#thoi-gian").get_attribute("aria-valuetext")
    page.wait_for_timeout(1_500)
    assert page.locator("#thoi-gian").get_attribute("aria-valuetext") == said


def test_who_scrolls_away_is_left_there_and_can_come_back(page: Page) -> None:
    page.locator("#c01b02s1").click()
    until(page, lambda: page.locator(".s[aria-current]").count() == 1)
    page.wait_for_timeout(1_300)
    page.evaluate("document.querySelector('.foot').scrollIntoView()")
    button = page.get_by_role("button", name="Về câu đang đọc")
    until(page, lambda: button.is_visible())
    place = page.evaluate("window.pageYOffset")
    page.wait_for_timeout(2_500)
    assert page.evaluate("window.pageYOffset") == place
    button.click()
    until(
        page,
        lambda: page.evaluate(
            "(() => { const box = document.querySelector('.s[aria-current]').getBoundingClientRect(); return box.top > 0 && box.bottom < innerHeight; })()"
        ),
    )


def test_the_lock_screen_is_told_what_is_heard(page: Page) -> None:
    listen(page, beyond=0.2)
    told = page.evaluate("[navigator.mediaSession.metadata.title, navigator.mediaSession.metadata.artwork.length]")
    assert told == ["Mở đầu", 1]


def test_on_a_slow_line_the_page_answers_in_five_seconds_and_is_heard_in_eight(
    phone: BrowserContext, office, slow_line: Callable[[str], str]
) -> None:
    """Slow 3G as Chromium's own tools have it: 400 ms to and fro, 400 kbit/s; for all that the page fetches together."""
    page, address = phone.new_page(), slow_line(office.address)
    page.goto(f"{address}/so/2023-01", wait_until="commit", timeout=5_000)
    page.locator("button.play").click(timeout=5_000)
    for _ in range(80):
        if time_of(page) > 0.1:
            return
        page.wait_for_timeout(100)
    raise AssertionError("nothing was heard in eight seconds")


def test_a_picture_can_be_seen_alone_and_large(page: Page, office) -> None:
    page.locator("a.zoom").first.click()
    assert page.url.startswith(f"{office.address}/m/")
    assert page.locator("img").evaluate("image => image.naturalWidth") == 640


def test_nothing_jumps_when_the_script_comes_late(phone: BrowserContext, office) -> None:
    phone.add_init_script(
        "window.jumped = 0; new PerformanceObserver((list) => list.getEntries().forEach((each) => { window.jumped += each.value; }))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )

    def late(route: Route) -> None:
        time.sleep(1)
        route.continue_()

    phone.route("**/player.*.js", late)
    for path in ("", "so/2023-01", "so/2023-01/bai-1"):
        page = phone.new_page()
        page.goto(f"{office.address}/{path}")
        page.wait_for_timeout(300)
        assert page.locator("button.play").is_visible()
        assert page.evaluate("window.jumped") < 0.1, path


def test_if_the_script_never_comes_the_native_player_is_there(phone: BrowserContext, office) -> None:
    page = phone.new_page()
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"{office.address}/so/2023-01")
    assert page.locator("audio[controls]").is_visible()
    page.evaluate("document.querySelector('audio').play()")
    page.wait_for_timeout(1_000)
    assert time_of(page) > 0
