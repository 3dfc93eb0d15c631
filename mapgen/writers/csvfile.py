"""Write a project's claims as CSV: UTF-8 with a byte order mark, a header, one row a claim.

In: a project. Out: the text of the file. Cells that a spreadsheet would take for a formula are marked with an
apostrophe, which reading takes away again; control characters become visible signs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from mapgen.model import Annotation, Project
from mapgen.writers.table import lost_controls, lost_in_row, row_of, used_columns, without_controls

FORMULA = "=+-@\t\r"
"""What a spreadsheet may take for the beginning of a formula."""
MARK = "'"


def write_csv(project: Project) -> str:
    """Return a project's claims as CSV (RFC 4180).

    Parameters
    ----------
    project : Project

    Returns
    -------
    str
        With the columns that any claim has a value in, named as ``readers.columns`` names them.
    """
    rows = [row_of(annotation) for annotation in project.annotations]
    names = used_columns(rows)
    text = io.StringIO(newline="")
    text.write("\ufeff")  # or Excel takes UTF-8 for the machine's own encoding
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([neutral(str(row.get(name, ""))) for name in names] for row in rows)
    return text.getvalue()


def lost_in_csv(annotation: Annotation) -> Iterator[str]:
    """Say what of a claim a CSV file does not carry."""
    yield from lost_in_row(annotation)
    yield from lost_controls(annotation)


def neutral(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    An apostrophe is put before ``=``, ``+``, ``-``, ``@``, tab and carriage return at the beginning, and
    before an apostrophe there. Reading takes one apostrophe away before any of these.

    Examples
    --------
    >>> neutral("=1+1")
    "'=1+1"
    """
    text = str(without_controls(text))
    return MARK + text if text.startswith((*FORMULA, MARK)) else text
