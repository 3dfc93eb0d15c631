"""What all flat formats share: a table with one row a claim in, a document for ``annotations`` out.

A format's own module opens its file and knows where a cell stands; here its columns are found by their names
or by the mapping of the project file, and its rows become what a YAML file would say. Columns that mean
nothing to mapgen are refused in a table that was written for it, and left out, with a note, in others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from mapgen.documents import Document, find_control
from mapgen.entries import AnnotationFile
from mapgen.errors import InputError, Position, Problem, quoted, suggest
from mapgen.model import Annotation, Finding
from mapgen.modelwords import what
from mapgen.readers.columns import COLUMNS, WHERE, WHOLE, Cell, Columns, Item, item_of, normalised

MAX_ROWS = 100_000
MAX_COLUMNS = 256
MAX_PROBLEMS = 1_000
_NAMED = 30

Row = tuple[int, Sequence[Any]]
"""What the table's ``locate`` takes, and the texts; None and blank ones are empty cells."""
Converter = Callable[[Mapping[str, Cell]], dict[str, Cell]]
"""Makes the cells of a claim from those of a row in another vocabulary; raises `CellError`."""


class CellError(Exception):
    """A cell that cannot be converted: the cell and what to say about it."""

    def __init__(self, cell: Cell, message: str) -> None:
        super().__init__(message)
        self.cell = cell


@dataclass(frozen=True, slots=True)
class Table:
    """A flat file, opened.

    Attributes
    ----------
    file : str
        The name that positions carry.
    names : sequence of str
        Of its columns, as they are written.
    rows : iterable of Row
        Read once.
    locate : callable
        Position of a cell, by its row and column (from 0); of the header for a row of None, of the row for a
        column of None.
    notes : sequence of Finding
        What was found out about the file.
    noun : str
        What the format calls a column.
    problems : list of Problem
        What was wrong with rows that were left out; complete when the rows have been read.
    """

    file: str
    names: Sequence[str]
    rows: Iterable[Row]
    locate: Callable[[int | None, int | None], Position]
    notes: Sequence[Finding] = ()
    noun: str = "column"
    problems: list[Problem] = field(default_factory=list)


class TableDocument(Document):
    """The claims of a table, in the form of a YAML file; positions are those of cells.

    Attributes
    ----------
    items : list of dict
        The claims.
    fields : dict of str to int
        The columns of the table by the fields that they hold, for cells that are empty.
    """

    def __init__(self, table: Table) -> None:
        self.items: list[Item] = []
        super().__init__(table.file, self.items, (0, 0, None), "")  # type: ignore[arg-type]
        self.fields: dict[str, int] = {}
        self._locate = table.locate
        self._rows: list[int] = []
        self._columns: list[Columns] = []
        self._shapes: dict[tuple[object, ...], Columns] = {}

    def append(self, row: int, item: Item, columns: Columns) -> None:
        """Add the claim of a row."""
        self.items.append(item)
        self._rows.append(row)
        # most rows fill the same columns: they share what says so
        self._columns.append(self._shapes.setdefault(tuple(columns.items()), columns))

    def position(self, *path: str | int, key: bool = False) -> Position:
        """Return where a value stands: its cell, else its row, else the file."""
        if not path or not isinstance(path[0], int):
            return Position(self.file)
        columns = self._columns[path[0]]
        for length in range(len(path), 1, -1):
            if path[1:length] in columns:
                return self._locate(self._rows[path[0]], columns[path[1:length]])
        column = self.fields.get(str(path[1])) if len(path) > 1 else None
        return self._locate(self._rows[path[0]], column)

    def has(self, *path: str | int) -> bool:
        """Tell whether a path leads to a cell, be it empty."""
        if len(path) < 2 or not isinstance(path[0], int):
            return False
        return path[1:] in self._columns[path[0]] or (len(path) == 2 and path[1] in self.fields)


@dataclass(slots=True)
class Reading:
    """What a reader found in a file: its claims, what is wrong, what could not be carried over."""

    document: Document
    problems: list[Problem] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)


def read_table(
    table: Table,
    entry: AnnotationFile,
    *,
    known: Sequence[str] = COLUMNS,
    strict: bool = True,
    needed: Sequence[str] = ("id", "layer", "claim", "source"),
    places: Sequence[str] = WHERE,
    extra: Mapping[str, int] = MappingProxyType({}),
    convert: Converter | None = None,
) -> Reading:
    """Read the claims of a table.

    Parameters
    ----------
    table : Table
        The file.
    entry : AnnotationFile
        What the project file says of it.
    known : sequence of str
        Names of the columns that are read.
    strict : bool
        Whether columns that nobody knows are errors, unless the entry maps columns; else they are left out.
    needed : sequence of str
        Columns that have to be there, unless the entry gives their value.
    places : sequence of str
        Columns of which one has to be there; none where a claim can be placed otherwise.
    extra : mapping of str to int
        Columns that have no name in the file, for the converter.
    convert : callable, optional
        For a file whose columns have names of their own, as an ACLED export's have.

    Returns
    -------
    Reading

    Raises
    ------
    InputError
        If the columns are wrong, so that reading rows makes no sense; holds all problems of the header.
    """
    reading = Reading(document := TableDocument(table), notes=list(table.notes))
    fields = _find_columns(table, entry, reading, known=known, strict=strict and entry.columns is None)
    missing = list(_missing(table, entry, {name for name, _ in fields}, needed, places))
    if reading.problems or missing:
        raise InputError(*reading.problems, *missing)
    document.fields = {} if convert else dict(fields)
    fields += extra.items()
    own = {name: value for name in ("layer", "source") if (value := getattr(entry, name))}
    for count, (row, texts) in enumerate(_filled(table.rows), 1):
        if count > MAX_ROWS:
            message = f"the file has more than {MAX_ROWS:,} rows. Split it into several files."
            raise InputError(Problem(table.locate(row, None), message))
        if len(reading.problems) + len(table.problems) > MAX_PROBLEMS:
            break
        cells = _cells(texts, fields)
        reading.problems += _wrong_cells(cells, table, row)
        try:
            item, columns = item_of(convert(cells) if convert else cells)
        except CellError as error:
            reading.problems.append(Problem(table.locate(row, error.cell.column), str(error)))
            continue
        document.append(row, {**own, **item}, columns)
    reading.problems += table.problems
    return reading


