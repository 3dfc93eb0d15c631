"""Tell two editions apart: which claims came, went, moved, and what was corrected, word by word.

In: two records, each of what the files of an edition say. Out: a `Difference`, which writers put into text,
Markdown, JSON or a map. Nothing is read here, and an order of claims that changed is no difference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from mapgen.writers.plain import Plain, PlainProject

GRADES = (
    *("status", "source_reliability", "info_credibility", "likelihood", "analytic_confidence"),
    "where_precision",
)
"""Fields of a claim that grade it: where one changes, the claim is regraded."""

PLACES = ("where", "area")
"""Fields by which a claim moves; ``area`` is the outline in a file that it names."""

BOUNDARIES = ("boundaries", "code_column", "name_column", "worldview", "worldviews", "territories", "context")
"""Settings that change which borders are drawn."""

_WORDS = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Record:
    """What the files of an edition say.

    Attributes
    ----------
    name : str
        What the edition is called: a path, or a git revision.
    files : PlainProject
    areas : mapping of str to str
        Text of the GeoJSON files that claims name, by path.
    dataset : str
        Title, version and scale of the boundary data.
    checksums : mapping of str to str
        SHA-256 of the files of boundary data.
    borders : mapping of str to float, or None
        Lengths of the territories' borders in km by ``"AFG-TJK"``; None where they were not computed.
    """

    name: str
    files: PlainProject
    areas: Mapping[str, str] = field(default_factory=dict)
    dataset: str = ""
    checksums: Mapping[str, str] = field(default_factory=dict)
    borders: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A field that says something else: its value before and after, None where it was not written."""

    field: str
    old: Any
    new: Any

    def words(self) -> list[tuple[str, str]]:
        """Return both as one text, word by word: kept (" "), taken out ("-") and put in ("+")."""
        return compare_words(tell(self.old), tell(self.new))


