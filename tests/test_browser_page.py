"""The page in a real browser: a small map of two territories, opened, read, clicked, tabbed through, printed.

What a page of real data shows is tested with the build; here it is the page itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Route
from playwright.sync_api import Page as BrowserPage

from mapgen import page as pages
from mapgen.arccode import encode_arcs
from mapgen.page import (
    ClaimView,
    DisputedName,
    FooterView,
    LayerView,
    LegendEntry,
    MapLink,
    OutcomeView,
    Page,
    PlacementView,
    RelatedView,
    SourceView,
    TerritoryName,
    json_block,
    render_page,
)
from tests.browser import READY, Opened, open_page, start_browser
from tests.test_page import HOSTILE

UNIT = 1000.0
"""Metres a grid unit of the small map; two territories of a thousand kilometres side by side."""

CONIC = {"name": "conic", "lat_1": 38, "lat_2": 60, "lat_0": 48, "lon_0": 70, "radius": 6371007.2}
MERCATOR = {"name": "mercator", "lon_0": 70, "radius": 6378137}


def _pack(arcs: list[list[tuple[int, int]]]) -> dict[str, Any]:
    positions = np.array([point for arc in arcs for point in arc], dtype=np.int64)
    lengths = np.array([len(arc) for arc in arcs], dtype=np.int64)
    coded = encode_arcs(positions, lengths, np.zeros(len(arcs), dtype=np.int64))
    return {"kind": "arcs", "count": coded.arcs, "sizes": coded.sizes, "data": coded.text}


def _fragment(projection: dict[str, Any] = CONIC) -> str:
    """Return the markup and the numbers of a small map."""
    border = [(0, -500), (20, 0), (0, 500)]
    west = [(0, 500), (-1000, 500), (-1000, -500), (0, -500)]
    east = [(0, -500), (1000, -500), (1000, 500), (0, 500)]
    island = [(200, 600), (300, 600), (250, 700), (200, 600)]
    frame = {
        "projection": projection,
        "unit": UNIT,
        "frame": [-1600, -1100, 1600, 1100],
        "drawn": [-2000, -1500, 2000, 1500],
        "home": [-900, -480, 900, 480],
        "region": [-1500, -700, 1500, 900],
        "max_zoom": 8,
        "reaches": [[-1600, -1100, 1600, 1100, 8]],
    }
    layers = [
        _pack([border, west, east, island]),
        {"kind": "areas", "role": "focus", "shapes": [{"id": 0, "rings": [[0, 1]]}]},
        {"kind": "areas", "role": "neighbour", "shapes": [{"id": 1, "rings": [[~0, 2]]}]},
        {"kind": "areas", "role": "disputed", "shapes": [{"id": 0, "rings": [[3]]}]},
        {"kind": "lines", "role": "border", "grade": "agreed", "arcs": [0]},
        {
            "kind": "labels",
            "shapes": [
                {"id": 0, "role": "focus", "at": [[-500, 0]]},
                {"id": 1, "role": "neighbour", "at": [[500, 0]]},
            ],
        },
        {"kind": "cities", "shapes": [{"id": 0, "at": [400, 300], "rank": 0, "capital": True}]},
        {
            "kind": "claims",
            "shapes": [
                {"claim": 0, "form": "border", "arcs": [0], "anchor": [20, 0]},
                {"claim": 1, "form": "route", "path": [[-600, 200], [0, 99], [600, 200]], "anchor": [0, 99]},
                {"claim": 2, "form": "territory", "rings": [[0, 1]], "anchor": [-600, -200]},
                {"claim": 3, "form": "territory", "rings": [[0, 1]], "anchor": [-600, -200]},
                {"claim": 4, "form": "point", "anchor": [700, -300]},
                {"claim": 4, "form": "relation", "path": [[-600, -200], [700, -300]], "anchor": [100, -300]},
            ],
        },
    ]
    blocks = [("map-frame", frame), *(("map-layer", layer) for layer in layers)]
    script = '<script type="application/json" class="{}">{}</script>'
    scripts = [script.format(kind, json_block(block)) for kind, block in blocks]
    return "\n".join(['<div class="map" id="map"></div>', *scripts])


def _claim(number: int, layer: int, **more: Any) -> ClaimView:
    return ClaimView(
        id=f"claim-number-{number}",
        number=number,
        layer=layer,
        claim=f"What claim {number} says.",
        quote=f"Words of claim {number}",
        speaker_name=f"Speaker {number}",
        source_id="report",
        source_title="The report",
        placements=(PlacementView(text="Border A–B", precision="linear feature"),),
        outcomes=(OutcomeView(result="holds", sentence="A borders B."),),
        **more,
    )


def _page(**changes: Any) -> Page:
    related = RelatedView(relation="contradicts", id="claim-number-4", number=4, text="What claim 4 says.")
    values: dict[str, Any] = {
        "title": "A small map",
        "lead": "Two territories and five claims.",
        "maps": (
            MapLink(title="A small map", href="a.html", current=True),
            MapLink(title="Other", href="b.html"),
        ),
        "layers": (LayerView(name="lines", title="Lines"), LayerView(name="areas", title="Areas")),
        "claims": (_claim(1, 0, related=(related,)), _claim(2, 0), _claim(3, 1), _claim(4, 1), _claim(5, 1)),
        "sources": (SourceView(id="report", title="The report", url="https://example.org/"),),
        "legend": (LegendEntry(kind="border-agreed", text="Border"),),
        "footer": FooterView(
            worldview="Worldview: neutral.", dataset="Invented.", as_of="Undated.", projection="Conic."
        ),
        "territories": (
            TerritoryName(code="AAA", name="Westland"),
            TerritoryName(code="BBB", name="Eastland"),
        ),
        "cities": ("Capital City",),
        "disputed": (DisputedName(name="The Island", label="claimed by both"),),
    }
    return Page(**{**values, **changes})


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with start_browser() as started:
        yield started


@pytest.fixture(scope="module")
def small_map(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "small map.html"
    path.write_text(render_page(_page(), _fragment()), encoding="utf-8")
    return path


@pytest.fixture
def opened(browser: Browser, small_map: Path) -> Iterator[Opened]:
    with open_page(browser, small_map) as one:
        one.wait_until_drawn()
        yield one
        one.assert_quiet()


@pytest.fixture
def page(opened: Opened) -> BrowserPage:
    return opened.page


def _mark(page: BrowserPage, number: int) -> Locator:
    return page.locator(f".mark[data-claim='{number - 1}']").first


def _open_claims(page: BrowserPage) -> list[str]:
    return [each.get_attribute("id") or "" for each in page.locator(".claim.open").all()]


def _entry(number: int) -> str:
    return f"claim-claim-number-{number}"


def test_the_map_is_drawn_from_a_file_without_a_request(page: BrowserPage) -> None:
    # Two territories, a disputed area, and the land under it.
    assert page.locator(".canvas path.area").count() == 4
    assert page.locator(".mark").count() == 6
    assert page.locator(".label:not(.away)").all_inner_texts() == ["WESTLAND", "Eastland", "Capital City"]
    assert page.evaluate("performance.getEntriesByName('mapgen-drawn').length") == 1


def test_a_click_on_a_mark_opens_its_claim_and_another_closes_it(page: BrowserPage) -> None:
    assert not page.get_by_text("Words of claim 2").is_visible()
    _mark(page, 2).click()
    assert _open_claims(page) == [_entry(2)]
    assert page.get_by_text("Words of claim 2").is_visible()
    assert page.locator("path.claim-line.open").count() == 1
    _mark(page, 2).click()
    assert _open_claims(page) == []


def test_a_click_on_a_line_opens_its_claim(page: BrowserPage) -> None:
    box = page.locator("path.casing.form-border").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2 - 1, box["y"] + box["height"] * 0.25)
    assert _open_claims(page) == [_entry(1)]


def test_an_entry_opens_and_closes_its_claim(page: BrowserPage) -> None:
    head = page.get_by_role("button", name="What claim 3 says.", exact=False).last
    head.click()
    assert _open_claims(page) == [_entry(3)]
    assert head.get_attribute("aria-expanded") == "true"
    head.click()
    assert _open_claims(page) == []
    assert head.get_attribute("aria-expanded") == "false"


def test_enter_on_a_mark_leads_into_the_list_and_escape_leads_back(page: BrowserPage) -> None:
    _mark(page, 4).focus()
    page.keyboard.press("Enter")
    assert _open_claims(page) == [_entry(4)]
    assert page.evaluate("document.activeElement.closest('.claim').id") == _entry(4)
    page.keyboard.press("Escape")
    assert _open_claims(page) == []
    assert page.evaluate("document.activeElement.dataset.claim") == "3"


def test_the_keyboard_reaches_every_control_mark_and_entry(page: BrowserPage) -> None:
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(({className, textContent, dataset}) => [className, textContent, dataset.claim, dataset.do])"
                "(document.activeElement)"
            )
        )
    marks = [claim for kind, _, claim, _ in reached if kind and "mark" in kind.split()]
    heads = [text for kind, text, _, _ in reached if kind == "head"]
    assert marks[:6] == ["0", "1", "2", "3", "4", "4"]
    assert [re.sub(r"\D", "", text)[0] for text in heads[:5]] == list("12345")
    assert {"in", "out", "home", "region"} <= {act for _, _, _, act in reached}
    assert sum(kind == "switch" for kind, _, _, _ in reached) >= 2


def test_marks_say_which_claim_they_are(page: BrowserPage) -> None:
    names = [mark.get_attribute("aria-label") for mark in page.locator(".mark").all()]
    assert names[0] == "Claim 1: What claim 1 says."
    assert names[4:] == [f"Claim 5, location {i} of 2: What claim 5 says." for i in (1, 2)]


def test_marks_never_cover_each_other_or_a_name(page: BrowserPage) -> None:
    def boxes(selector: str) -> list[dict[str, float]]:
        return [each.bounding_box() or {} for each in page.locator(selector).all()]

    for zoom in range(3):
        marks, names = boxes(".mark:not(.away)"), boxes(".label:not(.away)")
        assert len(marks) >= 4
        for i, one in enumerate(marks):
            for other in marks[i + 1 :] + names:
                apart = (
                    one["x"] + one["width"] <= other["x"] + 1
                    or other["x"] + other["width"] <= one["x"] + 1
                    or one["y"] + one["height"] <= other["y"] + 1
                    or other["y"] + other["height"] <= one["y"] + 1
                )
                assert apart, (zoom, one, other)
        page.locator("[data-do=out]").click()
        page.wait_for_timeout(400)


def test_a_layer_is_switched_off_and_on(page: BrowserPage) -> None:
    switch = page.get_by_role("checkbox", name="Show on the map: Areas")
    switch.uncheck()
    assert page.locator(".count").inner_text() == "2 of 5 claims"
    assert page.get_by_role("status").inner_text() == "2 of 5 claims"
    assert not _mark(page, 3).is_visible()
    assert not page.locator(f"#{_entry(3)}").is_visible()
    assert page.locator(".claim-area.rest").get_attribute("class") == "claim-area rest off"
    switch.check()
    assert page.locator(".count").inner_text() == "5 claims"
    assert _mark(page, 3).is_visible()


def test_the_address_opens_a_claim_at_a_place(browser: Browser, small_map: Path) -> None:
    with open_page(browser, small_map, address="#claim-number-2@48,72,7.5") as one:
        one.wait_until_drawn()
        assert _open_claims(one.page) == [_entry(2)]
        one.page.keyboard.press("Escape")
        left = one.page.evaluate("location.hash")
        assert left.startswith("#@")
        assert [float(number) for number in left[2:].split(",")] == pytest.approx([48, 72, 7.5], abs=0.02)
        one.assert_quiet()


@pytest.mark.parametrize(
    "address", ["#%", "#nothing@1,2", "#@x,y,z", "#<b>", "#@91,400,99", "#@,,", "#map-data"]
)
def test_an_address_that_means_nothing_opens_nothing(browser: Browser, small_map: Path, address: str) -> None:
    with open_page(browser, small_map, address=address) as one:
        one.wait_until_drawn()
        assert _open_claims(one.page) == []
        one.assert_quiet()


def test_the_address_follows_what_is_open(page: BrowserPage) -> None:
    assert page.evaluate("location.hash") == ""
    _mark(page, 1).click()
    assert page.evaluate("location.hash") == "#claim-number-1"
    page.locator("[data-do=in]").click()
    page.wait_for_timeout(500)
    address = page.evaluate("location.hash")
    match = re.fullmatch(r"#claim-number-1@([\d.]+),([\d.]+),([\d.]+)", address)
    assert match
    assert float(match[1]) == pytest.approx(48, abs=1)
    assert float(match[2]) == pytest.approx(70, abs=1)
    page.evaluate("location.hash = '#claim-number-3'")
    page.wait_for_timeout(200)
    assert _open_claims(page) == [_entry(3)]


@pytest.mark.parametrize("projection", [CONIC, MERCATOR], ids=["conic", "mercator"])
@pytest.mark.parametrize(("latitude", "longitude"), [(48.0, 70.0), (53.5, 78.25), (42.0, 62.0)])
def test_the_scale_and_the_address_are_right(
    browser: Browser, tmp_path: Path, projection: dict[str, Any], latitude: float, longitude: float
) -> None:
    fragment = _fragment(projection)
    if projection is MERCATOR:  # Its grid begins at the equator.
        shift = -6110
        frame = re.search(r'"map-frame">(.*?)</script>', fragment)
        assert frame
        moved = json.loads(frame[1])
        for key in ("frame", "drawn", "home", "region"):
            x0, y0, x1, y1 = moved[key]
            moved[key] = [x0 - 1500, y0 + shift - 1500, x1 + 1500, y1 + shift + 1500]
        moved["reaches"] = [[*moved["frame"], 8]]
        fragment = fragment.replace(frame[1], json_block(moved))
    path = tmp_path / "page.html"
    path.write_text(render_page(_page(), fragment), encoding="utf-8")
    with open_page(browser, path, address=f"#@{latitude},{longitude},7") as one:
        one.wait_until_drawn()
        one.page.locator("[data-do=in]").click()
        one.page.wait_for_timeout(500)
        address = one.page.evaluate("location.hash")
        assert [float(number) for number in address[2:].split(",")] == pytest.approx(
            [latitude, longitude, 8], abs=0.02
        )
        text = one.page.locator(".scale-text").inner_text()
        width = one.page.locator(".scale-bar").evaluate("element => parseFloat(element.style.width)")
    metres = float(text.split()[0]) * 1000 / width
    at_zoom = 2 * 3.141592653589793 * 6378137 / 256 / 2**8
    assert metres == pytest.approx(at_zoom * _stretch(projection, latitude), rel=0.01)


@pytest.mark.parametrize(("place", "zoom"), [((48.0, 70.0), 8.0), ((48.0, 76.0), 6.0)])
def test_one_zooms_in_as_far_as_the_map_is_precise(
    browser: Browser, tmp_path: Path, place: tuple[float, float], zoom: float
) -> None:
    fragment = _fragment().replace(
        '"reaches":[[-1600,-1100,1600,1100,8]]', '"reaches":[[-350,-300,350,300,8],[-1600,-1100,1600,1100,6]]'
    )
    path = tmp_path / "page.html"
    path.write_text(render_page(_page(), fragment), encoding="utf-8")
    with open_page(browser, path, address=f"#@{place[0]},{place[1]},6") as one:
        one.wait_until_drawn()
        for _ in range(4):
            one.page.locator("[data-do=in]").click()
            one.page.wait_for_timeout(400)
        latitude, longitude, reached = _place(one.page)
        assert reached == zoom
        assert (latitude, longitude) == pytest.approx(place, abs=0.1)
        # Where it is closest, the view stays where the map is precise.
        for _ in range(12):
            one.page.locator(".map").focus()
            one.page.keyboard.press("ArrowRight")
            one.page.wait_for_timeout(120)
        one.page.wait_for_timeout(600)
        moved = _place(one.page)
        assert moved[2] == zoom
        east = {8.0: 72.0, 6.0: 79.0}[zoom]
        assert longitude < moved[1] < east


def _place(page: BrowserPage) -> tuple[float, float, float]:
    """Latitude, longitude and zoom of the view, as the page's address says them."""
    latitude, longitude, zoom = (float(n) for n in page.evaluate("location.hash").split("@")[1].split(","))
    return latitude, longitude, zoom


