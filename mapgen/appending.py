"""Append an entry to a YAML file of claims, and change nothing else in it.

In: the bytes of a file, and plain values. Out: the same bytes with an entry behind them, in the file's own
indentation and line ends; or a file on disk, replaced whole or not at all. What an entry says is not known
here.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mapgen.documents import parse_document, read_bytes
from mapgen.edition import PREFIX
from mapgen.errors import InputError, Position, Problem
from mapgen.writers.yamlfiles import to_yaml

BOM = "\ufeff"
_LINE_END = re.compile(r"\r\n|\n|\r")
_DASH = re.compile(r"( *)-([ \t]+|$)")


@dataclass(frozen=True, slots=True)
class Style:
    """How a list is written: what stands before and after each dash, between items, and at line ends."""

    before: str = ""
    after: str = " "
    apart: bool = True
    line_end: str = "\n"


def digest(data: bytes) -> str:
    """Return what tells one content of a file from another."""
    return hashlib.sha256(data).hexdigest()


def append_entry(data: bytes, file: str, entry: Mapping[str, Any]) -> tuple[bytes, int, str]:
    """Put an entry behind the list that a file holds.

    Parameters
    ----------
    data : bytes
        The file as it is; UTF-8.
    file : str
        The name to use in positions.
    entry : mapping
        Plain values.

    Returns
    -------
    data : bytes
        What was there, byte for byte, and the entry.
    line : int
        Where the entry begins, from 1.
    text : str
        The entry as it was written.

    Raises
    ------
    InputError
        If the file is no list that an entry can stand behind: one in brackets, or one that has been closed.
    """
    document = parse_document(data, file)
    if not isinstance(document.value, list | None):
        raise InputError(Problem(document.position(), "expected a list of annotations to add one to."))
    before = data.decode("utf-8")
    style = _style_of(before)
    if style is None:
        message = "this list is written in brackets. Begin each claim with a dash ('- id: ...')."
        raise InputError(Problem(document.position(), message))
    text = _write(entry, style)
    wanted = [*(document.value or []), *_read(text, file)]
    base = before if _is_ended(before) else before + style.line_end
    for gap in (style.line_end, "") if _wants_gap(base, style) else ("", style.line_end):
        # A blank line can belong to the text before, which has to stay as it is.
        made = f"{base}{gap}{text}"
        with suppress(InputError):
            if parse_document(made.encode("utf-8"), file).value == wanted:
                line = len(_LINE_END.findall(base + gap)) + 1
                return made.encode("utf-8"), line, text
    message = "nothing can be added behind the end of this file. Add the claim by hand."
    raise InputError(Problem(Position(file), message))


def write_entry(entry: Mapping[str, Any], data: bytes, file: str) -> tuple[str, int]:
    """Return the text of an entry as `append_entry` would write it, and the line where it would begin.

    Parameters
    ----------
    entry : mapping
    data : bytes
        The file as it is.
    file : str
        The name to use in positions.
    """
    before = data.decode("utf-8", "replace")
    style = _style_of(before) or Style()
    line = len(_LINE_END.findall(before)) + 1 + (not _is_ended(before)) + _wants_gap(before, style)
    return _write(entry, style), line


def replace_file(path: Path, old: bytes, new: bytes) -> None:
    """Replace a file by another content, whole or not at all, if it still is what it was.

    Parameters
    ----------
    path : Path
    old, new : bytes

    Raises
    ------
    InputError
        If the file has changed meanwhile, or cannot be written; then it is as it was.
    """
    temporary = path.parent / f"{PREFIX}{secrets.token_hex(8)}"
    try:
        mode = path.stat().st_mode & 0o7777
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        if read_bytes(path, path.name) != old:
            raise InputError(f"{path.name}: the file has changed meanwhile; nothing was written. Save again.")
        os.replace(temporary, path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"{path.name}: cannot be written ({reason}); it is as it was.") from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def _style_of(text: str) -> Style | None:
    """Return how the list of a file is written, None for one in brackets."""
    found = _LINE_END.search(text)
    line_end = found[0] if found else "\n"
    lines = [line for line in _LINE_END.split(text.removeprefix(BOM)) if not line.lstrip().startswith("#")]
    first = next((line for line in lines if line.strip() and not line.startswith(("---", "%"))), None)
    if first is None:
        return Style(line_end=line_end)
    dash = _DASH.match(first)
    if dash is None:
        return None
    # Within items all lines are indented deeper than the dashes of the list.
    items = [number for number, line in enumerate(lines) if (m := _DASH.match(line)) and m[1] == dash[1]]
    apart = len(items) == 1 or not lines[items[-1] - 1].strip()
    return Style(dash[1], dash[2] or " ", apart, line_end)


def _write(entry: Mapping[str, Any], style: Style) -> str:
    """Return an entry as text, each line ended."""
    first, *rest = to_yaml([dict(entry)]).splitlines()
    indent = style.before + " " * (1 + len(style.after))
    lines = [
        f"{style.before}-{style.after}{first[2:]}",
        *(indent + line[2:] if line else "" for line in rest),
    ]
    return "".join(line + style.line_end for line in lines)


def _read(text: str, file: str) -> list[Any]:
    value = parse_document(text.encode("utf-8"), file).value
    assert isinstance(value, list)
    return value


def _wants_gap(text: str, style: Style) -> bool:
    """Tell whether a blank line is still to come between the last item and the next."""
    lines = text.removeprefix(BOM).splitlines()
    return style.apart and bool(lines) and bool(lines[-1].strip())


def _is_ended(text: str) -> bool:
    """Tell whether the last line of a text is ended, or there is none."""
    return text.endswith(("\n", "\r")) or not text.removeprefix(BOM)
