"""Turn a place that somebody points at into a claim in the project's file.

In: a place, then what a person writes into a form. Out: what the place can mean, the form with its fields and
their values, the claim as YAML, and in the end the claim behind the others in a file of claims. Whatever is
written has passed the reader and the placer that every claim passes.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mapgen.annotations import read_annotations
from mapgen.appending import append_entry, digest, replace_file, write_entry
from mapgen.boundaries import Boundaries, read_boundaries
from mapgen.documents import Document, parse_document, read_bytes
from mapgen.errors import InputError, Problem, quoted, suggest
from mapgen.model import Annotation, Project
from mapgen.nearby import find_nearby
from mapgen.places import Placer
from mapgen.schema import annotations_schema
from mapgen.watching import claim_files

LATER = ("where", "asserts")
"""Keys that the form has no field for: one is pointed at, the other written by hand."""
FIRST = ("claim", "id", "layer", "source", "quote", "speaker.name", "speaker.role", "date", "where_precision")
"""Fields that most claims have, in the order of the form."""
LONG = ("claim", "quote", "note")
LISTS = ("supersedes", "supports", "contradicts")
LONGEST_ID = 40
MOST_REACH = 2000.0

Asked = Mapping[str, Any]


class Pointing:
    """Answers the form of the preview, for one project.

    Parameters
    ----------
    file : Path
        The project file.

    Attributes
    ----------
    project : Project or None
        As it was last built.
    broken : bool
        Whether the files as they are now cannot be built.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.project: Project | None = None
        self.broken = True
        self._lock = threading.Lock()
        self._read: tuple[object, Boundaries] | None = None

    def look(self, asked: Asked) -> dict[str, Any]:
        """Return what a place can mean, and the form.

        Parameters
        ----------
        asked : mapping
            ``longitude``, ``latitude`` in degrees and ``reach`` in kilometres.

        Raises
        ------
        InputError
            If the project cannot be built as it is, or the place is none.
        """
        longitude, latitude, reach = (_number(asked, key) for key in ("longitude", "latitude", "reach"))
        if not (abs(longitude) <= 180 and abs(latitude) <= 90 and reach > 0):
            raise InputError("this place is not on the globe. Click the map.")
        project, files = self._ready()
        choices = find_nearby(self._placer(project), longitude, latitude, min(reach, MOST_REACH))
        return {
            "choices": [{"where": each.where, "text": each.text} for each in choices],
            "fields": form_fields(project),
            "files": files,
        }

    def draft(self, asked: Asked) -> dict[str, Any]:
        """Return a claim as it would stand in its file, and what is wrong with it.

        Parameters
        ----------
        asked : mapping
            ``where`` as a claim gives it, ``fields`` as the form has them, and ``file``.
        """
        project, files = self._ready()
        file, data = self._content(asked, files)
        entry = compose(asked, project)
        text, line = write_entry(entry, data, file)
        problems = self._problems(project, parse_document(("\n" * (line - 1) + text).encode("utf-8"), file))
        told = [{"at": str(each.position or ""), "text": each.message} for each in problems]
        return {"yaml": text, "id": entry["id"], "digest": digest(data), "problems": told}

    def save(self, asked: Asked) -> dict[str, Any]:
        """Write a claim behind the others in its file.

        Parameters
        ----------
        asked : mapping
            As for `draft`, with the ``digest`` that it returned.

        Raises
        ------
        InputError
            With everything that is wrong with the claim; if the file has changed since the draft; if it
            cannot be written. The file is then as it was.
        """
        with self._lock:
            project, files = self._ready()
            file, data = self._content(asked, files)
            if digest(data) != asked.get("digest"):
                raise InputError(f"{file}: the file has changed meanwhile; nothing was written. Save again.")
            entry = compose(asked, project)
            made, line, text = append_entry(data, file, entry)
            alone = parse_document(("\n" * (line - 1) + text).encode("utf-8"), file)
            problems = self._problems(project, alone)
            if problems:
                raise InputError(*problems)
            replace_file((self.file.parent / file).resolve(), data, made)
            return {"saved": entry["id"], "file": file, "line": line}

    def _ready(self) -> tuple[Project, list[str]]:
        """Return the project and its files of claims, if it can be added to."""
        if self.project is None or self.broken:
            raise InputError("the project cannot be built as it is. Mend what is wrong first.")
        files = claim_files(self.file)
        if not files:
            raise InputError("the project has no YAML file of claims that one could be added to.")
        return self.project, files

    def _content(self, asked: Asked, files: list[str]) -> tuple[str, bytes]:
        """Return the file that a claim goes into and its content; only files that the project names."""
        file = asked.get("file", files[0])
        if file not in files:
            raise InputError("this is no file of claims of the project.")
        folder = self.file.parent.resolve()
        if not (folder / file).resolve().is_relative_to(folder):
            raise InputError(f"{file}: leads out of the project folder. Write to it by hand.")
        return file, read_bytes(folder / file, file)

    def _placer(self, project: Project) -> Placer:
        """Return what places claims; boundaries are read once, as long as the project asks for the same."""
        own = self.file.parent / project.boundaries.partition("|")[0]
        changed = own.stat().st_mtime_ns if own.is_file() else 0
        names = ("boundaries", "worldview", "language", "code_column", "name_column")
        key = (*(getattr(project, name) for name in names), changed)
        if self._read is None or self._read[0] != key:
            boundaries = read_boundaries(
                project.boundaries,
                worldview=project.worldview,
                language=project.language,
                folder=project.folder,
                code_column=project.code_column,
                name_column=project.name_column,
            )
            self._read = key, boundaries
        return Placer(project, self._read[1])

    def _problems(self, project: Project, document: Document) -> list[Problem]:
        """Return what is wrong with a new claim, by the readers that all claims go through."""
        annotations, problems = read_annotations(document)
        for annotation in annotations:
            problems += check_new(annotation, project)
            _, findings = self._placer(project).place(annotation)
            problems += [
                Problem(each.position, f"{each.message}. {each.remedy}".strip())
                for each in findings
                if each.severity == "error"
            ]
        return problems