def _stretch(projection: dict[str, Any], latitude: float) -> float:
    """Return ground metres along the parallel for each projected metre."""
    from math import cos, radians, sin, sqrt

    if projection["name"] == "mercator":
        return cos(radians(latitude)) * 6371008.8 / 6378137
    one, two = radians(projection["lat_1"]), radians(projection["lat_2"])
    n = (sin(one) + sin(two)) / 2
    return cos(radians(latitude)) / sqrt(cos(one) ** 2 + 2 * n * sin(one) - 2 * n * sin(radians(latitude)))


def test_whole_region_and_claims_are_one_click_away(page: BrowserPage) -> None:
    before = page.locator("g.grid").get_attribute("transform")
    page.locator("[data-do=region]").click()
    page.wait_for_timeout(500)
    assert page.locator("g.grid").get_attribute("transform") != before
    page.locator("[data-do=home]").click()
    page.wait_for_timeout(500)
    assert page.evaluate("location.hash") in ("", "#")


def test_the_map_is_moved_and_zoomed_by_keyboard(page: BrowserPage) -> None:
    page.locator(".map").focus()
    before = page.evaluate("location.hash")
    page.keyboard.press("+")
    page.wait_for_timeout(400)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert page.evaluate("location.hash") != before


def test_a_related_claim_and_a_source_are_one_click_away(page: BrowserPage) -> None:
    _mark(page, 1).click()
    page.get_by_role("link", name="4 What claim 4 says.").click()
    assert _open_claims(page) == [_entry(4)]
    page.locator(f"#{_entry(4)}").get_by_role("link", name="The report").click()
    assert page.evaluate("document.activeElement.id") == "source-report"


