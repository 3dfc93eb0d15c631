"""Open pages in a real browser that can reach nothing, and record everything that they try.

In: the path of a page or its HTML. Out: a Playwright page with what it asked for and what it complained of.
What is looked for in a page is the work of the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Dialog, Page, Route, TimeoutError, sync_playwright

from tests.chromium import FLAGS, find_chromium

READY = "html[data-mapgen=ready]"
NO_HOSTS = "--host-resolver-rules=MAP * ~NOTFOUND"


@dataclass
class Opened:
    """A page that was opened.

    Attributes
    ----------
    page : Page
    requests : list of str
        Addresses that it asked for, other than its own.
    complaints : list of str
        Console messages, uncaught errors, dialogues and violations of its policy.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def wait_until_drawn(self) -> None:
        """Wait until the map is drawn; fails with the complaints if that takes over twenty seconds."""
        try:
            self.page.wait_for_selector(READY)
        except TimeoutError as error:
            raise AssertionError(f"the map was not drawn: {self.complaints} {self.requests}") from error

    def assert_quiet(self) -> None:
        """Fail if the page has asked for anything or complained of anything."""
        assert self.requests == []
        assert self.complaints == []


@contextmanager
def start_browser() -> Iterator[Browser]:
    """Start Chromium without a network."""
    chromium = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, NO_HOSTS])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(browser: Browser, source: Path | str, *, address: str = "", **options: Any) -> Iterator[Opened]:
    """Open a page from a file, or HTML at an address that only this browser knows.

    Parameters
    ----------
    browser : Browser
    source : Path or str
        A file, or the HTML itself.
    address : str
        What follows the file's name, such as ``#claim``.
    **options
        For Playwright's ``new_context``; the viewport is 1280 x 800 unless it is given.
    """
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    own = source.as_uri() if isinstance(source, Path) else "http://page.test/"
    context.set_default_timeout(20_000)
    page = context.new_page()
    opened = Opened(page)

    def answer(route: Route) -> None:
        url = route.request.url.split("#")[0]
        if url == own and isinstance(source, str):
            route.fulfill(body=source, content_type="text/html; charset=utf-8")
        elif url == own or url.startswith("about:"):
            route.continue_()
        else:
            opened.requests.append(url)
            route.abort()

    context.route("**/*", answer)
    page.on("request", lambda request: _note_foreign(opened, request.url, own))
    page.on("console", lambda message: opened.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: opened.complaints.append(f"error: {error}"))
    page.on("dialog", lambda dialog: _refuse(opened, dialog))
    try:
        page.goto(own + address)
        yield opened
    finally:
        context.close()


def _note_foreign(opened: Opened, url: str, own: str) -> None:
    if url.split("#")[0] != own and not url.startswith(("about:", "data:")) and url not in opened.requests:
        opened.requests.append(url)


def _refuse(opened: Opened, dialog: Dialog) -> None:
    opened.complaints.append(f"dialogue: {dialog.message}")
    dialog.dismiss()
