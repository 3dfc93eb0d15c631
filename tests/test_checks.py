"""Checks: what the boundary data says of statements about geography, in sentences for readers."""

from __future__ import annotations

import pytest

from mapgen.checks import AssertionTester, check_assertions, check_points
from tests.projects import at, claim, default_project, placer, statement

TESTER = AssertionTester(placer())


def _test(kind: str, **said: object) -> tuple[str, str]:
    outcome = TESTER.test(statement(kind, **said))
    return outcome.result, outcome.sentence


def test_a_shared_border_is_told_with_its_length() -> None:
    said = "Afghanistan and Tajikistan share a border of 1,170 km at 1:10m."
    assert _test("shares_border", pair=("AFG", "TJK")) == ("holds", said)


def test_territories_apart_are_told_with_what_lies_between() -> None:
    result, sentence = _test("shares_border", pair=("KAZ", "TJK"))
    assert result == "refuted"
    assert sentence == (
        "Kazakhstan and Tajikistan share no border: they are 46 km apart at the nearest. "
        "China, Kyrgyzstan and Uzbekistan border both."
    )


def test_one_between_is_told_in_the_singular() -> None:
    _, sentence = _test("shares_border", pair=("PRT", "FRA"))
    assert sentence.endswith("Spain borders both.")


def test_territories_farther_apart_are_not_said_to_be_bordered_by_all_on_the_way() -> None:
    _, sentence = _test("shares_border", pair=("AFG", "DEU"))
    assert sentence.endswith(
        "A shortest way over land borders leads through China, Russia, Belarus and Poland."
    )


def test_islands_are_reached_by_no_land() -> None:
    result, sentence = _test("shares_border", pair=("AUS", "DEU"))
    assert result == "refuted"
    assert sentence.endswith("No way by land leads from one to the other.")


def test_a_territory_does_not_border_itself() -> None:
    result, sentence = _test("shares_border", pair=("AFG", "AFG"))
    assert (result, sentence) == ("refuted", "Afghanistan is one territory: it shares no border with itself.")


def test_between_holds_only_in_part_for_tajikistan() -> None:
    result, sentence = _test("between", territory="KAZ", from_=("TKM", "UZB", "TJK"), to="RUS")
    assert result == "partly"
    assert sentence == (
        "Kazakhstan borders Turkmenistan (373 km), Uzbekistan (2,183 km) and Russia (6,658 km) at 1:10m. "
        "Kazakhstan and Tajikistan share no border: they are 46 km apart at the nearest. "
        "China, Kyrgyzstan and Uzbekistan border both."
    )


def test_between_holds_where_all_border_it_and_none_goes_around() -> None:
    assert _test("between", territory="KAZ", from_=("TKM", "UZB"), to="RUS")[0] == "holds"


def test_between_is_partial_where_there_is_a_way_around() -> None:
    result, sentence = _test("between", territory="UZB", from_=("AFG",), to="TKM")
    assert result == "partly"
    assert sentence.endswith("Afghanistan also borders Turkmenistan directly.")
    _, sentence = _test("between", territory="UZB", from_=("AFG", "KAZ"), to="TKM")
    assert sentence.endswith("Afghanistan and Kazakhstan also border Turkmenistan directly.")


@pytest.mark.parametrize(("from_", "to"), [(("PAK",), "RUS"), (("TKM",), "PAK")])
def test_between_is_refuted_where_one_side_is_not_reached(from_: tuple[str, ...], to: str) -> None:
    assert _test("between", territory="KAZ", from_=from_, to=to)[0] == "refuted"


SIDES = {
    "TKM": {"north", "west"},
    "UZB": {"north"},
    "TJK": {"north", "east"},
    "CHN": {"north", "east"},
    "PAK": {"south", "east"},
    "IRN": {"west"},
}


@pytest.mark.parametrize("side", ["north", "south", "east", "west"])
@pytest.mark.parametrize("code", SIDES)
def test_each_neighbour_of_afghanistan_lies_on_its_sides(code: str, side: str) -> None:
    result, sentence = _test("borders_on", territory="AFG", side=side, with_=(code,))
    lies = side in SIDES[code]
    assert result == ("holds" if lies else "refuted")
    assert f"{'lies' if lies else 'does not lie'} in the {side} of Afghanistan." in sentence


