"""The books in programs that people use: Ace by DAISY finds nothing, and foliate-js reads them aloud sentence by sentence."""

import functools
import re
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page

MODULES = Path(__file__).parents[2] / "node_modules"
SMIL = "{http://www.w3.org/ns/SMIL}"


@pytest.mark.parametrize("kind", ["epub", "epub-light"])
def test_ace_finds_nothing(file: Callable[[str], Path], ace: Callable[[Path], list[str]], kind: str) -> None:
    assert ace(file(kind)) == []


@pytest.mark.parametrize("kind", ["epub", "epub-light"])
def test_ace_finds_nothing_in_an_ugly_issue(
    tmp_path: Path, desk: Any, ace: Callable[[Path], list[str]], kind: str
) -> None:
    result = desk.made(tmp_path, desk.ugly(), kinds=(kind,))
    assert ace(tmp_path / "editions" / result.editions[0].file) == []


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def reader(file: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """foliate-js (the engine of GNOME's reader Foliate) with the book beside it."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(MODULES / "foliate-js", folder / "foliate")
    shutil.copyfile(file("epub"), folder / "book.epub")
    (folder / "index.html").write_text("<!DOCTYPE html><title>reader</title><body style='height:900px'></body>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    thread.join()
    server.server_close()


_OPEN = """async () => {
    await import('./foliate/view.js');
    const view = document.createElement('foliate-view');
    view.style.cssText = 'display:block;width:600px;height:800px';
    document.body.append(view);
    await view.open(new File([await (await fetch('book.epub')).blob()], 'book.epub'));
    window.view = view; window.heard = []; window.marked = []; window.wrong = [];
    view.mediaOverlay.addEventListener('error', event => window.wrong.push(String(event.detail)));
    view.mediaOverlay.addEventListener('highlight', event => {
        window.heard.push(event.detail.text);
        setTimeout(() => {
            for (const { doc } of view.renderer.getContents())
                for (const element of doc.querySelectorAll('.-epub-media-overlay-active'))
                    window.marked.push(element.id);
        }, 60);
    });
    return view.book.sections.length;
}"""
_PLAY = """async name => {
    const at = window.view.book.sections.findIndex(section => section.id.endsWith(name));
    await window.view.goTo(at);
    window.view.mediaOverlay.setRate(1);
    await window.view.mediaOverlay.start(at);
}"""


@pytest.fixture
def page(browser: Browser, reader: str) -> Iterator[Page]:
    with browser.new_page() as page:
        page.goto(reader)
        page.evaluate(_OPEN)
        yield page


def test_a_reading_system_plays_the_article_sentence_by_sentence_and_goes_on(
    page: Page, file: Callable[[str], Path]
) -> None:
    with zipfile.ZipFile(file("epub")) as book:
        smil = ElementTree.fromstring(book.read("EPUB/closing.xhtml.smil"))
        wanted = [
            each.get("src") for each in ElementTree.fromstring(book.read("EPUB/c01.xhtml.smil")).iter(f"{SMIL}text")
        ]
    after = next(smil.iter(f"{SMIL}text")).get("src")
    page.evaluate(_PLAY, "c01.xhtml")
    page.wait_for_function("after => window.heard.some(text => text.endsWith(after))", arg=after, timeout=120_000)
    heard = [re.sub(r"^EPUB/", "", text) for text in page.evaluate("window.heard")]
    played = list(dict.fromkeys(heard))
    assert played == [each for each in [*wanted, after] if each in played]  # in the book's order
    # It looks every quarter of a second, later on a busy machine, and may pass by one of our half-second sentences.
    assert len(played) >= len(wanted) * 0.7
    assert page.evaluate("window.wrong") == []


def test_a_reading_system_marks_the_sentence_that_is_heard(page: Page) -> None:
    page.evaluate(_PLAY, "c01.xhtml")
    page.wait_for_function("window.marked.includes('c01b02s1')", timeout=120_000)


def test_a_reading_system_shows_every_article_in_its_contents(page: Page) -> None:
    assert page.evaluate("window.view.book.toc.map(entry => entry.label.trim())") == ["Mở đầu", "Giữ ấm", "Lời kết"]
    assert page.evaluate("window.view.book.toc[1].subitems.map(entry => entry.label.trim())") == ["Mục nhỏ"]
