"""Let one page speak several languages: what of it is different in another one.

In: the same page rendered in two languages. Out: the differences of its texts, its attributes and its data,
which a script of the page applies before anything else runs. Both have the same elements in the same order:
the templates see to it, and a test holds them to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

EMPTY = frozenset({"meta", "link", "input", "br", "hr", "img", "area", "base", "col", "wbr"})
DATA = "map-data"
"""Id of the block of data that is compared value by value."""

Edit = list[Any]


@dataclass(slots=True)
class _Element:
    """An element: its tag, its attributes, and its own texts by the number of elements before them."""

    tag: str
    attributes: dict[str, str | None]
    texts: dict[int, str] = field(default_factory=dict)
    children: int = 0


class _Reader(HTMLParser):
    """Lists the elements of a page in their order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[_Element] = []
        self._open: list[_Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if self._open:
            self._open[-1].children += 1
        element = _Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in EMPTY:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element that closes itself, as they do in SVG."""
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        assert self._open[-1].tag == tag, f"<{self._open[-1].tag}> is closed by </{tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if self._open:
            element = self._open[-1]
            element.texts[element.children] = element.texts.get(element.children, "") + data


def differences(page: str, other: str) -> dict[str, Any]:
    """Return what has to be changed in a page to have it in another language.

    Parameters
    ----------
    page, other : str
        The HTML of both.

    Returns
    -------
    dict
        ``edits``: for each element that differs, its distance from the one before, its attributes (None for
        one that is gone) and its texts by the number of elements before them in it. ``data``: how the block
        of data differs, see `data_differences`.

    Raises
    ------
    ValueError
        If the two have other elements.
    """
    mine, theirs = _read(page), _read(other)
    if [each.tag for each in mine] != [each.tag for each in theirs]:
        raise ValueError("the page has other elements in another language")
    edits, last = [], 0
    for number, (one, two) in enumerate(zip(mine, theirs, strict=True)):
        if one.tag in ("script", "style") or (one.attributes == two.attributes and one.texts == two.texts):
            continue
        names = dict.fromkeys((*one.attributes, *two.attributes))
        attributes = {
            name: two.attributes.get(name)
            for name in names
            if one.attributes.get(name) != two.attributes.get(name)
        }
        texts = {str(at): text for at, text in two.texts.items() if one.texts.get(at) != text}
        edits.append([number - last, attributes, texts])
        last = number
    return {"edits": edits, "data": data_differences(_data(mine), _data(theirs))}


def data_differences(one: Any, two: Any) -> Any:
    """Return how one JSON value differs from another.

    Returns
    -------
    list or dict
        ``[value]`` where it is another value; for a mapping with the same keys, or a list of the same length,
        the differences by key or index, empty if there are none.
    """
    if isinstance(one, dict) and isinstance(two, dict) and one.keys() == two.keys():
        pairs: Iterator[tuple[str, Any, Any]] = ((key, one[key], two[key]) for key in one)
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        pairs = ((str(at), *both) for at, both in enumerate(zip(one, two, strict=True)))
    else:
        return {} if one == two else [two]
    return {key: inside for key, a, b in pairs if (inside := data_differences(a, b))}


def _read(page: str) -> list[_Element]:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.elements


def _data(elements: list[_Element]) -> Any:
    block = next(each for each in elements if each.attributes.get("id") == DATA)
    return json.loads(block.texts[0])
