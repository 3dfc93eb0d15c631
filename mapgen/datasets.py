"""Know the boundary datasets: the bundled ones by name, with all their layers, a user's own by its path.

In: what a project's ``boundaries`` says. Out: what is known of the dataset, and its layers as they stand.
Territories are made of it in `boundaries`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import geopandas as gpd

from mapgen.bundled import dataset_folder, datasets
from mapgen.errors import BoundaryDataError, quoted, suggest
from mapgen.gdal import forbid_virtual_files

forbid_virtual_files()

FILES = (".shp", ".zip", ".gpkg", ".geojson", ".json")
"""How the names of files end that can be a user's own boundaries."""

MOST_NAMES = 1000
"""Names in a folder that are looked at for what might have been meant."""


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
        Folder of a bundled dataset, whose companion layers (lakes, rivers, cities) can be read; None for a
        user's own file.
    parts : mapping of str to str
        Codes of features that are drawn as part of another territory: leased areas such as Baikonur.
    views : mapping of str to str
        Code of the territory whose view a worldview of two letters is.
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
    views: Mapping[str, str] = field(default_factory=dict)
    layers: Mapping[str, str] = field(default_factory=dict)

    def describe(self) -> str:
        """Return title, version and scale as a map's footer states them."""
        scale = f"1:{self.scale // 1_000_000}m" if self.scale else ""
        return ", ".join(filter(None, [" ".join(filter(None, [self.title, self.version])), scale]))


def find_dataset(
    boundaries: str,
    *,
    folder: Path | None = None,
    code_column: str | None = None,
    name_column: str | None = None,
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
        If it is neither a bundled dataset nor a file; suggests what there is.
    """
    if boundaries in datasets():
        return read_dataset(boundaries)
    path = (folder or Path()) / boundaries.partition("|")[0]
    if not os.path.isfile(path):  # false for what cannot be a path, too
        known = datasets()
        if "/" in boundaries or path.suffix.lower() in FILES:
            missing = quoted(boundaries.partition("|")[0])
            raise BoundaryDataError(f"there is no file {missing}.{_files_instead(path, folder or Path())}")
        raise BoundaryDataError(
            f"unknown boundary dataset {quoted(boundaries)}: expected one of {', '.join(known)}, or the path "
            f"of a shapefile, zip, GeoPackage or GeoJSON file.{suggest(boundaries, known)}"
        )
    return Dataset(name=path.name, title=path.name, code_column=code_column, name_column=name_column)


def _files_instead(path: Path, folder: Path) -> str:
    """Name boundary files beside a path where there is none, or else in the project folder and its data/."""
    for place in (path.parent, folder, folder / "data"):
        with suppress(OSError, ValueError):
            inside = (place / name for name in islice(sorted(os.listdir(place)), MOST_NAMES))
            files = [file for file in inside if file.suffix.lower() in FILES and file.is_file()]
            names = [Path(os.path.relpath(file, folder)).as_posix() for file in files]
            asked = Path(os.path.relpath(path, folder)).as_posix()
            if names:
                return suggest(asked, names) or f" There is {', '.join(map(quoted, names[:3]))}."
    return " Paths start at the project folder."


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
        views=meta["views"],
        layers={layer: entry["file"] for layer, entry in meta["layers"].items()},
    )


def read_layer(
    dataset: Dataset, layer: str, columns: Sequence[str], where: str | None = None
) -> gpd.GeoDataFrame | None:
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
