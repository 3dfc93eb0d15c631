"""Read an edition of a project, whatever form it is kept in: a folder, a map, or a revision in git.

In: what a user names. Out: the project, and a record of what its files say. A map and a revision are read by
way of a temporary folder; of a repository, only files are read, and nothing in it is run.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mapgen.areafiles import read_area_text
from mapgen.bundled import dataset_folder, datasets
from mapgen.carried import areas_of, checksums
from mapgen.difference import Record
from mapgen.edition import save_folder
from mapgen.errors import CannotPlace, InputError
from mapgen.extract import carried_by, files_of, read_page
from mapgen.gitfiles import save_revision
from mapgen.inputs import area_files
from mapgen.model import Project
from mapgen.project import read_project
from mapgen.verify import read_manifest
from mapgen.writers.plain import PlainProject, plain, plain_project

SPELLED_OUT = ("context", "boundaries", "worldview", "projection", "language")
"""Settings whose default is told where only one edition has them."""


@dataclass(frozen=True, slots=True)
class ReadEdition:
    """An edition, and what its files say; of a map, the boundary data may not be there."""

    project: Project
    record: Record
    is_complete: bool = True


@contextmanager
def open_edition(named: str, project: Path) -> Iterator[ReadEdition]:
    """Read an edition; its folder is there as long as the context lasts.

    Parameters
    ----------
    named : str
        A project file or its folder, the HTML file of a map, or a git revision of `project`.
    project : Path
        The project whose revision is meant.

    Raises
    ------
    InputError
        If it is none of these, or cannot be read.
    """
    path = Path(named)
    if path.suffix.lower() in (".html", ".htm"):
        with _temporary() as folder:
            yield _read_map(path, folder)
    elif path.exists():
        yield _read_folder(path, named)
    else:
        with _temporary() as folder:
            yield _read_folder(save_revision(named, project, folder), named)


@contextmanager
def _temporary() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="mapgen-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read_folder(path: Path, name: str) -> ReadEdition:
    project = read_project(path)
    own = checksums(project)
    title = _title_of(project.boundaries)
    digests = own or _bundled_checksums(project.boundaries)
    record = Record(name, _spelled_out(project), _areas(project), title, digests)
    return ReadEdition(project, record)


def _read_map(page: Path, folder: Path) -> ReadEdition:
    carried = carried_by(page)
    save_folder(folder / "project", files_of(carried), check=read_project)
    project = read_project(folder / "project")
    manifest = read_manifest(read_page(page)) or {}
    stated = manifest.get("boundaries")
    title = stated.get("title") if isinstance(stated, dict) else None
    digests = dict(carried.boundaries) or _bundled_checksums(project.boundaries)
    record = Record(
        page.as_posix(),
        _spelled_out(project),
        carried.areas,
        title if isinstance(title, str) else _title_of(project.boundaries),
        digests,
    )
    return ReadEdition(project, record, is_complete=not carried.boundaries)


def _spelled_out(project: Project) -> PlainProject:
    """Return what a project's files say, with the defaults that readers would miss."""
    files = plain_project(project)
    settings = {name: getattr(project, name) for name in SPELLED_OUT}
    claims = [{"id": each["id"], "status": "asserted", **each} for each in files.annotations]
    return PlainProject({**plain(settings), **files.settings}, files.sources, claims)


def _areas(project: Project) -> Mapping[str, str]:
    """Return the texts of areas; one that cannot be read is as good as empty here."""
    try:
        return areas_of(project)
    except CannotPlace:
        texts = {}
        for path in area_files(project):
            try:
                texts[path] = read_area_text(project.folder, path)
            except CannotPlace:
                texts[path] = ""
        return texts


def _title_of(boundaries: str) -> str:
    """Return title, version and scale of a bundled dataset, the name of a user's own file."""
    if boundaries not in datasets():
        return Path(boundaries.partition("|")[0]).name
    meta = json.loads((dataset_folder(boundaries) / "dataset.json").read_text("utf-8"))
    return f"{meta['title']} {meta['version']}, 1:{meta['scale'] // 1_000_000}m"


def _bundled_checksums(boundaries: str) -> Mapping[str, str]:
    if boundaries not in datasets():
        return {}
    meta = json.loads((dataset_folder(boundaries) / "dataset.json").read_text("utf-8"))
    digests = meta.get("sha256", {})
    if not isinstance(digests, dict):
        raise InputError(f"the dataset {boundaries} does not say its checksums")
    return digests
