"""Sheets: what lies on one is cut into arcs together, and what lies outside the frame is not on it."""

from __future__ import annotations

from collections import Counter
from functools import cache

from mapgen.generalise import Detail
from mapgen.sheet import GRADES, Sheet, lay_out
from tests.projects import TERRITORIES, boundaries, default_frame, default_placements


@cache
def _sheet() -> Sheet:
    frame = default_frame()
    return lay_out(boundaries(), default_placements(), frame, Detail.of(frame), focus=TERRITORIES)


def test_the_sheet_has_territories_water_disputes_lines_and_claims() -> None:
    kinds = Counter(kind for kind, _ in _sheet().names)
    assert kinds.keys() == {"territory", "disputed", "lake", "river", "line", "claim"}
    assert {key for kind, key in _sheet().names if kind == "line"} <= set(GRADES.values())
    assert set(TERRITORIES) <= {key for kind, key in _sheet().names if kind == "territory"}
    assert len(_sheet().topology.chains) == len(_sheet().names)


def test_borders_and_areas_of_claims_are_on_it_and_nothing_else_of_theirs() -> None:
    keys = {key for kind, key in _sheet().names if kind == "claim"}
    assert ("hertling-north-afg", 0) in keys
    assert ("oliker-ties", 0) in keys
    assert "isis-3000" not in {identity for identity, _ in keys}


def test_what_lies_far_away_is_not_on_it() -> None:
    codes = {key for kind, key in _sheet().names if kind == "territory"}
    assert codes.isdisjoint({"ARG", "BRA", "NZL"})


def test_a_claimed_border_uses_the_arcs_of_both_territories() -> None:
    chains = _sheet().chains("claim")[("hertling-north-afg", 2)]
    border = {max(reference, ~reference) for chain in chains for reference in chain}
    for code in ("AFG", "TJK"):
        own = {max(r, ~r) for chain in _sheet().chains("territory")[code] for r in chain}
        assert border <= own


def test_only_some_territories_can_be_drawn() -> None:
    frame = default_frame()
    sheet = lay_out(boundaries(), {}, frame, Detail.of(frame), focus=["AFG"], only=["AFG", "TJK"])
    assert {key for kind, key in sheet.names if kind == "territory"} == {"AFG", "TJK"}


def test_geometries_are_found_by_their_index() -> None:
    index = _sheet().names.index(("territory", "AFG"))
    area_km2 = _sheet().geometry(index).area / 1e6
    assert 630_000 < area_km2 < 660_000, "the projection is equal-area"
