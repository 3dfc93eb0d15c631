"""Apply a worldview: decide which territory a disputed area is drawn in, by what the dataset says of it.

In: territories as a dataset draws them, and its disputed areas. Out: territories as the worldview sees them,
and the areas that are to be hatched. No dispute is known to the code; all of them come from the data.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapgen.datasets import Dataset, read_layer
from mapgen.errors import InputError, suggest
from mapgen.model import Finding

WORLDVIEWS = ("neutral", "de_facto", "international")
"""The views of disputed territory that the bundled data can answer."""


def read_disputed(dataset: Dataset, language: str) -> gpd.GeoDataFrame:
    """Read a dataset's disputed areas, an empty frame if it has none."""
    names = {
        "ADMIN_BY": "administered_by",
        "CLAIM_BY": "claimed_by",
        "NOTE": "note",
        "BASE": "base",
        "VIEW_INT": "international",
    }
    found = read_layer(dataset, "disputed_areas", ["CODE", "NAME", *names])
    if found is None:
        empty: dict[str, list[str]] = {column: [] for column in ("code", "name", *names.values())}
        return gpd.GeoDataFrame(empty, geometry=[], crs="EPSG:4326")
    text = list({"CODE": "code", "NAME": "name"} | names)
    found[text] = found[text].fillna("")
    return found.rename(columns={"CODE": "code", "NAME": "name"} | names)


def apply_worldview(
    territories: gpd.GeoDataFrame, disputed: gpd.GeoDataFrame, worldview: str
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, list[Finding]]:
    """Give disputed areas to the territory that a worldview sees them in.

    Parameters
    ----------
    territories : GeoDataFrame, EPSG:4326
        Indexed by code, as the dataset draws them.
    disputed : GeoDataFrame, EPSG:4326
        With ``base``, the code of the territory that the dataset draws the area in, and ``international``,
        the code of the territory it belongs to in the international view.
    worldview : str
        ``neutral`` takes the areas out of every territory, to be hatched; ``international`` gives them to
        that territory; ``de_facto`` leaves them where they are.

    Returns
    -------
    territories, disputed : GeoDataFrame
        The areas to hatch are those of the neutral worldview, and none of the others.
    findings : list of Finding
        A worldview that the dataset cannot answer.
    """
    nothing = disputed.iloc[:0]
    if worldview == "de_facto":
        return territories, nothing, []
    if worldview not in WORLDVIEWS:
        raise InputError(
            f"unknown worldview {worldview!r}: expected one of {', '.join(WORLDVIEWS)}."
            f"{suggest(worldview, WORLDVIEWS)}"
        )
    if disputed.empty:
        message = "this boundary dataset has no disputed areas: its lines are drawn as they are"
        return (
            territories,
            nothing,
            [
                Finding(
                    "note",
                    "worldview-unanswered",
                    None,
                    message,
                    "say so in the map's lead, or use a bundled dataset",
                )
            ],
        )
    geometry = territories.geometry.to_dict()
    drawn = []
    for row in disputed.itertuples():
        if row.base not in geometry:
            continue
        drawn.append(row.Index)
        moves = (
            worldview == "international" and row.international in geometry and row.international != row.base
        )
        if row.base != row.code:
            geometry[row.base] = _without(geometry[row.base], row.geometry)
        elif moves:
            del geometry[row.base]
        if moves:
            geometry[row.international] = shapely.union_all([geometry[row.international], row.geometry])
    changed = territories.loc[list(geometry)].copy()
    changed.geometry = list(geometry.values())
    return changed, disputed.loc[drawn] if worldview == "neutral" else nothing, []


def _without(geometry: BaseGeometry, area: BaseGeometry) -> BaseGeometry:
    """Take an area out of a geometry; parts that it does not meet keep their vertices as they are."""
    parts = shapely.get_parts(geometry)
    shapely.prepare(area)
    meets = shapely.intersects(area, parts)
    left = shapely.difference(parts[meets], area)
    kept = np.concatenate([parts[~meets], shapely.get_parts(left[~shapely.is_empty(left)])])
    return shapely.multipolygons(kept)
