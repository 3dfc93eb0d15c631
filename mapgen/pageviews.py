"""What a page says: everything that readers of a map are told, as plain text.

In: values of any stage. Out: immutable views of claims, sources, layers, legend and footer. Putting them
together is the work of `views`, showing them that of `page`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mapgen.languages import read_words
from mapgen.themes import Theme
from mapgen.told import Told, ToldChanges, ToldCorrection


@dataclass(frozen=True, kw_only=True)
class PlacementView:
    """One location of a claim, in words; `level` is its precision by UCDP, 0 if nothing is said."""

    text: str
    precision: str
    schematic: bool = False
    level: int = 0


@dataclass(frozen=True, kw_only=True)
class OutcomeView:
    """The outcome of one statement about geography: ``holds``, ``partly``, ``refuted`` or ``untested``."""

    result: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class RelatedView:
    """Another claim that this one ``supports``, ``contradicts`` or ``supersedes``."""

    relation: str
    id: str
    number: int
    text: str


@dataclass(frozen=True, kw_only=True)
class ClaimView:
    """A claim as the list shows it; empty text means that there is nothing to show.

    `weak` tells that its grade is low, `superseded` that another claim replaces it: both are seen on the map.
    """

    id: str
    number: int
    layer: int
    claim: str
    source_id: str
    source_title: str
    quote: str = ""
    quote_language: str = ""
    quote_direction: str = "auto"
    quote_translation: str = ""
    quote_translator: str = ""
    speaker_name: str = ""
    speaker_role: str = ""
    date: str = "undated"
    source_date: str = ""
    grades: str = "ungraded"
    likelihood: str = ""
    confidence: str = ""
    status: str = "asserted"
    placements: tuple[PlacementView, ...] = ()
    outcomes: tuple[OutcomeView, ...] = ()
    note: str = ""
    analyst: str = ""
    related: tuple[RelatedView, ...] = ()
    graded: bool = False
    weak: bool = False
    untranslated: tuple[str, ...] = ()
    has_translated_quote: bool = False
    superseded: bool = False
    change: Told | None = None


@dataclass(frozen=True, kw_only=True)
class StepView:
    """One step of a guided way; `claim` is the id of the claim that it opens, with its number and text."""

    text: str
    claim: str = ""
    number: int = 0
    claim_text: str = ""
    untranslated: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SourceView:
    """A source as the list of sources shows it."""

    id: str
    title: str
    publisher: str = ""
    author: str = ""
    url: str = ""
    date: str = "undated"
    accessed: str = ""
    archive_url: str = ""
    archive_hash: str = ""
    license: str = ""
    note: str = ""
    carries: str = ""


@dataclass(frozen=True, kw_only=True)
class ScaleView:
    """A scale that claims are graded by: where it is published, and in groups what its values mean.

    Each group is a sentence and its rows of (value, meaning).
    """

    name: str
    title: str
    source: str
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, kw_only=True)
class LayerView:
    """A layer of claims; its place in `Page.layers` gives its hue, mark shape and dash pattern."""

    name: str
    title: str
    description: str = ""
    untranslated: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LegendEntry:
    """A line of the legend; `hidden` if the map opens without what it explains.

    `kind` chooses the sample: ``border-agreed``, ``border-disputed``, ``border-undefined``,
    ``area-disputed``, ``area-unknown``, ``form-border``, ``form-route``, ``form-relation``,
    ``form-territory`` or ``form-place``.
    """

    kind: str
    text: str
    hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class FooterView:
    """What stands under every map and cannot be switched off."""

    worldview: str
    dataset: str
    as_of: str
    projection: str
    credit: str = ""
    disclaimer: str = read_words("en")("footer.disclaimer")
    made_with: str = "Made with mapgen 0.1.0"


@dataclass(frozen=True, kw_only=True)
class CardView:
    """What other sites show of a link to the page: its address, and a picture of it in pixels."""

    address: str
    picture: str
    alt: str
    width: int = 1200
    height: int = 630


@dataclass(frozen=True, kw_only=True)
class MapLink:
    """Another map of the project; `href` is a file name beside this one."""

    title: str
    href: str
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class LanguageView:
    """A language that readers can choose: its tag, its name in itself, the direction of its writing."""

    tag: str
    name: str
    direction: str


@dataclass(frozen=True, kw_only=True)
class TerritoryName:
    """A territory's code and its name in the page's language."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class DisputedName:
    """A disputed area's name and what is said of it, such as "administered by X, claimed by Y"."""

    name: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything that a page says; all of it plain text.

    `project_data` is what `carried.pack` made, `manifest` what `manifest.describe_map` did.
    `features` names what this page has and another one may not: for each, ``assets/js/<feature>.js`` and, if
    there is one, ``assets/<feature>.css`` are put into the page, with the words of that group. `feature_data`
    is what their scripts need: plain values that JSON can hold.
    """

    title: str
    footer: FooterView
    lead: str = ""
    language: str = "en"
    languages: tuple[LanguageView, ...] = ()
    untranslated: tuple[str, ...] = ()
    theme: Theme = field(default_factory=Theme)
    maps: tuple[MapLink, ...] = ()
    layers: tuple[LayerView, ...] = ()
    claims: tuple[ClaimView, ...] = ()
    sources: tuple[SourceView, ...] = ()
    legend: tuple[LegendEntry, ...] = ()
    territories: tuple[TerritoryName, ...] = ()
    cities: tuple[str, ...] = ()
    disputed: tuple[DisputedName, ...] = ()
    set_aside: tuple[str, ...] = ()
    scales: tuple[ScaleView, ...] = ()
    card: CardView | None = None
    project_data: str = ""
    manifest: Mapping[str, Any] = field(default_factory=dict)
    corrections: tuple[ToldCorrection, ...] = ()
    changes: ToldChanges | None = None
    story: tuple[StepView, ...] = ()
    features: tuple[str, ...] = ()
    feature_data: Mapping[str, Any] = field(default_factory=dict)
