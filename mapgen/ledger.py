"""Remember what the last build of a project came to, so that nothing has to be done again.

In: a project file. Out: what a build found and wrote when all inputs were as they are now, or nothing. No
library that takes time is imported here.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mapgen.cache import Cache
from mapgen.errors import Finding, Position
from mapgen.findings import SetAside
from mapgen.inputs import Inputs

MANIFEST = "manifest.json"
"""Name of the file beside the maps that says what went into them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a build came to.

    Attributes
    ----------
    inputs : Inputs
    findings : tuple of Finding
    aside : tuple of SetAside
    files : mapping of str to str
        SHA-256 of the files written, by name.
    """

    inputs: Inputs
    findings: tuple[Finding, ...]
    aside: tuple[SetAside, ...]
    files: Mapping[str, str]

    def is_written(self, folder: Path) -> bool:
        """Tell whether a folder has these very files."""
        with suppress(OSError):
            return all(_sha256(folder / name) == digest for name, digest in self.files.items())
        return False


def recall(file: Path, cache: Cache) -> Entry | None:
    """Return what the last build of a project came to, None if anything has changed since.

    Parameters
    ----------
    file : Path
        The project file.
    cache : Cache
    """
    if cache.folder is None:
        return None
    with suppress(OSError, ValueError, TypeError, LookupError):
        text = cache.read(_key(file, cache))
        entry = _from_plain(json.loads(text)) if text else None
        return entry if entry and entry.inputs.are_current(file.parent, cache.digests) else None
    return None


def remember(file: Path, cache: Cache, entry: Entry) -> None:
    """Remember what a build of a project file came to; no input may have changed while it ran."""
    if cache.folder is not None:
        cache.keep(_key(file, cache), json.dumps(_to_plain(entry), ensure_ascii=False))


def _key(file: Path, cache: Cache) -> str:
    return cache.key("build", os.path.realpath(file))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_plain(entry: Entry) -> dict[str, Any]:
    return {
        "patterns": entry.inputs.patterns,
        "parts": entry.inputs.parts,
        "files": entry.inputs.files,
        "findings": [_row(finding) for finding in entry.findings],
        "aside": [[_row(each.finding), each.reason] for each in entry.aside],
        "written": entry.files,
    }


def _from_plain(value: Mapping[str, Any]) -> Entry:
    return Entry(
        inputs=Inputs(value["patterns"], value["parts"], value["files"]),
        findings=tuple(_finding(row) for row in value["findings"]),
        aside=tuple(SetAside(_finding(row), reason) for row, reason in value["aside"]),
        files=value["written"],
    )


def _row(finding: Finding) -> list[Any]:
    at = finding.position
    where = [at.file, at.line, at.column, at.cell] if at else None
    return [finding.severity, finding.code, where, finding.message, finding.remedy]


def _finding(row: Sequence[Any]) -> Finding:
    severity, code, where, message, remedy = row
    return Finding(severity, code, Position(*where) if where else None, message, remedy)
