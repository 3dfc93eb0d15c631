"""Languages in a real browser: switching gives the very page that the language has by itself.

It is mirrored where it is written from the right, and has its letters in the file.
"""

from __future__ import annotations

import html as markup
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from mapgen import __version__
from mapgen.build import build_project, check_project
from mapgen.languages import PLURALS, read_words, shipped
from mapgen.page import render_page, visible
from mapgen.plans import plan_maps
from mapgen.project import read_project
from mapgen.views import PageWriter
from tests.browser import READY, open_page, start_browser
from tests.projects import write_project

TEXTS = """() => [...document.body.querySelectorAll("*")]
  .filter((each) => !each.matches("script, .languages *, .marks, .leaflet-pane *"))
  .map((each) => [each.tagName, each.lang, each.dir, each.title, each.getAttribute("aria-label"),
    [...each.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join("|")])"""
MARKS = """() => [...document.querySelectorAll(".mark, .label")]
  .map((each) => each.getAttribute("aria-label") || each.textContent).sort()"""
FONTS = '() => [...document.fonts].filter((e) => e.status === "loaded").map((e) => [e.family, e.weight])'
CLAIMS = [
    {
        "where": {"border": "LIE-CHE"},
        "quote": "A quote",
        "quote_language": "en",
        "speaker": {"name": "A. Person", "role": "minister"},
        "note": "A remark.",
        "date": "2024-01",
        "asserts": [{"shares_border": ["LIE", "CHE"]}],
        "translations": {"fa": {"claim": "یک ادعا.", "quote": "نقل‌قول"}},
    },
    {"where": {"route": ["CHE", "LIE", "AUT"]}, "claim": "Another claim."},
    *({"where": {"territory": "AUT"}, "claim": f"Claim {number}."} for number in range(3, 13)),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with start_browser() as started:
        yield started


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page that offers all languages, and the page as each other language has it by itself."""
    folder = tmp_path_factory.mktemp("languages")
    keys = {
        "languages": ["en", "fa", "ru", "fr"],
        "translations": {"fa": {"title": "یک نقشه"}},
        "lead": "A lead.",
    }
    project = read_project(write_project(folder / "project", CLAIMS, **keys))
    prepared = check_project(project).prepare(lambda _: None)
    writer = PageWriter(project, prepared, (), __version__)
    others = [writer.in_language(language) for language in project.offered[1:]]
    pages = {each.project.language: each.page(0, plan_maps(each.project)) for each in (writer, *others)}
    fragment = prepared.maps[0].fragment
    files = {}
    for language, page in pages.items():
        others_too = [pages[each] for each in project.offered[1:]] if language == "en" else []
        files[language] = folder / f"{language}.html"
        # By itself, a page has no other language to switch to.
        own = (
            page
            if others_too
            else replace(page, features=tuple(each for each in page.features if each != "languages"))
        )
        files[language].write_text(render_page(own, fragment, others_too), encoding="utf-8")
    return files


@pytest.mark.parametrize("language", ["fa", "ru"])
def test_a_switched_page_is_the_page_of_that_language(
    browser: Browser, spoken: dict[str, Path], language: str
) -> None:
    with open_page(browser, spoken["en"], address=f"#claim-1&language={language}") as switched:
        switched.wait_until_drawn()
        with open_page(browser, spoken[language], address="#claim-1") as native:
            native.wait_until_drawn()
            assert switched.page.evaluate(TEXTS) == native.page.evaluate(TEXTS)
            assert switched.page.evaluate(MARKS) == native.page.evaluate(MARKS)
            root = "() => [document.documentElement.lang, document.documentElement.dir, document.title]"
            assert switched.page.evaluate(root) == native.page.evaluate(root)
            if language == "fa":
                assert {("Vazirmatn", "100 500"), ("Vazirmatn", "501 900")} <= set(
                    map(tuple, native.page.evaluate(FONTS))
                )
        switched.assert_quiet()


def test_readers_switch_and_the_state_stays(browser: Browser, spoken: dict[str, Path]) -> None:
    with open_page(browser, spoken["en"], address="#claim-2") as opened:
        opened.wait_until_drawn()
        page = opened.page
        page.get_by_role("button", name="فارسی").click()
        page.wait_for_selector("html[lang=fa][data-mapgen=ready]")
        assert page.url.endswith("#claim-2&language=fa")
        assert page.locator(".claim.open").get_attribute("id") == "claim-claim-2"
        assert page.get_by_role("button", name="فارسی").get_attribute("aria-pressed") == "true"
        page.locator(".head").first.click()
        assert "language=fa" in page.url
        page.get_by_role("button", name="English").click()
        page.wait_for_selector("html[lang=en][data-mapgen=ready]")
        assert page.url.endswith("#claim-1")
        assert page.locator(".claim.open").get_attribute("id") == "claim-claim-1"
        page.go_back()
        page.wait_for_selector("html[lang=fa][data-mapgen=ready]")
        opened.assert_quiet()


def test_an_unknown_language_in_the_address_changes_nothing(
    browser: Browser, spoken: dict[str, Path]
) -> None:
    with open_page(browser, spoken["en"], address="#&language=__proto__") as opened:
        opened.wait_until_drawn()
        for address in ("#&language=xx", "#&language=", "#&language=%00"):
            opened.page.evaluate("address => (location.hash = address)", address)
        opened.page.wait_for_timeout(100)
        assert opened.page.evaluate("document.documentElement.lang") == "en"
        opened.assert_quiet()


def _side(page: Page, selector: str) -> str:
    box = page.locator(selector).first.bounding_box()
    assert box
    return "left" if box["x"] + box["width"] / 2 < 640 else "right"


def test_a_page_from_the_right_is_mirrored_and_the_map_is_not(
    browser: Browser, spoken: dict[str, Path]
) -> None:
    sides = {}
    for language in ("", "&language=fa"):
        with open_page(browser, spoken["en"], address=f"#{language}") as opened:
            opened.wait_until_drawn()
            page = opened.page
            sides[language] = {name: _side(page, name) for name in (".panel", ".zoom", ".scale", "h1")}
            marks = page.locator(".mark:not(.away)").evaluate_all(
                "e => e.map((m) => m.getBoundingClientRect().x)"
            )
            area = page.locator(".map").bounding_box()
            assert area
            assert all(area["x"] <= x <= area["x"] + area["width"] for x in marks)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    turned = {"left": "right", "right": "left"}
    for name in (".panel", ".zoom"):
        assert sides["&language=fa"][name] == turned[sides[""][name]]


def test_the_script_writes_numbers_as_the_catalogues_do(browser: Browser, spoken: dict[str, Path]) -> None:
    number = "([tag, n]) => new Intl.NumberFormat(tag).format(n)"
    forms = "([tag, m]) => Array.from({length: m}, (_, n) => new Intl.PluralRules(tag).select(n))"
    with open_page(browser, spoken["en"]) as opened:
        for language in shipped():
            words = read_words(language)
            assert opened.page.evaluate(number, [language, 1234567]) == words.number(1234567)
            rule = PLURALS[words("about.plurals")]
            assert opened.page.evaluate(forms, [language, 200]) == [rule(count) for count in range(200)]


def test_a_tag_that_browsers_do_not_know_does_no_harm(browser: Browser, spoken: dict[str, Path]) -> None:
    page = spoken["fr"].read_text("utf-8").replace('<html lang="fr"', '<html lang="fr-12"')
    with open_page(browser, page) as opened:
        opened.wait_until_drawn()
        opened.assert_quiet()


def test_a_sandboxed_frame_without_an_address_switches_too(browser: Browser, spoken: dict[str, Path]) -> None:
    held = markup.escape(spoken["en"].read_text("utf-8"), quote=True)
    about = 'title="m" sandbox="allow-scripts" width="900" height="600"'
    outer = f'<!DOCTYPE html><html lang="en"><title>t</title><iframe {about} srcdoc="{held}"></iframe>'
    with open_page(browser, outer) as opened:
        frame = opened.page.frame_locator("iframe")
        frame.locator(READY).wait_for()
        frame.get_by_role("button", name="Русский").click()
        frame.locator("html[lang=ru][data-mapgen=ready]").wait_for()
        assert re.search("[а-я]", frame.locator(".count").inner_text())


def test_without_a_script_the_page_speaks_its_own_language(browser: Browser, spoken: dict[str, Path]) -> None:
    with open_page(browser, spoken["en"], address="#&language=fa", java_script_enabled=False) as opened:
        assert opened.page.locator("html").get_attribute("lang") == "en"
        assert not opened.page.locator(".languages").is_visible()
        assert opened.page.get_by_text("Another claim.").is_visible()


HOSTILE = (
    "<script>document.title='run'</script>",
    "</script><img src=x onerror=\"document.title='run'\">",
    "${document.title='run'} `{{7*7}}` {% set x %}",
    "javascript:document.title='run'",
    "a\u2028b\u202ec\u0000d",
)


def test_hostile_translations_stay_text(browser: Browser, tmp_path: Path) -> None:
    fields = ("claim", "quote", "speaker_name", "speaker_role", "note")
    texts = {name: f"{HOSTILE[number]} {name}" for number, name in enumerate(fields)}
    said = {"quote": "q", "speaker": {"name": "n", "role": "r"}, "note": "n", "translations": {"fa": texts}}
    titles = {"title": HOSTILE[1], "lead": HOSTILE[0], "credit": HOSTILE[2]}
    layer = {"name": "claims", "title": "Claims", "translations": {"fa": {"title": HOSTILE[0]}}}
    keys = {"languages": ["en", "fa"], "lead": "l", "credit": "c", "translations": {"fa": titles}}
    project = read_project(write_project(tmp_path / "project", [said], layers=[layer], **keys))
    (tmp_path / "map.html").write_text(build_project(project).pages["map.html"], encoding="utf-8")
    with open_page(browser, tmp_path / "map.html", address="#claim-1&language=fa") as opened:
        opened.wait_until_drawn()
        assert opened.page.title() == HOSTILE[1]
        shown = opened.page.evaluate("document.body.textContent")
        for text in (*texts.values(), *titles.values()):
            assert visible(text) in shown, text
        assert opened.page.locator("img").count() == 0
        opened.assert_quiet()
