"""Tell whether a project's files are still what a build has read.

In: what was read, since when, and what the files are now. Out: nothing, or an error that names the files:
maps of which half is from before a save and half from after would be wrong in silence. Nothing is locked:
whoever writes may write at any time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from mapgen.errors import InputError, Position, Problem
from mapgen.inputs import Inputs, area_files, own_boundaries
from mapgen.model import Project
from mapgen.project import read_project

COARSE_SECONDS = 0.02
"""Times of files are this coarse: one of just before may be one of just after."""


def refuse_changes(file: Path, project: Project, inputs: Inputs, since: float) -> None:
    """Raise if an input has changed while a project was built.

    Dates only tell where to look. What decides is the content: the project is read again, and has to say the
    same.

    Parameters
    ----------
    file : Path
        The project file.
    project : Project
        What was read of it.
    inputs : Inputs
        What the project is made of now.
    since : float
        When reading began, in seconds as `time.time` gives them.

    Raises
    ------
    InputError
        If one has; names each file that may be it.
    """
    folder = file.parent
    suspect = [name for name in inputs.files if _changed(folder / name) >= since - COARSE_SECONDS]
    folders = {path for name in inputs.files for path in _folders(folder, name)}
    if not suspect and not any(_changed(path) >= since - COARSE_SECONDS for path in folders):
        return
    geometry = {name for named in _geometry(project, inputs) for name in named}
    late = [name for name in suspect if name in geometry and _changed(folder / name) > since + COARSE_SECONDS]
    if late or not _says_the_same(file, project):
        message = "changed while the maps were built; nothing was written. Build again."
        raise InputError(*(Problem(Position(name), message) for name in late or suspect or [file.name]))


def _changed(path: Path) -> float:
    """Return when a file or the folder changed last, in seconds; infinite if it is gone."""
    try:
        return os.stat(path).st_ctime_ns / 1e9
    except OSError:
        return float("inf")


def _folders(folder: Path, name: str) -> Iterator[Path]:
    """Yield the folders that a file lies in, up to the project's."""
    yield from (path for path in (folder / name).parents if path.is_relative_to(folder))


def _geometry(project: Project, inputs: Inputs) -> Iterator[list[str]]:
    """Yield the files that are read for their geometry, not for what the project says."""
    for name in [*area_files(project), *own_boundaries(project)]:
        yield [name, *inputs.parts.get(name, ())]


def _says_the_same(file: Path, project: Project) -> bool:
    """Tell whether a project's files say what was read."""
    try:
        return read_project(file) == project
    except InputError:
        return False
