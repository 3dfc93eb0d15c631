"""Read boundary datasets: polygons of territories, with the disputed areas of the worldview that a project asks for.

In: a bundled dataset's name or the path of a shapefile, zipped shapefile, GeoPackage or GeoJSON file. Out: territories in degrees
(EPSG:4326) by code, whole across the antimeridian, and the disputed areas to mark on them. Files other than the bundled ones are
distrusted: `vectorfile` looks at them before GDAL does. Borders between territories are found in `borders`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapgen.bundled import dataset_folder, datasets
from mapgen.errors import BoundaryDataError, InputError, TerritoryNotFoundError, suggest
from mapgen.model import Finding
from mapgen.vectorfile import VectorFile, open_vector_file

CODE_COLUMNS = ("ADM0_A3", "ISO_A3_EH", "ISO_A3", "iso_a3", "ISO3", "iso3", "shapeISO", "GID_2", "GID_1", "GID_0", "CNTR_ID", "code", "CODE")
"""Columns that hold a territory's code, as Natural Earth, geoBoundaries, GADM and Eurostat call them, most telling first."""

NAME_COLUMNS = ("NAME_EN", "NAME", "name", "ADMIN", "shapeName", "NAME_2", "NAME_1", "COUNTRY", "NAME_0", "NAME_ENGL")
"""Columns that hold a territory's name."""

ANTIMERIDIAN_SNAP = 1e-6
"""Degrees; a vertex this close to longitude 180 lies on it."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is known of a boundary dataset.

    Attributes
    ----------
    name : str
        The bundled dataset's name, or the file's name for a user's own.
    scale : int or None
        Denominator of the map scale that the data was made for.
    folder : Path or None
        Folder of a bundled dataset, whose companion layers (lakes, rivers, cities) can be read; None for a user's own file.
    parts : mapping of str to str
        Codes of features that are drawn as part of another territory: leased areas such as Baikonur.
    """

    name: str
    title: str
    version: str = ""
    scale: int | None = None
    attribution: str = ""
    license: str = ""
    folder: Path | None = None
    code_column: str | None = None
    name_column: str | None = None
    label_columns: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    layers: Mapping[str, str] = field(default_factory=dict)

    def describe(self) -> str:
        """Return title, version and scale as a map's footer states them."""
        scale = f"1:{self.scale // 1_000_000}m" if self.scale else ""
        return ", ".join(filter(None, [" ".join(filter(None, [self.title, self.version])), scale]))


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Territories and disputed areas under one worldview.

    Attributes
    ----------
    territories : GeoDataFrame, EPSG:4326
        Indexed by code; columns ``name``, ``label_lon``, ``label_lat`` (degrees, NaN where the data has no label point) and
        ``geometry``. A territory that crosses the antimeridian is in one piece, with longitudes beyond 180 (or below -180).
    disputed : GeoDataFrame, EPSG:4326
        Disputed areas to be hatched: ``name``, ``administered_by``, ``claimed_by`` (codes, may be empty), ``note``, ``geometry``.
    dataset : Dataset
    worldview : str
    findings : tuple of Finding
        What was mended or assumed while reading.
    """

    territories: gpd.GeoDataFrame
    disputed: gpd.GeoDataFrame
    dataset: Dataset
    worldview: str
    findings: tuple[Finding, ...] = ()

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
        hint = suggest(code, self.territories.index) or suggest(code, self.territories["name"])
        by_name = self.territories.index[self.territories["name"].str.casefold() == code.casefold()]
        if len(by_name):
            hint = f" Its code is {by_name[0]!r}."
        return f"unknown territory {code!r} in {self.dataset.describe()}.{hint}"


def find_dataset(
    boundaries: str, *, folder: Path | None = None, code_column: str | None = None, name_column: str | None = None
) -> Dataset:
    """Return the dataset that a project names.

    Parameters
    ----------
    boundaries : str
        A bundled dataset's name, or the path of a file, relative to `folder`.
    folder : Path, optional
        The project's folder; the working directory by default.
    code_column, name_column : str, optional
        Columns of a user's own file.

    Raises
    ------
    BoundaryDataError
        If it is neither a bundled dataset nor a file; suggests the closest name.
    """
    if boundaries in datasets():
        return read_dataset(boundaries)
    path = (folder or Path()) / boundaries.partition("|")[0]
    if not path.is_file():
        known = datasets()
        raise BoundaryDataError(
            f"unknown boundary dataset {boundaries!r}: expected one of {', '.join(known)}, or the path of a shapefile, zip, "
            f"GeoPackage or GeoJSON file.{suggest(boundaries, known)}"
        )
    return Dataset(name=path.name, title=path.name, code_column=code_column, name_column=name_column)


def read_dataset(name: str) -> Dataset:
    """Return what a bundled dataset's ``dataset.json`` says of it."""
    folder = dataset_folder(name)
    meta: dict[str, Any] = json.loads((folder / "dataset.json").read_text("utf-8"))
    return Dataset(
        name=meta["name"],
        title=meta["title"],
        version=meta["version"],
        scale=meta["scale"],
        attribution=meta["attribution"],
        license=meta["license"],
        folder=folder,
        code_column=meta["code_column"],
        name_column=meta["name_column"],
        label_columns=tuple(meta["label_columns"]),
        parts=meta["parts"],
        layers={layer: entry["file"] for layer, entry in meta["layers"].items()},
    )


