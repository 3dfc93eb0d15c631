"""Compute what geometry says of a project: from boundaries and locations to fragments of maps.

In: a project without its texts. Out: a `Prepared`, which is plain data. Only this module and those that it
calls need geopandas, shapely, numpy and folium; a build whose geometry is known already does without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shapely import STRtree

from mapgen.boundaries import Boundaries, read_boundaries
from mapgen.checks import AssertionTester, Outcome, check_assertions, check_named_territories, check_points
from mapgen.drawing import Drawing, draw
from mapgen.errors import BoundaryDataError, InputError, Problem
from mapgen.frame import Frame, extent_of_degrees, frame_map, opening_extent
from mapgen.languages import Name
from mapgen.model import Finding, Project
from mapgen.names import find_names, read_names
from mapgen.places import Placement, Placer, describe_length, place_annotations
from mapgen.plans import MapPlan, plan_maps
from mapgen.prepared import (
    Prepared,
    PreparedDataset,
    PreparedDispute,
    PreparedMap,
    PreparedOutcome,
    PreparedPlacement,
    PreparedProjection,
    PreparedView,
)
from mapgen.projection import Extent

Progress = Callable[[str], None]

FORMS = ("border", "route", "relation", "territory", "place")
"""Forms of claims in the order of the legend."""

GRADED = {
    "agreed": "border-agreed",
    "disputed": "border-disputed",
    "undefined": "border-undefined",
    "area": "area-disputed",
}
"""Kinds that depend on the worldview, in the order of the legend, by what a drawing calls them."""

SAMPLES = {"area": "territory", "point": "place"}
"""Forms that the legend shows as another."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A project whose claims are placed and checked, before anything is drawn.

    Attributes
    ----------
    placer : Placer
        Has the project and the boundaries.
    placements, outcomes : dict of str to list
        By annotation id.
    frames : dict of str to Frame
        By the projection that maps ask for; none if there is an error.
    findings : tuple of Finding
        With positions that name a claim and a key.
    """

    placer: Placer
    placements: dict[str, list[Placement]]
    outcomes: dict[str, list[Outcome]]
    frames: dict[str, Frame]
    findings: tuple[Finding, ...]

    @property
    def disputes(self) -> tuple[str, ...]:
        """Codes of the disputed areas that the boundary data has."""
        return tuple(sorted(self.placer.boundaries.disputes))


def place(project: Project, progress: Progress = lambda _: None) -> Placed:
    """Read the boundaries, place the claims and check both; nothing is drawn.

    Parameters
    ----------
    project : Project
        Without its texts, as `prepared.without_texts` returns it.
    progress : callable, optional
        Told what begins, in a few words.

    Returns
    -------
    Placed
        With what cannot be placed and territories that are not there among its findings, as errors.

    Raises
    ------
    InputError
        If the boundary data cannot be read.
    """
    progress("reading boundaries")
    boundaries = _read_boundaries(project)
    progress("placing claims")
    placer = Placer(project, boundaries)
    placements, findings = place_annotations(placer)
    progress("checking")
    outcomes, tested = check_assertions(project.annotations, AssertionTester(placer))
    findings += [
        *tested,
        *check_points(placer),
        *check_named_territories(project, placements),
        *_check_codes(project, boundaries),
        *_check_worldviews(project, boundaries),
    ]
    frames = {}
    if not any(finding.severity == "error" for finding in findings):
        # Maps of one projection share their drawing.
        plans = plan_maps(project)
        for wanted in dict.fromkeys(map(_projection(project), plans)):
            frames[wanted] = _frame(placer, placements, plans, wanted)
            findings += _check_projection(project, wanted, frames[wanted])
    return Placed(placer, placements, outcomes, frames, (*boundaries.findings, *findings))


def draw_maps(placed: Placed, progress: Progress = lambda _: None) -> Prepared:
    """Draw the maps of a project.

    Parameters
    ----------
    placed : Placed
        Without errors.
    progress : callable, optional
        Told what begins, in a few words.

    Returns
    -------
    Prepared
    """
    progress("drawing")
    project, boundaries = placed.placer.project, placed.placer.boundaries
    drawn = {
        wanted: draw(boundaries, placed.placements, frame, project=project, gazetteer=placed.placer.gazetteer)
        for wanted, frame in placed.frames.items()
    }
    progress("composing maps")
    wanted = _projection(project)
    prepared = Prepared(
        maps=tuple(_prepare_map(placed, plan, drawn[wanted(plan)]) for plan in plan_maps(project)),
        placements=_describe_placements(placed.placements, boundaries),
        outcomes=_describe_outcomes(placed.outcomes),
        findings=placed.findings,
        dataset=_describe_dataset(boundaries),
        worldview=boundaries.worldview,
        country=_country(boundaries),
        disputes=placed.disputes,
    )
    others = project.offered[1:]
    return replace(
        prepared, names=read_names(find_names(prepared), others, boundaries.dataset) if others else {}
    )


def _projection(project: Project) -> Callable[[MapPlan], str]:
    """Return what tells the projection that a map asks for."""
    return lambda plan: plan.spec.projection or project.projection


def _frame(
    placer: Placer, placements: Mapping[str, list[Placement]], plans: Sequence[MapPlan], wanted: str
) -> Frame:
    """Frame what all maps of one projection share."""
    return frame_map(
        [placer.boundaries.require(code) for code in placer.project.territories],
        [placement for several in placements.values() for placement in several],
        projection=wanted,
        scale=placer.boundaries.dataset.scale,
        extents=[*filter(None, _extents(placer.project, plans))],
    )


def _extents(project: Project, plans: Sequence[MapPlan]) -> Iterator[Extent | None]:
    """Return the extents that maps open on and stories lead to."""
    yield from (plan.spec.extent for plan in plans)
    yield from (step.extent for step in project.story)


def _prepare_map(placed: Placed, plan: MapPlan, drawing: Drawing) -> PreparedMap:
    """Compose one map; folium is loaded only here, for a check does without."""
    from mapgen.compose import compose_map

    boundaries, project = placed.placer.boundaries, placed.placer.project
    frame = placed.frames[_projection(project)(plan)]
    shown = [annotation.id for annotation in plan.annotations]
    composed = compose_map(drawing, frame, _home(plan, frame, placed.placements), shown)
    return PreparedMap(
        fragment=composed.get_root().render(),
        kinds=tuple(_kinds(boundaries, plan, drawing)),
        territories=tuple(_name(boundaries, code) for code in drawing.territories),
        cities=tuple(drawing.cities),
        disputed=tuple(_describe_disputes(boundaries, drawing.disputed)),
        projection=PreparedProjection(frame.projection.name, frame.projection.lat_1, frame.projection.lat_2),
        views=tuple(_describe_views(boundaries, plan, drawing)),
    )


def _kinds(boundaries: Boundaries, plan: MapPlan, drawing: Drawing) -> Iterator[str]:
    """Return the kinds of lines, areas and marks on a map, in the order of its legend."""
    met = frozenset().union(*drawing.met)
    yield from (kind for grade, kind in GRADED.items() if grade in met)
    if boundaries.dataset.folder is None:
        yield "area-unknown"
    drawn = {shape["form"] for annotation in plan.annotations for shape in drawing.claims[annotation.id]}
    forms = {SAMPLES.get(form, form) for form in drawn}
    yield from (f"form-{form}" for form in FORMS if form in forms)


def _describe_views(boundaries: Boundaries, plan: MapPlan, drawing: Drawing) -> Iterator[PreparedView]:
    """Describe the worldviews that readers can switch between; none if there is one only."""
    numbers = {annotation.id for annotation in plan.annotations}
    for view, met, missed in zip(boundaries.views, drawing.met, drawing.missed, strict=True):
        if boundaries.others:
            yield PreparedView(
                worldview=view.worldview,
                country=_country(view),
                kinds=tuple(kind for grade, kind in GRADED.items() if grade in met),
                missed={key: tuple(said) for key, said in missed.items() if key in numbers},
            )


def _country(boundaries: Boundaries) -> Name | None:
    """Return whose view a worldview is; None for one that is no country's."""
    code = boundaries.dataset.views.get(boundaries.worldview)
    return _name(boundaries, code) if code else None


