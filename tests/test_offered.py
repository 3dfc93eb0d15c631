"""Offered: what a page says of the worldviews that readers can switch between, in the words of a language."""

from __future__ import annotations

from typing import Any

from mapgen.languages import Name, Phrase, read_words
from mapgen.offered import offer_worldviews
from mapgen.prepared import PreparedMap, PreparedProjection, PreparedView

UKRAINE = Name("Ukraine", "territory", "UKR")
PART = Phrase("view.part", {"name": Name("Kosovo", "territory", "KOS"), "whole": "Serbia"})


def _map(*views: PreparedView) -> PreparedMap:
    return PreparedMap(
        fragment="",
        kinds=("border-agreed", "border-disputed", "area-disputed", "form-border"),
        territories=(),
        cities=(),
        disputed=(),
        projection=PreparedProjection("mercator", 0, 0),
        views=views,
    )


NEUTRAL = PreparedView("neutral", None, ("border-agreed", "border-disputed", "area-disputed"), {})
UKRAINIAN = PreparedView("UA", UKRAINE, ("border-agreed",), {"two": (PART,)})


def _offer(language: str = "en", *views: PreparedView) -> list[dict[str, Any]]:
    words = read_words(language)
    return offer_worldviews(_map(*(views or (NEUTRAL, UKRAINIAN))), ["one", "two"], words, words.tell)


def test_worldviews_have_titles_and_statements() -> None:
    neutral, ukrainian = _offer()
    assert (neutral["name"], neutral["title"]) == ("neutral", "Neutral")
    assert neutral["says"] == "Worldview: neutral. Disputed areas are hatched and given to no side."
    assert (ukrainian["name"], ukrainian["title"]) == ("UA", "Ukraine")
    assert ukrainian["says"] == ("Worldview: Ukraine (UA). Areas are drawn as maps made there draw them.")


def test_what_a_worldview_does_not_show_is_hidden_in_the_legend() -> None:
    neutral, ukrainian = _offer()
    assert neutral["hidden"] == []
    assert ukrainian["hidden"] == [1, 2]


def test_what_a_claim_misses_is_told_with_where_it_is_drawn() -> None:
    neutral, ukrainian = _offer()
    assert neutral["missed"] == []
    part = "In this worldview Kosovo is part of Serbia."
    kept = "The claim is drawn as in the worldview that the map opens on."
    assert ukrainian["missed"] == [[1, f"{part} {kept}"]]


def test_a_country_that_the_data_does_not_name_has_its_code() -> None:
    (unknown,) = _offer("en", PreparedView("XK", None, (), {}))
    assert unknown["title"] == "XK"
    assert unknown["says"].startswith("Worldview: XK. ")


def test_other_languages_have_the_words() -> None:
    said = {language: [each["says"] for each in _offer(language)] for language in ("en", "fr", "ru", "fa")}
    assert len({text for texts in said.values() for text in texts}) == 8
    assert [each["title"] for each in _offer("fr")] == ["Neutre", "Ukraine"]


def test_one_worldview_is_no_offer() -> None:
    assert offer_worldviews(_map(), ["one"], read_words("en"), str) == []
