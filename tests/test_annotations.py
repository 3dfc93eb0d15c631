"""Annotation files: the ways to write a location or an assertion, and what is said about wrong ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.annotations import read_annotations
from mapgen.documents import parse_document
from mapgen.model import Annotation


def read(text: str) -> tuple[list[Annotation], list[str]]:
    annotations, problems = read_annotations(parse_document(text.encode(), "c.yaml"))
    return annotations, [str(problem) for problem in problems]


def read_one(extra: str) -> tuple[Annotation | None, list[str]]:
    """Read an annotation whose third line is the one that is given."""
    text = f"- id: a\n  layer: l\n  {extra}\n  claim: c\n  source: s\n"
    annotations, problems = read(text)
    return (annotations[0] if annotations else None), problems


WHERE = [
    ("{border: AFG-TJK}", [("border", ("AFG", "TJK"))], ["3:19"]),
    ("{border: [AFG, TJK]}", [("border", ("AFG", "TJK"))], ["3:19"]),
    (
        "{border: [AFG-TKM, AFG-UZB]}",
        [("border", ("AFG", "TKM")), ("border", ("AFG", "UZB"))],
        ["3:20", "3:29"],
    ),
    ("{border: [[A-1, B-2]]}", [("border", ("A-1", "B-2"))], ["3:20"]),
    ("{border: [AFG-TKM]}", [("border", ("AFG", "TKM"))], ["3:20"]),
    ("{route: [AFG, TJK, UZB]}", [("route", ("AFG", "TJK", "UZB"))], ["3:18"]),
    (
        "{route: [[AFG, TKM], [AFG, UZB]]}",
        [("route", ("AFG", "TKM")), ("route", ("AFG", "UZB"))],
        ["3:19", "3:31"],
    ),
    ('{relation: [Moscow, "Termez, UZB"]}', [("relation", ("Moscow", "Termez, UZB"))], ["3:21"]),
    (
        "{relation: [[RUS, TKM], [RUS, UZB]]}",
        [("relation", ("RUS", "TKM")), ("relation", ("RUS", "UZB"))],
        ["3:22", "3:34"],
    ),
    ("{territory: AFG}", [("territory", "AFG")], ["3:22"]),
    ("{territory: [AFG, TJK]}", [("territory", "AFG"), ("territory", "TJK")], ["3:23", "3:28"]),
    ("{place: Termez}", [("place", "Termez")], ["3:18"]),
    ("{point: [67.28, 37.22]}", [("point", (67.28, 37.22))], ["3:18"]),
    ("{point: [[1, 2], [3, -4]]}", [("point", (1.0, 2.0)), ("point", (3.0, -4.0))], ["3:19", "3:27"]),
    ("{area: data/a.geojson}", [("area", "data/a.geojson")], ["3:17"]),
    (
        "[{area: data/a.geojson}, {territory: SYR}]",
        [("area", "data/a.geojson"), ("territory", "SYR")],
        ["3:18", "3:47"],
    ),
    (
        "[{territory: [AFG, TJK]}, {place: Termez}]",
        [("territory", "AFG"), ("territory", "TJK"), ("place", "Termez")],
        ["3:24", "3:29", "3:44"],
    ),
]


@pytest.mark.parametrize(("where", "expected", "positions"), WHERE)
def test_where(where, expected, positions):
    annotation, problems = read_one(f"where: {where}")
    assert problems == []
    assert annotation is not None
    assert [(location.kind, location.value) for location in annotation.where] == expected
    found = [str(annotation.position("where", number)) for number in range(len(expected))]
    assert found == [f"c.yaml:{position}" for position in positions]


def test_precision_and_label_hold_for_all_locations_of_a_mapping():
    annotation, problems = read_one("where: {territory: [AFG, TJK], precision: 6, label: here}")
    assert problems == []
    assert annotation is not None
    assert {(location.precision, location.label) for location in annotation.where} == {(6, "here")}


WRONG = [
    ("where: {border: AFG}", "3:19: border: 'AFG' is not a border. Expected two codes"),
    ("where: {border: AFG-TJK-UZB}", "3:19: border: 'AFG-TJK-UZB' is not a border."),
    ("where: {border: [AFG-TKM, AFGUZB]}", "3:29: border: 'AFGUZB' is not a border."),
    ("where: {border: [AFG, AFG]}", "3:19: border: 'AFG' is followed by itself."),
    (
        "where: {border: {from: AFG}}",
        "3:19: border: expected two codes, such as AFG-TJK or [AFG, TJK], got a mapping.",
    ),
    ("where: {route: AFG}", "3:18: route: expected a route with two or more waypoints"),
    ("where: {route: [AFG]}", "3:18: route: expected a route with two or more waypoints"),
    ("where: {route: [[AFG, TJK], UZB]}", "3:31: route: expected a route with two or more waypoints"),
    ("where: {route: [[AFG, {a: b}]]}", "3:19: route: expected texts or a list of texts"),
    ("where: {relation: [RUS, AFG, TJK]}", "3:21: relation: expected a relation with two ends"),
    ("where: {territory: Afghan istan}", "3:22: territory: 'Afghan istan' is not a territory code."),
    ("where: {point: [67.28]}", "3:18: point: expected a point as [longitude, latitude]"),
    ("where: {point: [1, 2, 3]}", "3:18: point: expected a point as [longitude, latitude]"),
    (
        "where: {point: [37.22 N, 67.28 E]}",
        "3:18: point: expected numbers in degrees, [longitude, latitude], got '37.22 N'.",
    ),
    (
        "where: {point: [1e999, 0]}",
        "3:18: point: expected numbers in degrees, [longitude, latitude], got '1e999'.",
    ),
    ("where: {point: [nan, 0]}", "3:18: point: expected numbers in degrees"),
    ("where: {point: [7474000, 4468000]}", "3:18: point: expected numbers in degrees"),
    (
        "where: {point: [37.22, 97.28]}",
        "3:18: point: [37.22, 97.28] is not on the globe. Expected [longitude, latitude] in degrees, "
        "-180 to 180 and -90 to 90. Did you mean [97.28, 37.22]?",
    ),
    ("where: {area: data/a.shp}", "3:17: area: expected an area as the path of a GeoJSON file"),
    ("where: {area: ../a.geojson}", "3:17: area: '../a.geojson' is not a path in the project folder."),
    ("where: {teritory: AFG}", "3:11: unknown key 'teritory'. Did you mean 'territory'?"),
    ("where: {country: AFG}", "3:11: unknown key 'country'. Known keys: border, route,"),
    (
        "where: {territory: AFG, place: Kabul}",
        "3:10: expected a location, such as {border: AFG-TJK}, with one of",
    ),
    (
        "where: {label: here}",
        "3:10: expected a location, such as {border: AFG-TJK}, with one of the keys border,",
    ),
    ("where: {territory: AFG, precision: 8}", "3:38: precision: expected a number of at most 7, got '8'."),
    (
        "where: {territory: AFG, precision: country}",
        "3:38: precision: expected a whole number, got 'country'.",
    ),
    ("where: {territory: AFG, label: [a]}", "3:34: label: expected text, got a list."),
    ("where: AFG-TJK", "3:10: expected a location, such as {border: AFG-TJK}, got 'AFG-TJK'."),
    ("where: [AFG-TJK]", "3:11: expected a location, such as {border: AFG-TJK}, got 'AFG-TJK'."),
    ("where: []", "3:10: the list is empty. Write at least one location."),
    ("where:", "3:3: where: nothing is written here. (Where the claim is placed)"),
    ("wher: {territory: AFG}", "1:3: the key 'where' is missing. (Where the claim is placed)"),
]


@pytest.mark.parametrize(("line", "expected"), WRONG)
def test_where_that_is_wrong(line, expected):
    annotation, problems = read_one(line)
    assert annotation is None
    assert any(problem.startswith(f"c.yaml:{expected}") for problem in problems), problems
    assert len(problems) == (2 if line.startswith("wher:") else 1)


def test_asserts_are_read_with_their_positions():
    annotation, problems = read(
        "- id: a\n  layer: l\n  where: {territory: KAZ}\n  claim: c\n  source: s\n  asserts:\n"
        "    - {shares_border: [AFG, TJK]}\n"
        "    - {shares_border: AFG-UZB}\n"
        "    - {between: {territory: KAZ, from: [TKM, UZB], to: RUS}}\n"
        "    - {borders_on: {territory: AFG, side: north, with: TKM}}\n"
    )
    assert problems == []
    first, second, between, on = annotation[0].asserts
    assert (first.pair, second.pair) == (("AFG", "TJK"), ("AFG", "UZB"))
    assert (between.territory, between.from_, between.to) == ("KAZ", ("TKM", "UZB"), "RUS")
    assert (on.territory, on.side, on.with_) == ("AFG", "north", ("TKM",))
    assert [str(annotation[0].position("asserts", n)) for n in (0, 3)] == ["c.yaml:7:23", "c.yaml:10:20"]


@pytest.mark.parametrize(
    ("asserts", "expected"),
    [
        (
            "[{shares_boarder: [AFG, TJK]}]",
            "1:77: unknown key 'shares_boarder'. Did you mean 'shares_border'?",
        ),
        ("[{shares_border: AFG}]", "1:92: shares_border: 'AFG' is not a border."),
        (
            "[{shares_border: [AFG, 'T J']}]",
            "1:92: pair: expected a territory code, such as 'AFG', got 'T J'.",
        ),
        (
            "[{between: {territory: KAZ, form: TKM, to: RUS}}]",
            "1:103: unknown key 'form'. Did you mean 'from'?",
        ),
        ("[{between: {territory: KAZ, to: RUS}}]", "1:86: between needs 'from'."),
        (
            "[{between: [TKM, KAZ, RUS]}]",
            "1:86: between: expected a mapping with the keys territory, from, to",
        ),
        (
            "[{borders_on: {territory: AFG, side: up, with: TKM}}]",
            "1:112: side: 'up' is not one of north, south, east, west.",
        ),
        ("AFG borders on TJK", "1:75: expected an assertion, such as {shares_border: [AFG, TJK]}, got 'AFG"),
    ],
)
def test_asserts_that_are_wrong(asserts, expected):
    _, problems = read(
        f"- {{id: a, layer: l, where: {{place: Termez}}, claim: c, source: s, asserts: {asserts}}}\n"
    )
    assert len(problems) == 1
    assert problems[0].startswith(f"c.yaml:{expected}"), problems


def test_a_text_with_a_comma_that_became_two_keys():
    _, problems = read(
        "- {id: a, layer: l, where: {place: T}, claim: c, source: s, speaker: {role: an expert, to CNN}}\n"
    )
    (problem,) = problems
    assert problem == "c.yaml:1:88: unknown key 'to CNN'. Put a text with a comma in quotes."


def test_all_problems_of_all_items_are_told():
    annotations, problems = read(
        "- just text\n"
        "- {id: Big, layer: l, where: {point: [1]}, claim: '', source: s}\n"
        "- {id: good, layer: l, where: {place: Termez}, claim: c, source: s}\n"
        "- {id: b, layer: l, where: {place: Termez}, claim: [c], source: s, date: 2015-13, speaker: x}\n"
        "- {id: c}\n"
    )
    assert [annotation.id for annotation in annotations] == ["good"]
    assert [problem.split(": ")[0] for problem in problems] == [
        "c.yaml:1:3",
        "c.yaml:2:38",
        "c.yaml:2:8",
        "c.yaml:2:51",
        "c.yaml:4:52",
        "c.yaml:4:92",
        "c.yaml:4:74",
        *["c.yaml:5:3"] * 4,
    ]


@pytest.mark.parametrize("text", ["id: a\n", "text\n"])
def test_a_file_that_is_no_list(text):
    annotations, problems = read(text)
    assert annotations == []
    assert problems[0].startswith(
        "c.yaml:1:1: expected a list of annotations, each beginning with '- id: ...', got "
    )


def test_an_empty_file_has_no_annotations():
    assert read("# nothing yet\n") == ([], [])


texts = st.sampled_from(["AFG", "AFG-TJK", "", "Termez", "1", "nan", "a.geojson", "~", "7"]) | st.text(
    max_size=5
)
leaves = st.none() | texts
trees = st.recursive(
    leaves,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["border", "route", "point", "place", "between", "from", "label", "precision", "x"]
            ),
            inside,
        )
    ),
    max_leaves=8,
)


@given(where=trees, asserts=trees, speaker=trees, supports=trees)
def test_any_shape_of_values_is_read_or_refused_in_words(where, asserts, speaker, supports):
    item = {"id": "a", "layer": "l", "claim": "c", "source": "s"}
    value = [{**item, "where": where, "asserts": asserts, "speaker": speaker, "supports": supports}]
    document = parse_document(b"[]", "c.yaml")
    document.value = value
    annotations, problems = read_annotations(document)
    assert bool(annotations) != bool(problems)
    assert all(str(problem).endswith((".", ")", "?")) for problem in problems)
