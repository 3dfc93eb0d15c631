"""Build a project again and again in one process, each time one of its inputs has changed.

In: the path of a project. Out: what each build made, or what is wrong with the input. The process stays warm:
libraries are imported once. Nothing is served or printed here.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

import jinja2

from mapgen import loading, page, previewpage
from mapgen.errors import InputError, MapgenError, Position, Problem
from mapgen.findings import as_problem
from mapgen.loading import DEFAULT_OUTPUT, Map
from mapgen.model import Finding, Project
from mapgen.project import PROJECT_FILE
from mapgen.watching import PACKAGE, Watcher, watched_folders


@dataclass(frozen=True, slots=True)
class Built:
    """What one build came to.

    Attributes
    ----------
    maps : tuple of Map
        Empty if something is wrong.
    written : tuple of Path
    findings : tuple of Finding
        Worst first.
    problems : tuple of Problem
        What is wrong; then the maps from before are still there, whole.
    seconds : float
    project : Project or None
        None if something is wrong.
    """

    maps: tuple[Map, ...] = ()
    written: tuple[Path, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0
    project: Project | None = None


class Rebuilder:
    """Builds a project, and again on each change; to be closed.

    Parameters
    ----------
    project : Path
        A project file or its folder.
    output : Path, optional
        As `LoadedProject.build` takes it.
    strict : bool
        Whether a warning keeps the maps from being written.
    """

    def __init__(self, project: Path, output: Path | None = None, *, strict: bool = False) -> None:
        self.file = project / PROJECT_FILE if project.is_dir() else project
        self.output = output if output is not None else self.file.parent / DEFAULT_OUTPUT
        self._strict = strict
        self._watcher = Watcher()
        self._known: Project | None = None
        self._written: frozenset[Path] = frozenset()

    def __enter__(self) -> Rebuilder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watcher.close()

    def builds(self) -> Iterator[Built]:
        """Yield the first build, and one more whenever inputs have changed; never ends by itself."""
        self._watcher.watch(watched_folders(self.file))
        while True:
            built = self.build()
            # What changed while this was built has been noticed, and is built next.
            self._watcher.watch(watched_folders(self.file, self._known))
            yield built
            gc.collect()  # now that nobody waits
            changed: set[Path] = set()
            while not changed:
                changed = self._inputs(self._watcher.wait())
            if any(PACKAGE in path.parents for path in changed):
                page.forget()
                previewpage.forget()

    def build(self) -> Built:
        """Build once; what is wrong is told, not raised."""
        start = time.perf_counter()
        gc.disable()
        try:
            built = self._build()
        except MapgenError as error:
            problems = error.problems if isinstance(error, InputError) else (Problem(None, str(error)),)
            built = Built(problems=problems)
        except jinja2.TemplateSyntaxError as error:
            at = Position(f"mapgen/templates/{error.name}", error.lineno, 1)
            built = Built(problems=(Problem(at, f"{error.message}. Mend the template."),))
        except Exception as error:
            # Whoever works on mapgen itself goes on as well: what they broke, they mend and save.
            message = f"mapgen itself failed ({type(error).__name__}: {error})."
            built = Built(problems=(Problem(None, message),))
        finally:
            gc.enable()
        return replace(built, seconds=time.perf_counter() - start)

    def _build(self) -> Built:
        loaded = loading.load(self.file)
        findings = loaded.check()
        wrong = {"error", "warning"} if self._strict else {"error"}
        problems = tuple(as_problem(each) for each in findings if each.severity in wrong)
        if problems:
            return Built(findings=findings, problems=problems)
        written = tuple(loaded.build(self.output))
        self._written = frozenset(path.resolve() for path in written)
        if loaded.unchanged:
            maps = [Map(path.stem, path.read_text("utf-8")) for path in written]
        else:
            maps = loaded.maps()
        if self._known is None or not loaded.unchanged:
            self._known = loaded.project
        return Built(tuple(maps), written, findings, project=self._known)

    def _inputs(self, changed: set[Path]) -> set[Path]:
        """Return the files of a change that are none of what a build wrote."""
        output = self.output.resolve()
        if output != self.file.parent.resolve():
            changed = {path for path in changed if output not in path.parents}
        return changed - self._written
