"""Borders between territories, against lengths that were computed another way from the raw vertices."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import MultiLineString, MultiPolygon, Polygon, box

from mapgen.borders import border_length_km, distance_km, find_between, find_neighbours, shared_border
from mapgen.boundaries import read_boundaries
from mapgen.errors import BorderNotFoundError, TerritoryNotFoundError

BORDERS = Path(__file__).resolve().parent.parent / "data" / "borders" / "natural-earth-10m"
KILOMETRES = {
    ("AFG", "TJK"): 1170, ("AFG", "TKM"): 723, ("AFG", "UZB"): 137, ("KAZ", "RUS"): 6658,
    ("KAZ", "UZB"): 2183, ("KAZ", "TKM"): 373, ("KAZ", "KGZ"): 1017, ("TJK", "UZB"): 1120,
    ("TKM", "UZB"): 1596, ("KGZ", "TJK"): 838, ("KGZ", "UZB"): 1049,
}  # fmt: skip
"""The 11 borders among the six territories and Kyrgyzstan, as they were first measured on this data."""
SEVEN = sorted({code for pair in KILOMETRES for code in pair})

Segment = frozenset[tuple[float, float]]


@cache
def territories() -> gpd.GeoDataFrame:
    return read_boundaries().territories


def vincenty(lon_1: float, lat_1: float, lon_2: float, lat_2: float) -> float:
    """Metres between two places on WGS84: Vincenty, T. (1975), Survey Review 23 (176), 88-93."""
    a, f = 6378137.0, 1 / 298.257223563
    b = a * (1 - f)
    u_1, u_2 = (math.atan((1 - f) * math.tan(math.radians(lat))) for lat in (lat_1, lat_2))
    lam = difference = math.radians(lon_2 - lon_1)
    for _ in range(100):
        sin_sigma = math.hypot(
            math.cos(u_2) * math.sin(lam),
            math.cos(u_1) * math.sin(u_2) - math.sin(u_1) * math.cos(u_2) * math.cos(lam),
        )
        if sin_sigma == 0:
            return 0.0
        cos_sigma = math.sin(u_1) * math.sin(u_2) + math.cos(u_1) * math.cos(u_2) * math.cos(lam)
        sigma = math.atan2(sin_sigma, cos_sigma)
        sin_alpha = math.cos(u_1) * math.cos(u_2) * math.sin(lam) / sin_sigma
        cos2_alpha = 1 - sin_alpha**2
        cos_2m = cos_sigma - 2 * math.sin(u_1) * math.sin(u_2) / cos2_alpha if cos2_alpha else 0.0
        c = f / 16 * cos2_alpha * (4 + f * (4 - 3 * cos2_alpha))
        last = lam
        lam = difference + (1 - c) * f * sin_alpha * (
            sigma + c * sin_sigma * (cos_2m + c * cos_sigma * (2 * cos_2m**2 - 1))
        )
        if abs(lam - last) < 1e-12:
            break
    u2 = cos2_alpha * (a**2 - b**2) / b**2
    big_a = 1 + u2 / 16384 * (4096 + u2 * (u2 * (320 - 175 * u2) - 768))
    big_b = u2 / 1024 * (256 + u2 * (u2 * (74 - 47 * u2) - 128))
    bracket = cos_sigma * (2 * cos_2m**2 - 1) - big_b / 6 * cos_2m * (4 * sin_sigma**2 - 3) * (
        4 * cos_2m**2 - 3
    )
    return b * big_a * (sigma - big_b * sin_sigma * (cos_2m + big_b / 4 * bracket))


def segments(polygon: MultiPolygon) -> set[Segment]:
    """Every stretch from vertex to vertex of a polygon's rings, without direction."""
    rings = shapely.get_rings(shapely.get_parts(polygon))
    return {frozenset(pair) for ring in rings for pair in pairwise(map(tuple, ring.coords))}


@cache
def raw_segments() -> dict[str, set[Segment]]:
    """The stretches of the seven, straight from the file; Baikonur's count as Kazakhstan's."""
    raw = gpd.read_file(BORDERS / "countries.shp", columns=["ADM0_A3"]).set_index("ADM0_A3").geometry
    found = {code: segments(raw[code]) for code in SEVEN}
    found["KAZ"] ^= segments(raw["KAB"])
    return found