def read_boundaries(
    boundaries: str = "natural-earth-10m",
    *,
    codes: Iterable[str] | None = None,
    worldview: str = "neutral",
    language: str = "en",
    folder: Path | None = None,
    code_column: str | None = None,
    name_column: str | None = None,
) -> Boundaries:
    """Read the territories of a boundary dataset.

    Parameters
    ----------
    boundaries : str
        A bundled dataset's name, or the path of a shapefile, zip, GeoPackage (``file.gpkg|layername=...``) or GeoJSON file.
    codes : iterable of str, optional
        Read these territories only (and what belongs to them); all by default.
    worldview : str
        Which view of disputed territory is applied: ``neutral``, ``de_facto``, ``international`` or a two-letter view.
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
    """
    dataset = find_dataset(boundaries, folder=folder, code_column=code_column, name_column=name_column)
    wanted = None if codes is None else list(dict.fromkeys(codes))
    if dataset.folder is not None:
        territories, findings = _read_bundled(dataset, wanted, language), []
    else:
        territories, findings = _read_own(open_vector_file(boundaries, folder=folder), dataset, name_column)
    territories = _whole(territories, dataset)
    disputed = _read_disputed(dataset, language)
    territories, disputed, more = apply_worldview(territories, disputed, worldview)
    result = Boundaries(territories, disputed, dataset, worldview, (*findings, *more))
    if wanted is not None:
        missing = [code for code in wanted if code not in territories.index]
        if missing:
            complete = result if dataset.folder is None else read_boundaries(boundaries, worldview=worldview, language=language)
            raise TerritoryNotFoundError(*(complete.unknown(code) for code in missing))
        result = Boundaries(territories.loc[wanted], disputed, dataset, worldview, result.findings)
    return result


def read_layer(dataset: Dataset, layer: str, columns: Sequence[str], where: str | None = None) -> gpd.GeoDataFrame | None:
    """Read a companion layer of a bundled dataset.

    Parameters
    ----------
    dataset : Dataset
    layer : str
        ``lakes``, ``rivers``, ``boundary_lines``, ``disputed_areas`` or ``populated_places``.
    columns : sequence of str
        Columns to read besides the geometry.
    where : str, optional
        OGR's attribute filter; only constants of mapgen's own, never a user's text.

    Returns
    -------
    GeoDataFrame, EPSG:4326, or None
        None if the dataset has no such layer.
    """
    if dataset.folder is None or layer not in dataset.layers:
        return None
    return gpd.read_file(dataset.folder / dataset.layers[layer], columns=list(columns), where=where)


