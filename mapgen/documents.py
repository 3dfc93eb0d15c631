"""One YAML file in, plain values and their positions out.

Every scalar stays text (``NO`` is not false, ``12:30`` is not 750, ``2015-12`` is not a date); only an empty
one, ``~`` or ``null`` is None. What a text means is the model's business. The file is hostile until read: its
size, depth and number of values are bounded, and what could multiply or execute (aliases, merges, tags) is
refused. This module knows no keys.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from mapgen import yamlwords
from mapgen.errors import InputError, Position, Problem, quoted, suggest, visible

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 32
MAX_VALUES = 1_000_000
MAX_PROBLEMS = 100

Value = str | list["Value"] | dict[str, "Value"] | None

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# YAML 1.1 ends a line at these three, YAML 1.2 does not: they are parsed as other characters, one for one.
_LINE_LIKE = "\x85\u2028\u2029"


class _Mark(NamedTuple):
    """Where a value and its key begin (character indexes in the file), and the marks of what it holds."""

    at: int
    key_at: int
    inside: dict[str | int, _Mark]


class Document:
    """The values of one file, and where each of them stands.

    Attributes
    ----------
    file : str
        The name that positions carry.
    value : str, list, dict or None
        The whole content.
    """

    def __init__(self, file: str, value: Value, marks: _Mark, text: str) -> None:
        self.file = file
        self.value = value
        self._marks = marks
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
        mark = self._marks
        for step in path:
            if step not in mark.inside:
                key = False
                break
            mark = mark.inside[step]
        return _position(self.file, self._lines, mark.key_at if key else mark.at)

    def has(self, *path: str | int) -> bool:
        """Tell whether the file has a value, be it empty, at a path."""
        mark = self._marks
        for step in path:
            if step not in mark.inside:
                return False
            mark = mark.inside[step]
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
    return _Builder(text, file).build()


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


def _index(event: Any) -> int:
    index: int = event.start_mark.index
    return index


class _Builder:
    """Turns the parser's events into values, within bounds; one use."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.problems: list[Problem] = []
        self.count = 0
        self.restore: dict[int, str] = {}

    @cached_property
    def lines(self) -> list[int]:
        return _line_starts(self.text)

    def build(self) -> Document:
        value: Value = None
        marks = _Mark(0, 0, {})
        try:
            for number, event in enumerate(self.events()):
                if isinstance(event, yaml.DocumentStartEvent):
                    if number > 1:
                        self.stop(_index(event), "a second document begins here ('---'). One file holds one.")
                    value, marks = self.node(next(self.stream), 0, 0)
        except yaml.MarkedYAMLError as error:
            index, sentence = yamlwords.explain(error, self.text)
            self.note(index, sentence)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            self.note(0, f"this is not valid YAML: {visible(str(error))}.")
        if self.problems:
            raise InputError(*self.problems)
        return Document(self.file, value, marks, self.text)

    def events(self) -> Iterator[Any]:
        text = self.text
        if any(character in text for character in _LINE_LIKE):
            unused = (code for code in range(0xF0000, 0xFFFFE) if chr(code) not in text)
            self.restore = {next(unused): character for character in _LINE_LIKE}
            text = text.translate({ord(character): chr(code) for code, character in self.restore.items()})
        self.stream: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        return self.stream

    def node(self, event: Any, key_index: int, depth: int) -> tuple[Value, _Mark]:
        index = _index(event)
        self.count += 1
        if self.count > MAX_VALUES:
            self.stop(index, f"the file holds more than {MAX_VALUES:,} values. Split it into several files.")
        self.refuse_references(event, index)
        if isinstance(event, yaml.AliasEvent):
            return None, _Mark(index, key_index, {})
        if isinstance(event, yaml.ScalarEvent):
            value = self.scalar(event, index)
            return value, _Mark(key_index if value is None else index, key_index, {})
        if depth == MAX_DEPTH:
            self.stop(
                index,
                f"lists and mappings are nested deeper than {MAX_DEPTH} levels here. Make the file flatter.",
            )
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(_Mark(index, key_index, {}), depth + 1)
        return self.mapping(_Mark(index, key_index, {}), depth + 1)

    def refuse_references(self, event: Any, index: int) -> None:
        if isinstance(event, yaml.AliasEvent):
            self.note(index, f"aliases ({quoted(f'*{event.anchor}')}) are not read. Write the value out.")
        elif event.anchor is not None:
            self.note(
                index,
                f"anchors ({quoted(f'&{event.anchor}')}) are not read. Remove it, or put the text in quotes.",
            )
        elif event.tag is not None:
            self.note(
                index, f"tags ({quoted(event.tag)}) are not read. Remove it, or put the text in quotes."
            )

    def scalar(self, event: Any, index: int) -> str | None:
        value: str = event.value
        if not event.style and value in _NULLS:
            return None
        if not value.isascii():
            if self.restore:
                value = value.translate(self.restore)
            if _SURROGATE.search(value):
                self.note(
                    index, "half a character (a lone surrogate) is escaped here. Write the character itself."
                )
        return value

    def sequence(self, mark: _Mark, depth: int) -> tuple[list[Value], _Mark]:
        values: list[Value] = []
        for event in self.stream:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            value, inside = self.node(event, _index(event), depth)
            mark.inside[len(values)] = inside
            values.append(value)
        return values, mark

    def mapping(self, mark: _Mark, depth: int) -> tuple[dict[str, Value], _Mark]:
        values: dict[str, Value] = {}
        for event in self.stream:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key_index = _index(event)
            key, _ = self.node(event, key_index, depth)
            value, inside = self.node(next(self.stream), key_index, depth)
            if self.is_new_key(event, key, key_index, mark) and isinstance(key, str):
                values[key] = value
                mark.inside[key] = inside
        return values, mark

    def is_new_key(self, event: Any, key: Value, index: int, mark: _Mark) -> bool:
        if isinstance(event, yaml.AliasEvent):
            return False
        if not isinstance(key, str):
            what = "an empty key" if key is None else "a list or mapping as a key"
            self.note(index, f"{what} is not read. Write 'key: value' with a plain word as the key.")
        elif key == "<<":
            self.note(index, "merges ('<<') are not read. Write the keys out.")
        elif key in mark.inside:
            first = _position(self.file, self.lines, mark.inside[key].key_at)
            self.note(
                index,
                f"the key {quoted(key)} stands here twice, first in line {first.line}. Remove one of them.",
            )
        else:
            return True
        return False

    def note(self, index: int, message: str) -> None:
        position = _position(self.file, self.lines, min(index, len(self.text)))
        self.problems.append(Problem(position, message))
        if len(self.problems) >= MAX_PROBLEMS:
            raise InputError(*self.problems)

    def stop(self, index: int, message: str) -> None:
        self.note(index, message)
        raise InputError(*self.problems)
