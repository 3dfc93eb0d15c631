"""Read files of claims in tests: what comes out, and what is said about the rest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mapgen.annotations import read_annotations
from mapgen.entries import AnnotationFile
from mapgen.errors import InputError
from mapgen.model import Annotation
from mapgen.readers import read_claims

DATA = Path(__file__).resolve().parent / "data"


@dataclass
class Read:
    claims: list[Annotation]
    problems: list[str]
    notes: list[str]


def read(path: Path, **entry: Any) -> Read:
    """Read one file, in whose folder the project would be."""
    try:
        reading = read_claims(path.parent, path.name, AnnotationFile(file=path.name, **entry))
    except InputError as error:
        return Read([], list(map(str, error.problems)), [])
    claims, problems = read_annotations(reading.document)
    both = [*reading.problems, *problems]
    said = [str(each) for each in InputError(*both).problems] if both else []
    return Read(claims, said, [f"{note.code}: {note.message}" for note in reading.notes])


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path
