"""Disputed territory under each worldview, asserted on the ground: which polygon a place lies in."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
import shapely
from shapely.geometry import Point, box

from mapgen.borders import border_length_km, shared_border
from mapgen.boundaries import Boundaries, read_boundaries
from mapgen.build import check_project, draw_project
from mapgen.carried import unpack
from mapgen.errors import InputError
from mapgen.extract import find_block
from mapgen.project import read_project
from mapgen.worldviews import read_disputed
from tests.disputed import page
from tests.projects import write_project

PLACES = {
    "Simferopol": (34.10, 44.95),
    "Sevastopol": (33.60, 44.55),
    "Kerch": (36.40, 45.33),
    "Kherson": (32.62, 46.75),
    "Krasnodar": (38.98, 45.04),
    "Pristina": (21.17, 42.66),
    "Taipei": (121.55, 25.03),
    "Katzrin": (35.70, 32.98),
    "Laayoune": (-13.15, 27.13),
    "Tifariti": (-10.57, 26.15),
    "Lefkosa": (33.45, 35.25),
    "Hargeisa": (44.07, 9.56),
    "Stanley": (-58.0, -51.75),
    "Baikonur": (63.31, 45.95),
}
CRIMEA = ["Simferopol", "Sevastopol", "Kerch"]


@cache
def under(worldview: str) -> Boundaries:
    return read_boundaries(worldview=worldview)


def owners(worldview: str, place: str) -> list[str]:
    """Codes of the territories that a place lies in."""
    table = under(worldview).territories
    return table.index[table.geometry.contains(Point(PLACES[place]))].tolist()


def hatched(worldview: str, place: str) -> list[str]:
    """Codes of the hatched areas that a place lies in."""
    areas = under(worldview).disputed
    return areas["code"][areas.geometry.contains(Point(PLACES[place]))].tolist()


@pytest.mark.parametrize("place", CRIMEA)
@pytest.mark.parametrize(
    ("worldview", "territories", "areas"),
    [
        ("neutral", [], ["CRM"]),
        ("de_facto", ["RUS"], []),
        ("international", ["UKR"], []),
        ("UA", ["UKR"], []),
        ("RU", ["RUS"], []),
    ],
)
def test_crimea(place: str, worldview: str, territories: list[str], areas: list[str]) -> None:
    assert owners(worldview, place) == territories
    assert hatched(worldview, place) == areas


@pytest.mark.parametrize("worldview", ["neutral", "de_facto", "international", "UA", "RU"])
def test_around_crimea_nothing_changes(worldview: str) -> None:
    assert owners(worldview, "Kherson") == ["UKR"]
    assert owners(worldview, "Krasnodar") == ["RUS"]


def test_neutral_says_who_administers_and_who_claims_crimea() -> None:
    (row,) = under("neutral").disputed.query("code == 'CRM'").itertuples()
    assert (row.name, row.administered_by, row.claimed_by) == ("Crimea", "RUS", "UKR")


@pytest.mark.parametrize(
    ("place", "worldview", "territories", "areas"),
    [
        ("Pristina", "neutral", ["KOS"], ["KOS"]),
        ("Pristina", "de_facto", ["KOS"], []),
        ("Pristina", "international", ["SRB"], []),
        ("Pristina", "US", ["KOS"], []),
        ("Pristina", "RU", ["SRB"], []),
        ("Taipei", "neutral", ["TWN"], ["TWN"]),
        ("Taipei", "de_facto", ["TWN"], []),
        ("Taipei", "international", ["TWN"], []),
        ("Taipei", "CN", ["CHN"], []),
        ("Katzrin", "neutral", [], ["GOL"]),
        ("Katzrin", "de_facto", ["ISR"], []),
        ("Katzrin", "international", [], ["GOL"]),
        ("Laayoune", "neutral", [], ["WSM"]),
        ("Laayoune", "de_facto", ["MAR"], []),
        ("Laayoune", "international", ["SAH"], []),
        ("Tifariti", "neutral", ["SAH"], ["SAH"]),
        ("Tifariti", "MA", ["MAR"], []),
        ("Laayoune", "MA", ["MAR"], []),
        ("Laayoune", "UA", [], ["WSM"]),
        ("Katzrin", "IL", ["ISR"], []),
        ("Lefkosa", "neutral", ["CYN"], ["CYN"]),
        ("Lefkosa", "international", ["CYP"], []),
        ("Lefkosa", "TR", ["CYN"], []),
        ("Hargeisa", "international", ["SOM"], []),
        ("Stanley", "international", ["FLK"], []),
        ("Stanley", "AR", ["ARG"], []),
        ("Baikonur", "neutral", ["KAZ"], []),
        ("Baikonur", "de_facto", ["KAZ"], []),
        ("Baikonur", "RU", ["KAZ"], []),
    ],
)
def test_other_places(place: str, worldview: str, territories: list[str], areas: list[str]) -> None:
    assert owners(worldview, place) == territories
    assert hatched(worldview, place) == areas


@pytest.mark.parametrize("worldview", ["neutral", "international", "UA", "CN"])
def test_no_ground_is_lost_or_drawn_twice(worldview: str) -> None:
    """Every disputed area is in one territory, or hatched: never a hole in the map."""
    shapes = [*under(worldview).territories.geometry, *under(worldview).disputed.geometry]
    parts = shapely.get_parts(shapes)
    tree = shapely.STRtree(parts)
    for row in under("neutral").disputed.itertuples():
        near = shapely.intersection(parts[tree.query(row.geometry)], row.geometry)
        covered = shapely.union_all(near[shapely.area(near) > 0]).area
        assert covered == pytest.approx(row.geometry.area, rel=1e-6), row.name
    cut_out = under(worldview).disputed.query("code != base").geometry
    drawn = shapely.area([*under(worldview).territories.geometry, *cut_out]).sum()
    assert drawn == pytest.approx(shapely.area(under("de_facto").territories.geometry).sum(), rel=1e-9)


def test_kazakhstan_keeps_its_border_with_russia_under_all_worldviews() -> None:
    lengths = {
        border_length_km(shared_border(under(worldview).territories, "KAZ", "RUS"))
        for worldview in ("neutral", "de_facto", "international", "UA")
    }
    assert len({round(length, 6) for length in lengths}) == 1


def test_russia_and_ukraine_meet_at_the_isthmus_only_de_facto() -> None:
    def reaches_isthmus(worldview: str) -> bool:
        line = shared_border(under(worldview).territories, "RUS", "UKR")
        return bool(line.intersects(box(33, 45.8, 35.5, 46.3)))

    assert reaches_isthmus("de_facto")
    assert not reaches_isthmus("international")
    assert not reaches_isthmus("neutral")


@pytest.mark.parametrize("codes", [["RUS"], ["UKR"], ["SRB"], ["MAR", "SAH"], ["CYP"]])
@pytest.mark.parametrize("worldview", ["neutral", "international"])
def test_few_territories_are_the_same_as_among_all(codes: list[str], worldview: str) -> None:
    few = read_boundaries(codes=codes, worldview=worldview)
    assert few.territories.index.tolist() == codes
    for code in codes:
        assert few.require(code).normalize() == under(worldview).require(code).normalize()


@pytest.mark.parametrize(
    ("code", "worldview", "says"),
    [
        ("KOS", "international", "worldview international: it is part of Republic of Serbia (SRB)."),
        ("TWN", "CN", "worldview CN: it is part of China (CHN)."),
        ("KAB", "neutral", "worldview neutral: it is part of Kazakhstan (KAZ)."),
    ],
)
def test_what_is_part_of_another_is_told_so(code: str, worldview: str, says: str) -> None:
    assert under(worldview).unknown(code) == (
        f"'{code}' is no territory of its own in Natural Earth 5.1.1, 1:10m, {says}"
    )


def test_names_of_disputed_areas_follow_the_language() -> None:
    russian = read_disputed(under("neutral").dataset, "ru").set_index("code")["name"]
    assert russian["PSX"] == "Палестина"
    assert russian["CRM"] == "Crimea"  # the data has no other name
    assert read_disputed(under("neutral").dataset, "en").set_index("code")["name"]["FLK"] == "Falkland Is."


@pytest.mark.parametrize(
    ("worldview", "message"),
    [
        ("Neutral", "unknown worldview 'Neutral': expected one of neutral, de_facto, international, or a "),
        ("internatoinal", "Did you mean 'international'?"),
        ("ua", "unknown worldview 'ua'"),
        ("XX", "1:10m does not have the worldview of XX: expected one of neutral, de_facto, "),
        ("XX", "international, AR, BD, BR"),
        ("XX", "TW, UA, US, VN."),
    ],
)
def test_unknown_worldview(worldview: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_boundaries(worldview=worldview)
    assert message in str(caught.value)


@pytest.mark.parametrize("worldview", ["neutral", "de_facto", "international", "CN"])
def test_disputes_stay_known_whatever_a_worldview_makes_of_them(worldview: str) -> None:
    assert len(under(worldview).disputes) == 25
    assert {"CRM", "GOL", "KOS", "TWN"} <= under(worldview).disputes


def test_several_worldviews_are_read_at_once_and_are_those_read_alone() -> None:
    several = read_boundaries(worldview="UA", worldviews=["neutral", "UA", "international", "RU"])
    assert [view.worldview for view in several.views] == ["UA", "neutral", "international", "RU"]
    for view in several.views:
        alone = under(view.worldview)
        assert view.territories.index.tolist() == alone.territories.index.tolist()
        assert view.disputed["code"].tolist() == alone.disputed["code"].tolist()
        for code in ("RUS", "UKR", "SRB", "MAR"):
            assert view.require(code).normalize() == alone.require(code).normalize()
        assert dict(view.joined) == dict(alone.joined)


def test_what_worldviews_draw_alike_is_the_same_object() -> None:
    several = read_boundaries(worldview="neutral", worldviews=["UA"])
    first, second = (view.territories.geometry for view in several.views)
    assert first.at["FRA"] is second.at["FRA"]
    assert first.at["UKR"] is not second.at["UKR"]


def test_a_territory_has_its_name_whatever_the_worldview() -> None:
    several = read_boundaries(worldview="international", worldviews=["neutral"])
    assert "KOS" not in several.territories.index
    assert several.name("KOS") == "Kosovo"
    assert several.name("QQQ") == "QQQ"
    assert "CRM" in several.all_disputed()["code"].tolist()
    assert "CRM" not in several.disputed["code"].tolist()


@pytest.mark.parametrize("code", ["AR", "KO", "PS", "UA", "US", "VN"])
def test_each_country_s_view_has_its_country(code: str) -> None:
    data = under("neutral").dataset
    assert data.views[code] in under("neutral").territories.index
    assert len(data.views) == 31


def test_a_worldview_that_the_data_lacks_is_left_out_and_told_at_its_place(tmp_path: Path) -> None:
    write_project(tmp_path, worldviews=["neutral", "UA", "UK"])
    checked = check_project(read_project(tmp_path))
    (finding,) = [each for each in checked.findings if each.code == "worldview-not-offered"]
    (line,) = (
        number
        for number, text in enumerate((tmp_path / "mapgen.yaml").read_text().splitlines(), 1)
        if '"UK"' in text
    )
    assert str(finding.position) == f"mapgen.yaml:{line}:3"
    assert finding.severity == "warning"
    assert "1:10m does not have the worldview of UK: expected one of neutral, de_facto" in finding.message
    (text,) = draw_project(checked).pages.values()
    assert '"name":"UA"' in text
    assert '"name":"UK"' not in text


def test_a_file_of_ones_own_has_one_view_only(tmp_path: Path) -> None:
    square = {"type": "Polygon", "coordinates": [[[9, 47], [10, 47], [10, 48], [9, 48], [9, 47]]]}
    feature = {"type": "Feature", "properties": {"ISO_A3": "LIE"}, "geometry": square}
    own = {"type": "FeatureCollection", "features": [feature]}
    write_project(tmp_path, territories=["LIE"], boundaries="own.geojson", worldviews=["UA"])
    (tmp_path / "own.geojson").write_text(json.dumps(own))
    checked = check_project(read_project(tmp_path))
    (finding,) = [each for each in checked.findings if each.code == "worldview-not-offered"]
    assert finding.message == "own.geojson has no disputed areas, so that all worldviews would look alike"
    (text,) = draw_project(checked).pages.values()
    assert '"worldviews"' not in text


@pytest.mark.parametrize(
    ("worldviews", "column", "message"),
    [
        (
            "[neutral, netral]",
            23,
            "'netral' is not a worldview. Expected neutral, de_facto, international or ",
        ),
        ("[neutral, ua]", 23, "Did you mean 'UA'?"),
        ("[UA, RU, UA]", 13, "'UA' stands in the list twice."),
        ("{UA: yes}", 13, "worldviews: expected a list"),
    ],
)
def test_what_the_list_cannot_hold(tmp_path: Path, worldviews: str, column: int, message: str) -> None:
    write_project(tmp_path)
    (tmp_path / "mapgen.yaml").write_text(
        "title: Map\nterritories: [LIE]\nsources: sources.yaml\nannotations: [claims.yaml]\n"
        f"worldviews: {worldviews}\n"
    )
    with pytest.raises(InputError) as caught:
        read_project(tmp_path)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"mapgen.yaml:5:{column}: ")
    assert message in str(problem)


def test_pages_carry_the_list() -> None:
    carried = unpack(find_block(page("cyprus"), "map.html"))
    assert carried.files.settings["worldviews"] == ["international", "TR"]
