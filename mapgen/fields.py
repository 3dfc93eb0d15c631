"""What one value of a file may be: the types of the model's fields, and the base that its classes share.

A field's type checks the form of a text (an id, a code, a date, a path inside the project) and says in plain
words what is wrong. What the classes are is said in ``model``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    WithJsonSchema,
    model_validator,
)

from mapgen import dates
from mapgen.documents import Document
from mapgen.errors import Position, quoted, suggest

CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$"
_WORLDVIEWS = ("neutral", "de_facto", "international")


def check_path(value: str) -> str:
    """Refuse a path that leads out of the project folder.

    A project reads nothing outside its own folder, whoever wrote it; and GDAL opens more than files by names
    such as ``/vsicurl/...`` and ``DRIVER:...``.
    """
    outside = value.startswith(("/", "~")) or ".." in PurePosixPath(value).parts
    if outside or any(character in value for character in "\\:\0"):
        remedy = "Write a path inside it, with '/', such as data/a.geojson."
        raise ValueError(f"{quoted(value)} is not a path in the project folder. {remedy}")
    return value


def check_extent(value: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Refuse what is not (west, south, east, north) in degrees, EPSG:4326."""
    west, south, east, north = value
    if not (-180 <= west < east <= 360 and -90 <= south < north <= 90):
        raise ValueError(
            "expected [west, south, east, north] in degrees, west below east, south below north."
        )
    return value


def _check_text(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise ValueError("the text is empty. Write one.")
    return value


def _none_if_blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _check_date(value: str) -> str:
    dates.parse(value)
    return value


def _check_worldview(value: str) -> str:
    if value in _WORLDVIEWS or re.fullmatch("[A-Z]{2}", value):
        return value
    near = suggest(value, [*_WORLDVIEWS, value.upper()] if len(value) == 2 else _WORLDVIEWS, 1)
    expected = f"Expected {', '.join(_WORLDVIEWS)} or the code of a country, such as UA."
    raise ValueError(f"{quoted(value)} is not a worldview. {expected}{near}")


def _check_address(value: str) -> str:
    if re.fullmatch(r"https?://[^\s/?#\"'<>\\]+(?:/[^\s?#\"'<>\\]*)?", value, re.IGNORECASE):
        return value
    expected = "Expected the address of a folder, such as https://example.org/maps/."
    raise ValueError(f"{quoted(value)} is not an address to publish at. {expected}")


def _check_four(value: object) -> object:
    if not isinstance(value, list | tuple) or len(value) != 4:
        raise ValueError("expected four numbers: [west, south, east, north].")
    return value


def _check_unique(value: tuple[str, ...]) -> tuple[str, ...]:
    for index, name in enumerate(value):
        if name in value[:index]:
            raise ValueError(f"{quoted(name)} stands in the list twice. Remove one.")
    return value


def _check_some(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise ValueError("the list is empty. Write at least one.")
    return value


def as_list(value: object) -> object:
    """Take a text where a list is wanted as a list of one."""
    return (value,) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_check_text)]
OptionalText = Annotated[str | None, BeforeValidator(_none_if_blank)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Code = Annotated[str, Field(pattern=CODE_PATTERN)]
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Languages = Annotated[
    tuple[Language, ...],
    BeforeValidator(as_list, json_schema_input_type=Language | tuple[Language, ...]),
    AfterValidator(_check_unique),
]
# an editor takes a bare year for a number
Date = Annotated[str, AfterValidator(_check_date), WithJsonSchema({"type": ["string", "integer"]})]
Address = Annotated[str, AfterValidator(_check_address)]
Worldview = Annotated[str, AfterValidator(_check_worldview)]
Worldviews = Annotated[
    tuple[Worldview, ...],
    BeforeValidator(as_list, json_schema_input_type=Worldview | tuple[Worldview, ...]),
    AfterValidator(_check_unique),
]
FilePath = Annotated[str, BeforeValidator(_check_text), AfterValidator(check_path)]
Ids = Annotated[
    tuple[Id, ...],
    BeforeValidator(as_list, json_schema_input_type=Id | tuple[Id, ...]),
    AfterValidator(_check_unique),
]
Codes = Annotated[
    tuple[Code, ...],
    BeforeValidator(as_list, json_schema_input_type=Code | tuple[Code, ...]),
    AfterValidator(_check_unique),
]
FilePaths = Annotated[
    tuple[FilePath, ...],
    BeforeValidator(as_list, json_schema_input_type=FilePath | tuple[FilePath, ...]),
    AfterValidator(_check_unique),
    AfterValidator(_check_some),
]
Extent = Annotated[
    tuple[float, float, float, float], BeforeValidator(_check_four), AfterValidator(check_extent)
]
SomeIds = Annotated[Ids, AfterValidator(_check_some)]
SomeCodes = Annotated[Codes, AfterValidator(_check_some)]
Precision = Annotated[int, Field(ge=1, le=7)]
# the tags begin with "$" so that they can be told from keys in the path of an error
Context = Annotated[
    Annotated[Literal["neighbours", "none"], Tag("$word")]
    | Annotated[tuple[Code, ...], AfterValidator(_check_unique), Tag("$codes")],
    Discriminator(lambda value: "$word" if isinstance(value, str) else "$codes"),
]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in a file a value was read; all origins are equal, so that values compare by what they say."""

    document: Document | None = field(default=None, compare=False)
    path: tuple[str | int, ...] = field(default=(), compare=False)
    moved: dict[tuple[str | int, ...], tuple[str | int, ...]] = field(default_factory=dict, compare=False)

    def position(self, path: tuple[str | int, ...]) -> Position | None:
        """Return the position of the longest known part of a path, or None for a value made in Python."""
        if self.document is None:
            return None
        for length in range(len(path), 0, -1):
            if path[:length] in self.moved:
                path = self.moved[path[:length]] + path[length:]
                break
        return self.document.position(*self.path, *path)


_NOWHERE = Origin()


class Model(BaseModel):
    """What all of the words share: immutable, no unknown keys, a position where they are from a file."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)

    _origin: Origin = PrivateAttr(default_factory=lambda: _NOWHERE)

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, value: object) -> object:
        """Take a key without a value as not written; one that nobody knows stays, and is complained about."""
        if not isinstance(value, dict):
            return value
        known = cls.model_fields
        return {key: inside for key, inside in value.items() if inside is not None or key not in known}

    def position(self, *path: str | int) -> Position | None:
        """Return where a part of this value stands in its file.

        Parameters
        ----------
        *path : str or int
            Names and indexes inside this value, such as ``"where", 0``; without any, the value itself.

        Returns
        -------
        Position or None
            Of the longest part of the path that is in the file; None for a value that was made in Python.
        """
        return self._origin.position(path)

    def set_origin(self, origin: Origin) -> None:
        """Remember where this value was read; for readers of files."""
        self._origin = origin
