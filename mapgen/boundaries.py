"""Read boundary datasets: territories, and the disputed areas of the worldview that a project asks for.

In: a bundled dataset's name or the path of a shapefile, zipped shapefile, GeoPackage or GeoJSON file. Out:
territories in degrees (EPSG:4326) by code, whole across the antimeridian, and the disputed areas to mark on
them, under one worldview and others beside it. Files other than the bundled ones are distrusted: `vectorfile`
looks at them before GDAL does. Borders between territories are found in `borders`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from mapgen.antimeridian import across_antimeridian
from mapgen.codecolumns import CODE_COLUMNS, NAME_COLUMNS, NO_CODE, PAIRED, as_text, find_column
from mapgen.datasets import Dataset, find_dataset
from mapgen.errors import InputError, TerritoryNotFoundError, quoted, suggest, visible
from mapgen.model import Finding
from mapgen.worldviews import Overlays, apply_worldview, cannot_answer, owner_column, read_disputed

if TYPE_CHECKING:
    from mapgen.vectorfile import VectorFile


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Territories and disputed areas under one worldview.

    Attributes
    ----------
    territories : GeoDataFrame, EPSG:4326
        Indexed by code; columns ``name``, ``label_lon``, ``label_lat`` (degrees, NaN where the data has no
        label point) and ``geometry``. A territory that crosses the antimeridian is in one piece, with
        longitudes beyond 180 (or below -180).
    disputed : GeoDataFrame, EPSG:4326
        Disputed areas to be hatched: ``name``, ``administered_by``, ``claimed_by`` (codes, may be empty),
        ``note``, ``geometry``.
    dataset : Dataset
    worldview : str
    findings : tuple of Finding
        What was mended or assumed while reading.
    disputes : frozenset of str
        Codes of all disputed areas that the dataset has, whatever the worldview makes of them.
    joined : mapping of str to str
        Codes of the dataset that are no territories here, and which territory each is drawn as part of.
    others : tuple of Boundaries
        The same dataset under the other worldviews that were asked for, and that it has. What they draw as
        this one does is the same object.
    unanswered : mapping of str to str
        Worldviews that were asked for besides, and why the dataset cannot answer them.
    """

    territories: gpd.GeoDataFrame
    disputed: gpd.GeoDataFrame
    dataset: Dataset
    worldview: str
    findings: tuple[Finding, ...] = ()
    disputes: frozenset[str] = frozenset()
    joined: Mapping[str, str] = field(default_factory=dict)
    others: tuple[Boundaries, ...] = ()
    unanswered: Mapping[str, str] = field(default_factory=dict)

    @property
    def views(self) -> tuple[Boundaries, ...]:
        """These boundaries, then the same under the other worldviews."""
        return (self, *self.others)

    def name(self, code: str) -> str:
        """Return a territory's name, under whichever worldview it is one; the code where it is under none."""
        tables = (view.territories for view in self.views if code in view.territories.index)
        return next((str(table.at[code, "name"]) for table in tables), code)

    def all_disputed(self) -> gpd.GeoDataFrame:
        """Return the disputed areas that any of the worldviews has hatched."""
        if not self.others:
            return self.disputed
        several = pd.concat([view.disputed for view in self.views])
        return several[~several.index.duplicated()]

    def require(self, code: str) -> BaseGeometry:
        """Return a territory's polygons.

        Raises
        ------
        TerritoryNotFoundError
            If the dataset has no such code; suggests the closest.
        """
        try:
            return self.territories.geometry.at[code]
        except KeyError:
            raise TerritoryNotFoundError(self.unknown(code)) from None

    def unknown(self, code: str) -> str:
        """Return what to tell someone who named a code that is not in the dataset."""
        names = self.territories["name"]
        if code in self.joined:
            whole = self.joined[code]
            under = f"{self.dataset.describe()}, worldview {self.worldview}"
            part = f"it is part of {visible(names[whole])} ({whole})"
            return f"{quoted(code)} is no territory of its own in {under}: {part}."
        by_name = {name.casefold(): own for own, name in names.items()}
        near = difflib.get_close_matches(code.casefold()[:64], by_name, n=1, cutoff=0.8)
        if code.casefold() in by_name:
            hint = f" Its code is {quoted(by_name[code.casefold()])}."
        elif near:
            named = by_name[near[0]]
            hint = f" Did you mean {quoted(named)}, {visible(names.at[named])}?"
        else:
            hint = suggest(code, self.territories.index)
        return f"unknown territory {quoted(code)} in {self.dataset.describe()}.{hint}"


