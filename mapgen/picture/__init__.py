"""Make pictures of maps: SVG, PNG and PDF, from what their pages are made of, without a browser.

In: a project, the name of one of its maps, and options. Out: a `Picture`. It shows what the page shows when
it opens: the same lines, marks and numbers, in the same style; and its footer, which nothing can leave out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from mapgen import __version__
from mapgen.build import check_project
from mapgen.cache import Cache
from mapgen.errors import InputError, UsageError, quoted, suggest
from mapgen.findings import as_problem
from mapgen.model import MapSpec, Project
from mapgen.page import Page
from mapgen.picture.chart import Chart, read_chart
from mapgen.picture.fonts import Fonts
from mapgen.picture.options import PictureOptions
from mapgen.picture.raster import CSS_DPI, render_png
from mapgen.picture.render import describe, letters_in_use, render_svg
from mapgen.picture.sheetwork import Sheet, lay_out
from mapgen.picture.styles import Styles
from mapgen.picture.vector import render_pdf
from mapgen.plans import plan_maps
from mapgen.views import PageWriter

__all__ = ["Picture", "PictureOptions", "Subject", "draw_picture", "make_picture", "read_subject"]

Progress = Callable[[str], None]


class Loaded(Protocol):
    """What has read a project, such as `loading.LoadedProject`."""

    @property
    def project(self) -> Project:
        """What its files say."""

    @property
    def cache(self) -> Cache:
        """Where geometry is kept."""


@dataclass(frozen=True)
class Picture:
    """A picture of a map.

    Attributes
    ----------
    svg : str
        A whole SVG document that requests nothing, with the letters that it uses.
    title, alt, description : str
        Of the map; what the picture shows, in short; and that with all its claims.
    language : str
        Its tag.
    width_px, height_px : int
        In pixels of 1/96 inch.
    missing : str
        Characters that no font has a letter for: they are shown as boxes.
    """

    svg: str
    title: str
    alt: str
    description: str
    language: str
    width_px: int
    height_px: int
    missing: str = ""
    _fonts: tuple[Path, ...] = field(default=(), repr=False)

    def png(self, dpi: float = 2 * CSS_DPI) -> bytes:
        """Return the picture as PNG.

        Parameters
        ----------
        dpi : float
            Dots per inch: 96 gives one for each pixel, 300 what print needs.

        Raises
        ------
        UsageError
            If that gives too many dots.
        MissingExtraError
            If resvg is not installed.
        """
        texts = {"Title": self.title, "Description": f"{self.alt}\n{self.description}"}
        size = self.width_px, self.height_px
        return render_png(self.svg, size, fonts=self._fonts, dpi=dpi, texts=texts)

    def pdf(self) -> bytes:
        """Return the picture as PDF of one page, as large as the picture.

        Raises
        ------
        MissingExtraError
            If typst is not installed.
        """
        size = self.width_px, self.height_px
        told = {"title": self.title, "alt": f"{self.alt}\n{self.description}", "language": self.language}
        return render_pdf(self.svg, size, fonts=self._fonts, **told)


@dataclass(frozen=True)
class Subject:
    """What a picture is of: the geometry and the words of one map."""

    chart: Chart
    page: Page


def make_picture(
    project: Project | Loaded,
    name: str | None = None,
    *,
    options: PictureOptions | None = None,
    progress: Progress = lambda _: None,
    cache: Cache | None = None,
) -> Picture:
    """Make a picture of one of a project's maps.

    Parameters
    ----------
    project : Project or LoadedProject
    name : str, optional
        The map's, as in the project file; the first one's without.
    options : PictureOptions, optional
    progress : callable, optional
        Told what begins, in a few words.
    cache : Cache, optional
        Where geometry is kept; that of a loaded project without.

    Returns
    -------
    Picture

    Raises
    ------
    UsageError
        If there is no such map or layer, or the options do not fit together.
    InputError
        With everything in the project that cannot be drawn.
    MissingExtraError
        If HarfBuzz is not installed.
    """
    options = options or PictureOptions()
    Fonts(options.fonts)
    subject = read_subject(project, name, options=options, progress=progress, cache=cache)
    progress("drawing the picture")
    return draw_picture(subject, options)


def read_subject(
    project: Project | Loaded,
    name: str | None = None,
    *,
    options: PictureOptions | None = None,
    progress: Progress = lambda _: None,
    cache: Cache | None = None,
) -> Subject:
    """Return the geometry and the words of a map, as the options ask for them.

    Raises
    ------
    UsageError
        If there is no such map or layer.
    InputError
        With everything in the project that cannot be drawn.
    """
    own = project if isinstance(project, Project) else project.project
    kept = cache if isinstance(project, Project) else cache or project.cache
    asked, number = _as_asked(own, name, options or PictureOptions())
    checked = check_project(asked, progress, cache=kept)
    if wrong := [finding for finding in checked.findings if finding.severity == "error"]:
        raise InputError(*map(as_problem, wrong))
    prepared = checked.prepare(progress)
    page = PageWriter(asked, prepared, checked.aside, __version__).page(number, plan_maps(asked))
    return Subject(read_chart(prepared.maps[number].fragment), page)


def draw_picture(subject: Subject, options: PictureOptions | None = None) -> Picture:
    """Draw a picture of a map that has been read.

    Raises
    ------
    UsageError
        If the options do not fit together.
    """
    options = options or PictureOptions()
    page, fonts = subject.page, Fonts(options.fonts)
    theme = options.theme or ("dark" if page.theme.scheme == "dark" else "light")
    styles = Styles(theme, options.grey, getattr(page.theme, theme))
    sheet = lay_out(subject.chart, page, options, styles=styles, fonts=fonts)
    alt, description = describe(page)
    told = {"language": page.language, "alt": alt, "description": description}
    return Picture(
        svg=render_svg(sheet, styles=styles, fonts=fonts, **told),
        title=alt if not page.title else " ".join(page.title.split()),
        **told,
        width_px=sheet.width,
        height_px=sheet.height,
        missing=_missing(sheet, fonts),
        _fonts=tuple(face.path for face, _ in letters_in_use(sheet.lines(), fonts)),
    )


def _missing(sheet: Sheet, fonts: Fonts) -> str:
    return "".join(sorted({each for line in sheet.lines() for each in fonts.missing(line.text)}))


def _as_asked(project: Project, name: str | None, options: PictureOptions) -> tuple[Project, int]:
    """Return a project with one map changed as the options say, and the number of that map."""
    maps = list(project.maps or (MapSpec(name="map"),))
    names = [each.name for each in maps]
    if name is not None and name not in names:
        raise UsageError(f"no map {quoted(name)}: expected one of {', '.join(names)}.{suggest(name, names)}")
    number = names.index(name) if name is not None else 0
    changes: dict[str, object] = {}
    if options.layers:
        known = [layer.name for layer in project.layers]
        for layer in options.layers:
            if layer not in known:
                expected = f"expected one of {', '.join(known)}.{suggest(layer, known)}"
                raise UsageError(f"no layer {quoted(layer)}: {expected}")
        changes["layers"] = tuple(options.layers)
    if options.extent is not None:
        changes["extent"] = options.extent
    if changes:
        maps[number] = maps[number].model_copy(update=changes)
    update: dict[str, object] = {"maps": tuple(maps)}
    if options.language is not None:
        update["language"] = options.language
    return project.model_copy(update=update), number
