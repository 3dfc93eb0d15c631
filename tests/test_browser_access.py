"""Access: axe-core finds nothing in any state, all by keyboard, a tree that reads as the map's content.

And pages that reflow, keep still, stand out and can be touched where readers ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mapgen.build import build_project
from tests.browser import Opened, open_page, start_browser
from tests.projects import default_project

AXE = (Path(__file__).parent / "data" / "axe-core" / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = f"axe.run(document, {{runOnly: {{type: 'tag', values: {TAGS}}}, resultTypes: ['violations']}})"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with start_browser() as started:
        yield started


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default project's overview, in English and Persian."""
    folder = tmp_path_factory.mktemp("access")
    project = default_project().model_copy(update={"languages": ("en", "fa")})
    for name, page in build_project(project).pages.items():
        (folder / name).write_text(page, encoding="utf-8")
    return folder / "overview.html"


def _findings(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate(RUN)["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def _lay_open_filters(opened: Opened) -> None:
    opened.page.get_by_role("button", name="Filter").click()
    for summary in opened.page.locator(".facet summary").all():
        summary.click()


def _print(opened: Opened) -> None:
    opened.page.emulate_media(media="print")
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")


def _find_nothing(opened: Opened) -> None:
    opened.page.get_by_role("searchbox").fill("nothing has this word")


def _without_script(opened: Opened) -> None:
    # axe is a script itself: the page is put into the state that it has without any.
    opened.page.evaluate("document.documentElement.classList.remove('js')")


STATES: dict[str, tuple[str, dict[str, Any], Any]] = {
    "list": ("", {}, None),
    "open claim": ("#hertling-passage", {}, None),
    "filters": ("", {}, _lay_open_filters),
    "nothing found": ("", {}, _find_nothing),
    "dark": ("#hertling-passage", {"color_scheme": "dark"}, _lay_open_filters),
    "right to left": ("#hertling-passage&language=fa", {}, None),
    "phone": ("#hertling-passage", PHONE, None),
    "frame": ("#hertling-passage", {"viewport": {"width": 640, "height": 480}}, None),
    "reduced motion": ("", {"reduced_motion": "reduce"}, None),
    "more contrast": ("#hertling-passage", {"contrast": "more"}, None),
    "forced colours": ("#hertling-passage", {"forced_colors": "active"}, None),
    "400 %": ("", {"viewport": {"width": 320, "height": 256}}, None),
    "print": ("", {}, _print),
    "no script": ("", {}, _without_script),
}


OF_MANY = ("list", "filters", "nothing found", "dark", "right to left")


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(browser: Browser, path: Path, state: str) -> None:
    address, options, act = STATES[state]
    # The small map has all that a page has but the tools for many claims, and is looked through sooner.
    file = path if state in OF_MANY else path.with_name("border-concerns.html")
    with open_page(browser, file, address=address, **options) as opened:
        opened.wait_until_drawn()
        if act:
            act(opened)
        assert _findings(opened.page) == []


def test_axe_finds_what_is_wrong(browser: Browser, path: Path) -> None:
    with open_page(browser, path.with_name("border-concerns.html")) as opened:
        opened.wait_until_drawn()
        opened.page.evaluate("document.querySelector('[data-do=in]').removeAttribute('aria-label')")
        opened.page.evaluate("document.querySelector('[data-do=in]').removeAttribute('title')")
        opened.page.evaluate("document.querySelector('[data-do=in]').textContent = ''")
        assert [each.split(":")[0] for each in _findings(opened.page)] == ["button-name"]


def _focused(page: Page) -> str:
    named = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
    return str(page.evaluate(named))


def _tab_to(page: Page, wanted: str, *, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({wanted!r})"):
            ring = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(ring) != "none", wanted
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_everything_is_done_by_keyboard_alone(browser: Browser, path: Path) -> None:
    with open_page(browser, path) as opened:
        opened.wait_until_drawn()
        page, keys = opened.page, opened.page.keyboard
        page.keyboard.press("Tab")
        assert _focused(page) == "Skip the map, read the claims"
        keys.press("Enter")
        page.locator("#claims").wait_for()
        _tab_to(page, "input.query")
        keys.type("Kazakhstan")
        expect(page.locator(".count")).to_contain_text("of 14")
        keys.press("Control+A")
        keys.press("Delete")
        _tab_to(page, ".tool")
        keys.press("Enter")
        _tab_to(page, ".facet summary")
        keys.press("Enter")
        _tab_to(page, ".facet input")
        keys.press("Space")
        assert page.locator(".chip").count() == 1
        keys.press("Space")
        assert page.locator(".chip").count() == 0
        _tab_to(page, ".switch")
        keys.press("Space")
        assert page.locator(".group.off").count() == 1
        keys.press("Space")
        _tab_to(page, ".head")
        keys.press("Enter")
        assert page.locator(".claim.open").count() == 1
        _tab_to(page, ".claim.open a")
        keys.press("Escape")
        assert page.locator(".claim.open").count() == 0
        opened.assert_quiet()


def test_the_map_is_used_by_keyboard_alone(browser: Browser, path: Path) -> None:
    with open_page(browser, path) as opened:
        opened.wait_until_drawn()
        page, keys = opened.page, opened.page.keyboard
        _tab_to(page, ".languages button:not([aria-pressed=true])")
        _tab_to(page, "[data-do=in]")
        keys.press("Enter")
        expect(page).to_have_url(re.compile("#@"))
        _tab_to(page, "[data-do=region]")
        keys.press("Enter")
        _tab_to(page, "select")
        keys.press("ArrowDown")
        expect(page).to_have_url(re.compile("worldview="))
        _tab_to(page, ".map")
        before = page.url
        keys.press("+")
        expect(page).not_to_have_url(before)
        _tab_to(page, ".mark")
        assert _focused(page).startswith("Claim 1, location 1 of 3: Afghanistan's northern borders")
        keys.press("Enter")
        assert page.locator(".claim.open").count() == 1
        assert page.evaluate("document.activeElement.matches('.claim.open .head')")
        keys.press("Escape")
        assert page.evaluate("document.activeElement.matches('.mark')")
        opened.assert_quiet()


SNAPSHOT = """
- link "Skip the map, read the claims"
- banner:
  - heading "Border-crossing concerns north of Afghanistan" [level=1]
  - paragraph: /What one news report says/
  - navigation "Other maps of this project"
  - navigation "Language":
    - button "English" [pressed]
    - button "فارسی"
- main:
  - region "Map":
    - button "Zoom in"
    - button "Zoom out"
    - button "Claims"
    - button "Whole region"
    - text: Worldview
    - combobox "Worldview"
    - 'button /^Claim 1, location 1 of \\d: Afghanistan/'
    - 'button /^Claim 1, location 2 of \\d: Afghanistan/'
  - 'region /claims/':
    - heading "14 claims" [level=2]
    - searchbox "Search"
    - button "Filter"
    - region "Concerns at the borders":
      - 'heading /Concerns at the borders/ [level=3]'
      - paragraph: /The passage of fighters/
      - list:
        - listitem:
          - 'heading /Afghanistan.s northern borders/ [level=4]':
            - button /Afghanistan.s northern borders/
          - paragraph: Lt. Gen. Mark Hertling, CNN military analyst
    - region "Sources"
- contentinfo:
  - paragraph: /Worldview. neutral/
"""


def test_the_tree_reads_as_the_content_of_the_map(browser: Browser, path: Path) -> None:
    with open_page(browser, path) as opened:
        opened.wait_until_drawn()
        expect(opened.page.locator("body")).to_match_aria_snapshot(SNAPSHOT)


def test_an_enlarged_page_scrolls_one_way_only(browser: Browser, path: Path) -> None:
    for address in ("", "#hertling-passage&language=fa"):
        with open_page(browser, path, address=address, viewport={"width": 320, "height": 256}) as opened:
            opened.wait_until_drawn()
            assert opened.page.evaluate("document.documentElement.scrollWidth") <= 320
            assert opened.page.locator(".mark:not(.away)").count() > 0
            if not address:
                opened.page.locator(".fold").click()
            assert opened.page.locator(".claim").first.is_visible()


SMALL = """() => [...document.querySelectorAll("button, a, input, select, summary, label")]
  .filter((each) => !each.disabled)
  .filter((each) => each.checkVisibility({visibilityProperty: true, opacityProperty: true}))
  .map((each) => [each.closest("label, p, dd, dt, li:not(.claim)") || each, each])
  .map(([holder, each]) => [holder, each.getBoundingClientRect(), each])
  .filter(([, {width, height}]) => width && height && (width < 24 || height < 24))
  .filter(([holder, , each]) => holder === each || holder.getBoundingClientRect().height < 24)
  .filter(([holder, , each]) => holder === each || holder.innerText.trim() === each.innerText.trim())
  .map(([, {width, height}, each]) => `${each.outerHTML.slice(0, 90)} ${width}x${height}`)"""


@pytest.mark.parametrize("language", ["", "#&language=fa"])
def test_what_is_touched_is_24_pixels_wide_and_high(browser: Browser, path: Path, language: str) -> None:
    with open_page(browser, path, address=language, **PHONE) as opened:
        opened.wait_until_drawn()
        assert opened.page.evaluate(SMALL) == []


def test_a_page_keeps_still_where_readers_ask_for_it(browser: Browser, path: Path) -> None:
    moving = "() => document.getAnimations().length"
    with open_page(browser, path, reduced_motion="reduce") as opened:
        opened.wait_until_drawn()
        opened.page.locator("[data-do=region]").click()
        zoom = "() => document.querySelector('.canvas .grid').getAttribute('transform')"
        at_once = opened.page.evaluate(zoom)
        assert opened.page.evaluate(moving) == 0
        opened.page.wait_for_timeout(300)
        assert opened.page.evaluate(zoom) == at_once


def test_more_contrast_is_given_where_readers_ask_for_it(browser: Browser, path: Path) -> None:
    colour = "() => getComputedStyle(document.querySelector('.byline')).color"
    seen = {}
    for contrast in ("no-preference", "more"):
        with open_page(browser, path, contrast=contrast) as opened:
            seen[contrast] = opened.page.evaluate(colour)
            ink = opened.page.evaluate("() => getComputedStyle(document.body).color")
    assert seen["more"] == ink != seen["no-preference"]
