"""The real maps in a real browser: drawn, quiet, every claim found and reached, at the sizes of readers.

How the page works is tested with a small map in ``test_browser_page``; here it is what a build writes: the
default project's two maps, and a second region that a project of one's own describes.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Frame, Locator, Page

import mapgen
from mapgen.loading import Map
from tests.browser import READY, Opened, open_page, start_browser
from tests.projects import default_edition, default_project, write_project

NAMES = ("overview.html", "border-concerns.html")
LAYERS = {"overview.html": None, "border-concerns.html": "concerns"}
SIZES = {
    "wide": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}
FRAMES = {
    "frame": '<iframe width=640 height=480 srcdoc="{}"></iframe>',
    "sandboxed frame": '<iframe width=640 height=480 sandbox="allow-scripts" srcdoc="{}"></iframe>',
}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with start_browser() as started:
        yield started


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    for name, text in default_edition().pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@contextmanager
def _opened(browser: Browser, output: Path, name: str, where: str) -> Iterator[tuple[Page | Frame, Opened]]:
    """Open a map by itself or in a frame; what it asks for or complains of fails the test."""
    if where in SIZES:
        with open_page(browser, output / name, viewport=SIZES[where]) as opened:
            opened.wait_until_drawn()
            yield opened.page, opened
            opened.assert_quiet()
        return
    page = (output / name).read_text("utf-8")
    outer = f"<!doctype html><title>Report</title><h1>Report</h1>{FRAMES[where].format(escape(page))}"
    with open_page(browser, outer) as opened:
        frame = opened.page.frames[-1]
        frame.wait_for_selector(READY)
        yield frame, opened
        opened.assert_quiet()


def _expected(name: str) -> dict[str, str]:
    return {
        each.id: each.claim for each in default_project().annotations if LAYERS[name] in (None, each.layer)
    }


def _unfold(page: Page | Frame) -> None:
    """Lay the list open where it is folded away."""
    if not page.locator("button.head").first.is_visible():
        page.locator(".fold").click()


def _is_open(entry: Locator) -> bool:
    classes = (entry.get_attribute("class") or "").split()
    return "open" in classes and entry.locator(".claim-body").is_visible()


@pytest.mark.parametrize(
    ("name", "where"),
    [*(("overview.html", where) for where in (*SIZES, *FRAMES)), ("border-concerns.html", "wide")],
)
def test_a_map_is_drawn_and_every_claim_is_found_and_opened(
    browser: Browser, output: Path, name: str, where: str
) -> None:
    with _opened(browser, output, name, where) as (page, _):
        picture = Image.open(io.BytesIO(page.locator(".map").screenshot()))
        assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 200, "more than an empty ground"
        assert page.locator(".mark:not(.away)").count() > 0
        _unfold(page)
        for identity, claim in _expected(name).items():
            entry = page.locator(f"#claim-{identity}")
            assert claim in " ".join(entry.inner_text().split())
            entry.locator("button.head").click()
            assert _is_open(entry), identity
            assert page.locator(".claim.open").count() == 1
            entry.locator("button.head").click()


@pytest.mark.parametrize("where", [*SIZES, *FRAMES])
def test_what_the_map_rests_on_stands_below_it(browser: Browser, output: Path, where: str) -> None:
    with _opened(browser, output, "overview.html", where) as (page, _):
        footer = page.locator("footer")
        footer.scroll_into_view_if_needed()
        assert footer.is_visible()
        text = footer.inner_text()
        for said in (
            "Worldview: neutral",
            "Natural Earth 5.1.1, 1:10m",
            "No as-of date given",
            "do not imply endorsement or acceptance by the publisher",
        ):
            assert said in text


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_is_reached_by_mouse_through_its_mark(browser: Browser, output: Path, name: str) -> None:
    with _opened(browser, output, name, "wide") as (page, opened):
        for index, identity in enumerate(_ids(page)):
            mark = page.locator(f".mark[data-claim='{index}']:not(.away)").first
            box = mark.bounding_box()
            assert box, identity
            opened.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            assert _is_open(page.locator(f"#claim-{identity}")), identity
            opened.page.keyboard.press("Escape")
            page.locator("[data-do=home]").click()
            opened.page.wait_for_timeout(350)


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_is_reached_by_keyboard(browser: Browser, output: Path, name: str) -> None:
    with _opened(browser, output, name, "wide") as (page, opened):
        reached = set()
        for _ in range(120):
            opened.page.keyboard.press("Tab")
            if page.evaluate("() => document.activeElement.className") != "head":
                continue
            identity = page.evaluate("() => document.activeElement.closest('.claim').id")
            opened.page.keyboard.press("Enter")
            assert _is_open(page.locator(f"#{identity}"))
            opened.page.keyboard.press("Enter")
            reached.add(identity.removeprefix("claim-"))
        assert reached == set(_expected(name))


@pytest.mark.parametrize("name", NAMES)
def test_marks_are_reached_by_keyboard_and_open_their_claims(
    browser: Browser, output: Path, name: str
) -> None:
    with _opened(browser, output, name, "wide") as (page, opened):
        ids = _ids(page)
        page.locator(".mark").first.focus()
        for _ in range(page.locator(".mark").count()):
            index = page.evaluate("() => document.activeElement.dataset.claim")
            if index is None:
                break
            opened.page.keyboard.press("Enter")
            assert _is_open(page.locator(f"#claim-{ids[int(index)]}"))
            opened.page.keyboard.press("Escape")
            assert page.evaluate("() => document.activeElement.dataset.claim") == index
            opened.page.keyboard.press("Tab")


def _ids(page: Page | Frame) -> list[str]:
    return [
        (each.get_attribute("id") or "").removeprefix("claim-") for each in page.locator("li.claim").all()
    ]


def test_everything_can_be_read_without_a_script(browser: Browser, output: Path) -> None:
    with open_page(browser, output / "overview.html", java_script_enabled=False) as opened:
        page = opened.page
        for identity, claim in _expected("overview.html").items():
            entry = page.locator(f"#claim-{identity}")
            assert entry.locator(".claim-body").is_visible()
            assert claim in " ".join(entry.inner_text().split())
        assert page.get_by_text("Taliban Fighters in Afghanistan").first.is_visible()
        assert page.locator("#source-report-2015").is_visible()
        assert page.get_by_text("Worldview: neutral").is_visible()
        opened.assert_quiet()


def test_one_map_leads_to_the_other(browser: Browser, output: Path) -> None:
    with open_page(browser, output / "overview.html") as opened:
        link = opened.page.locator("nav.maps a")
        assert link.get_attribute("href") == "border-concerns.html"
        assert link.is_visible()


def test_a_map_shows_itself_in_a_notebook(browser: Browser) -> None:
    shown = Map("overview", default_edition().pages["overview.html"])
    with open_page(browser, f"<!doctype html><title>Notebook</title>{shown._repr_html_()}") as opened:
        opened.page.frames[-1].wait_for_selector(READY)
        assert opened.page.frames[-1].locator(".mark").count() > 10
        opened.assert_quiet()


# ---- a second region: the Horn of Africa, with boundaries of one's own

# Rough outlines made for this test, no statement about where a border lies.
HORN = {
    "SOM": ("Somalia", [[43, -1], [49, 4], [51, 11], [49, 11.2], [49, 8], [43, 3]]),
    "SOL": ("Somaliland", [[49, 8], [49, 11.2], [43.2, 11.5], [42.8, 10]]),
    "ETH": ("Ethiopia", [[43, 3], [49, 8], [42.8, 10], [42.4, 12.5], [37, 14.5], [33, 8], [38, 3.5]]),
    "DJI": ("Djibouti", [[43.2, 11.5], [43.3, 12.6], [42.4, 12.5], [42.8, 10]]),
}


def _horn(folder: Path) -> Path:
    """Follow the starter: replace its codes, boundaries, claims and sources."""
    claims = [
        {
            "id": "recognition",
            "layer": "status",
            "where": {"border": "SOM-SOL"},
            "claim": "Somaliland declared its independence in 1991; Somalia claims the territory.",
            "status": "disputed",
            "asserts": [{"shares_border": ["SOM", "SOL"]}, {"shares_border": ["SOM", "DJI"]}],
        },
        {
            "id": "port",
            "layer": "trade",
            "where": [{"route": ["ETH", "SOL", "Berbera"]}, {"place": "Berbera"}],
            "claim": "Ethiopia seeks access to the port of Berbera.",
            "date": "2024-01",
        },
    ]
    features = [
        {
            "type": "Feature",
            "properties": {"iso": code, "name": name},
            "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
        }
        for code, (name, ring) in HORN.items()
    ]
    write_project(
        folder,
        claims,
        title="The Horn of Africa",
        territories=["SOM", "SOL", "ETH"],
        boundaries="borders.geojson",
        code_column="iso",
        name_column="name",
        layers=[{"name": "status", "title": "Status"}, {"name": "trade", "title": "Trade"}],
        maps=[{"name": "horn"}],
    )
    (folder / "borders.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return folder


def test_another_region_becomes_a_map(browser: Browser, tmp_path: Path) -> None:
    project = mapgen.load(_horn(tmp_path / "horn"))
    codes = [finding.code for finding in project.check()]
    assert "assertion-refuted" in codes, "Somalia and Djibouti do not touch here"
    assert "error" not in {finding.severity for finding in project.check()}
    [path] = project.build()
    with open_page(browser, path) as opened:
        opened.wait_until_drawn()
        page = opened.page
        for mark in (1, 2):
            assert page.locator(f".mark[data-claim='{mark - 1}']").count() == mark
        shown = page.locator("body").inner_text()
        assert "Somaliland declared its independence in 1991" in shown
        assert "disputed" in shown
        labels = " ".join(page.locator(".label:not(.away)").all_inner_texts()).casefold()
        assert "ethiopia" in labels
        assert "Boundaries: borders.geojson" in page.locator("footer").inner_text()
        opened.assert_quiet()


def test_a_region_of_the_bundled_boundaries_needs_only_its_codes(browser: Browser, tmp_path: Path) -> None:
    write_project(
        tmp_path,
        [
            {"where": {"border": "ARM-AZE"}, "claim": "Armenia and Azerbaijan share a border."},
            {"where": {"place": "Stepanakert"}, "claim": "A town."},
            {"where": {"route": ["AZE", "GEO", "TUR"]}, "claim": "A pipeline leads this way."},
        ],
        territories=["ARM", "AZE", "GEO"],
    )
    [path] = mapgen.load(tmp_path).build()
    with open_page(browser, path) as opened:
        opened.wait_until_drawn()
        labels = " ".join(opened.page.locator(".label:not(.away)").all_inner_texts()).casefold()
        assert all(name in labels for name in ("armenia", "azerbaijan", "georgia"))
        assert opened.page.locator(".mark:not(.away)").count() == 3
        opened.assert_quiet()
