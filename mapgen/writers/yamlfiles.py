"""Write a project as YAML files: one form for every value, so that the same project gives the same bytes.

In: plain values. Out: texts by file name. A text that could be taken for something else, or that holds a
character which is better seen than believed, stands in double quotes with escapes; long ones are folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mapgen.writers.plain import PlainProject

PROJECT_FILE = "mapgen.yaml"
SOURCES_FILE = "data/sources.yaml"
ANNOTATIONS_FILE = "data/annotations/claims.yaml"

WIDTH = 100
_NULLS = frozenset({"null", "Null", "NULL"})
_SIMPLE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 _./*-]*[A-Za-z0-9_./*-])?")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def yaml_files(project: PlainProject) -> dict[str, str]:
    """Return the files of a project: the project file, its sources and its annotations.

    Parameters
    ----------
    project : PlainProject

    Returns
    -------
    dict of str to str
        Text by path in the project folder.
    """
    settings = {**project.settings, "sources": SOURCES_FILE, "annotations": ANNOTATIONS_FILE}
    return {
        PROJECT_FILE: to_yaml(settings),
        SOURCES_FILE: to_yaml(project.sources),
        ANNOTATIONS_FILE: to_yaml(project.annotations),
    }


def to_yaml(value: Mapping[str, Any] | list[Any]) -> str:
    """Return a mapping or a list as YAML; items of a list of mappings are a line apart."""
    if isinstance(value, list):
        items = ["\n".join(_item(each)) for each in value]
        return "\n\n".join(items) + "\n" if items else "[]\n"
    return "\n".join(_mapping(value)) + "\n"


def _mapping(value: Mapping[str, Any]) -> Iterator[str]:
    for key, inside in value.items():
        yield from _entry(f"{_flow(str(key))}:", inside)


def _item(value: Any) -> Iterator[str]:
    """Yield an item of a list: its first line behind the dash, the others below it."""
    lines = _mapping(value) if isinstance(value, Mapping) and value else _entry("", value)
    for number, line in enumerate(lines):
        yield f"{'  ' if number else '- '}{line.removeprefix(' ') if not number else line}"


def _entry(key: str, value: Any) -> Iterator[str]:
    """Yield a key and its value, on one line where that is short."""
    if isinstance(value, Mapping) and value:
        yield key
        yield from (f"  {line}" for line in _mapping(value))
    elif isinstance(value, list) and not _is_short(value):
        yield key
        yield from (f"  {line}" for each in value for line in _item(each))
    elif isinstance(value, str) and len(value) > WIDTH and _folds(value):
        yield f"{key} >-"
        yield from (f"  {line}" for line in _fold(value))
    else:
        yield f"{key} {_text(value) if isinstance(value, str) else _flow(value)}"


def _is_short(value: list[Any]) -> bool:
    return not any(isinstance(each, Mapping | list) for each in value) and len(_flow(value)) <= WIDTH


def _flow(value: Any) -> str:
    """Return a value on one line, safe wherever it stands."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return value if _SIMPLE.fullmatch(value) and value not in _NULLS else _quoted(value)
        case list():
            return f"[{', '.join(map(_flow, value))}]"
        case Mapping():
            return "{" + ", ".join(f"{_flow(str(key))}: {_flow(each)}" for key, each in value.items()) + "}"
        case _:
            return repr(value)


def _text(value: str) -> str:
    """Return a text behind its key; there, more of them need no quotation marks."""
    plain = value.isprintable() and value[:1].isalnum() and value not in _NULLS
    if plain and not value.endswith((" ", ":")) and not any(mark in value for mark in (": ", " #")):
        return value
    return _quoted(value)


def _quoted(value: str) -> str:
    return '"' + "".join(_ESCAPES.get(each) or _escaped(each) for each in value) + '"'


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _folds(value: str) -> bool:
    """Tell whether folding changes nothing: one line, single spaces, nothing that cannot be seen."""
    return value.isprintable() and not value.startswith(" ") and not value.endswith(" ") and "  " not in value


def _fold(value: str) -> Iterator[str]:
    line = ""
    for word in value.split(" "):
        if line and len(line) + len(word) >= WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line
