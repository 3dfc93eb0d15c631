"""Make a PDF of a picture: vectors, with embedded fonts, and text that can be selected and found.

In: SVG, fonts and texts. Out: the bytes of a PDF of one page, tagged, with a title, its language and a
description for those who cannot see it. typst draws it, which brings its own reader of SVG. The same picture
gives the same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from mapgen.errors import MissingExtraError

POINTS = 0.75
"""Points in a pixel of 1/96 inch."""

PAGE = Path(__file__).parent.parent / "templates" / "picture.typ"

ACCESSIBLE: Literal["ua-1"] = "ua-1"
"""PDF/UA, for readers that speak: typst refuses what would not fit it."""


def render_pdf(
    svg: str, size: tuple[int, int], *, fonts: Iterable[Path], title: str, alt: str, language: str
) -> bytes:
    """Return a picture as PDF.

    Parameters
    ----------
    svg : str
    size : (int, int)
        Its width and height in pixels of 1/96 inch.
    fonts : iterable of Path
        Font files: no others are looked at.
    title, alt, language : str
        Of the document.

    Raises
    ------
    MissingExtraError
        If typst is not installed.
    """
    try:
        import typst
    except ImportError as error:
        raise MissingExtraError("pdf", "typst") from error
    told = {"svg": svg, "title": title, "alt": alt, "language": language.lower().split("-")[0]}
    told |= {"width": f"{size[0] * POINTS:g}", "height": f"{size[1] * POINTS:g}"}
    with tempfile.TemporaryDirectory() as folder:
        for path in fonts:
            (Path(folder) / path.name).symlink_to(path.resolve())
        known = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])

        def compiled(*, accessible: bool) -> bytes:
            made: bytes = typst.compile(
                PAGE.read_bytes(),
                font_paths=known,
                ignore_system_fonts=True,
                format="pdf",
                sys_inputs=told,
                pdf_standards=[ACCESSIBLE] if accessible else [],
                timestamp=0,
            )
            return made

        try:
            return compiled(accessible=True)
        except typst.TypstError:
            # A text with letters that no font has cannot be read out: it is shown without that claim.
            return compiled(accessible=False)
