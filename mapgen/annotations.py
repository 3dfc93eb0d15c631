"""What an annotation file says in, annotations out: the rules that hold for claims of every format.

Returns what is right and the problems of the rest, so that those of all files are told at once. Files are
opened by ``documents`` and ``readers``.
What ids refer to (layers, sources, other claims) is checked by ``project``, what codes and places refer to by
``places``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from mapgen.documents import Document
from mapgen.errors import Position, Problem, quoted
from mapgen.fields import Origin
from mapgen.model import ASSERTION_KINDS, LOCATION_KINDS, Annotation, Assertion, Location
from mapgen.modelwords import Path, explain, unknown_key, what

MAX_PROBLEMS = 1_000

_PLACEHOLDER = (Location(kind="place", value="-"),)
_ASSERTION_KEYS = {"between": ("territory", "from", "to"), "borders_on": ("territory", "side", "with")}


def read_annotations(document: Document) -> tuple[list[Annotation], list[Problem]]:
    """Read the annotations of one file: a list, one item a claim.

    Parameters
    ----------
    document : Document
        The file, in the form that YAML has; an empty one has no annotations.

    Returns
    -------
    annotations : list of Annotation
        Those that are right.
    problems : list of Problem
        Everything that is wrong with the others; behind the first thousand no more are looked for.
    """
    value = document.value
    if value is None:
        return [], []
    if not isinstance(value, list):
        message = f"expected a list of annotations, each beginning with '- id: ...', got {what(value)}."
        return [], [Problem(document.position(), message)]
    annotations: list[Annotation] = []
    problems: list[Problem] = []
    for number, item in enumerate(value):
        reader = _ItemReader(document, number)
        annotation = reader.read(item)
        problems += reader.problems
        if annotation is not None and not reader.problems:
            annotations.append(annotation)
        if len(problems) > MAX_PROBLEMS:
            message = f"more than {MAX_PROBLEMS:,} things are wrong in this file. Mend these first."
            problems.append(Problem(Position(document.file), message))
            break
    return annotations, problems


class _ItemReader:
    """Reads one annotation from its file form; one use."""

    def __init__(self, document: Document, number: int) -> None:
        self.document = document
        self.number = number
        self.problems: list[Problem] = []
        self.moved: dict[Path, Path] = {}  # from the model's path to the file's, where they differ

    def read(self, item: object) -> Annotation | None:
        if not isinstance(item, dict):
            self.note((), f"expected an annotation ('id: ...', 'claim: ...'), got {what(item)}.")
            return None
        fields: dict[str, Any] = dict(item)
        if item.get("where") is not None:
            fields["where"] = self.keep("where", self.locations(item["where"])) or _PLACEHOLDER
        if item.get("asserts") is not None:
            fields["asserts"] = self.keep("asserts", self.assertions(item["asserts"]))
        try:
            annotation = Annotation.model_validate(fields)
        except ValidationError as error:
            self.problems += explain(error, Annotation, self.document, (self.number,))
            return None
        annotation.set_origin(Origin(self.document, (self.number,), self.moved))
        return annotation

    def keep(self, name: str, found: Iterator[tuple[Path, Any]]) -> tuple[Any, ...]:
        values: list[Any] = []
        for path, value in found:
            self.moved[name, len(values)] = path
            values.append(value)
        return tuple(values)

    def note(self, path: Path, message: str) -> None:
        self.problems.append(Problem(self.document.position(self.number, *path), message))

    def unknown(self, path: Path, known: list[str]) -> None:
        self.problems.append(unknown_key(self.document, (self.number, *path), known))

    def locations(self, where: object) -> Iterator[tuple[Path, Location]]:
        """Yield the locations of a ``where``: a mapping or a list, each for one or several of a kind."""
        if where == []:
            self.note(("where",), "the list is empty. Write at least one location.")
        known = [*LOCATION_KINDS, "precision", "label"]
        for path, entry in _entries("where", where):
            kind = self.only_kind(path, entry, LOCATION_KINDS, known, "a location, such as {border: AFG-TJK}")
            if kind is None or not isinstance(entry, dict):
                continue
            common = {key: entry[key] for key in ("precision", "label") if entry.get(key) is not None}
            for inner, value in _several(kind, entry[kind]):
                location = self.location(kind, value, (*path, *inner), path, common)
                if location is not None:
                    yield (*path, *inner), location

    def location(
        self, kind: str, value: object, at: Path, entry: Path, common: dict[str, Any]
    ) -> Location | None:
        try:
            return Location.model_validate({**common, "kind": kind, "value": _location_value(kind, value)})
        except ValidationError as error:
            for details in error.errors(include_url=False):
                if details["loc"] and details["loc"][0] in common:
                    self.problems += explain(error, Location, self.document, (self.number, *entry))
                    return None
            self.note(at, f"{kind}: {_own_words(error)}")
        except ValueError as error:
            self.note(at, f"{kind}: {error}")
        return None

    def assertions(self, asserts: object) -> Iterator[tuple[Path, Assertion]]:
        """Yield the assertions of an ``asserts``."""
        for path, entry in _entries("asserts", asserts):
            example = "an assertion, such as {shares_border: [AFG, TJK]}"
            kind = self.only_kind(path, entry, ASSERTION_KINDS, list(ASSERTION_KINDS), example)
            if kind is None or not isinstance(entry, dict):
                continue
            fields = self.assertion_fields((*path, kind), kind, entry[kind])
            if fields is None:
                continue
            try:
                yield (*path, kind), Assertion.model_validate({"kind": kind, **fields})
            except ValidationError as error:
                self.problems += explain(error, Assertion, self.document, (self.number, *path, kind))

    def assertion_fields(self, path: Path, kind: str, value: object) -> dict[str, object] | None:
        if kind == "shares_border":
            try:
                return {"pair": _pair(value)}
            except ValueError as error:
                self.note(path, f"{kind}: {error}")
                return None
        known = _ASSERTION_KEYS[kind]
        if not isinstance(value, dict):
            self.note(
                path, f"{kind}: expected a mapping with the keys {', '.join(known)}, got {what(value)}."
            )
            return None
        strangers = [key for key in value if key not in known]
        for key in strangers:
            self.unknown((*path, key), list(known))
        renamed: dict[object, str] = {"from": "from_", "with": "with_"}
        if strangers:
            return None
        return {renamed.get(key, str(key)): inside for key, inside in value.items() if inside is not None}

    def only_kind(
        self, path: Path, entry: object, kinds: tuple[str, ...], known: list[str], example: str
    ) -> str | None:
        """Return the one key of an entry that says what kind it is, or None and a problem."""
        if not isinstance(entry, dict):
            self.note(path, f"expected {example}, got {what(entry)}.")
            return None
        strangers = [key for key in entry if key not in known]
        for key in strangers:
            self.unknown((*path, key), known)
        said = [key for key in entry if key in kinds and entry[key] is not None]
        if len(said) == 1:
            return None if strangers else said[0]
        if not strangers:
            got = " and ".join(map(quoted, said)) or "none of them"
            self.note(path, f"expected {example}, with one of the keys {', '.join(kinds)}; got {got}.")
        return None


def _entries(name: str, value: object) -> Iterator[tuple[Path, object]]:
    if isinstance(value, list):
        yield from (((name, number), entry) for number, entry in enumerate(value))
    else:
        yield (name,), value


def _several(kind: str, value: object) -> Iterator[tuple[Path, object]]:
    """Yield the values of one kind, each with its path in the entry: a list can be one value or several."""
    if isinstance(value, list) and value and not _is_one(kind, value):
        yield from (((kind, number), item) for number, item in enumerate(value))
    else:
        yield (kind,), value


def _is_one(kind: str, items: list[object]) -> bool:
    flat = not any(isinstance(item, list | dict) for item in items)
    if kind == "border":  # [AFG, TJK] is one border, [AFG-TJK, AFG-UZB] are two
        return flat and not any("-" in item for item in items if isinstance(item, str))
    return flat and kind in ("route", "relation", "point")


def _location_value(kind: str, value: object) -> object:
    if kind == "border":
        return _pair(value)
    if kind == "point" and isinstance(value, list):
        return tuple(map(_number, value))
    return tuple(value) if isinstance(value, list) else value


def _pair(value: object) -> tuple[object, ...]:
    if isinstance(value, str):
        ends = tuple(value.split("-"))
        if len(ends) != 2 or not all(ends):
            raise ValueError(
                f"{quoted(value)} is not a border. Expected two codes, such as AFG-TJK or [AFG, TJK]."
            )
        return ends
    if isinstance(value, list) and len(value) == 2:
        return tuple(value)
    raise ValueError(f"expected two codes, such as AFG-TJK or [AFG, TJK], got {what(value)}.")


def _number(value: object) -> float:
    try:
        number = float(value) if isinstance(value, str) else float("nan")
    except ValueError:
        number = float("nan")
    if not abs(number) <= 1e6:
        raise ValueError(f"expected numbers in degrees, [longitude, latitude], got {what(value)}.")
    return number


def _own_words(error: ValidationError) -> str:
    """Return what the model says itself; where only pydantic does, it tried each branch of a union."""
    own = error.errors(include_url=False)[0].get("ctx", {}).get("error")
    return str(own) if own else "expected texts or a list of texts, such as AFG or [AFG, TJK]."
