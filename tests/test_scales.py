"""Scales: the published grades explained, only where claims use them, and what looks uncertain."""

from __future__ import annotations

from typing import Any

import pytest

from mapgen.languages import read_words
from mapgen.model import Annotation
from mapgen.page import ScaleView
from mapgen.scales import BOUNDS, VALUES, describe_scales, is_weak, uncertain_kinds
from tests.projects import at, claim

WORDS = read_words("en")


def _scales(**changes: Any) -> dict[str, ScaleView]:
    return {each.name: each for each in describe_scales([claim(at("territory", "AFG"), **changes)], WORDS)}


def test_a_map_without_grades_explains_none() -> None:
    assert _scales() == {}


@pytest.mark.parametrize(
    ("changes", "names", "groups"),
    [
        ({"source_reliability": "B"}, ["grade"], 1),
        ({"source_reliability": "B", "info_credibility": 2}, ["grade"], 2),
        ({"likelihood": "likely"}, ["estimate"], 1),
        ({"analytic_confidence": "low"}, ["estimate"], 1),
        ({"status": "retracted"}, ["status"], 1),
        ({"where_precision": 6}, ["precision"], 1),
    ],
    ids=str,
)
def test_only_what_claims_use_is_explained(changes: dict[str, Any], names: list[str], groups: int) -> None:
    scales = _scales(**changes)
    assert list(scales) == names
    assert [len(scale.groups) for scale in scales.values()] == [groups]


def test_the_precision_of_one_location_is_enough() -> None:
    annotation = claim(at("territory", "AFG"), at("territory", "TJK", precision=6))
    assert [each.name for each in describe_scales([annotation], WORDS)] == ["precision"]


def test_scales_have_the_values_of_the_model_and_name_their_source() -> None:
    everything = _scales(
        source_reliability="A",
        info_credibility=1,
        likelihood="likely",
        analytic_confidence="low",
        status="disputed",
        where_precision=1,
    )
    assert "STANAG 2511" in everything["grade"].source
    assert "Intelligence Community Directive 203" in everything["estimate"].source
    assert "UCDP" in everything["precision"].source
    (_, letters), (_, figures) = everything["grade"].groups
    assert dict(letters)["A"] == "completely reliable source"
    assert dict(figures)["6"] == "truth cannot be judged"
    (_, likelihood), (_, confidence) = everything["estimate"].groups
    assert dict(likelihood)["almost no chance"] == "1–5 %"
    assert dict(likelihood)["roughly even chance"] == "45–55 %"
    assert dict(likelihood)["almost certain"] == "95–99 %"
    assert [value for value, _ in confidence] == ["low", "moderate", "high"]
    assert [value for value, _ in everything["precision"].groups[0][1]] == list("1234567")


def test_likelihood_is_without_gaps() -> None:
    assert [high for _, high in BOUNDS[:-1]] == [low for low, _ in BOUNDS[1:]]
    assert len(BOUNDS) == len(VALUES["likelihood"])


def _grade(code: str) -> Annotation:
    letter, figure = code
    grades = {"source_reliability": letter, "info_credibility": figure}
    return claim(at("place", "Termez"), **{key: value for key, value in grades.items() if value != "-"})


@pytest.mark.parametrize("code", ["--", "A1", "C3", "C-", "-3"])
def test_sound_grades_and_none_are_not_weak(code: str) -> None:
    assert not is_weak(_grade(code))


@pytest.mark.parametrize("code", ["D1", "E-", "F1", "A4", "-5", "B6"])
def test_one_low_grade_makes_a_claim_weak(code: str) -> None:
    assert is_weak(_grade(code))
    assert list(uncertain_kinds([_grade(code)])) == ["form-weak"]


@pytest.mark.parametrize(
    ("where", "fuzzy"),
    [
        (at("place", "Termez", precision=2), False),
        (at("place", "Termez", precision=3), True),
        (at("point", (67.0, 37.0), precision=7), True),
        (at("territory", "AFG", precision=6), False),
    ],
    ids=str,
)
def test_points_for_what_lies_around_them_are_told_in_the_legend(where: Any, fuzzy: bool) -> None:
    assert list(uncertain_kinds([claim(where)])) == (["form-fuzzy"] if fuzzy else [])
