"""Write plain text so that Markdown, LaTeX and Typst show it as it is and take none of it as their own.

In: any text. Out: source text of one line. Whatever the text says, it opens nothing, closes nothing, and ends
no paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from mapgen.page import visible

# A direction that is set for one text must not reach the next; HTML isolates each text by itself.
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb]")
_ENDS = re.compile(r"[\s\u2028\u2029]+")
_ZERO = re.compile("[\u200b\u2060-\u2065\ufeff]")


def one_line(text: str) -> str:
    """Return text on one line, with control characters and changes of direction as visible signs."""
    shown = str(visible(_ENDS.sub(" ", text)))
    return _ZERO.sub("", _DIRECTIONS.sub(lambda match: f"\u27e8U+{ord(match[0]):04X}\u27e9", shown))


def escape_html(text: str) -> str:
    """Return text for HTML, between tags or in a quoted attribute."""
    return escape(one_line(text))


_MARKDOWN: Mapping[str, str] = {
    **{sign: f"\\{sign}" for sign in "\\`*_[]#!"},
    # Entities keep these from what reads the file before Markdown does.
    **{sign: f"&#{ord(sign)};" for sign in "<>&{}$@%^~|"},
}
_MARKDOWN_SIGN = re.compile("[" + re.escape("".join(_MARKDOWN)) + "]")
_MARKDOWN_RUN = re.compile(r"--+|\.\.\.|::+|==+|\+\++")
_MARKDOWN_START = re.compile(
    r"\s*(?:(?P<mark>[-+=:(])|(?:\d{1,9}|[A-Za-z]|[IVXLCDMivxlcdm]{1,12})(?P<after>[.)]))"
)
_ADDRESS = re.compile(r"(?i)(?<=[a-z])(?P<colon>:)(?=\S)|(?<=www)(?P<stop>\.)")


def escape_markdown(text: str, *, begins: bool = True) -> str:
    """Return text for Markdown: CommonMark, GitHub's, Pandoc's, Quarto's, MyST's, Python-Markdown's.

    It stays text in a line, in a heading, in code, and between the tags of HTML, but not inside a tag.

    Parameters
    ----------
    text : str
    begins : bool
        Whether it may stand at the beginning of a line.
    """
    made = _MARKDOWN_SIGN.sub(lambda match: _MARKDOWN[match[0]], one_line(text))
    made = _ADDRESS.sub(_coded, made)
    made = _MARKDOWN_RUN.sub(_coded, made)
    first = _MARKDOWN_START.match(made) if begins else None
    if first:  # would be a list, a heading or a rule
        at = first.start("mark" if first["mark"] else "after")
        return f"{made[:at]}&#{ord(made[at])};{made[at + 1 :]}"
    return made


def _coded(match: re.Match[str]) -> str:
    return "".join(f"&#{ord(sign)};" for sign in match[0])


_LATEX: Mapping[str, str] = {
    "\\": "\\textbackslash{}",
    "{": "\\{",
    "}": "\\}",
    "$": "\\$",
    "&": "\\&",
    "#": "\\#",
    "%": "\\%",
    "_": "\\_",
    "^": "\\textasciicircum{}",
    "~": "\\textasciitilde{}",
    "<": "\\textless{}",
    ">": "\\textgreater{}",
    "|": "\\textbar{}",
    '"': "\\textquotedbl{}",
    "'": "\\textquotesingle{}",
    "`": "\\textasciigrave{}",
    # Two of them would become a dash, and brackets could be taken for an argument.
    "-": "-{}",
    "[": "{[}",
    "]": "{]}",
    "?": "?{}",
    "!": "!{}",
    ",": ",{}",
}
_LATEX_SIGN = re.compile("[" + re.escape("".join(_LATEX)) + "]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc](?:[\u0590-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc\u200c\u200d ]*"
    "[\u0590-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc])?"
)


def escape_latex(text: str) -> str:
    r"""Return text for LaTeX; what runs from right to left stands in ``\righttoleft{...}``."""
    made = _LATEX_SIGN.sub(lambda match: _LATEX[match[0]], one_line(text))
    return _RIGHT_TO_LEFT.sub(lambda match: f"\\righttoleft{{{match[0]}}}", made)


def escape_typst(text: str) -> str:
    """Return text as a string of Typst, to be put into ``#text(...)``, where it is never markup."""
    made = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{made}"'
