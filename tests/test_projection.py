"""Projections, against PROJ and against the page's own script, and the choice between them."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer

from mapgen.projection import (
    AUTHALIC_RADIUS,
    DISTORTION_LIMIT,
    Grid,
    Projection,
    choose_projection,
    mercator_distortion,
    metres_per_pixel,
)
from tests.browser import start_browser
from tests.projects import boundaries

SCRIPT = Path(__file__).resolve().parent.parent / "mapgen" / "assets" / "js" / "projection.js"

PROJECTIONS = [
    Projection("conic", 105.3, 55.6, 38.1, 73.1),
    Projection("conic", 178.2, -17.1, -20.2, -14.0),
    Projection("conic", -81.6, -36.7, -49.5, -23.9),
    Projection("conic", 256.2, 7.0, -32.7, 46.7),
    Projection("conic", 12.5, 41.9, 41.9, 41.9),
    Projection("mercator", 8.2),
    Projection("mercator", 181.0),
]


def proj_string(projection: Projection) -> str:
    if projection.name == "mercator":
        return f"+proj=merc +R={projection.radius} +lon_0={projection.lon_0}"
    parallels = f"+lat_1={projection.lat_1} +lat_2={projection.lat_2} +lat_0={projection.lat_0}"
    return f"+proj=aea +R={projection.radius} +lon_0={projection.lon_0} {parallels}"


def places(projection: Projection, count: int = 500) -> np.ndarray:
    """Places all round the globe, but for the poles and the meridian where the projection is torn."""
    generator = np.random.default_rng(7)
    lon = projection.lon_0 + generator.uniform(-179, 179, count)
    return np.column_stack([lon, generator.uniform(-84, 84, count)])


@pytest.mark.parametrize("projection", PROJECTIONS, ids=proj_string)
def test_same_as_proj(projection: Projection) -> None:
    lonlat = places(projection)
    transformer = Transformer.from_crs(
        f"+proj=longlat +R={projection.radius}", proj_string(projection), always_xy=True
    )
    expected = np.column_stack(transformer.transform(lonlat[:, 0], lonlat[:, 1]))
    assert np.abs(projection.project(lonlat) - expected).max() < 1e-6 * np.abs(expected).max()
    assert np.hypot(*(projection.project(lonlat) - expected).T).max() < 0.01


@pytest.mark.parametrize("projection", PROJECTIONS, ids=proj_string)
def test_longitudes_go_round(projection: Projection) -> None:
    lonlat = places(projection)
    for turn in (-360.0, 360.0, 720.0):
        assert np.allclose(
            projection.project(lonlat + np.array([turn, 0])), projection.project(lonlat), atol=1e-4
        )


def test_conic_keeps_areas() -> None:
    """Countries from the equator to the Arctic, against their areas on the ellipsoid: it is no sphere."""
    conic = Projection("conic", 105.3, 55.6, 38.1, 73.1)
    for code in ("TJK", "RUS", "KAZ", "IND", "FIN", "LKA"):
        shape = shapely.segmentize(boundaries().require(code), 0.1)
        real = abs(Geod(ellps="WGS84").geometry_area_perimeter(shape)[0])
        assert shapely.transform(shape, conic.project).area == pytest.approx(real, rel=0.0075), code


def test_conic_keeps_areas_exactly_on_its_sphere() -> None:
    def cell(south: float, north: float) -> float:
        edge = shapely.segmentize(shapely.box(90, south, 91, north), 0.001)
        projected = shapely.transform(edge, Projection("conic", 105.3, 55.6, 38.1, 73.1).project).area
        height = math.sin(math.radians(north)) - math.sin(math.radians(south))
        return float(projected / (AUTHALIC_RADIUS**2 * math.radians(1) * height))

    assert [cell(lat, lat + 1) for lat in (-60, 0, 38, 55, 80)] == pytest.approx([1] * 5, rel=1e-7)


@pytest.mark.parametrize(
    ("codes", "name"),
    [
        (["CHE"], "mercator"),
        (["RUS"], "conic"),
        (["AFG", "TKM", "UZB", "TJK", "KAZ", "RUS"], "conic"),
        (["AFG", "TJK", "UZB"], "mercator"),
        (["CHL"], "conic"),
        (["COD"], "mercator"),
        (["FRA", "DEU", "NLD", "BEL", "LUX"], "mercator"),
        (["FIN", "SWE"], "conic"),
    ],
)
def test_auto_follows_mercators_distortion(codes: list[str], name: str) -> None:
    extent = shapely.total_bounds([boundaries().require(code) for code in codes])
    if codes[0] == "FRA":
        extent = (-5.0, 42.0, 15.0, 55.1)
    assert choose_projection(tuple(extent)).name == name


def test_the_line_between_conic_and_mercator() -> None:
    """Areas at 60 degrees are 4 times as large as at the equator, and twice as large as at 45."""
    assert mercator_distortion(0, 60) == pytest.approx(4)
    assert mercator_distortion(45, 60) == pytest.approx(2)
    assert mercator_distortion(-60, -45) == pytest.approx(2)
    assert mercator_distortion(-10, 60) == pytest.approx(4)
    assert mercator_distortion(50, 50) == 1
    assert DISTORTION_LIMIT == 2
    assert choose_projection((0, 45.1, 20, 60)).name == "mercator"
    assert choose_projection((0, 44.9, 20, 60)).name == "conic"


def test_parallels_lie_inside_the_region() -> None:
    conic = choose_projection((40, 30, 100, 60), "conic")
    assert (conic.lon_0, conic.lat_0, conic.lat_1, conic.lat_2) == (70.0, 45.0, 35.0, 55.0)


@pytest.mark.parametrize(
    ("extent", "why"),
    [
        ((-180, -60, 180, 85), "wider than a cone can show"),
        ((10, -20, 40, 20), "no cone stands on the equator"),
        ((10, -1, 11, 1), "no cone stands on the equator"),
    ],
)
def test_where_no_cone_fits(extent: tuple[float, float, float, float], why: str) -> None:
    assert choose_projection(extent, "conic").name == "mercator", why
    assert choose_projection(extent).name == "mercator", why


@pytest.mark.parametrize("wanted", ["conic", "mercator"])
def test_what_is_wanted_is_taken(wanted: str) -> None:
    assert choose_projection((0, 46, 10, 48), wanted).name == wanted
    assert choose_projection((20, 40, 190, 80), wanted).name == wanted


def test_north_is_up_where_it_is_wanted_but_the_region_is_never_torn() -> None:
    assert choose_projection((20, 35, 191, 82), upright=70.0).lon_0 == 70.0
    assert choose_projection((20, 35, 191, 82), upright=10.0).lon_0 == 26.0
    assert choose_projection((-190, 10, 150, 80), upright=100.0).lon_0 == 100.0
    lon_0 = choose_projection((20, 35, 191, 82), upright=0.0).lon_0
    assert type(lon_0) is float


def test_grid_counts_to_the_south() -> None:
    grid = Grid(Projection("mercator", 10.0), unit=100.0)
    (x, y), (east, north) = grid.snap(np.array([[10.0, 0.0], [11.0, 1.0]])).tolist()
    assert (x, y) == (0, 0)
    assert (east, north) == (1113, -1113)
    assert grid.snap(np.zeros((0, 2))).shape == (0, 2)


def test_rounding_moves_nothing_by_more_than_half_a_unit() -> None:
    grid = Grid(PROJECTIONS[0], unit=305.7)
    lonlat = places(grid.projection)
    off = grid.snap(lonlat) * (1, -1) * grid.unit - grid.projection.project(lonlat)
    assert np.abs(off).max() <= grid.unit / 2 + 1e-6


def test_zoom_levels_are_those_of_web_maps() -> None:
    assert metres_per_pixel(0) == pytest.approx(156543.03392804097)
    assert metres_per_pixel(7) == pytest.approx(156543.03392804097 / 128)


def test_mercator_ends_before_the_pole() -> None:
    edge = Projection("mercator", 0.0).project(np.array([[0.0, 90.0], [0.0, -90.0]]))
    assert edge[:, 1] == pytest.approx([20037508.34, -20037508.34], rel=1e-6)


RUN = """
const answers = CASES.map(({ projection, unit, places }) => {
  const { toGrid, toDegrees } = gridProjection({ projection, unit });
  return places.map(([lon, lat]) => {
    const grid = toGrid(lon, lat);
    return [...grid, ...toDegrees(...grid)];
  });
});
"""


def test_the_pages_script_gives_the_same_numbers(tmp_path: Path) -> None:
    cases = [
        {"projection": parameters(each), "unit": 305.7, "places": places(each, 200).tolist()}
        for each in PROJECTIONS
    ]
    answers = run_script(f"const CASES = {json.dumps(cases)};\n{RUN}", tmp_path)
    for case, answer, projection in zip(cases, answers, PROJECTIONS, strict=True):
        lonlat, found = np.array(case["places"]), np.array(answer)
        expected = projection.project(lonlat) * (1, -1) / case["unit"]
        assert np.abs(found[:, :2] - expected).max() < 1e-6 * np.abs(expected).max()
        # and back
        turns = (found[:, 2] - lonlat[:, 0]) / 360
        assert np.abs(turns - np.rint(turns)).max() < 1e-9
        assert np.abs(found[:, 3] - lonlat[:, 1]).max() < 1e-6


def parameters(projection: Projection) -> dict[str, object]:
    names = ("name", "lon_0", "lat_0", "lat_1", "lat_2", "radius")
    return {name: getattr(projection, name) for name in names}


def run_script(text: str, folder: Path) -> list[list[list[float]]]:
    """Run the page's projection script with some lines behind it: by Node, or else in the browser."""
    node = shutil.which("node")
    if node:
        module = folder / "run.mjs"
        source = SCRIPT.read_text(encoding="utf-8")
        module.write_text(
            f"{source}\n{text}\nprocess.stdout.write(JSON.stringify(answers));", encoding="utf-8"
        )
        done = subprocess.run([node, str(module)], capture_output=True, check=True, text=True, timeout=60)
        found: list[list[list[float]]] = json.loads(done.stdout)
        return found
    source = SCRIPT.read_text(encoding="utf-8").replace("export ", "")
    with start_browser() as browser:
        page = browser.new_page()
        found = page.evaluate(f"() => {{ {source}\n{text}\nreturn answers; }}")
        return found
