"""Watch what a project is made of, and mapgen's own templates and styles.

In: the path of a project. Out: the folders that its inputs lie in, and the files in them that changed, a few
at a time. Folders are watched each by itself and never whole trees: a project may lie beside much that is
none of its own. What to do about a change is not decided here.
"""

from __future__ import annotations

import glob
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import watchfiles

from mapgen.datasets import FILES
from mapgen.documents import read_document
from mapgen.errors import InputError
from mapgen.model import Project, is_area
from mapgen.readers import SUFFIXES

PACKAGE = Path(__file__).parent
MADE_OF = ("templates", "assets", "assets/js", "assets/preview")
"""Folders of what mapgen itself makes pages of."""

KINDS = frozenset({*SUFFIXES, *FILES, ".yml", ".shx", ".dbf", ".prj", ".cpg", ".jinja2", ".css", ".js"})
"""How the names of inputs end; other files beside them are none of ours."""

MOST_FOLDERS = 1000
LONGEST_PATH = 1000
STEP_MS = 25
"""A save is over when nothing more has changed for this long: editors write in several steps."""
LONGEST_MS = 200
LOOK_MS = 200


def watched_folders(file: Path, project: Project | None = None) -> frozenset[Path]:
    """Return the folders that a project's inputs lie in, and mapgen's own.

    Parameters
    ----------
    file : Path
        The project file; it need not be right, or there.
    project : Project, optional
        What was read of it, if it could be read: it knows the areas that claims name.

    Returns
    -------
    frozenset of Path
        Absolute, and there.
    """
    folder = file.parent
    found = {folder, *(PACKAGE / each for each in MADE_OF)}
    for path in _named_files(_value(file)):
        found |= {folder / each for each in _folders_of(folder, path)}
    for annotation in project.annotations if project else ():
        for location in annotation.where:
            values = location.value if isinstance(location.value, tuple) else (location.value,)
            areas = (str(value) for value in values if is_area(str(value)))
            found |= {(folder / area).parent for area in areas}
    return frozenset(path.resolve() for path in found if path.is_dir())


def claim_files(file: Path) -> list[str]:
    """Return the YAML files of claims that a project names, as paths in its folder, in its order.

    Parameters
    ----------
    file : Path
        The project file.
    """
    names: dict[str, None] = {}
    for pattern in _paths(_value(file).get("annotations")):
        found = (
            glob.glob(pattern, root_dir=file.parent, recursive=True) if glob.has_magic(pattern) else [pattern]
        )
        for name in sorted(Path(each).as_posix() for each in found):
            if name.lower().endswith((".yaml", ".yml")) and (file.parent / name).is_file():
                names[name] = None
    return list(names)


class Watcher:
    """Collects what changes in folders, in a thread of its own, until it is closed."""

    def __init__(self) -> None:
        self._changed: queue.Queue[set[Path]] = queue.Queue()
        self._folders: frozenset[Path] = frozenset()
        self._current: _Watch | None = None

    def watch(self, folders: frozenset[Path]) -> None:
        """Watch these folders from now on; the former ones are let go only once these are watched.

        Parameters
        ----------
        folders : frozenset of Path
        """
        if folders == self._folders:
            return
        self._folders, former = folders, self._current
        self._current = _Watch(folders, self._changed, former)
        self._current.start()

    def wait_until_watching(self) -> None:
        """Wait until a change from now on is noticed."""
        if self._current:
            self._current.ready.wait(5)

    def wait(self, timeout: float | None = None) -> set[Path]:
        """Wait for changes and return the files; none if the time, in seconds, is over."""
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            with suppress(queue.Empty):
                changed = self._changed.get(timeout=0.5 if until is None else min(0.5, timeout or 0))
                with suppress(queue.Empty):
                    while True:
                        changed |= self._changed.get_nowait()
                return changed
            if until is not None and time.monotonic() >= until:
                return set()

    def close(self) -> None:
        """Stop watching; no thread is left."""
        if self._current:
            self._current.end()


class _Watch(threading.Thread):
    """Watches one set of folders."""

    def __init__(
        self, folders: frozenset[Path], changed: queue.Queue[set[Path]], former: _Watch | None
    ) -> None:
        super().__init__(name="mapgen-watch", daemon=True)
        self.folders, self.changed, self.former = folders, changed, former
        self.ready, self.stopped = threading.Event(), threading.Event()

    def run(self) -> None:
        for changes in watchfiles.watch(
            *self.folders,
            watch_filter=lambda _, path: Path(path).suffix.lower() in KINDS,
            step=STEP_MS,
            debounce=LONGEST_MS,
            stop_event=self.stopped,
            rust_timeout=LOOK_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=False,
        ):
            if not self.ready.is_set():
                self.ready.set()
                if self.former:
                    self.former.end()
                    self.former = None
            if changes:
                self.changed.put({Path(path) for _, path in changes})

    def end(self) -> None:
        """Stop, and wait until the thread has ended."""
        self.stopped.set()
        if self.former:
            self.former.end()
        self.join()


def _value(file: Path) -> dict[str, Any]:
    """Return what a project file says, as far as it can be read at all."""
    with suppress(InputError):
        value = read_document(file, file.name).value
        return value if isinstance(value, dict) else {}
    return {}


def _named_files(value: Any) -> Iterator[str]:
    """Yield what a value names that can be a path or a pattern of paths, whatever its key means."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _named_files(each)
    elif isinstance(value, str):
        path = value.partition("|")[0]
        inside = len(path) <= LONGEST_PATH and "\0" not in path and not path.startswith("/")
        known = glob.has_magic(path) or Path(path).suffix.lower() in KINDS
        if path and inside and known and ".." not in Path(path).parts:
            yield path


def _paths(value: Any) -> Iterator[str]:
    """Yield the paths of a value: a text, a mapping with a ``file``, or a list of such."""
    for each in value if isinstance(value, list) else [value]:
        path = each.get("file") if isinstance(each, dict) else each
        if isinstance(path, str) and path and "\0" not in path:
            yield path.partition("|")[0]


def _folders_of(folder: Path, pattern: str) -> Iterator[str]:
    """Yield the folders that files of a pattern can lie in, relative to the project's."""
    parts = Path(pattern).parent.parts
    fixed = next((number for number, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    yield str(Path(*parts[:fixed]))
    if fixed < len(parts):
        inside = glob.iglob(str(Path(*parts, "")), root_dir=folder, recursive=True)
        for number, each in enumerate(inside):
            if number >= MOST_FOLDERS:
                return
            yield each
