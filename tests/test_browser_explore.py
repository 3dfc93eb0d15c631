"""Exploring a map in a real browser: searching, filtering, time, the story, citing, saving, comparing.

The map is of real towns and borders, its claims are made up. What filters is seen on map, list and timeline.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as BrowserPage

from mapgen.build import build_project
from mapgen.page import ClaimView, json_block, render_page
from mapgen.project import read_project
from tests import test_browser_page as small
from tests.browser import READY, Opened, open_page, start_browser
from tests.projects import write_project

CLAIMS: list[dict[str, Any]] = [
    {"id": "kabul", "where": {"place": "Kabul"}, "date": "2015-12-07", "quote": "Все дороги ведут в Кабул"},
    {"id": "herat", "where": {"place": "Herat"}, "date": "2015-11/2015-12", "speaker": {"name": "رضا کریمی"}},
    {
        "id": "dushanbe",
        "where": {"place": "Dushanbe"},
        "date": "2015-1X",
        "claim": "Łukasz saw a café there.",
    },
    {"id": "tashkent", "where": {"place": "Tashkent"}, "date": "2016~", "contradicts": ["dushanbe"]},
    {"id": "termez", "where": {"place": "Termez"}, "date": "2014?", "status": "disputed"},
    {"id": "samarkand", "where": {"place": "Samarkand"}, "date": "2015-06/..", "supports": ["kabul"]},
    {"id": "river", "where": {"border": "AFG-TJK"}, "claim": '=HYPERLINK("http://example.org")'},
    {"id": "astana", "where": {"place": "Astana"}, "date": "../2014-09"},
    {"id": "moscow", "where": {"territory": "RUS"}, "speaker": {"role": "an official"}},
    {"id": "bishkek", "where": {"place": "Bishkek"}, "status": "retracted"},
]
STORY = [
    {"text": "All of it, <script>window.ran = 1</script> first."},
    {"text": "Then Kabul.", "claim": "kabul"},
    {"text": "Samarkand alone, of its layer.", "claim": "samarkand", "layers": ["south"]},
    {"text": "The mountains in the east.", "extent": [66, 36, 76, 42]},
]


def _write(folder: Path, **keys: Any) -> Path:
    claims = [
        {"layer": ("north", "south")[i % 2], "claim": f"On {c['id']}.", **c} for i, c in enumerate(CLAIMS)
    ]
    return write_project(
        folder,
        claims,
        title="Explored",
        territories=["AFG", "TKM", "UZB", "TJK", "KAZ", "RUS"],
        layers=[{"name": "north", "title": "North"}, {"name": "south", "title": "South"}],
        **keys,
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with start_browser() as started:
        yield started


@pytest.fixture(scope="module")
def explored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = _write(tmp_path_factory.mktemp("explored"), story=STORY)
    file = folder / "map.html"
    file.write_text(build_project(read_project(folder)).pages["map.html"], encoding="utf-8")
    return file


@pytest.fixture
def opened(browser: Browser, explored: Path) -> Iterator[Opened]:
    with open_page(browser, explored, permissions=["clipboard-read", "clipboard-write"]) as one:
        one.wait_until_drawn()
        yield one
        one.assert_quiet()


@pytest.fixture
def page(opened: Opened) -> BrowserPage:
    return opened.page


def _listed(page: BrowserPage) -> list[str]:
    entries = page.locator(".claim:visible").all()
    return [(each.get_attribute("id") or "").removeprefix("claim-") for each in entries]


def _marked(page: BrowserPage) -> set[str]:
    ids = page.evaluate(
        "JSON.parse(document.getElementById('map-data').textContent).claims.map(({id}) => id)"
    )
    shown = page.locator(".mark:not(.off)").evaluate_all("all => all.map(each => each.dataset.claim)")
    return {ids[int(number)] for number in shown}


def _count(page: BrowserPage) -> str:
    return page.locator(".count").inner_text()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("КАБУЛ дороги", ["kabul"]),
        ("lukasz CAFE", ["dushanbe"]),
        ("كريمي", ["herat"]),  # Arabic letters, where the claim has the Persian ones
        ("official", ["moscow"]),
        ("tajikistan border", ["river"]),
        ("on termez", ["termez"]),
    ],
)
def test_words_are_found_in_any_script(page: BrowserPage, query: str, found: list[str]) -> None:
    page.get_by_role("searchbox", name="Search").fill(query)
    assert _listed(page) == found
    assert _marked(page) == set(found)
    assert _count(page) == f"{len(found)} of 10 claims"
    assert page.get_by_role("status").first.inner_text() == f"{len(found)} of 10 claims"


def test_where_nothing_is_found_there_is_a_way_out(page: BrowserPage) -> None:
    page.get_by_role("searchbox").fill("no such word")
    assert _listed(page) == []
    assert page.get_by_text("No claim fits.").is_visible()
    page.get_by_role("button", name="Show all claims").click()
    assert len(_listed(page)) == 10
    assert page.get_by_role("searchbox").input_value() == ""
    assert page.evaluate("location.hash") in ("", "#")


def test_a_facet_is_chosen_by_keyboard_and_counts_follow(page: BrowserPage) -> None:
    page.get_by_role("searchbox").press("Tab")
    page.keyboard.press("Enter")
    page.locator("summary", has_text="Territory").press("Enter")
    uzbekistan = page.get_by_role("checkbox", name="Uzbekistan")
    uzbekistan.press("Space")
    assert _listed(page) == ["termez", "tashkent", "samarkand"]
    assert _marked(page) == {"termez", "tashkent", "samarkand"}
    assert page.evaluate("location.hash") == "#territory=UZB"
    page.locator("summary", has_text="Status").press("Enter")
    status = page.get_by_role("group", name="Status")
    # A disclosure tells of its opening a moment later.
    status.locator("label").first.wait_for()
    assert [line.inner_text().split() for line in status.locator("label:visible").all()] == [
        ["asserted", "2"],
        ["disputed", "1"],
    ]
    page.get_by_role("button", name="Do not filter by Territory: Uzbekistan").press("Enter")
    assert len(_listed(page)) == 10
    assert page.evaluate("document.activeElement.type") == "search"


def test_layers_are_part_of_the_filter(page: BrowserPage) -> None:
    page.get_by_role("checkbox", name="Show on the map: South").uncheck()
    assert set(_listed(page)) == {"kabul", "dushanbe", "termez", "river", "moscow"}
    assert page.evaluate("location.hash") == "#layers=north"
    page.get_by_role("searchbox").fill("on ")
    counts = [each.inner_text() for each in page.locator(".group-count").all()]
    assert counts == ["3", "5"]
    page.get_by_role("button", name="Reset").click()
    assert len(_listed(page)) == 10
    assert page.get_by_role("checkbox", name="Show on the map: South").is_checked()


def test_paper_has_what_the_filter_shows_and_says_so(page: BrowserPage) -> None:
    page.get_by_role("searchbox").fill("herat")
    page.emulate_media(media="print")
    assert _listed(page) == ["herat"]
    assert page.get_by_text("1 of 10 claims").first.is_visible()
    for control in (".tools", ".timeline", ".story"):
        assert not page.locator(control).is_visible()


def test_the_address_holds_the_whole_state(browser: Browser, explored: Path) -> None:
    state = "#tashkent@39,67,6&layers=south&q=on%20&time=2015-06-01,2016-12-31"
    with open_page(browser, explored, address=state) as one:
        one.wait_until_drawn()
        assert set(_listed(one.page)) == {"tashkent", "herat", "samarkand", "bishkek"}
        assert one.page.locator(".claim.open").get_attribute("id") == "claim-tashkent"
        assert sorted(one.page.evaluate("location.hash").split("&")[1:]) == [
            "layers=south",
            "q=on",
            "time=2015-06-01,2016-12-31",
        ]
        one.assert_quiet()


@pytest.mark.parametrize(
    "state", ["#q", "#time=x,y", "#speaker=nobody&&&=", "#time=2016-01-01", "#step=99x", "#q=%"]
)
def test_a_state_that_means_nothing_changes_nothing(browser: Browser, explored: Path, state: str) -> None:
    with open_page(browser, explored, address=state) as one:
        one.wait_until_drawn()
        assert len(_listed(one.page)) == 10
        one.assert_quiet()


def test_the_window_of_the_timeline_moves_by_keyboard(page: BrowserPage) -> None:
    start = page.get_by_role("slider", name="From")
    for key in ("PageUp", "PageUp", "ArrowRight", "ArrowRight", "ArrowRight"):
        start.press(key)
    assert "2015" in (start.get_attribute("aria-valuetext") or "")
    # The claims that end before are gone, the undated ones stay and say so.
    assert {"termez", "astana"}.isdisjoint(_listed(page))
    assert {"river", "moscow", "bishkek"} <= set(_listed(page))
    assert _marked(page) == set(_listed(page)) - {"bishkek"}  # retracted
    assert page.locator("#claim-river .byline").inner_text().endswith("undated")
    assert page.get_by_text("3 undated claims stay").is_visible()
    assert page.evaluate("location.hash").startswith("#time=2015-")
    start.press("Home")
    assert len(_listed(page)) == 10
    assert page.evaluate("location.hash") in ("", "#")


def test_the_window_is_dragged(page: BrowserPage) -> None:
    track = page.locator(".track").bounding_box()
    assert track
    y = track["y"] + 15
    page.mouse.move(track["x"] + track["width"], y)
    page.mouse.down()
    page.mouse.move(track["x"] + track["width"] * 0.2, y, steps=5)
    page.mouse.up()
    assert "kabul" not in _listed(page)
    assert "astana" in _listed(page)
    before = page.get_by_role("slider", name="From").get_attribute("aria-valuenow")
    page.mouse.move(track["x"] + track["width"] * 0.1, y)
    page.mouse.down()
    page.mouse.move(track["x"] + track["width"] * 0.7, y, steps=5)
    page.mouse.up()
    after = page.get_by_role("slider", name="From").get_attribute("aria-valuenow")
    assert int(after or 0) > int(before or 0)
    assert "kabul" in _listed(page)
    assert "astana" not in _listed(page)


def test_what_is_uncertain_looks_uncertain_on_the_timeline(page: BrowserPage) -> None:
    unsure, sure = page.locator(".bar.unsure"), page.locator(".bar:not(.unsure)")
    shapes = [each.get_attribute("d") or "" for each in unsure.all()]
    assert sum(shape.count("M") for shape in shapes) == 2  # 2016~ and 2014?
    assert sum((each.get_attribute("d") or "").count("M") for each in sure.all()) == 5
    page.get_by_role("searchbox").fill("herat")
    shown = page.locator(".bar:not(.out)")
    assert sum((each.get_attribute("d") or "").count("M") for each in shown.all()) == 1


def test_play_goes_on_and_stops_at_a_press(page: BrowserPage) -> None:
    page.get_by_role("button", name="Play").click()
    first = page.evaluate("location.hash")
    page.wait_for_function("first => location.hash !== first", arg=first)
    page.get_by_role("button", name="Pause").click()
    held = page.evaluate("location.hash")
    page.wait_for_timeout(1100)
    assert page.evaluate("location.hash") == held


def test_where_motion_is_unwanted_play_is_one_step(browser: Browser, explored: Path) -> None:
    with open_page(browser, explored, reduced_motion="reduce") as one:
        one.wait_until_drawn()
        forward = one.page.get_by_role("button", name="Next period")
        forward.click()
        first = one.page.evaluate("location.hash")
        one.page.wait_for_timeout(1100)
        assert one.page.evaluate("location.hash") == first
        forward.click()
        assert one.page.evaluate("location.hash") != first
        one.assert_quiet()


def test_the_story_leads_by_mouse_and_keys(page: BrowserPage) -> None:
    before = page.locator("g.grid").get_attribute("transform")
    page.get_by_role("button", name="Start (4 steps)").click()
    assert (
        page.locator(".story").get_by_text("All of it, <script>window.ran = 1</script> first.").is_visible()
    )
    page.get_by_role("button", name="Next").click()
    assert page.locator(".story-place").inner_text() == "2 of 4"
    assert page.locator(".claim.open").get_attribute("id") == "claim-kabul"
    assert page.evaluate("location.hash") == "#kabul&step=2"
    page.get_by_role("button", name="Next").press("ArrowRight")
    assert page.locator(".claim.open").get_attribute("id") == "claim-samarkand"
    assert set(_listed(page)) == {"herat", "tashkent", "samarkand", "astana", "bishkek"}
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)
    assert page.locator("g.grid").get_attribute("transform") != before
    assert page.get_by_role("button", name="Next").is_disabled()
    page.keyboard.press("ArrowLeft")
    assert page.locator(".story-place").inner_text() == "3 of 4"
    page.get_by_role("button", name="Leave").click()
    assert len(_listed(page)) == 10
    assert page.locator(".claim.open").count() == 0
    assert page.evaluate("window.ran") is None


def test_an_address_opens_a_step(browser: Browser, explored: Path) -> None:
    with open_page(browser, explored, address="#step=2") as one:
        one.wait_until_drawn()
        assert one.page.locator(".claim.open").get_attribute("id") == "claim-kabul"
        assert one.page.get_by_text("Then Kabul.").is_visible()
        one.assert_quiet()


def test_the_story_is_text_without_a_script(browser: Browser, explored: Path) -> None:
    with open_page(browser, explored, java_script_enabled=False) as one:
        steps = one.page.locator(".story li")
        assert [each.inner_text().split("\n")[0] for each in steps.all()] == [step["text"] for step in STORY]
        assert steps.nth(1).get_by_role("link").get_attribute("href") == "#claim-kabul"


def test_a_citation_is_copied(page: BrowserPage) -> None:
    page.locator("#claim-kabul .head").click()
    page.get_by_role("button", name="Copy citation").click()
    page.get_by_role("button", name="Copied").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(
        "No speaker named: “Все дороги ведут в Кабул”. In: A report, A publisher, 2024-01."
    )
    assert "On the map: Explored (no as-of date)." in text
    assert text.endswith("map.html#kabul")
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_function(
        "navigator.clipboard.readText().then(text => /^file:.*map.html#kabul$/.test(text))"
    )


def test_the_link_to_a_view_is_its_address(page: BrowserPage) -> None:
    page.get_by_role("searchbox").fill("кабул")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Copy link to this view").click()
    page.get_by_role("button", name="Copied").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text == page.evaluate("location.href")
    assert text.endswith("#q=%D0%BA%D0%B0%D0%B1%D1%83%D0%BB")


def test_copying_works_in_a_sandboxed_frame(browser: Browser, explored: Path) -> None:
    outer = """<!doctype html><title>Report</title><body><script>
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "allow-scripts");
      frame.width = 1000; frame.height = 700; frame.srcdoc = %s;
      document.body.append(frame);</script><textarea></textarea>"""
    with open_page(browser, outer % json_block(explored.read_text("utf-8"))) as one:
        frame = one.page.frame_locator("iframe")
        frame.locator(READY).wait_for()
        frame.locator("#claim-kabul .head").click()
        assert frame.get_by_role("button", name="Copy link").count() == 0  # it has no address
        frame.get_by_role("button", name="Copy citation").click()
        frame.get_by_role("button", name="Copied").wait_for()
        one.page.locator("textarea").focus()
        one.page.keyboard.press("Control+v")
        assert one.page.locator("textarea").input_value().startswith("No speaker named: “Все дороги")
        assert [each for each in one.complaints if "clipboard" not in each.lower()] == []


def test_where_nothing_can_copy_the_text_is_shown(page: BrowserPage) -> None:
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.evaluate("document.execCommand = () => false")
    page.locator("#claim-river .head").click()
    page.get_by_role("button", name="Copy citation").click()
    assert "=HYPERLINK" in page.get_by_role("textbox", name="Copy this text").input_value()


def _download(page: BrowserPage, name: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return Path(download.value.path()).read_text("utf-8-sig")


def test_what_is_shown_is_saved_as_csv_that_no_spreadsheet_runs(page: BrowserPage) -> None:
    page.get_by_role("searchbox").fill("hyperlink")
    page.get_by_role("button", name="Save").click()
    [row] = csv.DictReader(io.StringIO(_download(page, "Claims shown, as CSV")))
    assert row["id"] == "river"
    assert row["claim"] == '\'=HYPERLINK("http://example.org")'
    assert row["source_publisher"] == "A publisher"
    assert json.loads(row["where"]) == {"border": "AFG-TJK"}


def test_what_is_shown_is_saved_as_geojson(page: BrowserPage) -> None:
    page.get_by_role("checkbox", name="Show on the map: South").uncheck()
    page.get_by_role("button", name="Save").click()
    saved = json.loads(_download(page, "Claims shown, as GeoJSON"))
    features = {each["id"]: each for each in saved["features"]}
    assert features.keys() == {"kabul", "dushanbe", "termez", "river", "moscow"}
    assert features["kabul"]["geometry"]["coordinates"] == pytest.approx([69.18, 34.52], abs=0.1)
    assert features["kabul"]["properties"]["date"] == "2015-12-07"
    points = [point for line in features["river"]["geometry"]["coordinates"] for point in line]
    assert all(67.5 < lon < 75 and 36.4 < lat < 38.7 for lon, lat in points)
    russia = [point for line in features["moscow"]["geometry"]["coordinates"] for point in line]
    assert all(-180 <= lon <= 180 for lon, _ in russia)
    assert any("not imply endorsement" in line for line in saved["notice"])


def test_claims_that_bear_on_each_other_lead_there_and_are_seen_together(page: BrowserPage) -> None:
    page.locator("#claim-tashkent .head").click()
    related = page.locator("#claim-tashkent .related")
    assert related.inner_text().startswith("contradicts")
    assert page.locator(".mark.kin").count() == 1
    page.locator("#claim-dushanbe .related").evaluate("element => element.textContent")
    related.get_by_role("button", name="Both on the map").click()
    page.wait_for_timeout(500)
    for mark in (page.locator(".mark.open"), page.locator(".mark.kin")):
        assert mark.is_visible()
    related.get_by_role("link").click()
    assert page.locator(".claim.open").get_attribute("id") == "claim-dushanbe"
    assert page.locator("#claim-dushanbe .related").inner_text().startswith("contradicted by")


def test_a_page_has_only_what_its_project_uses(tmp_path: Path) -> None:
    folder = write_project(tmp_path, [{}, {"date": "2015"}])
    text = build_project(read_project(folder)).pages["map.html"]
    for absent in (
        "foldText(Array",
        "layLanes",
        "story-bar",
        "showBoth",
        ".facet",
        ".timeline",
        '"facets"',
        '"times"',
    ):
        assert absent not in text, absent
    assert "copy_citation" in text


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844), (640, 480), (320, 640)])
def test_nothing_runs_over_the_edge(browser: Browser, explored: Path, width: int, height: int) -> None:
    with open_page(browser, explored, viewport={"width": width, "height": height}, address="#step=2") as one:
        one.wait_until_drawn()
        assert one.page.evaluate("document.documentElement.scrollWidth") <= width
        box = one.page.locator(".map").bounding_box()
        assert box
        assert box["height"] >= 120
        one.assert_quiet()


def _many(count: int) -> str:
    """Return a page of many claims on the small map's grid."""
    claims = tuple(
        ClaimView(
            id=f"c{i}",
            number=i + 1,
            layer=i % 2,
            claim=f"Claim {i} on the {('river', 'bridge', 'market', 'school')[i % 4]} of town {i % 97}",
            quote="Words that somebody said, and some more, so that there is much to look through. " * 3,
            speaker_name=f"Speaker {i % 40}",
            source_id="report",
            source_title="The report",
        )
        for i in range(count)
    )
    shapes = [
        {"claim": i, "form": "point", "anchor": [(i * 37) % 1800 - 900, (i * 91) % 900 - 450]}
        for i in range(count)
    ]
    facet = {"key": "speaker", "title": "Speaker", "values": [f"Speaker {i}" for i in range(40)]}
    data = {"facets": [{**facet, "of": [i % 40 for i in range(count)]}]}
    fragment = re.sub(
        r'\{"kind":"claims".*?\]\}(?=</script>)',
        lambda _: json_block({"kind": "claims", "shapes": shapes}),
        small._fragment(),
    )
    return render_page(
        replace(small._page(), claims=claims, features=("explore",), feature_data=data), fragment
    )


@pytest.mark.parametrize(("count", "most"), [(500, 400), (5000, 2000)])
def test_filtering_is_quick(browser: Browser, count: int, most: int) -> None:
    # The goal is 50 and 100 ms on a machine that does nothing else; a busy one is given room.
    with open_page(browser, _many(count)) as one:
        one.page.set_default_timeout(60_000)
        one.wait_until_drawn()
        one.page.get_by_role("searchbox").focus()
        one.page.wait_for_timeout(500)
        times = one.page.evaluate(
            """async () => {
              const field = document.querySelector('.query');
              const times = [];
              for (const word of ['river', 'bridge', 'school', 'town 9', 'speaker 7', '']) {
                await new Promise((done) => setTimeout(done, 100));
                const begun = performance.now();
                field.value = word;
                field.dispatchEvent(new Event('input'));
                document.body.offsetHeight;
                times.push(performance.now() - begun);
              }
              return times;
            }"""
        )
        assert _count(one.page) == f"{count:,} claims"
        assert min(times) < most, times
