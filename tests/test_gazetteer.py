"""The gazetteer: every place can be called by its name, or the message says how."""

from __future__ import annotations

import re

import pytest

from mapgen.gazetteer import CannotPlace, Gazetteer

GAZETTEER = Gazetteer(["AFG", "UZB"])


def _refusal(text: str) -> CannotPlace:
    with pytest.raises(CannotPlace) as caught:
        GAZETTEER.find(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "name", "longitude", "latitude"),
    [
        ("Kabul", "Kabul", 69.2, 34.5),
        ("kabul", "Kabul", 69.2, 34.5),
        ("  Kabul ", "Kabul", 69.2, 34.5),
        ("Termez", "Termiz", 67.3, 37.2),
        ("Termez, UZB", "Termiz", 67.3, 37.2),
        ("Termez, Uzbekistan", "Termiz", 67.3, 37.2),
        ("Washington, D.C.", "Washington, D.C.", -77.0, 38.9),
        ("Washington, D.C., USA", "Washington, D.C.", -77.0, 38.9),
        ("San Jose, California", "San Jose", -121.9, 37.3),
        ("Łódź", "Lódz", 19.5, 51.8),
        ("Lodz", "Lódz", 19.5, 51.8),
        ("Lódz, pol", "Lódz", 19.5, 51.8),
        ("Malmö", "Malmö", 13.0, 55.6),
        ("Malmo", "Malmö", 13.0, 55.6),
        ("Tromsø", "Tromsø", 19.0, 69.6),
        ("DIYARBAKIR", "Diyarbakir", 40.2, 37.9),
        ("Diyarbakır", "Diyarbakir", 40.2, 37.9),
        ("Sana\u02bda", "Sanaa", 44.2, 15.4),
        ("Tripoli, LBY", "Tripoli", 13.2, 32.9),
        ("Tripoli, Libya", "Tripoli", 13.2, 32.9),
    ],
)
def test_a_place_is_found_by_any_of_its_spellings(
    text: str, name: str, longitude: float, latitude: float
) -> None:
    stop = GAZETTEER.find(text)
    assert stop.name == name
    assert stop.anchor == pytest.approx((longitude, latitude), abs=0.15)
    assert stop.code is None


def test_an_unknown_place_brings_up_the_nearest_spellings() -> None:
    refusal = _refusal("Tirmez")
    assert (refusal.code, refusal.message) == ("unknown-place", "unknown place 'Tirmez'")
    assert refusal.remedy.startswith("Did you mean 'Termez'")


def test_a_place_that_is_like_nothing_can_be_given_by_coordinates() -> None:
    assert _refusal("Xqzwvkj").remedy == "Correct the name, or give it as point: [longitude, latitude]"
    assert _refusal("Stettin").remedy == _refusal("Xqzwvkj").remedy, "Stettler is like it in letters only"
    assert _refusal("Tirmez").remedy.endswith("Correct the name, or give it as point: [longitude, latitude]")
    assert _refusal("Kabul, Atlantis").code == "unknown-place"
    assert len(_refusal("x" * 100_000).message) < 100


def test_an_ambiguous_place_says_how_to_call_each_and_each_call_finds_one() -> None:
    refusal = _refusal("London")
    assert refusal.code == "ambiguous-place"
    assert refusal.message == "3 places are called 'London'"
    assert refusal.remedy == (
        "Say which: 'London, USA'; 'London, CAN'; 'London, GBR'; or give it as point: [longitude, latitude]"
    )
    calls = re.findall(r"'([^']*)'", refusal.remedy)
    assert len({GAZETTEER.find(call).anchor for call in calls}) == 3


def test_a_region_tells_places_of_one_country_apart_and_only_those() -> None:
    calls = re.findall(r"'([^']*)'", _refusal("Tripoli").remedy)
    assert set(calls) >= {"Tripoli, LBY", "Tripoli, LBN"}
    for text in ("Springfield", "Springfield, USA"):
        assert "'Springfield, Illinois'" in _refusal(text).remedy


def test_a_name_with_a_region_where_it_is_not_brings_up_where_it_is() -> None:
    assert _refusal("Kabul, Atlantis").remedy.startswith("Did you mean 'Kabul, AFG'?")
    assert _refusal("Paris, Texas").remedy.startswith("Correct the name"), "it does not mean the other Paris"


def test_suggestions_are_in_the_projects_territories_first() -> None:
    assert Gazetteer(["DEU"])._near("Hanover")[0] == "Hannover"
    assert Gazetteer(["CAN"])._near("Vadus")[0] == "Vaduz"


def test_the_projects_own_territories_come_first() -> None:
    places = GAZETTEER.places
    twice = places[places["name"].duplicated(keep=False)]
    own = twice[twice["adm0_a3"].isin(["USA"])].drop_duplicates("name", keep=False)["name"]
    found = [Gazetteer(["USA"]).find(name) for name in own.head(20)]
    assert len(found) == 20


def test_bars_and_commas_are_no_way_around_the_names() -> None:
    for text in ("|", ",", "Kabul|", "|Kabul|", ", Kabul", "", "Kabul,"):
        try:
            assert GAZETTEER.find(text).name == "Kabul"
        except CannotPlace as refusal:
            assert refusal.code == "unknown-place"
