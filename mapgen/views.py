"""Put a project into the words of its pages: what each claim, source, legend and footer says.

In: the project, and what geometry says of it. Out: a `Page` of plain text for each map. No markup is made
here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mapgen import page as pages
from mapgen import scales, wording
from mapgen.embed import card_name, map_address
from mapgen.facets import facets_of, times_of
from mapgen.findings import SetAside
from mapgen.languages import Said, Words, read_words
from mapgen.model import Annotation, Layer, Location, Project, Source
from mapgen.names import with_names
from mapgen.offered import offer_worldviews
from mapgen.plans import MapPlan
from mapgen.prepared import Prepared, PreparedDispute, PreparedMap, PreparedPlacement
from mapgen.scripts import direction_of
from mapgen.stories import script_steps, steps_of
from mapgen.told import ToldCorrection
from mapgen.translated import Translated, in_language, missing

FEWEST_EXPLORED = 8
"""Claims; fewer are seen at a glance and need no search."""

FEWEST_DATED = 2
"""Claims with a date; one alone makes no timeline."""

RELATIONS = {"supports": "supported_by", "contradicts": "contradicted_by", "supersedes": "superseded_by"}
"""How claims bear on others, and how those tell it."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """The claims of one map by id: their numbers, their texts, and which claims bear on them and how."""

    numbers: Mapping[str, int]
    texts: Mapping[str, str]
    bearing: Mapping[tuple[str, str], Sequence[str]]

    @classmethod
    def of(cls, plan: MapPlan, project: Project) -> _Shown:
        bearing: dict[tuple[str, str], list[str]] = {}
        for annotation in project.annotations:
            for relation in RELATIONS:
                for other in getattr(annotation, relation):
                    bearing.setdefault((relation, other), []).append(annotation.id)
        numbers = {annotation.id: number for number, annotation in enumerate(plan.annotations, 1)}
        return cls(numbers, {each.id: each.claim for each in plan.annotations}, bearing)


@dataclass(frozen=True, slots=True)
class PageWriter:
    """Writes the pages of one project.

    Attributes
    ----------
    project : Project
    prepared : Prepared
        What geometry says of it.
    aside : sequence of SetAside
        Findings that the project sets aside.
    version : str
        Mapgen's version.
    written : tuple of str
        The project's languages, that of its own texts first, where the pages are in another one.
    """

    project: Project
    prepared: Prepared
    aside: Sequence[SetAside]
    version: str
    written: tuple[str, ...] = ()

    def in_language(self, language: str) -> PageWriter:
        """Return a writer of the same pages in another language."""
        prepared = with_names(self.prepared, self.prepared.names.get(language, {}))
        project = in_language(self.project, language)
        return replace(self, project=project, prepared=prepared, written=self.offered)

    @property
    def offered(self) -> tuple[str, ...]:
        """The languages that readers can choose, that of the texts first."""
        return self.written or self.project.offered

    def _untranslated(self, subject: Translated) -> tuple[str, ...]:
        """Return the names of the texts that are not in this writer's language."""
        return missing(subject, self.project.language) if self.written else ()

    def page(self, number: int, plans: Sequence[MapPlan]) -> pages.Page:
        """Return everything that the page of one of the maps says."""
        plan, drawn = plans[number], self.prepared.maps[number]
        project, spec = self.project, plan.spec
        shown = _Shown.of(plan, project)
        layers = {layer.name: index for index, layer in enumerate(plan.layers)}
        used = {annotation.source for annotation in plan.annotations}
        return pages.Page(
            title=spec.title or project.title,
            lead=spec.lead or project.lead or "",
            language=project.language,
            theme=project.theme,
            languages=tuple(map(_language, self.offered)) if len(self.offered) > 1 else (),
            untranslated=self._untranslated(spec if spec.title else project),
            maps=tuple(
                pages.MapLink(
                    title=each.spec.title or project.title, href=each.file_name, current=each is plan
                )
                for each in plans
            ),
            layers=tuple(map(self._layer, plan.layers)),
            claims=tuple(self._claim(each, shown, layers[each.layer]) for each in plan.annotations),
            sources=tuple(
                _source(source, self.words) for key, source in project.sources.items() if key in used
            ),
            legend=tuple(
                pages.LegendEntry(
                    kind=kind, text=self.words(f"legend.{kind}"), hidden=_is_hidden(kind, drawn)
                )
                for kind in (*drawn.kinds, *scales.uncertain_kinds(plan.annotations))
            ),
            territories=tuple(pages.TerritoryName(code=e.id, name=e.text) for e in drawn.territories),
            cities=drawn.cities,
            disputed=tuple(map(self._disputed, drawn.disputed)),
            footer=self._footer(drawn),
            card=_card(project, plan),
            scales=tuple(scales.describe_scales(plan.annotations, self.words)),
            corrections=tuple(self._corrections(shown)),
            set_aside=tuple(dict.fromkeys(f"{each.finding.code}: {each.reason}" for each in self.aside)),
            story=steps_of(project, plan, self._untranslated),
            **self._features(plan, drawn),
        )

    def _layer(self, layer: Layer) -> pages.LayerView:
        return pages.LayerView(
            name=layer.name,
            title=layer.title,
            description=layer.description or "",
            untranslated=self._untranslated(layer),
        )

    def _disputed(self, area: PreparedDispute) -> pages.DisputedName:
        administered_by, claimed_by = self._tell(area.administered_by), self._tell(area.claimed_by)
        label = wording.describe_dispute(administered_by, claimed_by, self.words)
        return pages.DisputedName(name=area.name.text, label=label)

    def _corrections(self, shown: _Shown) -> Iterator[ToldCorrection]:
        """Yield the corrections of claims that a map shows."""
        for each in self.project.corrections:
            if each.claim in shown.numbers:
                yield ToldCorrection(
                    date=wording.describe_date(each.date, self.words),
                    claim=each.claim,
                    number=shown.numbers[each.claim],
                    text=shown.texts[each.claim],
                    what=each.what,
                    why=each.why or "",
                )

    def _features(self, plan: MapPlan, drawn: PreparedMap) -> dict[str, Any]:
        """Return which features a page has, and what their scripts need."""
        data: dict[str, dict[str, Any]] = {}
        if len(plan.annotations) >= FEWEST_EXPLORED:
            data["explore"] = {"facets": self._facets(plan, drawn)}
        if plan.annotations:
            data["cite"] = {}
        if sum(each.date is not None for each in plan.annotations) >= FEWEST_DATED:
            data["timeline"] = {"times": times_of(plan.annotations)}
        if steps_of(self.project, plan):
            data["story"] = {"story": script_steps(self.project)}
        shown = {annotation.id for annotation in plan.annotations}
        if any(shown.intersection(getattr(each, name)) for each in plan.annotations for name in RELATIONS):
            data["compare"] = {}
        if len(self.offered) > 1:
            data["languages"] = {"languages": {"own": self.offered[0], "offered": list(self.offered)}}
        if drawn.views:
            identities = [annotation.id for annotation in plan.annotations]
            data["worldviews"] = {"worldviews": offer_worldviews(drawn, identities, self.words, self._tell)}
        own = {key: value for group in data.values() for key, value in group.items()}
        return {"features": tuple(data), "feature_data": own}

    def _facets(self, plan: MapPlan, drawn: PreparedMap) -> list[dict[str, Any]]:
        placements, names = self.prepared.placements, {name.id: name.text for name in drawn.territories}
        return facets_of(
            plan.annotations,
            {each.id: [code for at in placements[each.id] for code in at.codes] for each in plan.annotations},
            sources=self.project.sources,
            name=lambda code: names.get(code, code),
            words=self.words,
        )

    @property
    def words(self) -> Words:
        """The words of the page's language."""
        return read_words(self.project.language)

    def _tell(self, *said: Said) -> str:
        return " ".join(self.words.tell(each) for each in said)

    def _claim(self, annotation: Annotation, shown: _Shown, layer: int) -> pages.ClaimView:
        source = self.project.sources[annotation.source]
        speaker, words, confidence = annotation.speaker, self.words, annotation.analytic_confidence
        return pages.ClaimView(
            id=annotation.id,
            number=shown.numbers[annotation.id],
            layer=layer,
            claim=annotation.claim,
            quote=annotation.quote or "",
            quote_language=annotation.quote_language or "",
            quote_direction=direction_of(annotation.quote_language),
            quote_translation=annotation.quote_translation or "",
            quote_translator=annotation.quote_translator or "",
            speaker_name=(speaker.name if speaker else None) or "",
            speaker_role=(speaker.role if speaker else None) or "",
            source_id=source.id,
            source_title=source.title,
            source_date=wording.describe_date(source.date, words),
            date=wording.describe_date(annotation.date, words),
            grades=wording.describe_grades(annotation, words),
            likelihood=words(f"likelihood.{annotation.likelihood}") if annotation.likelihood else "",
            confidence=words(f"confidence.{confidence}") if confidence else "",
            status=annotation.status,
            placements=tuple(
                self._placement(annotation, location, placed)
                for location, placed in zip(
                    annotation.where, self.prepared.placements[annotation.id], strict=True
                )
            ),
            outcomes=tuple(
                pages.OutcomeView(result=e.result, sentence=self._tell(*e.said))
                for e in self.prepared.outcomes[annotation.id]
            ),
            note=annotation.note or "",
            analyst=annotation.analyst or "",
            related=tuple(_related(annotation, shown)),
            graded=bool(annotation.source_reliability or annotation.info_credibility),
            weak=scales.is_weak(annotation),
            untranslated=self._untranslated(annotation),
            has_translated_quote=any(texts.quote for texts in annotation.translations.values()),
            superseded=("supersedes", annotation.id) in shown.bearing,
        )

    def _placement(
        self, annotation: Annotation, location: Location, placed: PreparedPlacement
    ) -> pages.PlacementView:
        precision = location.precision or annotation.where_precision
        length = self._tell(placed.length) if placed.length is not None else ""
        said = [location.label or self._tell(placed.said), length]
        return pages.PlacementView(
            text=" · ".join(filter(None, said)),
            precision=self.words(f"precision.{precision}") if precision else "",
            schematic=placed.schematic,
            level=precision or 0,
        )

    def _footer(self, drawn: PreparedMap) -> pages.FooterView:
        data, words = self.prepared.dataset, self.words
        dataset = " · ".join(filter(None, [data.title, data.attribution, data.license]))
        as_of = self.project.as_of
        return pages.FooterView(
            worldview=wording.describe_worldview(
                self.prepared.worldview,
                words,
                country=self._tell(self.prepared.country or ""),
                known=data.knows_disputes,
            ),
            dataset=words("footer.boundaries", dataset=dataset),
            as_of=words("footer.as_of", date=wording.describe_date(as_of, words))
            if as_of
            else words("footer.no_as_of"),
            projection=wording.describe_projection(drawn.projection, words),
            credit=self.project.credit or "",
            disclaimer=words("footer.disclaimer"),
            made_with=words("footer.made_with", version=self.version),
        )


