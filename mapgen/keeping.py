"""Keep what geometry says of a project, and recall it for as long as nothing that it depends on has changed.

In: a project without its texts, and a cache. Out: a key of all that geometry depends on: that project, the
boundary data, the files of areas, and mapgen itself. Claims' texts are no part of it, since geometry is not
given them.
"""

from __future__ import annotations

from contextlib import suppress

from mapgen.cache import Cache
from mapgen.inputs import area_files, digest_files, own_boundaries
from mapgen.model import Project
from mapgen.prepared import Prepared, from_json, to_json

ONLY_PAGES = ("assets", "vendor")
"""Folders of mapgen's own files that pages are made of, and geometry is not."""


def geometry_key(bare: Project, cache: Cache) -> str:
    """Return the key of what geometry says of a project, "" where nothing is kept.

    Parameters
    ----------
    bare : Project
        Without its texts, as `prepared.without_texts` returns it.
    cache : Cache
    """
    if cache.folder is None:
        return ""
    files = digest_files(bare.folder, [*own_boundaries(bare), *area_files(bare)], cache.digests)
    said = bare.model_dump_json(exclude={"folder", "file"})
    return cache.key("geometry", said, files, without=ONLY_PAGES)


def recall_geometry(key: str, cache: Cache) -> Prepared | None:
    """Return what was kept under a key, None if nothing was."""
    text = cache.read(key) if key else None
    with suppress(ValueError, TypeError, LookupError, AttributeError):
        return from_json(text) if text else None
    return None


def keep_geometry(key: str, prepared: Prepared, cache: Cache) -> None:
    """Keep what geometry says of a project."""
    if key:
        cache.keep(key, to_json(prepared))
