"""Broken projects: what is said, and where, of a sound project with one fault each; and of many at once.

`FAULTS` is the list: the file, what stands there and what comes in its place, and all that is found then.
What cannot be read is told by reading, before anything is checked.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import mapgen
from mapgen import preparing
from mapgen.errors import InputError
from mapgen.findings import CODES
from mapgen.model import Finding

SOUND = {
    "mapgen.yaml": """\
title: A test
territories: [KAZ, KGZ]
as_of: 2016
sources: sources.yaml
annotations: [claims.yaml, claims.csv]
layers:
  - {name: claims, title: Claims}
  - {name: moves, title: Moves}
maps:
  - {name: all}
  - {name: moves, layers: [moves]}
""",
    "sources.yaml": """\
- id: paper
  title: A paper
  publisher: A publisher
  url: https://example.org/
  archive_url: https://archive.example.org/
  date: 2015-06
  accessed: 2015-07
- {id: book, title: A book, publisher: A house, date: 2015}
""",
    "claims.yaml": """\
- id: one
  layer: claims
  where: {territory: KAZ}
  claim: Something is so.
  quote: So it is.
  speaker: {name: Somebody}
  source: paper
  date: 2015-05
  source_reliability: B
  info_credibility: 2
  likelihood: likely
  analytic_confidence: low
  note: Seen by two people.
  asserts: [{shares_border: [KAZ, KGZ]}]
- id: two
  layer: moves
  where: {route: [KAZ, KGZ]}
  claim: People went south.
  source: paper
  where_precision: 5
  supports: one
- id: three
  layer: claims
  where: [{border: KAZ-KGZ}, {place: Almaty}, {point: [74.6, 42.9]}, {area: area.geojson}]
  claim: Three things happened.
  source: book
  supersedes: four
- id: four
  layer: claims
  where: {place: Osh}
  claim: Nothing happened at all.
  source: book
  status: retracted
""",
    "claims.csv": """\
