"""Build a project's maps: the whole way of the data on one screen.

In: a project. Out: one sealed HTML page for each of its maps, and findings. Each step is a stage with a
module of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from mapgen import __version__
from mapgen.cache import Cache
from mapgen.carried import collect, pack
from mapgen.errors import InputError
from mapgen.findings import SetAside, as_problem, set_aside
from mapgen.keeping import geometry_key, keep_geometry, recall_geometry
from mapgen.manifest import describe_map, describe_project, seal
from mapgen.model import Finding, Project
from mapgen.page import Page, render_page
from mapgen.pagechecks import check_page
from mapgen.plans import plan_maps
from mapgen.prepared import Prepared, located, located_problems, without_texts
from mapgen.recordchecks import check_record
from mapgen.views import PageWriter

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Edition:
    """What one build makes.

    Attributes
    ----------
    pages : dict of str to str
        HTML by file name (``overview.html``).
    findings : tuple of Finding
        Those that stand.
    aside : tuple of SetAside
        Those that the project sets aside, with its reasons.
    texts : dict of str to Page
        What each map says, by the name of the map: what reports and embeds say too.
    manifest : dict
        What went into the maps.
    """

    pages: dict[str, str]
    findings: tuple[Finding, ...]
    aside: tuple[SetAside, ...] = ()
    texts: dict[str, Page] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """A project with all that is known of it before anything is drawn.

    Attributes
    ----------
    project : Project
    findings : tuple of Finding
        Those that stand, errors among them.
    aside : tuple of SetAside
    prepare : callable
        Returns what geometry says of the project, drawn if it is not known yet.
    """

    project: Project
    findings: tuple[Finding, ...]
    aside: tuple[SetAside, ...]
    prepare: Callable[[Progress], Prepared]


def build_project(
    project: Project, progress: Progress = lambda _: None, *, cache: Cache | None = None
) -> Edition:
    """Make the maps of a project.

    Parameters
    ----------
    project : Project
    progress : callable, optional
        Told what begins, in a few words.
    cache : Cache, optional
        Where geometry is kept from earlier builds; without one everything is computed.

    Returns
    -------
    Edition

    Raises
    ------
    InputError
        With every location that cannot be placed and every territory that is not in the boundary data;
        nothing has been written.
    """
    return draw_project(check_project(project, progress, cache=cache), progress)


def check_project(
    project: Project, progress: Progress = lambda _: None, *, cache: Cache | None = None
) -> Checked:
    """Read the boundaries, place the claims and check everything; nothing is drawn.

    Raises
    ------
    InputError
        If the boundary data cannot be read.
    """
    bare = without_texts(project)
    try:
        geometry = _geometry(bare, progress, cache or Cache(None))
    except InputError as error:
        raise InputError(*located_problems(project, error)) from None
    findings = [*located(project, geometry.findings), *check_record(project, geometry.disputes)]
    findings += check_page(project)
    standing, aside = set_aside(project, [*project.notes, *findings])
    return Checked(project, tuple(standing), tuple(aside), geometry.prepare)


def draw_project(checked: Checked, progress: Progress = lambda _: None) -> Edition:
    """Make the maps of a project that has been checked.

    Raises
    ------
    InputError
        With every error among the findings.
    """
    stop_at_errors(checked)
    project, prepared = checked.project, checked.prepare(progress)
    progress("writing pages")
    plans, contents = plan_maps(project), collect(project)
    carried, manifest = pack(contents), describe_project(project, prepared, checked.aside, contents)
    writer = PageWriter(project, prepared, checked.aside, __version__)
    others = [writer.in_language(language) for language in project.offered[1:]]
    pages, texts = {}, {}
    for number, (plan, drawn) in enumerate(zip(plans, prepared.maps, strict=True)):
        name = plan.spec.name
        texts[name] = writer.page(number, plans)
        page = replace(texts[name], project_data=carried, manifest=describe_map(manifest, name))
        spoken = [other.page(number, plan_maps(other.project)) for other in others]
        pages[plan.file_name] = seal(render_page(page, drawn.fragment, spoken))
    return Edition(pages, checked.findings, checked.aside, texts, manifest)


def stop_at_errors(checked: Checked) -> None:
    """Raise every error among the findings of a project."""
    if wrong := [finding for finding in checked.findings if finding.severity == "error"]:
        raise InputError(*map(as_problem, wrong))


@dataclass(frozen=True, slots=True)
class _Geometry:
    """What geometry found, and the way to what it draws."""

    findings: tuple[Finding, ...]
    disputes: tuple[str, ...]
    prepare: Callable[[Progress], Prepared]


def _geometry(bare: Project, progress: Progress, cache: Cache) -> _Geometry:
    """Place and check the claims, or recall it; what placing takes is loaded only when it is needed."""
    key = geometry_key(bare, cache)
    if (known := recall_geometry(key, cache)) is not None:
        return _Geometry(known.findings, known.disputes, lambda _: known)
    from mapgen.preparing import draw_maps, place

    placed = place(bare, progress)

    def prepare(progress: Progress) -> Prepared:
        prepared = draw_maps(placed, progress)
        # What changed while it was read is not what the key says.
        if geometry_key(bare, cache) == key:
            keep_geometry(key, prepared, cache)
        return prepared

    return _Geometry(placed.findings, placed.disputes, prepare)
