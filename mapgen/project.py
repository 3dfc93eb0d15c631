"""A project folder in, a checked `Project` out: ``mapgen.yaml``, the sources and the annotations it names.

All problems of all files are collected, each with ``file:line:column``, and raised once. What is checked here
needs no geometry: keys, types, ids, dates, and that every name of a layer, source or claim is declared.
Whether codes and places exist in the boundary data is found by ``places`` and ``checks``.

Paths in the project file are relative to its folder and stay inside it (no absolute path, no ``..``): a
project is a folder that can be sent as it is.
"""

from __future__ import annotations

import gc
import glob
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from mapgen.annotations import read_annotations
from mapgen.documents import Document, read_document
from mapgen.entries import AnnotationFile, entry_of
from mapgen.errors import InputError, Position, Problem, quoted, suggest
from mapgen.fields import Origin
from mapgen.model import Annotation, Finding, Layer, MapSpec, Project, ProjectFile, Source
from mapgen.modelwords import explain, unknown_key, what
from mapgen.readers import SUFFIXES, is_known, read_claims
from mapgen.readers.columns import COLUMNS, WHOLE
from mapgen.storychecks import check_story

PROJECT_FILE = "mapgen.yaml"
MAX_PROBLEMS = 1_000
"""No more of them are looked for when so many have been found."""
MAX_COMPARED = 100_000


def read_project(path: str | os.PathLike[str] = ".") -> Project:
    """Read a project and everything that its file names.

    Parameters
    ----------
    path : str or path-like
        The project folder, or the project file in it.

    Returns
    -------
    Project
        With its sources, its annotations in the order of the files, its layers and at least one map.

    Raises
    ------
    InputError
        If anything is wrong in any of the files; holds all problems.
    """
    with _uncollected():
        return _Reader(_project_file(Path(path))).read()


def read_declared(path: str | os.PathLike[str]) -> tuple[list[str], list[str]]:
    """Read which layers and sources a project declares; its annotations need not be there.

    Parameters
    ----------
    path : str or path-like
        The project folder, or the project file in it.

    Returns
    -------
    layers, sources : list of str
        Names and ids, in the order of the files.

    Raises
    ------
    InputError
        If anything is wrong in the project file or its sources.
    """
    reader = _Reader(_project_file(Path(path)))
    document = read_document(reader.file, reader.file.name)
    settings = reader.settings(document)
    for source_file in reader.files(document, "sources", settings.sources) if settings else ():
        reader.read_sources(source_file)
    if reader.problems or settings is None:
        raise InputError(*reader.problems)
    return [layer.name for layer in settings.layers], list(reader.sources)


