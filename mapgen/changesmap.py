"""Write what changed between two editions, in each form; on a map the claims of both stand together.

In: what a user names as the old and the new edition. Out: text, Markdown, JSON, or the page of a map: the new
edition with what changed beside each claim, and the claims that were withdrawn, struck out.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mapgen import __version__
from mapgen.build import check_project, stop_at_errors
from mapgen.cache import user_cache
from mapgen.difference import Difference, asks_for_borders, compare
from mapgen.digests import siblings
from mapgen.editions import ReadEdition, open_edition
from mapgen.errors import InputError
from mapgen.inputs import own_boundaries
from mapgen.languages import read_words
from mapgen.listing import list_borders
from mapgen.model import Annotation, MapSpec, Project
from mapgen.page import ClaimView, Page, render_page
from mapgen.plans import plan_maps
from mapgen.prepared import Prepared
from mapgen.told import Told, ToldChanges
from mapgen.views import PageWriter
from mapgen.writers.changes import outline, summarise, write_json, write_markdown, write_text

FORMS = {"text": write_text, "markdown": write_markdown, "json": write_json}
MAP = "changes"
"""Name of the one map that shows the changes."""

BEFORE = "before"
"""Folder of the areas that withdrawn claims name."""


def write_changes(old: str, new: str, project: Path, form: str) -> str:
    """Compare two editions and write what changed.

    Parameters
    ----------
    old, new : str
        A project, the HTML file of a map, or a git revision of `project`.
    project : Path
    form : str
        ``text``, ``markdown``, ``json`` or ``html``.

    Raises
    ------
    InputError
        If one of the editions cannot be read; or drawn, for a map.
    """
    with open_edition(old, project) as before, open_edition(new, project) as after:
        difference = compare_editions(before, after)
        if form in FORMS:
            return FORMS[form](difference)
        with TemporaryDirectory(prefix="mapgen-") as folder:
            return draw_changes(before, after, difference, Path(folder))


def compare_editions(before: ReadEdition, after: ReadEdition) -> Difference:
    """Compare two editions, with the lengths of their borders where these can be others."""
    old, new = before.record, after.record
    if asks_for_borders(old, new) and before.is_complete and after.is_complete:
        old, new = replace(old, borders=_borders(before)), replace(new, borders=_borders(after))
    return compare(old, new)


def draw_changes(before: ReadEdition, after: ReadEdition, difference: Difference, folder: Path) -> str:
    """Draw the map of a difference.

    Parameters
    ----------
    before, after : ReadEdition
    difference : Difference
    folder : Path
        An empty one for the project of both editions.
    """
    project = _both(before, after, difference, folder)
    checked = check_project(project, cache=user_cache())
    stop_at_errors(checked)
    return render_changes(project, checked.prepare(lambda _: None), difference)


def render_changes(project: Project, prepared: Prepared, difference: Difference) -> str:
    """Return the page of a difference."""
    words = read_words(project.language)
    page = PageWriter(project, prepared, (), __version__).page(0, plan_maps(project))
    sections = tuple(outline(difference))
    told = {each.id: each for section in sections if section.name == "claims" for each in section.told}
    old, new = (_public(name) or words("changes.now") for name in (difference.old, difference.new))
    between = words("changes.between", old=old, new=new)
    kinds = [list(told[claim.id].kinds) if claim.id in told else [] for claim in page.claims]
    shown: Page = replace(
        page,
        claims=tuple(_with_change(claim, told) for claim in page.claims),
        title=words("changes.headed", title=page.title),
        lead=f"{between}: {summarise(difference, words)}.",
        changes=ToldChanges(sections),
        maps=(),
        features=(*page.features, MAP),
        feature_data={**page.feature_data, "changes": kinds},
    )
    return render_page(shown, prepared.maps[0].fragment)


def _public(name: str) -> str:
    """Return what a page calls an edition: no folder of the machine that it was made on."""
    return Path(name).name if Path(name).exists() else name


def _with_change(claim: ClaimView, told: Mapping[str, Told]) -> ClaimView:
    return replace(claim, change=told.get(claim.id))


def _borders(edition: ReadEdition) -> dict[str, float]:
    """Return the lengths of the borders of a project's territories in km."""
    found = list_borders(edition.project.folder / edition.project.file)
    return {f"{each['left']}-{each['right']}": float(each["length_km"]) for each in found}


def _both(before: ReadEdition, after: ReadEdition, difference: Difference, folder: Path) -> Project:
    """Return a project with the claims of the new edition, and those that the old one had besides."""
    gone = {str(item["id"]) for item in difference.claims.removed}
    withdrawn = [_withdrawn(each) for each in before.project.annotations if each.id in gone]
    _write_areas(folder, after.record.areas)
    _write_areas(folder / BEFORE, before.record.areas)
    _copy_boundaries(after, folder)
    old, new = before.project, after.project
    sources = {**{each.source: old.sources[each.source] for each in withdrawn}, **new.sources}
    known = {layer.name for layer in new.layers}
    used = {each.layer for each in withdrawn}
    layers = (*new.layers, *(each for each in old.layers if each.name in used - known))
    changed: dict[str, Any] = {
        "folder": folder,
        "annotations": (*new.annotations, *withdrawn),
        "sources": sources,
        "layers": layers,
        "maps": (MapSpec(name=MAP),),
        "silence": (),
        "languages": (),
        "address": None,
        "story": (),
    }
    return new.model_copy(
        update={key: value for key, value in changed.items() if key in Project.model_fields}
    )


def _withdrawn(annotation: Annotation) -> Annotation:
    """Return a claim that is in the old edition only, as one that has been withdrawn."""
    where = tuple(
        location.model_copy(update={"value": _before(location.value)}) for location in annotation.where
    )
    relations = {name: () for name in ("supersedes", "supports", "contradicts")}
    return annotation.model_copy(update={"status": "retracted", "where": where, **relations})


def _before(value: Any) -> Any:
    """Return a location of the old edition, with its areas where they are kept now."""
    if isinstance(value, tuple):
        return tuple(map(_before, value))
    is_path = isinstance(value, str) and value.lower().endswith((".geojson", ".json"))
    return f"{BEFORE}/{value}" if is_path else value


def _write_areas(folder: Path, areas: Mapping[str, str]) -> None:
    for path, text in areas.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def _copy_boundaries(edition: ReadEdition, folder: Path) -> None:
    """Copy a user's own boundary file beside the areas; a map does not carry it."""
    for name in own_boundaries(edition.project):
        source = edition.project.folder / name
        if not edition.is_complete and not source.exists():
            raise InputError(
                f"{edition.record.name}: maps do not carry their author's own boundary file {name}, so this "
                "one cannot be drawn again. Compare the projects instead."
            )
        for part in siblings(source):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(part, (folder / name).parent / part.name)
