"""Where one claim is drawn: the forms that a location can have, and whether it is written as one.

In: what files or Python say. Out: immutable locations that have been checked by themselves; whether a code or
a place exists is the work of ``places``.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal, get_args

from pydantic import model_validator

from mapgen.errors import quoted
from mapgen.fields import CODE_PATTERN, Model, OptionalText, Precision, check_path

LocationKind = Literal["border", "route", "relation", "territory", "place", "point", "area"]
LOCATION_KINDS: tuple[LocationKind, ...] = get_args(LocationKind)


class Location(Model):
    """Where one claim is drawn.

    Attributes
    ----------
    kind : str
        One of `LOCATION_KINDS`.
    value : str or tuple
        A border is a pair of codes, a route two or more waypoints, a relation a pair of ends, a territory its
        code, a place its name, a point ``(longitude, latitude)`` in degrees (EPSG:4326), an area the path of
        a GeoJSON file. A waypoint or an end is a territory code, a place name (``"Termez, UZB"``) or such a
        path.
    precision : int or None
        How exact it is, by UCDP's scale of 1 to 7; without it, the annotation's ``where_precision``.
    label : str or None
        What the list and the page call it, instead of its own name.
    """

    kind: LocationKind
    value: str | tuple[float, ...] | tuple[str, ...]
    precision: Precision | None = None
    label: OptionalText = None

    @model_validator(mode="after")
    def _fits_kind(self) -> Location:
        check = {"point": _check_point, "area": _check_area, "territory": _check_name, "place": _check_name}
        check.get(self.kind, _check_ends)(self.kind, self.value)
        return self


def _check_name(kind: str, value: object) -> None:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"expected one {kind} as text.")
    if kind == "territory" and not is_code(value):
        raise ValueError(f"{quoted(value)} is not a territory code. Expected a code such as AFG.")


def _check_area(kind: str, value: object) -> None:
    if not isinstance(value, str) or not is_area(value):
        raise ValueError(
            f"expected an {kind} as the path of a GeoJSON file, such as data/areas/caucasus.geojson."
        )
    check_path(value)


def _check_point(kind: str, value: object) -> None:
    numbers = value if isinstance(value, tuple) and len(value) == 2 else ()
    if not numbers or not all(isinstance(number, float) for number in numbers):
        raise ValueError(f"expected a {kind} as [longitude, latitude] in degrees.")
    longitude, latitude = numbers
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        expected = "Expected [longitude, latitude] in degrees, -180 to 180 and -90 to 90."
        turned = abs(longitude) <= 90 and abs(latitude) <= 180
        hint = f" Did you mean [{latitude:g}, {longitude:g}]?" if turned else ""
        raise ValueError(f"[{longitude:g}, {latitude:g}] is not on the globe. {expected}{hint}")


def _check_ends(kind: str, value: object) -> None:
    ends = value if isinstance(value, tuple) else ()
    names = [end for end in ends if isinstance(end, str) and end.strip()]
    enough = len(names) >= 2 if kind == "route" else len(names) == 2
    if not enough or len(names) != len(ends):
        example = {"border": "AFG-TJK", "route": "[AFG, TJK, UZB]", "relation": "[RUS, AFG]"}[kind]
        count = "two or more waypoints" if kind == "route" else "two ends"
        raise ValueError(f"expected a {kind} with {count}, such as {example}.")
    for left, right in pairwise(names):
        if left == right:
            raise ValueError(f"{quoted(left)} is followed by itself. Write two different ends.")
    for name in names:
        if kind == "border" and not is_code(name):
            raise ValueError(f"{quoted(name)} is not a territory code. Expected two codes, such as AFG-TJK.")
        if kind != "border" and is_area(name):
            check_path(name)


def is_area(text: str) -> bool:
    """Tell whether a waypoint, an end or an area is the path of a GeoJSON file."""
    return text.lower().endswith((".geojson", ".json"))


def is_code(text: str) -> bool:
    """Tell whether a text has the form of a territory code; the boundary data knows whether it is one."""
    return re.fullmatch(CODE_PATTERN, text) is not None and not text.endswith("\n")
