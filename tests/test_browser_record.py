"""What a reader sees of the record in a browser: grades explained, doubt drawn, quotations set as written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

import mapgen
from tests.browser import open_page, start_browser
from tests.projects import write_project

HASH = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
PUBLICATIONS = [
    {
        "id": "report",
        "title": "A report",
        "date": "2024-01",
        "url": "https://example.org/report",
        "archive_url": "https://archive.example.org/report",
        "archive_hash": HASH,
    }
]
CLAIMS = [
    {
        "id": "sound",
        "where": {"border": "LIE-CHE"},
        "source_reliability": "B",
        "info_credibility": 2,
        "likelihood": "likely",
        "analytic_confidence": "low",
    },
    {"id": "weak", "where": {"border": "LIE-AUT"}, "source_reliability": "E", "info_credibility": 5},
    {"id": "exact", "where": {"place": "Vaduz"}, "where_precision": 1},
    {"id": "district", "where": {"place": "Bern"}, "where_precision": 3},
    {"id": "country", "where": {"point": [14.0, 47.5]}, "where_precision": 6},
    {"id": "old", "where": {"place": "Zurich"}},
    {"id": "gone", "where": {"place": "Graz"}, "status": "retracted"},
    {
        "id": "new",
        "where": {"place": "Innsbruck"},
        "speaker": {"role": "a guard"},
        "quote": "CNN گزارش داد که مرز بسته است.",
        "quote_language": "fa",
        "quote_translation": "CNN reported that the border is closed.",
        "quote_translator": "A. Translator",
        "supports": "sound",
        "contradicts": "weak",
        "supersedes": "old",
    },
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("record")
    claims = [{"claim": f"What the claim {each['id']} says.", **each} for each in CLAIMS]
    write_project(folder, claims, publications=PUBLICATIONS)
    [path] = mapgen.load(folder).build()
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with start_browser() as started:
        yield started


@pytest.fixture(scope="module")
def page(browser: Browser, built: Path) -> Iterator[Page]:
    with open_page(browser, built) as opened:
        opened.wait_until_drawn()
        yield opened.page
        opened.assert_quiet()


def _mark(name: str) -> str:
    number = 1 + [each["id"] for each in CLAIMS].index(name)
    return f'.mark[data-claim="{number - 1}"]'


def _style(page: Page, selector: str, name: str) -> str:
    found = page.eval_on_selector(selector, "(each, name) => getComputedStyle(each)[name]", name)
    return str(found)


def test_low_grades_are_broken_and_pale_on_the_map_in_the_list_and_in_the_legend(page: Page) -> None:
    assert _style(page, f"{_mark('weak')} .sign", "borderTopStyle") == "dashed"
    assert _style(page, f"{_mark('sound')} .sign", "borderTopStyle") == "solid"
    assert _style(page, "#claim-weak .sign", "borderTopStyle") == "dashed"
    weak, sound = (
        float(_style(page, f'.claim-line[data-claim="{number}"]', "strokeWidth").removesuffix("px"))
        for number in (1, 0)
    )
    assert weak < sound
    assert _style(page, '.claim-line[data-claim="1"]', "strokeDasharray") != "none"
    assert page.locator(".legend .form-weak").count() == 1


def test_a_place_that_is_not_exact_is_a_ring_and_never_a_filled_mark(page: Page) -> None:
    rings = {
        int(str(ring.get_attribute("data-claim"))): float(str(ring.get_attribute("r")))
        for ring in page.locator("circle.ring").all()
        if ring.get_attribute("data-claim")
    }
    assert list(rings) == [3, 4]
    assert rings[3] < rings[4], "the wider, the less exact"
    assert "broad" in str(page.get_attribute(f"{_mark('district')} .sign", "class"))
    assert "broad" not in str(page.get_attribute(f"{_mark('exact')} .sign", "class"))
    assert page.locator(".legend .form-fuzzy").count() == 1


def test_a_retracted_claim_is_struck_out_off_and_reachable(page: Page) -> None:
    assert not page.locator(_mark("gone")).is_visible()
    assert "line-through" in _style(page, "#claim-gone .claim-text", "textDecoration")
    page.locator("#claim-gone .head").click()
    assert page.locator(_mark("gone")).is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(_mark("gone")).is_visible()


def test_a_superseded_claim_is_marked_and_leads_to_the_one_that_replaces_it(page: Page) -> None:
    assert "linear-gradient" in _style(page, f"{_mark('old')} .sign", "backgroundImage")
    assert page.locator("#claim-old .status").inner_text().lower() == "superseded"
    page.locator("#claim-old .head").click()
    page.locator("#claim-old .related a").click()
    assert page.locator("#claim-new.open").count() == 1


def test_each_grade_leads_to_its_scale(page: Page) -> None:
    page.locator("#claim-sound .head").click()
    for name, scale, said in (
        ("Grade", "scale-grade", "STANAG 2511"),
        ("Likelihood", "scale-estimate", "55–80 %"),
        ("Confidence", "scale-estimate", "Intelligence Community Directive 203"),
    ):
        page.locator("#claim-sound dt a", has_text=name).click()
        assert page.evaluate("document.activeElement.id") == scale
        assert said in page.locator(f"#{scale}").inner_text()
    assert page.locator("#claim-exact dt a", has_text="Grade").count() == 0, "it is ungraded"


def test_relations_are_links_and_an_archived_copy_has_its_address_and_hash(page: Page) -> None:
    page.locator("#claim-new .head").click()
    related = page.locator("#claim-new .related").inner_text().splitlines()
    assert [line.split(" ")[0] for line in related] == ["supports", "contradicts", "supersedes"]
    page.locator("#claim-new a", has_text="A report").click()
    source = page.locator("#source-report")
    assert HASH in source.inner_text()
    assert source.locator('a[href="https://archive.example.org/report"]').is_visible()


def test_a_quotation_is_set_as_it_is_written_and_its_translation_after_it(page: Page) -> None:
    page.locator("#claim-new .head").click()
    original, translation = page.locator("#claim-new blockquote").all()
    assert (original.get_attribute("lang"), original.get_attribute("dir")) == ("fa", "rtl")
    assert _style(page, "#claim-new blockquote", "direction") == "rtl"
    assert translation.get_attribute("lang") is None
    assert _style(page, "#claim-new .translation", "direction") == "ltr"
    assert page.locator("#claim-new .translator").inner_text() == "Translation by A. Translator"
    page.keyboard.press("Escape")


def test_all_of_it_reads_without_a_script(browser: Browser, built: Path) -> None:
    with open_page(browser, built, java_script_enabled=False) as opened:
        page = opened.page
        page.locator("#claim-sound dt a", has_text="Grade").click()
        assert page.locator("#scale-grade:target").is_visible()
        assert page.locator("#claim-new .translation").is_visible()
        assert page.locator("#claim-old .related a").get_attribute("href") == "#claim-new"
        opened.assert_quiet()


# Machado, Oliveira and Fernandes 2009, severity 1, and luminance (ITU-R BT.709); rows give red, green, blue.
SIGHTS = {
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
}


@pytest.mark.parametrize("sight", SIGHTS)
def test_a_weak_mark_differs_from_a_sound_one_in_every_sight(sight: str, page: Page) -> None:
    """The ground of a weak mark is far lighter than that of a sound one, whatever colours a reader sees."""
    grounds = []
    for name in ("sound", "weak"):
        colour = page.evaluate(
            """selector => {
                const brush = new OffscreenCanvas(1, 1).getContext("2d");
                brush.fillStyle = getComputedStyle(document.querySelector(selector)).backgroundColor;
                brush.fillRect(0, 0, 1, 1);
                return [...brush.getImageData(0, 0, 1, 1).data.slice(0, 3)];
            }""",
            f"#claim-{name} .sign",
        )
        part = np.array(colour) / 255
        linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
        seen = np.clip(np.array(SIGHTS[sight]) @ linear, 0, 1)
        grounds.append(float(seen @ SIGHTS["grey"][0]))
    sound, weak = grounds
    assert (weak + 0.05) / (sound + 0.05) > 3
