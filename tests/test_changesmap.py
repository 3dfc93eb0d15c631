"""The map of what changed: claims of both editions, what happened to each, words struck out and put in."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from mapgen.changesmap import write_changes
from mapgen.extract import carried_by
from mapgen.project import read_project
from tests.chromium import FLAGS
from tests.projects import write_project

AREA = {"type": "Polygon", "coordinates": [[[9.4, 47], [9.7, 47], [9.7, 47.3], [9.4, 47]]]}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of two editions: one claim each was added, withdrawn, retracted, corrected, moved and kept."""
    top = tmp_path_factory.mktemp("changes")
    kept = {"id": "kept", "where": {"territory": "AUT"}}
    old, new = [
        [
            kept,
            {"id": "corrected", "claim": f"A {word} claim.", "where": {"border": "LIE-AUT"}},
            {"id": "moved", "where": {"border": f"LIE-{code}"}},
            {"id": "retracted", "where": {"border": "CHE-AUT"}, "status": status},
            extra,
        ]
        for word, code, status, extra in (
            (
                "first",
                "AUT",
                "asserted",
                {"id": "gone", "claim": "Gone.", "layer": "old", "where": {"area": "a.geojson"}},
            ),
            ("second", "CHE", "retracted", {"id": "added", "claim": "Come.", "where": {"place": "Vaduz"}}),
        )
    ]
    for name, claims in (("old", old), ("new", new)):
        write_project(top / name, claims, title="Editions")
        (top / name / "a.geojson").write_text(json.dumps(AREA), encoding="utf-8")
    text = write_changes(str(top / "old"), str(top / "new"), top / "new", "html")
    (top / "changes.html").write_text(text, encoding="utf-8")
    return top / "changes.html"


def _claims(text: str) -> dict[str, str]:
    parts = re.split(r'<li class="claim ', text)[1:]
    return {
        re.search(r'id="claim-([a-z-]+)"', part)[1]: part.split("</dl>\n</div>\n</li>")[0] for part in parts
    }


def test_the_map_shows_the_claims_of_both_editions(page: Path) -> None:
    claims = _claims(page.read_text("utf-8"))
    assert set(claims) == {"kept", "corrected", "moved", "retracted", "gone", "added"}
    badges = {key: re.findall(r"change change-([a-z]+)", text) for key, text in claims.items()}
    assert badges == {
        "kept": [],
        "corrected": ["corrected"],
        "moved": ["moved"],
        "retracted": ["withdrawn"],
        "gone": ["withdrawn"],
        "added": ["added"],
    }
    assert claims["gone"].startswith("status-retracted")
    assert "<del>first</del><ins>second</ins>" in claims["corrected"]
    assert "LIE-<del>AUT</del><ins>CHE</ins>" in claims["moved"]


def test_the_list_tells_all_changes_and_names_no_folder(page: Path) -> None:
    text = unescape(page.read_text("utf-8"))
    listed = text.split('aria-labelledby="changes-title"')[1].split("</section>")[0]
    assert re.findall(r'href="#claim-([a-z]+)"', listed) == [
        "added",
        "gone",
        "corrected",
        "moved",
        "retracted",
    ]
    assert "From old to new: 1 claim added, 2 claims withdrawn, 2 claims changed, 1 setting changed." in text
    assert str(page.parent) not in text
    assert "What changed: Editions" in text


def test_it_is_no_edition_of_the_project(page: Path) -> None:
    text = page.read_text("utf-8")
    assert 'id="project-data"' not in text
    assert 'id="manifest"' not in text
    with pytest.raises(Exception, match="no block of project data"):
        carried_by(page)


def test_the_same_editions_give_the_same_bytes(page: Path) -> None:
    old, new = page.parent / "old", page.parent / "new"
    assert write_changes(str(old), str(new), new, "html") == page.read_text("utf-8")


def test_changed_claims_are_seen_on_the_map(page: Path, chromium: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        try:
            shown = browser.new_page(viewport={"width": 1280, "height": 800})
            messages: list[str] = []
            shown.on("console", lambda message: messages.append(message.text))
            shown.on("pageerror", lambda error: messages.append(str(error)))
            shown.goto(page.as_uri())
            shown.wait_for_selector(".mark.is-changed")
            data = json.loads(shown.locator("#map-data").text_content() or "")
            ringed = shown.eval_on_selector_all(
                ".mark.is-changed", "marks => marks.map((mark) => Number(mark.dataset.claim))"
            )
            hidden = shown.locator(".mark.is-withdrawn.off").count()
        finally:
            browser.close()
    names = [each["id"] for each in data["claims"]]
    assert {names[index] for index in ringed} == {"corrected", "moved", "retracted", "gone", "added"}
    assert (hidden, messages) == (0, [])


def test_corrections_are_shown_on_the_map_and_carried_on(tmp_path: Path) -> None:
    import mapgen
    from mapgen.extract import extract_project

    correction = {
        "date": "2024-05-17",
        "claim": "claim-1",
        "what": "A year was wrong.",
        "why": "It was misread.",
    }
    write_project(tmp_path / "project", corrections=[correction])
    written = mapgen.load(tmp_path / "project").build()[0]
    text = written.read_text("utf-8")
    section = text.split('aria-labelledby="corrections-title"')[1].split("</section>")[0]
    assert "17 May 2024: A year was wrong. It was misread." in section
    assert 'href="#claim-claim-1"' in section
    extract_project(written, tmp_path / "again")
    assert read_project(tmp_path / "again").corrections == read_project(tmp_path / "project").corrections


def test_a_correction_of_an_unknown_claim_is_refused(tmp_path: Path) -> None:
    import mapgen
    from mapgen.errors import InputError

    write_project(tmp_path, corrections=[{"date": "2024", "claim": "claim-2", "what": "W."}])
    with pytest.raises(
        InputError, match=r"mapgen\.yaml:\d+:\d+: unknown claim 'claim-2'. Did you mean 'claim-1'"
    ):
        mapgen.load(tmp_path)
