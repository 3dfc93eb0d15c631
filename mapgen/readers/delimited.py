"""A CSV file in, a table out: UTF-8, separated by commas, semicolons or tabs, with a header.

What separates the columns is found in the header and stated in messages. Cells are text, whatever they begin
with. Positions are those of the cell's first character, also behind line breaks inside quotation marks.
"""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mapgen.documents import check_size, line_starts, position_in, read_bytes
from mapgen.errors import InputError, Position, Problem, quoted
from mapgen.model import Finding
from mapgen.readers.columns import COLUMNS, normalised
from mapgen.readers.encoding import decode
from mapgen.readers.table import MAX_COLUMNS, Row, Table

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_SEP_LINE = re.compile(r"sep=([,;\t])(\r\n|\r|\n)")
_MARKED = re.compile(r"'[=+\-@\t\r']")
MAX_LINES = 2_000_000
_LONGEST = 131_072
"""Characters of a cell, the limit of Python's own reader."""


def open_csv(path: Path, file: str, known: frozenset[str] = frozenset(COLUMNS)) -> Table:
    """Open a CSV file.

    Parameters
    ----------
    path : Path
        The file, at most 16 MiB.
    file : str
        The name to use in positions.
    known : frozenset of str
        Names of columns that are expected; they tell what separates them.

    Raises
    ------
    InputError
        If it cannot be read, is not UTF-8, or its quotation marks do not match.
    """
    data = read_bytes(path, file)
    check_size(data, file)
    return parse_csv(decode(data, file), file, known)


def parse_csv(text: str, file: str, known: frozenset[str] = frozenset(COLUMNS)) -> Table:
    """Open the text of a CSV file, as `open_csv` does."""
    if text.count("\n") + text.count("\r") > MAX_LINES:
        raise InputError(Problem(Position(file), f"the file has more than {MAX_LINES:,} lines. Split it."))
    said = _SEP_LINE.match(text)  # Excel's own first line
    offset = said.end() if said else 0
    delimiter = said[1] if said else _delimiter(text, known)
    scan = _Scan(text, file, delimiter, offset)
    rows = scan.rows()
    header = next(rows, None)
    if scan.problems:
        raise InputError(*scan.problems)
    if header is None:
        message = (
            f"the file is empty. Expected a header, such as {','.join(COLUMNS[:3])}..., and a row a claim."
        )
        raise InputError(Problem(Position(file, 1, 1), message))
    scan.header, texts = header
    if len(texts) > MAX_COLUMNS:
        message = f"the header has {len(texts):,} columns, expected at most {MAX_COLUMNS}."
        raise InputError(Problem(scan.locate(None, None), message))
    names = list(texts)
    said_so = Finding(
        "note",
        "table-separator",
        scan.locate(None, None),
        f"its columns are separated by {DELIMITERS[delimiter]}",
        "nothing, if that is what the file has",
    )
    notes = () if delimiter == "," else (said_so,)
    return Table(file, names, scan.claims(names), scan.locate, notes, problems=scan.problems)


def _delimiter(text: str, known: frozenset[str]) -> str:
    """Return what separates the names of the header: what makes most known names, then most names."""
    line = next((line for line in io.StringIO(text[:_LONGEST], newline="") if line.strip()), "")

    def fit(delimiter: str) -> tuple[int, int]:
        names = next(csv.reader([line], delimiter=delimiter), [])
        return sum(normalised(name) in known for name in names), len(names)

    return max(DELIMITERS, key=fit)


def unmarked(table: Table) -> Table:
    """Take the apostrophes away that keep a spreadsheet from reading cells as formulas."""
    rows = (
        (start, [text[1:] if text[:1] == "'" and _MARKED.match(text) else text for text in texts])
        for start, texts in table.rows
    )
    return replace(table, rows=rows)


class _Scan:
    """Goes through the text of a file, and finds the cells of a row again for a message."""

    def __init__(self, text: str, file: str, delimiter: str, offset: int) -> None:
        self.text = text
        self.file = file
        self.delimiter = delimiter
        self.offset = offset
        self.header = offset
        self.problems: list[Problem] = []
        self.starts = line_starts(text)
        self.cell = re.compile(rf'(?:"(?:[^"]|"")*+"|(?!")[^{re.escape(delimiter)}\r\n]*+)')

    def rows(self) -> Iterator[Row]:
        """Yield where each row that is not blank begins, and its texts."""
        reader = csv.reader(
            io.StringIO(self.text[self.offset :], newline=""), delimiter=self.delimiter, strict=True
        )
        skipped = bisect_right(self.starts, self.offset) - 1
        line = 0
        try:
            for texts in reader:
                if texts:
                    yield self.starts[skipped + line], texts
                line = reader.line_num
        except csv.Error as error:
            self.problems.append(self.explain(self.starts[skipped + line], str(error)))

    def claims(self, names: list[str]) -> Iterator[Row]:
        """Yield the rows below the header; those with cells beyond it are told all at once."""
        below = self.rows()
        next(below)
        for start, texts in below:
            if len(texts) > len(names) and "".join(texts[len(names) :]).strip():
                extra = next(n for n in range(len(names), len(texts)) if texts[n].strip())
                count = f"the header has {len(names)} columns, separated by {DELIMITERS[self.delimiter]}"
                message = (
                    f"{quoted(texts[extra])} stands behind the last column: {count}. Put text that holds "
                )
                remedy = f"{quoted(self.delimiter)} in quotation marks, or remove it."
                self.problems.append(Problem(self.locate(start, extra), message + remedy))
            else:
                yield start, texts[: len(names)]

    def locate(self, row: int | None, column: int | None) -> Position:
        """Return the position of a cell's first character."""
        start = self.header if row is None else row
        return position_in(self.file, self.starts, self.find(start, column or 0))

    def find(self, start: int, column: int | None) -> int:
        """Return where a cell of a row begins; without a column, the last that can be told from others."""
        at = start
        while column is None or column > 0:
            found = self.cell.match(self.text, at)
            end = found.end() if found else at
            if self.text[end : end + 1] != self.delimiter or end - at > _LONGEST:
                break
            at = end + 1
            column = None if column is None else column - 1
        return at

    def explain(self, start: int, said: str) -> Problem:
        """Say what is wrong with a row that cannot be taken apart."""
        at = self.find(start, None)
        position = position_in(self.file, self.starts, at)
        if "limit" in said:
            return Problem(position, f"a cell has more than {_LONGEST:,} characters. Shorten it.")
        if not self.text.startswith('"', at):
            return Problem(position, f"the row cannot be read ({said}).")
        if "end of data" in said:
            remedy = "Close it, or double those inside the text."
            message = f"the quotation mark that opens here is never closed. {remedy}"
        else:
            message = (
                'text follows the closing quotation mark. Double the marks inside the text: "he said ""no""".'
            )
        return Problem(position, message)
