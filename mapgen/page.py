"""Render the page that readers see: one sealed HTML file with everything inlined.

In: a `Page` of plain text and the map's fragment (numbers only). Out: the HTML as text. Style sheet, script
and vendored library are files of this package, put into the page with their hashes in its
Content-Security-Policy. Nothing here reads a project, computes geometry or writes a file; no text of a user's
ever becomes markup, script or style.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup, escape

from mapgen.inlining import FAMILY, SCRIPT, inline
from mapgen.inlining import join_modules as join_modules
from mapgen.inlining import json_block as json_block
from mapgen.inlining import source_hash as source_hash
from mapgen.languages import Words, read_words
from mapgen.pageviews import CardView as CardView
from mapgen.pageviews import ClaimView as ClaimView
from mapgen.pageviews import DisputedName as DisputedName
from mapgen.pageviews import FooterView as FooterView
from mapgen.pageviews import LanguageView as LanguageView
from mapgen.pageviews import LayerView as LayerView
from mapgen.pageviews import LegendEntry as LegendEntry
from mapgen.pageviews import MapLink as MapLink
from mapgen.pageviews import OutcomeView as OutcomeView
from mapgen.pageviews import Page as Page
from mapgen.pageviews import PlacementView as PlacementView
from mapgen.pageviews import RelatedView as RelatedView
from mapgen.pageviews import ScaleView as ScaleView
from mapgen.pageviews import SourceView as SourceView
from mapgen.pageviews import StepView as StepView
from mapgen.pageviews import TerritoryName as TerritoryName
from mapgen.templating import make_environment
from mapgen.themes import style_of

HUES = 5
"""Layers take turns at this many hues, mark shapes and dash patterns (see assets/page.css)."""


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
