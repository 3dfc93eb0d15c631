"""An XLSX file in, a table out: its sheet "claims", or the only one.

The package is weighed before openpyxl opens it: how large its parts say they are, how tightly they are
packed, how many elements they hold. Numbers keep the form that a person writes (2015, not 2015.0), dates
become ISO dates as exact as the cell shows them, formulas give the value that was saved with them.
"""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mapgen.documents import check_size, read_bytes
from mapgen.errors import InputError, Position, Problem, quoted
from mapgen.readers.table import MAX_COLUMNS, MAX_ROWS, Row, Table

if TYPE_CHECKING:
    from openpyxl import Workbook

SHEET = "claims"
MAX_PARTS = 1_000
MAX_UNPACKED = 128 * 1024**2
MAX_RATIO = 200
RATIO_FROM = 4 * 1024**2
"""Bytes; smaller parts may be packed as tightly as they like."""
MAX_ELEMENTS = 2_000_000
"""Beginnings and ends of XML elements in all parts; a cell has four."""

_BEYOND = 16
"""Columns behind the header's that are looked at, so that what stands there is not lost without a word."""
_ENCRYPTED = 0x1
_CHUNK = 1024**2
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
_SAVE = "Open it in a spreadsheet program and save the sheet as a new .xlsx, or as CSV (UTF-8)."
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


def open_xlsx(path: Path, file: str) -> Table:
    """Open an XLSX file.

    Parameters
    ----------
    path : Path
        The file, at most 16 MiB.
    file : str
        The name to use in positions.

    Raises
    ------
    InputError
        If it cannot be read, is far larger than it looks, or does not say which sheet has the claims.
    """
    check_size(read_bytes(path, file), file)
    _weigh(path, file)
    workbook = _load(path, file, formulas=True)
    sheet = _choose(workbook, file)
    rows = _Rows(path, file, sheet)
    names = rows.header(workbook)
    return Table(file, names, rows.claims(workbook), rows.locate, problems=rows.problems)


def _weigh(path: Path, file: str) -> None:
    """Refuse a package whose parts are too many, too large, packed too tightly, or not plain XML."""

    def refuse(message: str) -> InputError:
        return InputError(Problem(Position(file), message))

    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise refuse(f"it holds {len(parts):,} parts, expected at most {MAX_PARTS:,}. {_SAVE}")
            if any(part.flag_bits & _ENCRYPTED for part in parts):
                raise refuse(f"it is encrypted. {_SAVE}")
            size = sum(part.file_size for part in parts)
            if size > MAX_UNPACKED:
                limit = MAX_UNPACKED // 1024**2
                raise refuse(f"it takes {size // 1024**2:,} MiB unpacked, expected at most {limit}. {_SAVE}")
            if any(_too_tight(part) for part in parts):
                raise refuse(
                    f"a part of it is packed {MAX_RATIO} times or more, as no table of claims is. {_SAVE}"
                )
            elements = sum(_elements(archive, part, refuse) for part in parts)
    except _BROKEN as error:
        message = f"it is not a whole XLSX file ({error}). {_SAVE}"
        raise refuse(message) from None
    if elements > MAX_ELEMENTS:
        raise refuse(f"it holds {elements // 4:,} cells or more. Save the sheet as CSV (UTF-8), or split it.")


def _too_tight(part: zipfile.ZipInfo) -> bool:
    return part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1)


def _elements(archive: zipfile.ZipFile, part: zipfile.ZipInfo, refuse: Any) -> int:
    """Count the elements of a part; XML that declares entities or an encoding of its own is refused."""
    if not part.filename.lower().endswith((".xml", ".rels")):
        return 0
    count = 0
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not tail:
                said = _ENCODING.search(chunk[:200])
                if b"\0" in chunk[:200] or (said and said[1].lower() not in (b"utf-8", b"us-ascii")):
                    raise refuse(f"{quoted(part.filename)} in it is not UTF-8. {_SAVE}")
            if b"<!" in (tail + chunk):
                raise refuse(
                    f"{quoted(part.filename)} in it declares a document type. Do not trust this file."
                )
            count += chunk.count(b"<")
            tail = chunk[-1:]
    return count