def _project_file(file: Path) -> Path:
    """Return the project file that a path means."""
    if os.path.isdir(file):  # unlike Path's own, quiet about a path that cannot be one
        file = file / PROJECT_FILE
        if not os.path.exists(file):
            message = (
                f"this folder has no {PROJECT_FILE}. Write one with 'mapgen init', or name the project file."
            )
            raise InputError(Problem(Position(file.parent.as_posix()), message))
    elif not os.path.exists(file):
        read_document(file)  # raises, naming the path as it was given
    return file


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from looking, again and again, through values that all stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Reader:
    """Reads one project and collects what is wrong with it; one use."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.folder = file.parent
        self.problems: list[Problem] = []
        self.sources: dict[str, Source] = {}
        self.annotations: list[Annotation] = []
        self.notes: list[Finding] = []
        # Ids that are written somewhere, be the rest of their items wrong, and the keys whose files could not
        # all be read: so that nobody is told of errors that only follow from others.
        self.written: dict[str, set[str]] = {"sources": set(), "annotations": set()}
        self.unread: set[str] = set()
        # Layers and sources that entries give all claims of a file: what is wrong with them is told once.
        self.told: set[tuple[str, str | None]] = set()
        self.compared = 0

    def read(self) -> Project:
        document = read_document(self.file, self.file.name)
        settings = self.settings(document)
        # What of a wrong project file is right leads to the other files, so that their problems are told too.
        known, wrong = (settings, set()) if settings else _salvage(document)
        self.unread |= wrong & {"sources", "annotations"}
        if "sources" not in wrong:
            for source_file in self.files(document, "sources", known.sources):
                self.read_sources(source_file)
        if "annotations" not in wrong:
            entries = tuple(map(entry_of, known.annotations))
            self.check_entries(document, entries, known)
            for annotation_file in self.files(document, "annotations", entries):
                self.read_annotations(annotation_file)
        layers = known.layers or _layers_of(self.annotations) if "layers" not in wrong else ()
        self.check_names(document, known, layers)
        self.check_references({layer.name for layer in layers})
        for number, correction in enumerate(settings.corrections if settings else ()):
            at = document.position("corrections", number, "claim")
            self.check_reference("claim", "annotations", correction.claim, at)
        if self.problems or settings is None:
            raise InputError(*self.problems)
        return self.project(document, settings, layers)

    def project(self, document: Document, settings: ProjectFile, layers: tuple[Layer, ...]) -> Project:
        common = {name: getattr(settings, name) for name in ProjectFile.model_fields}
        project = Project(
            **{
                **common,
                "folder": self.folder,
                "file": self.file.name,
                "layers": layers,
                "maps": settings.maps or (MapSpec(name="map"),),
                "sources": self.sources,
                "annotations": tuple(self.annotations),
                "notes": tuple(self.notes),
            }
        )
        project.set_origin(Origin(document))
        return project

    def settings(self, document: Document) -> ProjectFile | None:
        if not isinstance(document.value, dict):
            message = f"expected a project ('title: ...', 'territories: [...]'), got {what(document.value)}."
            self.problems.append(Problem(document.position(), message))
            return None
        try:
            return ProjectFile.model_validate(document.value)
        except ValidationError as error:
            self.problems += explain(error, ProjectFile, document)
            return None

    def check_entries(
        self, document: Document, entries: Iterable[AnnotationFile], settings: ProjectFile
    ) -> None:
        """Check that entries name layers and sources that there are, and map what claims have."""
        known = [*COLUMNS, *WHOLE]
        layers = {layer.name for layer in settings.layers}
        for number, entry in enumerate(entries):
            path = ("annotations", number)
            for name in entry.columns or ():
                if name not in known:
                    self.problems.append(unknown_key(document, (*path, "columns", name), known))
            if entry.layer and layers and entry.layer not in layers:
                self.unknown_layer(entry.layer, document.position(*path, "layer"), layers)
            if entry.source:
                at = document.position(*path, "source")
                self.check_reference("source", "sources", entry.source, at)
            self.told |= {("layer", entry.layer), ("source", entry.source)}

    def files(
        self, document: Document, key: str, patterns: Iterable[str | AnnotationFile]
    ) -> Iterator[Document]:
        """Read the files that the patterns of a key name, in order, each once."""
        seen: set[str] = set()
        for number, entry in enumerate(map(entry_of, patterns)):
            pattern = entry.file
            found = self.matches(pattern) if glob.has_magic(pattern) else [pattern]
            if not found:
                message = f"{key}: no file fits {quoted(pattern)}. Patterns start at the project folder."
                self.problems.append(Problem(document.position(key, number), message))
                self.unread.add(key)
            for name in found:
                if name in seen:
                    continue
                seen.add(name)
                try:
                    read = self.document(document.position(key, number, "file"), key, name, entry)
                except InputError as error:
                    self.problems += error.problems
                    self.unread.add(key)
                else:
                    self.remember_ids(key, read)
                    yield read

    def remember_ids(self, key: str, document: Document) -> None:
        for item in document.value if isinstance(document.value, list) else filter(None, [document.value]):
            name = item.get("id") if isinstance(item, dict) and item is not document.value else None
            if isinstance(name, str):
                self.written[key].add(name)
            else:
                self.unread.add(key)

    def matches(self, pattern: str) -> list[str]:
        found = glob.glob(pattern, root_dir=self.folder, recursive=True)
        return sorted(Path(name).as_posix() for name in found if (self.folder / name).is_file())

    def document(self, named_at: Position, key: str, name: str, entry: AnnotationFile) -> Document:
        path = self.folder / name.partition("|")[0]  # a layer of a GeoPackage stands behind the bar
        if key == "sources" and not name.lower().endswith((".yaml", ".yml")):
            message = f"{key}: {quoted(name)} is not a YAML file. Expected a name that ends in .yaml."
            raise InputError(Problem(named_at, message))
        if not entry.format and not is_known(name):
            expected = f"Expected one that ends in {', '.join(SUFFIXES)}, or say its 'format'."
            message = f"{key}: {quoted(name)} is of no kind that holds claims. {expected}"
            raise InputError(Problem(named_at, message))
        if not os.path.exists(path):
            near = suggest(name, _files_beside(path, self.folder))
            raise InputError(
                Problem(named_at, f"{key}: there is no file {quoted(name)} in the project folder.{near}")
            )
        if key == "sources":
            return read_document(path, name)
        reading = read_claims(self.folder, name, entry)
        self.problems += reading.problems
        self.notes += reading.notes
        return reading.document

    def read_sources(self, document: Document) -> None:
        value = document.value
        if value is not None and not isinstance(value, list):
            message = f"expected a list of sources, each beginning with '- id: ...', got {what(value)}."
            self.problems.append(Problem(document.position(), message))
            return
        for number, item in enumerate(value or []):
            if not isinstance(item, dict):
                message = f"expected a source ('id: ...', 'title: ...'), got {what(item)}."
                self.problems.append(Problem(document.position(number), message))
                continue
            try:
                source = Source.model_validate(item)
            except ValidationError as error:
                self.problems += explain(error, Source, document, (number,))
                continue
            source.set_origin(Origin(document, (number,)))
            first = self.sources.setdefault(source.id, source)
            if first is not source:
                self.repeated("id", source.id, source.position("id"), first.position("id"))

    def read_annotations(self, document: Document) -> None:
        annotations, problems = read_annotations(document)
        self.annotations += annotations
        self.problems += problems

    def repeated(self, kind: str, name: str, position: Position | None, first: Position | None) -> None:
        message = (
            f"the {kind} {quoted(name)} is used twice, first at {first}. Give one of them another {kind}."
        )
        self.problems.append(Problem(position, message))

    def unknown(
        self, kind: str, name: str, position: Position | None, known: Iterable[str], remedy: str
    ) -> None:
        names = sorted(known)
        self.compared += len(names)  # looking for what is near takes its time where names are many
        near = suggest(name, names) if self.compared <= MAX_COMPARED else ""
        self.problems.append(Problem(position, f"unknown {kind} {quoted(name)}.{near or ' ' + remedy}"))

    def check_names(self, document: Document, settings: ProjectFile, layers: tuple[Layer, ...]) -> None:
        """Check that layers and maps have names of their own, and that maps show layers that there are."""
        for key, things in (("layers", settings.layers), ("maps", settings.maps)):
            first: dict[str, int] = {}
            for number, name in enumerate(thing.name for thing in things):
                earlier = first.setdefault(name, number)
                if earlier != number:
                    here, there = (
                        document.position(key, number, "name"),
                        document.position(key, earlier, "name"),
                    )
                    self.repeated("name", name, here, there)
        if self.problems and not settings.layers:
            return  # the layers that unread annotations name are not known
        known = [layer.name for layer in layers]
        for number, spec in enumerate(settings.maps):
            for index, name in enumerate(spec.layers or ()):
                if name not in known:
                    at = document.position("maps", number, "layers", index)
                    self.unknown("layer", name, at, known, "Name a layer of the project.")
        unread = "annotations" in self.unread
        self.problems += check_story(
            document,
            settings,
            known,
            layer_of={annotation.id: annotation.layer for annotation in self.annotations},
            claims=None if unread else self.written["annotations"],
        )

    def check_references(self, layers: set[str]) -> None:
        """Check that annotations have ids of their own, and that what they refer to is there."""
        first: dict[str, Annotation] = {}
        for annotation in self.annotations:
            earlier = first.setdefault(annotation.id, annotation)
            if earlier is not annotation:
                self.repeated("id", annotation.id, annotation.position("id"), earlier.position("id"))
            if layers and annotation.layer not in layers and ("layer", annotation.layer) not in self.told:
                self.unknown_layer(annotation.layer, annotation.position("layer"), layers)
            if ("source", annotation.source) not in self.told:
                self.check_reference("source", "sources", annotation.source, annotation.position("source"))
            for key in ("supersedes", "supports", "contradicts"):
                for index, name in enumerate(getattr(annotation, key)):
                    self.check_reference("claim", "annotations", name, annotation.position(key, index))
            if len(self.problems) > MAX_PROBLEMS:
                return

    def unknown_layer(self, name: str, position: Position | None, layers: set[str]) -> None:
        self.unknown("layer", name, position, layers, f"Declare it under 'layers' in {self.file.name}.")

    def check_reference(self, kind: str, files: str, name: str, position: Position | None) -> None:
        known = self.written[files]
        if files not in self.unread and name not in known:
            self.unknown(kind, name, position, known, f"No file under {quoted(files)} has it.")


def _salvage(document: Document) -> tuple[ProjectFile, set[str]]:
    """Return what is right in a wrong project file, and the keys that are wrong or missing."""
    value = document.value if isinstance(document.value, dict) else {}
    least = {"title": "-", "territories": ["0"], "sources": "-.yaml", "annotations": "-.yaml"}
    right = {key: value[key] for key in ProjectFile.model_fields if key in value}
    right = {key: inside for key, inside in right.items() if _fits({**least, key: inside})}
    if not _fits({**least, **right}):
        right = {}
    return ProjectFile.model_validate({**least, **right}), {
        key for key in ProjectFile.model_fields if key not in right and (key in value or key in least)
    }


def _fits(value: object) -> bool:
    try:
        ProjectFile.model_validate(value)
    except ValidationError:
        return False
    return True


def _layers_of(annotations: Iterable[Annotation]) -> tuple[Layer, ...]:
    names = dict.fromkeys(annotation.layer for annotation in annotations)
    return tuple(Layer(name=name, title=name) for name in names)


def _files_beside(path: Path, folder: Path) -> list[str]:
    if not path.parent.is_dir():
        return []
    return [entry.relative_to(folder).as_posix() for entry in path.parent.iterdir()]
