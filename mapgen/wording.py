"""The words in which a page tells readers of grades, precision, worldviews and projections.

In: the values of the model, and the words of a language. Out: sentences and phrases. Nothing is decided here,
and an empty value stays empty: a claim without a grade is "ungraded", one without a date "undated".
"""

from __future__ import annotations

from mapgen import datewords
from mapgen.languages import Words, read_words
from mapgen.model import Annotation
from mapgen.prepared import PreparedProjection

ENGLISH = read_words("en")
WORLDVIEWS = ("neutral", "de_facto", "international")


def describe_date(date: str | None, words: Words = ENGLISH) -> str:
    """Return an EDTF date in words, "undated" for none."""
    return datewords.describe(date, words) if date else words("undated")


def describe_grades(annotation: Annotation, words: Words = ENGLISH) -> str:
    """Return the two Admiralty grades with their meaning, "ungraded" if there is neither."""
    reliability, credibility = annotation.source_reliability, annotation.info_credibility
    if reliability is None and credibility is None:
        return words("ungraded")
    code = f"{reliability or '–'}{credibility or '–'}"
    meaning = [
        words(f"reliability.{reliability}") if reliability else words("source_ungraded"),
        words(f"credibility.{credibility}") if credibility else words("information_ungraded"),
    ]
    return f"{code}: {words('list.comma').join(meaning)}"


def describe_worldview(
    worldview: str, words: Words = ENGLISH, *, country: str = "", known: bool = True
) -> str:
    """Return what a worldview means for the map.

    Parameters
    ----------
    worldview : str
    words : Words
    country : str
        Name of the country whose view it is, where that is known.
    known : bool
        Whether the dataset has disputed areas.
    """
    if not known:
        return words("footer.unknown")
    key = worldview if worldview in WORLDVIEWS else "country" if country else "national"
    return words(f"footer.{key}", worldview=worldview, country=country)


def describe_projection(projection: PreparedProjection, words: Words = ENGLISH) -> str:
    """Return the projection as the footer states it."""
    if projection.name == "mercator":
        return words("footer.mercator")
    lower, upper = (
        words("place.parallel", degrees=abs(lat), north=words("place.south" if lat < 0 else "place.north"))
        for lat in sorted((projection.lat_1, projection.lat_2))
    )
    return words("footer.conic", lower=lower, upper=upper)


def describe_dispute(administered_by: str, claimed_by: str, words: Words = ENGLISH) -> str:
    """Return who administers a disputed area and who claims it, names given; only what the data says."""
    said = []
    if administered_by:
        said.append(words("place.administered", names=administered_by))
    if claimed_by:
        said.append(words("place.claimed", names=claimed_by))
    return words("list.comma").join(said) or words("place.disputed")
