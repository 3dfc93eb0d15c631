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
        self._lines = _line_starts(text)

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
        return _position(self.file, self._lines, key_at if key else at)

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
    at = Position(file)
    try:
        if os.path.exists(path) and not path.is_file():
            raise InputError(Problem(at, "expected a file, this is a folder or a device."))
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(Problem(at, f"there is no such file.{_suggest_sibling(path)}")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(Problem(at, f"the file cannot be read ({reason}).")) from None
    return parse_document(data, file)


def parse_document(data: bytes, file: str) -> Document:
    """Read the bytes of one YAML file, as `read_document` does."""
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB. Split it into several files."
        raise InputError(Problem(Position(file), message))
    text = _decode(data, file)
    control = _CONTROL.search(text)
    if control:
        at = _position(file, _line_starts(text), control.start())
        message = f"a control character ({visible(control[0])}) stands here. Remove it."
        raise InputError(Problem(at, message))
    value, mark, problems = read_values(text)
    if problems:
        lines = _line_starts(text)
        raise InputError(
            *(Problem(_position(file, lines, min(at, len(text))), said) for at, said in problems)
        )
    return Document(file, value, mark, text)


def _decode(data: bytes, file: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(Problem(Position(file, 1, 1), "the file is UTF-16. Save it as UTF-8."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # UnicodeDecodeError counts behind the byte order mark, and the text up to the error is sound
        body = data.removeprefix(b"\xef\xbb\xbf")
        before = body[: error.start].decode("utf-8")
        at = _position(file, _line_starts(before), len(before))
        number = len(data) - len(body) + error.start + 1
        message = (
            f"byte {number} of the file (0x{body[error.start]:02X}) is not UTF-8. Save the file as UTF-8."
        )
        raise InputError(Problem(at, message)) from None


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def _position(file: str, line_starts: list[int], index: int) -> Position:
    line = bisect_right(line_starts, index)
    return Position(file, line, index - line_starts[line - 1] + 1)


def _suggest_sibling(path: Path) -> str:
    try:
        names = [entry.name for entry in islice(path.parent.iterdir(), 1000)]
    except (OSError, ValueError):
        return ""
    return suggest(path.name, names)
