"""Know what a project is made of: every file that a build of it reads, by content.

In: the project file, and what it says. Out: digests of the files, and the patterns that name them, as plain
data that another process can compare with what is there. Nothing is imported here that takes time.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mapgen.digests import Digests, siblings

if TYPE_CHECKING:
    from mapgen.model import Project

ALONE = (".yaml", ".yml", ".csv", ".tsv", ".xlsx", ".geojson", ".json", ".jsonld", ".kml")
"""How the names of files end that are read without others beside them."""

JUST_NOW_SECONDS = 0.02
"""A file that changed this shortly before it was read may have changed after."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a project is made of; paths are relative to its folder.

    Attributes
    ----------
    patterns : mapping of str to list of str
        The files that a pattern names.
    parts : mapping of str to list of str
        A file, and the files beside it that belong to it.
    files : mapping of str to str or None
        SHA-256 of each file.
    """

    patterns: Mapping[str, list[str]] = field(default_factory=dict)
    parts: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, str | None] = field(default_factory=dict)

    def are_current(self, folder: Path, digests: Digests) -> bool:
        """Tell whether a project folder has these files, and no others that the project names."""
        return (
            all(_fitting(folder, pattern) == found for pattern, found in self.patterns.items())
            and all(_parts(folder, file) == found for file, found in self.parts.items())
            and all(digests.file(folder / file) == digest for file, digest in self.files.items())
        )


def survey(file: Path, project: Project, digests: Digests) -> Inputs:
    """Return what a project is made of.

    Parameters
    ----------
    file : Path
        The project file.
    project : Project
        What was read.
    digests : Digests
    """
    from mapgen.documents import read_document

    folder, value = file.parent, read_document(file).value
    assert isinstance(value, dict)
    patterns = {
        pattern: _fitting(folder, pattern)
        for key in ("sources", "annotations")
        for pattern in _named(value.get(key))
    }
    named = [file.name, *(name for found in patterns.values() for name in found), *area_files(project)]
    own = own_boundaries(project)
    several = [*own, *(name for name in named if not name.lower().endswith(ALONE))]
    parts = {name: _parts(folder, name) for name in several}
    every = sorted({*named, *(part for several in parts.values() for part in several)})
    return Inputs(patterns, parts, {name: digests.file(folder / name) for name in every})


def were_settled(folder: Path, inputs: Inputs, since: float) -> bool:
    """Tell whether no input has changed, come or gone since a moment: what was read then is there now.

    Parameters
    ----------
    folder : Path
    inputs : Inputs
    since : float
        Seconds, as `time.time` gives them.
    """
    limit = (since - JUST_NOW_SECONDS) * 1e9
    with suppress(OSError):
        found = {folder / name for name in inputs.files}
        found |= {folder / glob.escape(pattern.partition("*")[0]) for pattern in inputs.patterns}
        inside = {parent for path in found for parent in path.parents if parent.is_relative_to(folder)}
        there = [path for path in found | inside if os.path.lexists(path)]
        return all(max(os.stat(path).st_ctime_ns, os.lstat(path).st_ctime_ns) < limit for path in there)
    return False


def area_files(project: Project) -> list[str]:
    """Return the paths of the files of areas that claims name, sorted."""
    named = set()
    for annotation in project.annotations:
        for location in annotation.where:
            values = location.value if isinstance(location.value, tuple) else (location.value,)
            if location.kind in ("area", "route", "relation"):
                texts = (value for value in values if isinstance(value, str))
                named |= {text for text in texts if text.lower().endswith((".geojson", ".json"))}
    return sorted(named)


def own_boundaries(project: Project) -> list[str]:
    """Return the path of a project's own boundary file, nothing if its boundaries come with mapgen."""
    from mapgen.bundled import datasets

    return [] if project.boundaries in datasets() else [project.boundaries.partition("|")[0]]


def _named(entries: Any) -> Iterator[str]:
    """Return the patterns of a key of the project file."""
    for entry in entries if isinstance(entries, list) else [entries]:
        yield str(entry["file"] if isinstance(entry, dict) else entry)


def _fitting(folder: Path, pattern: str) -> list[str]:
    """Return the files that a pattern names, as the project's reader finds them."""
    if not glob.has_magic(pattern):
        return [pattern.partition("|")[0]]
    found = glob.glob(pattern, root_dir=folder, recursive=True)
    return sorted(Path(name).as_posix() for name in found if os.path.isfile(folder / name))


def _parts(folder: Path, file: str) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in siblings(folder / file)]


def digest_files(folder: Path, names: Iterable[str], digests: Digests) -> list[list[str | None]]:
    """Return paths in a folder with their digests, those of their parts too."""
    every = sorted({part for name in names for part in [name, *_parts(folder, name)]})
    return [[name, digests.file(folder / name)] for name in every]
