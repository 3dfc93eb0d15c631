"""Collect what is wrong with a boundary file, so that all of it is told at once.

In: remarks of the modules that look at a file (`shapefile`, `dbase`, `vectorfile`, `mending`). Out: one
error with all problems, and findings. Reads no file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mapgen.errors import BoundaryDataError, Position, Problem
from mapgen.model import Finding

_ROWS_NAMED = 5
_PROBLEMS_TOLD = 50


@dataclass(slots=True)
class Examination:
    """What was found out about one boundary file.

    Attributes
    ----------
    problems : list of Problem
        What makes the file unusable.
    findings : list of Finding
        What was mended or assumed.
    """

    problems: list[Problem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, file: str, message: str) -> None:
        """Add something that makes a file unusable; the message says what is wrong and what to do."""
        self.problems.append(Problem(Position(file), message))

    def warn(self, code: str, file: str, message: str, remedy: str) -> None:
        """Add something that the user should look at."""
        self.findings.append(Finding("warning", code, Position(file), message, remedy))

    def raise_problems(self) -> None:
        """Raise what makes the file unusable.

        Raises
        ------
        BoundaryDataError
            With all problems so far, if there are any.
        """
        if self.problems:
            raise BoundaryDataError(*self.problems[:_PROBLEMS_TOLD])


def rows(indexes: Iterable[int]) -> str:
    """Return how a message names feature rows.

    Parameters
    ----------
    indexes : iterable of int
        Counted from 0; the message counts from 1.

    Examples
    --------
    >>> rows([3])
    'row 4'
    >>> rows(range(9))
    'rows 1, 2, 3, 4, 5 and 4 more'
    """
    numbers = sorted({int(index) + 1 for index in indexes})
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    more = len(numbers) - _ROWS_NAMED
    named = ", ".join(map(str, numbers[:_ROWS_NAMED])) if more > 0 else ", ".join(map(str, numbers[:-1]))
    return f"rows {named} and {f'{more} more' if more > 0 else numbers[-1]}"
