"""Dates as the field writes them: EDTF (ISO 8601-2) level 0 and 1 in, first and last day out.

The text is kept as it was written; how it is said to readers is the work of ``datewords``. Beyond level 1,
the last digit of a month or day may be unknown (``2015-1X``). Nothing is guessed: an empty date is undated,
and this module is not asked.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from mapgen.errors import quoted

_SEASONS = {"21": 3, "22": 6, "23": 9, "24": 12}
"""The months that seasons begin in."""
_POINT = re.compile(
    r"""(?P<year> -?\d{4} | \d{3}X | \d{2}XX )
        (?: - (?P<month> \d\d | [01]X | XX ) (?: - (?P<day> \d\d | [0-3]X | XX ) )? )?
        (?: T (?P<time> \d\d:\d\d:\d\d ) (?P<zone> Z | [+-]\d\d(?: :\d\d )? )? )?
        (?P<mark> [?~%]? )""",
    re.VERBOSE | re.ASCII,
)
_LONG_YEAR = re.compile(r"Y(?P<year>-?[1-9]\d{4,11})(?P<mark>[?~%]?)", re.ASCII)
_Day = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Point:
    """One date of an expression: its parts as written, and its first and last day as (year, month, day)."""

    year: str
    month: str | None
    day: str | None
    time: str | None
    zone: str | None
    mark: str
    first: _Day
    last: _Day


End = Point | Literal["open", "unknown"] | None


@dataclass(frozen=True, slots=True)
class FuzzyDate:
    """A date, with what is not known about it.

    Attributes
    ----------
    text : str
        As it was written.
    earliest, latest : datetime.date or None
        First and last day it can mean; None for an open or unknown end and outside the years 1 to 9999.
        Seasons are the northern ones by whole months; winter ends in the next year's February.
    approximate, uncertain : bool
        Whether it, or an end of it, is marked ``~`` or ``?`` (``%`` is both).
    start, end : Point, "open", "unknown" or None
        The dates it is made of; ``end`` is None for a single date.
    """

    text: str
    earliest: date | None
    latest: date | None
    approximate: bool
    uncertain: bool
    start: End
    end: End


@lru_cache(maxsize=4096)
def parse(text: str) -> FuzzyDate:
    """Read an EDTF date of level 0 or 1.

    Raises
    ------
    ValueError
        If it is not one; the message says what was given and expected.

    Examples
    --------
    >>> parse("2015-12?").latest
    datetime.date(2015, 12, 31)
    """
    if "/" not in text:
        start: End = _point(text, text)
        end: End = None
    else:
        left, _, right = text.partition("/")
        start, end = _end(left, text), _end(right, text)
        if not isinstance(start, Point) and not isinstance(end, Point):
            raise ValueError(f"{quoted(text)} has no date on either side of '/'. {_EXPECTED}")
        if isinstance(start, Point) and isinstance(end, Point) and start.first > end.last:
            raise ValueError(f"{quoted(text)} ends before it begins. Write the earlier date first.")
    last = start if end is None else end
    marks = "".join(point.mark for point in (start, end) if isinstance(point, Point))
    return FuzzyDate(
        text=text,
        earliest=_calendar(start.first) if isinstance(start, Point) else None,
        latest=_calendar(last.last) if isinstance(last, Point) else None,
        approximate=any(mark in marks for mark in "~%"),
        uncertain=any(mark in marks for mark in "?%"),
        start=start,
        end=end,
    )


_EXPECTED = (
    "Expected a date such as 2015, 2015-12, 2015-12-24, 2015-12?, 2015~, 201X, 2015-11/2015-12 (EDTF)."
)


def _end(text: str, whole: str) -> End:
    if text == "..":
        return "open"
    if not text:
        return "unknown"
    point = _point(text, whole)
    if point.time:
        raise ValueError(f"{quoted(whole)} has a time of day in a range. Leave the time out.")
    return point


def _point(text: str, whole: str) -> Point:
    long = _LONG_YEAR.fullmatch(text)
    if long:
        year = int(long["year"])
        return Point(long["year"], None, None, None, None, long["mark"], (year, 1, 1), (year, 12, 31))
    match = _POINT.fullmatch(text)
    if not match or match["year"] == "-0000" or (match["time"] and (match["mark"] or not match["day"])):
        raise ValueError(f"{quoted(whole)} is not a date. {_EXPECTED}")
    parts = {name: match[name] for name in ("year", "month", "day", "time", "zone", "mark")}
    if (match["month"] or "").endswith("X") and match["day"] not in (None, "XX"):
        raise ValueError(f"{quoted(whole)} has a day in an unknown month. Write XX for the day too.")
    if "X" in match["year"] and match["month"]:
        raise ValueError(f"{quoted(whole)} has a month in an unknown year. Write the year alone.")
    if match["time"] and ("X" in text or not _is_time(match["time"], match["zone"])):
        raise ValueError(f"{quoted(whole)} has no such time of day. Write it as 2015-12-24T14:30:00Z.")
    first, last = _bounds(match["year"], match["month"], match["day"], whole)
    return Point(**parts, first=first, last=last)


def _bounds(year_text: str, month_text: str | None, day_text: str | None, whole: str) -> tuple[_Day, _Day]:
    low_year, high_year = int(year_text.replace("X", "0")), int(year_text.replace("X", "9"))
    if month_text in _SEASONS and day_text is None:
        month = _SEASONS[month_text]
        end_year, end_month = (low_year + 1, 2) if month == 12 else (low_year, month + 2)
        return (low_year, month, 1), (end_year, end_month, _days_in(end_year, end_month))
    low_month, high_month = _range(month_text, 12)
    if low_month > high_month:
        raise ValueError(
            f"{quoted(whole)} has no such month: {month_text}. Months are 01 to 12, seasons 21 to 24."
        )
    days = _days_in(high_year, high_month)
    low_day, high_day = _range(day_text, days)
    if low_day > high_day:
        raise ValueError(f"{quoted(whole)} has no such day: {day_text}. That month has {days} days.")
    return (low_year, low_month, low_day), (high_year, high_month, high_day)


def _range(text: str | None, most: int) -> tuple[int, int]:
    """Return the lowest and highest month or day that the digits allow; the first is above when none are."""
    if text is None:
        return 1, most
    low, high = int(text.replace("X", "0")), int(text.replace("X", "9"))
    if "X" in text:
        return max(low, 1), min(high, most)
    return (low, high) if 1 <= low <= most else (most + 1, most)


def _days_in(year: int, month: int) -> int:
    # the calendar repeats every 400 years, also before the year 1
    return monthrange(2000 + year % 400, month)[1]


def _is_time(time: str, zone: str | None) -> bool:
    hour, minute, second = map(int, time.split(":"))
    ahead = [int(part) for part in (zone or "Z").lstrip("Z+-").split(":") if part]
    zone_fits = all(value <= most for value, most in zip(ahead, (14, 59), strict=False))
    return (hour < 24 or (hour, minute, second) == (24, 0, 0)) and minute < 60 and second < 60 and zone_fits


def _calendar(day: _Day) -> date | None:
    return date(*day) if 1 <= day[0] <= 9999 else None
