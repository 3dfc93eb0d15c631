"""The story on a map: whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen.build import build_project
from mapgen.extract import extract_project
from mapgen.model import Project, StoryStep
from mapgen.plans import plan_maps
from mapgen.project import read_project
from mapgen.stories import script_steps, steps_of
from tests.projects import write_project

CLAIMS = [{"id": "one", "layer": "north"}, {"id": "two", "layer": "south"}]
STORY = [
    {"text": "All."},
    {"text": "The second.", "claim": "two", "layers": ["south"]},
    {"text": "A place.", "extent": [9.4, 47, 9.7, 47.3]},
]


def _project(folder: Path, **keys: Any) -> Project:
    return read_project(write_project(folder, CLAIMS, **{"story": STORY, **keys}))


def test_the_steps_name_claims_by_their_numbers_on_the_map(tmp_path: Path) -> None:
    project = _project(tmp_path)
    [plan] = plan_maps(project)
    steps = steps_of(project, plan)
    assert [(step.text, step.claim, step.number) for step in steps] == [
        ("All.", "", 0),
        ("The second.", "two", 2),
        ("A place.", "", 0),
    ]
    assert steps[1].claim_text == "A claim."


def test_a_map_that_lacks_a_claim_of_the_story_tells_none_of_it(tmp_path: Path) -> None:
    project = _project(tmp_path, maps=[{"name": "all"}, {"name": "north", "layers": ["north"]}])
    whole, part = plan_maps(project)
    assert len(steps_of(project, whole)) == 3
    assert steps_of(project, part) == ()


def test_a_project_without_a_story_has_no_steps(tmp_path: Path) -> None:
    project = _project(tmp_path, story=[])
    assert steps_of(project, plan_maps(project)[0]) == ()


def test_the_script_is_told_where_each_step_leads(tmp_path: Path) -> None:
    assert script_steps(_project(tmp_path)) == [
        {},
        {"claim": "two", "layers": ("south",)},
        {"extent": (9.4, 47.0, 9.7, 47.3)},
    ]


def test_a_step_has_a_claim_or_an_extent_but_not_both() -> None:
    with pytest.raises(ValueError, match="has both a claim and an extent"):
        StoryStep(text="Both.", claim="one", extent=(1, 2, 3, 4))


def test_a_story_is_carried_and_a_rebuild_is_the_same(tmp_path: Path) -> None:
    first = build_project(_project(tmp_path / "first")).pages["map.html"]
    (tmp_path / "map.html").write_text(first, encoding="utf-8")
    extract_project(tmp_path / "map.html", tmp_path / "second")
    again = read_project(tmp_path / "second")
    assert [step.text for step in again.story] == ["All.", "The second.", "A place."]
    assert build_project(again).pages["map.html"] == first
