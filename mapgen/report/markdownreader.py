"""Read an author's Markdown, with the values that a template printed in it, as the nodes of a document.

In: the result of a template (`authoring.Printed`) whose own text is CommonMark. Out: nodes. HTML in it is
text; values are put in after the Markdown has been read, so that none of them is taken for Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from mapgen.errors import InputError, quoted
from mapgen.page import link
from mapgen.report.authoring import MARK, Printed
from mapgen.report.document import (
    Block,
    Blocks,
    Break,
    Code,
    Emphasis,
    Heading,
    Inline,
    Line,
    Link,
    Listed,
    Listing,
    Node,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Words,
)


def read_markdown(printed: Printed) -> Blocks:
    """Return what a template printed as nodes.

    Raises
    ------
    InputError
        If a claim, a map or a list of sources stands in the middle of a line, or the text has a picture of
        its own.
    """
    tokens = MarkdownIt("commonmark", {"html": False}).parse(printed.text)
    return _Reader(printed.values).blocks(tokens)


class _Reader:
    """Reads tokens; `values` are what the marks stand for."""

    def __init__(self, values: Sequence[Node | str]) -> None:
        self.values = values

    def blocks(self, tokens: Sequence[Token]) -> Blocks:
        """Return the blocks of some tokens."""
        return tuple(block for group in _groups(tokens) for block in self._block(group))

    def _block(self, tokens: Sequence[Token]) -> Iterator[Block]:
        first, inside = tokens[0], tokens[1:-1]
        match first.type:
            case "heading_open":
                yield Heading(int(first.tag[1:]), self._line(inside))
            case "paragraph_open":
                yield from self._paragraph(inside)
            case "blockquote_open":
                yield Quote(self.blocks(inside))
            case "bullet_list_open" | "ordered_list_open":
                items = tuple(self.blocks(item[1:-1]) for item in _groups(inside))
                start = int(first.attrs.get("start", 1)) if first.tag == "ol" else None
                yield Listing(items, start)
            case "fence" | "code_block":
                yield Listed(self._text(first.content))
            case "hr":
                yield Rule()

    def _paragraph(self, inside: Sequence[Token]) -> Iterator[Block]:
        """Yield a paragraph, or the blocks that the marks in it stand for."""
        bare = inside[0].content
        blocks = [value for value in self._marked(bare) if isinstance(value, Block)]
        if not blocks:
            yield Paragraph(self._line(inside))
        elif MARK.sub("", bare).strip() or len(blocks) < len(MARK.findall(bare)):
            raise InputError(_IN_A_LINE)
        else:
            yield from blocks

    def _line(self, inside: Sequence[Token]) -> Line:
        children = [child for token in inside for child in token.children or ()]
        return tuple(node for group in _groups(children) for node in self._inline(group))

    def _inline(self, tokens: Sequence[Token]) -> Iterator[Inline]:
        first, inside = tokens[0], tokens[1:-1]
        content = tuple(node for group in _groups(inside) for node in self._inline(group))
        match first.type:
            case "text":
                yield from self._words(first.content)
            case "softbreak":
                yield Words(" ")
            case "hardbreak":
                yield Break()
            case "code_inline":
                yield Code(self._text(first.content))
            case "strong_open":
                yield Strong(content)
            case "em_open":
                yield Emphasis(content)
            case "link_open":
                address = link(self._text(unquote(str(first.attrs["href"]))))
                yield from (Link(address, content),) if address else content
            case "image":
                source = quoted(self._text(unquote(str(first.attrs["src"]))))
                raise InputError(
                    f"the picture {source} can only be in a report whose text is the template's own: "
                    "Markdown from a template in Markdown."
                )

    def _words(self, text: str) -> Iterator[Inline]:
        for index, part in enumerate(MARK.split(text)):
            if index % 2 == 0:
                yield from (Words(part),) if part else ()
                continue
            value = self.values[int(part)]
            if isinstance(value, Block):
                raise InputError(_IN_A_LINE)
            yield value if isinstance(value, Inline) else Words(str(value))

    def _marked(self, text: str) -> list[Node | str]:
        return [self.values[int(number)] for number in MARK.findall(text)]

    def _text(self, text: str) -> str:
        return MARK.sub(lambda mark: str(self.values[int(mark[1])]), text)


_IN_A_LINE = (
    "a claim, a map or a list is printed in the middle of a line. Give it a line of its own, "
    "with empty lines around."
)


def _groups(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield tokens that stand by themselves, and those that belong together from opening to close."""
    depth, group = 0, []
    for token in tokens:
        depth += token.nesting
        group.append(token)
        if depth == 0:
            yield group
            group = []
