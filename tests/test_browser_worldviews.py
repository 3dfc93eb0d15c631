"""Worldviews in a real browser: what a reader sees of a dispute under each, and how they switch."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Frame, Page

from mapgen.build import build_project
from tests.browser import READY, Opened, open_page, start_browser
from tests.disputed import on_grid, page, project

SIZES = {"wide": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
NAMES = {
    "neutral": "Neutral",
    "de_facto": "De facto",
    "international": "International",
    "UA": "Ukraine",
    "RU": "Russia",
    "MA": "Morocco",
}
PLACES = {
    "crimea": {"disputed": (34.2, 45.35), "RUS": (39.6, 46.4), "UKR": (33.2, 47.6), "sea": (32.0, 44.0)},
    "sahara": {"disputed": (-14.0, 24.4), "MAR": (-6.0, 32.4), "SAH": (-10.3, 25.7), "sea": (-17.3, 29.5)},
}
OWNERS: dict[str, dict[str, str | None]] = {
    "crimea": {"de_facto": "RUS", "international": "UKR", "neutral": None, "UA": "UKR", "RU": "RUS"},
    "sahara": {"de_facto": "MAR", "international": "SAH", "neutral": None},
}
LOOK = {"crimea": "#@46.2,35.5,5.75", "sahara": "#@28,-10,4.75"}
AROUND = 7
Colour = tuple[int, int, int]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with start_browser() as started:
        yield started


Written = Callable[..., Path]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("pages")

    @cache
    def write(region: str, worldview: str = "neutral") -> Path:
        path = folder / f"{region}-{worldview}.html"
        path.write_text(page(region, worldview), encoding="utf-8")
        return path

    return write


def _choose(where: Page | Frame, worldview: str) -> None:
    where.get_by_label("Worldview").select_option(NAMES[worldview])


def _picture(where: Page | Frame) -> Image.Image:
    """What the reader sees of the map, without names and marks, whose edges would be colours of their own."""
    script = """(hidden) => {
      for (const each of document.querySelectorAll(".leaflet-labels-pane, .leaflet-marks-pane, .over")) {
        each.style.visibility = hidden;
      }
    }"""
    where.evaluate(script, "hidden")
    picture = Image.open(io.BytesIO(where.locator(".map").screenshot())).convert("RGB")
    where.evaluate(script, "")
    return picture


def _colours_in(picture: Image.Image, x: int, y: int, reach: int) -> Counter[Colour]:
    """The colours around a pixel, by how many have them."""
    patch = np.asarray(picture.crop((x - reach, y - reach, x + reach, y + reach)))
    return Counter(map(tuple, patch.reshape(-1, 3).tolist()))


def _pixel(where: Page | Frame, region: str, place: tuple[float, float]) -> tuple[int, int]:
    """Where a place is in the picture of the map."""
    script = """([x, y]) => {
      const { a, d, e, f } = document.querySelector("g.grid").getScreenCTM();
      const { left, top } = document.querySelector(".map").getBoundingClientRect();
      return [a * x + e - left, d * y + f - top];
    }"""
    across, down = where.evaluate(script, list(on_grid(region, *place)))
    return round(across), round(down)


def _colours(where: Page | Frame, region: str) -> dict[str, Counter[Colour]]:
    """The colours around each place, by how many pixels have them."""
    picture = _picture(where)
    found = {}
    for name, place in PLACES[region].items():
        x, y = _pixel(where, region, place)
        assert AROUND <= x < picture.width - AROUND, name
        assert AROUND <= y < picture.height - AROUND, name
        found[name] = _colours_in(picture, x, y, AROUND)
    return found


def _assert_seen(where: Page | Frame, region: str, owner: str | None) -> None:
    """The disputed area has the fill of its owner, or stripes that no territory has; never the sea's."""
    seen = _colours(where, region)
    fill = {name: colours.most_common(1)[0][0] for name, colours in seen.items()}
    others = [name for name in fill if name not in ("disputed", owner)]
    assert fill["disputed"] not in [fill[name] for name in others]
    if owner:
        assert seen["disputed"] == Counter({fill[owner]: (2 * AROUND) ** 2}), "one plain colour"
    else:
        assert len(seen["disputed"]) > 3, "stripes have edges"
        assert len(seen["sea"]) == 1
        darkest = min(seen["disputed"], key=sum)
        assert sum(darkest) < sum(fill["disputed"]) - 100, "dark stripes on light ground"


