"""One YAML file in, plain values and their positions out.

Every scalar stays text (``NO`` is not false, ``12:30`` is not 750, ``2015-12`` is not a date); only an empty
one, ``~`` or ``null`` is None. What a text means is the model's business; this module knows no keys. A file
is hostile until read: its size is bounded here, what it may hold in ``yamlvalues``.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from itertools import islice
from pathlib import Path

from mapgen.errors import InputError, Position, Problem, suggest, visible
from mapgen.yamlvalues import Mark, Value, read_values

MAX_BYTES = 16 * 1024 * 1024

_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Document:
    """The values of one file, and where each of them stands.

    Attributes
    ----------
    file : str
        The name that positions carry.
    value : str, list, dict or None
        The whole content.
    """

    def __init__(self, file: str, value: Value, mark: Mark, text: str) -> None:
        self.file = file
        self.value = value
        self._mark = mark
        self._lines = line_starts(text)

    def position(self, *path: str | int, key: bool = False) -> Position:
        """Return where a value stands.

        Parameters
        ----------
        *path : str or int
            Keys and list indexes from the top of the file. Where it leads to nothing, the last value on it
            counts.
        key : bool
            Point to the value's key instead of the value.

        Returns
        -------
        Position
            Line and column of the first character; an empty value is where its key is.
        """
        at, key_at, inside = self._mark
        for step in path:
            if inside is None or step not in inside:
                key = False
                break
            at, key_at, inside = inside[step]
        return position_in(self.file, self._lines, key_at if key else at)

    def has(self, *path: str | int) -> bool:
        """Tell whether the file has a value, be it empty, at a path."""
        inside = self._mark[2]
        for step in path:
            if inside is None or step not in inside:
                return False
            inside = inside[step][2]
        return True

    def is_empty(self, *path: str | int) -> bool:
        """Tell whether a key or item has no value."""
        value = self.value
        for step in path:
            value = value[step]  # type: ignore[index]
        return value is None


def read_document(path: Path, file: str | None = None) -> Document:
    """Read one YAML file.

    Parameters
    ----------
    path : Path
        The file; UTF-8, at most 16 MiB, one document.
    file : str, optional
        The name to use in positions; without it, the path as it is given.

    Raises
    ------
    InputError
        If the file cannot be read or is not the plain YAML that mapgen takes; holds all problems that were
        found.
    """
    file = path.as_posix() if file is None else file
    return parse_document(read_bytes(path, file), file)


def read_bytes(path: Path, file: str) -> bytes:
    """Return the bytes of a regular file, at most one more than `MAX_BYTES`.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        The name to use in positions.

    Raises
    ------
    InputError
        If there is no such file, or it cannot be read.
    """
    at = Position(file)
    try:
        if os.path.exists(path) and not path.is_file():
            raise InputError(Problem(at, "expected a file, this is a folder or a device."))
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(Problem(at, f"there is no such file.{_suggest_sibling(path)}")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(Problem(at, f"the file cannot be read ({reason}).")) from None


def check_size(data: bytes, file: str) -> None:
    """Refuse the bytes of a file that is larger than `MAX_BYTES`."""
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB. Split it into several files."
        raise InputError(Problem(Position(file), message))


def parse_document(data: bytes, file: str) -> Document:
    """Read the bytes of one YAML file, as `read_document` does."""
    check_size(data, file)
    text = _decode(data, file)
    control = find_control(text)
    if control:
        raise InputError(Problem(position_in(file, line_starts(text), control[0]), control[1]))
    value, mark, problems = read_values(text)
    if problems:
        lines = line_starts(text)
        raise InputError(
            *(Problem(position_in(file, lines, min(at, len(text))), said) for at, said in problems)
        )
    return Document(file, value, mark, text)


def find_control(text: str) -> tuple[int, str] | None:
    """Return where a text has its first control character, and what to say about it; None without one."""
    control = _CONTROL.search(text)
    if control is None:
        return None
    return control.start(), f"a control character ({visible(control[0])}) stands here. Remove it."


def _decode(data: bytes, file: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(Problem(Position(file, 1, 1), "the file is UTF-16. Save it as UTF-8."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # UnicodeDecodeError counts behind the byte order mark, and the text up to the error is sound
        body = data.removeprefix(b"\xef\xbb\xbf")
        before = body[: error.start].decode("utf-8")
        at = position_in(file, line_starts(before), len(before))
        number = len(data) - len(body) + error.start + 1
        message = (
            f"byte {number} of the file (0x{body[error.start]:02X}) is not UTF-8. Save the file as UTF-8."
        )
        raise InputError(Problem(at, message)) from None


def line_starts(text: str) -> list[int]:
    """Return the index of each line's first character."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def position_in(file: str, starts: list[int], index: int) -> Position:
    """Return the line and column of a character, given where the lines start."""
    line = bisect_right(starts, index)
    return Position(file, line, index - starts[line - 1] + 1)


def _suggest_sibling(path: Path) -> str:
    try:
        names = [entry.name for entry in islice(path.parent.iterdir(), 1000)]
    except (OSError, ValueError):
        return ""
    return suggest(path.name, names)
