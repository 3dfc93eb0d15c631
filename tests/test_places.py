"""Places: every kind of location on the real boundary data, and what is said of those that are not there."""

from __future__ import annotations

import pytest
import shapely
from shapely.geometry import Point

from mapgen.languages import read_words
from mapgen.places import describe_length, named_codes, place_annotations
from tests.projects import at, boundaries, claim, default_project, place, placer


def test_a_border_is_the_line_that_both_territories_share() -> None:
    [placement], findings = place(at("border", ("TJK", "AFG")))
    assert findings == []
    shape = boundaries().territories.geometry
    for code in ("AFG", "TJK"):
        assert shapely.length(shapely.difference(placement.geometry, shape.at[code].boundary)) < 1e-9
    assert shapely.distance(Point(placement.anchor), placement.geometry) < 1e-9
    assert placement.text == "Border Tajikistan\u2013Afghanistan"
    assert placement.codes == ("TJK", "AFG")
    assert not placement.schematic
    english = read_words("en")
    assert english.tell(describe_length(placement, 10_000_000)) == "1,170 km at 1:10m"
    assert english.tell(describe_length(placement, None)) == "1,170 km"


def test_a_relation_joins_the_label_points_of_its_ends() -> None:
    [placement], _ = place(at("relation", ("RUS", "Termez")))
    ends = shapely.get_coordinates(placement.geometry)
    assert tuple(ends[0]) == placer().label_point("RUS")
    assert ends[1] == pytest.approx([67.27, 37.23], abs=0.01)
    assert (placement.schematic, placement.codes) == (True, ("RUS",))
    assert placement.text == "Russia \u2013 Termiz"


def test_a_claim_on_a_whole_territory_stays_on_the_whole() -> None:
    [placement], _ = place(at("territory", "AFG"))
    assert placement.geometry.equals(boundaries().territories.geometry.at["AFG"])
    assert placement.geometry.contains(Point(placement.anchor))
    assert placement.text == "Afghanistan"
    assert describe_length(placement, 10_000_000) is None


def test_every_territory_has_its_mark_inside_itself_or_where_the_data_has_its_label() -> None:
    here = placer()
    shapes = boundaries().territories.geometry
    far = [code for code in shapes.index if shapes.at[code].distance(Point(here.label_point(code))) > 3]
    assert far == ["UMI", "SGS"], "only these are islands scattered over an ocean"


def test_a_point_stays_where_it_was_put() -> None:
    [placement], _ = place(at("point", (67.28, 37.22)))
    assert (placement.geometry.x, placement.geometry.y) == placement.anchor == (67.28, 37.22)
    assert placement.text == "37.22° N, 67.28° E"
    [south_west], _ = place(at("point", (-67.5, -37.0)))
    assert south_west.text == "37° S, 67.5° W"


def test_a_place_is_a_point_of_the_gazetteer() -> None:
    [placement], _ = place(at("place", "Moscow"))
    assert placement.anchor == pytest.approx((37.6, 55.75), abs=0.1)
    assert placement.text == "Moscow"


def test_an_area_is_the_polygon_of_its_file_with_a_mark_inside() -> None:
    [placement], _ = place(at("area", "data/areas/north-caucasus.geojson"))
    assert placement.text == "North Caucasus"
    assert placement.geometry.contains(Point(placement.anchor))


def test_an_authors_label_is_what_readers_see() -> None:
    for location in (
        at("border", ("AFG", "TJK"), label="The Panj"),
        at("route", ("AFG", "TJK"), label="The Panj"),
        at("relation", ("AFG", "TJK"), label="The Panj"),
        at("point", (67.0, 37.0), label="The Panj"),
        at("territory", "AFG", label="The Panj"),
    ):
        [placement], _ = place(location)
        assert placement.text == "The Panj"


@pytest.mark.parametrize(
    ("location", "code", "message", "remedy"),
    [
        (
            at("border", ("TJK", "KAZ")),
            "no-such-border",
            "Tajikistan (TJK) and Kazakhstan (KAZ) share no border in Natural Earth 5.1.1, 1:10m: 46 km "
            "apart at the nearest; between them: China (CHN), Kyrgyzstan (KGZ), Uzbekistan (UZB)",
            "relation: [TJK, KAZ]",
        ),
        (at("border", ("AFG", "TJX")), "unknown-territory", "unknown territory 'TJX'", ""),
        (at("territory", "XYZ"), "unknown-territory", "unknown territory 'XYZ'", ""),
        (at("route", ("AFG", "TJX", "KAZ")), "unknown-territory", "Did you mean 'TJK'?", ""),
        (at("relation", ("AFG", "Atlantis City")), "unknown-place", "unknown place 'Atlantis City'", ""),
        (at("place", "Tirmez"), "unknown-place", "unknown place 'Tirmez'", "Did you mean 'Termez'"),
        (at("place", "London"), "ambiguous-place", "3 places are called 'London'", "'London, CAN'"),
        (
            at("area", "data/areas/none.geojson"),
            "unreadable-area",
            "'data/areas/none.geojson' is not there",
            "GeoJSON",
        ),
    ],
)
def test_what_is_not_there_is_an_error_that_says_what_to_do(location, code, message, remedy) -> None:
    placements, [finding] = place(location)
    assert placements == []
    assert (finding.severity, finding.code) == ("error", code)
    assert message in finding.message
    assert remedy in finding.remedy


def test_of_many_pairs_without_a_border_only_some_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapgen.places.MOST_EXPLAINED", 1)
    pairs = (("TJK", "KAZ"), ("TJK", "TKM"), ("TJK", "KAZ"))
    _, findings = place(*(at("border", pair) for pair in pairs))
    first, second, third = (finding.message for finding in findings)
    assert first == third
    assert second == (
        "Tajikistan (TJK) and Turkmenistan (TKM) share no border; `mapgen borders TJK TKM` tells more"
    )


def test_what_can_be_placed_is_placed_beside_what_cannot() -> None:
    placements, findings = place(at("territory", "AFG"), at("territory", "XYZ"), at("place", "Kabul"))
    assert [each.text for each in placements] == ["Afghanistan", "Kabul"]
    assert len(findings) == 1


def test_all_claims_of_the_default_project_are_placed_without_a_finding() -> None:
    here = placer()
    here.project = default_project()
    placements, findings = place_annotations(here)
    assert findings == []
    assert list(placements) == [each.id for each in default_project().annotations]
    for annotation in default_project().annotations:
        assert len(placements[annotation.id]) == len(annotation.where)
    assert named_codes(placements) == ["AFG", "TKM", "UZB", "TJK", "KAZ", "RUS", "SYR"]


def test_a_claim_on_a_country_is_never_a_point() -> None:
    here = placer()
    for annotation in default_project().annotations:
        placements, _ = here.place(annotation)
        for placement in placements:
            if placement.location.kind in ("territory", "area"):
                assert placement.geometry.geom_type in ("Polygon", "MultiPolygon")


def test_territories_beyond_the_project_can_be_named() -> None:
    [placement], findings = place(at("border", ("ARG", "CHL")))
    assert findings == []
    assert placement.geometry.length > 40
    assert placer().place(claim(at("territory", "SYR")))[1] == []