@pytest.mark.parametrize("region", OWNERS)
def test_a_reader_sees_whose_it_is(browser: Browser, file: Written, region: str) -> None:
    with open_page(browser, file(region), address=LOOK[region]) as opened:
        opened.wait_until_drawn()
        _assert_seen(opened.page, region, None)
        for worldview, owner in OWNERS[region].items():
            _choose(opened.page, worldview)
            _assert_seen(opened.page, region, owner)
        opened.assert_quiet()


@pytest.mark.parametrize(("opening", "owner"), [("UA", "UKR"), ("RU", "RUS")])
def test_whichever_view_a_map_opens_on_the_others_can_be_chosen(
    browser: Browser, file: Written, opening: str, owner: str | None
) -> None:
    with open_page(browser, file("crimea", opening), address=LOOK["crimea"]) as opened:
        opened.wait_until_drawn()
        assert (
            opened.page.get_by_label("Worldview").evaluate("(e) => e.selectedOptions[0].text")
            == NAMES[opening]
        )
        _assert_seen(opened.page, "crimea", owner)
        for worldview, other in (("neutral", None), ("RU", "RUS"), ("international", "UKR")):
            _choose(opened.page, worldview)
            _assert_seen(opened.page, "crimea", other)
        assert len(opened.page.locator(".worldviews option").all()) == 5
        opened.assert_quiet()


def _says(where: Page | Frame) -> str:
    return where.locator(".foot p").first.inner_text()


def test_map_name_legend_and_footer_change_together(browser: Browser, file: Written) -> None:
    with open_page(browser, file("crimea"), address=LOOK["crimea"]) as opened:
        opened.wait_until_drawn()
        own = opened.page
        crimea = own.locator(".label.disputed", has_text="Crimea")
        entries = own.locator(".legend li")
        hatched = entries.filter(has_text="Disputed area")
        assert crimea.get_attribute("title") == "administered by Russia, claimed by Ukraine"
        assert crimea.is_visible()
        assert hatched.is_visible()
        assert _says(own).startswith("Worldview: neutral.")
        _choose(own, "de_facto")
        assert not crimea.is_visible()
        assert not hatched.is_visible()
        assert _says(own).startswith("Worldview: de facto.")
        _choose(own, "UA")
        assert _says(own) == "Worldview: Ukraine (UA). Areas are drawn as maps made there draw them."
        assert own.locator(".foot p").count() > 4, "nothing of the footer is lost"
        _choose(own, "neutral")
        assert crimea.is_visible()
        assert hatched.is_visible()
        opened.assert_quiet()


@pytest.mark.parametrize(("worldview", "dark"), [("neutral", True), ("UA", False), ("RU", True)])
def test_the_line_at_the_isthmus_comes_and_goes(
    browser: Browser, file: Written, worldview: str, dark: bool
) -> None:
    with open_page(browser, file("crimea"), address="#@46.2,33.65,8") as opened:
        opened.wait_until_drawn()
        _choose(opened.page, worldview)
        x, y = _pixel(opened.page, "crimea", (33.65, 46.14))
        darkest = min(map(sum, _colours_in(_picture(opened.page), x, y, 40)))
        assert (darkest < 480) == dark, "a border is darker than shores and fills"


def test_the_keyboard_and_what_is_read_aloud(browser: Browser, file: Written) -> None:
    with open_page(browser, file("crimea")) as opened:
        opened.wait_until_drawn()
        own = opened.page
        switch = own.get_by_role("combobox", name="Worldview")
        switch.focus()
        for expected in ("De facto", "International", "Ukraine"):
            own.keyboard.press("ArrowDown")
            assert switch.evaluate("(element) => element.selectedOptions[0].text") == expected
        assert own.get_by_role("status").inner_text().startswith("Worldview: Ukraine (UA).")
        assert switch.evaluate("(element) => element === document.activeElement")
        opened.assert_quiet()


