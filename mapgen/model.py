"""The words of mapgen as values: what a project, a source, an annotation, a location and a finding are.

All of them are immutable and can be made in Python as well as read from files; they check themselves, and say
what is wrong with a ``ValueError`` (pydantic's ``ValidationError``). Reading files is the work of ``project``
and ``annotations``; whether a code or a place exists in the boundary data is the work of ``places`` and
``checks``. Text stays text: dates are EDTF text, checked here and understood by ``dates``. The descriptions
are those that the JSON Schema shows in editors.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from mapgen.entries import AnnotationFiles
from mapgen.errors import Finding as Finding
from mapgen.errors import quoted
from mapgen.fields import (
    Address,
    Code,
    Codes,
    Context,
    Date,
    Extent,
    FilePaths,
    Id,
    Ids,
    Language,
    Languages,
    Model,
    OptionalText,
    Precision,
    SomeCodes,
    SomeIds,
    Text,
    Worldview,
    Worldviews,
)
from mapgen.locations import LOCATION_KINDS as LOCATION_KINDS
from mapgen.locations import Location as Location
from mapgen.locations import LocationKind as LocationKind
from mapgen.locations import is_area as is_area
from mapgen.locations import is_code as is_code
from mapgen.notices import Correction, Silence
from mapgen.themes import Theme
from mapgen.translations import (
    ClaimTranslations,
    LayerTranslations,
    MapTranslations,
    StepTranslations,
    first_of_languages,
)

AssertionKind = Literal["shares_border", "between", "borders_on"]
Side = Literal["north", "south", "east", "west"]
Likelihood = Literal[
    "almost no chance",
    "very unlikely",
    "unlikely",
    "roughly even chance",
    "likely",
    "very likely",
    "almost certain",
]
ASSERTION_KINDS: tuple[AssertionKind, ...] = get_args(AssertionKind)


class Speaker(Model):
    """Who said it: a name, a role, or both."""

    name: OptionalText = Field(
        default=None, description="Name of the person or body; leave it out for an unnamed official."
    )
    role: OptionalText = Field(
        default=None, description="In what role they speak, such as 'CNN military analyst'."
    )

    @model_validator(mode="after")
    def _someone(self) -> Speaker:
        if self.name is None and self.role is None:
            raise ValueError("has neither a name nor a role. Write {name: ...}, {role: ...} or both.")
        return self


class Source(Model):
    """A publication that carries claims."""

    id: Id = Field(description="What annotations name this source by.")
    title: Text = Field(description="Title as the source gives it.")
    publisher: OptionalText = Field(default=None, description="Who published it.")
    author: OptionalText = Field(
        default=None, description="Who wrote it; leave it out when the source does not say."
    )
    url: OptionalText = Field(
        default=None, description="Its address. Only http, https and mailto become links."
    )
    date: Date | None = Field(
        default=None,
        description="When it was published, as EDTF: 2015-12-07, 2015-12, 2015~. Left out: undated.",
    )
    accessed: Date | None = Field(default=None, description="When it was read, as EDTF.")
    archive_url: OptionalText = Field(default=None, description="Address of an archived copy.")
    archive_hash: OptionalText = Field(
        default=None, description="Checksum of the archived copy, such as sha256:..."
    )
    license: OptionalText = Field(default=None, description="Licence of the source.")
    note: OptionalText = Field(default=None, description="The analyst's remark on the source.")
    carries: OptionalText = Field(default=None, description="Whose reporting it carries, such as 'CNN'.")


class Assertion(Model):
    """A statement about geography that mapgen tests against the boundary data.

    ``shares_border`` has a ``pair``; ``between`` has a ``territory``, ``from_`` and ``to``; ``borders_on``
    has a ``territory``, a ``side`` and ``with_``. All of them but ``side`` are territory codes.
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
        needed = {
            "shares_border": ("pair",),
            "between": ("territory", "from_", "to"),
            "borders_on": ("territory", "side", "with_"),
        }
        for name in ("pair", "territory", "from_", "to", "side", "with_"):
            if bool(getattr(self, name)) != (name in needed[self.kind]):
                said = "needs" if name in needed[self.kind] else "has no"
                raise ValueError(f"{self.kind} {said} {quoted(name.rstrip('_'))}.")
        return self


