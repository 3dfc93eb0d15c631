"""Put into words the worldviews that readers of a map can switch between.

In: what geometry says of each worldview, and the words of a language. Out: what the page's script shows when
one is chosen: its name, what the footer says, the legend, and what claims name that it does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mapgen.languages import Said, Words
from mapgen.prepared import PreparedMap, PreparedView
from mapgen.wording import WORLDVIEWS, describe_worldview


def offer_worldviews(
    drawn: PreparedMap, identities: Sequence[str], words: Words, tell: Callable[[Said], str]
) -> list[dict[str, Any]]:
    """Return what a page says of each of its worldviews.

    Parameters
    ----------
    drawn : PreparedMap
    identities : sequence of str
        Ids of the map's annotations, in the order of their numbers.
    words : Words
    tell : callable
        Says a phrase or a name in the language of `words`.

    Returns
    -------
    list of dict
        For each worldview, first that which the map opens on: its ``name`` in addresses, its ``title``, what
        it ``says`` in the footer, the places of the legend's entries that are ``hidden``, and for each claim
        that it has not all of, by place, what is ``missed``. Empty if there is one worldview only.
    """
    depending = {kind for view in drawn.views for kind in view.kinds}
    return [
        {
            "name": view.worldview,
            "title": _title(view, words, tell),
            "says": describe_worldview(
                view.worldview, words, country=tell(view.country) if view.country else ""
            ),
            "hidden": [i for i, kind in enumerate(drawn.kinds) if kind in depending - {*view.kinds}],
            "missed": [
                [i, " ".join([*map(tell, view.missed[key]), words("view.kept")])]
                for i, key in enumerate(identities)
                if key in view.missed
            ],
        }
        for view in drawn.views
    ]


def _title(view: PreparedView, words: Words, tell: Callable[[Said], str]) -> str:
    """Return what a worldview is called in the list of them."""
    if view.worldview in WORLDVIEWS:
        return words(f"worldview.{view.worldview}")
    return tell(view.country) if view.country else view.worldview
