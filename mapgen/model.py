"""The words of mapgen as values: what a project, a source, an annotation, a location and a finding are.

All of them are immutable and can be made in Python as well as read from files; they check themselves, and say what is wrong
with a ``ValueError`` (pydantic's ``ValidationError``). Reading files is the work of ``project`` and ``annotations``; whether a
code or a place exists in the boundary data is the work of ``places`` and ``checks``. Text stays text: dates are EDTF text,
checked here and understood by ``dates``. The descriptions are those of the JSON Schema.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    model_validator,
)

from mapgen import dates
from mapgen.documents import Document
from mapgen.errors import Position, quoted, suggest

LocationKind = Literal["border", "route", "relation", "territory", "place", "point", "area"]
AssertionKind = Literal["shares_border", "between", "borders_on"]
Side = Literal["north", "south", "east", "west"]
Severity = Literal["error", "warning", "note"]
Likelihood = Literal[
    "almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely", "very likely", "almost certain"
]
LOCATION_KINDS: tuple[LocationKind, ...] = get_args(LocationKind)
ASSERTION_KINDS: tuple[AssertionKind, ...] = get_args(AssertionKind)


def _text(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise ValueError("is empty. Write a text.")
    return value


def _optional_text(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _date(value: str) -> str:
    dates.parse(value)
    return value


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _path(value: str) -> str:
    # a project reads nothing outside its own folder, whoever wrote it; GDAL would also open "/vsi..." and "DRIVER:..." names
    if value.startswith(("/", "~")) or "\\" in value or ":" in value or ".." in value.split("/") or "\0" in value:
        raise ValueError(f"{quoted(value)} leads out of the project folder. Write a path inside it, with '/', such as data/a.geojson.")
    return value


def _worldview(value: str) -> str:
    named = ("neutral", "de_facto", "international")
    if value in named or (len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()):
        return value
    near = f" Did you mean {quoted(value.upper())}?" if len(value) == 2 else suggest(value, named)
    raise ValueError(f"{quoted(value)} is not a worldview. Expected neutral, de_facto, international or a code such as UA.{near}")


def _four(value: object) -> object:
    if not isinstance(value, list | tuple) or len(value) != 4:
        raise ValueError("expected four numbers: [west, south, east, north].")
    return value


def _extent(value: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = value
    if not (-180 <= west < east <= 360 and -90 <= south < north <= 90):
        raise ValueError("is not [west, south, east, north] in degrees, west below east (190 is 170 W), south below north.")
    return value


Text = Annotated[str, BeforeValidator(_text)]
OptionalText = Annotated[str | None, BeforeValidator(_optional_text)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$")]
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Date = Annotated[str, AfterValidator(_date)]
FilePath = Annotated[str, BeforeValidator(_text), AfterValidator(_path)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_as_list)]
Codes = Annotated[tuple[Code, ...], BeforeValidator(_as_list)]
Precision = Annotated[int, Field(ge=1, le=7)]
# tags begin with "$" so that readers of errors can tell them from keys
Context = Annotated[
    Annotated[Literal["neighbours", "none"], Tag("$word")] | Annotated[tuple[Code, ...], Tag("$codes")],
    Discriminator(lambda value: "$word" if isinstance(value, str) else "$codes"),
]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in a file a value was read; all origins are equal, so that values compare by what they say."""

    document: Document | None = field(default=None, compare=False)
    path: tuple[str | int, ...] = field(default=(), compare=False)
    moved: dict[tuple[str | int, ...], tuple[str | int, ...]] = field(default_factory=dict, compare=False)

    def position(self, path: tuple[str | int, ...]) -> Position | None:
        """Return the position of the longest known part of a path, or None for a value made in Python."""
        if self.document is None:
            return None
        for length in range(len(path), 0, -1):
            if path[:length] in self.moved:
                path = self.moved[path[:length]] + path[length:]
                break
        return self.document.position(*self.path, *path)


