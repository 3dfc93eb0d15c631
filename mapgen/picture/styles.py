"""Read how things look from the page's own style sheet: pictures and pages share one set of values.

In: ``assets/page.css``, ``assets/dark.css``, and the project's own palette. Out: colours and the properties
of lines and areas, as SVG writes them. Which rule holds for what is said where it is drawn; what the page
does by pointer or on paper is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from mapgen.themes import PROPERTIES as PROPERTIES_OF
from mapgen.themes import Palette, contrast

ASSETS = Path(__file__).parent.parent / "assets"

HUES = 5
"""Layers take turns at this many hues, as on the page."""

THEMES = ("light", "dark")

PROPERTIES = (
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-opacity",
    "fill-opacity",
    "opacity",
)
"""Properties of the style sheet that are attributes of SVG too."""

INKS = ("#ffffff", "#131415")
"""What is written on a layer's hue, whichever is read better."""

Properties = Mapping[str, str]

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_VARIABLE = re.compile(r"var\((--[a-z0-9-]+)(?:,\s*([^()]*(?:\([^()]*\))?))?\)")
_COLOUR = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_MIXED = re.compile(r"rgb\((\d+) (\d+) (\d+) / (\d+)%\)")


@dataclass(frozen=True)
class Styles:
    """The style of one picture.

    Attributes
    ----------
    theme : {"light", "dark"}
    grey : bool
        Whether colours become greys of the same lightness.
    own : Palette
        The project's own colours; the style sheet's where it has none.
    """

    theme: str = "light"
    grey: bool = False
    own: Palette = field(default_factory=Palette)

    def colour(self, name: str) -> str:
        """Return a colour of the palette, such as ``ink``, or ``on-2`` for what is written on a hue."""
        fallback = ", var(--on)" if name.startswith("on-") else ""
        return self._colour(self._resolve(f"var(--{name}{fallback})", {}))

    def of(self, *selectors: str, layer: int | None = None) -> dict[str, str]:
        """Return the attributes that the rules of some selectors give, later ones over earlier ones.

        Parameters
        ----------
        *selectors : str
            As they stand in the style sheet, with the same spaces.
        layer : int, optional
            Whose hue and dash pattern hold.

        Raises
        ------
        KeyError
            If the style sheet has no such rule: it has changed, and so must the picture.
        """
        own = dict(_rules()[f".layer-{layer % HUES}"]) if layer is not None else {}
        found: dict[str, str] = {}
        for selector in selectors:
            found |= {key: value for key, value in _rules()[selector].items() if key in PROPERTIES}
        resolved = {key: self._value(value, own) for key, value in found.items()}
        return dict(each for item in resolved.items() for each in _attributes(*item))

    def hue(self, layer: int) -> str:
        """Return a layer's colour."""
        return self._colour(self._resolve("var(--hue)", dict(_rules()[f".layer-{layer % HUES}"])))

    def mix(self, one: str, other: str, share: float) -> str:
        """Return the colour that a share of one and the rest of another make, both ``#rrggbb``."""
        pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
        return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)

    def number(self, selector: str, key: str) -> float:
        """Return a length of a rule in pixels, or in em."""
        found = re.match(r"-?[\d.]+", _rules()[selector][key])
        if found is None:
            raise KeyError(f"{selector}: {key}")
        return float(found[0])

    def _value(self, text: str, own: Properties) -> str:
        resolved = self._resolve(text.removesuffix("!important").strip(), own)
        return self._colour(resolved) if resolved.startswith(("#", "rgb")) else resolved

    def _resolve(self, text: str, own: Properties) -> str:
        dark = _roots("dark.css") if self.theme == "dark" else {}
        palette = {**_roots("page.css"), **dark, **_given(self.own), **own}

        def replace(found: re.Match[str]) -> str:
            value = palette.get(found[1], found[2])
            if value is None:
                raise KeyError(found[1])
            return str(value)

        while "var(" in text:
            text = _VARIABLE.sub(replace, text)
        return text

    def _colour(self, text: str) -> str:
        """Return ``#rrggbb``, or that with an opacity in per cent after a slash."""
        opacity = ""
        if mixed := _MIXED.fullmatch(text):
            parts, opacity = [int(mixed[i]) for i in (1, 2, 3)], f"/{mixed[4]}"
        elif plain := _COLOUR.fullmatch(text):
            digits = plain[1] if len(plain[1]) == 6 else "".join(2 * digit for digit in plain[1])
            parts = [int(digits[i : i + 2], 16) for i in (0, 2, 4)]
        else:
            return text
        return "#" + "".join(f"{part:02x}" for part in (_to_grey(parts) if self.grey else parts)) + opacity


def _attributes(key: str, value: str) -> Iterable[tuple[str, str]]:
    """Yield a property as attributes: a colour that lets something through is two."""
    if value == "none" and key != "fill":
        return
    colour, _, opacity = value.partition("/")
    yield key, colour
    if opacity:
        yield f"{key}-opacity", f"{int(opacity) / 100:g}"


def _to_grey(parts: Iterable[int]) -> list[int]:
    """Return the grey of the same luminance, by the weights of sRGB, in linear light."""
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in parts]
    light = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    grey = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return 3 * [round(255 * grey)]


def _given(palette: Palette) -> dict[str, str]:
    """Return a project's own colours as the style sheet's custom properties."""
    given = {
        f"--{own}": colour
        for name, properties in PROPERTIES_OF.items()
        if (colour := getattr(palette, name))
        for own in properties
    }
    for number, colour in enumerate(palette.layers):
        given[f"--hue-{number}"] = colour
        given[f"--on-{number}"] = max(INKS, key=lambda ink: contrast(ink, colour))
    return given


@cache
def _rules() -> dict[str, dict[str, str]]:
    """Return the rules that stand outside any condition, by selector."""
    rules: dict[str, dict[str, str]] = {}
    for depth, selectors, body in _blocks("page.css"):
        if depth == 0:
            for selector in selectors.split(","):
                rules.setdefault(" ".join(selector.split()), {}).update(_declarations(body))
    return rules


@cache
def _roots(name: str) -> dict[str, str]:
    """Return the custom properties that a style sheet gives everything."""
    roots = (_declarations(body) for depth, head, body in _blocks(name) if (depth, head) == (0, ":root"))
    return {key: value for root in roots for key, value in root.items() if key.startswith("--")}


def _blocks(name: str) -> Iterable[tuple[int, str, str]]:
    """Yield (depth, selectors, declarations) of each rule of a style sheet."""
    text = _COMMENT.sub("", (ASSETS / name).read_text("utf-8"))
    depth, start = 0, 0
    for found in re.finditer(r"[{}]", text):
        before = text[start : found.start()]
        start = found.end()
        if found[0] == "{":
            head, depth = before.strip(), depth + 1
        else:
            if before.strip():
                yield depth - 1, head, before
            depth -= 1


def _declarations(body: str) -> dict[str, str]:
    pairs = (each.partition(":") for each in body.split(";") if ":" in each)
    return {key.strip(): value.strip() for key, _, value in pairs}
