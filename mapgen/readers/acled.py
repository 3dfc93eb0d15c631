"""The columns of an ACLED export in, those of a claim out.

ACLED's notes are the claim, as they are written. Dates are as exact as ``time_precision`` says: the day, the
seven days around it (ACLED gives the middle of the week), or the month. What ACLED codes beside that (event
types, actors, fatalities, administrative areas) is not carried over, which is said in a note.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from mapgen.readers.columns import Cell
from mapgen.readers.table import CellError

NEEDED = ("event_id_cnty", "event_date", "latitude", "longitude", "notes")
USED = (*NEEDED, "time_precision", "geo_precision", "location", "source")
COLUMNS = (
    *("event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1", "actor2"),
    *(
        "country",
        "admin1",
        "location",
        "latitude",
        "longitude",
        "geo_precision",
        "source",
        "notes",
        "fatalities",
    ),
)
"""Of an export, by which it is recognised."""

PRECISION = {"1": "1", "2": "3", "3": "4"}
"""From ACLED's ``geo_precision`` to UCDP's scale: the place; part of a region or near a place; a region."""
_FORMS = ("%Y-%m-%d", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%m/%Y")
_HALF_WEEK = timedelta(days=3)


def convert(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return the cells of a claim.

    Parameters
    ----------
    cells : mapping of str to Cell
        By the columns of `USED`.

    Raises
    ------
    CellError
        If a date or a precision is none of ACLED's.
    """
    claim: dict[str, Cell] = {}
    if "event_id_cnty" in cells:
        text, column = cells["event_id_cnty"]
        claim["id"] = Cell(identifier(text), column)
    if "event_date" in cells:
        claim["date"] = _date(cells["event_date"], cells.get("time_precision"))
    if "geo_precision" in cells:
        claim["where_precision"] = _precision(cells["geo_precision"])
    if "source" in cells:
        claim["note"] = Cell(f"Source as given: {cells['source'].text.strip()}", cells["source"].column)
    names = {"longitude": "longitude", "latitude": "latitude", "notes": "claim", "location": "where_label"}
    claim |= {name: cells[own] for own, name in names.items() if own in cells}
    return claim


def identifier(text: str) -> str:
    """Return an export's identifier as an id: small letters and digits, dashes for all else."""
    return re.sub("[^a-z0-9]+", "-", text.strip().lower()).strip("-")


def _precision(cell: Cell) -> Cell:
    level = PRECISION.get(cell.text.strip())
    if level is None:
        raise CellError(cell, f"geo_precision: expected 1, 2 or 3, got '{cell.text.strip()[:20]}'.")
    return Cell(level, cell.column)


def _date(cell: Cell, precision: Cell | None) -> Cell:
    day = _day(cell)
    level = precision.text.strip() if precision else "1"
    if level not in ("1", "2", "3"):
        raise CellError(precision or cell, f"time_precision: expected 1, 2 or 3, got '{level[:20]}'.")
    if level == "2":
        return Cell(f"{day - _HALF_WEEK}/{day + _HALF_WEEK}", cell.column)
    return Cell(day.isoformat() if level == "1" else f"{day:%Y-%m}", cell.column)


def _day(cell: Cell) -> date:
    text = cell.text.strip()
    for form in _FORMS:
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if 1900 < day.year < 2200:
            return day
    expected = "Expected a day such as 2015-12-07 or 07 December 2015."
    raise CellError(cell, f"event_date: '{text[:40]}' is not a date that ACLED writes. {expected}")
