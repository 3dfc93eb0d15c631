"""Render the page that readers see: one sealed HTML file with everything inlined.

In: a `Page` of plain text and the map's fragment (numbers only). Out: the HTML as text. Style sheet, script
and vendored library are files of this package, put into the page with their hashes in its
Content-Security-Policy. Nothing here reads a project, computes geometry or writes a file; no text of a user's
ever becomes markup, script or style.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup, escape

from mapgen.inlining import FAMILY, SCRIPT, inline
from mapgen.inlining import join_modules as join_modules
from mapgen.inlining import json_block as json_block
from mapgen.inlining import source_hash as source_hash
from mapgen.languages import Words, read_words
from mapgen.templating import make_environment
from mapgen.themes import Theme, style_of
from mapgen.told import Told, ToldChanges, ToldCorrection

HUES = 5
"""Layers take turns at this many hues, mark shapes and dash patterns (see assets/page.css)."""

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


def render_page(page: Page, fragment: str, others: Sequence[Page] = ()) -> str:
    """Return the HTML of a map's page.

    Parameters
    ----------
    page : Page
        Plain text; shown as it is written, control characters as visible signs.
    fragment : str
        The map's own markup, trusted: an empty ``div`` and JSON blocks of numbers.
    others : sequence of Page
        The same page in the other languages that readers can choose.

    Returns
    -------
    str
        A whole HTML document that requests nothing.
    """
    switch = ""
    if others:
        # Only where there are several languages are they compared.
        from mapgen.switching import differences

        bare = replace(page, project_data="", manifest={})
        alone = _render(bare, fragment)
        spoken = [{"language": e.language, **differences(alone, _render(e, fragment))} for e in others]
        switch = json_block(spoken)
    html = _render(page, fragment, switch)
    weights = _weights(html, (page, *others))
    return _render(page, fragment, switch, weights) if weights else html


def _is_spoken(page: Page, words: Words) -> bool:
    """Tell whether the page's own words are in the language of its names and texts."""
    return words.language == page.language.lower().partition("-")[0]


def _weights(html: str, spoken: Sequence[Page]) -> tuple[int, ...]:
    """Return the weights of the font that a page carries: none, one for a quotation, two for a language."""
    if any(SCRIPT.search(read_words(each.language)("about.name")) for each in spoken):
        return (400, 600)
    return (400,) if SCRIPT.search(_PROGRAM.sub("", html)) else ()


_PROGRAM = re.compile("<script>.*?</script>", re.DOTALL)


def _render(page: Page, fragment: str, switch: str = "", weights: tuple[int, ...] = ()) -> str:
    words = read_words(page.language)
    return (
        _environment()
        .get_template("page.html.jinja2")
        .render(
            page=page,
            words=words,
            say=_labels(words),
            lang=page.language if _is_spoken(page, words) else words.language,
            fragment=Markup(fragment),
            manifest=Markup(json_block(page.manifest)),
            data=Markup(json_block(_script_data(page, words))),
            switch=Markup(switch),
            **inline(
                page.features,
                scheme=page.theme.scheme,
                theme=style_of(page.theme, FAMILY if weights else ""),
                weights=weights,
            ),
        )
    )


def _labels(words: Words) -> dict[str, Markup]:
    """Return what stands in each of thousands of claims, looked up and escaped once."""
    groups = ("claim", "status", "outcome", "relation", "list")
    texts = ((f"{group}.{name}", text) for group in groups for name, text in words.group(group).items())
    return {key: escape(text) for key, text in texts if isinstance(text, str)}


def visible(value: Any) -> Any:
    """Return text with control characters as visible signs (NUL as ␀); anything else as it is.

    Line feeds and tabs stay. Characters that cannot be written as UTF-8 become the replacement character.
    """
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return value.replace("\r\n", "\n").translate(_VISIBLE)


_VISIBLE: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"},
    0x7F: "␡",
    **{code: "�" for code in [*range(0x80, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]},
}

_ADDRESS = re.compile(r"(?:https?://[^\s/]|mailto:[^\s])[^\s<>\"\\]*", re.IGNORECASE)


def link(address: str) -> str | None:
    """Return an address that may become a link (http, https or mailto), or None: it is then shown as text."""
    return address if _ADDRESS.fullmatch(address) and visible(address) == address else None


def _script_data(page: Page, words: Words) -> dict[str, Any]:
    """Return the texts that the page's script needs; the claims' own texts stand in the list only."""
    return {
        "claims": [
            {
                **{"id": each.id, "number": each.number, "layer": each.layer, "status": each.status},
                **_uncertainty(each),
            }
            for each in page.claims
        ],
        "layers": [{"name": layer.name, "title": visible(layer.title)} for layer in page.layers],
        "territories": [{"code": each.code, "name": visible(each.name)} for each in page.territories],
        "cities": [visible(name) for name in page.cities],
        **({} if _is_spoken(page, words) else {"lang": page.language}),
        "disputed": [{"name": visible(each.name), "label": visible(each.label)} for each in page.disputed],
        **_all_visible(page.feature_data),
        "words": {
            name: text
            for group in ("script", *page.features)
            for name, text in words.group(group.replace("-", "_")).items()
        },
    }


def _uncertainty(claim: ClaimView) -> dict[str, Any]:
    """Return what makes a claim look uncertain, for those that do."""
    levels = [place.level for place in claim.placements]
    said = {"weak": claim.weak, "superseded": claim.superseded, "levels": levels if any(levels) else None}
    return {name: value for name, value in said.items() if value}


def forget() -> None:
    """Read templates, styles and scripts again for the next page: somebody works on them."""
    _environment.cache_clear()
    inline.cache_clear()


def _all_visible(value: Any) -> Any:
    """Return plain values with all their texts as `visible` shows them."""
    if isinstance(value, Mapping):
        return {key: _all_visible(inside) for key, inside in value.items()}
    return [_all_visible(each) for each in value] if isinstance(value, list | tuple) else visible(value)


@cache
def _environment() -> jinja2.Environment:
    """Return the one jinja2 environment: every expression escaped, every missing name an error."""
    environment = make_environment(visible)
    environment.filters["link"] = link
    environment.globals["hues"] = HUES
    return environment