def read_boundaries(
    boundaries: str = "natural-earth-10m",
    *,
    codes: Iterable[str] | None = None,
    worldview: str = "neutral",
    worldviews: Sequence[str] = (),
    language: str = "en",
    folder: Path | None = None,
    code_column: str | None = None,
    name_column: str | None = None,
) -> Boundaries:
    """Read the territories of a boundary dataset.

    Parameters
    ----------
    boundaries : str
        A bundled dataset's name, or the path of a shapefile, zip, GeoPackage (``file.gpkg|layername=...``) or
        GeoJSON file.
    codes : iterable of str, optional
        Read these territories only (and what belongs to them); all by default.
    worldview : str
        Which view of disputed territory is applied: ``neutral``, ``de_facto``, ``international`` or a
        country's two-letter code, for its view.
    worldviews : sequence of str
        Others that are to be read beside it.
    language : str
        Names are taken from the data's column for this language where it has one.
    folder : Path, optional
        What a relative path is relative to.
    code_column, name_column : str, optional
        Columns of a user's own file, where they are not among `CODE_COLUMNS` and `NAME_COLUMNS`.

    Returns
    -------
    Boundaries
        Any CRS is transformed to EPSG:4326.

    Raises
    ------
    BoundaryDataError
        If the file is damaged, lacks a part or a code column, or holds no polygons; says what to do.
    TerritoryNotFoundError
        For every code in `codes` that the dataset does not have; suggests the closest.
    InputError
        If `worldview` is unknown, or that of a country whose view the dataset does not have.
    """
    dataset = find_dataset(boundaries, folder=folder, code_column=code_column, name_column=name_column)
    asked, unanswered = _ask(dataset, worldview, worldviews)
    disputed = read_disputed(dataset, language, asked)
    findings: list[Finding] = []
    if dataset.folder is not None:
        wanted = None if codes is None else list(dict.fromkeys(codes))
        involved = _involved(wanted, dataset, disputed, worldview)
        territories = _read_bundled(dataset, involved, language)
    else:
        # Only a user's own file needs to be examined, so only then is the examination loaded.
        from mapgen.vectorfile import open_vector_file

        territories, findings = _read_own(open_vector_file(boundaries, folder=folder), dataset, name_column)
    territories = _whole(territories, dataset)
    overlays = Overlays()
    first, *others = (_under(view, territories, disputed, dataset, overlays) for view in asked)
    result = replace(
        first, findings=(*findings, *first.findings), others=tuple(others), unanswered=unanswered
    )
    return result if codes is None else _only(result, list(dict.fromkeys(codes)), language)


