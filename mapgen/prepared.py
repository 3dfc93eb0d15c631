"""What geometry says of a project, as plain data: all that its pages need besides its words.

In: a project. Out: the project without its texts, which is all that geometry is given, and the form in which
what geometry made is kept. Since geometry never sees a text, no change of a text can change what it makes;
and since it does not know the project's files, it names where a finding stands by claim and key, not by line.
Computing it is the work of `preparing`, keeping it that of `cache`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any

from mapgen.errors import InputError, Position, Problem
from mapgen.fields import Origin
from mapgen.languages import Name, Phrase, Said
from mapgen.model import Annotation, Finding, Layer, MapSpec, Project, StoryStep

FORMAT = 1

TEXTS = {
    Annotation: (
        "claim", "quote", "quote_language", "quote_translation", "quote_translator", "speaker", "source",
        "analyst", "note", "date", "source_reliability", "info_credibility", "likelihood",
        "analytic_confidence", "status", "where_precision", "supersedes", "supports", "contradicts",
        "fact_check", "fact_check_url", "translations",
    ),
    Layer: ("title", "description", "translations"),
    MapSpec: ("title", "lead", "translations"),
    StoryStep: ("text", "claim", "layers", "translations"),
    Project: (
        "title", "lead", "theme", "translations", "as_of", "credit", "address", "silence",
        "corrections", "sources", "notes", "file",
    ),
}  # fmt: skip
"""Fields that geometry does without. Any other field is part of what it depends on."""

_NAMED = "\0"
"""The file of a position that names a claim and a key of it."""


@dataclass(frozen=True, slots=True)
class PreparedPlacement:
    """One location of a claim in words: what it is, how long a border is, whether the line is a scheme only.

    `codes` are those of the territories that it names or lies in.
    """

    said: Said
    length: Said | None
    schematic: bool
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PreparedOutcome:
    """What the boundary data says of one statement about geography."""

    result: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class PreparedDispute:
    """A disputed area: its name, and who administers and who claims it, by name."""

    name: Name
    administered_by: tuple[Name, ...]
    claimed_by: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class PreparedProjection:
    """A projection: ``mercator`` or ``conic``, and the standard parallels of a conic, in degrees."""

    name: str
    lat_1: float
    lat_2: float


@dataclass(frozen=True, slots=True)
class PreparedView:
    """What another worldview, or that which the map opens on, makes of a map.

    Attributes
    ----------
    worldview : str
    country : Name or None
        Whose view it is, if it is a country's.
    kinds : tuple of str
        Of those that depend on the worldview: what is in view.
    missed : mapping of str to tuple of Said
        By annotation id: what of the claim's locations this worldview does not have, or has otherwise.
    """

    worldview: str
    country: Name | None
    kinds: tuple[str, ...]
    missed: Mapping[str, tuple[Said, ...]]


@dataclass(frozen=True, slots=True)
class PreparedMap:
    """What geometry says of one map.

    Attributes
    ----------
    fragment : str
        The map's own markup: an empty ``div`` and JSON blocks of numbers.
    kinds : tuple of str
        Of the lines, areas and marks in view, in the order of the legend.
    territories : tuple of Name
    cities : tuple of str
    disputed : tuple of PreparedDispute
        What the numbers in the fragment count.
    projection : PreparedProjection
    views : tuple of PreparedView
        The worldviews that readers can switch between, first that which the map opens on; none for one only.
    """

    fragment: str
    kinds: tuple[str, ...]
    territories: tuple[Name, ...]
    cities: tuple[str, ...]
    disputed: tuple[PreparedDispute, ...]
    projection: PreparedProjection
    views: tuple[PreparedView, ...] = ()


@dataclass(frozen=True, slots=True)
class PreparedDataset:
    """What a footer says of the boundary data: title with version and scale, credit, licence."""

    title: str
    attribution: str
    license: str
    knows_disputes: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """What geometry says of a project.

    Attributes
    ----------
    maps : tuple of PreparedMap
        In the order of the project's maps.
    placements, outcomes : mapping of str to tuple
        By annotation id.
    findings : tuple of Finding
        With positions that name a claim and a key; `located` finds them in the project's files.
    dataset : PreparedDataset
    worldview : str
    country : Name or None
        Whose view that is, if it is a country's.
    disputes : tuple of str
        Codes of the disputed areas that the boundary data has.
    names : mapping of str to mapping
        Names in the other languages that readers can choose, as `names.read_names` returns them.
    """

    maps: tuple[PreparedMap, ...]
    placements: Mapping[str, tuple[PreparedPlacement, ...]]
    outcomes: Mapping[str, tuple[PreparedOutcome, ...]]
    findings: tuple[Finding, ...]
    dataset: PreparedDataset
    worldview: str
    country: Name | None
    disputes: tuple[str, ...]
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class _Named(Origin):
    """Gives positions that name what is meant, whatever file it is in."""

    def __init__(self, subject: str | None = None) -> None:
        object.__setattr__(self, "subject", subject)

    def position(self, path: tuple[str | int, ...]) -> Position:
        """Return the name of a part of a claim, or of the project."""
        return Position(_NAMED, cell=json.dumps([self.subject, *path]))  # type: ignore[attr-defined]


def without_texts(project: Project) -> Project:
    """Return what geometry is given of a project.

    Positions in it name a claim and a key instead of a line; `located` finds them in the files.
    """
    bare = project.model_copy(
        update={
            **_neutrals()[Project],
            "layers": tuple(_bare(layer) for layer in project.layers),
            "maps": tuple(_bare(spec) for spec in project.maps),
            "story": tuple(_bare(step) for step in project.story),
            "annotations": tuple(_bare(each, each.id) for each in project.annotations),
        }
    )
    bare.set_origin(_Named())
    return bare


def _bare(value: Any, subject: str | None = None) -> Any:
    bare = value.model_copy(update=_neutrals()[type(value)])
    bare.set_origin(_Named(subject))
    return bare


@cache
def _neutrals() -> dict[type, dict[str, Any]]:
    """Return what stands for the texts of each class."""
    return {kind: _neutral(kind) for kind in TEXTS}


def _neutral(kind: Any) -> dict[str, Any]:
    """Return what stands for the texts of a class."""
    known = ((name, kind.model_fields[name]) for name in TEXTS[kind])
    required: dict[str, Any] = {"sources": {}}
    return {
        name: required.get(name, "-") if field.is_required() else field.get_default(call_default_factory=True)
        for name, field in known
    }


def located(project: Project, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Find where findings of geometry stand in a project's files."""
    origins = {annotation.id: annotation for annotation in project.annotations}
    for finding in findings:
        yield replace(finding, position=_find(finding.position, project, origins))


