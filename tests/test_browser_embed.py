"""Embedded maps in a real browser: heights that fit, a strict policy, two maps on one page, a phone.

What is pasted is what `mapgen.embed` prints. The page around it and the maps come from two hosts that only
this browser knows.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, Route

from mapgen.embed import HEIGHT, STYLE, Subject, embed, has_links, policy, receiver
from tests.browser import READY, start_browser
from tests.projects import default_edition

HOST, MAPS = "https://host.test/", "https://maps.test/"
DESK = {"viewport": {"width": 1000, "height": 800}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
RED = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='25'><rect width='40' height='25'/></svg>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with start_browser() as started:
        yield started


def subject(name: str, **changes: Any) -> Subject:
    page = default_edition().pages[f"{name}.html"]
    own = {
        "title": f"The map {name}",
        "alt": "A map",
        "has_links": has_links(page),
        "address": f"{MAPS}{name}.html",
    }
    return Subject(**{**own, **changes})


def inline(name: str) -> Subject:
    return subject(name, html=default_edition().pages[f"{name}.html"], address="")


@dataclass
class Around:
    """A page around maps, as it was opened."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def frames(self) -> list[Frame]:
        """The maps, drawn; a frame that loads lazily is scrolled to first."""
        found = []
        for element in self.page.query_selector_all("iframe"):
            element.scroll_into_view_if_needed()
            frame = element.content_frame()
            assert frame is not None
            frame.wait_for_selector(READY)
            found.append(frame)
        return found

    def heights(self) -> list[int]:
        """The heights of the frames, once they have been told."""
        self.frames()
        self.page.wait_for_timeout(100)
        return self.page.eval_on_selector_all("iframe", "all => all.map(frame => frame.clientHeight)")


@contextmanager
def around(browser: Browser, body: str, rules: str = "", style: str = "", **options: Any) -> Iterator[Around]:
    """Open a page with embedded maps; `rules` are its Content-Security-Policy."""
    context = browser.new_context(ignore_https_errors=True, **{**DESK, **options})
    context.set_default_timeout(20_000)
    opened = Around(context.new_page())
    text = (
        f"<!DOCTYPE html><meta name=viewport content='width=device-width'><title>Report</title>"
        f"{f'<style>{style}</style>' if style else ''}<p>Before</p>{body}<p>After</p>"
    ) + "<p>Text</p>" * 40
    pages = {HOST: (text, rules)} | {
        f"{MAPS}{name}": (page, "") for name, page in default_edition().pages.items()
    }

    def answer(route: Route) -> None:
        url = route.request.url.split("#")[0]
        if url == f"{MAPS}card.svg":
            route.fulfill(body=RED, content_type="image/svg+xml")
        elif url in pages:
            sent, wanted = pages[url]
            headers = {"Content-Security-Policy": wanted} if wanted else {}
            route.fulfill(body=sent, content_type="text/html; charset=utf-8", headers=headers)
        else:
            opened.requests.append(url)
            route.abort()

    context.route("**/*", answer)
    opened.page.on("console", lambda message: opened.complaints.append(message.text))
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    try:
        opened.page.goto(HOST)
        yield opened
    finally:
        context.close()


def strict(*subjects: Subject, script: bool = True, style: str = "") -> str:
    """A policy that allows nothing but what mapgen says is needed, and the page's own style."""
    needed = {rule for each in subjects for rule in policy(each, script=script)}
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return "; ".join(
        ["default-src 'none'", "img-src https://maps.test", f"style-src 'sha256-{digest}'", *sorted(needed)]
    )


def inner_scroll(frame: Frame) -> int:
    """How far the document in a frame scrolls: pixels that a reader would be caught in."""
    return int(frame.evaluate("document.documentElement.scrollHeight - window.innerHeight"))


