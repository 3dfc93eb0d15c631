"""The errors that mapgen raises for a user's mistake, and how they are worded.

Every module raises these, only ``cli`` prints them or ends the process. Nothing here reads files.

```
MapgenError
├── InputError                 what was given is wrong: exit status 1
│   ├── BoundaryDataError      a boundary dataset cannot be read or does not hold together
│   ├── TerritoryNotFoundError a territory code that the boundary dataset does not have
│   ├── BorderNotFoundError    two territories that share no border
│   └── PlaceNotFoundError     a place name that the gazetteer does not have
├── MissingExtraError          a library is not installed that only some commands need: exit status 1
└── UsageError                 the command line is wrong: exit status 2
```
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

# Control and format characters (bidirectional overrides among them) could rewrite the line they are printed
# in. The joiners U+200C and U+200D stay: Persian and Indic words are spelt with them.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb]"
)
_LONGEST_SHOWN = 60
_LONGEST_COMPARED = 100

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Position:
    """A place in an input file, written ``data/claims.yaml:14:9`` or ``data/claims.xlsx:Claims!C5``.

    Attributes
    ----------
    file : str
        Path relative to the project folder, with forward slashes.
    line, column : int or None
        Counted from 1; columns count characters, not bytes. None where the whole file is meant.
    cell : str or None
        What stands in for line and column where a file has none, such as ``"Claims!C5"`` or ``"feature 12"``.
    """

    file: str
    line: int | None = None
    column: int | None = None
    cell: str | None = None

    def __str__(self) -> str:
        """Write the position as editors and terminals recognise it."""
        inside = (self.cell and visible(self.cell), self.line, self.column)
        return ":".join([visible(self.file), *(str(part) for part in inside if part is not None)])

    def sort_key(self) -> tuple[str, int, int, int, str]:
        """Return what positions are ordered by: file, line or row, column."""
        row = re.search(r"\d+", (self.cell or "").rpartition("!")[2])
        line = int(row[0][:9]) if row else self.line or 0
        return self.file, line, self.column or 0, len(self.cell or ""), self.cell or ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with the input: where, and what was given, was expected and is to be done."""

    position: Position | None
    message: str

    def __str__(self) -> str:
        """Write the problem on one line."""
        text = visible(self.message)
        return f"{self.position}: {text}" if self.position else text

    def sort_key(self) -> tuple[str, int, int, int, str]:
        """Return what problems are ordered by: file, line or row, column."""
        return (self.position or Position("")).sort_key()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check reports: how bad it is, where, what it is, and what to do."""

    severity: Severity
    code: str
    position: Position | None
    message: str
    remedy: str


class CannotPlace(Exception):
    """A location that names something that is not there; carries the finding's code, message and remedy."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy


class MapgenError(Exception):
    """Anything that mapgen has to tell its user."""

    exit_status: ClassVar[int] = 1


class InputError(MapgenError):
    """What was given is wrong; holds every problem that was found, not only the first.

    Parameters
    ----------
    *problems : Problem or str
        At least one; a text is a problem without a position.
    """

    def __init__(self, *problems: Problem | str) -> None:
        made = (problem if isinstance(problem, Problem) else Problem(None, problem) for problem in problems)
        self.problems: tuple[Problem, ...] = tuple(sorted(dict.fromkeys(made), key=Problem.sort_key))
        super().__init__("\n".join(map(str, self.problems)))


class BoundaryDataError(InputError):
    """A boundary dataset cannot be read or does not hold together."""


class TerritoryNotFoundError(InputError):
    """A territory code that the boundary dataset does not have."""


class BorderNotFoundError(InputError):
    """Two territories that share no border."""


class PlaceNotFoundError(InputError):
    """A place name that the gazetteer does not have."""


class MissingExtraError(MapgenError):
    """A library is not installed that only some commands need.

    Parameters
    ----------
    extra : str
        The extra of mapgen that brings it.
    library : str
        Its name on the package index.
    """

    def __init__(self, extra: str, library: str) -> None:
        super().__init__(f"This needs the library {library}. Install it: pip install 'mapgen[{extra}]'")


class UsageError(MapgenError):
    """The command line is wrong."""

    exit_status: ClassVar[int] = 2


def visible(text: str) -> str:
    """Return the text with control and format characters written out, so that it stays on its line."""
    return _INVISIBLE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def quoted(text: str) -> str:
    """Return a user's text for a message: in quotation marks, visible, and cut when it is long.

    Examples
    --------
    >>> quoted("Tirmez")
    "'Tirmez'"
    """
    cut = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
    return f"'{visible(cut)}'"


def suggest(word: str, known: Iterable[str], n: int = 3) -> str:
    """Return a question that offers the known words nearest to a wrong one.

    Parameters
    ----------
    word : str
        What was given.
    known : iterable of str
        What it could have been.
    n : int
        How many words to offer at most.

    Returns
    -------
    str
        Empty when nothing is near, else with a leading space, to be put behind a message.

    Examples
    --------
    >>> suggest("Tirmez", ["Termez", "Tashkent"])
    " Did you mean 'Termez'?"
    """
    if len(word) > _LONGEST_COMPARED:  # comparing takes the product of the lengths
        return ""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=n, cutoff=0.6)
    if not near:
        return ""
    names = [quoted(by_folded[folded]) for folded in near]
    return f" Did you mean {' or '.join(filter(None, [', '.join(names[:-1]), names[-1]]))}?"