def test_the_address_keeps_the_choice(browser: Browser, file: Written) -> None:
    with open_page(browser, file("crimea"), address="#&worldview=UA") as opened:
        opened.wait_until_drawn()
        own = opened.page
        assert _says(own).startswith("Worldview: Ukraine")
        assert own.get_by_label("Worldview").evaluate("(e) => e.selectedIndex") == 3
        _choose(own, "RU")
        assert re.search(r"[#&]worldview=RU\b", own.url)
        _choose(own, "neutral")
        assert "worldview" not in own.url
        own.evaluate("() => { location.hash = '#border&worldview=de_facto'; }")
        own.wait_for_function(
            "document.querySelector('.foot p').textContent.startsWith('Worldview: de facto')"
        )
        own.evaluate("() => { location.hash = '#&worldview=<b>'; }")
        own.wait_for_function(
            "document.querySelector('.foot p').textContent.startsWith('Worldview: neutral')"
        )
        opened.assert_quiet()


def test_a_claim_tells_what_the_worldview_draws_otherwise(browser: Browser, file: Written) -> None:
    with open_page(browser, file("crimea"), address="#border") as opened:
        opened.wait_until_drawn()
        told = opened.page.locator(".missed")
        assert told.count() == 0
        _choose(opened.page, "RU")
        (text,) = told.all_inner_texts()
        assert text.startswith("In this worldview the border of Russia and Ukraine runs otherwise.")
        assert told.is_visible()
        assert opened.page.locator(".claim", has=told).get_attribute("id") == "claim-border"
        _choose(opened.page, "UA")
        assert told.count() == 0


def test_without_script_the_opening_view_stands(browser: Browser, file: Written) -> None:
    with open_page(browser, file("crimea", "UA"), java_script_enabled=False) as opened:
        assert _says(opened.page).startswith("Worldview: Ukraine (UA).")
        assert opened.page.locator("select").count() == 0
        assert opened.page.locator(".missed").count() == 0


@pytest.mark.parametrize("where", ["phone", "frame", "sandboxed frame"])
def test_the_switch_works_at_all_sizes(browser: Browser, file: Written, where: str) -> None:
    if where == "phone":
        with open_page(browser, file("crimea"), viewport=SIZES["phone"], address="#@45.5,35,5") as opened:
            opened.wait_until_drawn()
            _assert_switches(opened.page, opened)
        return
    sandbox = ' sandbox="allow-scripts"' if where != "frame" else ""
    inner = escape(file("crimea").read_text("utf-8"))
    outer = f'<!doctype html><title>R</title><iframe width=640 height=480{sandbox} srcdoc="{inner}"></iframe>'
    with open_page(browser, outer) as opened:
        frame = opened.page.frames[-1]
        frame.wait_for_selector(READY)
        _assert_switches(frame, opened)


def _assert_switches(where: Page | Frame, opened: Opened) -> None:
    switch = where.get_by_label("Worldview")
    assert switch.is_visible()
    box, map_box = switch.bounding_box(), where.locator(".map").bounding_box()
    assert box is not None
    assert map_box is not None
    assert box["x"] + box["width"] <= map_box["x"] + map_box["width"]
    assert box["height"] >= 24, "large enough for a finger"
    before = _picture(where)
    _choose(where, "UA")
    assert _says(where).startswith("Worldview: Ukraine")
    assert _picture(where).tobytes() != before.tobytes()
    opened.assert_quiet()


def test_a_page_with_one_worldview_has_nothing_of_the_switch(browser: Browser) -> None:
    alone = project("crimea").model_copy(update={"worldviews": ()})
    (text,) = build_project(alone).pages.values()
    assert "worldviews" not in text
    assert len(page("crimea")) - len(text) < 20_000
    with open_page(browser, text) as opened:
        opened.wait_until_drawn()
        assert opened.page.locator(".controls select").count() == 0
        opened.assert_quiet()