@pytest.mark.parametrize(("left", "right"), KILOMETRES)
def test_length_agrees_with_vincenty_on_the_raw_vertices(left: str, right: str) -> None:
    shared = raw_segments()[left] & raw_segments()[right]
    independent = sum(vincenty(*start, *end) for start, end in shared) / 1000
    length = border_length_km(shared_border(territories(), left, right))
    assert length == pytest.approx(independent, rel=0.0001)
    assert length == pytest.approx(KILOMETRES[left, right], rel=0.005)


def test_vincenty_is_right_itself() -> None:
    generator = np.random.default_rng(1)
    places = np.column_stack([generator.uniform(-80, 80, (50, 1)), generator.uniform(-80, 80, (50, 1))])
    for (lon_1, lat_1), (lon_2, lat_2) in pairwise(places.tolist()):
        metres = Geod(ellps="WGS84").inv(lon_1, lat_1, lon_2, lat_2)[2]
        assert vincenty(lon_1, lat_1, lon_2, lat_2) == pytest.approx(metres, rel=1e-8)


@pytest.mark.parametrize(("left", "right"), KILOMETRES)
def test_border_is_the_same_in_either_order_and_made_of_the_datas_vertices(left: str, right: str) -> None:
    line, reverse = shared_border(territories(), left, right), shared_border(territories(), right, left)
    assert isinstance(line, MultiLineString)
    assert not line.is_empty
    assert line.normalize() == reverse.normalize()
    drawn = {frozenset(pair) for part in line.geoms for pair in pairwise(map(tuple, part.coords))}
    assert drawn == raw_segments()[left] & raw_segments()[right]


def test_the_seven_have_these_borders_and_no_others() -> None:
    neighbours = find_neighbours(territories(), SEVEN)
    pairs = {tuple(sorted((left, right))) for left in SEVEN for right in neighbours[left] if right in SEVEN}
    assert pairs == set(KILOMETRES)
    assert neighbours["AFG"] == ["CHN", "IRN", "PAK", "TJK", "TKM", "UZB"]


def test_neighbours_of_all_territories_agree_with_the_boundary_lines() -> None:
    """Natural Earth's own layer of border lines says for each who is on its left and on its right."""
    table = read_boundaries(worldview="de_facto").territories
    found = {
        frozenset((code, other))
        for code, others in find_neighbours(table, table.index).items()
        for other in others
    }
    layer = gpd.read_file(
        BORDERS / "boundary_lines.shp", columns=["ADM0_A3_L", "ADM0_A3_R"], ignore_geometry=True
    )
    lines = {frozenset(row) for row in layer.dropna().itertuples(index=False) if row[0] != row[1]}
    apart = {
        frozenset(pair) for pair in (("CHN", "MAC"), ("MYS", "SGP"))
    }  # lines across water and on bridges
    parts = {frozenset(pair) for pair in (("KAB", "KAZ"), ("CUB", "USG"))}
    assert lines - found == apart | parts
    assert all(pair & {"BRT", "BRI", "SPI"} for pair in found - lines)


def test_border_that_is_not_there() -> None:
    with pytest.raises(BorderNotFoundError, match="KAZ and TJK share no border"):
        shared_border(territories(), "KAZ", "TJK")
    with pytest.raises(BorderNotFoundError):
        shared_border(territories(), "KAZ", "KAZ")
    with pytest.raises(TerritoryNotFoundError) as caught:
        shared_border(territories(), "KZA", "TJX")
    assert [problem.message.split(".")[0] for problem in caught.value.problems] == [
        "unknown territory 'KZA'",
        "unknown territory 'TJX'",
    ]
    assert "Did you mean 'TJK'" in str(caught.value)


def squares(**where: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    """Territories of one box each."""
    return gpd.GeoDataFrame(
        geometry=[box(*edges) for edges in where.values()], index=list(where), crs="EPSG:4326"
    )


def test_touching_at_a_point_is_no_border() -> None:
    corner = squares(A=(0, 0, 1, 1), B=(1, 1, 2, 2))
    assert find_neighbours(corner, ["A"]) == {"A": []}
    with pytest.raises(BorderNotFoundError):
        shared_border(corner, "A", "B")


def test_enclave_and_several_stretches() -> None:
    ring = Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], holes=[[(2, 2), (2, 4), (4, 4), (4, 2)]])
    within = MultiPolygon([box(2, 2, 4, 4), box(9, 3, 12, 5)])
    table = gpd.GeoDataFrame(geometry=[ring, within], index=["RING", "IN"], crs="EPSG:4326")
    line = shared_border(table, "RING", "IN")
    assert line.length == 8 + 2
    assert len(line.geoms) == 2


