"""What an author's template may call, and the values that it knows.

In: what the maps of a project say, and what makes their pictures. Out: functions and values by name, for
`authoring.run_template`. docs/reports.md lists them for authors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from mapgen.errors import InputError, quoted, suggest
from mapgen.page import ClaimView, Page, link
from mapgen.report import contents
from mapgen.report.document import Entries, Figure, Inline, Link, Paragraph, Parts, Picture, Quote, words


@dataclass(frozen=True, slots=True)
class LayerPart:
    """A layer with its claims, as a template sees it."""

    name: str
    title: str
    description: str
    claims: tuple[ClaimView, ...]


class Functions:
    """The functions of a template.

    Parameters
    ----------
    texts : mapping of str to Page
        What each map says, by its name.
    name : str
        The map whose numbers the report has.
    draw : callable
        Given the name of a map, returns its picture.
    """

    def __init__(self, texts: Mapping[str, Page], name: str, draw: Callable[[str], Picture]) -> None:
        self.texts, self.name = texts, name
        self.page = texts[name]
        self.draw = cache(draw)

    def functions(self) -> dict[str, Callable[..., Any]]:
        """Return the functions by the names that templates call them by."""
        return {
            "map": self.map,
            "claim": self.claim,
            "claims": self.claims,
            "quote": self.quote,
            "cite": self.cite,
            "number": self.number,
            "sources": self.sources,
            "method": self.method,
            "set_aside": self.set_aside,
            "disclaimer": self.disclaimer,
            "link": self.link,
        }

    def values(self) -> dict[str, Any]:
        """Return the values by their names."""
        page, said = self.page, contents.said_of(self.page)
        return {
            "title": page.title,
            "lead": page.lead,
            "language": page.language,
            "layers": tuple(self._layers()),
            "worldview": page.footer.worldview,
            "boundaries": page.footer.dataset,
            "as_of": page.footer.as_of,
            "projection": page.footer.projection,
            "credit": page.footer.credit,
            "headings": {key: said(f"report.{key}") for key in contents.HEADINGS},
            "is_set_aside": bool(page.set_aside),
        }

    def map(self, name: str = "") -> Figure:
        """Return a map as a figure."""
        name = name or self.name
        return contents.map_figure(self._page(name), name, self.draw(name))

    def claim(self, name: str, map: str = "") -> Entries:
        """Return a claim with its number."""
        page = self._page(map or self.name)
        return Entries((contents.claim_entry(page, self._claim(page, map or self.name, name)),))

    def claims(self, layer: str = "") -> Parts:
        """Return the claims of a layer; those of all layers under headings."""
        if not layer:
            return Parts(
                tuple(
                    block
                    for each in self.page.layers
                    for block in contents.layer_blocks(self.page, each, level=3)
                )
            )
        names = [each.name for each in self.page.layers]
        if layer not in names:
            known = ", ".join(names)
            raise InputError(
                f"no layer {quoted(layer)} on the map {self.name!r}: expected one of {known}."
                f"{suggest(layer, names)}"
            )
        blocks = contents.layer_blocks(self.page, self.page.layers[names.index(layer)], level=3)
        return Parts(tuple(block for block in blocks if isinstance(block, Entries)))

    def quote(self, name: str) -> Quote:
        """Return the words of a claim as they were said."""
        claim = self._claim(self.page, self.name, name)
        if not claim.quote:
            raise InputError(f"the claim {quoted(name)} has no quote.")
        return Quote((Paragraph(words(claim.quote)),), claim.quote_language)

    def cite(self, name: str) -> Inline:
        """Return the number of a source, or of a claim's source."""
        sources = {each.id: each.id for each in self.page.sources}
        found = sources | {each.id: each.source_id for each in self.page.claims if each.id not in sources}
        if name not in found:
            raise InputError(
                f"no source or claim {quoted(name)} on the map {self.name!r}.{suggest(name, found)}"
            )
        return contents.cite_source(self.page, found[name])

    def number(self, name: str) -> Inline:
        """Return the number of a claim."""
        return contents.cite_claim(self._claim(self.page, self.name, name))

    def sources(self) -> Entries:
        """Return the list of sources."""
        return contents.source_entries(self.page)

    def method(self) -> Parts:
        """Return how the map was made."""
        return Parts(contents.method_blocks(self.page))

    def set_aside(self) -> Parts:
        """Return the findings that are set aside."""
        return Parts(contents.aside_blocks(self.page))

    def disclaimer(self) -> Parts:
        """Return the disclaimer."""
        return Parts(contents.disclaimer_blocks(self.page))

    def link(self, address: str, text: str = "") -> Inline | str:
        """Return a link; an address that may not become one stays text."""
        allowed = link(address)
        return Link(allowed, words(text or address)) if allowed else text or address

    def _page(self, name: str) -> Page:
        if name not in self.texts:
            known = ", ".join(self.texts)
            raise InputError(f"no map {quoted(name)}: expected one of {known}.{suggest(name, self.texts)}")
        return self.texts[name]

    def _claim(self, page: Page, map_name: str, name: str) -> ClaimView:
        found = {each.id: each for each in page.claims}
        if name in found:
            return found[name]
        elsewhere = [
            other for other, each in self.texts.items() if name in {claim.id for claim in each.claims}
        ]
        if elsewhere:
            raise InputError(
                f"the claim {quoted(name)} is not on the map {map_name!r}, whose numbers this report has, "
                f"but on {' and '.join(repr(each) for each in elsewhere)}. "
                f"Name the map: claim({name!r}, map={elsewhere[0]!r})."
            )
        raise InputError(f"no claim {quoted(name)} on the map {map_name!r}.{suggest(name, found)}")

    def _layers(self) -> list[LayerPart]:
        return [
            LayerPart(
                layer.name,
                layer.title,
                layer.description,
                tuple(claim for claim in self.page.claims if claim.layer == index),
            )
            for index, layer in enumerate(self.page.layers)
        ]
