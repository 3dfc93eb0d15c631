"""Put a project into the words of its pages: what each claim, source, legend and footer says.

In: the project, its placements, outcomes and drawing. Out: a `Page` of plain text for each map. No markup is
made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mapgen import page as pages
from mapgen import wording
from mapgen.boundaries import Boundaries
from mapgen.checks import Outcome
from mapgen.drawing import Drawing
from mapgen.findings import SetAside
from mapgen.frame import Frame
from mapgen.model import Annotation, Layer, MapSpec, Project, Source
from mapgen.places import Placement, describe_length

LEGEND_LINES: Mapping[str, str] = {
    "agreed": "Border",
    "disputed": "Disputed border, line of control",
    "undefined": "Border not defined",
}

LEGEND_FORMS: Mapping[str, str] = {
    "border": "Claim on a border",
    "route": "Route, schematic",
    "relation": "Relation, no place",
    "territory": "Claim on a whole area",
    "area": "Claim on a whole area",
    "place": "Claim on a place",
    "point": "Claim on a place",
}


@dataclass(frozen=True, slots=True)
class MapPlan:
    """One map of a project: its specification, layers, and annotations in the order of their numbers."""

    spec: MapSpec
    layers: tuple[Layer, ...]
    annotations: tuple[Annotation, ...]

    @property
    def file_name(self) -> str:
        """Name of the map's file."""
        return f"{self.spec.name}.html"


def plan_maps(project: Project) -> list[MapPlan]:
    """Return what each map of a project shows; claims are numbered layer by layer, in the files' order."""
    plans = []
    for spec in project.maps or (MapSpec(name="map"),):
        wanted = spec.layers or [layer.name for layer in project.layers]
        layers = tuple(layer for layer in project.layers if layer.name in wanted)
        shown = tuple(each for layer in layers for each in project.annotations if each.layer == layer.name)
        plans.append(MapPlan(spec, layers, shown))
    return plans


