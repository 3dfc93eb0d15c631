"""Projects that hypothesis makes up: every field filled with what people and attackers write.

In: nothing. Out: strategies. All codes are on the real boundary data, so that the claims can be placed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from mapgen.model import (
    Annotation,
    Assertion,
    Layer,
    Location,
    MapSpec,
    Project,
    Source,
    Speaker,
    StoryStep,
)

HOSTILE = (
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 1</script>",
    "]]></value></Data><!-- -->",
    '"><img src=x onerror=window.ran=1>',
    "&lt;b&gt; &amp; &#60; &undefined;",
    '=HYPERLINK("http://example.org")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "'=1",
    "''",
    "'twas",
    "\t=1",
    "\r=1",
    'a "quoted", text; with\nlines\r\nand more\rends',
    "null",
    "~",
    "NO",
    "2015-12",
    "1e3",
    "- item",
    "key: value # comment",
    "*alias &anchor !tag %directive",
    "{{7*7}} {% raw %} ${x} `x`",
    "--- ... | > >-",
    " leading and trailing ",
    "two  blanks",
    "word " * 60 + "end",
    "before\u2028after\u2029end\x85next\ufeff",
    "abc\u202edcba",
    "nul \x00 bell \x07 escape \x1b delete \x7f",
    "\U000f0000\U0001f600",
    "\\u003cscript\\u003e \\x3c",
    "Афганистан–Таджикистан, افغانستان",
    "javascript:alert(1)",
    'http://example.org/a b"c',
    "https://example.org/report?x=1#part",
)

CODES = ("LIE", "CHE", "AUT")
DATES = (
    "2015",
    "2015-12",
    "2015-12-07",
    "2015-12?",
    "2015~",
    "201X",
    "2015-11/2015-12",
    "2015-12/..",
    "-0044",
)
ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True)
texts = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    str.strip
)
optional_texts = st.none() | texts
dates = st.none() | st.sampled_from(DATES)
precisions = st.none() | st.integers(1, 7)


@st.composite
def _locations(draw: st.DrawFn) -> Location:
    pairs = st.permutations(CODES).map(lambda codes: tuple(codes[:2]))
    longitudes, latitudes = st.floats(-180, 180), st.floats(-90, 90)
    values: dict[Any, st.SearchStrategy[Any]] = {
        "border": pairs,
        "route": st.permutations((*CODES, "Vaduz")).map(lambda stops: tuple(stops[:3])),
        "relation": pairs,
        "territory": st.sampled_from(CODES),
        "place": st.sampled_from(["Vaduz", "Vaduz, LIE", "Bern"]),
        "point": st.tuples(longitudes, latitudes),
    }
    kind = draw(st.sampled_from(sorted(values)))
    label, precision = draw(optional_texts), draw(precisions)
    return Location(kind=kind, value=draw(values[kind]), label=label, precision=precision)


_ASSERTIONS = (
    Assertion(kind="shares_border", pair=("LIE", "CHE")),
    Assertion(kind="between", territory="LIE", from_=("CHE",), to="AUT"),
    Assertion(kind="borders_on", territory="LIE", side="west", with_=("CHE",)),
)


@st.composite
def _annotations(draw: st.DrawFn, name: str, layers: list[str], sources: list[str], others: list[str]) -> Any:
    def one_of(*values: object) -> Any:
        return draw(st.sampled_from([None, *values]))

    related = st.lists(st.sampled_from(others), unique=True, max_size=2).map(tuple) if others else st.just(())
    said = draw(st.tuples(optional_texts, optional_texts))
    return Annotation(
        id=name,
        layer=draw(st.sampled_from(layers)),
        where=tuple(draw(st.lists(_locations(), min_size=1, max_size=3))),
        claim=draw(texts),
        quote=draw(optional_texts),
        quote_language=one_of("en", "fa"),
        quote_translation=draw(optional_texts),
        quote_translator=draw(optional_texts),
        speaker=Speaker(name=said[0], role=said[1]) if any(said) else None,
        source=draw(st.sampled_from(sources)),
        analyst=draw(optional_texts),
        note=draw(optional_texts),
        date=draw(dates),
        source_reliability=one_of(*"ABCDEF"),
        info_credibility=one_of(*range(1, 7)),
        likelihood=one_of("almost no chance", "likely"),
        analytic_confidence=one_of("low", "high"),
        status=draw(st.sampled_from(["asserted", "disputed", "corroborated", "retracted"])),
        where_precision=draw(precisions),
        supersedes=draw(related),
        supports=draw(related),
        contradicts=draw(related),
        asserts=tuple(draw(st.lists(st.sampled_from(_ASSERTIONS), max_size=2))),
        fact_check=draw(optional_texts),
        fact_check_url=draw(optional_texts),
    )


@st.composite
def _sources(draw: st.DrawFn, name: str) -> Source:
    optional = ("publisher", "author", "url", "archive_url", "archive_hash", "license", "note", "carries")
    said = {field: draw(optional_texts) for field in optional}
    return Source(id=name, title=draw(texts), date=draw(dates), accessed=draw(dates), **said)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """Draw a project with up to three claims, consistent in what it refers to."""
    layers, sources, names = (
        draw(st.lists(ids, unique=True, min_size=1, max_size=most)) for most in (2, 2, 3)
    )
    claims = [draw(_annotations(name, layers, sources, [o for o in names if o != name])) for name in names]
    return Project(
        folder=Path(),
        title=draw(texts),
        lead=draw(optional_texts),
        territories=CODES,
        context=draw(st.sampled_from(["neighbours", "none", ("DEU",)])),
        worldview=draw(st.sampled_from(["neutral", "de_facto"])),
        language=draw(st.sampled_from(["en", "fa"])),
        as_of=draw(dates),
        credit=draw(optional_texts),
        layers=tuple(Layer(name=n, title=draw(texts), description=draw(optional_texts)) for n in layers),
        story=(
            StoryStep(text=draw(texts), claim=draw(st.sampled_from([None, *names]))),
            StoryStep(
                text=draw(texts), extent=(6, 46, 10, 48), layers=draw(st.sampled_from([None, tuple(layers)]))
            ),
        ),
        maps=(MapSpec(name="map", title=draw(optional_texts), extent=(5.5, 45, 10, 48.25)),),
        sources={name: draw(_sources(name)) for name in sources},
        annotations=tuple(claims),
    )
