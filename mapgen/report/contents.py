"""Say in a document what a map's page says: its claims, sources, method and notices.

In: the texts of a page (`page.Page`), and a picture of its map. Out: nodes of a document. The numbers are
those of the map.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mapgen.languages import Words as Catalogue
from mapgen.languages import read_words
from mapgen.page import ClaimView, LayerView, Page, SourceView, link
from mapgen.report.document import (
    Block,
    Blocks,
    Emphasis,
    Entries,
    Entry,
    Fact,
    Facts,
    Figure,
    Heading,
    Inline,
    Line,
    Link,
    Listing,
    Notice,
    Paragraph,
    Picture,
    Quote,
    Reference,
    Strong,
    Words,
    words,
)

HEADINGS = ("claims", "sources", "method", "set_aside", "disclaimer")
"""The headings of a report; the catalogue of each language has them."""

_GRADED = re.compile("[A-F–][1-6–]:")


def claim_entry(page: Page, claim: ClaimView) -> Entry:
    """Return a claim with its number, its speaker, the words, and what is known of it."""
    said = said_of(page)
    content: list[Block] = [Paragraph(_claim_line(claim, said)), Paragraph(_byline(claim, said))]
    if claim.quote:
        content += _quotation(claim, said)
    content.append(Facts(tuple(_claim_facts(page, claim, said))))
    return Entry(str(claim.number), tuple(content), claim_anchor(claim.id))


def said_of(page: Page) -> Catalogue:
    """Return the words of a page's language."""
    return read_words(page.language)


def claim_anchor(name: str) -> str:
    """Return the anchor of a claim."""
    return f"claim-{name}"


def source_anchor(name: str) -> str:
    """Return the anchor of a source."""
    return f"source-{name}"


def cite_source(page: Page, source: str) -> Inline:
    """Return a reference to a source by its number in the list of sources."""
    number = next(number for number, each in enumerate(page.sources, 1) if each.id == source)
    return Reference(source_anchor(source), f"[{number}]")


def cite_claim(claim: ClaimView) -> Inline:
    """Return a reference to a claim by its number."""
    return Reference(claim_anchor(claim.id), str(claim.number))


def layer_blocks(page: Page, layer: LayerView, *, level: int) -> Blocks:
    """Return a layer: heading, description and its claims; nothing if it has none."""
    index = page.layers.index(layer)
    claims = tuple(claim_entry(page, claim) for claim in page.claims if claim.layer == index)
    if not claims:
        return ()
    head: list[Block] = [Heading(level, words(layer.title))]
    if layer.description:
        head.append(Paragraph(words(layer.description)))
    return (*head, Entries(claims))


def source_entries(page: Page) -> Entries:
    """Return the list of sources, numbered as they are cited."""
    entries = []
    for number, source in enumerate(page.sources, 1):
        facts = Facts(tuple(_source_facts(source, said_of(page))))
        content = (Paragraph(words(source.title)), *((facts,) if facts.items else ()))
        entries.append(Entry(f"[{number}]", content, source_anchor(source.id)))
    return Entries(tuple(entries))


def method_blocks(page: Page) -> Blocks:
    """Return how the map was made: worldview, boundaries, projection, date, and the scales that are used."""
    footer = page.footer
    lines = [footer.worldview, footer.dataset, footer.as_of, footer.projection, *_scales(page)]
    return (Listing(tuple((Paragraph(words(line)),) for line in lines)),)


def aside_blocks(page: Page) -> Blocks:
    """Return the findings that the project sets aside, with their reasons."""
    if not page.set_aside:
        return ()
    return (Listing(tuple((Paragraph(words(each)),) for each in page.set_aside)),)


def disclaimer_blocks(page: Page) -> Blocks:
    """Return what stands under every map: the disclaimer, who made it, and with what."""
    said = (said_of(page)("footer.disclaimer"), page.footer.credit, page.footer.made_with)
    return tuple(Notice(words(each)) for each in said if each)


