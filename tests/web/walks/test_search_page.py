"""Searching as one does it: on the server, in the export from file://, and by keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from web.export import export


def texts(page: Page) -> list[str]:
    return page.locator(".results mark").all_inner_texts()


@pytest.fixture(params=["server", "export"])
def home(request: pytest.FixtureRequest, office, tmp_path: Path) -> str:
    if request.param == "server":
        return f"{office.address}/"
    export(office.shelf, tmp_path)
    return (tmp_path / "index.html").as_uri()


def test_words_without_diacritics_find_the_sentence_and_it_is_heard_from_there(phone, office, home: str, until) -> None:
    page, asked = phone.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(home)
    page.get_by_label("Tìm trong bản tin").fill("gio manh")
    page.keyboard.press("Enter")
    until(page, lambda: page.locator("#ket-qua").is_visible() and texts(page))
    assert texts(page)[:2] == ["gió", "mạnh"]
    assert page.locator("#ket-qua").inner_text() == "Tìm thấy ở 1 bài"
    assert "alert(1)" in page.locator(".results li").first.inner_text()  # shown, not run
    page.get_by_role("link", name="Nghe từ đây").first.click()
    cue = next(cue for cue in office.latest.timeline.sentences if cue.id == "c01b03s1")
    page.locator("html.script").wait_for(state="attached")  # it begins by itself: a press would pause it
    until(page, lambda: page.evaluate("document.querySelector('audio').currentTime") > cue.start_ms / 1000)
    assert page.evaluate("document.querySelector('audio').currentTime") < cue.end_ms / 1000 + 2
    assert not [address for address in asked if "://" in address and not address.startswith((office.address, "file:"))]


def test_what_is_nowhere_leads_on_to_the_issues(phone, home: str, until) -> None:
    page = phone.new_page()
    page.goto(home)
    page.get_by_label("Tìm trong bản tin").fill("khongcogica")
    page.get_by_role("button", name="Tìm").click()
    until(page, lambda: page.locator("#ket-qua").is_visible())
    assert page.locator("#ket-qua").inner_text() == "Không tìm thấy"
    assert page.get_by_role("link", name="Bản tin số 12").first.is_visible()


def test_typing_errors_are_forgiven_by_the_server_and_said(phone, office) -> None:
    page = phone.new_page()
    page.goto(f"{office.address}/tim?q=nhieetj+dooj")
    assert texts(page)[:2] == ["Nhiệt", "độ"]
    assert "Đây là kết quả cho: nhiet do" in page.locator(".notice").inner_text()


def test_an_answer_is_not_kept_by_anyone_and_a_question_is_only_shown(office) -> None:
    from urllib.request import urlopen

    answer = urlopen(f"{office.address}/tim?q=%3Cscript%3Ealert(2)%3C/script%3E")
    assert "max-age=0" in answer.headers["Cache-Control"]
    assert b"<script>alert(2)" not in answer.read()
