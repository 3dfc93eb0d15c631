"""EDTF dates: the examples of the specification's levels 0 and 1, what they mean, and words for readers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.dates import parse
from mapgen.datewords import describe

# text, first day, last day, in words
# the examples of https://www.loc.gov/standards/datetime/, levels 0 and 1, and our own
VALID = [
    ("1985-04-12", "1985-04-12", "1985-04-12", "12 April 1985"),
    ("1985-04", "1985-04-01", "1985-04-30", "April 1985"),
    ("1985", "1985-01-01", "1985-12-31", "1985"),
    ("1985-04-12T23:20:30", "1985-04-12", "1985-04-12", "12 April 1985, 23:20:30"),
    ("1985-04-12T23:20:30Z", "1985-04-12", "1985-04-12", "12 April 1985, 23:20:30 UTC"),
    ("1985-04-12T23:20:00-04", "1985-04-12", "1985-04-12", "12 April 1985, 23:20 (UTC-04)"),
    ("1985-04-12T23:20:30+04:30", "1985-04-12", "1985-04-12", "12 April 1985, 23:20:30 (UTC+04:30)"),
    ("1964/2008", "1964-01-01", "2008-12-31", "between 1964 and 2008"),
    ("2004-06/2006-08", "2004-06-01", "2006-08-31", "between June 2004 and August 2006"),
    ("2004-02-01/2005-02-08", "2004-02-01", "2005-02-08", "between 1 February 2004 and 8 February 2005"),
    ("2004-02-01/2005-02", "2004-02-01", "2005-02-28", "between 1 February 2004 and February 2005"),
    ("2004-02-01/2005", "2004-02-01", "2005-12-31", "between 1 February 2004 and 2005"),
    ("2005/2006-02", "2005-01-01", "2006-02-28", "between 2005 and February 2006"),
    ("Y170000002", None, None, "170000002"),
    ("Y-170000002", None, None, "170000003 BC"),
    ("2001-21", "2001-03-01", "2001-05-31", "spring 2001"),
    ("2001-22", "2001-06-01", "2001-08-31", "summer 2001"),
    ("2001-23", "2001-09-01", "2001-11-30", "autumn 2001"),
    ("2015-24", "2015-12-01", "2016-02-29", "winter 2015"),
    ("1984?", "1984-01-01", "1984-12-31", "1984 (uncertain)"),
    ("2004-06~", "2004-06-01", "2004-06-30", "about June 2004"),
    ("2004-06-11%", "2004-06-11", "2004-06-11", "about 11 June 2004 (uncertain)"),
    ("201X", "2010-01-01", "2019-12-31", "the 2010s"),
    ("20XX", "2000-01-01", "2099-12-31", "between 2000 and 2099"),
    ("2004-XX", "2004-01-01", "2004-12-31", "2004 (month not known)"),
    ("1985-04-XX", "1985-04-01", "1985-04-30", "April 1985 (day not known)"),
    ("1985-XX-XX", "1985-01-01", "1985-12-31", "1985 (month and day not known)"),
    ("1985-04-12/..", "1985-04-12", None, "since 12 April 1985"),
    ("1985-04/..", "1985-04-01", None, "since April 1985"),
    ("1985/..", "1985-01-01", None, "since 1985"),
    ("../1985-04-12", None, "1985-04-12", "until 12 April 1985"),
    ("../1985", None, "1985-12-31", "until 1985"),
    ("1985-04-12/", "1985-04-12", None, "from 12 April 1985, end not known"),
    ("/1985-04", None, "1985-04-30", "until April 1985, beginning not known"),
    ("1984~/2004-06", "1984-01-01", "2004-06-30", "between about 1984 and June 2004"),
    (
        "1984?/2004-06%",
        "1984-01-01",
        "2004-06-30",
        "between 1984 (uncertain) and about June 2004 (uncertain)",
    ),
    (
        "2004-06-XX/2004-07-03",
        "2004-06-01",
        "2004-07-03",
        "between June 2004 (day not known) and 3 July 2004",
    ),
    ("-1985", None, None, "1986 BC"),
    ("0000", None, None, "1 BC"),
    ("2015-11/2015-12", "2015-11-01", "2015-12-31", "between November and December 2015"),
    ("2015-12-03/2015-12-09", "2015-12-03", "2015-12-09", "between 3 and 9 December 2015"),
    ("2015-12-03/2016-12-09", "2015-12-03", "2016-12-09", "between 3 December 2015 and 9 December 2016"),
    ("20XX/21XX", "2000-01-01", "2199-12-31", "from between 2000 and 2099 to between 2100 and 2199"),
    ("2015-1X", "2015-10-01", "2015-12-31", "between October and December 2015"),
    ("2015-1X-XX", "2015-10-01", "2015-12-31", "between October and December 2015 (day not known)"),
    ("2015-02-2X", "2015-02-20", "2015-02-28", "between 20 and 28 February 2015"),
    ("2000-02-29", "2000-02-29", "2000-02-29", "29 February 2000"),
    ("-0004-02-29", None, None, "29 February 5 BC"),
    ("9999-24", "9999-12-01", None, "winter 9999"),
]

# text, what the message says
INVALID = [
    ("", "is not a date"),
    ("12/2015", "is not a date"),
    ("December 2015", "is not a date"),
    ("20151201", "is not a date"),
    ("15-12", "is not a date"),
    ("2015-1", "is not a date"),
    ("2015/12/24", "is not a date"),
    ("2015-12-24 14:30", "is not a date"),
    ("2015-12?-24", "is not a date"),
    ("2015-12~~", "is not a date"),
    ("2015-12-24T14:30:00Z?", "is not a date"),
    ("2015-12T14:30:00Z", "is not a date"),
    ("2015x", "is not a date"),
    ("20X5", "is not a date"),
    ("XXXX", "is not a date"),
    ("-0000", "is not a date"),
    ("Y2015", "is not a date"),
    ("٢٠١٥", "is not a date"),
    ("2015\n", "is not a date"),
    ("2015-13", "no such month: 13"),
    ("2015-00", "no such month: 00"),
    ("2015-25", "no such month: 25"),
    ("2015-21-01", "no such month: 21"),
    ("2015-12-32", "That month has 31 days"),
    ("2015-02-29", "That month has 28 days"),
    ("1900-02-29", "That month has 28 days"),
    ("2015-12-00", "no such day: 00"),
    ("2015-02-3X", "no such day: 3X"),
    ("2015-XX-12", "day in an unknown month"),
    ("201X-12", "month in an unknown year"),
    ("2015-12-24T25:00:00", "no such time of day"),
    ("2015-12-24T24:00:01", "no such time of day"),
    ("2015-12-24T12:60:00", "no such time of day"),
    ("2015-12-24T12:00:00+25", "no such time of day"),
    ("2015-12-XXT12:00:00", "no such time of day"),
    ("2016/2015", "ends before it begins"),
    ("2015-12-24/2015-12-23", "ends before it begins"),
    ("/", "no date on either side"),
    ("../..", "no date on either side"),
    ("2015-12-24T14:30:00/2016", "time of day in a range"),
]


@pytest.mark.parametrize(("text", "earliest", "latest", "words"), VALID, ids=[row[0] for row in VALID])
def test_valid(text, earliest, latest, words):
    parsed = parse(text)
    assert parsed.text == text
    assert parsed.earliest == (earliest and date.fromisoformat(earliest))
    assert parsed.latest == (latest and date.fromisoformat(latest))
    assert describe(text) == words


@pytest.mark.parametrize(("text", "message"), INVALID)
def test_invalid(text, message):
    with pytest.raises(ValueError, match=message) as caught:
        parse(text)
    assert repr(text)[1:-1] in str(caught.value)


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain"),
    [
        ("2015", False, False),
        ("2015~", True, False),
        ("2015?", False, True),
        ("2015%", True, True),
        ("2015~/2016?", True, True),
        ("../2016?", False, True),
    ],
)
def test_qualifiers(text, approximate, uncertain):
    parsed = parse(text)
    assert (parsed.approximate, parsed.uncertain) == (approximate, uncertain)


points = st.from_regex(
    r"(-?[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(-([0-3][0-9]|XX|[01]X)(-([0-3][0-9]|XX|[0-3]X))?)?[?~%]?",
    fullmatch=True,
)
ends = points | st.sampled_from(["", ".."])


@given(points | st.builds("{}/{}".format, ends, ends) | st.text(max_size=12))
def test_a_date_is_refused_in_words_or_ends_no_earlier_than_it_begins(text):
    try:
        parsed = parse(text)
    except ValueError as error:
        assert str(error).endswith((".", ").")), error
        return
    if parsed.earliest and parsed.latest:
        assert parsed.earliest <= parsed.latest
    assert describe(text).strip()


@given(st.dates(), st.dates())
def test_calendar_dates_and_their_ranges_are_read_as_they_are(one, other):
    first, last = sorted([one, other])
    assert parse(first.isoformat()).earliest == parse(first.isoformat()).latest == first
    parsed = parse(f"{first.isoformat()}/{last.isoformat()}")
    assert (parsed.earliest, parsed.latest) == (first, last)
