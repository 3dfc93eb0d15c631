"""A document as a tree: headings, paragraphs, quotations, figures, lists and links.

In: plain text. Out: nodes that every writer of this package renders in its own format. Nothing in the tree
belongs to one format, and no text in it is markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol


class Picture(Protocol):
    """A map as a picture, as `mapgen.picture` makes it."""

    @property
    def svg(self) -> str:
        """The picture as SVG."""

    @property
    def alt(self) -> str:
        """What it shows, in a sentence."""

    def png(self, dpi: int) -> bytes:
        """Return the picture as PNG."""

    def pdf(self) -> bytes:
        """Return the picture as PDF."""


@dataclass(frozen=True, slots=True)
class Node:
    """Anything in a document; as text it is what it says, without its form."""

    def __str__(self) -> str:
        """Return the text without its form."""
        return "".join(
            node.text for node in walk([self]) if isinstance(node, Words | Code | Reference | Listed)
        )


@dataclass(frozen=True, slots=True)
class Inline(Node):
    """What stands in a line."""


@dataclass(frozen=True, slots=True)
class Block(Node):
    """What stands by itself."""


Line = tuple[Inline, ...]
Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Words(Inline):
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Code(Inline):
    """Text to be shown letter by letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Break(Inline):
    """The end of a line inside a paragraph."""


@dataclass(frozen=True, slots=True)
class Strong(Inline):
    """What stands out."""

    content: Line


@dataclass(frozen=True, slots=True)
class Emphasis(Inline):
    """What is stressed."""

    content: Line


@dataclass(frozen=True, slots=True)
class Link(Inline):
    """A way out of the document; `address` is one that `page.link` allows."""

    address: str
    content: Line


@dataclass(frozen=True, slots=True)
class Reference(Inline):
    """A way to an entry of the same document."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Heading(Block):
    """A heading; level 1 is the document's title."""

    level: int
    content: Line


@dataclass(frozen=True, slots=True)
class Paragraph(Block):
    """A paragraph."""

    content: Line


@dataclass(frozen=True, slots=True)
class Quote(Block):
    """Words of another, in their language (``"fa"``), empty where that is not known."""

    content: Blocks
    language: str = ""


@dataclass(frozen=True, slots=True)
class Listing(Block):
    """A list of points; numbered from `start` if that is given."""

    items: tuple[Blocks, ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Entry(Block):
    """A claim or a source, with the number that it has on the map or in the list of sources."""

    mark: str
    content: Blocks
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Entries(Block):
    """Entries one after the other; their numbers are said, never counted."""

    items: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Fact(Block):
    """What is known of one thing, such as the date."""

    name: str
    content: Line


@dataclass(frozen=True, slots=True)
class Facts(Block):
    """Several facts about the same, set as one small paragraph."""

    items: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Notice(Block):
    """Small type: what has to be said and is not part of the text."""

    content: Line


@dataclass(frozen=True, slots=True)
class Figure(Block):
    """A map as a picture; `name` is the map's."""

    name: str
    picture: Picture
    caption: Line


@dataclass(frozen=True, slots=True)
class Listed(Block):
    """Text with lines of its own, to be shown letter by letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule(Block):
    """A line between two parts."""


@dataclass(frozen=True, slots=True)
class Parts(Block):
    """Several blocks, one after the other."""

    content: Blocks


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    Attributes
    ----------
    title : str
    language : str
        As in the project, ``"en"``.
    content : tuple of Block
    """

    title: str
    language: str
    content: Blocks


def words(text: str) -> Line:
    """Return plain text as a line."""
    return (Words(text),) if text else ()


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield nodes and all that is in them, in the order of reading."""
    for node in nodes:
        yield node
        for field in fields(node):
            yield from walk(_nodes_of(getattr(node, field.name)))


def _nodes_of(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _nodes_of(each)


def anchors(nodes: Iterable[Node]) -> set[str]:
    """Return the anchors that a reference can lead to."""
    return {node.anchor for node in walk(nodes) if isinstance(node, Entry) and node.anchor}


def rebuild(node: Any, change: Callable[[Any], Any]) -> Any:
    """Return a node with `change` made to it and, before that, to all that is in it."""
    if isinstance(node, tuple):
        return tuple(rebuild(each, change) for each in node)
    if not isinstance(node, Node):
        return node
    inside = {field.name: getattr(node, field.name) for field in fields(node)}
    made = {name: rebuild(value, change) for name, value in inside.items()}
    changed = {name: value for name, value in made.items() if value is not inside[name]}
    return change(replace(node, **changed) if changed else node)


class Anchoring:
    """Sees to it that each anchor is there once, and that each reference leads somewhere."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.known = anchors(nodes)
        self.used: set[str] = set()

    def settle(self, node: Any) -> Any:
        """Return a node without anchors that were there before and references that lead nowhere."""
        return rebuild(node, self._change)

    def _change(self, node: Node) -> Node:
        if isinstance(node, Entry) and node.anchor:
            if node.anchor in self.used:
                return replace(node, anchor="")
            self.used.add(node.anchor)
        if isinstance(node, Reference) and node.anchor not in self.known:
            return Words(node.text)
        return node
