"""What changed, in words: the plain parts that a difference is told in, whatever form it is written in.

Texts only, as they are shown; made in ``writers.changes``, put into a page by its templates.
"""

from __future__ import annotations

from dataclasses import dataclass

Parts = tuple[tuple[str, str], ...]
"""A text in parts: kept (" "), taken out ("-"), put in ("+")."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one field said and says."""

    label: str
    parts: Parts


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that changed: what happened to it, its id and its text, and its fields."""

    kinds: tuple[str, ...]
    id: str
    text: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What changed of one kind of things: claims, sources, boundaries, settings, corrections."""

    name: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class ToldChanges:
    """All that changed between two editions."""

    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class ToldCorrection:
    """An entry of a project's record of corrections: date, id, number and text of the claim, what and why."""

    date: str
    claim: str
    number: int
    text: str
    what: str
    why: str = ""
