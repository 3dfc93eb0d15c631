"""Sheets: what lies on one is cut into arcs together, and what lies outside the frame is not on it."""

from __future__ import annotations

from collections import Counter
from functools import cache

from mapgen.generalise import Detail
from mapgen.sheet import Sheet, lay_out
from tests.disputed import sheet
from tests.projects import TERRITORIES, boundaries, default_frame, default_placements


@cache
def _sheet() -> Sheet:
    frame = default_frame()
    return lay_out(boundaries(), default_placements(), frame, Detail.of(frame), focus=TERRITORIES)


def test_the_sheet_has_territories_water_disputes_lines_and_claims() -> None:
    kinds = Counter(kind for kind, _ in _sheet().names)
    assert kinds.keys() == {"territory", "disputed", "lake", "river", "line", "claim"}
    grades = [key for kind, key in _sheet().names if kind == "line"]
    assert {grade.between for (grade,) in grades} == {"disputed", "undefined"}
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


def test_worldviews_share_the_sheet_and_have_what_differs_beside_it() -> None:
    kinds = Counter(kind for kind, _ in sheet("crimea").names)
    assert kinds["gained"] > 0
    assert kinds["lost"] > 0
    keys = {key for kind, key in sheet("crimea").names if kind == "gained"}
    assert {(2, "UKR"), (3, "UKR"), (1, "RUS"), (4, "RUS")} <= keys
    assert keys.isdisjoint({(1, "UKR"), (2, "RUS"), (3, "RUS"), (4, "UKR")})


def test_the_areas_of_a_worldview_are_those_of_the_first_but_for_what_differs() -> None:
    first, russian = sheet("crimea").areas(), sheet("crimea").areas(4)
    assert first["territory", "UKR"] == russian["territory", "UKR"]
    assert set(first["territory", "RUS"]) < set(russian["territory", "RUS"])
    assert {kind for kind, _ in first} == {"territory", "disputed"}
    assert set(sheet("cyprus").areas(1)).isdisjoint({("territory", "CYN"), ("territory", "CNM")})
    assert {"CYN", "CNM"} <= set(sheet("cyprus").codes())


def test_what_two_worldviews_draw_alike_beyond_the_frame_s_edge_is_kept() -> None:
    """Sudan has another southern outline in some, which is cut off here: its northern part is in all."""
    assert all(("territory", "SDN") in sheet("sahara").areas(view) for view in range(4))
