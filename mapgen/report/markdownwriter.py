"""Write nodes of a document as Markdown that CommonMark, Pandoc and Quarto read alike.

In: nodes. Out: Markdown. Numbers of claims are written out, since Markdown counts lists anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mapgen.report.document import (
    Block,
    Break,
    Code,
    Document,
    Emphasis,
    Entries,
    Entry,
    Fact,
    Facts,
    Figure,
    Heading,
    Inline,
    Link,
    Listed,
    Listing,
    Node,
    Notice,
    Paragraph,
    Parts,
    Quote,
    Reference,
    Rule,
    Strong,
    Words,
)
from mapgen.report.escaping import escape_html, escape_markdown, one_line


class MarkdownWriter:
    """Writes nodes as Markdown.

    Parameters
    ----------
    picture_file : callable
        Given the name of a map, returns the file name of its picture.
    """

    def __init__(self, picture_file: Callable[[str], str]) -> None:
        self.picture_file = picture_file

    def document(self, document: Document) -> str:
        """Return a whole document."""
        return self.blocks(document.content) + "\n"

    def blocks(self, nodes: Iterable[Block]) -> str:
        """Return blocks with an empty line between them."""
        return "\n\n".join(filter(None, map(self.block, nodes)))

    def line(self, nodes: Iterable[Inline]) -> str:
        """Return what stands in one line."""
        made = []
        begins = True
        for node in nodes:
            made.append(
                escape_markdown(node.text, begins=begins) if isinstance(node, Words) else self.inline(node)
            )
            begins = isinstance(node, Break)
        return "".join(made)

    def node(self, node: Node) -> str:
        """Return any node."""
        return self.inline(node) if isinstance(node, Inline) else self.block(node)

    def inline(self, node: Node) -> str:
        """Return one node of a line."""
        match node:
            case Words(text):
                return escape_markdown(text)
            case Code(text):
                return f"<code>{escape_html(text)}</code>"
            case Break():
                return "\\\n"
            case Strong(content):
                return self._marked("**", content)
            case Emphasis(content):
                return self._marked("*", content)
            case Link(address, content):
                return f"[{self.line(content)}](<{_address(address)}>)"
            case Reference(anchor, text):
                return f"[{escape_markdown(text)}](#{anchor})"
        raise TypeError(node)

    def block(self, node: Node) -> str:
        """Return one block."""
        match node:
            case Heading(level, content):
                return f"{'#' * level} {self.line(content)}"
            case Paragraph(content) | Notice(content):
                return self.line(content)
            case Quote(content):
                return _indent(self.blocks(content), "> ", "> ")
            case Listing(items, start):
                return "\n\n".join(self._item(item, index, start) for index, item in enumerate(items))
            case Entries(items):
                return self.blocks(items)
            case Entry():
                return self._entry(node)
            case Facts(items):
                return " · ".join(map(self.block, items))
            case Fact(name, content):
                return f"**{escape_markdown(name)}:** {self.line(content)}"
            case Figure():
                alt = escape_markdown(node.picture.alt)
                return f"![{alt}]({self.picture_file(node.name)})\n\n{self.line(node.caption)}"
            case Listed(text):
                return _indent(text.rstrip("\n"), "    ", "    ")
            case Parts(content):
                return self.blocks(content)
            case Rule():
                return "* * *"
        raise TypeError(node)

    def _entry(self, entry: Entry) -> str:
        anchor = f'<a id="{entry.anchor}"></a>' if entry.anchor else ""
        first, *rest = entry.content
        head = f"{anchor}**{escape_markdown(entry.mark)}** {self.block(first)}"
        return "\n\n".join([head, *map(self.block, rest)])

    def _marked(self, mark: str, content: Iterable[Inline]) -> str:
        """Put marks around text, none beside a blank: there they would not be marks."""
        text = self.line(content)
        bare = text.strip()
        if not bare:
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}{mark}{bare}{mark}{after}"

    def _item(self, item: Iterable[Block], index: int, start: int | None) -> str:
        mark = "- " if start is None else f"{start + index}. "
        return _indent(self.blocks(item), mark, " " * len(mark))


def _indent(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    made = [first + lines[0], *(rest + line if line or rest.strip() else "" for line in lines[1:])]
    return "\n".join(line.rstrip() if not line.strip("> ") else line for line in made)


def _address(address: str) -> str:
    """Return an address for angle brackets; Markdown's own signs stand in it as codes."""
    codes = {sign: f"%{ord(sign):02X}" for sign in "\\`*_[]^|{}$'\"<>"}
    codes |= {"&": "&amp;", "@": "&#64;"}
    return "".join(codes.get(sign, sign) for sign in one_line(address))