class Annotation(Model):
    """One claim at one location (or a few), with its speaker, source, dates and grades."""

    id: Id = Field(description="What other annotations, links and the next edition know this claim by.")
    layer: Id = Field(description="Name of the layer that it is drawn in.")
    where: Annotated[tuple[Location, ...], Field(min_length=1)] = Field(
        description="Where the claim is placed."
    )
    claim: Text = Field(description="What is claimed, as one sentence.")
    quote: OptionalText = Field(
        default=None, description="The words as they were said, without quotation marks around them."
    )
    quote_language: Language | None = Field(
        default=None, description="Language of the quote, such as en or fa."
    )
    quote_translation: OptionalText = Field(
        default=None, description="The quote in the language of the claims; shown under the original."
    )
    quote_translator: OptionalText = Field(default=None, description="Who translated the quote.")
    speaker: Speaker | None = Field(
        default=None, description="Who said it. Left out: the source speaks in its own voice."
    )
    source: Id = Field(description="Id of the source where it was read.")
    analyst: OptionalText = Field(default=None, description="Who recorded it.")
    note: OptionalText = Field(
        default=None, description="The analyst's remark; shown as such, never as part of the claim."
    )
    date: Date | None = Field(
        default=None,
        description="The date that the claim is about, as EDTF: 2015-12, 2015-11/2015-12, 2015~. Or none.",
    )
    source_reliability: Literal["A", "B", "C", "D", "E", "F"] | None = Field(
        default=None,
        description="Admiralty code, the source: A completely reliable ... E unreliable, F cannot be judged.",
    )
    info_credibility: Annotated[int, Field(ge=1, le=6)] | None = Field(
        default=None,
        description="Admiralty code, the information: 1 confirmed ... 5 improbable, 6 cannot be judged.",
    )
    likelihood: Likelihood | None = Field(
        default=None, description="The analyst's estimate, in the terms of ICD 203."
    )
    analytic_confidence: Literal["low", "moderate", "high"] | None = Field(
        default=None, description="How sure the analyst is of the estimate; apart from the likelihood."
    )
    status: Literal["asserted", "disputed", "corroborated", "retracted"] = Field(
        default="asserted", description="Standing of the claim."
    )
    where_precision: Precision | None = Field(
        default=None,
        description="UCDP: 1 exact, 2 near, 3 second-order area, 4 first-order area, "
        "5 line or fuzzy feature, 6 country, 7 international.",
    )
    supersedes: Ids = Field(default=(), description="Ids of claims that this one replaces.")
    supports: Ids = Field(default=(), description="Ids of claims that this one supports.")
    contradicts: Ids = Field(default=(), description="Ids of claims that this one contradicts.")
    asserts: tuple[Assertion, ...] = Field(
        default=(), description="Statements about geography that are tested against the boundary data."
    )
    fact_check: OptionalText = Field(
        default=None,
        description="Verdict of the project's own fact-check, such as 'False'; only then a ClaimReview.",
    )
    fact_check_url: OptionalText = Field(default=None, description="Address of the published fact-check.")
    translations: ClaimTranslations = Field(default={}, description="Texts in other languages, by language.")


class Layer(Model):
    """A group of claims that readers switch on and off."""

    name: Id = Field(description="What annotations and maps name it by.")
    title: Text = Field(description="What readers see.")
    description: OptionalText = Field(default=None, description="One line for readers.")
    translations: LayerTranslations = Field(default={}, description="Texts in other languages, by language.")


class MapSpec(Model):
    """One map of the project: one HTML file."""

    name: Id = Field(description="Name of the HTML file, without .html.")
    title: OptionalText = Field(default=None, description="Heading of this map; without it, the project's.")
    lead: OptionalText = Field(
        default=None, description="One sentence under the heading; without it, the project's."
    )
    layers: SomeIds | None = Field(default=None, description="Names of the layers it shows; without it, all.")
    projection: Literal["auto", "mercator", "conic"] | None = Field(
        default=None, description="As in the project; without it, the project's."
    )
    extent: Extent | None = Field(
        default=None,
        description="What it opens on: [west, south, east, north] in degrees; else the claims.",
    )
    translations: MapTranslations = Field(default={}, description="Texts in other languages, by language.")