def test_the_three_republics_lie_in_the_north() -> None:
    assert _test("borders_on", territory="AFG", side="north", with_=("TKM", "UZB", "TJK")) == (
        "holds",
        "The borders with Turkmenistan, Uzbekistan and Tajikistan lie in the north of Afghanistan.",
    )


def test_some_on_a_side_is_partly() -> None:
    result, sentence = _test("borders_on", territory="AFG", side="north", with_=("UZB", "PAK", "KAZ"))
    assert result == "partly"
    assert "The border with Uzbekistan lies in the north of Afghanistan." in sentence
    assert "The border with Pakistan does not lie in the north of Afghanistan." in sentence
    assert "Afghanistan and Kazakhstan share no border: they are 302 km apart" in sentence


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "shares_border", "pair": ("AFG", "TJX")},
        {"kind": "between", "territory": "TJX", "from_": ("AFG",), "to": "KAZ"},
        {"kind": "between", "territory": "AFG", "from_": ("TJX",), "to": "KAZ"},
        {"kind": "between", "territory": "AFG", "from_": ("KAZ",), "to": "TJX"},
        {"kind": "borders_on", "territory": "AFG", "side": "north", "with_": ("TJX",)},
    ],
    ids=str,
)
def test_a_code_that_the_data_lacks_leaves_a_statement_untested(said: dict[str, object]) -> None:
    result, sentence = _test(**said)
    assert result == "untested"
    assert sentence.startswith("Not tested: unknown territory 'TJX'")
    assert sentence.endswith("Did you mean 'TJK'?")


def test_the_default_project_has_one_note_and_nothing_worse() -> None:
    outcomes, [finding] = check_assertions(default_project().annotations, TESTER)
    assert [each.result for each in outcomes["hertling-north-afg"]] == ["holds"] * 4
    assert [each.result for each in outcomes["hertling-kaz-between"]] == ["partly"]
    assert outcomes["isis-3000"] == []
    assert (finding.severity, finding.code) == ("note", "assertion-partly")
    assert str(finding.position).startswith("data/annotations/concerns.yaml:")


def test_refuted_and_untested_statements_are_warnings() -> None:
    wrong = statement("shares_border", pair=("AFG", "RUS"))
    unknown = statement("shares_border", pair=("AFG", "ZZZ"))
    _, findings = check_assertions([claim(at("territory", "AFG"), asserts=(wrong, unknown))], TESTER)
    assert [(each.severity, each.code) for each in findings] == [
        ("warning", "assertion-refuted"),
        ("warning", "assertion-untested"),
    ]


def _far(territories: tuple[str, ...], *points: tuple[float, float]) -> list[str]:
    here = placer(territories=territories)
    where = [at("territory", "DEU"), *(at("point", point) for point in points)]
    here.project = here.project.model_copy(update={"annotations": (claim(*where),)})
    findings = check_points(here)
    assert {(each.severity, each.code) for each in findings} <= {("warning", "point-far-away")}
    return [each.message for each in findings]


def test_a_point_with_its_latitude_first_is_far_away() -> None:
    outside = "lies outside the project's territories and their neighbours"
    assert _far(("POL",), (52.23, 21.01)) == [
        f"the point [52.23, 21.01] {outside}; did you mean [21.01, 52.23]?"
    ]
    assert _far(("POL",), (100.5, 13.75)) == [f"the point [100.5, 13.75] {outside}"]


def test_points_in_territories_their_neighbours_and_off_their_coasts_are_not_far_away() -> None:
    assert _far(("POL",), (21.01, 52.23), (13.4, 52.5), (18.5, 55.5)) == []
    assert _far(("RUS",), (-170.5, 66.0), (179.9, 68.9), (-179.9, 68.9)) == []


def test_the_default_project_has_no_point_far_away() -> None:
    here = placer()
    here.project = default_project()
    assert check_points(here) == []