def check_new(annotation: Annotation, project: Project) -> list[Problem]:
    """Return what is wrong with the names that a new claim gives: its own, and those that it refers to."""
    ids = [each.id for each in project.annotations]
    problems = []
    if annotation.id in ids:
        message = f"the id {quoted(annotation.id)} is used already. Give another."
        problems.append(Problem(annotation.position("id"), message))
    known = {"layer": [each.name for each in project.layers], "source": list(project.sources)}
    for key, names in known.items():
        name = getattr(annotation, key)
        if name not in names:
            near = suggest(name, names)
            problems.append(Problem(annotation.position(key), f"unknown {key} {quoted(name)}.{near}"))
    for key in LISTS:
        for index, name in enumerate(getattr(annotation, key)):
            if name not in ids:
                message = f"unknown claim {quoted(name)}.{suggest(name, ids)}"
                problems.append(Problem(annotation.position(key, index), message))
    return problems


def form_fields(project: Project) -> list[dict[str, Any]]:
    """Return the fields of the form, from the schema of claims.

    Parameters
    ----------
    project : Project

    Returns
    -------
    list of dict
        ``name``; ``kind`` (``text``, ``long`` or ``choice``); ``values`` of a choice, each with the words for
        it; ``required``; ``first``, whether most claims have it; ``about`` in a sentence.
    """
    schemas = annotations_schema()
    item = schemas["items"]
    fields = []
    for key, schema in item["properties"].items():
        if key == "speaker":
            inside = schemas["$defs"]["Speaker"]["properties"]
            fields += [_field(f"speaker.{name}", inner, False, ()) for name, inner in inside.items()]
        elif key not in LATER:
            fields.append(_field(key, schema, key in item["required"], _declared(key, project)))
    return sorted(fields, key=lambda field: FIRST.index(field["name"]) if field["first"] else len(FIRST))


def _field(
    name: str, schema: Mapping[str, Any], required: bool, declared: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """Return one field of the form."""
    values = list(declared) or [(value, value) for value in _values(schema)]
    return {
        "name": name,
        "kind": "choice" if values else "long" if name in LONG else "text",
        "values": values,
        "required": required and name != "id",
        "first": name in FIRST,
        "about": schema.get("description", ""),
    }


def _values(schema: Mapping[str, Any]) -> list[str]:
    """Return the values that a key can have, if the schema lists them."""
    if "enum" in schema:
        return list(map(str, schema["enum"]))
    if "minimum" in schema and "maximum" in schema:
        return [str(number) for number in range(schema["minimum"], schema["maximum"] + 1)]
    return next((values for each in schema.get("anyOf", ()) if (values := _values(each))), [])


def _declared(key: str, project: Project) -> list[tuple[str, str]]:
    """Return what a project declares for a key, with the words for it."""
    if key == "layer":
        return [(each.name, each.title) for each in project.layers]
    if key == "source":
        return [(each.id, each.title) for each in project.sources.values()]
    return []


def compose(asked: Asked, project: Project) -> dict[str, Any]:
    """Return the entry that a form describes: plain values, in the order of the model.

    Parameters
    ----------
    asked : mapping
        ``where`` as a claim gives it, ``fields`` as text by name; blank ones are left out. Without an ``id``
        one is made of the claim's first words.
    project : Project
    """
    given = asked.get("fields")
    fields = (
        {name: text for name, text in given.items() if isinstance(text, str) and text.strip()}
        if isinstance(given, dict)
        else {}
    )
    entry: dict[str, Any] = {}
    for key in Annotation.model_fields:
        if key == "id":
            entry[key] = fields.get(key, "").strip() or _new_id(fields.get("claim", ""), project)
        elif key == "where":
            entry[key] = _plain(asked.get("where"))
        elif key == "speaker":
            speaker = {
                name: fields[f"speaker.{name}"].strip()
                for name in ("name", "role")
                if f"speaker.{name}" in fields
            }
            entry |= {key: speaker} if speaker else {}
        elif key in LISTS and key in fields:
            entry[key] = [name for name in re.split(r"[,;\s]+", fields[key]) if name]
        elif key in fields and key not in LATER:
            entry[key] = fields[key].strip()
    return entry


def _plain(where: object) -> dict[str, Any]:
    """Return a location as plain values, no deeper than locations are."""

    def is_flat(value: object) -> bool:
        return isinstance(value, str | int | float) and not isinstance(value, bool)

    if not isinstance(where, dict) or not all(
        is_flat(value) or (isinstance(value, list) and all(map(is_flat, value))) for value in where.values()
    ):
        raise InputError("this is no location. Click the map again.")
    return where


def _new_id(claim: str, project: Project) -> str:
    """Return an id that no claim has, of a claim's first words."""
    words = "-".join(re.findall(r"[a-z0-9]+", claim.lower()))
    stem = words[:LONGEST_ID].rsplit("-", 1)[0] if len(words) > LONGEST_ID else words
    stem = stem.strip("-") or "claim"
    taken = {each.id for each in project.annotations}
    number = 1
    made = stem
    while made in taken:
        number += 1
        made = f"{stem}-{number}"
    return made


def _number(asked: Asked, key: str) -> float:
    value = asked.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(f"{key}: expected a number.")
    return float(value)
