"""Find the names that things have in other languages, in the columns of the bundled data.

In: what geometry made of a project, with names in the project's language. Out: the same names in each other
language, and what geometry made with these in their place. What the data has no name for keeps its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mapgen.languages import Name

if TYPE_CHECKING:
    from mapgen.datasets import Dataset

NameTable = Mapping[str, str]
"""Names in one language, by `key_of`."""

CHINESE = {"zh-hant": "ZHT", "zh-tw": "ZHT", "zh-hk": "ZHT"}


def key_of(name: Name) -> str:
    """Return what a name is known by in a table of names."""
    return f"{name.kind}:{name.id}"


def column_of(language: str) -> str:
    """Return the column of Natural Earth's names in a language."""
    tag = language.lower()
    return f"NAME_{CHINESE.get(tag, tag.split('-')[0].upper())}"


def find_names(value: Any) -> Iterator[Name]:
    """Find the names in what geometry made."""
    if isinstance(value, Name):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from find_names(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for inside in value.values():
            yield from find_names(inside)
    elif isinstance(value, tuple | list):
        for inside in value:
            yield from find_names(inside)


def read_names(names: Iterable[Name], languages: Iterable[str], dataset: Dataset) -> dict[str, NameTable]:
    """Read names in several languages.

    Parameters
    ----------
    names : iterable of Name
        What is to be named.
    languages : iterable of str
        Language tags.
    dataset : Dataset
        That of the territories; a user's own file has its names in one language only.

    Returns
    -------
    dict of str to dict of str to str
        By language, then by `key_of`.
    """
    wanted: dict[str, set[str]] = {}
    for name in names:
        wanted.setdefault(name.kind, set()).add(name.id)
    tags = list(languages)
    tables: dict[str, dict[str, str]] = {tag: {} for tag in tags}
    layers = {
        "territory": ("countries", dataset.code_column, dataset.name_column),
        "disputed": ("disputed_areas", "CODE", "NAME"),
    }
    for kind, ids in wanted.items():
        layer, code, english = layers[kind]
        if dataset.folder is None or layer not in dataset.layers or code is None or english is None:
            continue
        # The everyday names in English are shorter than the official ones.
        columns = {tag: english if tag.lower().startswith("en") else column_of(tag) for tag in tags}
        for tag, known_by, text in _read(dataset.folder / dataset.layers[layer], code, ids, columns):
            tables[tag][f"{kind}:{known_by}"] = text
    return dict(tables)


def _read(path: Path, code: str, ids: set[str], columns: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Read one layer's names: language, id and name."""
    import pyogrio  # pages in another language need only the names that are known already

    there = {str(column) for column in pyogrio.read_info(path)["fields"]}
    known = {tag: column for tag, column in columns.items() if column in there}
    table = pyogrio.read_dataframe(path, columns=[code, *known.values()], read_geometry=False)
    chosen = table[table[code].isin(ids)].fillna("")
    for tag, column in known.items():
        for known_by, text in zip(chosen[code], chosen[column], strict=True):
            if text:
                yield tag, str(known_by), str(text)


def with_names(value: Any, table: NameTable) -> Any:
    """Return what geometry made with names in another language, where a table has them."""
    if isinstance(value, Name):
        return replace(value, text=table.get(key_of(value), value.text))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: with_names(getattr(value, field.name), table) for field in fields(value)}
        return replace(value, **changed)
    if isinstance(value, Mapping):
        return {key: with_names(inside, table) for key, inside in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(with_names(inside, table) for inside in value)
    return value
