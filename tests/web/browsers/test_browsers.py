"""The same walk in browsers of 2018 and 2019, in Firefox and in WebKit: what an old telephone opens from Zalo."""

import json
import time
from pathlib import Path
from urllib.parse import quote

from web.export import export

TIME = "document.querySelector('audio').currentTime"

MARKS_ARE_NOTED = """(window.marks = [], new MutationObserver(function (changes) {
  changes.forEach(function (each) { if (each.target.getAttribute('aria-current')) { window.marks.push(each.target.id); } });
}).observe(document.querySelector('.text'), {attributes: true, subtree: true, attributeFilter: ['aria-current']}), true)"""
# noted by the page itself: whoever asks from outside may come too late for a short sentence


def test_an_issue_is_heard_read_along_and_resumed(remote, office, until) -> None:
    start = next(cue.start_ms for cue in office.latest.timeline.chapters if cue.id == "c02") / 1000
    remote.open(f"{office.address}/so/2023-01")
    assert remote.ask("document.documentElement.classList.contains('script')"), "the script did not run"
    assert remote.ask("document.documentElement.scrollWidth <= window.innerWidth")
    assert remote.ask("document.querySelector('.play').getBoundingClientRect().bottom <= window.innerHeight")
    remote.press("button.play")
    until(remote, f"{TIME} > 0.3")
    assert remote.ask("document.querySelector('button.play').textContent.trim()") == "Tạm dừng"
    remote.press("a.hear[data-chapter=c02]")
    until(remote, f"{TIME} >= {start} && {TIME} < {start + 60}")
    until(remote, "document.querySelector('.contents a[aria-current]').getAttribute('data-chapter') === 'c02'")
    remote.press("button.play")  # a page that follows the voice may turn just when a finger comes down
    until(remote, "document.querySelector('audio').paused")
    assert remote.ask(MARKS_ARE_NOTED)
    remote.press("#c01b02s1")
    until(remote, "window.marks.indexOf('c01b02s1') >= 0")
    until(remote, marked_is_said(office, first="c01b02s1"))
    remote.press("input[name=toc-do][value='0.75']")
    assert remote.ask("document.querySelector('audio').playbackRate") == 0.75
    remote.press("[data-colours]")
    remote.press("[data-colour=vang]")
    assert remote.ask("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    remote.press("button.play")
    until(remote, "document.querySelector('audio').paused")
    remote.open(f"{office.address}/cach-nghe")
    assert remote.ask("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    remote.open(f"{office.address}/so/2023-01")
    assert remote.ask("document.querySelector('[data-do=resume]').offsetParent !== null")
    assert remote.ask("document.querySelector('[data-do=resume]').textContent").startswith("Nghe tiếp")


def marked_is_said(office, *, first: str) -> str:
    """That the voice is in an article from a sentence on, and the marked sentence is the one being said."""
    said = [cue for cue in office.latest.timeline.sentences if cue.id.startswith(first[:3]) and cue.id >= first]
    cues = json.dumps({cue.id: (cue.start_ms / 1000, cue.end_ms / 1000) for cue in said if cue.id[3] == "b"})
    holds = "marked in cues && cues[marked][0] - 0.3 <= time && time < cues[marked][1] + 1.5"
    marked = "(document.querySelector('.text .s[aria-current]') || {}).id"
    return f"(function (cues, time, marked) {{ return {holds}; }})({cues}, {TIME}, {marked})"


def test_the_loudspeaker_page_is_ready_and_plays(remote, office, until) -> None:
    remote.open(f"{office.address}/loa/2023-01")
    until(remote, "document.querySelector('.ready').textContent.indexOf('Sẵn sàng') === 0")
    remote.press("[data-do=play]")
    until(remote, "document.querySelector('body > audio').currentTime > 0.3")
    remote.press("[data-do=stop]")
    assert not remote.ask("document.querySelector('body > audio').paused")
    time.sleep(1)  # a second press at once is a trembling hand's, and stops nothing
    remote.press("[data-do=stop]")
    assert remote.ask("document.querySelector('body > audio').paused"), "it went on, or stopped only at its end"


def test_the_exported_site_finds_words_by_itself(remote, office, until, tmp_path: Path, static_server) -> None:
    export(office.shelf, tmp_path)
    with static_server(tmp_path) as address:
        began = time.monotonic()
        remote.open(f"{address}/tim/index.html?q={quote('gio manh')}")
        until(remote, "document.querySelectorAll('.results mark').length > 1")
        assert time.monotonic() - began < 60
        assert remote.ask("document.querySelector('.results mark').textContent") == "gió"
