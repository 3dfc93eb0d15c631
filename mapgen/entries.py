"""The entries under ``annotations`` in the project file: which files hold claims, and how they are read.

An entry is a path, or a mapping where a path does not say enough: what a file's format is, which layer and
source its claims have, which of its columns is what. Reading the files is the work of ``readers``.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from mapgen.errors import quoted
from mapgen.fields import FilePath, Id, Model, OptionalText, Text

Format = Literal[
    "yaml", "csv", "xlsx", "geojson", "kml", "geopackage", "shapefile", "acled", "ucdp", "webannotation"
]
FORMATS: tuple[Format, ...] = get_args(Format)


class AnnotationFile(Model):
    """One file of claims, or several of a kind, and how to read it."""

    file: FilePath = Field(description="Path in the project folder; * stands for any name.")
    format: Format | None = Field(
        default=None,
        description="What the file is; without it, what its name says. ACLED and UCDP exports need it.",
    )
    layer: Id | None = Field(default=None, description="Layer of the claims for which the file names none.")
    source: Id | None = Field(default=None, description="Source of the claims for which the file names none.")
    columns: dict[Text, OptionalText] | None = Field(
        default=None,
        description="Which of the file's columns is what, such as {claim: remark, date: seen_on}; what is "
        "empty is not read. Columns that are neither named here nor known are left out.",
    )


def entry_of(entry: str | AnnotationFile) -> AnnotationFile:
    """Return an entry as a mapping, be it written as a path."""
    return AnnotationFile(file=entry) if isinstance(entry, str) else entry


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, str | dict | AnnotationFile) else value


def _check_unique(value: tuple[str | AnnotationFile, ...]) -> tuple[str | AnnotationFile, ...]:
    if not value:
        raise ValueError("the list is empty. Write at least one.")
    files = [entry_of(entry).file for entry in value]
    for index, file in enumerate(files):
        if file in files[:index]:
            raise ValueError(f"{quoted(file)} stands in the list twice. Remove one.")
    return value


# the tags begin with "$" so that they can be told from keys in the path of an error
_Entry = Annotated[
    Annotated[FilePath, Tag("$path")] | Annotated[AnnotationFile, Tag("$entry")],
    Discriminator(lambda value: "$entry" if isinstance(value, dict | AnnotationFile) else "$path"),
]
AnnotationFiles = Annotated[
    tuple[_Entry, ...],
    BeforeValidator(_as_list, json_schema_input_type=_Entry | tuple[_Entry, ...]),
    AfterValidator(_check_unique),
]