id,layer,territory,claim,source,date
five,claims,KGZ,Something else is so.,paper,2015-04
""",
    "area.geojson": '{"type": "Feature", "properties": {"name": "Valley"}, "geometry": {"type": "Polygon", '
    '"coordinates": [[[76, 43], [78, 43], [78, 44], [76, 44], [76, 43]]]}}',
}

READING = "-"
"""Stands for a code where a file cannot be read."""


class Fault(NamedTuple):
    """What a sound project is changed to, and everything that is found then.

    Each of `found` is a code, a position and the beginning of the message.
    """

    name: str
    file: str
    old: str
    new: str
    found: tuple[tuple[str, str, str], ...]


def fault(name: str, file: str, old: str, new: str, *found: tuple[str, str, str]) -> Fault:
    return Fault(name, file, old, new, found)


# fmt: off
PROJECT_FAULTS = (
    fault(
        "misspelt key", "mapgen.yaml", "as_of: 2016", "as_off: 2016",
        (READING, "mapgen.yaml:3:1", "unknown key 'as_off'. Did you mean 'as_of'?"),
    ),
    fault(
        "no title", "mapgen.yaml", "title: A test", "lead: A test",
        (READING, "mapgen.yaml:1:1", "the key 'title' is missing."),
    ),
    fault(
        "as-of date in words", "mapgen.yaml", "as_of: 2016", "as_of: today",
        (READING, "mapgen.yaml:3:8", "as_of: 'today' is not a date."),
    ),
    fault(
        "code with a blank", "mapgen.yaml", "[KAZ, KGZ]", "[KAZ, K GZ]",
        (READING, "mapgen.yaml:2:20", "territories: expected a territory code, such as 'AFG', got 'K GZ'."),
    ),
    fault(
        "unknown projection", "mapgen.yaml", "as_of: 2016", "projection: mercater",
        (READING, "mapgen.yaml:3:13", "projection: 'mercater' is not one of auto, mercator, conic. Did you"),
    ),
    fault(
        "file that is not there", "mapgen.yaml", "sources: sources.yaml", "sources: source.yaml",
        (READING, "mapgen.yaml:4:10", "sources: there is no file 'source.yaml' in the project folder."),
    ),
    fault(
        "path out of the folder", "mapgen.yaml", "claims.csv", "../claims.csv",
        (READING, "mapgen.yaml:5:28", "annotations: '../claims.csv' is not a path in the project folder."),
    ),
    fault(
        "map of an unknown layer", "mapgen.yaml", "layers: [moves]", "layers: [moved]",
        (READING, "mapgen.yaml:11:28", "unknown layer 'moved'. Did you mean 'moves'?"),
    ),
    fault(
        "two maps of one name", "mapgen.yaml", "name: all", "name: moves",
        (READING, "mapgen.yaml:11:12", "the name 'moves' is used twice, first at mapgen.yaml:10:12."),
    ),
    fault(
        "extent of three numbers", "mapgen.yaml", "{name: all}", "{name: all, extent: [60, 40, 80]}",
        (READING, "mapgen.yaml:10:25", "extent: expected four numbers: [west, south, east, north]."),
    ),
    fault(
        "bracket that is never closed", "mapgen.yaml", "[KAZ, KGZ]", "[KAZ, KGZ",
        (READING, "mapgen.yaml:3:6", "expected"),
    ),
    fault(
        "unknown territory", "mapgen.yaml", "[KAZ, KGZ]", "[KAZ, KGZ, KGX]",
        ("unknown-territory", "mapgen.yaml:2:25", "unknown territory 'KGX'"),
    ),
    fault(
        "unknown territory in the context", "mapgen.yaml", "as_of: 2016", "as_of: 2016\ncontext: [UZX]",
        ("unknown-territory", "mapgen.yaml:4:11", "unknown territory 'UZX'"),
    ),
    fault(
        "worldview that the data lacks", "mapgen.yaml", "as_of: 2016", "as_of: 2016\nworldview: ZZ",
        ("cannot-build", "mapgen.yaml:4:12", "Natural Earth 5.1.1, 1:10m does not have the worldview of ZZ"),
    ),
    fault(
        "boundary data that is not there", "mapgen.yaml", "as_of: 2016", "as_of: 2016\nboundaries: b.gpkg",
        ("cannot-build", "mapgen.yaml:4:13", "there is no file 'b.gpkg'"),
    ),
    fault(
        "dispute that the data has no area for", "mapgen.yaml", "[KAZ, KGZ]", "[KAZ, KGZ, UKR]",
        ("dispute-without-data", "mapgen.yaml:2:14", "the map touches Donbas, and its boundary data"),
    ),
    fault(
        "entry that sets nothing aside", "mapgen.yaml",
        "as_of: 2016", "as_of: 2016\nsilence: [{check: source-undated, reason: None.}]",
        ("silence-unused", "mapgen.yaml:4:11", "nothing is found that 'source-undated' would set aside here"),
    ),
)
SOURCE_FAULTS = (
    fault(
        "two sources of one id", "sources.yaml", "{id: book,", "{id: paper,",
        (READING, "claims.yaml:26:11", "unknown source 'book'."),
        (READING, "claims.yaml:32:11", "unknown source 'book'."),
        (READING, "sources.yaml:8:8", "the id 'paper' is used twice, first at sources.yaml:1:7."),
    ),
    fault(
        "month that does not exist", "sources.yaml", "date: 2015-06", "date: 2015-13",
        (READING, "sources.yaml:6:9", "date: '2015-13' has no such month: 13."),
    ),
    fault(
        "source without a title", "sources.yaml", "  title: A paper\n", "",
        (READING, "sources.yaml:1:3", "the key 'title' is missing."),
    ),
    fault(
        "source without a date", "sources.yaml", ", date: 2015}", "}",
        ("source-undated", "sources.yaml:8:3", "the source 'book' has no date"),
    ),
    fault(
        "source that nobody can find", "sources.yaml", ", publisher: A house", "",
        ("source-without-locator", "sources.yaml:8:3", "the source 'book' says neither url nor"),
    ),
    fault(
        "address without an archived copy", "sources.yaml",
        "  archive_url: https://archive.example.org/\n", "",
        ("source-unarchived", "sources.yaml:1:3", "the source 'paper' has an address and no archived copy"),
    ),
    fault(
        "source that nobody names", "sources.yaml",
        "- id: paper", "- {id: other, title: Other, publisher: P, date: 2014}\n- id: paper",
        ("source-unused", "sources.yaml:1:3", "no annotation names the source 'other'"),
    ),
    fault(
        "read before it was published", "sources.yaml", "accessed: 2015-07", "accessed: 2015-05-31",
        ("accessed-before-published", "sources.yaml:7:13", "the source 'paper' was accessed 2015-05-31 and"),
    ),
    fault(
        "source later than the as-of date", "sources.yaml", "date: 2015}", "date: 2017}",
        ("date-after-as-of", "sources.yaml:8:55", "the source 'book' was published 2017, after the as-of"),
    ),
)
READING_FAULTS = (
    fault(
        "misspelt key of a claim", "claims.yaml", "  quote: So", "  qoute: So",
        (READING, "claims.yaml:5:3", "unknown key 'qoute'. Did you mean 'quote'?"),
    ),
    fault(
        "claim without a source", "claims.yaml", "  source: paper\n  where_precision", "  where_precision",
        (READING, "claims.yaml:15:3", "the key 'source' is missing."),
    ),
    fault(
        "unknown source", "claims.yaml", "source: paper\n  where", "source: papers\n  where",
        (READING, "claims.yaml:19:11", "unknown source 'papers'. Did you mean 'paper'?"),
    ),
    fault(
        "unknown layer", "claims.yaml", "layer: moves", "layer: move",
        (READING, "claims.yaml:16:10", "unknown layer 'move'. Did you mean 'moves'?"),
    ),
    fault(
        "relation to a claim that is not there", "claims.yaml", "supports: one", "supports: onne",
        (READING, "claims.yaml:21:13", "unknown claim 'onne'. Did you mean 'one'?"),
    ),
    fault(
        "two claims of one id", "claims.yaml", "- id: three", "- id: two",
        (READING, "claims.yaml:22:7", "the id 'two' is used twice, first at claims.yaml:15:7."),
    ),
    fault(
        "letter that is no grade", "claims.yaml", "source_reliability: B", "source_reliability: G",
        (READING, "claims.yaml:9:23", "source_reliability: 'G' is not one of A, B, C, D, E, F."),
    ),
    fault(
        "figure that is no grade", "claims.yaml", "info_credibility: 2", "info_credibility: 7",
        (READING, "claims.yaml:10:21", "info_credibility: expected a number of at most 6, got '7'."),
    ),
    fault(
        "likelihood of another scale", "claims.yaml", "likelihood: likely", "likelihood: probable",
        (READING, "claims.yaml:11:15", "likelihood: 'probable' is not one of almost no chance, very unl"),
    ),
    fault(
        "precision beyond the scale", "claims.yaml", "where_precision: 5", "where_precision: 8",
        (READING, "claims.yaml:20:20", "where_precision: expected a number of at most 7, got '8'."),
    ),
    fault(
        "speaker without name and role", "claims.yaml", "{name: Somebody}", "{}",
        (READING, "claims.yaml:6:12", "speaker: has neither a name nor a role."),
    ),
    fault(
        "location of no kind", "claims.yaml", "{territory: KAZ}", "{teritory: KAZ}",
        (READING, "claims.yaml:3:11", "unknown key 'teritory'. Did you mean 'territory'?"),
    ),
    fault(
        "point off the globe", "claims.yaml", "[74.6, 42.9]", "[42.9, 174.6]",
        (READING, "claims.yaml:24:55", "point: [42.9, 174.6] is not on the globe."),
    ),
    fault(
        "unknown column", "claims.csv", "claim,source,date", "claim,source,when",
        (READING, "claims.csv:1:33", "unknown column 'when'."),
    ),
    fault(
        "cell that is no date", "claims.csv", "2015-04", "4/2015",
        (READING, "claims.csv:2:45", "date: '4/2015' is not a date."),
    ),
)
CLAIM_FAULTS = (
    fault(
        "town that nobody knows", "claims.yaml", "{place: Almaty}", "{place: Almatty}",
        ("unknown-place", "claims.yaml:24:38", "unknown place 'Almatty'"),
    ),
    fault(
        "town that there are several of", "claims.yaml", "{place: Almaty}", "{place: Tripoli}",
        ("ambiguous-place", "claims.yaml:24:38", "3 places are called 'Tripoli'"),
    ),
    fault(
        "code that nobody knows", "claims.yaml", "{territory: KAZ}", "{territory: KAX}",
        ("unknown-territory", "claims.yaml:3:22", "unknown territory 'KAX'"),
    ),
    fault(
        "border that is not there", "claims.yaml", "{border: KAZ-KGZ}", "{border: KAZ-TJK}",
        ("no-such-border", "claims.yaml:24:20", "Kazakhstan (KAZ) and Tajikistan (TJK) share no border"),
    ),
    fault(
        "area that is not there", "claims.yaml", "area.geojson", "areas.geojson",
        ("unreadable-area", "claims.yaml:24:77", "area 'areas.geojson' is not there"),
    ),
    fault(
        "area in metres", "area.geojson", "[78, 43]", "[780000, 4300000]",
        ("unreadable-area", "claims.yaml:24:77", "area 'area.geojson' has coordinates that are not degrees"),
    ),
    fault(
        "territory of a table's row", "claims.csv", "KGZ", "KGX",
        ("unknown-territory", "claims.csv:2:13", "unknown territory 'KGX'"),
    ),
    fault(
        "route with a gap", "claims.yaml", "[KAZ, KGZ]}\n  claim", "[KAZ, TJK]}\n  claim",
        ("route-gap", "claims.yaml:17:18", "the route passes from Kazakhstan to Tajikistan, which share no"),
    ),
    fault(
        "latitude first", "claims.yaml", "[74.6, 42.9]", "[42.9, 74.6]",
        ("point-far-away", "claims.yaml:24:55", "the point [42.9, 74.6] lies outside"),
    ),
    fault(
        "town outside its territory", "claims.yaml", "{territory: KAZ}", "[{territory: KAZ}, {place: Osh}]",
        ("point-outside-territory", "claims.yaml:3:37", "Osh lies outside Kazakhstan, which 'one' names too"),
    ),
    fault(
        "statement that geography refutes", "claims.yaml",
        "{shares_border: [KAZ, KGZ]}", "{shares_border: [KAZ, TJK]}",
        ("assertion-refuted", "claims.yaml:14:29", "Kazakhstan and Tajikistan share no border: they are 46"),
    ),
    fault(
        "statement that holds in part", "claims.yaml",
        "{shares_border: [KAZ, KGZ]}", "{between: {territory: KAZ, from: [UZB, TJK], to: RUS}}",
        ("assertion-partly", "claims.yaml:14:23", "Kazakhstan borders Uzbekistan (2,183 km) and Russia"),
    ),
    fault(
        "statement on a territory that is not there", "claims.yaml",
        "{shares_border: [KAZ, KGZ]}", "{shares_border: [KAZ, KGX]}",
        ("assertion-untested", "claims.yaml:14:29", "Not tested: unknown territory 'KGX'"),
    ),
    fault(
        "quote without a speaker", "claims.yaml", "  speaker: {name: Somebody}\n", "",
        ("quote-without-speaker", "claims.yaml:5:10", "'one' has a quotation and no speaker"),
    ),
    fault(
        "quote in letters of no language", "claims.yaml", "quote: So it is.", "quote: Это так.",
        ("quote-without-language", "claims.yaml:5:10", "the quotation of 'one' has letters such as 'Э'"),
    ),
    fault(
        "translation of nothing", "claims.yaml", "  supports: one", "  quote_translation: So be it.",
        ("translation-without-quote", "claims.yaml:21:22", "'two' has a translation and no quotation"),
    ),
    fault(
        "translator of nothing", "claims.yaml", "  supports: one", "  quote_translator: Somebody",
        ("translation-without-quote", "claims.yaml:21:21", "'two' has a translator and no translation"),
    ),
    fault(
        "claim later than its source", "claims.yaml", "date: 2015-05", "date: 2015-07",
        ("date-after-source", "claims.yaml:8:9", "'one' is dated 2015-07, and its source was published"),
    ),
    fault(
        "claim later than the as-of date", "claims.yaml", "where_precision: 5", "date: 2017",
        ("date-after-as-of", "claims.yaml:20:9", "'two' is dated 2017, after the as-of date 2016"),
        ("date-after-source", "claims.yaml:20:9", "'two' is dated 2017, and its source was published"),
    ),
    fault(
        "likelihood and confidence in one sentence", "claims.yaml",
        "note: Seen by two people.", "note: It is likely, with high confidence.",
        ("likelihood-with-confidence", "claims.yaml:13:9", "the note of 'one' states likelihood and"),
    ),
    fault(
        "two scales of likelihood", "claims.yaml",
        "note: Seen by two people.", "note: It is likely. It is probable.",
        ("likelihood-vocabulary", "claims.yaml:13:9", "the note of 'one' mixes terms of likelihood"),
    ),
    fault(
        "claims that replace each other", "claims.yaml",
        "status: retracted", "status: retracted\n  supersedes: three",
        ("supersedes-circle", "claims.yaml:27:15", "'three' supersedes itself by way of others"),
        ("supersedes-circle", "claims.yaml:34:15", "'four' supersedes itself by way of others"),
        ("superseded-but-asserted", "claims.yaml:22:3", "'three' is superseded by 'four' and still asserted"),
    ),
    fault(
        "superseded and still asserted", "claims.yaml", "supersedes: four", "supersedes: [four, two]",
        ("superseded-but-asserted", "claims.yaml:15:3", "'two' is superseded by 'three' and still asserted"),
    ),
    fault(
        "same claim twice", "claims.csv", "KGZ,Something else is so.", "KAZ,something IS so!",
        ("claim-duplicate", "claims.csv:2:17", "'five' makes the same claim at the same location as 'one'"),
    ),
    fault(
        "almost the same claim", "claims.csv", "KGZ,Something else is so.", "KAZ,Something was so.",
        ("claim-near-duplicate", "claims.csv:2:17", "'five' makes almost the same claim at the same"),
    ),
    fault(
        "semicolons for commas", "claims.csv", SOUND["claims.csv"], SOUND["claims.csv"].replace(",", ";"),
        ("table-separator", "claims.csv:1:1", "its columns are separated by semicolons"),
    ),
)
# fmt: on
FAULTS = (*PROJECT_FAULTS, *SOURCE_FAULTS, *READING_FAULTS, *CLAIM_FAULTS)


@pytest.fixture(autouse=True, scope="module")
def boundaries_read_once() -> Iterator[None]:
    """Read each dataset once for all of these projects: reading it is not what is tried here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparing, "read_boundaries", functools.cache(preparing.read_boundaries))
        yield


