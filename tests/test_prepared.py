"""The seam between geometry and words: geometry sees no text, and what it makes can be kept as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mapgen.build import build_project, check_project
from mapgen.errors import Finding, InputError
from mapgen.model import Project
from mapgen.prepared import TEXTS, Prepared, from_json, located, to_json, without_texts
from mapgen.project import read_project
from tests.projects import REPOSITORY, default_project, write_project

WORDS = "A text that geometry never sees"


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    """What geometry says of the default project, in several worldviews."""
    project = read_project(REPOSITORY)
    return check_project(project).prepare(lambda _: None)


def test_what_geometry_made_is_the_same_after_it_was_kept(prepared: Prepared) -> None:
    assert from_json(to_json(prepared)) == prepared


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 0}', "null", '{"format": 1}'])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises((ValueError, TypeError, LookupError, AttributeError)):
        from_json(text)


def test_no_text_of_a_project_reaches_geometry(tmp_path: Path) -> None:
    fields = ("claim", "quote", "note", "analyst", "fact_check", "fact_check_url")
    claim: dict[str, Any] = {**dict.fromkeys(fields, WORDS), "speaker": {"name": WORDS, "role": WORDS}}
    write_project(
        tmp_path,
        [claim],
        title=WORDS,
        lead=WORDS,
        credit=WORDS,
        publications=[{"id": "report", "title": WORDS, "publisher": WORDS}],
        layers=[{"name": "claims", "title": WORDS, "description": WORDS}],
        maps=[{"name": "one", "title": WORDS, "lead": WORDS}],
        silence=[{"check": "source-undated", "reason": WORDS}],
        corrections=[{"date": "2024", "claim": "claim-1", "what": WORDS}],
    )
    project = read_project(tmp_path)
    assert WORDS in project.model_dump_json()
    assert WORDS not in without_texts(project).model_dump_json()


def test_the_texts_are_fields_that_there_are() -> None:
    for kind, names in TEXTS.items():
        assert set(names) <= set(kind.model_fields), kind


def test_a_project_without_texts_draws_the_same(prepared: Prepared) -> None:
    bare = without_texts(default_project())
    assert bare.territories == default_project().territories
    assert [each.where for each in bare.annotations] == [each.where for each in default_project().annotations]
    again = check_project(default_project().model_copy(update={"title": "Another title"}))
    assert to_json(again.prepare(lambda _: None)) == to_json(prepared)


def test_findings_of_geometry_are_found_in_the_files_of_today(tmp_path: Path) -> None:
    claims = [{"asserts": [{"shares_border": ["LIE", "DEU"]}]}, {"where": {"route": ["LIE", "DEU"]}}]
    write_project(tmp_path, claims)
    found = check_project(read_project(tmp_path)).findings
    file = tmp_path / "claims.yaml"
    file.write_text("\n\n\n" + file.read_text("utf-8"), encoding="utf-8")
    moved = check_project(read_project(tmp_path)).findings
    places = [
        [f.position.line for f in each if f.position and f.position.file == "claims.yaml"]
        for each in (found, moved)
    ]
    assert len(places[0]) == 2
    assert places[1] == [line + 3 for line in places[0] if line]


def test_errors_of_geometry_are_found_in_the_files(tmp_path: Path) -> None:
    write_project(tmp_path, [{"where": {"place": "Nowhere at all"}}], boundaries="natural-earth-10m")
    with pytest.raises(InputError) as caught:
        build_project(read_project(tmp_path))
    assert str(caught.value).startswith("claims.yaml:5:")
    write_project(tmp_path, boundaries="none.shp")
    with pytest.raises(InputError, match=r"mapgen\.yaml:\d+:\d+: there is no file"):
        build_project(read_project(tmp_path))


def test_a_position_in_another_file_stays(tmp_path: Path) -> None:
    project: Project = read_project(write_project(tmp_path))
    finding = Finding("note", "boundary-crs", None, "message", "")
    assert list(located(project, [finding])) == [finding]
    assert json.loads(to_json(check_project(project).prepare(lambda _: None)))["format"] >= 1