def test_length_of_a_degree() -> None:
    equator = MultiLineString([[(0, 0), (1, 0)]])
    assert border_length_km(equator) == pytest.approx(111.319, abs=0.001)
    north = MultiLineString([[(0, 60), (1, 60)]])
    assert border_length_km(north) == pytest.approx(55.800, abs=0.001)


@pytest.mark.parametrize(
    ("left", "right", "between"),
    [
        ("TJK", "KAZ", ["CHN", "KGZ", "UZB"]),
        ("AFG", "KAZ", ["CHN", "TKM", "UZB"]),
        ("AFG", "TJK", []),
        ("AFG", "RUS", ["CHN"]),
        ("FJI", "USA", []),
        ("RUS", "USA", []),  # not by way of French Guiana, though France borders Brazil
        ("DNK", "CZE", ["DEU"]),
    ],
)
def test_what_lies_between(left: str, right: str, between: list[str]) -> None:
    assert find_between(territories(), left, right) == between


def test_a_longer_way_is_a_way() -> None:
    way = ["PRT", *find_between(territories(), "PRT", "PRK"), "PRK"]
    assert way == ["PRT", "ESP", "FRA", "DEU", "POL", "BLR", "RUS", "PRK"]
    assert all(shared_border(territories(), *pair) for pair in pairwise(way))


@pytest.mark.parametrize(
    ("left", "right", "kilometres"),
    [("TJK", "KAZ", 45.8), ("GBR", "FRA", 33), ("RUS", "USA", 4), ("AFG", "TJK", 0), ("ESP", "MAR", 0)],
)
def test_distance(left: str, right: str, kilometres: float) -> None:
    shapes = [territories().geometry[code] for code in (left, right)]
    assert distance_km(*shapes) == pytest.approx(kilometres, abs=1.0)
    assert distance_km(*reversed(shapes)) == pytest.approx(distance_km(*shapes), rel=1e-6, abs=1e-9)


def test_distance_is_the_least_of_all_between_vertices() -> None:
    """Brute force over the vertices within 200 km, on the ellipsoid."""
    tajik, kazakh = (shapely.get_coordinates(territories().geometry[code]) for code in ("TJK", "KAZ"))
    near = kazakh[(kazakh[:, 1] < 43.5) & (kazakh[:, 0] > 66) & (kazakh[:, 0] < 73)]
    tajik = tajik[tajik[:, 1] > 39.8]
    left, right = np.repeat(tajik, len(near), axis=0), np.tile(near, (len(tajik), 1))
    least = Geod(ellps="WGS84").inv(left[:, 0], left[:, 1], right[:, 0], right[:, 1])[2].min() / 1000
    shapes = [territories().geometry[code] for code in ("TJK", "KAZ")]
    assert least * 0.97 < distance_km(*shapes) <= least + 1e-6


def test_nearest_in_degrees_is_not_taken_for_nearest_on_the_ground() -> None:
    here = box(0, 60, 1, 61)
    east, south = box(2.5, 60, 3, 61), box(0, 57.5, 1, 58.9)
    assert distance_km(here, east) == pytest.approx(1.5 * 54.1, rel=0.01)
    assert distance_km(here, south) == pytest.approx(1.1 * 111.4, rel=0.01)


def test_distance_across_longitude_180() -> None:
    assert distance_km(box(178, 0, 179.5, 1), box(-179.5, 0, -178, 1)) == pytest.approx(111.3, rel=0.001)


def test_no_pair_of_the_seven_is_measured_twice() -> None:
    """What three territories share is a point: no stretch belongs to two borders."""
    users: dict[Segment, set[str]] = defaultdict(set)
    for code in SEVEN:
        for each in raw_segments()[code]:
            users[each].add(code)
    assert max(map(len, users.values())) == 2
