"""Know which disputes a map has to answer for: the check list that comes with mapgen.

In: ``data/borders/disputes.json``. Out: disputes with their parties, and the disputed areas of the bundled
data that answer them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from mapgen.bundled import example_folder


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute over territory.

    Attributes
    ----------
    name : str
    parties : tuple of str
        Codes of the territories that a map draws wrongly for somebody when it passes over the dispute.
    areas : tuple of str
        Codes of disputed areas, in Natural Earth's terms, that show it.
    """

    name: str
    parties: tuple[str, ...]
    areas: tuple[str, ...]


@cache
def read_disputes() -> tuple[Dispute, ...]:
    """Return the check list."""
    rows = json.loads((example_folder() / "data" / "borders" / "disputes.json").read_text("utf-8"))
    return tuple(Dispute(row["name"], tuple(row["parties"]), tuple(row["areas"])) for row in rows)
