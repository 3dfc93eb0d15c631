"""Set text in lines: where lines break, what is too long, and which way a text reads.

In: a text, how it is set, and a width in pixels. Out: lines of text. Where they stand in the picture is the
work of `sheetwork` and `names`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from mapgen.page import visible
from mapgen.picture.fonts import Fonts, Letters

ELLIPSIS = "…"

DROP = 0.36
"""From the middle of capital letters down to their base line, as a share of their size."""

LONGEST = 4000
"""Characters of a text that are looked at, at most: more have no room in a picture."""

ISOLATE, END_ISOLATE = "\u2067", "\u2069"
"""Between them a line reads from right to left, in programs that take each line as one from left to right."""

_BREAKS = re.compile(r"(?<=[\s\u200b])|(?<=[-\u2010\u2013\u2014/])(?=\w)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text where it stands.

    Attributes
    ----------
    x, y : float
        Where it begins, or ends or has its middle, on its base line, in pixels.
    text : str
    letters : Letters
    colour : str
        Name of a colour of the palette.
    anchor : {"start", "middle", "end"}
        What of the line stands at `x`, from left to right.
    kind : str
        ``""``, ``halo`` for a label on the map, ``struck`` for what was retracted.
    """

    x: float
    y: float
    text: str
    letters: Letters
    colour: str = "ink"
    anchor: str = "start"
    kind: str = ""


def reads_leftwards(text: str) -> bool:
    """Tell whether a text reads from right to left: by its first letter that has a direction."""
    for each in text[:LONGEST]:
        direction = unicodedata.bidirectional(each)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def plain(text: str) -> str:
    """Return a text as one line: white space single, controls visible, no more of it than can be shown."""
    return " ".join(str(visible(text[:LONGEST])).split())


def isolate(text: str, leftwards: bool | None = None) -> str:
    """Return a line that reads in its own direction wherever it stands."""
    if leftwards is None:
        leftwards = reads_leftwards(text)
    return f"{ISOLATE}{text}{END_ISOLATE}" if leftwards else text


def break_lines(fonts: Fonts, text: str, letters: Letters, width: float, *, most: int = 1000) -> list[str]:
    """Break a text into lines.

    Parameters
    ----------
    fonts : Fonts
    text : str
    letters : Letters
    width : float
        Of the lines, in pixels.
    most : int
        Number of lines; the last one ends with an ellipsis if there is more.

    Returns
    -------
    list of str
        At least one if the text is not empty.
    """
    lines: list[str] = []
    line = ""
    pieces = [piece for piece in _BREAKS.split(plain(text)) if piece]
    while pieces:
        piece = pieces.pop(0)
        if fonts.width((line + piece).rstrip(), letters) <= width:
            line += piece
        elif line:
            lines.append(line.rstrip())
            line = ""
            pieces.insert(0, piece)
        else:
            # A word that is wider than a line is broken anywhere.
            cut = _fitting(fonts, piece, letters, width)
            lines.append(piece[:cut])
            pieces[:0] = [piece[cut:]] if piece[cut:] else []
        if len(lines) > most:
            break
    if line:
        lines.append(line.rstrip())
    if len(lines) <= most:
        return lines
    rest = f"{lines[most - 1]} {lines[most]}"
    return [*lines[: most - 1], shorten(fonts, rest, letters, width, always=True)]


def balance_lines(fonts: Fonts, text: str, letters: Letters, width: float, *, most: int = 1000) -> list[str]:
    """Break a text into as few lines as it needs, of about the same length; see `break_lines`."""
    lines = break_lines(fonts, text, letters, width, most=most)
    if not 1 < len(lines) <= most or lines[-1].endswith(ELLIPSIS):
        return lines
    low, high = width / 2, width
    while high - low > 4:
        middle = (low + high) / 2
        fits = len(break_lines(fonts, text, letters, middle, most=most + 1)) <= len(lines)
        low, high = (low, middle) if fits else (middle, high)
    return break_lines(fonts, text, letters, high, most=most)


def shorten(fonts: Fonts, text: str, letters: Letters, width: float, *, always: bool = False) -> str:
    """Return a text that fits into a width, with an ellipsis if something is left out.

    Parameters
    ----------
    fonts : Fonts
    text : str
    letters : Letters
    width : float
        In pixels.
    always : bool
        Whether more follows that is left out too.
    """
    text = plain(text)
    if not always and fonts.width(text, letters) <= width:
        return text
    cut = _fitting(fonts, text, letters, width - fonts.width(ELLIPSIS, letters))
    return text[:cut].rstrip(" ,;:") + ELLIPSIS


def _fitting(fonts: Fonts, text: str, letters: Letters, width: float) -> int:
    """Return how many characters of a text fit into a width, one at least."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fonts.width(text[:middle], letters) <= width else (low, middle - 1)
    return low
