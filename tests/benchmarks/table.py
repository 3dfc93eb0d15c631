"""Print figures as plain tables, aligned, one row a line.

In: rows of texts and numbers. Out: text.
"""

from __future__ import annotations

from collections.abc import Sequence

Cell = str | int | float | bool | None


def format_table(
    title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]], notes: Sequence[str] = ()
) -> str:
    """Return a table: the first column to the left, all others to the right.

    Parameters
    ----------
    title : str
    head : sequence of str
        Names of the columns.
    rows : sequence of sequence
        Whole numbers get thousands' separators, other numbers two decimals, None a dash.
    notes : sequence of str
        Lines to stand under it.
    """
    lines = [list(head), *([format_cell(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    aligned = [
        "  ".join(
            [line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))]
        ).rstrip()
        for line in lines
    ]
    return "\n".join([title, "", *aligned, *([""] if notes else []), *notes])


def format_cell(cell: Cell) -> str:
    """Return a figure as text."""
    if cell is None:
        return "-"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:.2f}"
    return cell


def ratio(value: float | None, peer: float | None) -> float | None:
    """Return how many times the peer's figure a figure is, None if either was not measured."""
    return None if value is None or not peer else value / peer
