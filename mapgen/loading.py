"""Load a project in Python, and check, show and build it.

In: the path of a project. Out: an object that a notebook or a script works with. What the stages do, they do
in their own modules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from mapgen.errors import InputError, UsageError, suggest

if TYPE_CHECKING:
    from mapgen.build import Edition
    from mapgen.findings import SetAside
    from mapgen.model import Finding, Project

DEFAULT_OUTPUT = "output"
GENERATOR = b'<meta name="generator" content="Made with mapgen '
"""What the head of every page has, in its first `HEAD` bytes."""

HEAD = 8192
MOST_OLDER = 100
SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Map:
    """One map: its name and its page.

    Attributes
    ----------
    name : str
    html : str
        A whole HTML document that requests nothing.
    """

    name: str
    html: str

    def _repr_html_(self) -> str:
        """Show the map in a notebook, sealed off from it."""
        return FRAME.format(title=escape(self.name), page=escape(self.html))


FRAME = (
    '<iframe title="{title}" srcdoc="{page}" sandbox="allow-scripts allow-popups" width="100%" height="560">'
    "</iframe>"
)


class LoadedProject:
    """A project that has been read, and can be checked, shown and built.

    Parameters
    ----------
    project : Project
        What the files say.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._edition: Edition | None = None

    def check(self, progress: Callable[[str], None] | None = None) -> tuple[Finding, ...]:
        """Return all findings, worst first.

        Parameters
        ----------
        progress : callable, optional
            Told what begins, in a few words.
        """
        from mapgen.model import Finding

        try:
            findings = self._built(progress).findings
        except InputError as error:
            findings = tuple(
                Finding("error", "cannot-build", p.position, p.message, "") for p in error.problems
            )
        return tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)))

    def set_aside(self) -> tuple[SetAside, ...]:
        """Return the findings that the project sets aside, with its reasons; none if it cannot be built."""
        return self._edition.aside if self._edition else ()

    def maps(self) -> list[Map]:
        """Make all maps of the project, in their order.

        Raises
        ------
        InputError
            With everything that cannot be drawn.
        """
        return [Map(name.removesuffix(".html"), html) for name, html in self._built().pages.items()]

    def map(self, name: str | None = None) -> Map:
        """Make one map.

        Parameters
        ----------
        name : str, optional
            As in the project file; the first map by default.

        Raises
        ------
        UsageError
            If there is no such map; suggests the closest.
        """
        maps = {each.name: each for each in self.maps()}
        if name is None:
            return next(iter(maps.values()))
        if name not in maps:
            raise UsageError(f"no map {name!r}: expected one of {', '.join(maps)}.{suggest(name, maps)}")
        return maps[name]

    def build(self, output: str | PathLike[str] | None = None) -> list[Path]:
        """Make all maps and save them.

        Parameters
        ----------
        output : path, optional
            Folder to write to; ``output`` in the project folder by default.

        Returns
        -------
        list of Path
            The files written.

        Raises
        ------
        InputError
            With everything that is wrong; then the files from before are still there, whole.
        """
        from mapgen.edition import save_edition

        folder = Path(output) if output is not None else self.project.folder / DEFAULT_OUTPUT
        return save_edition(folder, self._built().pages)

    def _built(self, progress: Callable[[str], None] | None = None) -> Edition:
        from mapgen.build import build_project

        if self._edition is None:
            self._edition = build_project(self.project, progress or (lambda _: None))
        return self._edition


def older_maps(written: Sequence[Path]) -> list[Path]:
    """Return the maps that earlier builds left beside those that a build wrote.

    Parameters
    ----------
    written : sequence of Path
        As `LoadedProject.build` returns them.

    Returns
    -------
    list of Path
        HTML files that mapgen made, by their own words, sorted; at most `MOST_OLDER`. Other files are none of
        ours.
    """
    if not written:
        return []
    beside = sorted(written[0].parent.glob("*.html"))
    names = {path.name for path in written}
    return list(islice((path for path in beside if path.name not in names and _is_map(path)), MOST_OLDER))


def _is_map(path: Path) -> bool:
    """Tell whether mapgen made a file."""
    with suppress(OSError):
        if path.is_file():
            with path.open("rb") as file:
                return GENERATOR in file.read(HEAD)
    return False


def load(path: str | PathLike[str] = "mapgen.yaml") -> LoadedProject:
    """Read a project.

    Parameters
    ----------
    path : path
        The project file, or the folder it is in.

    Returns
    -------
    LoadedProject

    Raises
    ------
    InputError
        With every problem of every file, each with ``file:line:column``.
    """
    from mapgen.project import read_project

    return LoadedProject(read_project(path))
