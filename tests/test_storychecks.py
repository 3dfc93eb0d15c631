"""What can be wrong with a story, each with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen.errors import InputError
from mapgen.project import read_project
from tests.projects import write_project

LAYERS = [{"name": "north", "title": "North"}, {"name": "south", "title": "South"}]
CLAIMS = [{"id": "first", "layer": "north"}, {"id": "second", "layer": "south"}]


def _problems(folder: Path, *story: dict[str, Any], **keys: Any) -> list[str]:
    written = write_project(folder, CLAIMS, **{"layers": LAYERS, "story": list(story), **keys})
    try:
        read_project(written)
    except InputError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_a_story_of_what_is_there_is_fine(tmp_path: Path) -> None:
    assert (
        _problems(tmp_path, {"text": "One.", "claim": "first", "layers": ["north"]}, {"text": "All."}) == []
    )


def test_an_unknown_claim_is_told_with_its_place_and_the_nearest(tmp_path: Path) -> None:
    [problem] = _problems(tmp_path, {"text": "One.", "claim": "frist"})
    assert problem.startswith("mapgen.yaml:")
    assert problem.endswith("unknown claim 'frist'. Did you mean 'first'?")
    line = int(problem.split(":")[1])
    assert '"frist"' in (tmp_path / "mapgen.yaml").read_text("utf-8").splitlines()[line - 1]


def test_an_unknown_layer_is_told(tmp_path: Path) -> None:
    [problem] = _problems(tmp_path, {"text": "One.", "layers": ["nord"]})
    assert "unknown layer 'nord'. Did you mean 'north'?" in problem


def test_a_step_that_hides_its_own_claim_is_told(tmp_path: Path) -> None:
    [problem] = _problems(tmp_path, {"text": "One.", "claim": "first", "layers": ["south"]})
    assert "this step hides 'north', the layer of the claim 'first'. Add it to the step's layers." in problem


def test_a_story_that_no_map_shows_whole_is_told(tmp_path: Path) -> None:
    maps = [{"name": "a", "layers": ["north"]}, {"name": "b", "layers": ["south"]}]
    steps = ({"text": "One.", "claim": "first"}, {"text": "Two.", "claim": "second"})
    [problem] = _problems(tmp_path, *steps, maps=maps)
    assert "no map shows all claims and layers of the story" in problem
    assert problem.endswith("Let one map show these layers: north, south.")


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"claim": "first"}, "the key 'text' is missing"),
        ({"text": "One.", "clam": "first"}, "unknown key 'clam'. Did you mean 'claim'?"),
        ({"text": "One.", "claim": "first", "extent": [1, 2, 3, 4]}, "has both a claim and an extent"),
        ({"text": "One.", "extent": [1, 2, 3]}, "extent"),
    ],
)
def test_a_step_of_another_form_is_told(tmp_path: Path, step: dict[str, Any], said: str) -> None:
    [problem] = _problems(tmp_path, step)
    assert said in problem
    assert problem.startswith("mapgen.yaml:")
