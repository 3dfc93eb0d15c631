"""Say what the scales mean that a map's claims are graded by, and which claims look uncertain.

In: the claims of a map, and the words of a language. Out: only those scales that the claims use, each with
where it is published; and what the legend has to explain. Values and bounds are those of the published
scales; how an uncertain claim looks is the style sheet's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mapgen.languages import Words
from mapgen.model import Annotation
from mapgen.page import ScaleView

FIELDS: Mapping[str, str] = {
    "reliability": "source_reliability",
    "credibility": "info_credibility",
    "likelihood": "likelihood",
    "confidence": "analytic_confidence",
    "status": "status",
}
"""Which field of a claim holds a value of a group; precision stands with locations too."""

VALUES: Mapping[str, tuple[str, ...]] = {
    "reliability": tuple("ABCDEF"),
    "credibility": tuple("123456"),
    "likelihood": (
        *("almost no chance", "very unlikely", "unlikely", "roughly even chance"),
        *("likely", "very likely", "almost certain"),
    ),
    "confidence": ("low", "moderate", "high"),
    "status": ("asserted", "disputed", "corroborated", "retracted"),
    "precision": tuple("1234567"),
}

SCALES: Mapping[str, tuple[str, ...]] = {
    "grade": ("reliability", "credibility"),
    "estimate": ("likelihood", "confidence"),
    "status": ("status",),
    "precision": ("precision",),
}
"""The groups of values that each published scale has."""

BOUNDS = ((1, 5), (5, 20), (20, 45), (45, 55), (55, 80), (80, 95), (95, 99))
"""Percent that the terms of likelihood stand for (ICD 203)."""

WEAK_RELIABILITY = frozenset("DEF")
WEAKEST_SOUND_CREDIBILITY = 3
"""From D and from 4 on a reader cannot lean on a claim: it is doubtful, or nobody can judge it (F, 6)."""

FUZZY = 3
"""Precision from which a point stands for something around it, and not for itself (UCDP)."""


def is_weak(annotation: Annotation) -> bool:
    """Tell whether a claim's grade is low: D, E or F, or 4, 5 or 6. A claim without a grade is not weak."""
    reliability, credibility = annotation.source_reliability, annotation.info_credibility
    return reliability in WEAK_RELIABILITY or (credibility or 0) > WEAKEST_SOUND_CREDIBILITY


def uncertain_kinds(annotations: Sequence[Annotation]) -> Iterator[str]:
    """Yield the kinds of legend entries that explain what looks uncertain on a map."""
    if any(map(is_weak, annotations)):
        yield "form-weak"
    if any(
        location.kind in ("point", "place") and (location.precision or each.where_precision or 0) >= FUZZY
        for each in annotations
        for location in each.where
    ):
        yield "form-fuzzy"


def describe_scales(annotations: Sequence[Annotation], words: Words) -> Iterator[ScaleView]:
    """Yield the scales that claims use, explained.

    Parameters
    ----------
    annotations : sequence of Annotation
        Of one map.
    words : Words
    """
    used = set(_used(annotations))
    for name, groups in SCALES.items():
        explained = tuple(_explain(group, words) for group in groups if group in used)
        if explained:
            yield ScaleView(
                name=name,
                title=words(f"scale.{name}.title"),
                source=words(f"scale.{name}.source"),
                groups=explained,
            )


def _used(annotations: Sequence[Annotation]) -> Iterator[str]:
    for group, field in FIELDS.items():
        default: Any = Annotation.model_fields[field].default
        if any(getattr(each, field) != default for each in annotations):
            yield group
    if any(each.where_precision or any(at.precision for at in each.where) for each in annotations):
        yield "precision"


def _explain(group: str, words: Words) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return what a group of values is about, and what each of them means."""
    rows = [(value, words(f"{group}.{value}")) for value in VALUES[group]]
    if group == "likelihood":
        percents = (words("scale.percent", low=low, high=high) for low, high in BOUNDS)
        rows = [(named, percent) for (_, named), percent in zip(rows, percents, strict=True)]
    elif group in ("confidence", "status"):
        rows = [(named, words(f"scale.means.{value}")) for value, named in rows]
    return words(f"scale.about.{group}"), tuple(rows)
