"""Load a project in Python, and check, show and build it.

In: the path of a project. Out: an object that a notebook or a script works with. What the stages do, they do
in their own modules.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from mapgen.cache import Cache, user_cache
from mapgen.digests import sha256
from mapgen.errors import Finding, InputError, UsageError, suggest
from mapgen.ledger import MANIFEST, Entry, recall, remember

if TYPE_CHECKING:
    from mapgen.build import Checked, Edition
    from mapgen.findings import SetAside
    from mapgen.model import Project
    from mapgen.page import Page

DEFAULT_OUTPUT = "output"
PROJECT_FILE = "mapgen.yaml"
GENERATOR = b'<meta name="generator" content="Made with mapgen '
"""What the head of every page has, in its first `HEAD` bytes."""

REPORT_WIDTH = 840
"""Pixels of a map in a report."""

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
    html: str = field(repr=False)

    def _repr_html_(self) -> str:
        """Show the map in a notebook, sealed off from it."""
        return FRAME.format(title=escape(self.name), page=escape(self.html))


FRAME = (
    '<iframe title="{title}" srcdoc="{page}" sandbox="allow-scripts allow-popups" width="100%" height="560">'
    "</iframe>"
)


class LoadedProject:
    """A project that can be checked, shown and built.

    Parameters
    ----------
    file : Path
        The project file.
    cache : Cache
        Where geometry is kept, and what the last build came to.
    """

    def __init__(self, file: Path, cache: Cache) -> None:
        self._file = file
        self._cache = cache
        self._since = time.time()
        self._project: Project | None = None
        self._checked: Checked | None = None
        self._edition: Edition | None = None
        # Where nothing has changed since the last build, the project is not even read.
        self._last = recall(file, cache)
        self.unchanged = False
        """Whether `build` found that there was nothing to do."""
        if self._last is None:
            self._read()

    @property
    def project(self) -> Project:
        """What the files say."""
        return self._project if self._project is not None else self._read()

    @property
    def cache(self) -> Cache:
        """Where geometry is kept."""
        return self._cache

    def _read(self) -> Project:
        from mapgen.project import read_project

        self._last, self._since = None, time.time()
        self._project = read_project(self._file)
        return self._project

    def check(self, progress: Callable[[str], None] | None = None) -> tuple[Finding, ...]:
        """Return all findings, worst first.

        Parameters
        ----------
        progress : callable, optional
            Told what begins, in a few words.
        """
        if self._last is not None:
            findings = self._last.findings
        else:
            try:
                findings = self._known(progress).findings
            except InputError as error:
                findings = tuple(
                    Finding("error", "cannot-build", p.position, p.message, "") for p in error.problems
                )
        return tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)))

    def set_aside(self) -> tuple[SetAside, ...]:
        """Return the findings that `check` found and the project sets aside, with its reasons."""
        known = self._last or self._checked
        return known.aside if known else ()

    def maps(self, progress: Callable[[str], None] | None = None) -> list[Map]:
        """Make all maps of the project, in their order.

        Parameters
        ----------
        progress : callable, optional
            Told what begins, in a few words.

        Raises
        ------
        InputError
            With everything that cannot be drawn.
        """
        return [Map(name.removesuffix(".html"), html) for name, html in self._built(progress).pages.items()]

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

    def build(
        self, output: str | PathLike[str] | None = None, progress: Callable[[str], None] | None = None
    ) -> list[Path]:
        """Make all maps and save them, with a manifest of what went into them.

        Parameters
        ----------
        output : path, optional
            Folder to write to; ``output`` in the project folder by default.
        progress : callable, optional
            Told what begins, in a few words.

        Returns
        -------
        list of Path
            The maps. Where they are there already and nothing has changed, nothing is written, and
            `unchanged` says so.

        Raises
        ------
        InputError
            With everything that is wrong; then the files from before are still there, whole.
        """
        folder = Path(output) if output is not None else self._file.parent / DEFAULT_OUTPUT
        if self._last is not None and self._last.is_written(folder):
            self.unchanged = True
            return [folder / name for name in self._last.files if name != MANIFEST]
        from mapgen.changing import refuse_changes
        from mapgen.edition import save_edition
        from mapgen.inputs import survey, were_settled
        from mapgen.manifest import describe_edition

        edition = self._built(progress)
        inputs = survey(self._file, self.project, self._cache.digests)
        refuse_changes(self._file, self.project, inputs, self._since)
        settled = were_settled(self._file.parent, inputs, self._since)
        manifest = describe_edition(edition.manifest, edition.pages, inputs)
        files: dict[str, str | bytes] = {**edition.pages, **self._cards(edition), MANIFEST: manifest}
        if progress is not None:
            progress("writing files")
        written = save_edition(folder, files)
        if settled:
            made = {name: sha256(text) for name, text in files.items()}
            entry = Entry(inputs, edition.findings, edition.aside, made)
            remember(self._file, self._cache, entry)
        self._cache.close()
        return [path for path in written if path.name != MANIFEST]

    def _known(self, progress: Callable[[str], None] | None = None) -> Checked:
        from mapgen.build import check_project

        if self._checked is None:
            self._checked = check_project(self.project, progress or (lambda _: None), cache=self._cache)
        return self._checked

    def texts(self) -> dict[str, Page]:
        """Return what each map says, by its name: what reports and embeds say too."""
        return self._built().texts

    def files(self) -> list[Path]:
        """Return the files that the project is made of: what watches it watches these."""
        from mapgen.inputs import survey

        folder = self._file.parent
        return [folder / name for name in survey(self._file, self.project, self._cache.digests).files]

    def _cards(self, edition: Edition) -> dict[str, bytes]:
        """Draw the pictures that other sites show of a link to the maps, if they are to be published."""
        shown = {name: text.card for name, text in edition.texts.items() if text.card is not None}
        if not shown:
            return {}
        from mapgen.embed import card_name
        from mapgen.picture import PictureOptions, make_picture

        made = {}
        for name, card in shown.items():
            options = PictureOptions(width=card.width, height=card.height)
            made[card_name(name)] = make_picture(self, name, options=options).png(96)
        return made

    def report(
        self,
        output: str | PathLike[str],
        *,
        form: str | None = None,
        name: str | None = None,
        template: str | PathLike[str] | None = None,
    ) -> list[Path]:
        """Write a report of the project: its map, claims, sources and method.

        Parameters
        ----------
        output : path
            The file to write; pictures may come to lie beside it.
        form : str, optional
            One of `report.making.FORMATS`; what the file's name says by default.
        name : str, optional
            The map whose claims and numbers it has; the first by default.
        template : path, optional
            A template of your own.

        Returns
        -------
        list of Path
            The files written, the report first.

        Raises
        ------
        InputError
            With everything that is wrong with the project or the template.
        UsageError
            If there is no such format or map.
        """
        from mapgen.edition import save_edition
        from mapgen.picture import PictureOptions, make_picture
        from mapgen.report.making import ReportMaker, choose_format, read_template

        target = Path(output)
        chosen = choose_format(target.name, form)
        own = read_template(Path(template)) if template is not None else None
        # The report says the title itself, and is narrower than a screen.
        options = PictureOptions(width=REPORT_WIDTH, title=False)
        maker = ReportMaker(self.texts(), lambda each: make_picture(self, each, options=options))
        return save_edition(target.parent, maker.make(chosen, target.name, name=name, template=own))

    def _built(self, progress: Callable[[str], None] | None = None) -> Edition:
        from mapgen.build import draw_project

        if self._edition is None:
            project = self.project  # read again, if all that was known is what the last build came to
            assert project is not None
            self._edition = draw_project(self._known(progress), progress or (lambda _: None))
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


def load(path: str | PathLike[str] = "mapgen.yaml", *, cache: bool = True) -> LoadedProject:
    """Read a project.

    Parameters
    ----------
    path : path
        The project file, or the folder it is in.
    cache : bool
        Whether to use what earlier builds kept in the user's cache folder, and to keep something there.

    Returns
    -------
    LoadedProject

    Raises
    ------
    InputError
        With every problem of every file, each with ``file:line:column``.
    """
    file = Path(path)
    if os.path.isdir(file) and os.path.exists(file / PROJECT_FILE):
        file = file / PROJECT_FILE
    return LoadedProject(file, user_cache() if cache else Cache(None))