def map_figure(page: Page, name: str, picture: Picture) -> Figure:
    """Return a map as a figure with its title below."""
    numbers = said_of(page)("report.numbers")
    return Figure(name, picture, (Strong(words(page.title)), Words(f" · {numbers}")))


def _claim_line(claim: ClaimView, said: Catalogue) -> Line:
    status = said(f"status.{claim.status}").capitalize()
    return (*(() if claim.status == "asserted" else (Strong(words(f"{status}: ")),)), Words(claim.claim))


def _byline(claim: ClaimView, said: Catalogue) -> Line:
    named = ", ".join(filter(None, [claim.speaker_name, claim.speaker_role]))
    return (Emphasis(words(named or said("claim.no_speaker"))),)


def _quotation(claim: ClaimView, said: Catalogue) -> Iterator[Block]:
    """Return the words as they were said, then their translation."""
    yield Quote((Paragraph(words(said("report.quoted", text=claim.quote))),), claim.quote_language)
    if claim.quote_translation:
        by = claim.quote_translator and said("claim.translated_by", name=claim.quote_translator)
        label = by or said("claim.translation")
        yield Facts((Fact(label, words(said("report.quoted", text=claim.quote_translation))),))


def _claim_facts(page: Page, claim: ClaimView, said: Catalogue) -> Iterator[Fact]:
    cited: Line = (Words(f"{claim.source_title} "), cite_source(page, claim.source_id))
    yield Fact(said("claim.source"), cited)
    rows = {
        "date": claim.date,
        "source_dated": claim.source_date,
        "grade": claim.grades,
        "likelihood": claim.likelihood,
        "confidence": claim.confidence,
        "where": "; ".join(_places(claim, said)),
        "tested": " ".join(f"{said(f'outcome.{e.result}')}: {e.sentence}" for e in claim.outcomes),
    }
    yield from (Fact(said(f"claim.{name}"), words(value)) for name, value in rows.items() if value)
    if claim.related:
        yield Fact(said("claim.related"), tuple(_related(claim, said)))
    rows = {"note": claim.note, "analyst": claim.analyst}
    yield from (Fact(said(f"claim.{name}"), words(value)) for name, value in rows.items() if value)


def _places(claim: ClaimView, said: Catalogue) -> Iterator[str]:
    for place in claim.placements:
        meant = ", ".join(filter(None, [place.precision, said("claim.schematic") if place.schematic else ""]))
        yield f"{place.text} ({meant})" if meant else place.text


def _related(claim: ClaimView, said: Catalogue) -> Iterator[Inline]:
    for index, other in enumerate(claim.related):
        yield Words(f"{'; ' if index else ''}{said(f'relation.{other.relation}')} ")
        yield Reference(claim_anchor(other.id), str(other.number))


def _source_facts(source: SourceView, said: Catalogue) -> Iterator[Fact]:
    rows = {
        "author": source.author,
        "publisher": source.publisher,
        "carries": source.carries,
        "dated": source.date,
        "address": source.url,
        "accessed": source.accessed,
        "archived": source.archive_url,
        "archive_hash": source.archive_hash,
        "license": source.license,
        "note": source.note,
    }
    for name, value in rows.items():
        address = link(value) if name in ("address", "archived") else None
        if value:
            told: Line = (Link(address, words(value)),) if address else words(value)
            yield Fact(said(f"source.{name}"), told)


def _scales(page: Page) -> Iterator[str]:
    """Say which scales the claims use, and only those."""
    placements = [place for claim in page.claims for place in claim.placements]
    graded = any(_GRADED.match(claim.grades) for claim in page.claims)
    used = {
        "admiralty": graded,
        "ungraded": bool(page.claims) and not graded,
        "likelihood": any(claim.likelihood or claim.confidence for claim in page.claims),
        "precision": any(place.precision for place in placements),
        "schematic": any(place.schematic for place in placements),
        "tested": any(claim.outcomes for claim in page.claims),
    }
    said = said_of(page)
    return (said(f"report.{name}") for name, is_used in used.items() if is_used)