class Model(BaseModel):
    """What all of the words share: immutable, no unknown keys, a position where they were read from a file."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)

    _origin: Origin = PrivateAttr(default_factory=Origin)

    def position(self, *path: str | int) -> Position | None:
        """Return where a part of this value stands in its file.

        Parameters
        ----------
        *path : str or int
            Names and indexes inside this value, such as ``"where", 0``; without any, the value itself.

        Returns
        -------
        Position or None
            Of the longest part of the path that is in the file; None for a value that was made in Python.
        """
        return self._origin.position(path)

    def set_origin(self, origin: Origin) -> None:
        """Remember where this value was read; for readers of files."""
        self._origin = origin


class Speaker(Model):
    """Who said it: a name, a role, or both."""

    name: OptionalText = Field(None, description="Name of the person or body; leave it out for an unnamed official.")
    role: OptionalText = Field(None, description="In what role they speak, such as 'CNN military analyst'.")

    @model_validator(mode="after")
    def _someone(self) -> Speaker:
        if self.name is None and self.role is None:
            raise ValueError("has neither a name nor a role. Write {name: ...}, {role: ...} or both.")
        return self


class Source(Model):
    """A publication that carries claims."""

    id: Id = Field(description="What annotations name this source by.")
    title: Text = Field(description="Title as the source gives it.")
    publisher: OptionalText = Field(None, description="Who published it.")
    author: OptionalText = Field(None, description="Who wrote it; leave it out when the source does not say.")
    url: OptionalText = Field(None, description="Its address. Only http, https and mailto become links.")
    date: Date | None = Field(None, description="When it was published, as EDTF: 2015-12-07, 2015-12, 2015~. Left out: undated.")
    accessed: Date | None = Field(None, description="When it was read, as EDTF.")
    archive_url: OptionalText = Field(None, description="Address of an archived copy.")
    archive_hash: OptionalText = Field(None, description="Checksum of the archived copy, such as sha256:...")
    license: OptionalText = Field(None, description="Licence of the source.")
    note: OptionalText = Field(None, description="The analyst's remark on the source.")
    carries: OptionalText = Field(None, description="Whose reporting it carries, such as 'CNN'.")


class Location(Model):
    """Where one claim is drawn.

    ``value`` is for a border a pair of codes, a route two or more waypoints, a relation a pair of ends, a territory its code,
    a place its name, a point ``(longitude, latitude)`` in degrees (EPSG:4326), an area the path of a GeoJSON file. A waypoint
    or an end is a territory code, a place name (``"Termez, UZB"``) or the path of a ``.geojson`` file.
    """

    kind: LocationKind
    value: str | tuple[float, float] | tuple[str, ...]
    precision: Precision | None = None
    label: OptionalText = None

    @model_validator(mode="after")
    def _fits_kind(self) -> Location:
        check = {"point": _check_point, "area": _check_area, "territory": _check_name, "place": _check_name}
        check.get(self.kind, _check_ends)(self.kind, self.value)
        return self


def _check_name(kind: str, value: object) -> None:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"expected one {kind} as text.")
    if kind == "territory" and not is_code(value):
        raise ValueError(f"{quoted(value)} is not a territory code. Expected a code such as AFG.")


def _check_area(kind: str, value: object) -> None:
    if not isinstance(value, str) or not is_area(value):
        raise ValueError("expected an area as the path of a GeoJSON file, such as data/areas/caucasus.geojson.")
    _path(value)


def _check_point(kind: str, value: object) -> None:
    if not (isinstance(value, tuple) and len(value) == 2 and all(isinstance(number, float) for number in value)):
        raise ValueError("expected a point as [longitude, latitude] in degrees.")
    longitude, latitude = value
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError(
            f"[{longitude:g}, {latitude:g}] is not on the globe. Expected [longitude, latitude] in degrees: -180 to 180, -90 to 90."
        )


def _check_ends(kind: str, value: object) -> None:
    ends = value if isinstance(value, tuple) else ()
    if not all(isinstance(end, str) and end.strip() for end in ends) or len(ends) < 2:
        example = {"border": "AFG-TJK", "route": "[AFG, TJK, UZB]", "relation": "[RUS, AFG]"}[kind]
        raise ValueError(f"expected {'two or more waypoints' if kind == 'route' else 'two ends'} of a {kind}, such as {example}.")
    if kind != "route" and len(ends) != 2:
        raise ValueError(f"expected two ends of a {kind}, got {len(ends)}.")
    if any(left == right for left, right in zip(ends, ends[1:], strict=False)):
        raise ValueError(f"the {kind} leads from {quoted(str(ends[0]))} to itself." if kind != "route" else "a waypoint follows itself.")
    for end in ends:
        if kind == "border" and not is_code(end):
            raise ValueError(f"{quoted(end)} is not a territory code. Expected two codes, such as AFG-TJK.")
        if kind != "border" and is_area(end):
            _path(end)


def is_area(text: str) -> bool:
    """Tell whether a waypoint, an end or an area is the path of a GeoJSON file."""
    return text.lower().endswith((".geojson", ".json"))


def is_code(text: str) -> bool:
    """Tell whether a text has the form of a territory code; the boundary data decides whether there is one."""
    plain = text.replace("_", "").replace(".", "").replace("-", "")
    return text.isascii() and plain.isalnum() and text[0].isalnum() and len(text) <= 32


class Assertion(Model):
    """A statement about geography that mapgen tests against the boundary data.

    ``shares_border`` has a ``pair``; ``between`` has a ``territory``, ``from_`` and ``to``; ``borders_on`` has a ``territory``,
    a ``side`` and ``with_``. All of them are territory codes.
    """

    kind: AssertionKind
    pair: tuple[Code, Code] | None = None
    territory: Code | None = None
    from_: Codes = ()
    to: Code | None = None
    side: Side | None = None
    with_: Codes = ()

    @model_validator(mode="after")
    def _complete(self) -> Assertion:
        needed = {"shares_border": ("pair",), "between": ("territory", "from_", "to"), "borders_on": ("territory", "side", "with_")}
        for name in ("pair", "territory", "from_", "to", "side", "with_"):
            if bool(getattr(self, name)) != (name in needed[self.kind]):
                said = "needs" if name in needed[self.kind] else "has no"
                raise ValueError(f"{self.kind} {said} {quoted(name.rstrip('_'))}.")
        return self


class Annotation(Model):
    """One claim at one location (or a few), with its speaker, source, dates and grades."""

    id: Id = Field(description="What other annotations, links and the next edition know this claim by.")
    layer: Id = Field(description="Name of the layer that it is drawn in.")
    where: Annotated[tuple[Location, ...], Field(min_length=1)]
    claim: Text = Field(description="What is claimed, as one sentence.")
    quote: OptionalText = Field(None, description="The words as they were said, without quotation marks around them.")
    quote_language: Language | None = Field(None, description="Language of the quote, such as en or fa.")
    speaker: Speaker | None = Field(None, description="Who said it. Left out: the source speaks in its own voice.")
    source: Id = Field(description="Id of the source where it was read.")
    analyst: OptionalText = Field(None, description="Who recorded it.")
    note: OptionalText = Field(None, description="The analyst's remark; shown as such, never as part of the claim.")
    date: Date | None = Field(None, description="What date the claim is about, as EDTF: 2015-12, 2015-11/2015-12, 2015~. Left out: undated.")
    source_reliability: Literal["A", "B", "C", "D", "E", "F"] | None = Field(
        None, description="Admiralty code, the source: A completely reliable ... E unreliable, F cannot be judged."
    )
    info_credibility: Annotated[int, Field(ge=1, le=6)] | None = Field(
        None, description="Admiralty code, the information: 1 confirmed ... 5 improbable, 6 cannot be judged."
    )
    likelihood: Likelihood | None = Field(None, description="The analyst's estimate, in the terms of ICD 203.")
    analytic_confidence: Literal["low", "moderate", "high"] | None = Field(
        None, description="How sure the analyst is of the estimate; apart from the likelihood."
    )
    status: Literal["asserted", "disputed", "corroborated", "retracted"] = Field("asserted", description="Standing of the claim.")
    where_precision: Precision | None = Field(
        None,
        description="UCDP: 1 exact, 2 near, 3 second-order area, 4 first-order area, 5 line or fuzzy feature, 6 country, 7 international.",
    )
    supersedes: Ids = Field((), description="Ids of claims that this one replaces.")
    supports: Ids = Field((), description="Ids of claims that this one supports.")
    contradicts: Ids = Field((), description="Ids of claims that this one contradicts.")
    asserts: tuple[Assertion, ...] = ()


class Layer(Model):
    """A group of claims that readers switch on and off."""

    name: Id = Field(description="What annotations and maps name it by.")
    title: Text = Field(description="What readers see.")
    description: OptionalText = Field(None, description="One line for readers.")


class MapSpec(Model):
    """One map of the project: one HTML file."""

    name: Id = Field(description="Name of the HTML file, without .html.")
    title: OptionalText = Field(None, description="Heading of this map; without it, the project's.")
    lead: OptionalText = Field(None, description="One sentence under the heading; without it, the project's.")
    layers: Annotated[tuple[Id, ...], BeforeValidator(_as_list), Field(min_length=1)] | None = Field(
        None, description="Names of the layers it shows; without it, all."
    )
    projection: Literal["auto", "mercator", "conic"] | None = Field(None, description="As in the project; without it, the project's.")
    extent: Annotated[tuple[float, float, float, float], BeforeValidator(_four), AfterValidator(_extent)] | None = Field(
        None, description="What it opens on: [west, south, east, north] in degrees; without it, what the claims are about."
    )


class ProjectKeys(Model):
    """What the project file says about all of the maps."""

    title: Text = Field(description="Heading of the maps.")
    lead: OptionalText = Field(None, description="One sentence under the heading.")
    territories: Annotated[Codes, Field(min_length=1)] = Field(description="Codes of the territories that the maps are about, such as AFG.")
    context: Context = Field(
        "neighbours", description="Which other territories are drawn muted: neighbours, none, or a list of codes."
    )
    boundaries: Text = Field("natural-earth-10m", description="A bundled boundary dataset, or the path of your own file.")
    code_column: OptionalText = Field(None, description="Column of your boundary file that has the codes.")
    name_column: OptionalText = Field(None, description="Column of your boundary file that has the names.")
    worldview: Annotated[str, AfterValidator(_worldview)] = Field(
        "neutral", description="Whose view of disputed territory is drawn: neutral, de_facto, international, or a code such as UA."
    )
    projection: Literal["auto", "mercator", "conic"] = Field("auto", description="How the globe is made flat; auto fits the region.")
    language: Language = Field("en", description="Language of names and of the page, such as en.")
    as_of: Date | None = Field(None, description="The date that the maps speak for, as EDTF.")
    credit: OptionalText = Field(None, description="Who made the maps; stands in the footer.")
    layers: tuple[Layer, ...] = Field((), description="Layers in their order; without them, those that the annotations name.")
    maps: tuple[MapSpec, ...] = Field((), description="Each becomes one HTML file; without them there is one map of everything.")


class ProjectFile(ProjectKeys):
    """The project file ``mapgen.yaml``, as it stands."""

    sources: Annotated[tuple[FilePath, ...], BeforeValidator(_as_list), Field(min_length=1)] = Field(
        description="The file with the sources, or a list of them."
    )
    annotations: Annotated[tuple[FilePath, ...], BeforeValidator(_as_list), Field(min_length=1)] = Field(
        description="The files with the annotations; * stands for any name."
    )


class Project(ProjectKeys):
    """A project with all that its files say.

    Attributes
    ----------
    folder : Path
        The project folder, as it was given; paths in the files start here.
    file : str
        Name of the project file.
    sources : dict of str to Source
        By id, in the order of the files.
    annotations : tuple of Annotation
        In the order of the files.
    """

    folder: Path
    file: str = "mapgen.yaml"
    sources: dict[str, Source]
    annotations: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check reports: how bad it is, where, what it is, and what to do."""

    severity: Severity
    code: str
    position: Position | None
    message: str
    remedy: str
