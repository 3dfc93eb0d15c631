"""The JSON Schemas: valid themselves, and of one mind with the readers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from mapgen.annotations import read_annotations
from mapgen.documents import parse_document
from mapgen.errors import InputError
from mapgen.model import Annotation, ProjectFile, Source
from mapgen.project import read_project
from mapgen.schema import annotations_schema, project_schema, sources_schema

REPOSITORY = Path(__file__).resolve().parent.parent
SCHEMAS = [project_schema, annotations_schema, sources_schema]


class EditorLoader(yaml.SafeLoader):
    """Reads YAML as editors do: like the 1.2 core schema, which knows no dates."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def as_an_editor_reads(text: str) -> Any:
    return yaml.load(text, EditorLoader)


def errors_of(schema: dict[str, Any], text: str) -> list[str]:
    validator = Draft202012Validator(schema)
    return [error.message for error in validator.iter_errors(as_an_editor_reads(text))]


@pytest.mark.parametrize("make", SCHEMAS)
def test_the_schema_is_one(make):
    schema = make()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert make() == schema
    assert make() is not schema


@pytest.mark.parametrize(
    "folder", [REPOSITORY, REPOSITORY / "mapgen" / "starter"], ids=["default", "starter"]
)
def test_the_files_of_the_projects_fit(folder):
    read_project(folder)
    assert errors_of(project_schema(), (folder / "mapgen.yaml").read_text("utf-8")) == []
    assert errors_of(sources_schema(), (folder / "data/sources.yaml").read_text("utf-8")) == []
    files = sorted((folder / "data/annotations").glob("*.yaml"))
    assert files
    for file in files:
        assert errors_of(annotations_schema(), file.read_text("utf-8")) == [], file.name


@pytest.mark.parametrize(
    ("make", "model", "path"),
    [
        (project_schema, ProjectFile, ()),
        (annotations_schema, Annotation, ("items",)),
        (sources_schema, Source, ("items",)),
    ],
)
def test_every_key_of_the_model_is_described(make, model, path):
    schema = make()
    for step in path:
        schema = schema[step]
    assert list(schema["properties"]) == list(model.model_fields)
    assert all(inside.get("description") for inside in schema["properties"].values())


def test_dates_languages_and_labels_are_described_as_what_they_are():
    keys = {**annotations_schema()["items"]["properties"], **project_schema()["properties"]}
    assert keys["date"]["description"].startswith("The date that the claim is about")
    assert keys["language"]["description"].startswith("Language of the texts")
    assert "What the list and the page call it" in str(annotations_schema())


ITEM = "- {{id: a, layer: l, claim: c, source: s, {}}}\n"
BOTH = [
    ("where: {border: AFG-TJK}", True),
    ("where: {border: [AFG, TJK]}", True),
    ("where: {border: [AFG-TJK, [AFG, UZB]]}", True),
    ("where: {route: [[AFG, TKM, KAZ], [AFG, UZB]]}", True),
    ("where: {relation: [[RUS, TKM], [RUS, UZB]]}", True),
    ("where: {point: [67.28, 37.22]}", True),
    ("where: {point: [[67, 37], [68, 38]], precision: 1, label: here}", True),
    ("where: [{area: data/a.geojson}, {territory: [SYR, IRQ]}]", True),
    ("where: {place: Termez}, date: 2015", True),
    ("where: {place: Termez}, date: 2015-12-07, note: , status: ", True),
    ("where: {place: Termez}, supports: a, contradicts: []", True),
    ("where: {place: Termez}, asserts: {shares_border: AFG-TJK}", True),
    ("where: {place: Termez}, asserts: [{between: {territory: KAZ, from: [TKM], to: RUS}}]", True),
    ("where: {place: Termez}, asserts: [{borders_on: {territory: AFG, side: north, with: TKM}}]", True),
    ("where: {place: Termez}, speaker: {role: analyst}, info_credibility: 2", True),
    ("where: {}", False),
    ("where: []", False),
    ("where: Termez", False),
    ("where: {place: Termez, territory: AFG}", False),
    ("where: {plce: Termez}", False),
    ("where: {route: [AFG]}", False),
    ("where: {relation: [A, B, C]}", False),
    ("where: {point: [1]}", False),
    ("where: {area: a.shp}", False),
    ("where: {place: Termez, precision: 9}", False),
    ("where: {place: Termez}, asserts: [{between: {territory: KAZ, form: [TKM], to: RUS}}]", False),
    ("where: {place: Termez}, asserts: [{borders_on: {territory: AFG, side: up, with: TKM}}]", False),
    ("where: {place: Termez}, info_credibility: 7", False),
    ("where: {place: Termez}, likelihood: maybe", False),
    ("where: {place: Termez}, speaker: Hertling", False),
    ("where: {place: Termez}, spaeker: {role: analyst}", False),
    ("claims: x", False),
]


@pytest.mark.parametrize(("keys", "good"), BOTH, ids=[row[0] for row in BOTH])
def test_schema_and_reader_are_of_one_mind(keys, good):
    text = ITEM.format(keys)
    _, problems = read_annotations(parse_document(text.encode(), "c.yaml"))
    assert (problems == []) is good, problems
    assert (errors_of(annotations_schema(), text) == []) is good


def test_a_misspelt_key_of_the_project_is_refused_by_both(tmp_path):
    text = "titel: Map\ntitle: Map\nterritories: [AFG]\nsources: s.yaml\nannotations: a.yaml\n"
    (tmp_path / "mapgen.yaml").write_text(text)
    (tmp_path / "s.yaml").write_text("")
    (tmp_path / "a.yaml").write_text("")
    assert errors_of(project_schema(), text)
    with pytest.raises(InputError, match="unknown key 'titel'"):
        read_project(tmp_path)
    (tmp_path / "mapgen.yaml").write_text(text.removeprefix("titel: Map\n"))
    assert errors_of(project_schema(), text.removeprefix("titel: Map\n")) == []
    assert read_project(tmp_path).annotations == ()
