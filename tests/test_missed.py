"""What claims name and another worldview does not have is said with the claim."""

from __future__ import annotations

import pytest

from mapgen.languages import read_words
from tests.disputed import boundaries, drawing


def _said(region: str, view: str, worldview: str = "neutral") -> dict[str, list[str]]:
    views = [each.worldview for each in boundaries(region, worldview).views]
    missed = drawing(region, worldview).missed[views.index(view)]
    words = read_words("en")
    return {identity: [words.tell(phrase) for phrase in phrases] for identity, phrases in missed.items()}


@pytest.mark.parametrize(
    ("view", "otherwise"), [("de_facto", True), ("UA", False), ("neutral", False), ("RU", True)]
)
def test_a_border_that_goes_on_around_a_dispute_is_told(view: str, otherwise: bool) -> None:
    told = "In this worldview the border of Russia and Ukraine runs otherwise."
    assert _said("crimea", view) == ({"border": [told]} if otherwise else {})


def test_what_is_told_depends_on_the_view_that_the_map_opens_on() -> None:
    assert _said("crimea", "RU", "de_facto") == {}
    assert "border" in _said("crimea", "neutral", "de_facto")


def test_a_border_that_is_not_there_is_told() -> None:
    """On the ground Israel meets Syria; where the Golan Heights are given to no side, it does not."""
    assert _said("golan", "neutral", "de_facto") == {
        "border": ["In this worldview Israel and Syria share no border."]
    }


def test_a_territory_that_is_none_is_told_with_what_it_is_part_of() -> None:
    said = _said("cyprus", "international")
    part = "In this worldview Northern Cyprus is part of Cyprus."
    assert said["north"] == [part]
    assert said["line"][0] == part
    assert "troodos" not in said


def test_one_worldview_misses_nothing() -> None:
    assert drawing("crimea").missed[0] == {}
