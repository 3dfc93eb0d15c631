"""Render a laid out picture as SVG, which the other formats are made from.

In: a sheet, its styles and fonts, and what is to be said of it. Out: SVG as text, with the letters that it
uses and nothing that it would have to ask for.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import cache
from typing import Any

import jinja2

from mapgen.page import Page, visible
from mapgen.picture.fonts import Face, Fonts, cut_font
from mapgen.picture.room import Box
from mapgen.picture.sheetwork import Sheet, runs
from mapgen.picture.styles import Styles
from mapgen.picture.typeset import Line
from mapgen.templating import make_environment


def render_svg(
    sheet: Sheet, *, styles: Styles, fonts: Fonts, language: str, alt: str, description: str
) -> str:
    """Return a picture as SVG.

    Parameters
    ----------
    sheet : Sheet
    styles : Styles
    fonts : Fonts
    language : str
        Its tag.
    alt, description : str
        What the picture is, in short and in full.

    Returns
    -------
    str
        A whole SVG document that requests nothing.
    """
    left, top, right, bottom = _seen(sheet)
    rendered = (
        _environment()
        .get_template("picture.svg.jinja2")
        .render(
            sheet=sheet,
            runs=lambda lines: runs(lines, fonts, styles),
            language=language,
            alt=alt,
            description=description,
            faces=[_face(face, text) for face, text in letters_in_use(sheet.lines(), fonts)],
            hatch=styles.of(".hatch-disputed"),
            paper=styles.colour("paper"),
            rule=styles.colour("rule"),
            map={
                "x": _short(left),
                "y": _short(top),
                "width": _short(right - left),
                "height": _short(bottom - top),
            },
            mat=_mat(sheet),
        )
    )
    return rendered.strip() + "\n"


def _seen(sheet: Sheet) -> Box:
    """Return what is seen of the map, from the corner of its box: nothing beyond what is drawn."""
    x0, y0, x1, y1 = sheet.map.drawn
    return max(0.0, x0), max(0.0, y0), min(sheet.view.width, x1), min(sheet.view.height, y1)


def _mat(sheet: Sheet) -> str:
    """Return the path of all of the sheet but the map, from the corner of its box."""
    left, top, right, bottom = map(_short, _seen(sheet))
    x, y = -sheet.box[0] - 1, -sheet.box[1] - 1
    outer = f"M{_short(x)} {_short(y)}h{sheet.width + 2}v{sheet.height + 2}h{-sheet.width - 2}z"
    return f"{outer}M{left} {top}H{right}V{bottom}H{left}z"


def letters_in_use(lines: Iterable[Line], fonts: Fonts) -> list[tuple[Face, str]]:
    """Return the fonts in use with the letters that are wanted of each."""
    wanted: dict[Face, set[str]] = {}
    for line in lines:
        for face, run in fonts.runs(line.text, line.letters):
            wanted.setdefault(face, set()).update(run)
    found = [(face, "".join(sorted(letters))) for face, letters in wanted.items()]
    return sorted(found, key=lambda each: (each[0].family, each[0].weight, each[0].italic))


def describe(page: Page) -> tuple[str, str]:
    """Return what a picture shows: in short, and with all its claims and what the footer says.

    Parameters
    ----------
    page : Page

    Returns
    -------
    alt, description : str
    """
    alt = _one_line(". ".join(filter(None, [page.title.rstrip("."), page.lead])))
    titles = "; ".join(layer.title for layer in page.layers)
    claims = [
        f"{claim.number}. {claim.claim}"
        + (f" ({who})" if (who := claim.speaker_name or claim.speaker_role) else "")
        for claim in page.claims
    ]
    foot = page.footer
    footer = " ".join(filter(None, [foot.worldview, foot.dataset, foot.as_of, foot.projection]))
    return alt, "\n".join(map(_one_line, filter(None, [titles, *claims, footer])))


def _one_line(text: str) -> str:
    return " ".join(str(visible(text)).split())


def _face(face: Face, text: str) -> dict[str, Any]:
    """Return a font as a style sheet takes it: cut down, as base64."""
    data = base64.b64encode(cut_font(face, text)).decode("ascii")
    return {"family": face.family, "weight": face.weight, "italic": face.italic, "data": data}


@cache
def _environment() -> jinja2.Environment:
    environment = make_environment(visible)
    environment.filters["short"] = _short
    return environment


def _short(number: float) -> str:
    """Write a number of pixels to a hundredth, as short as it goes."""
    return f"{round(number, 2) + 0.0:g}" if abs(number) < 10_000 else f"{number:.0f}"
