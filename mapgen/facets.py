"""Say by what the claims of a map can be filtered: which values they have in common, and when they are.

In: annotations in the order of a map, the territories that each names, and words. Out: small tables of plain
data for the page's script. Counting and choosing is done in the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from mapgen import dates, wording
from mapgen.languages import Words
from mapgen.model import Annotation, Source

NONE = "-"
"""Stands for a value that a claim does not have: no speaker, no grade."""
MOST_YEARS = 12
"""Periods are years where there are no more of them, else decades, else centuries."""

_EPOCH = date(1970, 1, 1).toordinal()
_STATUSES = ("asserted", "disputed", "corroborated", "retracted")

Values = dict[str, str]
"""Texts by id, in the order in which they are offered."""


def facets_of(
    annotations: Sequence[Annotation],
    codes: Mapping[str, Sequence[str]],
    *,
    sources: Mapping[str, Source],
    name: Callable[[str], str],
    words: Words,
) -> list[dict[str, Any]]:
    """Return the facets that have a choice of at least two values.

    Parameters
    ----------
    annotations : sequence of Annotation
        In the order of the map's claims.
    codes : mapping of str to sequence of str
        Territories that a claim's locations name, by annotation id.
    sources : mapping of str to Source
    name : callable
        Returns a territory's name in the page's language.
    words : Words

    Returns
    -------
    list of dict
        ``key``, ``title``, ``values`` (a text, or ``[id, text]`` where they differ) and ``of``: for each
        claim the number of its value, or a list of numbers.
    """
    made = {
        "territory": _common([codes[each.id] for each in annotations], name),
        "border": _common(
            [_borders(each) for each in annotations],
            lambda pair: words("list.pair", left=name(pair.split("-")[0]), right=name(pair.split("-")[1])),
        ),
        "speaker": _common(
            [[_speaker(each)] for each in annotations],
            lambda who: words("claim.no_speaker") if who == NONE else who,
        ),
        "source": _common([[each.source] for each in annotations], lambda key: sources[key].title),
        "grade": _grades(annotations, words),
        "status": _status(annotations, words),
        "period": _periods(annotations, words),
    }
    return [
        {
            "key": key,
            "title": words(f"facet.{key}"),
            "values": [text if text == value else [value, text] for value, text in values.items()],
            "of": _numbers(values, owned),
        }
        for key, (values, owned) in made.items()
        if len(values) > 1
    ]


def times_of(annotations: Iterable[Annotation]) -> list[list[int | None] | None]:
    """Return when each claim is: first and last day it can mean, and how sure that is.

    Parameters
    ----------
    annotations : iterable of Annotation

    Returns
    -------
    list
        None for an undated claim, else ``[first, last, mark]``: days since 1970-01-01, None for an open or
        unknown end; the mark is 1 for an approximate date, 2 for an uncertain one, 3 for both.
    """
    times: list[list[int | None] | None] = []
    for annotation in annotations:
        if annotation.date is None:
            times.append(None)
            continue
        when = dates.parse(annotation.date)
        mark = when.approximate + 2 * when.uncertain
        times.append([_day(when.earliest), _day(when.latest), mark])
    return times


def _day(day: date | None) -> int | None:
    return None if day is None else day.toordinal() - _EPOCH


Owned = list[Sequence[str]]


def _common(owned: Owned, text: Callable[[str], str]) -> tuple[Values, Owned]:
    """Offer the values that most claims have first; equals in the order in which they appear."""
    counts = Counter(value for own in owned for value in dict.fromkeys(own))
    return {value: text(value) for value, _ in counts.most_common()}, owned


def _sorted(owned: Owned, text: Callable[[str], str], order: Callable[[str], Any]) -> tuple[Values, Owned]:
    values = sorted({value for own in owned for value in own}, key=lambda each: (each == NONE, order(each)))
    return {value: text(value) for value in values}, owned


def _numbers(values: Values, owned: Owned) -> list[int | list[int]]:
    number = {value: index for index, value in enumerate(values)}
    several = [[number[value] for value in dict.fromkeys(own)] for own in owned]
    return [own[0] if len(own) == 1 else own for own in several]


def _borders(annotation: Annotation) -> list[str]:
    pairs = [sorted(map(str, each.value)) for each in annotation.where if each.kind == "border"]
    return ["-".join(pair) for pair in pairs]


def _speaker(annotation: Annotation) -> str:
    speaker = annotation.speaker
    return (speaker.name or speaker.role or NONE) if speaker else NONE


def _grades(annotations: Sequence[Annotation], words: Words) -> tuple[Values, Owned]:
    texts: Values = {}
    owned: Owned = []
    for each in annotations:
        code = f"{each.source_reliability or ''}{each.info_credibility or ''}" or NONE
        texts.setdefault(code, wording.describe_grades(each, words))
        owned.append([code])
    return _sorted(owned, texts.__getitem__, str)


def _status(annotations: Sequence[Annotation], words: Words) -> tuple[Values, Owned]:
    return _sorted([[e.status] for e in annotations], lambda it: words(f"status.{it}"), _STATUSES.index)


def _periods(annotations: Sequence[Annotation], words: Words) -> tuple[Values, Owned]:
    """Offer the years that claims are in, longer periods where there are many; open ends last to the last."""
    ends = [None if each.date is None else _years(each.date) for each in annotations]
    known = [year for pair in ends if pair for year in pair if year is not None]
    if not known:
        return {}, []
    first, last = min(known), max(known)
    owned: Owned = []
    for cut in range(3):
        owned = [_within(pair, cut, (first, last)) for pair in ends]
        if last // 10**cut - first // 10**cut < MOST_YEARS:
            break
    return _sorted(owned, lambda it: wording.describe_date(None if it == NONE else it, words), str)


_Years = tuple[int | None, int | None]


def _years(text: str) -> _Years:
    when = dates.parse(text)
    earliest, latest = when.earliest, when.latest
    return earliest.year if earliest else None, latest.year if latest else None


def _within(pair: _Years | None, cut: int, known: tuple[int, int]) -> list[str]:
    """Return the years, decades or centuries (`cut` digits less) that a claim may be in, as EDTF."""
    if pair is None:
        return [NONE]
    start, end = ((known[i] if year is None else year) // 10**cut for i, year in enumerate(pair))
    return [f"{number:0{4 - cut}d}{'X' * cut}" for number in range(start, end + 1)]
