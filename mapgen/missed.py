"""Say which borders and territories that claims name another worldview does not have, or has otherwise.

In: a sheet of several worldviews, and placements. Out: for each worldview, by claim, what is to be said. The
claims' own geometry stays as the worldview that the map opens on has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from mapgen.boundaries import Boundaries
from mapgen.languages import Name, Phrase
from mapgen.linework import arcs_of
from mapgen.places import Placement
from mapgen.sheet import Sheet

Missed = dict[str, list[Phrase]]
"""By annotation id."""


def find_missed(
    sheet: Sheet, boundaries: Boundaries, placements: Mapping[str, Sequence[Placement]]
) -> list[Missed]:
    """Return what worldviews do not have of what claims name.

    Parameters
    ----------
    sheet : Sheet
    boundaries : Boundaries
        With the same worldviews as the sheet.
    placements : mapping of str to sequence of Placement
        By annotation id.

    Returns
    -------
    list of dict of str to list of Phrase
        For each worldview, the first of which misses nothing.
    """
    outlines = [_outlines(sheet, view) for view in range(len(boundaries.views))]
    missed: list[Missed] = [{}]
    for view, outline in zip(boundaries.others, outlines[1:], strict=True):
        look = partial(_look, boundaries=boundaries, view=view, outlines=(outlines[0], outline))
        found: Missed = {}
        for identity, several in placements.items():
            phrases = [phrase for placement in several for phrase in look(placement)]
            found[identity] = [each for i, each in enumerate(phrases) if each not in phrases[:i]]
        missed.append({identity: phrases for identity, phrases in found.items() if phrases})
    return missed


def _outlines(sheet: Sheet, view: int) -> dict[str, set[int]]:
    """Return the arcs around each territory under a worldview."""
    areas = sheet.areas(view)
    return {code: arcs_of([chains]) for (kind, code), chains in areas.items() if kind == "territory"}


def _look(
    placement: Placement,
    *,
    boundaries: Boundaries,
    view: Boundaries,
    outlines: tuple[Mapping[str, set[int]], Mapping[str, set[int]]],
) -> Iterator[Phrase]:
    """Say what a worldview does not have of one location."""

    def named(code: str) -> Name:
        return Name(boundaries.name(code), "territory", code)

    value, kind = placement.location.value, placement.location.kind
    codes = [code for code in (value if isinstance(value, tuple) else (value,)) if code in placement.codes]
    gone = [str(code) for code in codes if code not in view.territories.index]
    for code in gone:
        yield Phrase("view.part", {"name": named(code), "whole": named(view.joined.get(code, code))})
    if kind == "border" and not gone:
        left, right = map(str, codes)
        before, after = (outline.get(left, set()) & outline.get(right, set()) for outline in outlines)
        if before != after:
            key = "view.other_border" if after else "view.no_border"
            yield Phrase(key, {"left": named(left), "right": named(right)})
