"""Views: every map says what it shows, who said it, where it was read, and whose borders it draws."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pytest

from mapgen.build import build_project
from mapgen.model import Annotation, Layer, MapSpec, Project, Source
from mapgen.page import ClaimView, Page
from mapgen.plans import MapPlan, plan_maps
from tests.projects import REPOSITORY, at, claim, default_project


def _build(project: Project) -> list[Page]:
    """Return the pages that a build hands over to be rendered."""
    pages: list[Page] = []

    def keep(page: Page, fragment: str, others: object = ()) -> str:
        pages.append(page)
        return fragment

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mapgen.build.render_page", keep)
        patch.setattr("mapgen.build.__version__", "1.2.3")
        build_project(project)
    return pages


@cache
def _pages() -> list[Page]:
    return _build(default_project())


def _claims(page: Page) -> dict[str, ClaimView]:
    return {each.id: each for each in page.claims}


def _project(*claims: Annotation, **keys: object) -> Project:
    layers = (Layer(name="claims", title="Claims"), Layer(name="empty", title="Empty"))
    sources = {"report": Source(id="report", title="Report")}
    own = {"title": "Map", "territories": ("AFG",), "layers": layers, "folder": REPOSITORY}
    return Project(**{**own, "sources": sources, "annotations": claims, **keys})


def test_claims_are_numbered_from_one_on_every_map() -> None:
    for page in _pages():
        assert [each.number for each in page.claims] == list(range(1, len(page.claims) + 1))
        assert [each.layer for each in page.claims] == sorted(each.layer for each in page.claims)


def test_the_default_project_has_two_maps_that_lead_to_each_other() -> None:
    overview, concerns = _pages()
    assert [each.href for each in overview.maps] == ["overview.html", "border-concerns.html"]
    assert [each.current for each in overview.maps] == [True, False]
    assert [each.current for each in concerns.maps] == [False, True]
    assert overview.title == "Border-crossing concerns north of Afghanistan"
    assert concerns.title == "The borders that worry Russia, as Lt. Gen. Hertling describes them"
    assert list(_claims(concerns)) == ["hertling-north-afg", "hertling-kaz-between", "hertling-passage"]
    assert len(overview.claims) == 14


def test_a_claim_is_told_with_its_speaker_source_and_what_is_not_known() -> None:
    passage = _claims(_pages()[0])["hertling-passage"]
    assert passage.speaker_name == "Lt. Gen. Mark Hertling"
    assert passage.speaker_role == "CNN military analyst"
    assert passage.source_title == "Taliban Fighters in Afghanistan"
    assert (passage.date, passage.source_date, passage.grades) == ("undated", "undated", "ungraded")
    assert passage.quote.startswith("Russia and Mr. Putin are very concerned about the passage")
    assert [each.schematic for each in passage.placements] == [True, True, True]
    assert passage.placements[2].text == "Afghanistan → Tajikistan → Uzbekistan → Kazakhstan → Russia"
    assert passage.placements[0].precision == "line or fuzzy feature"


def test_borders_are_told_with_their_lengths_and_outcomes() -> None:
    north = _claims(_pages()[0])["hertling-north-afg"]
    assert [each.text for each in north.placements] == [
        "Border Afghanistan\u2013Turkmenistan · 723 km at 1:10m",
        "Border Afghanistan\u2013Uzbekistan · 137 km at 1:10m",
        "Border Afghanistan\u2013Tajikistan · 1,170 km at 1:10m",
    ]
    assert [each.result for each in north.outcomes] == ["holds"] * 4
    [between] = _claims(_pages()[0])["hertling-kaz-between"].outcomes
    assert between.result == "partly"
    assert "Kazakhstan and Tajikistan share no border" in between.sentence


def test_who_is_not_named_stays_without_a_name() -> None:
    claims = _claims(_pages()[0])
    assert (claims["isis-3000"].speaker_name, claims["afg-violence"].speaker_role) == ("", "")
    assert claims["isis-3000"].speaker_role == "a U.S. commander, to Congress (unnamed)"


def test_a_location_can_be_more_exact_than_its_claim() -> None:
    ties = _claims(_pages()[0])["oliker-ties"]
    assert [(each.text, each.precision) for each in ties.placements] == [
        ("North Caucasus", "province level"),
        ("Syria", "country level"),
    ]


def test_the_legend_says_what_is_on_the_map_and_no_more() -> None:
    overview, concerns = ([entry.kind for entry in page.legend] for page in _pages())
    assert overview == [
        "border-agreed",
        "border-disputed",
        "border-undefined",
        "area-disputed",
        "form-border",
        "form-route",
        "form-relation",
        "form-territory",
    ]
    assert [kind for kind in concerns if kind.startswith("form-")] == ["form-border", "form-route"]


def test_the_footer_states_worldview_data_date_and_projection() -> None:
    footer = _pages()[0].footer
    assert footer.worldview == "Worldview: neutral. Disputed areas are hatched and given to no side."
    assert "Natural Earth 5.1.1, 1:10m" in footer.dataset
    assert footer.as_of == "No as-of date given."
    assert footer.projection.startswith("Albers equal-area conic projection")
    assert footer.disclaimer.startswith("Boundaries and names shown do not imply endorsement")
    assert footer.made_with == "Made with mapgen 1.2.3"


def test_disputed_areas_are_told_with_their_parties() -> None:
    labels = {each.name: each.label for each in _pages()[0].disputed}
    assert labels["Crimea"] == "administered by Russia, claimed by Ukraine"


def test_only_sources_in_use_are_listed() -> None:
    sources = {**default_project().sources, "unused": Source(id="unused", title="Unused")}
    overview, _ = _build(default_project().model_copy(update={"sources": sources}))
    assert [each.id for each in overview.sources] == ["report-2015"]


def _numbers(plans: Iterable[MapPlan]) -> list[list[str]]:
    return [[each.id for each in plan.annotations] for plan in plans]


def test_without_maps_there_is_one_of_everything() -> None:
    [plan] = plan_maps(_project(claim(at("territory", "AFG"))))
    assert plan.file_name == "map.html"
    assert _numbers([plan]) == [["one"]]


@pytest.mark.parametrize(("layers", "ids"), [(("empty",), []), (("claims",), ["one"]), (None, ["one"])])
def test_a_map_shows_its_layers(layers: tuple[str, ...] | None, ids: list[str]) -> None:
    spec = MapSpec(name="near", layers=layers)
    assert _numbers(plan_maps(_project(claim(at("territory", "AFG")), maps=(spec,)))) == [ids]