@dataclass(frozen=True, slots=True)
class PageWriter:
    """Writes the pages of one project.

    Attributes
    ----------
    project : Project
    boundaries : Boundaries
    placements, outcomes : mapping of str to sequence
        By annotation id.
    drawing : Drawing
    frame : Frame
    aside : sequence of SetAside
        Findings that the project sets aside.
    version : str
        Mapgen's version.
    """

    project: Project
    boundaries: Boundaries
    placements: Mapping[str, Sequence[Placement]]
    outcomes: Mapping[str, Sequence[Outcome]]
    drawing: Drawing
    frame: Frame
    aside: Sequence[SetAside]
    version: str

    def page(self, plan: MapPlan, plans: Iterable[MapPlan]) -> pages.Page:
        """Return everything that one map's page says."""
        project, spec = self.project, plan.spec
        numbers = {annotation.id: number for number, annotation in enumerate(plan.annotations, 1)}
        layers = {layer.name: index for index, layer in enumerate(plan.layers)}
        used = {annotation.source for annotation in plan.annotations}
        names = self.boundaries.territories["name"]
        return pages.Page(
            title=spec.title or project.title,
            lead=spec.lead or project.lead or "",
            language=project.language,
            maps=tuple(
                pages.MapLink(
                    title=each.spec.title or project.title, href=each.file_name, current=each is plan
                )
                for each in plans
            ),
            layers=tuple(
                pages.LayerView(name=e.name, title=e.title, description=e.description or "")
                for e in plan.layers
            ),
            claims=tuple(self._claim(each, numbers, layers[each.layer]) for each in plan.annotations),
            sources=tuple(_source(source) for key, source in project.sources.items() if key in used),
            legend=tuple(self._legend(plan)),
            territories=tuple(
                pages.TerritoryName(code=code, name=str(names.at[code])) for code in self.drawing.territories
            ),
            cities=tuple(self.drawing.cities),
            disputed=tuple(self._disputed()),
            footer=self._footer(),
            set_aside=tuple(dict.fromkeys(f"{each.finding.code}: {each.reason}" for each in self.aside)),
        )

    def _claim(self, annotation: Annotation, numbers: Mapping[str, int], layer: int) -> pages.ClaimView:
        source = self.project.sources[annotation.source]
        speaker = annotation.speaker
        return pages.ClaimView(
            id=annotation.id,
            number=numbers[annotation.id],
            layer=layer,
            claim=annotation.claim,
            quote=annotation.quote or "",
            quote_language=annotation.quote_language or "",
            speaker_name=(speaker.name if speaker else None) or "",
            speaker_role=(speaker.role if speaker else None) or "",
            source_id=source.id,
            source_title=source.title,
            source_date=wording.describe_date(source.date),
            date=wording.describe_date(annotation.date),
            grades=wording.describe_grades(annotation),
            likelihood=annotation.likelihood or "",
            confidence=annotation.analytic_confidence or "",
            status=annotation.status,
            placements=tuple(self._placement(annotation, each) for each in self.placements[annotation.id]),
            outcomes=tuple(
                pages.OutcomeView(result=e.result, sentence=e.sentence) for e in self.outcomes[annotation.id]
            ),
            note=annotation.note or "",
            analyst=annotation.analyst or "",
            related=tuple(self._related(annotation, numbers)),
        )

    def _placement(self, annotation: Annotation, placement: Placement) -> pages.PlacementView:
        length = describe_length(placement, self.boundaries.dataset.scale)
        precision = placement.location.precision or annotation.where_precision
        return pages.PlacementView(
            text=" · ".join(filter(None, [placement.text, length])),
            precision=wording.PRECISION[precision] if precision else "",
            schematic=placement.schematic,
        )

    def _related(self, annotation: Annotation, numbers: Mapping[str, int]) -> Iterable[pages.RelatedView]:
        for relation in ("supports", "contradicts", "supersedes"):
            named = getattr(annotation, relation)
            for other in self.project.annotations if named else ():
                if other.id in numbers and other.id in named:
                    yield pages.RelatedView(
                        relation=relation, id=other.id, number=numbers[other.id], text=other.claim
                    )

    def _legend(self, plan: MapPlan) -> Iterable[pages.LegendEntry]:
        """Say what the lines and marks on this map mean, and no others."""
        for grade, text in LEGEND_LINES.items():
            if grade in self.drawing.in_view:
                yield pages.LegendEntry(kind=f"border-{grade}", text=text)
        if self.boundaries.dataset.folder is None:
            yield pages.LegendEntry(kind="area-unknown", text="No boundary data")
        if "area" in self.drawing.in_view:
            yield pages.LegendEntry(kind="area-disputed", text="Disputed area")
        forms = {
            shape["form"] for annotation in plan.annotations for shape in self.drawing.claims[annotation.id]
        }
        samples = {"area": "territory", "point": "place"}
        kinds = {samples.get(form, form): text for form, text in LEGEND_FORMS.items() if form in forms}
        for kind, text in kinds.items():
            yield pages.LegendEntry(kind=f"form-{kind}", text=text)

    def _disputed(self) -> Iterable[pages.DisputedName]:
        for row in self.boundaries.disputed.loc[self.drawing.disputed].itertuples():
            administered, claimed = (
                ", ".join(map(self._name, codes.split())) for codes in (row.administered_by, row.claimed_by)
            )
            yield pages.DisputedName(name=row.name, label=wording.describe_dispute(administered, claimed))

    def _name(self, code: str) -> str:
        table = self.boundaries.territories
        return str(table["name"].at[code]) if code in table.index else code

    def _footer(self) -> pages.FooterView:
        data = self.boundaries.dataset
        dataset = " · ".join(filter(None, [data.describe(), data.attribution, data.license]))
        as_of = self.project.as_of
        return pages.FooterView(
            worldview=wording.describe_worldview(
                self.boundaries.worldview, known="disputed_areas" in data.layers
            ),
            dataset=f"Boundaries: {dataset}.",
            as_of=f"As of {wording.describe_date(as_of)}." if as_of else "No as-of date given.",
            projection=wording.describe_projection(self.frame.projection),
            credit=self.project.credit or "",
            made_with=f"Made with mapgen {self.version}",
        )


def _source(source: Source) -> pages.SourceView:
    """Return a source as the list of sources shows it."""
    return pages.SourceView(
        id=source.id,
        title=source.title,
        publisher=source.publisher or "",
        author=source.author or "",
        url=source.url or "",
        date=wording.describe_date(source.date),
        accessed=wording.describe_date(source.accessed) if source.accessed else "",
        archive_url=source.archive_url or "",
        archive_hash=source.archive_hash or "",
        license=source.license or "",
        note=source.note or "",
        carries=source.carries or "",
    )
