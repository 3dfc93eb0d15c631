"""The errors: their tree, their wording on one line, their order, and the suggestions."""

from __future__ import annotations

import time

import pytest

from mapgen import errors
from mapgen.errors import InputError, Position, Problem, quoted, suggest, visible


def test_position_is_written_as_editors_read_it():
    assert str(Position("data/claims.yaml", 14, 9)) == "data/claims.yaml:14:9"
    assert str(Position("data/claims.yaml", 14)) == "data/claims.yaml:14"
    assert str(Position("data/claims.yaml")) == "data/claims.yaml"


def test_input_error_is_one_line_a_problem_in_the_order_of_the_files_and_without_repeats():
    problems = [
        Problem(Position("b.yaml", 1, 1), "third"),
        Problem(Position("a.yaml", 10, 1), "second"),
        Problem(Position("a.yaml", 9, 20), "first"),
        Problem(Position("a.yaml", 9, 20), "first"),
    ]
    error = InputError(*problems, "nowhere")
    assert str(error).splitlines() == [
        "nowhere",
        "a.yaml:9:20: first",
        "a.yaml:10:1: second",
        "b.yaml:1:1: third",
    ]
    assert error.problems[1] == problems[2]


@pytest.mark.parametrize(
    "name", ["BoundaryDataError", "TerritoryNotFoundError", "BorderNotFoundError", "PlaceNotFoundError"]
)
def test_what_is_wrong_with_the_input_exits_with_1(name):
    error = getattr(errors, name)("message")
    assert isinstance(error, InputError)
    assert isinstance(error, errors.MapgenError)
    assert error.exit_status == 1


def test_a_wrong_command_line_exits_with_2():
    assert errors.UsageError("message").exit_status == 2
    assert not issubclass(errors.UsageError, InputError)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb", "a\\nb"),
        ("a\0b", "a\\x00b"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u2028b", "a\\u2028b"),
        ("a\ud800b", "a\\ud800b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Termez, Ўзбекистон 🗺", "Termez, Ўзбекистон 🗺"),
    ],
)
def test_hostile_text_stays_visible_on_its_line(given, shown):
    assert visible(given) == shown
    assert str(Problem(Position("a.yaml", 1, 2), given)) == f"a.yaml:1:2: {shown}"


def test_quoted_cuts_what_is_long():
    assert quoted("Tirmez") == "'Tirmez'"
    assert len(quoted("x" * 100_000)) < 80


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("Tirmez", ["Termez", "Tashkent"], " Did you mean 'Termez'?"),
        ("termez", ["Termez"], " Did you mean 'Termez'?"),
        ("AFH", ["AFG", "TJK"], " Did you mean 'AFG'?"),
        ("abcd", ["abce", "abcf", "abcg"], " Did you mean 'abcg', 'abcf' or 'abce'?"),
        ("xyz", ["Termez"], ""),
        ("", ["Termez"], ""),
        ("word", [], ""),
    ],
)
def test_suggest(word, known, expected):
    assert suggest(word, known) == expected


def test_suggest_is_quick_with_hostile_words():
    begin = time.perf_counter()
    assert suggest("a" * 100_000, ["a" * 1000] * 1000) == ""
    assert time.perf_counter() - begin < 0.5