def _ask(dataset: Dataset, worldview: str, others: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Return the worldviews that a dataset has of those asked for, and why it has not the rest."""
    reason = cannot_answer(dataset, worldview)
    if reason:
        raise InputError(reason)
    reasons = {view: cannot_answer(dataset, view) for view in others if view != worldview}
    if "disputed_areas" not in dataset.layers:
        alike = f"{dataset.describe()} has no disputed areas, so that all worldviews would look alike"
        reasons = dict.fromkeys(reasons, alike)
    answered = [view for view, reason in reasons.items() if reason is None]
    return [worldview, *answered], {view: reason for view, reason in reasons.items() if reason}


def _under(
    worldview: str,
    territories: gpd.GeoDataFrame,
    disputed: gpd.GeoDataFrame,
    dataset: Dataset,
    overlays: Overlays,
) -> Boundaries:
    """Return a dataset's boundaries under one worldview."""
    units = disputed[disputed["code"] == disputed["base"]]
    given = zip(units["code"], units[owner_column(worldview)], strict=True)
    seen, hatched, findings = apply_worldview(
        territories, disputed, worldview, country=dataset.views.get(worldview), overlays=overlays
    )
    joined = {
        part: whole
        for part, whole in (*dataset.parts.items(), *given)
        if part not in seen.index and whole in seen.index
    }
    known = frozenset(disputed["code"])
    return Boundaries(seen, hatched, dataset, worldview, tuple(findings), known, joined)


def _only(result: Boundaries, codes: list[str], language: str) -> Boundaries:
    """Return boundaries with some territories only."""
    missing = [code for code in codes if code not in result.territories.index]
    if missing:
        name, bundled = result.dataset.name, result.dataset.folder is not None
        complete = read_boundaries(name, worldview=result.worldview, language=language) if bundled else result
        raise TerritoryNotFoundError(*(complete.unknown(code) for code in missing))
    return replace(result, territories=result.territories.loc[codes])


def _involved(
    codes: list[str] | None, dataset: Dataset, disputed: gpd.GeoDataFrame, worldview: str
) -> frozenset[str] | None:
    """Return the codes of all features that some territories are made of; None for all there are."""
    if codes is None:
        return None
    owner = disputed[owner_column(worldview)]
    parts = (part for part, whole in dataset.parts.items() if whole in codes)
    owned, based = disputed["base"][owner.isin(codes)], disputed["base"].isin(codes)
    return frozenset([*codes, *parts, *owned, *owner[based]])


def _read_bundled(dataset: Dataset, codes: frozenset[str] | None, language: str) -> gpd.GeoDataFrame:
    """Read a bundled dataset's countries; the tests hold its files by SHA-256, so they are not examined."""
    assert dataset.folder is not None and dataset.code_column is not None and dataset.name_column is not None
    path = dataset.folder / dataset.layers["countries"]
    # English names come from the column of official short names: "China", not "People's Republic of China".
    translated = None if language.startswith("en") else f"NAME_{language.upper()[:2]}"
    columns = [dataset.code_column, dataset.name_column, *filter(None, [translated]), *dataset.label_columns]
    frame = gpd.read_file(path, columns=columns)
    if codes is not None:
        frame = frame[frame[dataset.code_column].isin(codes)]
    names = frame[dataset.name_column]
    if translated in frame:
        names = frame[translated].fillna(names)
    label_lon, label_lat = dataset.label_columns
    return _frame(frame[dataset.code_column], names, frame[label_lon], frame[label_lat], frame.geometry)


def _frame(codes: Any, names: Any, lon: Any, lat: Any, geometry: Any) -> gpd.GeoDataFrame:
    """Return territories in the one form that all stages use."""
    columns = {"name": np.asarray(names), "label_lon": np.asarray(lon), "label_lat": np.asarray(lat)}
    index = np.asarray(codes, dtype=object)
    return gpd.GeoDataFrame(columns, geometry=np.asarray(geometry), index=index, crs="EPSG:4326")


def _read_own(
    file: VectorFile, dataset: Dataset, name_column: str | None
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Read a user's own boundary file."""
    frame, findings = file.read()
    code = find_column(file, frame, dataset.code_column, CODE_COLUMNS, "code_column")
    name = find_column(file, frame, name_column, (*PAIRED.get(code, NAME_COLUMNS), code), "name_column")
    codes = as_text(frame[code])
    empty = codes.isin(NO_CODE)
    if empty.any():
        message = (
            f"{int(empty.sum())} of {len(frame)} features are left out: no code in column {quoted(code)}"
        )
        findings.append(
            Finding("warning", "boundary-without-code", file.position, message, "fill the column in")
        )
        frame, codes = frame[~empty], codes[~empty]
    names = as_text(frame[name])
    names = names.where(names != "", codes)
    nowhere = np.full(len(frame), np.nan)
    result = _frame(codes, names, nowhere, nowhere, frame.geometry)
    if result.index.has_duplicates:
        several = sorted(set(result.index[result.index.duplicated()]))
        message = f"features with one code in column {quoted(code)} are joined: {', '.join(several[:5])}"
        remedy = "name another column as code_column if they are territories of their own"
        findings.append(Finding("note", "boundary-parts-joined", file.position, message, remedy))
        joined = result.dissolve(by=result.index, aggfunc="first")
        result = _frame(
            joined.index, joined["name"], joined["label_lon"], joined["label_lat"], joined.geometry
        )
    return result, findings


def _whole(territories: gpd.GeoDataFrame, dataset: Dataset) -> gpd.GeoDataFrame:
    """Join parts to the territories they belong to, and territories that the antimeridian cuts."""
    geometry = territories.geometry.to_dict()
    for part, whole in dataset.parts.items():
        if part in geometry and whole in geometry:
            geometry[whole] = shapely.union(geometry[whole], geometry.pop(part))
    kept = territories.loc[list(geometry)].copy()
    kept.geometry = [across_antimeridian(each) for each in geometry.values()]
    return kept
