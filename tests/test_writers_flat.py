"""Claims written as CSV, GeoJSON, KML and JSON-LD are read again, less what docs/formats.md says is lost."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from mapgen.model import LOCATION_KINDS, Annotation, Location, Project
from mapgen.places import Placement, Placer
from mapgen.project import read_project
from mapgen.writers.csvfile import neutral, write_csv
from mapgen.writers.geojson import properties_of, write_geojson
from mapgen.writers.kml import NAMESPACE, write_kml
from mapgen.writers.plain import plain_project
from mapgen.writers.table import is_flat, lost_in_row, row_of, without_controls
from mapgen.writers.webannotation import write_webannotation
from mapgen.writers.yamlfiles import SOURCES_FILE, to_yaml, yaml_files
from tests.generated import CODES, HOSTILE, projects
from tests.projects import at, claim, default_project, placer, statement

FREE = ("claim", "quote", "quote_translation", "quote_translator", "note", "analyst")
FREE += ("fact_check", "fact_check_url")


@cache
def _placer() -> Placer:
    return placer(territories=CODES)


def placed(project: Project) -> dict[str, list[Placement]]:
    return {annotation.id: _placer().place(annotation)[0] for annotation in project.annotations}


def write(project: Project, suffix: str) -> str:
    writers: dict[str, Callable[[], str]] = {
        "csv": lambda: write_csv(project),
        "geojson": lambda: write_geojson(project, placed(project), ["A notice."]),
        "kml": lambda: write_kml(project, placed(project), ["A notice."]),
        "jsonld": lambda: write_webannotation(project),
    }
    return writers[suffix]()


def read_again(project: Project, suffix: str) -> tuple[Annotation, ...]:
    """Write the claims in a format, beside the project's other files, and read them from it."""
    files = yaml_files(plain_project(project))
    settings = {**plain_project(project).settings, "sources": SOURCES_FILE, "annotations": f"claims.{suffix}"}
    files |= {"mapgen.yaml": to_yaml(settings), f"claims.{suffix}": write(project, suffix)}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
        return read_project(folder).annotations


def less(annotation: Annotation, *, tidy: Callable[[str], str]) -> Annotation:
    """Return what a flat row keeps of a claim, as docs/formats.md says it."""
    labels = {each.label for each in annotation.where}
    precisions = {each.precision for each in annotation.where}
    common = precisions.pop() if len(precisions) == 1 else None
    label = tidied(labels.pop(), tidy) if len(labels) == 1 else None
    where = sorted(annotation.where, key=lambda each: LOCATION_KINDS.index(each.kind))
    speaker = annotation.speaker and annotation.speaker.model_copy(
        update={key: tidied(getattr(annotation.speaker, key), tidy) for key in ("name", "role")}
    )
    return annotation.model_copy(
        update={
            "where": tuple(each.model_copy(update={"label": label, "precision": None}) for each in where),
            "where_precision": annotation.where_precision or common,
            "speaker": speaker,
            "asserts": (),
            **{name: tidied(getattr(annotation, name), tidy) for name in FREE},
        }
    )


def tidied(text: str | None, tidy: Callable[[str], str]) -> str | None:
    return text and tidy(text)


def as_xml(text: str) -> str:
    return without_controls(text.replace("\r\n", "\n")).replace("\r", "␍")


@settings(max_examples=30)
@given(projects())
def test_csv_is_read_again_less_what_a_row_cannot_say(project: Project) -> None:
    assert read_again(project, "csv") == tuple(less(e, tidy=without_controls) for e in project.annotations)


@settings(max_examples=20)
@given(projects())
def test_kml_is_read_again_less_what_a_row_cannot_say(project: Project) -> None:
    expected = {each.id: less(each, tidy=as_xml) for each in project.annotations}
    assert {each.id: each for each in read_again(project, "kml")} == expected


@pytest.mark.parametrize("suffix", ["geojson", "jsonld"])
@settings(max_examples=20)
@given(project=projects())
def test_geojson_and_linked_data_are_read_again_whole(suffix: str, project: Project) -> None:
    written = without_controls(plain_project(project).annotations)
    again = project.model_copy(update={"annotations": read_again(project, suffix)})
    assert plain_project(again).annotations == written


