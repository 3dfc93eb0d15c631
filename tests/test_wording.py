"""Wording: what readers are told of grades, dates, worldviews and projections."""

from __future__ import annotations

import pytest

from mapgen import wording
from mapgen.projection import Projection
from tests.projects import at, claim


@pytest.mark.parametrize(
    ("grades", "words"),
    [
        ({}, "ungraded"),
        ({"source_reliability": "B", "info_credibility": 2}, "B2: usually reliable source, probably true"),
        (
            {"source_reliability": "F"},
            "F\u2013: reliability of the source cannot be judged, information ungraded",
        ),
        ({"info_credibility": 6}, "\u20136: source ungraded, truth cannot be judged"),
    ],
    ids=str,
)
def test_the_two_grades_are_never_merged_and_never_made_up(grades: dict, words: str) -> None:
    assert wording.describe_grades(claim(at("territory", "AFG"), **grades)) == words


def test_no_date_is_undated() -> None:
    assert wording.describe_date(None) == "undated"
    assert wording.describe_date("2015-12") == "December 2015"


def test_worldviews_are_told() -> None:
    assert wording.describe_worldview("neutral").startswith("Worldview: neutral.")
    assert wording.describe_worldview("UA").startswith("Worldview: UA.")
    assert wording.describe_worldview("UA", country="Ukraine").startswith("Worldview: Ukraine (UA).")


def test_projections_are_told() -> None:
    assert wording.describe_projection(Projection("mercator", 60.0)).startswith("Mercator projection")
    conic = Projection("conic", 60.0, 40.0, 55.0, -5.5)
    assert wording.describe_projection(conic).endswith("true to scale along 5.5°S and 55°N.")


@pytest.mark.parametrize(
    ("administered", "claimed", "words"),
    [
        ("Russia", "Ukraine", "administered by Russia, claimed by Ukraine"),
        ("Russia", "", "administered by Russia"),
        ("", "Ukraine", "claimed by Ukraine"),
        ("", "", "disputed"),
    ],
)
def test_only_what_is_known_is_said_of_a_dispute(administered: str, claimed: str, words: str) -> None:
    assert wording.describe_dispute(administered, claimed) == words
