"""A project written as YAML and read again is the same project, whatever its texts are."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapgen.model import Location, Project
from mapgen.project import read_project
from mapgen.writers.plain import plain, plain_project, plain_where
from mapgen.writers.yamlfiles import to_yaml, yaml_files
from mapgen.yamlvalues import read_values
from tests.generated import HOSTILE, projects, texts
from tests.projects import at, default_project


def write_and_read(project: Project) -> Project:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in yaml_files(plain_project(project)).items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
        return read_project(folder).model_copy(update={"folder": project.folder})


@settings(max_examples=40)
@given(projects())
def test_what_is_written_is_read_as_the_same_project(project: Project) -> None:
    assert write_and_read(project) == project


def test_the_default_project_is_written_and_read() -> None:
    project = default_project()
    assert write_and_read(project) == project


@settings(max_examples=20)
@given(projects())
def test_the_same_project_gives_the_same_files(project: Project) -> None:
    again = write_and_read(project)
    assert yaml_files(plain_project(again)) == yaml_files(plain_project(project))


def _read(text: str) -> Any:
    value, _, problems = read_values(text)
    assert problems == []
    return value


values = st.recursive(
    texts,
    lambda inside: st.lists(inside, min_size=1) | st.dictionaries(texts, inside, min_size=1),
    max_leaves=12,
)


@given(
    st.lists(values, min_size=1) | st.dictionaries(texts.filter(lambda key: key != "<<"), values, min_size=1)
)
def test_every_text_is_read_as_it_was(value: Any) -> None:
    def legal(each: Any) -> bool:
        if isinstance(each, dict):
            return all(key != "<<" and len(key) < 400 and legal(inside) for key, inside in each.items())
        return all(map(legal, each)) if isinstance(each, list) else True

    if legal(value):
        assert _read(to_yaml(value)) == value


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_on_their_line(text: str) -> None:
    written = to_yaml({"before": "x", "text": text, "after": "y"})
    assert _read(written) == {"before": "x", "text": text, "after": "y"}


def test_common_texts_are_written_as_people_do() -> None:
    value = {
        "title": "Borders, north",
        "date": "2015-12",
        "territories": ["AFG", "TKM"],
        "empty": [],
        "no": "null",
    }
    expected = 'title: Borders, north\ndate: 2015-12\nterritories: [AFG, TKM]\nempty: []\nno: "null"\n'
    assert to_yaml(value) == expected


def test_half_characters_become_the_sign_for_what_cannot_be_written() -> None:
    assert plain({"a": ["x\ud800y", "\ud83d\ude00"]}) == {"a": ["x�y", "\U0001f600"]}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ((at("border", ("AFG", "TJK")),), {"border": "AFG-TJK"}),
        ((at("border", ("AFG", "TJK")), at("border", ("AFG", "UZB"))), {"border": ["AFG-TJK", "AFG-UZB"]}),
        ((at("border", ("A-1", "B-2")),), {"border": [["A-1", "B-2"]]}),
        ((at("route", ("AFG", "TJK")),), {"route": ["AFG", "TJK"]}),
        (
            (at("place", "Termez", label="a"), at("place", "Kabul", label="b", precision=2)),
            [{"place": "Termez", "label": "a"}, {"place": "Kabul", "precision": 2, "label": "b"}],
        ),
    ],
)
def test_locations_are_written_as_short_as_they_can_be(where: tuple[Location, ...], expected: Any) -> None:
    assert plain_where(where) == expected