def _load(path: Path, file: str, *, formulas: bool) -> Workbook:
    """Open the package by openpyxl, for cells as they are written or for the values saved with formulas."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of drop-down lists and the like, which are not read
            return openpyxl.load_workbook(path, read_only=True, data_only=not formulas, keep_links=False)
    except Exception as error:  # whatever a package lacks comes as an error of another kind
        raise _unreadable(file, error) from None


def _unreadable(file: str, error: Exception) -> InputError:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return InputError(Problem(Position(file), f"it cannot be read as XLSX ({reason}). {_SAVE}"))


def _choose(workbook: Workbook, file: str) -> str:
    """Return the title of the sheet with the claims."""
    sheets = {str(sheet.title): sheet for sheet in workbook.worksheets}
    named = [title for title in sheets if title.strip().casefold() == SHEET]
    visible = [title for title, sheet in sheets.items() if sheet.sheet_state == "visible"]
    chosen = named or visible
    if len(chosen) != 1:
        titles = ", ".join(map(quoted, list(sheets)[:20])) or "none"
        message = f"which sheet has the claims? It has {titles}. Name one of them {quoted(SHEET)}."
        raise InputError(Problem(Position(file), message))
    return chosen[0]


class _Rows:
    """Reads the rows of one sheet as texts."""

    def __init__(self, path: Path, file: str, sheet: str) -> None:
        self.path = path
        self.file = file
        self.sheet = sheet
        self.problems: list[Problem] = []
        self.header_row = 1
        self.width = MAX_COLUMNS

    def locate(self, row: int | None, column: int | None) -> Position:
        """Return the position of a cell, or of the first of a row."""
        from openpyxl.utils import get_column_letter

        number = self.header_row if row is None else row
        return Position(self.file, cell=f"{self.sheet}!{get_column_letter((column or 0) + 1)}{number}")

    def header(self, workbook: Workbook) -> list[str]:
        """Return the texts of the first row that is not blank."""
        for number, cells in self.cells(workbook):
            texts = [self.text(cell, number, index) for index, cell in enumerate(cells)]
            if any(texts):
                self.header_row = number
                while texts and not texts[-1]:
                    texts.pop()
                self.width = len(texts)
                return [text or "" for text in texts]
        message = "the sheet is empty. Expected a header and a row a claim; 'mapgen template' writes one."
        raise InputError(Problem(self.locate(None, None), message))

    def claims(self, workbook: Workbook) -> Iterator[Row]:
        """Yield the rows below the header."""
        saved: Iterator[tuple[int, Sequence[Any]]] | None = None
        for number, cells in self.cells(workbook):
            if number <= self.header_row:
                continue
            if any(cell.data_type == "f" for cell in cells):
                saved = saved or self.cells(_load(self.path, self.file, formulas=False))
                values = next(each for at, each in saved if at == number)
                cells = [
                    self.saved(*pair, number, index)
                    for index, pair in enumerate(zip(cells, values, strict=True))
                ]
            yield number, [self.text(cell, number, index) for index, cell in enumerate(cells[: self.width])]
            for index in range(self.width, len(cells)):
                if cells[index].value is not None:
                    message = (
                        f"the cell stands behind the last of the header's {self.width} columns. Clear it."
                    )
                    self.refuse(number, index, message)

    def cells(self, workbook: Workbook) -> Iterator[tuple[int, Sequence[Any]]]:
        """Yield row numbers and cells; rows without any are passed over."""
        sheet = workbook[self.sheet]
        sheet.reset_dimensions()  # what a file says of its own size is not to be believed
        rows = sheet.iter_rows(max_col=self.width + _BEYOND)
        number = 0
        while True:
            try:
                cells = next(rows, None)
            except Exception as error:  # broken XML, references to styles and texts that are not there
                raise _unreadable(self.file, error) from None
            number += 1
            if cells is None:
                return
            if number > MAX_ROWS + self.header_row + 1_000:
                message = f"the sheet has more than {MAX_ROWS:,} rows. Split it, or delete the empty ones."
                raise InputError(Problem(self.locate(number, None), message))
            yield number, cells

    def saved(self, cell: Any, value: Any, number: int, index: int) -> Any:
        """Return the cell with the value that was saved for its formula."""
        if cell.data_type == "f" and value.value is None:
            remedy = "Open the file in a spreadsheet program and save it, or write the value."
            self.refuse(number, index, f"the formula has no saved value. {remedy}")
        return value

    def text(self, cell: Any, number: int, index: int) -> str | None:
        """Return a cell's value as a person writes it."""
        value = cell.value
        if value is None or isinstance(value, str):
            if cell.data_type == "e" and value is not None:
                self.refuse(
                    number, index, f"the cell holds the error {quoted(value)}. Write a value, or clear it."
                )
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, float):
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        if isinstance(value, datetime.datetime):
            return _date(value, str(cell.number_format))
        if isinstance(value, datetime.date):
            return value.isoformat()
        self.refuse(
            number,
            index,
            f"the cell holds {quoted(str(value))}, which is no text, number or date. Write text.",
        )
        return None

    def refuse(self, number: int, index: int, message: str) -> None:
        self.problems.append(Problem(self.locate(number, index), message))


def _date(value: datetime.datetime, shown: str) -> str:
    """Return a date in ISO form, no more exact than the cell shows it: 'Dec-15' is typed as a month."""
    code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", shown.split(";")[0].lower())
    if "y" in code and "d" not in code and not value.time().isoformat().strip("0:"):
        return value.strftime("%Y-%m") if "m" in code else value.strftime("%Y")
    return (
        value.date().isoformat() if value.time() == datetime.time() else value.isoformat(timespec="seconds")
    )
