"""Put into words the worldviews that readers of a map can switch between.

In: what geometry says of each worldview, and the words of a language. Out: what the page's script shows when
one is chosen: its name, what the footer says, the legend, and what claims name that it does not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mapgen.languages import Words
from mapgen.prepared import PreparedMap, PreparedView
from mapgen.wording import WORLDVIEWS


def offer_worldviews(drawn: PreparedMap, identities: Sequence[str], words: Words) -> list[dict[str, Any]]:
    """Return what a page says of each of its worldviews.

    Parameters
    ----------
    drawn : PreparedMap
    identities : sequence of str
        Ids of the map's annotations, in the order of their numbers.
    words : Words

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
            "title": _title(view, words),
            "says": _statement(view, words),
            "hidden": [i for i, kind in enumerate(drawn.kinds) if kind in depending - {*view.kinds}],
            "missed": [
                [i, " ".join([*map(words.tell, view.missed[key]), words("view.kept")])]
                for i, key in enumerate(identities)
                if key in view.missed
            ],
        }
        for view in drawn.views
    ]


def _title(view: PreparedView, words: Words) -> str:
    """Return what a worldview is called in the list of them."""
    if view.worldview in WORLDVIEWS:
        return words(f"worldview.{view.worldview}")
    return words.tell(view.country) if view.country else view.worldview


def _statement(view: PreparedView, words: Words) -> str:
    """Return what the footer says of a worldview."""
    if view.country:
        return words("footer.country", country=words.tell(view.country), worldview=view.worldview)
    return words(
        f"footer.{view.worldview if view.worldview in WORLDVIEWS else 'national'}", worldview=view.worldview
    )
