"""How the pages of a project look: the colours and the letters that a publisher gives.

In: the ``theme`` of the project file. Out: the values of the style sheet's custom properties, as one block of
style that holds nothing but checked colours and quoted names; and how well its colours can be told apart. The
style sheet itself stays the same for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mapgen.errors import quoted
from mapgen.fields import Model, as_list

TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0
"""What WCAG 2.2 asks for: of text, and of marks and lines that carry a meaning."""

FONT_PATTERN = r"^[A-Za-z0-9](?:[A-Za-z0-9 _-]{0,62}[A-Za-z0-9])?$"


def _check_colour(value: str) -> str:
    if re.fullmatch("#[0-9A-Fa-f]{3}|#[0-9A-Fa-f]{6}", value):
        return value.lower()
    raise ValueError(f"{quoted(value)} is not a colour. Write it as # and six digits, such as '#b5400c'.")


def _check_fonts(value: tuple[str, ...]) -> tuple[str, ...]:
    for name in value:
        if not re.fullmatch(FONT_PATTERN, name) or name.endswith("\n"):
            expected = "Write its family name in letters, digits, blanks and '-', such as Source Serif"
            raise ValueError(f"{quoted(name)} is not the name of a font. {expected}.")
    return value


Colour = Annotated[str, AfterValidator(_check_colour)]
Fonts = Annotated[
    tuple[str, ...],
    BeforeValidator(as_list, json_schema_input_type=str | tuple[str, ...]),
    AfterValidator(_check_fonts),
    Field(max_length=8),
]


class Palette(Model):
    """Colours of a page, each as ``#rrggbb``; those that are left out keep the style sheet's own."""

    paper: Colour | None = Field(default=None, description="Ground of the page.")
    panel: Colour | None = Field(default=None, description="Ground of the list and the controls.")
    text: Colour | None = Field(default=None, description="Text and strong lines.")
    quiet: Colour | None = Field(default=None, description="Text of less weight: dates, roles, the footer.")
    rule: Colour | None = Field(default=None, description="Lines between parts of the page.")
    link: Colour | None = Field(default=None, description="Links, and the ring around what has the focus.")
    sea: Colour | None = Field(default=None, description="Water.")
    land: Colour | None = Field(default=None, description="Land that the map is not about.")
    territory: Colour | None = Field(default=None, description="The project's own territories.")
    layers: Annotated[tuple[Colour, ...], Field(max_length=5)] = Field(
        default=(), description="Colours of the layers, in their order; after the fifth they begin anew."
    )


class Theme(Model):
    """How the pages look."""

    scheme: Literal["light", "dark", "auto"] = Field(
        default="auto", description="Light, dark, or as the reader's device is set."
    )
    light: Palette = Field(default=Palette(), description="Your own colours on a light ground.")
    dark: Palette = Field(default=Palette(), description="Your own colours on a dark ground.")
    font: Fonts = Field(default=(), description="Families for the text, best first; the reader's own fonts.")
    headings: Fonts = Field(default=(), description="Families for headings and quotations, best first.")

    @model_validator(mode="before")
    @classmethod
    def _named_scheme(cls, value: object) -> object:
        """Take ``theme: dark`` as a theme of which nothing else is said."""
        return {"scheme": value} if isinstance(value, str) else value


PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "paper": ("paper",),
    "panel": ("raised",),
    "text": ("ink", "name", "city"),
    "quiet": ("soft", "name-near"),
    "rule": ("rule",),
    "link": ("link", "focus-ring"),
    "sea": ("sea",),
    "land": ("near", "land"),
    "territory": ("own",),
}
"""The style sheet's custom properties for each colour of a palette."""

GROUNDS: Mapping[str, tuple[str, ...]] = {
    "text": ("paper", "panel", "territory"),
    "quiet": ("paper", "panel", "land"),
    "link": ("paper", "panel"),
}
"""What the text of each colour stands on."""

OWN: Mapping[str, Mapping[str, str]] = {
    "light": {
        "paper": "#fcfbf8",
        "panel": "#ffffff",
        "text": "#1f1e1b",
        "quiet": "#5e5a52",
        "link": "#0b5394",
        "sea": "#dbe5e9",
        "land": "#eeeae1",
        "territory": "#e0d8c8",
        "layers": "#b5400c #0b62a6 #00725a #a34a8d #3b3b3b",
    },
    "dark": {
        "paper": "#17191b",
        "panel": "#1f2225",
        "text": "#ebe8e1",
        "quiet": "#aaa69d",
        "link": "#8fc1ee",
        "sea": "#131c22",
        "land": "#2a2d2e",
        "territory": "#3d3d39",
        "layers": "#f0894f #6db3ec #3fc29c #dc94c8 #dcdcdc",
    },
}
"""The style sheet's own colours, for comparison; a test holds them to the style sheet."""