def located_problems(project: Project, error: InputError) -> list[Problem]:
    """Return the problems of geometry with the positions of a project's files."""
    origins = {annotation.id: annotation for annotation in project.annotations}
    return [Problem(_find(p.position, project, origins), p.message) for p in error.problems]


def _find(at: Position | None, project: Project, origins: Mapping[str, Annotation]) -> Position | None:
    if at is None or at.file != _NAMED:
        return at
    subject, *path = json.loads(at.cell or "[null]")
    return (origins[subject] if subject is not None else project).position(*path)


def to_json(prepared: Prepared) -> str:
    """Write what geometry made as JSON."""
    value = {field.name: _plain(getattr(prepared, field.name)) for field in fields(Prepared)}
    return json.dumps({"format": FORMAT, **value}, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; what can be said in any language is tagged."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Phrase):
        return {"phrase": value.key, "values": _plain(value.values)}
    if isinstance(value, Name):
        return {"name": [value.text, value.kind, value.id]}
    if isinstance(value, Mapping):
        return {key: _plain(inside) for key, inside in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    # dataclasses.fields() takes several times as long, and there are thousands of them
    return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}


def from_json(text: str) -> Prepared:
    """Read what `to_json` wrote.

    Raises
    ------
    ValueError, TypeError, LookupError
        If it is something else.
    """
    value = json.loads(text)
    if value.pop("format") != FORMAT:
        raise ValueError("another format")
    placements, outcomes = value.pop("placements").items(), value.pop("outcomes").items()
    return Prepared(
        maps=tuple(_map(each) for each in value.pop("maps")),
        placements={
            key: tuple(
                PreparedPlacement(_said(e["said"]), _said(e["length"]), e["schematic"], tuple(e["codes"]))
                for e in several
            )
            for key, several in placements
        },
        outcomes={
            key: tuple(PreparedOutcome(e["result"], _said(e["said"])) for e in several)
            for key, several in outcomes
        },
        findings=tuple(
            Finding(**{**each, "position": Position(**each["position"]) if each["position"] else None})
            for each in value.pop("findings")
        ),
        dataset=PreparedDataset(**value.pop("dataset")),
        disputes=tuple(value.pop("disputes")),
        country=_said(value.pop("country")),
        **value,
    )


def _said(value: Any) -> Any:
    """Return what `_plain` made a value of."""
    if isinstance(value, list):
        return tuple(map(_said, value))
    if not isinstance(value, dict):
        return value
    if "name" in value:
        return Name(*value["name"])
    return Phrase(value["phrase"], {key: _said(inside) for key, inside in value["values"].items()})


def _map(value: dict[str, Any]) -> PreparedMap:
    return PreparedMap(
        fragment=value["fragment"],
        kinds=tuple(value["kinds"]),
        territories=_said(value["territories"]),
        cities=tuple(value["cities"]),
        disputed=tuple(PreparedDispute(*map(_said, each.values())) for each in value["disputed"]),
        projection=PreparedProjection(**value["projection"]),
        views=tuple(_view(each) for each in value["views"]),
    )


def _view(value: dict[str, Any]) -> PreparedView:
    return PreparedView(
        worldview=value["worldview"],
        country=_said(value["country"]),
        kinds=tuple(value["kinds"]),
        missed={key: _said(several) for key, several in value["missed"].items()},
    )