def _describe_disputes(boundaries: Boundaries, rows: Iterable[int]) -> Iterator[PreparedDispute]:
    def names(codes: str) -> tuple[Name, ...]:
        return tuple(_name(boundaries, code) for code in codes.split())

    for row in boundaries.all_disputed().loc[[*rows]].itertuples():
        named = Name(str(row.name), "disputed", str(row.code))
        yield PreparedDispute(named, names(row.administered_by), names(row.claimed_by))


def _name(boundaries: Boundaries, code: str) -> Name:
    return Name(boundaries.name(code), "territory", code)


def _describe_placements(
    placements: Mapping[str, Sequence[Placement]], boundaries: Boundaries
) -> dict[str, tuple[PreparedPlacement, ...]]:
    scale = boundaries.dataset.scale
    around = _territories_around(placements, boundaries)
    return {
        identity: tuple(
            PreparedPlacement(
                each.said,
                describe_length(each, scale),
                each.schematic,
                each.codes or around.get((identity, number), ()),
            )
            for number, each in enumerate(several)
        )
        for identity, several in placements.items()
    }


def _territories_around(
    placements: Mapping[str, Sequence[Placement]], boundaries: Boundaries
) -> dict[tuple[str, int], tuple[str, ...]]:
    """Return the territory that each town and point lies in, by claim and number of the location."""
    points = {
        (identity, number): each.geometry
        for identity, several in placements.items()
        for number, each in enumerate(several)
        if each.geometry.geom_type == "Point" and not each.codes
    }
    if not points:
        return {}
    table = boundaries.territories
    keys = list(points)
    found = STRtree(table.geometry.to_numpy()).query(list(points.values()), predicate="within").T
    return {keys[point]: (str(table.index[row]),) for point, row in found.tolist()}


def _describe_outcomes(outcomes: Mapping[str, Sequence[Outcome]]) -> dict[str, tuple[PreparedOutcome, ...]]:
    return {
        identity: tuple(PreparedOutcome(each.result, each.said) for each in several)
        for identity, several in outcomes.items()
    }


def _describe_dataset(boundaries: Boundaries) -> PreparedDataset:
    data = boundaries.dataset
    return PreparedDataset(data.describe(), data.attribution, data.license, "disputed_areas" in data.layers)


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
            worldviews=project.worldviews,
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


def _check_codes(project: Project, boundaries: Boundaries) -> Iterator[Finding]:
    """Say which of the territories that a project names are not in its boundary data."""
    context = project.context if isinstance(project.context, tuple) else ()
    for key, codes in (("territories", project.territories), ("context", context)):
        for index, code in enumerate(codes):
            if code not in boundaries.territories.index:
                at = project.position(key, index)
                yield Finding("error", "unknown-territory", at, boundaries.unknown(code), "")


def _check_worldviews(project: Project, boundaries: Boundaries) -> Iterator[Finding]:
    """Say which of the worldviews that readers were to switch between the boundary data does not have."""
    for index, view in enumerate(project.worldviews):
        if view in boundaries.unanswered:
            at = project.position("worldviews", index)
            remedy = "Take it out of the list: readers are not offered it"
            yield Finding("warning", "worldview-not-offered", at, boundaries.unanswered[view], remedy)
