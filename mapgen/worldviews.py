"""Apply a worldview: decide which territory a disputed area is drawn in, by what the dataset says of it.

In: territories as a dataset draws them, and its disputed areas. Out: territories as the worldview sees them,
and the areas that are to be hatched. No dispute is known to the code; all of them come from the data. How the
lines between territories are graded is found in `boundarylines`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from mapgen.datasets import Dataset, read_layer
from mapgen.errors import InputError, quoted, suggest
from mapgen.model import Finding

WORLDVIEWS = ("neutral", "de_facto", "international")
"""The views that have a name; all others are a country's, by its two-letter code."""

COLUMNS = {
    "CODE": "code",
    "NAME": "name",
    "ADMIN_BY": "administered_by",
    "CLAIM_BY": "claimed_by",
    "NOTE": "note",
    "BASE": "base",
}
"""Columns of a dataset's disputed areas, and what they are called here."""


def owner_column(worldview: str) -> str:
    """Return the column of disputed areas that says which territory a worldview sees them in."""
    return "VIEW_INT" if worldview in WORLDVIEWS else f"ADM0_A3_{worldview}"


def cannot_answer(dataset: Dataset, worldview: str) -> str | None:
    """Return why a dataset does not have a country's worldview; None if it has, and for views with a name.

    A dataset without any disputed areas draws every worldview alike, which `apply_worldview` tells.

    Raises
    ------
    InputError
        If there can be no such worldview.
    """
    if worldview in WORLDVIEWS:
        return None
    if not re.fullmatch("[A-Z]{2}", worldview):
        expected = f"expected one of {', '.join(WORLDVIEWS)}, or a country's two-letter code"
        raise InputError(
            f"unknown worldview {quoted(worldview)}: {expected}.{suggest(worldview, WORLDVIEWS)}"
        )
    if not dataset.views or worldview in dataset.views:
        return None
    return (
        f"{dataset.describe()} does not have the worldview of {worldview}: "
        f"expected one of {', '.join((*WORLDVIEWS, *dataset.views))}."
    )


def read_disputed(
    dataset: Dataset, language: str, worldviews: Sequence[str] = ("neutral",)
) -> gpd.GeoDataFrame:
    """Read a dataset's disputed areas.

    Parameters
    ----------
    dataset : Dataset
    language : str
        Names are taken from the data's column for this language where it has one.
    worldviews : sequence of str
        Those that the dataset is to be asked for, all of which it has.

    Returns
    -------
    GeoDataFrame, EPSG:4326
        Columns ``code``, ``name``, ``administered_by``, ``claimed_by``, ``note``, ``base`` (code of the
        territory that the dataset draws the area in) and the `owner_column` of each worldview (code of the
        territory that it sees the area in, or something that is no territory's code). Empty if the dataset
        has no such layer.
    """
    owners = dict.fromkeys(map(owner_column, worldviews))
    translated = f"NAME_{language.upper()[:2]}"
    found = read_layer(dataset, "disputed_areas", [*COLUMNS, *owners, translated])
    if found is None:
        empty: dict[str, list[str]] = {column: [] for column in (*COLUMNS.values(), *owners)}
        return gpd.GeoDataFrame(empty, geometry=[], crs="EPSG:4326")
    # The everyday names in English are shorter than the official ones.
    if translated in found and not language.startswith("en"):
        found["NAME"] = found[translated].fillna(found["NAME"])
    found = found.rename(columns=COLUMNS)
    kept = [*COLUMNS.values(), *owners]
    found[kept] = found[kept].fillna("")
    return found[[*kept, "geometry"]]


class Overlays:
    """Adds areas to geometries and takes them out; what several worldviews do alike is done once.

    The same result is the same object.
    """

    def __init__(self) -> None:
        # The geometry is kept with its result: another one could get its identity.
        self._known: dict[tuple[bool, int, int], tuple[BaseGeometry, BaseGeometry]] = {}

    def add(self, geometry: BaseGeometry, area: BaseGeometry, row: int) -> BaseGeometry:
        """Return a geometry with an area, which is that of a row."""
        return self._do(_with, geometry, area, (True, id(geometry), row))

    def remove(self, geometry: BaseGeometry, area: BaseGeometry, row: int) -> BaseGeometry:
        """Return a geometry without an area, which is that of a row."""
        return self._do(_without, geometry, area, (False, id(geometry), row))

    def _do(
        self,
        make: Callable[[BaseGeometry, BaseGeometry], BaseGeometry],
        geometry: BaseGeometry,
        area: BaseGeometry,
        key: tuple[bool, int, int],
    ) -> BaseGeometry:
        if key not in self._known:
            self._known[key] = (geometry, make(geometry, area))
        return self._known[key][1]


