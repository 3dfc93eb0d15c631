"""Projects for tests: the default one, read and built once, and small ones written into a folder.

In: what a test changes. Out: projects, claims and placers that stand on the real boundary data. What is
expected of them is said in the tests.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from mapgen.boundaries import Boundaries, read_boundaries
from mapgen.build import Edition, build_project
from mapgen.drawing import Drawing, draw
from mapgen.frame import Frame, frame_map
from mapgen.gazetteer import Gazetteer
from mapgen.model import Annotation, Assertion, Finding, Location, Project
from mapgen.places import Placement, Placer, place_annotations
from mapgen.project import read_project

REPOSITORY = Path(__file__).resolve().parent.parent
TERRITORIES = ("AFG", "TKM", "UZB", "TJK", "KAZ", "RUS")


@cache
def default_project() -> Project:
    return read_project(REPOSITORY)


@cache
def default_edition() -> Edition:
    return build_project(default_project())


@cache
def default_placements() -> dict[str, list[Placement]]:
    placements, findings = place_annotations(Placer(default_project(), boundaries()))
    assert findings == []
    return placements


@cache
def default_frame() -> Frame:
    shapes = [boundaries().territories.geometry.at[code] for code in TERRITORIES]
    everywhere = [placement for several in default_placements().values() for placement in several]
    return frame_map(shapes, everywhere, projection="auto", scale=boundaries().dataset.scale)


@cache
def default_drawing() -> Drawing:
    return draw(
        boundaries(),
        default_placements(),
        default_frame(),
        project=default_project(),
        gazetteer=Gazetteer(TERRITORIES),
    )


@cache
def boundaries() -> Boundaries:
    return read_boundaries("natural-earth-10m", worldview="neutral", language="en")


def placer(folder: Path = REPOSITORY, territories: Sequence[str] = TERRITORIES) -> Placer:
    project = Project(title="Map", territories=territories, folder=folder, sources={}, annotations=())
    return Placer(project, boundaries())


def claim(*where: Location, **changes: Any) -> Annotation:
    own = {"id": "one", "layer": "claims", "claim": "A claim.", "source": "report"}
    return Annotation(where=where, **{**own, **changes})


def at(kind: Any, value: Any, **changes: Any) -> Location:
    return Location(kind=kind, value=value, **changes)


def place(*where: Location, folder: Path = REPOSITORY) -> tuple[list[Placement], list[Finding]]:
    return placer(folder).place(claim(*where))


def statement(kind: Any, **changes: Any) -> Assertion:
    return Assertion(kind=kind, **changes)


def write_project(folder: Path, claims: Sequence[dict[str, Any]] = (), **keys: Any) -> Path:
    """Write a small project; `claims` need nothing but what differs from a plain claim on Liechtenstein.

    The files are JSON, which YAML is a superset of, so that a test writes values and not indentation.
    """
    own = {"layer": "claims", "where": {"territory": "LIE"}, "claim": "A claim.", "source": "report"}
    report = {"id": "report", "title": "A report", "date": "2024-01", "publisher": "A publisher"}
    sources = keys.pop("publications", [report])
    project = {
        "title": "A map",
        "territories": ["LIE", "CHE", "AUT"],
        "sources": "sources.yaml",
        "annotations": ["claims.yaml"],
        **keys,
    }
    written = [{**own, "id": f"claim-{number}", **each} for number, each in enumerate(claims or [{}], 1)]
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in (("mapgen.yaml", project), ("sources.yaml", sources), ("claims.yaml", written)):
        (folder / name).write_text(json.dumps(value, indent=1), encoding="utf-8")
    return folder