def _cells(texts: Sequence[Any], fields: Iterable[tuple[str, int]]) -> dict[str, Cell]:
    """Return the filled cells of a row by their column's name."""
    return {
        name: Cell(value, index)
        for name, index in fields
        if index < len(texts) and _is_filled(value := texts[index])
    }


def _find_columns(
    table: Table, entry: AnnotationFile, reading: Reading, *, known: Sequence[str], strict: bool
) -> list[tuple[str, int]]:
    """Return what the columns of a table are: known names and numbers, in the order of the file."""
    if len(table.names) > MAX_COLUMNS:
        message = f"the table has {len(table.names):,} columns, expected at most {MAX_COLUMNS:,}."
        raise InputError(Problem(table.locate(None, None), message))
    found: dict[str, int] = _mapped(table, entry, reading.problems)
    taken = set(found.values())
    left: list[int] = []
    for index, written in enumerate(table.names):
        name = normalised(written)
        if index in taken or not name:
            continue
        if name not in known or name in (entry.columns or ()):
            left.append(index)
        elif name in found:
            message = f"the column {quoted(written)} is there twice. Rename or remove one of them."
            reading.problems.append(Problem(table.locate(None, index), message))
        else:
            found[name] = index
    if strict:
        reading.problems += [_unknown(table, index, known) for index in left]
    elif left:
        reading.notes.append(left_out(table, [table.names[index] for index in left]))
    return sorted(found.items(), key=lambda each: each[1])


def left_out(table: Table, names: Sequence[str]) -> Finding:
    """Return the note that columns of a file are not carried over."""
    more = len(names) - _NAMED
    named = ", ".join([*map(quoted, names[:_NAMED]), *([f"{more:,} more"] if more > 0 else [])])
    plural = {"column": "columns", "property": "properties"}[table.noun]
    count = f"1 {table.noun} is" if len(names) == 1 else f"{len(names):,} {plural} are"
    remedy = (
        "nothing, if the map does not need them; a column mapping ('columns') in the project file takes them"
    )
    return Finding(
        "note", "columns-left-out", Position(table.file), f"{count} not carried over: {named}", remedy
    )


def _mapped(table: Table, entry: AnnotationFile, problems: list[Problem]) -> dict[str, int]:
    """Return the columns that the project file names."""
    found: dict[str, int] = {}
    folded = {name.strip().casefold(): index for index, name in reversed(list(enumerate(table.names)))}
    for name, written in (entry.columns or {}).items():
        if written is None:
            continue
        index = folded.get(written.strip().casefold())
        if index is None:
            near = suggest(written, table.names) or f" It has {', '.join(map(quoted, table.names[:_NAMED]))}."
            said = f"{quoted(written)}, which the project file names for {quoted(name)}"
            message = f"there is no {table.noun} {said}.{near}"
            problems.append(Problem(table.locate(None, None), message))
        else:
            found[name] = index
    return found


def _unknown(table: Table, index: int, known: Sequence[str]) -> Problem:
    written = table.names[index]
    near = suggest(normalised(written), known, 1)
    remedy = near or " Remove it, or say under 'columns' in the project file which columns are to be read."
    return Problem(table.locate(None, index), f"unknown column {quoted(written)}.{remedy}")


def _missing(
    table: Table, entry: AnnotationFile, there: set[str], needed: Sequence[str], places: Sequence[str]
) -> Iterator[Problem]:
    """Yield the problems of columns that every claim needs."""
    at = table.locate(None, None)
    for name in needed:
        if name in there or getattr(entry, name, None):
            continue
        field_ = Annotation.model_fields.get(name)
        about = f" ({field_.description.rstrip('.')})" if field_ and field_.description else ""
        beside = f"write '{name}: ...' beside the file's name in the project file"
        mapped = f"name the {table.noun} that it is in under 'columns' in the project file"
        remedy = suggest(name, table.names, 1) or (
            f" Add it, or {beside if name in ('layer', 'source') else mapped}."
        )
        yield Problem(at, f"there is no {table.noun} {quoted(name)}{about}.{remedy}")
    if places and not there.intersection(places):
        message = f"no {table.noun} places the claims. Expected at least one of {', '.join(places)}."
        yield Problem(at, message)


def _filled(rows: Iterable[Row]) -> Iterable[Row]:
    return ((row, texts) for row, texts in rows if any(map(_is_filled, texts)))


def _is_filled(value: Any) -> bool:
    return bool(value) and not (isinstance(value, str) and value.isspace())


def _wrong_cells(cells: dict[str, Cell], table: Table, row: int) -> Iterator[Problem]:
    """Take cells out that are no text where one is expected, and tell of them and of control characters."""
    for name, (value, column) in list(cells.items()):
        if isinstance(value, str) and value.isprintable():
            continue
        if not isinstance(value, str) and name not in WHOLE:
            del cells[name]
            message = f"{name}: expected text, got {what(value)}."
            yield Problem(table.locate(row, column), message)
        control = next(filter(None, map(find_control, _texts(value))), None)
        if control:
            yield Problem(table.locate(row, column), control[1])


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inside in (*value, *value.values()) if isinstance(value, dict) else value:
            yield from _texts(inside)
