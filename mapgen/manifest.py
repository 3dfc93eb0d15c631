"""Say what went into a map: the manifest that each map carries, and the one that lies beside the maps.

In: a project and what was made of it. Out: plain data, the same for the same project wherever it lies and
whenever it is built; and pages sealed with their own SHA-256. Both are compared in `verify`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from mapgen import __version__
from mapgen.bundled import dataset_folder, datasets
from mapgen.digests import sha256
from mapgen.findings import SetAside
from mapgen.inputs import Inputs
from mapgen.model import Project
from mapgen.prepared import Prepared

BLANK = "0" * 64
"""Stands for a page's own digest while it is computed."""

_SEAL = re.compile(r'"sha256":"([0-9a-f]{64})"\}</script>')


def describe_project(
    project: Project, prepared: Prepared, aside: Sequence[SetAside], contents: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what went into all maps of a project.

    Parameters
    ----------
    project : Project
    prepared : Prepared
    aside : sequence of SetAside
    contents : mapping
        What its pages carry, as `carried.collect` returns it.
    """
    counted = Counter((each.finding.code, each.reason) for each in aside)
    return {
        "mapgen": __version__,
        "project": {
            name: sha256(json.dumps(contents[name], ensure_ascii=False))
            for name in ("project", "sources", "annotations")
        },
        "areas": {path: sha256(text) for path, text in contents["areas"].items()},
        "boundaries": {
            "name": project.boundaries if not contents["boundaries"] else prepared.dataset.title,
            "title": prepared.dataset.title,
            "sha256": contents["boundaries"] or _bundled(project.boundaries),
        },
        "worldview": prepared.worldview,
        "as_of": project.as_of,
        "set_aside": [
            {"check": check, "count": count, "reason": reason} for (check, reason), count in counted.items()
        ],
    }


def describe_map(common: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the manifest of one map, with a place for its digest at the end."""
    return {"map": name, **common, "sha256": BLANK}


def describe_edition(common: Mapping[str, Any], pages: Mapping[str, str], inputs: Inputs) -> str:
    """Return the manifest that lies beside the maps, as text: with the files that they were made from."""
    maps = {name: sha256(text) for name, text in pages.items()}
    value = {**common, "inputs": dict(sorted(inputs.files.items())), "maps": maps}
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def seal(page: str) -> str:
    """Return a page with its own digest: the SHA-256 of all of it, with zeros for the digest."""
    return page.replace(f'"sha256":"{BLANK}"}}</script>', f'"sha256":"{sha256(page)}"}}</script>')


def is_whole(page: bytes) -> bool | None:
    """Tell whether a page is as it was built; None if it has no seal, or several."""
    seals = list(_SEAL.finditer(page.decode("utf-8", "replace")))
    if len(seals) != 1:
        return None
    stated = seals[0][1].encode("ascii")
    blank = page.replace(b'"sha256":"' + stated, b'"sha256":"' + BLANK.encode("ascii"))
    return hashlib.sha256(blank).hexdigest().encode("ascii") == stated


def _bundled(name: str) -> str:
    """Return the digest of what a bundled dataset says of itself, which has those of all its files."""
    if name not in datasets():
        return ""
    return hashlib.sha256((dataset_folder(name) / "dataset.json").read_bytes()).hexdigest()