def _read_bundled(dataset: Dataset, codes: list[str] | None, language: str) -> gpd.GeoDataFrame:
    """Read a bundled dataset's countries; its files are held by SHA-256 in the tests, so they are not examined again."""
    assert dataset.folder is not None and dataset.code_column is not None
    path = dataset.folder / dataset.layers["countries"]
    name = f"NAME_{language.upper()[:2]}"
    columns = list(dict.fromkeys([dataset.code_column, name, "NAME_EN", *dataset.label_columns]))
    frame = gpd.read_file(path, columns=columns)
    if codes is not None:
        near = {*codes, *(part for part, whole in dataset.parts.items() if whole in codes)}
        disputed = _read_disputed(dataset, "en")
        near.update(disputed["base"], disputed["international"]) if near & set(disputed["base"]) else None
        near.update(disputed["base"][disputed["international"].isin(codes)])
        frame = frame[frame[dataset.code_column].isin(near)]
    label_lon, label_lat = dataset.label_columns
    return _frame(
        frame[dataset.code_column], frame[name if name in frame else "NAME_EN"], frame[label_lon], frame[label_lat], frame.geometry
    )


def _frame(codes: Any, names: Any, lon: Any, lat: Any, geometry: Any) -> gpd.GeoDataFrame:
    """Return territories in the one form that all stages use."""
    columns = {"name": np.asarray(names), "label_lon": np.asarray(lon), "label_lat": np.asarray(lat)}
    index = np.asarray(codes, dtype=object)
    return gpd.GeoDataFrame(columns, geometry=np.asarray(geometry), index=index, crs="EPSG:4326")


def _read_own(file: VectorFile, dataset: Dataset, name_column: str | None) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Read a user's own boundary file."""
    frame, findings = file.read()
    code = _column(file, frame, dataset.code_column, CODE_COLUMNS, "code_column")
    name = _column(file, frame, name_column, (*NAME_COLUMNS, code), "name_column")
    empty = frame[code].isna() | (frame[code].astype(str).str.strip() == "")
    if empty.any():
        message = f"{int(empty.sum())} of {len(frame)} features have no code in column {code!r} and are left out"
        findings.append(Finding("warning", "boundary-without-code", file.position, message, "fill the column in"))
        frame = frame[~empty]
    codes = frame[code].astype(str).str.strip()
    names = frame[name].fillna(codes).astype(str)
    nowhere = np.full(len(frame), np.nan)
    result = _frame(codes, names, nowhere, nowhere, frame.geometry)
    if result.index.has_duplicates:
        several = sorted(set(result.index[result.index.duplicated()]))
        message = f"several features have one code in column {code!r} and are joined: {', '.join(several[:5])}"
        remedy = "name another column as code_column if they are territories of their own"
        findings.append(Finding("note", "boundary-parts-joined", file.position, message, remedy))
        joined = result.dissolve(by=result.index, aggfunc="first")
        result = _frame(joined.index, joined["name"], joined["label_lon"], joined["label_lat"], joined.geometry)
    return result, findings


def _column(file: VectorFile, frame: gpd.GeoDataFrame, named: str | None, known: Sequence[str], key: str) -> str:
    """Return the column to use: the one that the project names, or the first known one with values."""
    present = [str(column) for column in frame.columns if column != frame.geometry.name]
    if named is not None:
        if named in present:
            return named
        raise BoundaryDataError(
            f"{file.shown}: no column {named!r}, which {key} names; it has {', '.join(present) or 'none'}.{suggest(named, present)}"
        )
    for column in known:
        if column in present and frame[column].notna().any():
            return column
    raise BoundaryDataError(
        f"{file.shown}: none of its columns is known to hold codes ({', '.join(present) or 'it has none'}); "
        f"name the one that does as {key}: in the project file"
    )


def _whole(territories: gpd.GeoDataFrame, dataset: Dataset) -> gpd.GeoDataFrame:
    """Join parts to the territories they belong to, and territories that the antimeridian cuts."""
    geometry = territories.geometry.to_dict()
    for part, whole in dataset.parts.items():
        if part in geometry and whole in geometry:
            geometry[whole] = shapely.union_all([geometry[whole], geometry.pop(part)])
    kept = territories.loc[list(geometry)].copy()
    kept.geometry = [across_antimeridian(each) for each in geometry.values()]
    return kept