def test_it_works_in_a_sandboxed_frame(browser: Browser, small_map: Path) -> None:
    outer = """<!doctype html><title>Report</title><body><script>
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "allow-scripts");
      frame.width = 640; frame.height = 480; frame.srcdoc = %s;
      document.body.append(frame);</script>"""
    text = small_map.read_text("utf-8")
    with open_page(browser, outer % json_block(text)) as one:
        frame = one.page.frame_locator("iframe")
        frame.locator(READY).wait_for()
        assert not frame.get_by_text("Words of claim 2").is_visible()
        frame.locator(".mark[data-claim='1']").click()
        assert frame.get_by_text("Words of claim 2").is_visible()
        frame.get_by_role("link", name="The report").first.click()
        frame.locator("[data-do=in]").click()
        one.page.wait_for_timeout(400)
        assert frame.get_by_text("Worldview: neutral.").is_visible()
        one.assert_quiet()


def test_the_wheel_of_a_frame_scrolls_the_page_around_it(browser: Browser, small_map: Path) -> None:
    outer = "<!doctype html><title>Report</title><body><script>const f = document.createElement('iframe');"
    outer += "f.width = 640; f.height = 480; f.srcdoc = %s; document.body.append(f);</script><p>x"
    with open_page(browser, outer % json_block(small_map.read_text("utf-8"))) as one:
        frame = one.page.frame_locator("iframe")
        frame.locator(READY).wait_for()
        before = frame.locator("g.grid").get_attribute("transform")
        one.page.mouse.move(300, 200)
        one.page.mouse.wheel(0, -300)
        one.page.wait_for_timeout(400)
        assert frame.locator("g.grid").get_attribute("transform") == before
        assert frame.locator(".hint.shown").count() == 1
        one.page.mouse.click(300, 330)
        one.page.mouse.wheel(0, -300)
        one.page.wait_for_timeout(600)
        assert frame.locator("g.grid").get_attribute("transform") != before