def _related(annotation: Annotation, shown: _Shown) -> Iterable[pages.RelatedView]:
    """Return the claims of this map that a claim bears on, and those that bear on it."""
    relations = {name: getattr(annotation, name) for name in RELATIONS}
    for name, passive in RELATIONS.items():
        bearing = shown.bearing.get((name, annotation.id), ())
        relations[passive] = [other for other in bearing if other not in relations[name]]
    for relation, named in relations.items():
        for other in sorted(filter(shown.numbers.__contains__, named), key=shown.numbers.__getitem__):
            yield pages.RelatedView(
                relation=relation, id=other, number=shown.numbers[other], text=shown.texts[other]
            )


def _is_hidden(kind: str, drawn: PreparedMap) -> bool:
    """Tell whether what a kind of line or area stands for is in view under other worldviews only."""
    return any(kind in view.kinds for view in drawn.views) and kind not in drawn.views[0].kinds


def _language(tag: str) -> pages.LanguageView:
    words = read_words(tag)
    known = words.language == tag.lower().partition("-")[0]
    return pages.LanguageView(
        tag=tag, name=words("about.name") if known else tag, direction=direction_of(tag)
    )


def _card(project: Project, plan: MapPlan) -> pages.CardView | None:
    """Return what other sites show of a link to a map, if the project says where it is published."""
    if project.address is None:
        return None
    return pages.CardView(
        address=map_address(project.address, plan.file_name),
        picture=map_address(project.address, card_name(plan.spec.name)),
        alt=plan.spec.title or project.title,
    )


def _source(source: Source, words: Words) -> pages.SourceView:
    """Return a source as the list of sources shows it."""
    return pages.SourceView(
        id=source.id,
        title=source.title,
        publisher=source.publisher or "",
        author=source.author or "",
        url=source.url or "",
        date=wording.describe_date(source.date, words),
        accessed=wording.describe_date(source.accessed, words) if source.accessed else "",
        archive_url=source.archive_url or "",
        archive_hash=source.archive_hash or "",
        license=source.license or "",
        note=source.note or "",
        carries=source.carries or "",
    )
