"""Build a project's maps: the whole way of the data on one screen.

In: a project. Out: one sealed HTML page for each of its maps, and findings. Each step is a stage with a
module of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mapgen import __version__
from mapgen.boundaries import Boundaries, read_boundaries
from mapgen.carried import carry
from mapgen.checks import AssertionTester, check_assertions, check_points
from mapgen.compose import compose_map
from mapgen.drawing import Drawing, draw
from mapgen.errors import BoundaryDataError, InputError, Problem
from mapgen.findings import SetAside, set_aside
from mapgen.frame import Frame, extent_of_degrees, frame_map, opening_extent
from mapgen.model import Finding, Project
from mapgen.page import Page, render_page
from mapgen.places import Placement, Placer, place_annotations
from mapgen.projection import Extent
from mapgen.recordchecks import check_record
from mapgen.views import MapPlan, PageWriter, plan_maps

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
    """

    pages: dict[str, str]
    findings: tuple[Finding, ...]
    aside: tuple[SetAside, ...] = ()
    texts: dict[str, Page] = field(default_factory=dict)


def build_project(project: Project, progress: Progress = lambda _: None) -> Edition:
    """Make the maps of a project.

    Parameters
    ----------
    project : Project
    progress : callable, optional
        Told what begins, in a few words.

    Returns
    -------
    Edition

    Raises
    ------
    InputError
        With every location that cannot be placed and every territory that is not in the boundary data;
        nothing has been written.
    """
    progress("reading boundaries")
    boundaries = _read_boundaries(project)
    progress("placing claims")
    placer = Placer(project, boundaries)
    placements, findings = place_annotations(placer)
    progress("checking")
    outcomes, tested = check_assertions(project.annotations, AssertionTester(placer))
    findings += [*tested, *check_points(placer), *check_record(project, placements, boundaries.disputes)]
    _stop_at_errors(project, placer, findings)
    progress("drawing")
    plans = plan_maps(project)
    # Maps of one projection share their drawing.
    projections = dict.fromkeys(map(_projection(project), plans))
    drawn = {wanted: _draw(placer, placements, plans, wanted) for wanted in projections}
    for wanted, (frame, _) in drawn.items():
        findings += _check_projection(project, wanted, frame)
    standing, aside = set_aside(project, [*project.notes, *boundaries.findings, *findings])
    carried = carry(project)
    pages, texts = {}, {}
    for plan in plans:
        progress(f"composing {plan.file_name}")
        frame, drawing = drawn[_projection(project)(plan)]
        shown = [annotation.id for annotation in plan.annotations]
        composed = compose_map(drawing, frame, _home(plan, frame, placements), shown)
        writer = PageWriter(project, boundaries, placements, outcomes, drawing, frame, aside, __version__)
        texts[plan.spec.name] = writer.page(plan, plans)
        page = replace(texts[plan.spec.name], project_data=carried)
        pages[plan.file_name] = render_page(page, composed.get_root().render())
    return Edition(pages, tuple(standing), tuple(aside), texts)


def _projection(project: Project) -> Callable[[MapPlan], str]:
    """Return what tells the projection that a map asks for."""
    return lambda plan: plan.spec.projection or project.projection


def _draw(
    placer: Placer, placements: Mapping[str, list[Placement]], plans: Sequence[MapPlan], wanted: str
) -> tuple[Frame, Drawing]:
    """Frame and draw what all maps of one projection share."""
    project, boundaries = placer.project, placer.boundaries
    frame = frame_map(
        [boundaries.require(code) for code in project.territories],
        [placement for several in placements.values() for placement in several],
        projection=wanted,
        scale=boundaries.dataset.scale,
        extents=[plan.spec.extent for plan in plans if plan.spec.extent is not None],
    )
    drawing = draw(boundaries, placements, frame, project=project, gazetteer=placer.gazetteer)
    return frame, drawing


def _check_projection(project: Project, wanted: str, frame: Frame) -> list[Finding]:
    """Say so where a conic was asked for and none fits."""
    if wanted != "conic" or frame.projection.name == "conic":
        return []
    message = "no cone fits territories this wide, or on both sides of the equator: drawn in Mercator"
    at = project.position("projection")
    return [Finding("note", "projection-unfit", at, message, "Say auto or mercator")]


def _read_boundaries(project: Project) -> Boundaries:
    """Read a project's boundaries; what is wrong with them is wrong where they were asked for."""
    try:
        return read_boundaries(
            project.boundaries,
            worldview=project.worldview,
            language=project.language,
            folder=project.folder,
            code_column=project.code_column,
            name_column=project.name_column,
        )
    except InputError as error:
        key = "boundaries" if isinstance(error, BoundaryDataError) else "worldview"
        asked = project.position(key)
        raise InputError(*(Problem(asked, str(problem)) for problem in error.problems)) from None


def _home(plan: MapPlan, frame: Frame, placements: dict[str, list[Placement]]) -> Extent:
    """Return what a map opens on: the extent its specification gives, or what its claims are about."""
    if plan.spec.extent is not None:
        return extent_of_degrees(frame, plan.spec.extent)
    return opening_extent(
        frame, [placement for each in plan.annotations for placement in placements[each.id]]
    )


def _stop_at_errors(project: Project, placer: Placer, findings: list[Finding]) -> None:
    """Raise everything that cannot be drawn, all at once."""
    boundaries = placer.boundaries
    problems = [
        Problem(project.position("territories", index), boundaries.unknown(code))
        for index, code in enumerate(project.territories)
        if code not in boundaries.territories.index
    ]
    context = project.context if isinstance(project.context, tuple) else ()
    problems += [
        Problem(project.position("context", index), boundaries.unknown(code))
        for index, code in enumerate(context)
        if code not in boundaries.territories.index
    ]
    problems += [
        Problem(finding.position, _sentences(finding.message, finding.remedy))
        for finding in findings
        if finding.severity == "error"
    ]
    if problems:
        raise InputError(*problems)


def _sentences(*parts: str) -> str:
    """Join parts to one text, each closed by a stop, those after the first begun with a capital."""
    closed = [part if part.endswith((".", "?")) else f"{part}." for part in parts if part]
    return " ".join([*closed[:1], *(part[0].upper() + part[1:] for part in closed[1:])])
