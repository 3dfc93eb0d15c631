"""Compose: a map's layers in the order in which they are drawn, and the claims that it shows."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from mapgen.compose import compose_map, describe_frame
from tests.projects import default_drawing, default_frame

IDENTITIES = ["hertling-passage", "isis-3000"]


def _compose() -> list[dict[str, Any]]:
    composed = compose_map(default_drawing(), default_frame(), default_frame().region, IDENTITIES)
    blocks = re.findall(
        r'<script type="application/json" class="map-(?:frame|layer)">(.*?)</script>',
        composed.get_root().render(),
    )
    return [json.loads(block) for block in blocks]


def test_a_map_is_its_frame_its_arcs_its_base_and_its_claims() -> None:
    frame, arcs, *base, claims = _compose()
    assert frame["projection"]["name"] == "conic"
    assert arcs["kind"] == "arcs"
    coded = default_drawing().arcs
    assert (arcs["count"], arcs["sizes"], arcs["data"]) == (coded.arcs, coded.sizes, coded.text)
    assert base == default_drawing().base
    assert claims["kind"] == "claims"


def test_a_map_shows_its_own_claims_by_their_numbers() -> None:
    *_, claims = _compose()
    assert [shape["claim"] for shape in claims["shapes"]] == [0, 0, 0, 1]
    assert [shape["form"] for shape in claims["shapes"]] == ["route", "route", "route", "territory"]


def test_claims_of_several_maps_do_not_change_the_drawing() -> None:
    assert _compose() == _compose()
    assert all("claim" not in shape for several in default_drawing().claims.values() for shape in several)


def test_the_frame_is_in_grid_positions_with_y_to_the_south() -> None:
    frame = default_frame()
    west, south, east, north = frame.region
    said = describe_frame(frame, frame.region)
    assert said["home"] == said["region"]
    assert [edge * frame.grid.unit for edge in said["region"]] == pytest.approx(
        [west, -north, east, -south], abs=frame.grid.unit
    )
    assert said["region"][1] < said["region"][3]
    x0, y0, x1, y1 = said["drawn"]
    assert x0 <= said["frame"][0] < said["frame"][2] <= x1
    assert y0 <= said["frame"][1] < said["frame"][3] <= y1


def test_the_projection_is_told_by_its_parameters() -> None:
    said = describe_frame(default_frame(), default_frame().region)["projection"]
    assert said.keys() == {"name", "lon_0", "radius", "lat_1", "lat_2", "lat_0"}
    assert said["radius"] == 6371007.2
