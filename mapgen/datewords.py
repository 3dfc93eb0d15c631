"""Dates in words for readers, in the page's language.

In: EDTF text, as ``dates`` reads it, and the words of a language. Out: a phrase such as "December 2015
(uncertain)". Nothing is guessed: what is not known of a date is said.
"""

from __future__ import annotations

from mapgen.dates import Point, parse
from mapgen.languages import Words, read_words


def describe(text: str, words: Words | None = None) -> str:
    """Return a date in words for readers.

    Parameters
    ----------
    text : str
        A valid EDTF date.
    words : Words, optional
        Of the reader's language; English by default.

    Examples
    --------
    >>> describe("2015-12?")
    'December 2015 (uncertain)'
    >>> describe("2015-11/2015-12")
    'between November and December 2015'
    """
    return _Writer(words or read_words("en")).whole(text)


class _Writer:
    """Writes dates in one language."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def whole(self, text: str) -> str:
        parsed = parse(text)
        start, end = parsed.start, parsed.end
        if isinstance(start, Point):
            if end is None:
                return self.marked(start, "")
            if isinstance(end, Point):
                return self.between(start, end)
            return self.one("since" if end == "open" else "since_unknown", start)
        assert isinstance(end, Point)  # parse() has seen to it
        return self.one("until" if start == "open" else "until_unknown", end)

    def one(self, key: str, point: Point) -> str:
        return self.words(f"date.{key}", date_of=self.marked(point, "_of"), date=self.marked(point, ""))

    def between(self, start: Point, end: Point) -> str:
        """Say both ends, and what they share (``December 2015``) only once."""
        short = ""
        if _is_plain(start) and _is_plain(end) and start.year == end.year and start.month and end.month:
            short = "_alone" if start.month == end.month and start.day and end.day else "_short"
        parts = {
            f"{name}{case}": self.marked(point, case, short if name == "first" else "")
            for name, point in (("first", start), ("last", end))
            for case in ("", "_of")
        }
        # "between between ... and ..." is no sentence
        spans = _is_span(start) or _is_span(end)
        return self.words("date.range" if spans else "date.between", **parts)

    def marked(self, point: Point, case: str, short: str = "") -> str:
        said = self.plain(point, case, short)
        if point.mark in ("~", "%"):
            said = self.words("date.about", date=said, date_of=self.plain(point, "_of", short))
        return self.words("date.uncertain", date=said) if point.mark in ("?", "%") else said

    def plain(self, point: Point, case: str, short: str) -> str:
        words, year = self.words, self.year(point.year)
        if point.month is None:
            return year
        if point.month == "XX":
            key = "month_unknown" if point.day is None else "month_day_unknown"
            return words(f"date.{key}", date=year)
        if point.month.endswith("X"):
            names = {"first": self.month(point.first[1], ""), "last": self.month(point.last[1], "")}
            known = words("date.months_between", year=year, **names)
            return words("date.day_unknown", date=known) if point.day else known
        if len(point.month) == 2 and int(point.month) > 12:
            season = words(f"date.seasons{case}.{point.month}")
            return words(f"date.month{short}", month=season, year=year)
        if point.day is None or point.day == "XX":
            named = self.month(int(point.month), case)
            month = words(f"date.month{short}", month=named, year=year)
            return words("date.day_unknown", date=month) if point.day else month
        named = self.month(int(point.month), "_of")
        if point.day.endswith("X"):
            month = words("date.month", month=named, year=year)
            return words("date.days", first=point.first[2], last=point.last[2], month=month)
        day = words.digits(str(int(point.day)))
        said = words(f"date.day{short}{case}", day=day, month=named, year=year)
        return self.clock(point, said)

    def month(self, number: int, case: str) -> str:
        return self.words(f"date.months{case}.{number}")

    def year(self, text: str) -> str:
        words = self.words
        if text.endswith("XX"):
            ends = {name: words.digits(text[:2] + rest) for name, rest in (("first", "00"), ("last", "99"))}
            return words("date.century", **ends)
        if text.endswith("X"):
            return words("date.decade", year=words.digits(f"{text[:3]}0"))
        number = int(text)
        key, shown = ("year", number) if number > 0 else ("before_christ", 1 - number)
        return words(f"date.{key}", year=words.digits(str(shown)))

    def clock(self, point: Point, date: str) -> str:
        if not point.time:
            return date
        key = {None: "time", "Z": "time_utc"}.get(point.zone, "time_zone")
        time = self.words.digits(point.time.removesuffix(":00"))
        return self.words(f"date.{key}", date=date, time=time, zone=self.words.digits(point.zone or ""))


def _is_plain(point: Point) -> bool:
    """Tell whether nothing of a date is marked or unknown."""
    return not point.mark and "X" not in f"{point.year}{point.month}{point.day}"


def _is_span(point: Point) -> bool:
    """Tell whether a date is itself said as lying between two."""
    partly = (part for part in (point.month, point.day) if part and part != "XX")
    return point.year.endswith("XX") or any(part.endswith("X") for part in partly)