def swipe(page: Page, x: float, y: float) -> None:
    """Move one finger upwards."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        moved = [{"x": x, "y": y - 25 * step}]
        devtools.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": moved})
        page.wait_for_timeout(16)
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_two_maps_on_a_page_with_a_strict_policy_get_their_own_heights(browser: Browser) -> None:
    one, two = subject("overview"), subject("border-concerns")
    with around(browser, embed(one) + embed(two), strict(one, two)) as opened:
        heights = opened.heights()
        assert all(460 <= height <= 900 for height in heights)
        assert HEIGHT not in heights, "the heights are those that the maps told"
        for frame in opened.frames():
            assert inner_scroll(frame) <= 0
            assert frame.evaluate("document.querySelector('.map-box').offsetHeight") >= 340
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert (opened.complaints, opened.requests) == ([], [])


def test_a_frame_follows_the_width_of_its_page_and_settles(browser: Browser) -> None:
    one = subject("overview")
    with around(browser, embed(one)) as opened:
        (wide,) = opened.heights()
        opened.page.set_viewport_size({"width": 700, "height": 800})
        opened.page.wait_for_function(f"document.querySelector('iframe').clientHeight !== {wide}")
        (narrow,) = opened.heights()
        assert narrow < 600, "the list lies behind a bar, and nothing scrolls but the page"
        opened.page.set_viewport_size({"width": 1000, "height": 800})
        opened.page.wait_for_function(f"document.querySelector('iframe').clientHeight === {wide}")
        assert opened.complaints == []


def test_on_a_phone_the_map_fits_and_a_swipe_over_it_moves_the_page(browser: Browser) -> None:
    one, two = subject("overview"), subject("border-concerns")
    with around(browser, embed(one) + embed(two), strict(one, two), **PHONE) as opened:
        assert all(400 <= height < 600 for height in opened.heights())
        assert all(inner_scroll(frame) <= 0 for frame in opened.frames())
        opened.page.evaluate("scrollTo(0, 0)")
        box = opened.page.locator("iframe").first.bounding_box()
        assert box is not None
        swipe(opened.page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        opened.page.wait_for_function("scrollY > 100")
        assert "shown" in str(opened.frames()[0].get_attribute(".hint", "class"))
        assert opened.complaints == []


def test_a_wheel_over_the_map_or_the_end_of_its_list_moves_the_page(browser: Browser) -> None:
    one = subject("overview")
    with around(browser, embed(one)) as opened:
        opened.heights()
        (frame,) = opened.frames()
        frame.evaluate("document.querySelector('.panel-body').scrollTo(0, 1e6)")
        for share in (0.3, 0.9):
            opened.page.evaluate("scrollTo(0, 0)")
            box = opened.page.locator("iframe").bounding_box()
            assert box is not None
            opened.page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
            opened.page.mouse.wheel(0, 200)
            opened.page.wait_for_function("scrollY > 100")


def test_the_whole_map_inside_a_page_is_drawn_and_told_apart(browser: Browser) -> None:
    one, two = inline("overview"), inline("border-concerns")
    with around(browser, embed(one) + embed(two)) as opened:
        heights = opened.heights()
        assert HEIGHT not in heights
        for frame in opened.frames():
            assert frame.locator("nav.maps").count() == 0, "no link to a file that is not there"
        assert (opened.complaints, opened.requests) == ([], [])


def test_a_page_without_scripts_shows_the_map_at_a_fixed_shape(browser: Browser) -> None:
    one = subject("overview")
    pasted = embed(one, script=False)
    assert "<script" not in pasted
    with around(browser, pasted, strict(one, script=False, style=STYLE), STYLE) as opened:
        (height,) = opened.heights()
        width = opened.page.eval_on_selector("iframe", "frame => frame.clientWidth")
        assert abs(width / height - 16 / 10) < 0.02
        assert opened.complaints == []


def test_without_javascript_a_reader_gets_the_picture_and_the_list(browser: Browser) -> None:
    one = subject("overview", picture=f"{MAPS}card.svg")
    with around(browser, embed(one), java_script_enabled=False) as opened:
        assert opened.page.locator("noscript img").evaluate("image => image.naturalWidth") == 40
        frame = opened.page.frame_locator("iframe")
        assert frame.get_by_text("Kazakhstan lies between those republics and Russia.").is_visible()


def test_no_other_frame_can_set_a_height_and_none_an_absurd_one(browser: Browser) -> None:
    told = "for (const height of [1e9, -5, NaN, '<b>', {}, 700]) parent.postMessage({mapgen: height}, '*')"
    bad = f"<script>{told}</script>"
    strange = (
        f'<iframe title="strange" srcdoc="{html.escape(bad)}" height="300" sandbox="allow-scripts"></iframe>'
    )
    absurd = strange.replace("700", "1").replace('title="strange"', 'title="absurd" data-mapgen')
    with around(browser, f"<script>{receiver()}</script>{strange}{absurd}") as opened:
        opened.page.wait_for_timeout(300)
        assert opened.page.eval_on_selector_all("iframe", "all => all.map(f => f.height)") == ["300", "300"]
        assert opened.complaints == []


def test_sources_open_outside_of_the_frame(browser: Browser) -> None:
    page = (
        default_edition()
        .pages["overview.html"]
        .replace("</h1>", '</h1><a href="https://source.test/" rel="noopener noreferrer">source</a>', 1)
    )
    linked = subject("overview", html=page, address="", has_links=True)
    with around(browser, embed(linked)) as opened:
        (frame,) = opened.frames()
        with opened.page.context.expect_page() as popup:
            frame.get_by_text("source", exact=True).click()
        assert popup.value != opened.page
        assert opened.requests == ["https://source.test/"]