def test_everything_can_be_read_without_a_script(browser: Browser, small_map: Path) -> None:
    with open_page(browser, small_map, java_script_enabled=False) as one:
        for number in range(1, 6):
            for text in (f"What claim {number} says.", f"Words of claim {number}", f"Speaker {number}"):
                assert one.page.get_by_text(text).first.is_visible()
        assert one.page.locator("#source-report").is_visible()
        assert one.page.get_by_text("Worldview: neutral.").is_visible()
        assert not one.page.locator(".map").is_visible()
        one.assert_quiet()


def test_a_page_whose_script_fails_can_still_be_read(browser: Browser) -> None:
    broken = render_page(_page(), _fragment().replace('"kind":"arcs"', '"kind":"none"'))
    with open_page(browser, broken) as one:
        one.page.wait_for_timeout(300)
        assert one.page.get_by_text("Words of claim 2").is_visible()
        assert len(one.complaints) == 1


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844), (640, 480), (844, 390), (320, 640)])
def test_nothing_runs_over_the_edge(browser: Browser, small_map: Path, width: int, height: int) -> None:
    with open_page(browser, small_map, viewport={"width": width, "height": height}) as one:
        one.wait_until_drawn()
        assert one.page.evaluate("document.documentElement.scrollWidth") <= width
        box = one.page.locator(".map").bounding_box()
        assert box
        assert box["width"] >= width * 0.55
        assert box["height"] >= min(180, height * 0.35)
        one.assert_quiet()