@dataclass(frozen=True, slots=True)
class PoorContrast:
    """Two colours of a theme that are too alike.

    Attributes
    ----------
    scheme : str
        ``light`` or ``dark``.
    colour, ground : str
        Their keys in the palette, ``layers`` with the number of the layer.
    ratio, wanted : float
        Their contrast, 1 to 21, and what it should be at least.
    """

    scheme: str
    colour: str
    ground: str
    ratio: float
    wanted: float


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2.2 measures it.

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def find_poor_contrasts(theme: Theme) -> Iterator[PoorContrast]:
    """Find colours of a theme that readers cannot tell well from what they stand on.

    Only pairs are looked at that the theme changes; the style sheet's own colours are held by its tests.
    """
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        if theme.scheme not in (scheme, "auto"):
            continue
        palette: Palette = getattr(theme, scheme)
        given = {name: getattr(palette, name) for name in PROPERTIES}
        colours = {**OWN[scheme], **{name: value for name, value in given.items() if value}}
        layers = [*palette.layers, *OWN[scheme]["layers"].split()[len(palette.layers) :]]
        changed = {name for name, value in given.items() if value}
        for name, ground in ((name, ground) for name, grounds in GROUNDS.items() for ground in grounds):
            ratio = contrast(colours[name], colours[ground])
            if {name, ground} & changed and ratio < TEXT_CONTRAST:
                yield PoorContrast(scheme, name, ground, ratio, TEXT_CONTRAST)
        for number, layer in enumerate(layers):
            for ground in ("panel", "land", "territory", "sea"):
                ratio = contrast(layer, colours[ground])
                if (ground in changed or number < len(palette.layers)) and ratio < MARK_CONTRAST:
                    yield PoorContrast(scheme, f"layers[{number}]", ground, ratio, MARK_CONTRAST)


def style_of(theme: Theme, script: str = "") -> str:
    """Return a theme as a block of style; empty if it changes nothing.

    It holds custom properties only, and in them nothing but checked colours and names in quotation marks.

    Parameters
    ----------
    theme : Theme
    script : str
        Family of the font that a page carries for a script, "" for none.
    """
    rules = []
    if theme.scheme != "auto":
        rules.append(f":root{{color-scheme:{theme.scheme}}}")
    rules.append(_rule([*_fonts("sans", theme.font, script), *_fonts("serif", theme.headings, script)]))
    light, dark = (_screen(theme, scheme) for scheme in ("light", "dark"))
    if light:
        rules.append(_rule(_colours(theme.light), light))
        # On paper the ground is white, whatever it is on the screen; the layers keep their colours.
        rules.append(_rule(_layers(theme.light), f"print,{light}"))
    if dark:
        rules.append(_rule([*_colours(theme.dark), *_layers(theme.dark)], dark))
    return "".join(rules)


def _screen(theme: Theme, scheme: str) -> str:
    """Return the medium that one scheme of a theme is for, "" if it is never used."""
    if theme.scheme == "auto":
        return f"screen and (prefers-color-scheme:{scheme})"
    return "screen" if theme.scheme == scheme else ""


def _rule(properties: Iterable[str], medium: str = "") -> str:
    rule = f":root{{{';'.join(properties)}}}"
    if rule == ":root{}":
        return ""
    return f"@media {medium}{{{rule}}}" if medium else rule


def _fonts(name: str, families: tuple[str, ...], script: str) -> Iterator[str]:
    named = [*families, *filter(None, [script])]
    if named:
        own = ",".join(f'"{family}"' for family in named)
        yield f"--{name}:{own},var(--own-{name})"


def _colours(palette: Palette) -> Iterator[str]:
    for name, properties in PROPERTIES.items():
        if colour := getattr(palette, name):
            yield from (f"--{own}:{colour}" for own in properties)


def _layers(palette: Palette) -> Iterator[str]:
    for number, colour in enumerate(palette.layers):
        yield f"--hue-{number}:{colour}"
        yield f"--on-{number}:{max(('#ffffff', '#131415'), key=lambda ink: contrast(ink, colour))}"


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
