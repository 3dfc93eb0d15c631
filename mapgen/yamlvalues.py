"""YAML text in, plain values and the places of their characters out; the text is hostile until read.

Built from the parser's events, within bounds: depth and number of values are limited, and what could multiply
or execute (anchors, aliases, merges, tags) is refused, so no text can make more than it holds. Positions are
character indexes here; ``documents`` makes lines and columns of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from mapgen import yamlwords
from mapgen.errors import quoted, visible

MAX_DEPTH = 32
MAX_VALUES = 1_000_000
MAX_PROBLEMS = 100

Value = str | list["Value"] | dict[str, "Value"] | None
# where a value begins, where its key begins, and the marks of what it holds (None where it holds nothing)
Mark = tuple[int, int, "dict[str | int, Mark] | None"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_SURROGATE = re.compile("[\ud800-\udfff]")
# YAML 1.1 ends a line at these three, YAML 1.2 does not: they are parsed as other characters, one for one.
_LINE_LIKE = "\x85\u2028\u2029"


def read_values(text: str) -> tuple[Value, Mark, list[tuple[int, str]]]:
    """Read the one document that a text holds.

    Returns
    -------
    value : str, list, dict or None
        Every scalar as text; only an empty one, ``~`` and ``null`` are None.
    mark : tuple
        Where the value and all that it holds begin.
    problems : list of (int, str)
        What is wrong, by character index; where there is something, value and mark are not to be used.
    """
    builder = _Builder(text)
    value: Value = None
    mark: Mark = (0, 0, None)
    try:
        value, mark = builder.document()
    except yaml.MarkedYAMLError as error:
        builder.problems.append(yamlwords.explain(error, text))
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        builder.problems.append((0, f"this is not valid YAML: {visible(str(error))}."))
    except _Enough:
        pass
    return value, mark, builder.problems


def _start(event: Any) -> int:
    index: int = event.start_mark.index
    return index


class _Enough(Exception):
    """Reading on makes no sense."""


class _Builder:
    """Turns the parser's events into values; one use."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[tuple[int, str]] = []
        self.count = 0
        self.restore: dict[int, str] = {}
        if any(character in text for character in _LINE_LIKE):
            unused = (code for code in range(0xF0000, 0xFFFFE) if chr(code) not in text)
            self.restore = {next(unused): character for character in _LINE_LIKE}
            text = text.translate({ord(character): chr(code) for code, character in self.restore.items()})
        self.next: Callable[[], Any] = _LOADER(text).get_event

    def document(self) -> tuple[Value, Mark]:
        value: Value = None
        mark: Mark = (0, 0, None)
        first = True
        while (event := self.next()) is not None:
            if type(event) is yaml.DocumentStartEvent:
                if not first:
                    message = "a second document begins here ('---'). One file holds one."
                    self.stop(_start(event), message)
                first = False
                value, mark = self.node(self.next(), 0, 0)
        return value, mark

    def node(self, event: Any, key_at: int, depth: int) -> tuple[Value, Mark]:
        at = _start(event)
        kind = type(event)
        self.count += 1
        if self.count > MAX_VALUES:
            self.stop(at, f"the file holds more than {MAX_VALUES:,} values. Split it into several files.")
        if kind is yaml.AliasEvent:
            self.note(at, f"aliases ({quoted(f'*{event.anchor}')}) are not read. Write the value out.")
            return None, (at, key_at, None)
        if event.anchor is not None:
            self.note(at, f"anchors ({quoted(f'&{event.anchor}')}) are not read. Put the text in quotes.")
        elif event.tag is not None:
            self.note(at, f"tags ({quoted(event.tag)}) are not read. Remove it, or put the text in quotes.")
        if kind is yaml.ScalarEvent:
            value = self.scalar(event, at)
            return value, (key_at if value is None else at, key_at, None)
        if depth == MAX_DEPTH:
            self.stop(at, f"values are nested deeper than {MAX_DEPTH} levels here. Make the file flatter.")
        marks: dict[str | int, Mark] = {}
        read = self.sequence if kind is yaml.SequenceStartEvent else self.mapping
        return read(marks, depth + 1), (at, key_at, marks)

    def scalar(self, event: Any, at: int) -> str | None:
        value: str = event.value
        if value in _NULLS and not event.style:
            return None
        if not value.isascii():
            if self.restore:
                value = value.translate(self.restore)
            if _SURROGATE.search(value):
                message = "half a character (a lone surrogate) is escaped here. Write the character itself."
                self.note(at, message)
        return value

    def sequence(self, marks: dict[str | int, Mark], depth: int) -> Value:
        values: list[Value] = []
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            value, marks[len(values)] = self.node(event, _start(event), depth)
            values.append(value)
        return values

    def mapping(self, marks: dict[str | int, Mark], depth: int) -> Value:
        values: dict[str, Value] = {}
        while type(event := self.next()) is not yaml.MappingEndEvent:
            key, (_, key_at, _) = self.node(event, _start(event), depth)
            value, mark = self.node(self.next(), key_at, depth)
            if isinstance(key, str) and key not in values and key != "<<":
                values[key] = value
                marks[key] = mark
            elif type(event) is not yaml.AliasEvent:
                self.refuse_key(key, key_at, marks)
        return values

    def refuse_key(self, key: Value, at: int, marks: dict[str | int, Mark]) -> None:
        if key == "<<":
            self.note(at, "merges ('<<') are not read. Write the keys out.")
        elif isinstance(key, str):
            line = yamlwords.line_of(self.text, marks[key][1])
            self.note(
                at, f"the key {quoted(key)} stands here twice, first in line {line}. Remove one of them."
            )
        else:
            what = "an empty key" if key is None else "a list or mapping as a key"
            self.note(at, f"{what} is not read. Write 'key: value' with a plain word as the key.")

    def note(self, at: int, message: str) -> None:
        self.problems.append((at, message))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Enough

    def stop(self, at: int, message: str) -> None:
        self.note(at, message)
        raise _Enough