class StoryStep(Model):
    """One step of a guided way through the map."""

    text: Text = Field(description="What readers are told at this step.")
    claim: Id | None = Field(default=None, description="Id of the claim that is opened.")
    extent: Extent | None = Field(
        default=None,
        description="What the map shows, instead of a claim: [west, south, east, north] in degrees.",
    )
    layers: SomeIds | None = Field(
        default=None, description="Names of the layers that are shown; without it, all."
    )
    translations: StepTranslations = Field(default={}, description="Texts in other languages, by language.")

    @model_validator(mode="after")
    def _one_place(self) -> StoryStep:
        if self.claim is not None and self.extent is not None:
            raise ValueError("has both a claim and an extent. Keep one, or make it two steps.")
        return self


class ProjectKeys(Model):
    """What the project file says about all of the maps."""

    title: Text = Field(description="Heading of the maps.")
    lead: OptionalText = Field(default=None, description="One sentence under the heading.")
    territories: SomeCodes = Field(
        description="Codes of the territories that the maps are about, such as AFG."
    )
    context: Context = Field(
        default="neighbours",
        description="Which other territories are drawn muted: neighbours, none, or a list of codes.",
    )
    boundaries: Text = Field(
        default="natural-earth-10m", description="A bundled boundary dataset, or the path of your own file."
    )
    code_column: OptionalText = Field(
        default=None, description="Column of your boundary file that has the codes."
    )
    name_column: OptionalText = Field(
        default=None, description="Column of your boundary file that has the names."
    )
    worldview: Worldview = Field(
        default="neutral",
        description="Whose view of disputed territory is drawn: neutral, de_facto, international, or a code "
        "such as UA.",
    )
    worldviews: Worldviews = Field(
        default=(),
        description="Worldviews that readers can switch between; the maps open on that of 'worldview', "
        "which is always one of them.",
    )
    projection: Literal["auto", "mercator", "conic"] = Field(
        default="auto", description="How the globe is made flat; auto fits the region."
    )
    language: Language = Field(
        default="en", description="Language of the texts, of the page's own words and of names on the map."
    )
    languages: Languages = Field(
        default=(), description="Languages that readers can choose; the first is the map's, if no other is."
    )
    theme: Theme = Field(default=Theme(), description="Colours and fonts: light, dark, auto, or your own.")
    translations: MapTranslations = Field(default={}, description="Texts in other languages, by language.")
    _own_language = model_validator(mode="before")(first_of_languages)
    as_of: Date | None = Field(default=None, description="The date that the maps speak for, as EDTF.")
    credit: OptionalText = Field(default=None, description="Who made the maps; stands in the footer.")
    address: Address | None = Field(
        default=None,
        description="Address of the folder that the maps are published in, such as https://example.org/maps/.",
    )
    layers: tuple[Layer, ...] = Field(
        default=(), description="Layers in their order; without them, those that the annotations name."
    )
    silence: tuple[Silence, ...] = Field(
        default=(), description="Findings that are set aside, each with a reason."
    )
    corrections: tuple[Correction, ...] = Field(
        default=(), description="What was corrected in earlier editions, newest first; shown on the maps."
    )
    story: tuple[StoryStep, ...] = Field(
        default=(), description="A guided way through the map, step by step; on the maps that show all of it."
    )
    maps: tuple[MapSpec, ...] = Field(
        default=(), description="Each becomes one HTML file; without them there is one map of everything."
    )


class ProjectFile(ProjectKeys):
    """The project file ``mapgen.yaml``, as it stands."""

    sources: FilePaths = Field(description="The file with the sources, or a list of them.")
    annotations: AnnotationFiles = Field(
        description="The files with the annotations: paths (* for any name), or {file: ..., format: ...}."
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
    notes : tuple of Finding
        What of the files could not be carried over; ``checks`` reports it.
    """

    folder: Path
    file: str = "mapgen.yaml"
    sources: dict[str, Source]
    annotations: tuple[Annotation, ...]
    notes: tuple[Finding, ...] = ()

    @property
    def offered(self) -> tuple[str, ...]:
        """The languages of the pages, the map's own first."""
        return tuple(dict.fromkeys((self.language, *self.languages)))
