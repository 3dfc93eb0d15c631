"""Turn a project back into plain values in the form of its own files: what YAML and JSON can hold.

In: the models. Out: dictionaries, lists, texts and numbers with the keys that people write, without what is
the default anyway. Reading them again gives an equal project. Paths of files are not among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from mapgen.model import Annotation, Assertion, Location, Project, ProjectKeys, Source

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlainProject:
    """What a project's files say.

    Attributes
    ----------
    settings : dict
        The keys of the project file, without those that name other files.
    sources, annotations : list of dict
    """

    settings: Plain
    sources: list[Plain]
    annotations: list[Plain]


def plain_project(project: Project) -> PlainProject:
    """Return what a project's files say, wherever it was read from."""
    written = project.model_dump(include=set(ProjectKeys.model_fields), exclude_defaults=True)
    return PlainProject(
        settings={name: plain(written[name]) for name in ProjectKeys.model_fields if name in written},
        sources=[plain_source(source) for source in project.sources.values()],
        annotations=[plain_annotation(annotation) for annotation in project.annotations],
    )


def plain_source(source: Source) -> Plain:
    """Return a source as an item of the sources file."""
    return dict(plain(source.model_dump(exclude_defaults=True)))


def plain_annotation(annotation: Annotation) -> Plain:
    """Return an annotation as an item of an annotation file."""
    written = annotation.model_dump(exclude_defaults=True)
    written["where"] = plain_where(annotation.where)
    if annotation.asserts:
        written["asserts"] = [_assertion(each) for each in annotation.asserts]
    return {name: plain(written[name]) for name in Annotation.model_fields if name in written}


def plain_where(where: Sequence[Location]) -> Plain | list[Plain]:
    """Return locations as the value of ``where``; neighbours of one kind become one list."""
    entries = []
    groups = groupby(where, lambda each: (each.kind, each.precision, each.label))
    for (kind, precision, label), alike in groups:
        values = [_value(kind, each.value) for each in alike]
        # A list of two codes is one border, unless they have a dash: then it has to be a list in a list.
        single = len(values) == 1 and not (kind == "border" and isinstance(values[0], list))
        others = {"precision": precision, "label": label}
        said = {name: value for name, value in others.items() if value is not None}
        entries.append({kind: values[0] if single else values, **said})
    return entries[0] if len(entries) == 1 else entries


def plain(value: Any) -> Any:
    """Return a value with lists for tuples, and texts that can be written as UTF-8."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {key: plain(inside) for key, inside in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inside) for inside in value]
    return value


def _value(kind: str, value: Any) -> Any:
    if kind == "border" and not any("-" in code for code in value):
        return "-".join(value)
    return list(value) if isinstance(value, tuple) else value


def _assertion(assertion: Assertion) -> Plain:
    if assertion.kind == "shares_border":
        return {assertion.kind: assertion.pair}
    named = {
        "territory": assertion.territory,
        "side": assertion.side,
        "from": assertion.from_,
        "to": assertion.to,
        "with": assertion.with_,
    }
    return {assertion.kind: {name: value for name, value in named.items() if value}}
