"""Write a project's claims as GeoJSON (RFC 7946): one feature a claim, with its geometry.

In: a project and its placements. Out: the text of the file, one line a feature. Properties have the names of
the flat columns; what those cannot say (``asserts``, ``translations``, locations with labels of their own)
stands there as it does in the YAML files, so that nothing of a claim is lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mapgen.model import Annotation, Project
from mapgen.places import Placement
from mapgen.readers.columns import WHOLE
from mapgen.writers.plain import plain, plain_annotation
from mapgen.writers.shapes import bounding_box, geometry_of
from mapgen.writers.table import is_flat, lost_controls, row_of, scalars, source_cells, without_controls


def write_geojson(
    project: Project, placements: Mapping[str, Sequence[Placement]], notice: Sequence[str] = ()
) -> str:
    """Return a project's claims as GeoJSON.

    Parameters
    ----------
    project : Project
    placements : mapping of str to sequence of Placement
        By annotation id.
    notice : sequence of str
        What every map of these boundaries states: worldview, dataset, date.

    Returns
    -------
    str
        A FeatureCollection; coordinates as [longitude, latitude] in degrees (WGS84), 6 decimals.
    """
    everything = [each.geometry for several in placements.values() for each in several]
    head = {
        "type": "FeatureCollection",
        "title": without_controls(plain(project.title)),
        "notice": without_controls(plain(notice)),
        **({"bbox": bounding_box(everything)} if everything else {}),
    }
    features = ",\n".join(
        _json(
            {
                "type": "Feature",
                "id": annotation.id,
                "bbox": bounding_box(each.geometry for each in placements[annotation.id]),
                "properties": properties_of(project, annotation),
                "geometry": geometry_of(placements[annotation.id]),
            }
        )
        for annotation in project.annotations
    )
    return f'{_json(head)[:-1]},"features":[\n{features}\n]}}\n'


def lost_in_geojson(annotation: Annotation) -> Iterator[str]:
    """Say what of a claim GeoJSON does not carry."""
    yield from lost_controls(annotation)


def properties_of(project: Project, annotation: Annotation) -> dict[str, Any]:
    """Return what a feature says of its claim."""
    flat = is_flat(annotation.where)
    cells = row_of(annotation) if flat else scalars(annotation)
    written = plain_annotation(annotation)
    nested: dict[str, Any] = {name: written[name] for name in WHOLE if name in written}
    if flat:
        del nested["where"]
    said = without_controls({**cells, **nested, **source_cells(project, annotation)})
    return dict(said)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
