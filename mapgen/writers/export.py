"""Write a project in the formats that others read: GeoJSON, CSV, KML, JSON-LD, ClaimReview.

In: a project. Out: the text of one file, and what of the claims it does not carry. Each format is a module of
its own; docs/formats.md lists in one table what each of them loses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from mapgen import wording
from mapgen.boundaries import Boundaries, read_boundaries
from mapgen.errors import InputError, Problem
from mapgen.model import Annotation, Project
from mapgen.places import Placement, Placer, place_annotations
from mapgen.writers.claimreview import lost_in_claimreview, write_claimreview
from mapgen.writers.csvfile import lost_in_csv, write_csv
from mapgen.writers.geojson import lost_in_geojson, write_geojson
from mapgen.writers.kml import lost_in_kml, write_kml
from mapgen.writers.webannotation import lost_in_webannotation, write_webannotation

DISCLAIMER = "Boundaries and names shown do not imply endorsement or acceptance by the publisher."

Lost = Callable[[Annotation], Iterator[str]]

PLAIN_WRITERS: Mapping[str, tuple[Callable[[Project], str], Lost]] = {
    "csv": (write_csv, lost_in_csv),
    "jsonld": (write_webannotation, lost_in_webannotation),
    "claimreview": (write_claimreview, lost_in_claimreview),
}
"""Formats that need no geometry."""

DRAWN_WRITERS = {
    "geojson": (write_geojson, lost_in_geojson),
    "kml": (write_kml, lost_in_kml),
}
"""Formats with geometry, which comes from the boundary data."""


@dataclass(frozen=True, slots=True)
class Export:
    """One written file.

    Attributes
    ----------
    text : str
    lost : tuple of str
        What of the claims it does not carry, with the ids of some that have it.
    """

    text: str
    lost: tuple[str, ...]


def export_project(project: Project, format: str) -> Export:
    """Write a project in one of the formats of `PLAIN_WRITERS` and `DRAWN_WRITERS`.

    Parameters
    ----------
    project : Project
    format : str

    Raises
    ------
    InputError
        With every claim that cannot be placed, if the format has geometry.
    """
    if format in PLAIN_WRITERS:
        write, lost = PLAIN_WRITERS[format]
        return Export(write(project), _told(project, lost))
    boundaries, placements = _placed(project)
    draw, lost = DRAWN_WRITERS[format]
    return Export(draw(project, placements, notice(project, boundaries)), _told(project, lost))


def notice(project: Project, boundaries: Boundaries) -> list[str]:
    """Return what stands under every map, and so in every file that has boundaries in it."""
    data = boundaries.dataset
    as_of = f"As of {wording.describe_date(project.as_of)}." if project.as_of else "No as-of date given."
    dataset = " · ".join(filter(None, [data.describe(), data.attribution, data.license]))
    code = boundaries.dataset.views.get(boundaries.worldview)
    view = wording.describe_worldview(boundaries.worldview, country=boundaries.name(code) if code else "")
    lines = [view, f"Boundaries: {dataset}.", as_of, DISCLAIMER]
    return [*lines, project.credit] if project.credit else lines


def _placed(project: Project) -> tuple[Boundaries, dict[str, list[Placement]]]:
    boundaries = read_boundaries(
        project.boundaries,
        worldview=project.worldview,
        language=project.language,
        folder=project.folder,
        code_column=project.code_column,
        name_column=project.name_column,
    )
    placements, findings = place_annotations(Placer(project, boundaries))
    wrong = [finding for finding in findings if finding.severity == "error"]
    if wrong:
        raise InputError(
            *(Problem(each.position, f"{each.message}. {each.remedy}".strip()) for each in wrong)
        )
    return boundaries, placements


def _told(project: Project, lost: Lost) -> tuple[str, ...]:
    """Return what is lost, each with the number of claims and the first of them."""
    claims: dict[str, list[str]] = {}
    for annotation in project.annotations:
        for what in lost(annotation):
            claims.setdefault(what, []).append(annotation.id)
    return tuple(f"{what}: {_named(ids)}" for what, ids in claims.items())


def _named(ids: list[str]) -> str:
    count = "1 claim" if len(ids) == 1 else f"{len(ids):,} claims"
    return f"{count} ({', '.join(ids[:3])}{', ...' if len(ids) > 3 else ''})"