def test_in_a_small_frame_the_list_folds_away(browser: Browser, small_map: Path) -> None:
    with open_page(browser, small_map, viewport={"width": 640, "height": 480}) as one:
        one.wait_until_drawn()
        fold = one.page.locator(".fold")
        assert not one.page.locator(f"#{_entry(1)}").is_visible()
        fold.click()
        assert fold.get_attribute("aria-expanded") == "true"
        assert one.page.locator(f"#{_entry(1)}").is_visible()
        fold.click()
        assert not one.page.locator(f"#{_entry(1)}").is_visible()


def test_print_shows_every_claim_and_puts_the_map_back(page: BrowserPage, tmp_path: Path) -> None:
    before = page.locator("path.area.focus").bounding_box()
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    assert page.locator("path.area.focus").bounding_box() == pytest.approx(before, abs=2)
    assert "printing" not in (page.locator("html").get_attribute("class") or "")
    page.emulate_media(media="print")
    for number in range(1, 6):
        assert page.get_by_text(f"Words of claim {number}").is_visible()
    assert page.get_by_text("Worldview: neutral.").is_visible()


def test_a_retracted_claim_is_off_the_map_until_it_is_opened(browser: Browser) -> None:
    claims = (*_page().claims[:4], _claim(5, 1, status="retracted"))
    with open_page(browser, render_page(_page(claims=claims), _fragment())) as one:
        one.wait_until_drawn()
        assert not _mark(one.page, 5).is_visible()
        one.page.locator(f"#{_entry(5)} .head").click()
        assert _mark(one.page, 5).is_visible()
        one.page.keyboard.press("Escape")
        assert not _mark(one.page, 5).is_visible()
        one.assert_quiet()


