"""The words in which a page tells readers of grades, precision, worldviews and projections.

In: the values of the model. Out: English sentences and phrases. Nothing is decided here, and an empty value
stays empty: a claim without a grade is "ungraded", one without a date "undated".
"""

from __future__ import annotations

from collections.abc import Mapping

from mapgen import dates
from mapgen.model import Annotation
from mapgen.projection import Projection

UNDATED, UNGRADED = "undated", "ungraded"

RELIABILITY: Mapping[str, str] = {
    "A": "completely reliable source",
    "B": "usually reliable source",
    "C": "fairly reliable source",
    "D": "not usually reliable source",
    "E": "unreliable source",
    "F": "reliability of the source cannot be judged",
}
"""Admiralty code: reliability of the source."""

CREDIBILITY: Mapping[int, str] = {
    1: "confirmed",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "truth cannot be judged",
}
"""Admiralty code: credibility of the information."""

PRECISION: Mapping[int, str] = {
    1: "exact place",
    2: "near the place",
    3: "district level",
    4: "province level",
    5: "line or fuzzy feature",
    6: "country level",
    7: "international",
}
"""UCDP's precision of a location."""

WORLDVIEWS: Mapping[str, str] = {
    "neutral": "Worldview: neutral. Disputed areas are hatched and given to no side.",
    "de_facto": "Worldview: de facto. Areas are drawn with whoever administers them on the ground.",
    "international": "Worldview: international. Areas are drawn with the state that most others recognise.",
}


def describe_date(date: str | None) -> str:
    """Return an EDTF date in words, "undated" for none."""
    return dates.describe(date) if date else UNDATED


def describe_grades(annotation: Annotation) -> str:
    """Return the two Admiralty grades with their meaning, "ungraded" if there is neither."""
    reliability, credibility = annotation.source_reliability, annotation.info_credibility
    if reliability is None and credibility is None:
        return UNGRADED
    code = f"{reliability or '–'}{credibility or '–'}"
    meaning = [RELIABILITY[reliability]] if reliability else ["source ungraded"]
    meaning.append(CREDIBILITY[credibility] if credibility else "information ungraded")
    return f"{code}: {', '.join(meaning)}"


def describe_worldview(worldview: str, *, known: bool = True) -> str:
    """Return what a worldview means for the map; `known` tells whether the dataset has disputed areas."""
    if not known:
        return "Worldview: that of the boundary file, which marks no disputed areas; drawn as it is."
    return WORLDVIEWS.get(
        worldview, f"Worldview: {worldview}. Areas are drawn as maps made in that country draw them."
    )


def describe_projection(projection: Projection) -> str:
    """Return the projection as the footer states it."""
    if projection.name == "mercator":
        return "Mercator projection: areas grow towards the poles."
    lower, upper = (f"{abs(lat):g}°{'NS'[lat < 0]}" for lat in sorted((projection.lat_1, projection.lat_2)))
    return f"Albers equal-area conic projection, true to scale along {lower} and {upper}."


def describe_dispute(administered_by: str, claimed_by: str) -> str:
    """Return who administers a disputed area and who claims it, names given; only what the data says."""
    said = []
    if administered_by:
        said.append(f"administered by {administered_by}")
    if claimed_by:
        said.append(f"claimed by {claimed_by}")
    return ", ".join(said) or "disputed"