def write(folder: Path, *faults: Fault) -> Path:
    """Write the sound project with some faults; faults of one run do not touch each other's text."""
    files = dict(SOUND)
    for each in faults:
        assert files[each.file].count(each.old) == 1, f"{each.old!r} must stand once in {each.file}"
        files[each.file] = files[each.file].replace(each.old, each.new)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def find(folder: Path) -> list[tuple[str, str, str]]:
    """Return the code, position and message of all that is found, by position."""
    try:
        found: tuple[Finding, ...] = mapgen.load(folder).check()
    except InputError as error:
        return sorted((READING, str(each.position), each.message) for each in error.problems)
    return sorted((each.code, str(each.position), each.message) for each in found)


def agree(found: list[tuple[str, str, str]], expected: tuple[tuple[str, str, str], ...]) -> bool:
    return len(found) == len(expected) and all(
        one[:2] == other[:2] and one[2].startswith(other[2])
        for one, other in zip(found, sorted(expected), strict=True)
    )


def test_the_project_without_a_fault_has_no_finding(tmp_path: Path) -> None:
    assert find(write(tmp_path)) == []


def test_the_list_is_long_and_every_case_is_one_fault() -> None:
    assert len(FAULTS) >= 40
    assert len({each.name for each in FAULTS}) == len(FAULTS)
    assert {code for each in FAULTS for code, _, _ in each.found} <= {*CODES, READING}


