"""A picture and its page agree, and a browser shows a picture as its PNG; hostile text stays text."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from PIL import Image
from playwright.sync_api import Browser, Page

from mapgen.page import visible
from mapgen.picture import PictureOptions, Subject, draw_picture, read_subject
from mapgen.picture.fonts import Fonts
from mapgen.picture.mapwork import MapDrawer
from mapgen.picture.raster import render_png
from mapgen.picture.render import letters_in_use, render_svg
from mapgen.picture.sheetparts import Piece
from mapgen.picture.sheetwork import Sheet
from mapgen.picture.styles import Styles
from mapgen.picture.view import View
from mapgen.project import read_project
from tests.browser import open_page, start_browser
from tests.pictures import SVG, farthest, picture, read_path, said, subject, tree
from tests.projects import default_edition, write_project
from tests.test_hostile import HOSTILE

VIEW = """() => {
  const matrix = document.querySelector(".canvas .grid").getScreenCTM();
  const box = document.querySelector(".map").getBoundingClientRect();
  return [matrix.a, (box.left - matrix.e) / matrix.a, (box.top - matrix.f) / matrix.a, box.width, box.height];
}"""

OBSTACLES = """() => {
  const outer = document.querySelector(".map").getBoundingClientRect();
  return [...document.querySelectorAll(".map-area :is(.zoom, .views, .scale, .legend)")].map((each) => {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    return [left - outer.left - 4, top - outer.top - 4, right - outer.left + 4, bottom - outer.top + 4];
  });
}"""

MARKS = """() => {
  const outer = document.querySelector(".map").getBoundingClientRect();
  return [...document.querySelectorAll(".mark:not(.away, .off)")].map((each) => {
    const { left, top, width, height } = each.getBoundingClientRect();
    return [each.textContent, left + width / 2 - outer.left, top + height / 2 - outer.top];
  });
}"""

PATHS = """(selector) => [...document.querySelectorAll(selector)].map((each) => each.getAttribute("d"))"""


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with start_browser() as started:
        yield started


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    path = tmp_path_factory.mktemp("page") / "overview.html"
    path.write_text(default_edition().pages["overview.html"], "utf-8")
    with open_page(browser, path, color_scheme="light", bypass_csp=True) as opened:
        opened.wait_until_drawn()
        yield opened.page


@pytest.fixture(scope="module")
def sheet(page: Page) -> Sheet:
    """The map alone, in the very view that the page shows."""
    view = View(*page.evaluate(VIEW))
    shown = subject()
    drawer = MapDrawer(shown.chart, shown.page, view, styles=Styles(), fonts=Fonts())
    drawn = drawer.draw([tuple(box) for box in page.evaluate(OBSTACLES)])
    size = round(view.width), round(view.height)
    return Sheet(*size, (0.0, 0.0, view.width, view.height), view, drawn, Piece(), Piece())


def _base(sheet: Sheet, **attributes: str) -> list[Any]:
    found = [
        shape
        for shape in sheet.map.base
        if all(shape.attributes.get(key.replace("_", "-")) == value for key, value in attributes.items())
    ]
    return [line for shape in found for line in read_path(shape.d)]


def _in_view(lines: list[Any], view: View) -> list[Any]:
    """Return lines in grid positions as pixels, cut to a little less than the view."""
    box = (2.0, 2.0, view.width - 2, view.height - 2)
    cut = [
        shapely.clip_by_rect(shapely.linestrings(view.to_pixel(line)), *box)
        for line in lines
        if len(line) > 1
    ]
    parts = [part for each in cut for part in shapely.get_parts(each) if not part.is_empty]
    return [shapely.get_coordinates(part) for part in parts]


def _inside(lines: list[Any], view: View) -> list[Any]:
    low, high = np.array([2.0, 2.0]), np.array([view.width - 2, view.height - 2])
    kept = (line[((line > low) & (line < high)).all(axis=1)] for line in lines)
    return [line for line in kept if len(line)]


@pytest.mark.parametrize(
    ("selector", "rules"),
    [
        (".canvas .line.coast", (".canvas .line", ".canvas .line.coast")),
        (".canvas .line.border.agreed.emphasis", (".canvas .line", ".canvas .line.emphasis")),
        (".canvas .line.river", (".canvas .line", ".canvas .line.river")),
        (".canvas .area.focus", (".canvas .focus",)),
        (".canvas .area.neighbour", (".canvas .neighbour",)),
        (".canvas .area.disputed", (".canvas .area.disputed",)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_outlines_are_those_of_the_page_to_a_quarter_of_a_pixel(
    page: Page, sheet: Sheet, selector: str, rules: tuple[str, ...]
) -> None:
    own = _base(sheet, **{key.replace("-", "_"): value for key, value in Styles().of(*rules).items()})
    theirs = [line for d in page.evaluate(PATHS, selector) for line in read_path(d)]
    closed = "area" in selector
    theirs = [np.vstack([line, line[:1]]) if closed else line for line in theirs]
    own = [np.vstack([line, line[:1]]) if closed else line for line in own]
    shown = _in_view(theirs, sheet.view)
    assert shown, "there is something to compare"
    assert farthest(_inside(own, sheet.view), [sheet.view.to_pixel(line) for line in theirs]) < 0.25
    large = [line for line in shown if np.ptp(line, axis=0).max() > 1]
    assert farthest(large, own) < 0.35


def test_marks_and_numbers_stand_where_the_page_has_them(page: Page, sheet: Sheet) -> None:
    theirs = sorted((number, round(x), round(y)) for number, x, y in page.evaluate(MARKS))
    own = sorted((line.text, line.x, line.y - 0.36 * line.letters.size) for line in sheet.map.numbers)
    assert len(theirs) == len(own) == 23
    for (number, x, y), (text, u, v) in zip(theirs, own, strict=True):
        assert number == text
        assert (x, y) == pytest.approx((u, v), abs=1.01)


def test_most_names_are_those_that_the_page_has(page: Page, sheet: Sheet) -> None:
    shown = page.evaluate(
        "() => [...document.querySelectorAll('.label:not(.away)')].map((each) => each.textContent)"
    )
    shown = [name.upper() for name in shown]
    own = {line.text.upper() for line in sheet.map.names}
    # The page's letters are those of the reader's system, and as wide as these are.
    assert len(own & set(shown)) >= 0.75 * len(set(shown))
    assert {"AFGHANISTAN", "RUSSIA", "KAZAKHSTAN", "TAJIKISTAN"} <= own & set(shown)


def test_the_page_and_the_png_are_the_same_picture(page: Page, sheet: Sheet) -> None:
    fonts = Fonts()
    svg = render_svg(sheet, styles=Styles(), fonts=fonts, language="en", alt="", description="")
    files = [face.path for face, _ in letters_in_use(sheet.lines(), fonts)]
    # Names are in other letters, and so may stand elsewhere.
    page.add_style_tag(content=":is(.controls, .scale, .label, .dots, .name-leader) { visibility: hidden; }")
    shot = page.locator(".map").screenshot()
    theirs, own = _pixels(shot), _pixels(_without(svg, "names", files, (sheet.width, sheet.height)))
    high, wide = (min(sides) for sides in zip(theirs.shape[:2], own.shape[:2], strict=True))
    differing = np.abs(theirs[:high, :wide] - own[:high, :wide]).max(axis=2)
    print(f"mean {differing.mean():.2f}, over 64: {(differing > 64).mean():.2%}")
    assert (differing > 64).mean() < 0.01
    assert differing.mean() < 2.0


def _without(svg: str, group: str, fonts: list[Path], size: tuple[int, int]) -> bytes:
    bare = re.sub(rf'<g id="{group}">.*?</g>\n</g>', "", svg, flags=re.DOTALL)
    return render_png(bare, size, fonts=fonts, dpi=96, texts={})


def _pixels(png: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


@pytest.mark.parametrize(
    "options", [{}, {"theme": "dark"}, {"language": "fa"}], ids=["light", "dark", "persian"]
)
def test_a_browser_shows_the_svg_as_the_png(
    options: dict[str, Any], browser: Browser, tmp_path: Path
) -> None:
    made = picture(width=900, height=640, **options)
    path = tmp_path / "map.svg"
    path.write_text(made.svg, "utf-8")
    with open_page(browser, path, viewport={"width": 900, "height": 640}) as opened:
        shot = _pixels(opened.page.screenshot())
        opened.assert_quiet()
    differing = np.abs(shot - _pixels(made.png(96))).max(axis=2)
    assert (differing > 96).mean() < 0.01
    assert differing.mean() < 3


ALL_FORMATS = ("script", "end of data", "nul", "control", "override", "combining", "long")
"""Strings that are tried in PNG and PDF too: the others are letters there."""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(
    name: str, shared: Path, browser: Browser, tmp_path: Path
) -> None:
    text, read = HOSTILE[name], _small(shared)
    page = replace(
        read.page,
        title=f"{text}[title]",
        lead=f"{text}[lead]",
        layers=tuple(replace(layer, title=f"{text}[layer]") for layer in read.page.layers),
        claims=tuple(
            replace(claim, claim=f"{text}[claim]", speaker_name=f"{text}[speaker]", date=f"{text}[date]")
            for claim in read.page.claims
        ),
        territories=tuple(replace(each, name=f"{text}[name]") for each in read.page.territories),
        cities=tuple(f"{text}[city]" for _ in read.page.cities),
        footer=replace(read.page.footer, credit=f"{text}[credit]", dataset=f"{text}[dataset]"),
    )
    made = draw_picture(Subject(read.chart, page), PictureOptions(notes=True, width=700))
    harmless = {each.tag for each in tree(draw_picture(read).svg).iter()}
    assert {each.tag for each in tree(made.svg).iter()} <= harmless
    shown = "".join("".join(said(made.svg)).split())
    whole = "".join(str(visible(text)).split())
    if len(whole) < 60:
        assert whole[:12] in shown.replace("\u2067", "").replace("\u2069", "")
    path = tmp_path / "map.svg"
    path.write_text(made.svg, "utf-8")
    with open_page(browser, path) as opened:
        assert opened.page.evaluate("window.ran") is None
        opened.assert_quiet()
    if name in ALL_FORMATS:
        assert made.png(48).startswith(b"\x89PNG")
        assert made.pdf().startswith(b"%PDF")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    claims = [
        {"where": {"territory": "LIE"}},
        {"where": {"route": ["CHE", "AUT"]}},
        {"where": {"place": "Vaduz"}},
    ]
    return write_project(tmp_path_factory.mktemp("small") / "p", claims)


_READ: dict[Path, Any] = {}


def _small(folder: Path) -> Any:
    if folder not in _READ:
        _READ[folder] = read_subject(read_project(folder))
    return _READ[folder]


def test_the_svg_stands_in_a_page_as_an_image(browser: Browser) -> None:
    made = picture("border-concerns", width=500)
    data = b64encode(made.svg.encode()).decode()
    html = f"<!DOCTYPE html><title>t</title><img alt='' src='data:image/svg+xml;base64,{data}'>"
    with open_page(browser, html) as opened:
        size = opened.page.evaluate("(({ naturalWidth: w, naturalHeight: h }) => [w, h])(document.images[0])")
        assert size == [made.width_px, made.height_px]
        opened.assert_quiet()
    assert f"{SVG}svg" == tree(made.svg).tag
