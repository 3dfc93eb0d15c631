"""Write a spreadsheet to fill in: the columns of a claim, explained, with drop-down lists of choices.

In: the layers and sources of a project, if there is one. Out: the bytes of an XLSX file, the same for the
same input, which ``readers`` reads when it is filled in. Cells are formatted as text, so that a spreadsheet
program does not make days of months.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from mapgen.errors import InputError
from mapgen.fields import Precision
from mapgen.model import Annotation, Likelihood
from mapgen.readers.columns import COLUMNS, SEPARATOR, SPEAKER, WAYPOINT
from mapgen.readers.spreadsheet import SHEET

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ROWS = 1_000
"""Rows below the header that have drop-down lists."""

REQUIRED = ("id", "layer", "claim", "source")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MOMENT = b"1980-01-01T00:00:00Z"
_LISTS = "lists"
_WIDE = {
    "claim": 60,
    "quote": 45,
    "quote_translation": 45,
    "note": 30,
    "route": 24,
    "id": 18,
    "speaker_name": 20,
    "speaker_role": 24,
}
_ABOUT = {
    "border": f"Two territory codes, AFG-TJK; several with '{SEPARATOR}' between them.",
    "route": f"Waypoints from first to last, AFG {WAYPOINT} TJK {WAYPOINT} KAZ; several with '{SEPARATOR}'.",
    "relation": f"Two ends, RUS {WAYPOINT} TJK; several with '{SEPARATOR}' between them.",
    "territory": f"Code of a territory, for a claim about the whole of it: AFG; several with '{SEPARATOR}'.",
    "place": f"Name of a town, as 'Termez' or 'Termez, UZB'; several with '{SEPARATOR}' between them.",
    "point": f"Longitude and latitude in degrees, 67.28 37.22; several with '{SEPARATOR}' between them.",
    "longitude": "In degrees, east is positive; together with latitude, instead of a point.",
    "latitude": "In degrees, north is positive.",
    "area": "Path of a GeoJSON file in the project folder.",
    "where_label": "What to write at the place on the map.",
    "speaker_name": "Who said it; leave it empty for an unnamed official, and give the role.",
    "speaker_role": "In what role they speak, such as 'CNN military analyst'.",
}
_PLACES = (
    "Fill in one of the columns that place the claim: border, route, relation, territory, place, point, area."
)


def write_template(layers: Sequence[str] = (), sources: Sequence[str] = ()) -> bytes:
    """Return an XLSX file with a header, explanations and drop-down lists, and no claims.

    Parameters
    ----------
    layers, sources : sequence of str
        Names that the columns ``layer`` and ``source`` offer; without any, they are free text.

    Returns
    -------
    bytes
    """
    import openpyxl

    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = SHEET
    _write_header(sheet)
    offered = choices() | {"layer": list(layers), "source": list(sources)}
    lists = workbook.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    _write_lists(sheet, lists, {name: values for name, values in offered.items() if values})
    made = io.BytesIO()
    workbook.save(made)
    return _undated(made.getvalue())


def save_template(path: Path, layers: Sequence[str] = (), sources: Sequence[str] = ()) -> None:
    """Write the file of `write_template`; one that is there already is left as it is.

    Raises
    ------
    InputError
        If it is there, or cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise InputError(f"{path.as_posix()}: a template is a spreadsheet; give it a name that ends in .xlsx")
    content = write_template(layers, sources)
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise InputError(
            f"{path.as_posix()}: is there already; choose another name, nothing was changed"
        ) from None
    except OSError as error:
        raise InputError(f"{path.as_posix()}: cannot be written ({error.strerror})") from None


def choices() -> dict[str, list[str]]:
    """Return what can be chosen in the columns that offer a choice, whatever the project."""
    fields = Annotation.model_fields
    found = {name: _literals(field.annotation) for name, field in fields.items() if name != "asserts"}
    levels = get_args(Precision)[1]
    return {
        **{name: values for name, values in found.items() if values},
        "likelihood": list(get_args(Likelihood)),
        "info_credibility": [str(number) for number in range(1, 7)],
        "where_precision": [
            str(number) for number in range(levels.metadata[0].ge, levels.metadata[1].le + 1)
        ],
    }


def _literals(annotation: Any) -> list[str]:
    """Return the texts that a type allows, if it lists them."""
    for inside in (annotation, *get_args(annotation)):
        texts = get_args(inside)
        if texts and all(isinstance(text, str) for text in texts):
            return list(texts)
    return []


def about(name: str) -> str:
    """Return the explanation of a column."""
    field = Annotation.model_fields.get(name)
    text = _ABOUT.get(name) or (field.description if field else None) or ""
    needed = "Needed in every row. " if name in REQUIRED else ""
    places = f" {_PLACES}" if name in _ABOUT and name not in SPEAKER and name != "where_label" else ""
    return f"{needed}{text}{places}"


def _write_header(sheet: Worksheet) -> None:
    """Write the names of the columns, each with what it is."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for number, name in enumerate(COLUMNS, 1):
        cell = sheet.cell(row=1, column=number, value=name)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFF2CC" if name in REQUIRED else "EDEDED")
        cell.comment = Comment(about(name), "mapgen", height=130, width=320)
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width = _WIDE.get(name, max(12, len(name) + 3))
        column.number_format = "@"
        column.alignment = Alignment(wrap_text=name in _WIDE, vertical="top")
    sheet.freeze_panes = "B2"


def _write_lists(sheet: Worksheet, lists: Worksheet, offered: Mapping[str, Sequence[str]]) -> None:
    """Write what can be chosen onto the hidden sheet, and point the columns to it."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for number, name in enumerate((name for name in COLUMNS if name in offered), 1):
        letter = get_column_letter(number)
        for row, value in enumerate((name, *offered[name]), 1):
            lists.cell(row=row, column=number, value=value).number_format = "@"
        rule = DataValidation(
            "list", formula1=f"{_LISTS}!${letter}$2:${letter}${len(offered[name]) + 1}", allow_blank=True
        )
        rule.showErrorMessage = True
        rule.errorStyle = "warning" if name in ("layer", "source") else "stop"
        rule.errorTitle, rule.error = name, f"Choose one of the list, or leave it empty. {about(name)}"[:220]
        own = get_column_letter(COLUMNS.index(name) + 1)
        rule.add(f"{own}2:{own}{ROWS + 1}")
        sheet.add_data_validation(rule)


def _undated(package: bytes) -> bytes:
    """Return an XLSX package without the moment it was made at."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _MOMENT, content)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content)
    return made.getvalue()