@pytest.mark.parametrize("each", FAULTS, ids=[each.name for each in FAULTS])
def test_each_fault_is_found_at_its_place_and_nothing_else_is(each: Fault, tmp_path: Path) -> None:
    found = find(write(tmp_path, each))
    assert agree(found, each.found), found


def together(faults: tuple[Fault, ...], but: frozenset[str]) -> list[Fault]:
    """Return faults that fit in one project: each on lines of its own, none moving those of others."""
    taken: set[tuple[str, int]] = set()
    several: list[Fault] = []
    for each in faults:
        above = SOUND[each.file].partition(each.old)[0].count("\n")
        lines = {(each.file, above + number) for number in range(each.old.count("\n") + 1)}
        if each.name in but or each.old.count("\n") != each.new.count("\n") or lines & taken:
            continue
        taken |= lines
        several.append(each)
    return several


def test_all_that_cannot_be_read_is_told_in_one_run(tmp_path: Path) -> None:
    # These hide others: of a file without an end nothing is known, one that is not found has no faults, of a
    # table with wrong columns no cell is looked at, a claim that cannot be read is compared with no other.
    but = frozenset(
        {
            *("bracket that is never closed", "file that is not there", "path out of the folder"),
            *("unknown column", "point off the globe", "two sources of one id"),
        }
    )
    several = together(tuple(each for each in FAULTS if each.found[0][0] == READING), but)
    expected = tuple(found for each in several for found in each.found)
    assert {each.file for each in several} == {"mapgen.yaml", "sources.yaml", "claims.yaml", "claims.csv"}
    assert len(expected) >= 15
    found = find(write(tmp_path, *several))
    assert agree(found, expected), found


def test_all_that_is_found_in_what_can_be_read_is_told_in_one_run(tmp_path: Path) -> None:
    # An area is complained of where a claim names it, which is a line of another fault.
    several = together(
        tuple(each for each in FAULTS if each.found[0][0] != READING), frozenset({"area in metres"})
    )
    expected = tuple(found for each in several for found in each.found)
    assert len(expected) >= 15
    found = find(write(tmp_path, *several))
    assert agree(found, expected), found
