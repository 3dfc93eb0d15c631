"""The columns of a UCDP GED export in, those of a claim out.

UCDP's headline of the article is the claim, as it is written; without one, what UCDP codes: violence between
two sides in a conflict. Its estimates of deaths and the article it read stand in the note. Administrative
areas are not carried over, which is said in a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from mapgen.readers.acled import identifier
from mapgen.readers.columns import Cell
from mapgen.readers.table import CellError

NEEDED = ("id", "date_start", "date_end", "latitude", "longitude", "where_prec")
USED = (
    *(*NEEDED, "source_headline", "conflict_name", "side_a", "side_b", "where_coordinates"),
    *("source_article", "source_date", "source_original", "best", "high", "low"),
)
COLUMNS = (
    *("id", "conflict_name", "side_a", "side_b", "source_article", "source_date", "source_headline"),
    *(
        "source_original",
        "where_prec",
        "where_coordinates",
        "adm_1",
        "adm_2",
        "latitude",
        "longitude",
        "country",
    ),
    *("date_start", "date_end", "best", "high", "low"),
)
"""Of an export, by which it is recognised."""


def convert(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return the cells of a claim.

    Parameters
    ----------
    cells : mapping of str to Cell
        By the columns of `USED`.

    Raises
    ------
    CellError
        If a date is none.
    """
    claim = dict(_dates(cells))
    if "id" in cells:
        claim["id"] = Cell(identifier(cells["id"].text), cells["id"].column)
    names = {
        **{"where_prec": "where_precision", "where_coordinates": "where_label"},
        **{"longitude": "longitude", "latitude": "latitude"},
    }
    claim |= {name: cells[own] for own, name in names.items() if own in cells}
    if "source_headline" in cells:
        claim["claim"] = cells["source_headline"]
    elif "side_a" in cells and "side_b" in cells:
        sides = f"Violence between {cells['side_a'].text.strip()} and {cells['side_b'].text.strip()}"
        conflict = f" (conflict: {cells['conflict_name'].text.strip()})" if "conflict_name" in cells else ""
        claim["claim"] = Cell(f"{sides}{conflict}.", cells["side_a"].column)
    note = _note(cells)
    if note:
        claim["note"] = Cell(note, None)
    return claim


def _dates(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return the day, or the interval that the event lies in."""
    ends = [(cells[name], _day(name, cells[name])) for name in ("date_start", "date_end") if name in cells]
    if not ends:
        return {}
    (cell, start), (_, end) = ends[0], ends[-1]
    if start > end:
        raise CellError(cell, f"date_start: {start} is later than date_end, {end}.")
    return {"date": Cell(str(start) if start == end else f"{start}/{end}", cell.column)}


def _day(name: str, cell: Cell) -> date:
    text = cell.text.strip().replace("T", " ").partition(" ")[0]
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CellError(
            cell, f"{name}: '{text[:40]}' is not a day. Expected one such as 2015-12-07."
        ) from None


def _note(cells: Mapping[str, Cell]) -> str:
    def said(pattern: str, names: Mapping[str, str], joint: str) -> str:
        parts = [f"{label}{cells[name].text.strip()}" for name, label in names.items() if name in cells]
        return pattern.format(joint.join(parts)) if parts else ""

    deaths = said("Deaths as estimated by UCDP: {}.", {"best": "best ", "low": "low ", "high": "high "}, ", ")
    article = {"source_article": "", "source_date": "dated ", "source_original": "original source: "}
    return " ".join(filter(None, [deaths, said("Source as given: {}", article, "; ")]))