@dataclass(frozen=True, slots=True)
class Changed:
    """A claim, source or setting that is in both editions and says something else.

    Attributes
    ----------
    id : str
    old, new : dict
        As the files have it.
    changes : tuple of Change
    """

    id: str
    old: Plain
    new: Plain
    changes: tuple[Change, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """What happened to a claim: ``withdrawn``, ``moved``, ``regraded``, ``corrected``, ``renamed``."""
        names = {change.field for change in self.changes}
        retracted = self.new.get("status") == "retracted" and "status" in names
        others = names - {*GRADES, *PLACES, "id"}
        happened = {
            "withdrawn": retracted,
            "moved": names & {*PLACES},
            "regraded": names & {*GRADES} - ({"status"} if retracted else set()),
            "corrected": others,
            "renamed": "id" in names,
        }
        return tuple(kind for kind, whether in happened.items() if whether)


@dataclass(frozen=True, slots=True)
class Items:
    """What became of the claims or the sources: plain items that came and went, and those that changed."""

    added: tuple[Plain, ...] = ()
    removed: tuple[Plain, ...] = ()
    changed: tuple[Changed, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class Difference:
    """What two editions say differently.

    Attributes
    ----------
    old, new : str
        What the editions are called.
    claims, sources : Items
    settings : tuple of Change
        Of the project file.
    dataset : Change or None
        Title of the boundary data; the same title twice where only its files changed.
    borders : tuple of Change
        Lengths in km; a border that is not there has None.
    corrections : tuple of dict
        New entries of the project's own record of corrections.
    """

    old: str
    new: str
    claims: Items
    sources: Items
    settings: tuple[Change, ...]
    dataset: Change | None
    borders: tuple[Change, ...]
    corrections: tuple[Plain, ...]

    def __bool__(self) -> bool:
        parts = (self.claims, self.sources, self.settings, self.dataset, self.borders, self.corrections)
        return any(parts)


def compare(old: Record, new: Record) -> Difference:
    """Compare two editions.

    Parameters
    ----------
    old, new : Record

    Returns
    -------
    Difference
        In the order of the new edition; what went stands in the order of the old one.
    """
    before, after = old.files.settings, new.files.settings
    told = _list(before.get("corrections"))
    return Difference(
        old=old.name,
        new=new.name,
        claims=_compare_items(_with_areas(old), _with_areas(new)),
        sources=_compare_items(old.files.sources, new.files.sources),
        settings=tuple(_changes(before, after, without=("corrections",))),
        dataset=_compare_datasets(old, new),
        borders=tuple(_compare_borders(old, new)),
        corrections=tuple(each for each in _list(after.get("corrections")) if each not in told),
    )


def asks_for_borders(old: Record, new: Record) -> bool:
    """Tell whether two editions may draw different borders, so that it is worth to compute them."""
    before, after = old.files.settings, new.files.settings
    named = any(before.get(key) != after.get(key) for key in BOUNDARIES)
    return named or _compare_datasets(old, new) is not None


def compare_words(old: str, new: str) -> list[tuple[str, str]]:
    """Compare two texts word by word.

    Examples
    --------
    >>> compare_words("a long border", "a short border")
    [(' ', 'a '), ('-', 'long'), ('+', 'short'), (' ', ' border')]
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    parts: list[tuple[str, str]] = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append((" ", "".join(before[i:j])))
            continue
        parts += [
            (sign, text) for sign, text in (("-", "".join(before[i:j])), ("+", "".join(after[k:m]))) if text
        ]
    return parts


def tell(value: Any) -> str:
    """Return a value of a file as a reader sees it on one line.

    Examples
    --------
    >>> tell({"border": "AFG-TJK", "precision": 5})
    'border AFG-TJK, precision 5'
    """
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {tell(inside)}" for key, inside in value.items())
    if isinstance(value, list | tuple):
        nested = any(isinstance(each, Mapping | list | tuple) for each in value)
        return ("; " if nested else ", ").join(map(tell, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _list(value: Any) -> list[Plain]:
    return list(value) if isinstance(value, list | tuple) else []


def _with_areas(record: Record) -> list[Plain]:
    """Return the claims, each with the outlines that it names."""
    if not record.areas:
        return list(record.files.annotations)
    return [{**claim, **_area_of(claim, record.areas)} for claim in record.files.annotations]


def _area_of(claim: Plain, areas: Mapping[str, str]) -> Plain:
    named = tell(claim.get("where"))
    found = {path: text for path, text in areas.items() if path in named}
    return {"area": "\n".join(f"{path}\n{text}" for path, text in found.items())} if found else {}


def _compare_items(old: Sequence[Plain], new: Sequence[Plain]) -> Items:
    before, after = ({str(item["id"]): item for item in items} for items in (old, new))
    removed = {key: item for key, item in before.items() if key not in after}
    added = {key: item for key, item in after.items() if key not in before}
    renamed = dict(_find_renamed(removed, added))
    changed = []
    for key, item in after.items():
        earlier = before.get(key) or before.get(renamed.get(key, ""))
        changes = tuple(_changes(earlier, item)) if earlier is not None else ()
        if earlier is not None and changes:
            changed.append(Changed(key, earlier, item, changes))
    gone = (item for key, item in removed.items() if key not in renamed.values())
    come = (item for key, item in added.items() if key not in renamed)
    return Items(tuple(come), tuple(gone), tuple(changed))


def _find_renamed(removed: Mapping[str, Plain], added: Mapping[str, Plain]) -> Iterator[tuple[str, str]]:
    """Find items that have another id and say the same: new id and old id."""
    by_content: dict[str, list[str]] = {}
    for key, item in removed.items():
        by_content.setdefault(_content(item), []).append(key)
    for key, item in added.items():
        if same := by_content.get(_content(item)):
            yield key, same.pop(0)


def _content(item: Plain) -> str:
    return json.dumps({name: value for name, value in item.items() if name != "id"}, sort_keys=True)


def _changes(
    old: Mapping[str, Any], new: Mapping[str, Any], *, without: Sequence[str] = ()
) -> Iterator[Change]:
    """Return the fields that differ; a mapping in a field is compared key by key."""
    for name in [*old, *(name for name in new if name not in old)]:
        before, after = old.get(name), new.get(name)
        if name in without or before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict) and name != "where":
            inner = _changes(before, after)
            yield from (Change(f"{name}.{each.field}", each.old, each.new) for each in inner)
        else:
            yield Change(name, before, after)


def _compare_datasets(old: Record, new: Record) -> Change | None:
    if (old.dataset, old.checksums) == (new.dataset, new.checksums):
        return None
    return Change("dataset", old.dataset, new.dataset)


def _compare_borders(old: Record, new: Record) -> Iterator[Change]:
    """Return the borders that are longer, shorter, new or gone; nothing where they were not computed.

    A border is not gone because an edition is about other territories.
    """
    if old.borders is None or new.borders is None:
        return
    shared = set(old.files.settings["territories"]) & set(new.files.settings["territories"])
    for border in [*old.borders, *(border for border in new.borders if border not in old.borders)]:
        before, after = old.borders.get(border), new.borders.get(border)
        if before != after and (None not in (before, after) or shared & set(border.split("-"))):
            yield Change(border, before, after)
