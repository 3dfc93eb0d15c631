"""Facets and times: by what claims can be filtered, and when they are."""

from __future__ import annotations

from typing import Any

from mapgen.facets import facets_of, times_of
from mapgen.languages import read_words
from mapgen.model import Annotation, Source, Speaker
from tests.projects import at, claim

SOURCES = {"report": Source(id="report", title="A report"), "paper": Source(id="paper", title="A paper")}
NAMES = {"AFG": "Afghanistan", "TJK": "Tajikistan", "UZB": "Uzbekistan"}


def _facets(*annotations: Annotation, language: str = "en", **codes: tuple[str, ...]) -> dict[str, Any]:
    made = facets_of(
        annotations,
        {each.id: codes.get(each.id, ()) for each in annotations},
        sources=SOURCES,
        name=lambda code: NAMES[code],
        words=read_words(language),
    )
    return {facet["key"]: facet for facet in made}


def _dated(date: str | None, **changes: Any) -> Annotation:
    return claim(at("place", "Kabul"), date=date, **changes)


def test_a_facet_without_a_choice_is_left_out() -> None:
    assert _facets(claim(at("place", "Kabul")), claim(at("place", "Kabul"), id="two")) == {}


def test_values_are_offered_by_how_many_claims_have_them() -> None:
    one, two, three = (claim(at("place", "Kabul"), id=name) for name in ("one", "two", "three"))
    facet = _facets(one, two, three, one=("TJK",), two=("AFG", "TJK", "AFG"))["territory"]
    assert facet["title"] == "Territory"
    assert facet["values"] == [["TJK", "Tajikistan"], ["AFG", "Afghanistan"]]
    assert facet["of"] == [0, [1, 0], []]


def test_a_border_is_one_whatever_the_order_of_its_codes() -> None:
    one = claim(at("border", ("AFG", "TJK")), at("border", ("AFG", "UZB")))
    two = claim(at("border", ("TJK", "AFG")), id="two")
    facet = _facets(one, two)["border"]
    assert facet["values"] == [["AFG-TJK", "Afghanistan–Tajikistan"], ["AFG-UZB", "Afghanistan–Uzbekistan"]]
    assert facet["of"] == [[0, 1], 0]


def test_speakers_are_known_by_name_else_role_and_none_is_a_value() -> None:
    facet = _facets(
        claim(at("place", "Kabul"), speaker=Speaker(name="A name", role="a role")),
        claim(at("place", "Kabul"), id="two", speaker=Speaker(role="a role")),
        claim(at("place", "Kabul"), id="three"),
    )["speaker"]
    assert facet["values"] == ["A name", "a role", ["-", "no speaker named"]]


def test_grades_and_standing_have_their_own_order() -> None:
    graded = {"source_reliability": "B", "info_credibility": 2}
    facets = _facets(
        claim(at("place", "Kabul"), status="retracted"),
        claim(at("place", "Kabul"), id="two", **graded),
        claim(at("place", "Kabul"), id="three", source_reliability="A", source="paper"),
    )
    assert [value[0] for value in facets["grade"]["values"]] == ["A", "B2", "-"]
    assert facets["grade"]["values"][1][1] == "B2: usually reliable source, probably true"
    assert facets["grade"]["of"] == [2, 1, 0]
    assert facets["status"]["values"] == ["asserted", "retracted"]
    assert facets["source"]["values"] == [["report", "A report"], ["paper", "A paper"]]


def test_periods_are_years_and_open_ends_go_on() -> None:
    facet = _facets(
        _dated("2014-11/2015-02"),
        _dated("2016", id="two"),
        _dated("2015-06/..", id="three"),
        _dated(None, id="four"),
    )["period"]
    assert facet["values"] == ["2014", "2015", "2016", ["-", "undated"]]
    assert facet["of"] == [[0, 1], 2, [1, 2], 3]


def test_periods_are_decades_or_centuries_where_years_would_be_many() -> None:
    decades = _facets(_dated("1946"), _dated("1990-11-14", id="two"))["period"]
    assert decades["values"] == [["194X", "the 1940s"], ["199X", "the 1990s"]]
    centuries = _facets(_dated("1648"), _dated("1946", id="two"))["period"]
    assert [value[0] for value in centuries["values"]] == ["16XX", "19XX"]


def test_titles_and_words_are_those_of_the_language() -> None:
    facet = _facets(_dated("2015"), _dated(None, id="two"), language="ru")["period"]
    assert facet["title"] != "Period"
    assert facet["values"][1] == ["-", read_words("ru")("undated")]


def test_times_are_days_with_open_ends_and_marks() -> None:
    dates = ("1970-01-02", "1970", None, "1970-01-01/..", "../1969-12-31", "1970~", "1970?", "1970%")
    assert times_of([_dated(date, id=f"c{i}") for i, date in enumerate(dates)]) == [
        [1, 1, 0],
        [0, 364, 0],
        None,
        [0, None, 0],
        [None, -1, 0],
        [0, 364, 1],
        [0, 364, 2],
        [0, 364, 3],
    ]