@pytest.mark.parametrize("suffix", ["csv", "geojson", "kml", "jsonld"])
def test_the_default_project_is_read_again(suffix: str) -> None:
    project = default_project()
    whole = suffix in ("geojson", "jsonld")
    where = {each.id: each.where for each in project.annotations}
    area = "data/areas/north-caucasus.geojson"
    assert any(location.value == area for several in where.values() for location in several)
    expected = [each if whole else less(each, tidy=str) for each in project.annotations]
    found = read_again(project, suffix)
    assert sorted(found, key=lambda each: each.id) == sorted(expected, key=lambda each: each.id)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula(text: str) -> None:
    cell = neutral(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    marked = cell.startswith("'") and cell[1:2] in "=+-@\t\r'"
    assert (cell[1:] if marked and len(cell) > 1 else cell) == without_controls(text)


@settings(max_examples=20)
@given(projects())
def test_csv_has_one_row_a_claim_and_every_cell_whole(project: Project) -> None:
    text = write_csv(project)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    assert text == write_csv(project)
    assert [row["id"] for row in rows] == [each.id for each in project.annotations]
    assert [row["claim"] for row in rows] == [neutral(each.claim) for each in project.annotations]


@settings(max_examples=20)
@given(projects())
def test_kml_is_xml_with_every_text_in_its_place(project: Project) -> None:
    placements = placed(project)
    text = write_kml(project, placements)
    assert text == write_kml(project, placements)
    root = ElementTree.fromstring(text.encode("utf-8"))
    kml = {"k": NAMESPACE}
    claims = {each.id: each for each in project.annotations}
    placemarks = root.findall(".//k:Placemark", kml)
    assert len(placemarks) == len(claims)
    for each in placemarks:
        values = {
            data.get("name"): data.findtext("k:value", None, kml) for data in each.iterfind(".//k:Data", kml)
        }
        annotation = claims[str(values["id"])]
        assert each.findtext("k:name", None, kml) == as_xml(annotation.claim)
        assert values["claim"] == as_xml(annotation.claim)
        assert "<" not in (each.findtext("k:description", "", kml).replace("<br>", ""))
        assert (each.findtext("k:visibility", None, kml) == "0") == (annotation.status == "retracted")


def test_kml_keeps_to_the_order_of_its_schema() -> None:
    order = ["name", "visibility", "description", "TimeSpan", "ExtendedData"]
    shapes = ["Point", "LineString", "Polygon", "MultiGeometry"]
    project = default_project()
    changed = [
        each.model_copy(update={"date": "2015-12", "status": "retracted"}) for each in project.annotations
    ]
    text = write_kml(project.model_copy(update={"annotations": tuple(changed)}), placed(project))
    root = ElementTree.fromstring(text)
    for placemark in root.iter(f"{{{NAMESPACE}}}Placemark"):
        tags = [str(child.tag).rpartition("}")[2] for child in placemark]
        assert tags[:-1] == order
        assert tags[-1] in shapes
        assert placemark.findtext(f"{{{NAMESPACE}}}TimeSpan/{{{NAMESPACE}}}end") == "2015-12-31"


@settings(max_examples=30)
@given(projects())
def test_what_a_row_loses_is_said(project: Project) -> None:
    for annotation in project.annotations:
        kept = less(annotation, tidy=str) == annotation
        said = list(lost_in_row(annotation))
        assert not said or not kept
        if is_flat(annotation.where) and not annotation.asserts:
            assert kept
            assert not said


@pytest.mark.parametrize(
    ("location", "lost"),
    [
        (at("place", "A; B"), True),
        (at("relation", ("A > B", "C")), True),
        (at("place", "A > B"), False),
        (at("place", " A"), True),
        (at("border", ("A-1", "B-2")), False),
        (at("point", (1.5, -2.25)), False),
    ],
)
def test_names_that_would_be_read_as_several_are_said(location: Location, lost: bool) -> None:
    assert bool(list(lost_in_row(claim(location)))) == lost


def test_cells_say_what_the_readers_read() -> None:
    annotation = claim(
        at("point", (1.5, -2.25)),
        at("border", ("A-1", "B-2")),
        at("route", ("AFG", "Termez, UZB", "TJK")),
        supports=("two", "three"),
        info_credibility=3,
        fact_check="False",
    )
    cells = row_of(annotation)
    assert cells == {
        "id": "one",
        "layer": "claims",
        "border": "A-1 > B-2",
        "route": "AFG > Termez, UZB > TJK",
        "point": "1.5, -2.25",
        "claim": "A claim.",
        "source": "report",
        "info_credibility": 3,
        "supports": "two; three",
        "fact_check": "False",
    }


def test_a_feature_says_where_in_full_only_if_its_columns_cannot() -> None:
    project = default_project()
    simple = claim(at("place", "Bern", label="x"), source="report-2015")
    mixed = claim(at("place", "Bern"), at("territory", "CHE"), source="report-2015")
    stated = claim(
        at("place", "Bern"), asserts=(statement("shares_border", pair=("CHE", "LIE")),), source="report-2015"
    )
    found: list[dict[str, Any]] = [properties_of(project, each) for each in (simple, mixed, stated)]
    assert (found[0]["place"], found[0]["where_label"], "where" in found[0]) == ("Bern", "x", False)
    assert (found[1]["where"], "place" in found[1]) == ([{"place": "Bern"}, {"territory": "CHE"}], False)
    assert found[2]["asserts"] == [{"shares_border": ["CHE", "LIE"]}]
    assert found[2]["source_title"] == "Taliban Fighters in Afghanistan"
