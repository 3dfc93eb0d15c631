"""The model's own rules, as a user of the Python API meets them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mapgen.model import (
    Annotation,
    Assertion,
    Finding,
    Layer,
    Location,
    MapSpec,
    Project,
    Source,
    Speaker,
    is_area,
    is_code,
)


def annotation(**changes: object) -> Annotation:
    fields = {
        "id": "hertling-passage",
        "layer": "concerns",
        "where": (Location(kind="border", value=("AFG", "TJK")),),
        "claim": "They pass across this border.",
        "source": "report",
    }
    return Annotation.model_validate({**fields, **changes})


def test_an_annotation_has_no_grade_and_no_date_unless_it_is_given_one():
    made = annotation()
    empty = ("quote", "speaker", "analyst", "date", "source_reliability", "info_credibility", "likelihood")
    assert all(getattr(made, name) is None for name in (*empty, "analytic_confidence", "where_precision"))
    assert made.status == "asserted"
    assert made.supersedes == made.supports == made.contradicts == made.asserts == ()
    assert made.position("where", 0) is None


def test_values_do_not_change():
    with pytest.raises(ValidationError, match="frozen"):
        annotation().claim = "another"


def test_values_compare_by_what_they_say():
    assert annotation() == annotation()
    assert annotation() != annotation(claim="another")
    assert len({Speaker(role="analyst"), Speaker(role="analyst")}) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": "Hertling"}, "pattern"),
        ({"id": "a" * 65}, "pattern"),
        ({"id": "a\n"}, "pattern"),
        ({"claim": "  "}, "the text is empty"),
        ({"where": ()}, "at least 1"),
        ({"date": "2015-13"}, "no such month: 13"),
        ({"info_credibility": 7}, "less than or equal to 6"),
        ({"info_credibility": "high"}, "valid integer"),
        ({"source_reliability": "a"}, "'A', 'B'"),
        ({"where_precision": 0}, "greater than or equal to 1"),
        ({"likelihood": "maybe"}, "almost no chance"),
        ({"supports": ("a", "a")}, "'a' stands in the list twice"),
        ({"quote_language": "English language"}, "pattern"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_what_an_annotation_cannot_be(changes, message):
    with pytest.raises(ValidationError, match=message):
        annotation(**changes)


def test_blank_texts_count_as_not_written():
    assert annotation(note=" ", quote="").note is None
    assert Source(id="a", title="A", url="").url is None


def test_a_speaker_has_a_name_or_a_role():
    assert Speaker(name="Olga Oliker").role is None
    with pytest.raises(ValidationError, match="neither a name nor a role"):
        Speaker()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("border", ("AFG", "TJK")),
        ("route", ("AFG", "Termez, UZB", "data/areas/north.geojson", "RUS")),
        ("relation", ("Moscow", "AFG")),
        ("territory", "AFG"),
        ("place", "Termez"),
        ("point", (67.28, 37.22)),
        ("point", (180, -90)),
        ("area", "data/areas/north.geojson"),
    ],
)
def test_locations(kind, value):
    location = Location(kind=kind, value=value)
    assert location.value == value
    if kind == "point":
        assert all(isinstance(number, float) for number in location.value)


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("border", ("AFG",), "a border with two ends"),
        ("border", ("AFG", "TJK", "UZB"), "a border with two ends"),
        ("border", ("AFG", "AFG"), "'AFG' is followed by itself"),
        ("border", ("AFG", "Termez, UZB"), "'Termez, UZB' is not a territory code"),
        ("border", "AFG-TJK", "a border with two ends"),
        ("route", ("AFG",), "a route with two or more waypoints"),
        ("route", ("AFG", "TJK", "TJK"), "'TJK' is followed by itself"),
        ("route", ("AFG", ""), "a route with two or more waypoints"),
        ("route", ("AFG", "../x.geojson"), "is not a path in the project folder"),
        ("relation", ("RUS", "TKM", "UZB"), "a relation with two ends"),
        ("territory", "Afghanistan the country", "is not a territory code"),
        ("territory", ("AFG", "TJK"), "expected one territory as text"),
        ("place", " ", "expected one place as text"),
        ("point", (167.28, 137.22), "is not on the globe"),
        ("point", (1.0, 2.0, 3.0), "expected a point as"),
        ("point", "Termez", "expected a point as"),
        ("area", "data/area.shp", "path of a GeoJSON file"),
        ("area", "/etc/area.geojson", "is not a path in the project folder"),
        ("area", "/vsicurl/http://example.org/a.geojson", "is not a path in the project folder"),
        ("area", "GPKG:a.geojson", "is not a path in the project folder"),
        ("area", "a\\b.geojson", "is not a path in the project folder"),
        ("line", ("AFG", "TJK"), "Input should be"),
    ],
)
def test_what_a_location_cannot_be(kind, value, message):
    with pytest.raises(ValidationError, match=message):
        Location(kind=kind, value=value)


def test_points_are_finite():
    for number in (float("nan"), float("inf")):
        with pytest.raises(ValidationError):
            Location(kind="point", value=(number, 0.0))


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_any_point_on_the_globe_is_kept_as_it_is(longitude, latitude):
    assert Location(kind="point", value=(longitude, latitude)).value == (longitude, latitude)


@given(st.text(), st.sampled_from(["place", "territory", "area"]))
def test_any_text_is_a_location_or_refused_in_words(text, kind):
    try:
        assert Location(kind=kind, value=text).value == text
    except ValidationError as error:
        assert len(error.errors()) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "shares_border", "pair": ("AFG", "TJK")},
        {"kind": "between", "territory": "KAZ", "from_": ("TKM", "UZB"), "to": "RUS"},
        {"kind": "borders_on", "territory": "AFG", "side": "north", "with_": "TKM"},
    ],
)
def test_assertions(fields):
    assert Assertion.model_validate(fields).kind == fields["kind"]
    for name in fields.keys() - {"kind"}:
        with pytest.raises(ValidationError, match=f"needs '{name.rstrip('_')}'"):
            Assertion.model_validate({key: value for key, value in fields.items() if key != name})


def test_an_assertion_has_nothing_of_another_kind():
    with pytest.raises(ValidationError, match="shares_border has no 'to'"):
        Assertion(kind="shares_border", pair=("AFG", "TJK"), to="RUS")


def test_a_project_can_be_made_in_python():
    project = Project(
        title="Map",
        territories=("AFG",),
        folder=Path("somewhere"),
        sources={"report": Source(id="report", title="Report")},
        annotations=(annotation(),),
        layers=(Layer(name="concerns", title="Concerns"),),
        maps=(MapSpec(name="map"),),
    )
    assert (project.context, project.worldview, project.projection) == ("neighbours", "neutral", "auto")
    assert project.boundaries == "natural-earth-10m"
    assert project.position("title") is None


@pytest.mark.parametrize("extent", [(60, 30, 75, 40), (170, 60, 190, 70), (-180, -90, 180, 90)])
def test_extents(extent):
    assert MapSpec(name="map", extent=extent).extent == extent


@pytest.mark.parametrize(
    "extent",
    [(75, 30, 60, 40), (60, 40, 75, 30), (60, 30, 75, 91), (60, 30, 75), (0, 0, 0, 0), "60 30 75 40"],
)
def test_what_an_extent_cannot_be(extent):
    with pytest.raises(ValidationError, match=r"west, south, east, north"):
        MapSpec(name="map", extent=extent)


@pytest.mark.parametrize("worldview", ["neutral", "de_facto", "international", "UA", "CN"])
def test_worldviews(worldview):
    assert _project_with(worldview=worldview).worldview == worldview


@pytest.mark.parametrize(
    ("worldview", "near"), [("ua", "'UA'"), ("defacto", "'de_facto'"), ("netral", "'neutral'"), ("ÜA", "")]
)
def test_what_a_worldview_cannot_be(worldview, near):
    with pytest.raises(ValidationError, match=f"is not a worldview.*{near}"):
        _project_with(worldview=worldview)


def _project_with(**fields: object) -> Project:
    base = {"title": "Map", "territories": "AFG", "folder": ".", "sources": {}, "annotations": ()}
    return Project.model_validate({**base, **fields})


@pytest.mark.parametrize(
    ("text", "expected"),
    [("AFG", True), ("USA.1_1", True), ("FOO-1", True), ("Termez, UZB", False), ("", False), ("A\n", False)],
)
def test_is_code(text, expected):
    assert is_code(text) is expected


def test_is_area():
    assert is_area("data/a.geojson")
    assert is_area("data/A.GeoJSON")
    assert not is_area("Termez")


def test_findings_are_plain_values():
    finding = Finding("warning", "no-border", None, "TJK and KAZ share no border.", "Name what lies between.")
    assert finding == Finding(
        "warning", "no-border", None, "TJK and KAZ share no border.", "Name what lies between."
    )


def test_the_model_imports_nothing_heavy():
    heavy = "{'numpy', 'pandas', 'geopandas', 'shapely', 'folium', 'branca', 'pyogrio', 'click'}"
    code = f"import sys, mapgen.project, mapgen.schema; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
