"""Write nodes of a document as Typst, and set it as PDF.

In: nodes. Out: Typst source, in which all text stands in strings; a PDF with its fonts, tags for readers of
screens, and the maps as vectors. How it looks is said in ``templates/report/preamble.typ``.
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
from mapgen.report.escaping import escape_typst
from mapgen.templating import TEMPLATES

PREAMBLE = TEMPLATES / "report" / "preamble.typ"

LONG = 1500
"""Characters of a claim that may go over to the next page."""


class TypstWriter:
    """Writes nodes as Typst.

    Parameters
    ----------
    picture_file : callable
        Given the name of a map, returns the file name of its picture.
    """

    def __init__(self, picture_file: Callable[[str], str]) -> None:
        self.picture_file = picture_file

    def document(self, document: Document) -> str:
        """Return a whole document with its preamble."""
        title, language = escape_typst(document.title), escape_typst(document.language.split("-")[0].lower())
        settings = f"#show: report.with(title: {title}, language: {language})"
        return f"{PREAMBLE.read_text('utf-8')}{settings}\n\n{self.blocks(document.content)}\n"

    def blocks(self, nodes: Iterable[Block]) -> str:
        """Return blocks with an empty line between them."""
        return "\n\n".join(filter(None, map(self.block, nodes)))

    def line(self, nodes: Iterable[Inline]) -> str:
        """Return what stands in one line."""
        return "".join(map(self.inline, nodes))

    def inline(self, node: Node) -> str:
        """Return one node of a line; the semicolons end expressions, so that no text can go on with them."""
        match node:
            case Words(text):
                return f"#{escape_typst(text)};"
            case Code(text):
                return f"#raw({escape_typst(text)});"
            case Break():
                return "#linebreak();"
            case Strong(content):
                return f"#strong[{self.line(content)}];"
            case Emphasis(content):
                return f"#emph[{self.line(content)}];"
            case Link(address, content):
                return f"#link({escape_typst(address)})[{self.line(content)}];"
            case Reference(anchor, text):
                return f"#link(<{anchor}>)[#{escape_typst(text)};];"
        raise TypeError(node)

    def block(self, node: Node) -> str:
        """Return one block."""
        match node:
            case Heading(1, content):
                return f"#report-title[{self.line(content)}];"
            case Heading(level, content):
                return f"#heading(level: {level - 1})[{self.line(content)}];"
            case Paragraph(content):
                return self.line(content)
            case Notice(content):
                return f"#notice[{self.line(content)}];"
            case Quote(content, language):
                return f"#quotation(language: {_language(language)})[{self.blocks(content)}];"
            case Listing(items, start):
                kind = "list" if start is None else "enum"
                first = "" if start is None else f"start: {start}, "
                return f"#{kind}({first}{', '.join(f'[{self.blocks(item)}]' for item in items)});"
            case Entries(items):
                return self.blocks(items)
            case Entry(mark, content, anchor):
                label = f" <{anchor}>" if anchor else ""
                whole = "true" if len(str(node)) < LONG else "false"
                return f"#entry({escape_typst(mark)}, whole: {whole})[{self.blocks(content)}]{label}"
            case Facts(items):
                return f"#facts[{' #sym.dot.c '.join(map(self.block, items))}];"
            case Fact(name, content):
                return f"#strong[#{escape_typst(name)};:] {self.line(content)}"
            case Figure():
                file, alt = escape_typst(self.picture_file(node.name)), escape_typst(node.picture.alt)
                return f"#map-figure({file}, {alt})[{self.line(node.caption)}];"
            case Listed(text):
                lines = (escape_typst(line) for line in text.rstrip("\n").split("\n"))
                return f'#raw(block: true, ({", ".join(lines)},).join("\\n"));'
            case Parts(content):
                return self.blocks(content)
            case Rule():
                return "#line(length: 100%, stroke: 0.5pt);"
        raise TypeError(node)


def _language(language: str) -> str:
    short = language.split("-")[0].lower()
    return escape_typst(short) if short else "none"
