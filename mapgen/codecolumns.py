"""Find the columns of a user's boundary file that hold codes and names.

In: a file's table, and what the project says of it. Out: names of columns, and their values as text. What is
made of them is decided in `boundaries`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from mapgen.errors import BoundaryDataError, Problem, quoted, suggest, visible

if TYPE_CHECKING:
    from mapgen.vectorfile import VectorFile

CODE_COLUMNS = (
    "ADM0_A3",
    "ISO_A3_EH",
    "ISO_A3",
    "iso_a3",
    "ISO3",
    "iso3",
    "shapeISO",
    "GID_2",
    "GID_1",
    "GID_0",
    "CNTR_ID",
    "code",
    "CODE",
)
"""Columns that hold a territory's code, as Natural Earth, geoBoundaries, GADM and Eurostat call them, most
telling first."""

NAME_COLUMNS = (
    "NAME_EN",
    "NAME",
    "name",
    "ADMIN",
    "shapeName",
    "NAME_2",
    "NAME_1",
    "COUNTRY",
    "NAME_0",
    "NAME_ENGL",
)
"""Columns that hold a territory's name."""

PAIRED = {"GID_0": ("COUNTRY", "NAME_0"), "GID_1": ("NAME_1",), "GID_2": ("NAME_2",), "GID_3": ("NAME_3",)}
"""GADM's columns hold several levels: a code's name is that of its own level."""

NO_CODE = ("", "-99")
"""What stands for no code, in Natural Earth and elsewhere."""


def as_text(column: Any) -> Any:
    """Return a column as text.

    Parameters
    ----------
    column : Series

    Returns
    -------
    Series of str
        Without blanks around it; whole numbers without ``.0``, nothing as ``""``.
    """
    if column.dtype.kind == "f" and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    return column.astype(object).where(column.notna(), "").astype(str).str.strip()


def find_column(
    file: VectorFile, frame: gpd.GeoDataFrame, named: str | None, known: Sequence[str], key: str
) -> str:
    """Return the column to use: the one that the project names, or the first known one with values.

    Parameters
    ----------
    file : VectorFile
        For messages.
    frame : GeoDataFrame
        Its content.
    named : str or None
        The column that the project names.
    known : sequence of str
        Columns to take if it names none, best first.
    key : str
        The project file's key for it.

    Raises
    ------
    BoundaryDataError
        If the column named is not there, or none of the known ones has values.
    """
    present = [str(column) for column in frame.columns if column != frame.geometry.name]
    if named is not None:
        if named in present:
            return named
        has = ", ".join(map(visible, present)) or "none"
        message = f"no column {quoted(named)}, which {key} names; it has {has}.{suggest(named, present)}"
        raise BoundaryDataError(Problem(file.position, message))
    for column in known:
        if column in present and not as_text(frame[column]).isin(NO_CODE).all():
            return column
    has = ", ".join(map(visible, present)) or "it has none"
    message = f"none of its columns is known to hold codes ({has}); name the one that does as {key}"
    raise BoundaryDataError(Problem(file.position, f"{message}: in the project file"))