def across_antimeridian(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry that longitude 180 cuts in one piece.

    Parameters
    ----------
    geometry : (Multi)Polygon, EPSG:4326

    Returns
    -------
    (Multi)Polygon, EPSG:4326
        Whole parts on the smaller side are shifted by 360 degrees, and parts that meet at the line are joined; the same object if
        the line does not cut it. A geometry all the way round the pole (Antarctica) stays as it is.
    """
    west, _, east, _ = geometry.bounds if not geometry.is_empty else (0.0, 0.0, 0.0, 0.0)
    if west > -180 + ANTIMERIDIAN_SNAP or east < 180 - ANTIMERIDIAN_SNAP:
        return geometry
    parts = shapely.get_parts(geometry)
    bounds = shapely.bounds(parts)
    if (bounds[:, 2] - bounds[:, 0] > 350).any():
        return geometry
    middle = (bounds[:, 0] + bounds[:, 2]) / 2
    area = shapely.area(parts)
    move_west = area[middle < 0].sum() <= area[middle >= 0].sum()
    moves = middle < 0 if move_west else middle >= 0
    shift, line = (360.0, 180.0) if move_west else (-360.0, -180.0)
    shifted = shapely.transform(parts[moves], lambda xy: _snap(xy + (shift, 0.0), line))
    stay = shapely.transform(parts[~moves], lambda xy: _snap(xy, line)) if _off_line(bounds, line) else parts[~moves]
    everything = np.concatenate([stay, shifted])
    edges = shapely.bounds(everything)
    touches = (np.abs(edges[:, 0] - line) < ANTIMERIDIAN_SNAP) | (np.abs(edges[:, 2] - line) < ANTIMERIDIAN_SNAP)
    joined = shapely.get_parts(shapely.union_all(everything[touches]))
    return shapely.multipolygons(np.concatenate([joined, everything[~touches]]))


def _off_line(bounds: Any, line: float) -> bool:
    """Tell whether a part ends near the antimeridian but not on it."""
    near = np.abs(bounds[:, [0, 2]] - line)
    return bool(((near > 0) & (near < ANTIMERIDIAN_SNAP)).any())


def _snap(xy: Any, line: float) -> Any:
    """Put vertices that are all but on a meridian onto it."""
    xy[np.abs(xy[:, 0] - line) < ANTIMERIDIAN_SNAP, 0] = line
    return xy


def _read_disputed(dataset: Dataset, language: str) -> gpd.GeoDataFrame:
    """Read a dataset's disputed areas, an empty frame if it has none."""
    names = {"ADMIN_BY": "administered_by", "CLAIM_BY": "claimed_by", "NOTE": "note", "BASE": "base", "VIEW_INT": "international"}
    found = read_layer(dataset, "disputed_areas", ["CODE", "NAME", *names])
    if found is None:
        empty = {column: [] for column in ("code", "name", *names.values())}
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
        With ``base``, the code of the territory that the dataset draws the area in, and ``international``, the code of the
        territory it belongs to in the international view.
    worldview : str
        ``neutral`` takes the areas out of every territory, to be hatched; ``international`` gives them to that territory;
        ``de_facto`` leaves them where they are.

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
    if worldview not in ("neutral", "international"):
        raise InputError(f"worldview {worldview!r} is not known to this dataset: expected neutral, de_facto or international")
    if disputed.empty:
        message = "this boundary dataset has no disputed areas: its lines are drawn as they are"
        return territories, nothing, [Finding("note", "worldview-unanswered", None, message, "say so in the map's lead, or use a bundled dataset")]
    geometry = territories.geometry.to_dict()
    drawn = []
    for row in disputed.itertuples():
        if row.base not in geometry:
            continue
        drawn.append(row.Index)
        moves = worldview == "international" and row.international in geometry and row.international != row.base
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
    """Take an area out of a geometry, touching only the parts that it meets, so that all other vertices stay as they are."""
    parts = shapely.get_parts(geometry)
    shapely.prepare(area)
    meets = shapely.intersects(area, parts)
    left = shapely.difference(parts[meets], area)
    kept = np.concatenate([parts[~meets], shapely.get_parts(left[~shapely.is_empty(left)])])
    return shapely.multipolygons(kept)
