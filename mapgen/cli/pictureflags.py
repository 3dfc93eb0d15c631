"""The options of the command line that ask for a picture, and what is made of them.

In: what was typed. Out: the bytes of a picture, and what is to be told of it. What a picture can be asked to
be is known to `picture.options`, which is loaded when a picture is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mapgen.errors import UsageError

if TYPE_CHECKING:
    from mapgen.loading import LoadedProject
    from mapgen.picture import PictureOptions

PICTURES = ("svg", "png", "pdf")
"""Formats that are pictures."""

FLAGS = (
    click.option("--map", "name", help="Picture: of which map [default: the first]."),
    click.option("--width", metavar="LENGTH", help="Picture: such as 1200 (pixels), 297mm, 8.5in."),
    click.option("--height", metavar="LENGTH", help="Picture: [default: as high as it needs to be]."),
    click.option("--paper", metavar="NAME", help="Picture: a3, a4, a5, or a4-portrait, instead of both."),
    click.option("--dpi", type=float, help="PNG: dots per inch, 300 for print [default: 192]."),
    click.option("--layers", metavar="NAMES", help="Picture: only these layers, with commas between."),
    click.option("--extent", metavar="W,S,E,N", help="Picture: what it shows, in degrees."),
    click.option("--language", metavar="TAG", help="Picture: of names and words, such as fa."),
    click.option("--theme", help="Picture: light or dark [default: as the project's]."),
    click.option("--grey", is_flag=True, help="Picture: for printing in black only."),
    click.option("--notes", is_flag=True, help="Picture: the claims stand below the map."),
    click.option("--no-title", is_flag=True, help="Picture: title and lead stand elsewhere."),
    click.option(
        "--font",
        "fonts",
        multiple=True,
        type=click.Path(path_type=Path),
        help="Picture: a font file for letters that mapgen's own lack; can be repeated.",
    ),
)


def picture_flags(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of pictures to a command."""
    return reduce(lambda made, add: add(made), reversed(FLAGS), command)


def refuse_flags(form: str, flags: dict[str, Any]) -> None:
    """Raise a `UsageError` if options of pictures were given for a format that is none."""
    given = [
        f"--{'font' if name == 'fonts' else 'map' if name == 'name' else name}" for name in _given(flags)
    ]
    if given:
        asked = ", ".join(each.replace("_", "-") for each in given)
        raise UsageError(f"{asked}: only for pictures ({', '.join(PICTURES)}), not for {form}.")


@dataclass(frozen=True)
class Made:
    """A picture as a file: its bytes, and remarks on it for its maker."""

    content: bytes
    remarks: tuple[str, ...]


def make(loaded: LoadedProject, form: str, flags: dict[str, Any], tell: Callable[[str], None]) -> Made:
    """Make the picture that was asked for.

    Parameters
    ----------
    loaded : LoadedProject
    form : {"svg", "png", "pdf"}
    flags : dict
        As click gives them.
    tell : callable
        Told what begins.
    """
    from mapgen.picture import make_picture

    if flags["dpi"] is not None and form != "png":
        raise UsageError(f"--dpi: only for png; a {form} has no dots.")
    picture = make_picture(loaded, flags["name"], options=_options(flags), progress=tell)
    remarks: tuple[str, ...] = ()
    if picture.missing:
        letters = ", ".join(f"{each} (U+{ord(each):04X})" for each in picture.missing[:8])
        remarks = (f"no font has {letters}: shown as boxes; name a font file that has them: --font FILE",)
    if form == "svg":
        return Made(picture.svg.encode("utf-8"), remarks)
    if form == "pdf":
        return Made(picture.pdf(), remarks)
    return Made(picture.png(**({"dpi": flags["dpi"]} if flags["dpi"] is not None else {})), remarks)


def _options(flags: dict[str, Any]) -> PictureOptions:
    from mapgen.picture.options import PictureOptions, read_extent, read_length, read_paper

    own: dict[str, Any] = {"grey": flags["grey"], "notes": flags["notes"], "title": not flags["no_title"]}
    own["fonts"] = flags["fonts"]
    if flags["paper"] is not None:
        if flags["width"] is not None or flags["height"] is not None:
            raise UsageError("--paper: gives width and height; leave out --width and --height.")
        own["width"], own["height"] = read_paper(flags["paper"])
    own |= {side: read_length(flags[side]) for side in ("width", "height") if flags[side] is not None}
    own |= {key: flags[key] for key in ("language", "theme") if flags[key] is not None}
    if flags["layers"] is not None:
        own["layers"] = tuple(filter(None, map(str.strip, flags["layers"].split(","))))
    if flags["extent"] is not None:
        own["extent"] = read_extent(flags["extent"])
    return PictureOptions(**own)


def _given(flags: dict[str, Any]) -> Iterable[str]:
    return (name for name, value in flags.items() if value)
