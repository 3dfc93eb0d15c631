"""The elements that folium builds a map from: a map and layers of our own, which write numbers only.

In: a drawing's shapes, as lists of numbers and mapgen's own words. Out: elements for folium's tree, rendered
by templates in files. No text of a user's ever comes here, since branca compiles what it renders as a
template again; and none of folium's own scripts, styles and popups are used, since they come from content
networks and put text into code.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import folium
from branca.element import Element, Figure
from jinja2 import Template
from markupsafe import Markup

from mapgen.templating import make_environment

PLAIN = re.compile(r'"[A-Za-z0-9+/=_-]*"')
"""What texts may stand in a map's shapes: base64, and words of mapgen's own."""


@cache
def _template(name: str) -> Template:
    """Return a template; what it prints is escaped, and nothing undefined passes."""
    return make_environment().get_template(name)


def numbers(value: Any) -> Markup:
    """Return JSON of numbers and plain words; refuse anything that could be a user's text.

    Parameters
    ----------
    value : nested dict, list, str, number, bool or None
        Texts must be of letters, digits and ``+/=_-`` only: mapgen's own words, and base64.

    Raises
    ------
    ValueError
        If a text has any other character.
    """
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    # Without the plain texts no quotation mark is left: what stands between two texts is never plain.
    strange = PLAIN.sub("", text).find('"')
    if strange >= 0:
        raise ValueError("a map's shapes hold more than numbers and plain words")
    return Markup(text)


class SealedFigure(Figure):
    """A figure that renders to a fragment of a page: its map, without a head, scripts or styles."""

    def render(self, **kwargs: Any) -> str:
        """Render what the figure holds."""
        return "".join(child.render(**kwargs) for child in self._children.values())


class SealedMap(folium.Map):
    """A folium map without folium's scripts, styles and tiles.

    Parameters
    ----------
    frame : dict
        The projection and the extents, in grid positions.
    """

    def __init__(self, frame: dict[str, Any]) -> None:
        super().__init__(tiles=None)
        self.default_js, self.default_css = [], []
        self.frame = numbers(frame)
        SealedFigure().add_child(self)

    def render(self, **kwargs: Any) -> str:
        """Render the map's place and its layers, in the order in which they were added."""
        layers = [Markup(child.render(**kwargs)) for child in self._children.values()]
        return _template("map.html.jinja2").render(frame=self.frame, layers=layers)


class Layer(Element):
    """One layer of a map: shapes that the page's script draws.

    Parameters
    ----------
    shapes : dict
        With ``kind`` and what belongs to it, all of it numbers and mapgen's own words.
    """

    def __init__(self, shapes: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Layer"
        self.shapes = numbers(shapes)

    def render(self, **kwargs: Any) -> str:
        """Render the shapes as a block of data, which no browser runs."""
        return _template("layer.html.jinja2").render(shapes=self.shapes)