def apply_worldview(
    territories: gpd.GeoDataFrame,
    disputed: gpd.GeoDataFrame,
    worldview: str,
    *,
    country: str | None = None,
    overlays: Overlays | None = None,
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, list[Finding]]:
    """Give disputed areas to the territory that a worldview sees them in.

    Parameters
    ----------
    territories : GeoDataFrame, EPSG:4326
        Indexed by code, as the dataset draws them.
    disputed : GeoDataFrame, EPSG:4326
        As `read_disputed` returns them, asked for this worldview.
    worldview : str
        ``de_facto`` leaves the areas where they are. ``neutral`` takes them out of every territory, to be
        hatched; ``international``, and a country's view, give them to the territory they see them in, and
        leave those to be hatched that they see in none.
    country : str, optional
        Code of the territory whose view it is. It keeps what it administers, where the data says nothing.
    overlays : Overlays, optional
        Shared by several worldviews of the same territories.

    Returns
    -------
    territories, disputed : GeoDataFrame
        The second holds the areas to hatch. An area that the dataset has as a territory of its own stays one
        unless it is given to another.
    findings : list of Finding
        A worldview that the dataset cannot answer.
    """
    nothing = disputed.iloc[:0]
    if worldview == "de_facto":
        return territories, nothing, []
    if disputed.empty:
        message = "this boundary dataset has no disputed areas: its lines are drawn as they are"
        remedy = "say so in the map's lead, or use a bundled dataset"
        return territories, nothing, [Finding("note", "worldview-unanswered", None, message, remedy)]
    overlays = overlays or Overlays()
    geometry = territories.geometry.to_dict()
    hatched = []
    for row, owner in zip(disputed.itertuples(), _owners(disputed, worldview, country), strict=True):
        if row.base not in geometry:
            continue
        answered = worldview != "neutral" and owner in geometry
        if answered and owner == row.base:
            continue
        if row.base != row.code:
            geometry[row.base] = overlays.remove(geometry[row.base], row.geometry, row.Index)
        if not answered:
            hatched.append(row.Index)
            continue
        if row.base == row.code:
            del geometry[row.base]
        geometry[owner] = overlays.add(geometry[owner], row.geometry, row.Index)
    changed = territories.loc[list(geometry)].copy()
    changed.geometry = list(geometry.values())
    return changed, disputed.loc[hatched], []


def _owners(disputed: gpd.GeoDataFrame, worldview: str, country: str | None) -> pd.Series:
    """Return what a worldview sees each area in; a country's own keeps what it administers without a word."""
    owners = disputed[owner_column(worldview)]
    own = (owners == "") & (disputed["administered_by"] == country)
    return owners.where(~own, disputed["base"])


def _with(geometry: BaseGeometry, area: BaseGeometry) -> BaseGeometry:
    """Add an area to a geometry; parts that it does not meet keep their vertices as they are."""
    parts = shapely.get_parts(geometry)
    shapely.prepare(area)
    meets = shapely.intersects(area, parts)
    joined = shapely.get_parts(shapely.union_all([*parts[meets], area]))
    return shapely.multipolygons(np.concatenate([parts[~meets], joined]))


def _without(geometry: BaseGeometry, area: BaseGeometry) -> BaseGeometry:
    """Take an area out of a geometry; parts that it does not meet keep their vertices as they are."""
    parts = shapely.get_parts(geometry)
    shapely.prepare(area)
    meets = shapely.intersects(area, parts)
    left = shapely.difference(parts[meets], area)
    kept = np.concatenate([parts[~meets], shapely.get_parts(left[~shapely.is_empty(left)])])
    return shapely.multipolygons(kept)