def test_a_map_without_claims_is_a_map(browser: Browser) -> None:
    fragment = re.sub(r'("kind":"claims","shapes":\[).*?(\]\}</script>)', r"\1\2", _fragment())
    with open_page(browser, render_page(_page(claims=()), fragment)) as one:
        one.wait_until_drawn()
        assert one.page.locator(".count").inner_text() == "No claims"
        one.assert_quiet()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_neither_runs_nor_breaks_the_page(browser: Browser, name: str) -> None:
    text = HOSTILE[name]
    claims = tuple(
        ClaimView(
            id=f"c{i}",
            number=i,
            layer=i % 2,
            claim=text,
            quote=text,
            speaker_name=text,
            speaker_role=text,
            source_id="report",
            source_title=text,
            note=text,
            placements=(PlacementView(text=text, precision=text),),
        )
        for i in range(1, 6)
    )
    page = _page(
        title=text,
        lead=text,
        layers=(LayerView(name="lines", title=text, description=text), LayerView(name="areas", title=text)),
        claims=claims,
        sources=(SourceView(id="report", title=text, url=text, archive_url=text),),
        legend=(LegendEntry(kind="border-agreed", text=text),),
        territories=(TerritoryName(code="AAA", name=text), TerritoryName(code="BBB", name=text)),
        cities=(text,),
        disputed=(DisputedName(name=text, label=text),),
    )
    with open_page(browser, render_page(page, _fragment())) as one:
        one.wait_until_drawn()
        _mark(one.page, 2).click()
        assert one.page.evaluate("window.ran") is None
        shown = one.page.locator("#claim-c2 .claim-text").text_content()
        assert shown == pages.visible(text)
        assert one.page.evaluate("document.documentElement.scrollWidth") <= 1280
        box = one.page.locator(".map").bounding_box()
        assert box
        assert box["height"] > 250
        one.assert_quiet()


def test_the_modules_are_modules(browser: Browser) -> None:
    folder = Path(pages.__file__).parent / "assets" / "js"

    def serve(route: Route) -> None:
        text = (folder / route.request.url.rsplit("/", 1)[1]).read_text("utf-8")
        route.fulfill(body=text, content_type="text/javascript")

    with open_page(browser, "<!doctype html><title>Modules</title>") as one:
        one.page.route("**/js/*.js", serve)
        # All but those that act on a page as soon as they are read.
        acting = ("main.js", "early.js", "translate.js")
        names = sorted(path.name for path in folder.glob("*.js") if path.name not in acting)
        load = "names => Promise.all(names.map(name => import('/js/' + name).then(Object.keys)))"
        exported = one.page.evaluate(load, names)
    # A feature registers itself and has nothing to give.
    registering = [name for name in names if "\nregister(" in (folder / name).read_text("utf-8")]
    assert [name for name, found in zip(names, exported, strict=True) if not found] == registering
