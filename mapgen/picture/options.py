"""What a picture is asked to be: its size, what it shows, and how it looks.

In: values as a command line or a report gives them. Out: checked options, or a `UsageError` that says what
was expected. Which maps and layers there are is known to those who have the project.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from mapgen.errors import UsageError, quoted, suggest
from mapgen.picture.styles import THEMES
from mapgen.projection import Extent

WIDTH, HEIGHT = 1200, 800
NOTES_MAP = 0.6
"""Height of the map as a share of its width where the picture is as high as its notes need."""

SMALLEST, LARGEST = 240, 8000
"""Pixels that a side of a picture may have."""

PIXELS = {"px": 1.0, "": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "pt": 96 / 72}

PAPERS = {
    "a3": (420, 297),
    "a4": (297, 210),
    "a5": (210, 148),
}
"""Sizes of paper across, in millimetres."""

_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(px|in|cm|mm|pt|)")


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureOptions:
    """What a picture is asked to be.

    Attributes
    ----------
    width : int
        In pixels of 1/96 inch.
    height : int or None
        None for as high as it needs to be.
    layers : tuple of str
        Names of the layers to show; all of the map's without any.
    extent : (west, south, east, north) or None
        What to show, in degrees; what the map opens on without.
    language : str or None
        Of names and words; the project's without.
    theme : {"light", "dark"} or None
        The project's own without; light where that leaves it to the reader's device.
    grey : bool
        Whether it is for printing in black only.
    notes : bool
        Whether the claims stand below the map.
    title : bool
        Whether title and lead stand above it. The footer always stands.
    fonts : tuple of Path
        Font files for letters that those of mapgen lack.
    """

    width: int = WIDTH
    height: int | None = None
    layers: tuple[str, ...] = ()
    extent: Extent | None = None
    language: str | None = None
    theme: str | None = None
    grey: bool = False
    notes: bool = False
    title: bool = True
    fonts: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        """Check what can be checked without a project."""
        for side, pixels in (("width", self.width), ("height", self.height)):
            if pixels is not None and not SMALLEST <= pixels <= LARGEST:
                raise UsageError(f"{side}: {pixels} pixels. Expected from {SMALLEST} to {LARGEST}.")
        if self.theme is not None and self.theme not in THEMES:
            known = ", ".join(THEMES)
            raise UsageError(f"no theme {quoted(self.theme)}: expected {known}.{suggest(self.theme, THEMES)}")
        if self.extent is not None:
            check_extent(self.extent)


def read_length(text: str) -> int:
    """Return a length in pixels.

    Parameters
    ----------
    text : str
        Such as ``1200``, ``1200px``, ``297mm``, ``21cm``, ``8.5in``.

    Raises
    ------
    UsageError
        If it is none.
    """
    found = _LENGTH.fullmatch(text.strip().lower())
    if found is None:
        raise UsageError(f"{quoted(text)} is not a length. Expected one such as 1200, 297mm, 21cm, 8.5in.")
    return round(float(found[1]) * PIXELS[found[2]])


def read_paper(text: str) -> tuple[int, int]:
    """Return the width and height of a sheet of paper in pixels: ``a4``, or ``a4-portrait``.

    Raises
    ------
    UsageError
        If there is no such paper.
    """
    name, _, turned = text.strip().lower().partition("-")
    if name not in PAPERS or turned not in ("", "portrait", "landscape"):
        known = [*PAPERS, *(f"{paper}-portrait" for paper in PAPERS)]
        raise UsageError(
            f"no paper {quoted(text)}: expected one of {', '.join(known)}.{suggest(text, known)}"
        )
    across, down = (round(side * PIXELS["mm"]) for side in PAPERS[name])
    return (down, across) if turned == "portrait" else (across, down)


def read_extent(text: str) -> Extent:
    """Return an extent in degrees.

    Parameters
    ----------
    text : str
        ``west,south,east,north``.

    Raises
    ------
    UsageError
        If it is none.
    """
    try:
        west, south, east, north = (float(edge) for edge in text.split(","))
    except ValueError:
        raise UsageError(
            f"{quoted(text)} is not an extent. Expected west,south,east,north, as 60,30,80,45"
        ) from None
    check_extent((west, south, east, north))
    return west, south, east, north


def check_extent(extent: Extent) -> None:
    """Raise a `UsageError` for an extent that is not on the globe, or has no area."""
    west, south, east, north = extent
    if not (-180 <= west < east <= 360 and east - west <= 360 and -90 <= south < north <= 90):
        given = ",".join(f"{edge:g}" for edge in extent)
        raise UsageError(
            f"the extent {given} is none. Expected west,south,east,north in degrees, west < east"
        )
