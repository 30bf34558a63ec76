"""A telephone to walk with, and waiting for what a page does."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE)
    yield context
    context.close()


@pytest.fixture
def until() -> Callable[[Page, Callable[[], object]], None]:
    """The site's policy forbids Playwright's own waiting for a script's value."""

    def wait(page: Page, holds: Callable[[], object]) -> None:
        for _ in range(100):
            if holds():
                return
            page.wait_for_timeout(100)
        raise AssertionError(page.evaluate("document.body.innerText")[:600])

    return wait
