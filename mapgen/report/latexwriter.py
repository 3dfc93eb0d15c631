"""Write nodes of a document as LaTeX, for XeLaTeX or LuaLaTeX.

In: nodes. Out: LaTeX. What the words of the file mean stands in ``templates/report/preamble.tex``.
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
from mapgen.report.escaping import escape_latex, one_line
from mapgen.templating import TEMPLATES

PREAMBLE = TEMPLATES / "report" / "preamble.tex"
HEADINGS = ("title", "section", "subsection", "subsubsection", "paragraph", "subparagraph")


class LatexWriter:
    """Writes nodes as LaTeX.

    Parameters
    ----------
    picture_file : callable
        Given the name of a map, returns the file name of its picture.
    """

    def __init__(self, picture_file: Callable[[str], str]) -> None:
        self.picture_file = picture_file

    def document(self, document: Document) -> str:
        """Return a whole document with its preamble."""
        preamble = PREAMBLE.read_text("utf-8")
        title = f"\\hypersetup{{pdftitle={{{escape_latex(document.title)}}}}}"
        body = self.blocks(document.content)
        return f"{preamble}{title}\n\\begin{{document}}\n\n{body}\n\n\\end{{document}}\n"

    def blocks(self, nodes: Iterable[Block]) -> str:
        """Return blocks with an empty line between them."""
        return "\n\n".join(filter(None, map(self.block, nodes)))

    def line(self, nodes: Iterable[Inline]) -> str:
        """Return what stands in one line."""
        return "".join(map(self.inline, nodes))

    def node(self, node: Node) -> str:
        """Return any node."""
        return self.inline(node) if isinstance(node, Inline) else self.block(node)

    def inline(self, node: Node) -> str:
        """Return one node of a line."""
        match node:
            case Words(text):
                return escape_latex(text)
            case Code(text):
                return f"\\texttt{{{escape_latex(text)}}}"
            case Break():
                return "\\newline{}"
            case Strong(content):
                return f"\\textbf{{{self.line(content)}}}"
            case Emphasis(content):
                return f"\\emph{{{self.line(content)}}}"
            case Link(address, content):
                return f"\\href{{{_address(address)}}}{{{self.line(content)}}}"
            case Reference(anchor, text):
                return f"\\hyperlink{{{anchor}}}{{{escape_latex(text)}}}"
        raise TypeError(node)

    def block(self, node: Node) -> str:
        """Return one block."""
        match node:
            case Heading(1, content):
                return f"\\reporttitle{{{self.line(content)}}}"
            case Heading(level, content):
                return f"\\{HEADINGS[min(level, len(HEADINGS)) - 1]}*{{{self.line(content)}}}"
            case Paragraph(content):
                return self.line(content)
            case Notice(content):
                return f"{{\\small\\color{{soft}}{self.line(content)}\\par}}"
            case Quote(content):
                return f"\\begin{{quote}}\n{self.blocks(content)}\n\\end{{quote}}"
            case Listing():
                return self._listing(node)
            case Entries(items):
                return f"\\begin{{entries}}\n{self.blocks(items)}\n\\end{{entries}}"
            case Entry(mark, content, anchor):
                target = f"\\hypertarget{{{anchor}}}{{}}" if anchor else ""
                return f"\\item[{{{target}{escape_latex(mark)}}}] {self.blocks(content)}"
            case Facts(items):
                facts = " \\textperiodcentered{} ".join(map(self.block, items))
                return f"{{\\small\\color{{soft}}{facts}\\par}}"
            case Fact(name, content):
                return f"\\fact{{{escape_latex(name)}}}{{{self.line(content)}}}"
            case Figure():
                file, caption = self.picture_file(node.name), self.line(node.caption)
                return f"\\mapfigure{{{file}}}{{{escape_latex(node.picture.alt)}}}{{{caption}}}"
            case Listed(text):
                lines = "\\\\\n".join(escape_latex(line) or "~" for line in text.rstrip("\n").split("\n"))
                return f"\\begin{{quote}}\\ttfamily\n{lines}\n\\end{{quote}}"
            case Parts(content):
                return self.blocks(content)
            case Rule():
                return "\\noindent\\hrulefill"
        raise TypeError(node)

    def _listing(self, node: Listing) -> str:
        kind = "itemize" if node.start is None else "enumerate"
        marks = ("" if node.start is None else f"[{node.start + index}.]" for index in range(len(node.items)))
        items = (f"\\item{mark} {self.blocks(item)}" for mark, item in zip(marks, node.items, strict=True))
        return "\n".join([f"\\begin{{{kind}}}", *items, f"\\end{{{kind}}}"])


def _address(address: str) -> str:
    """Return an address as hyperref takes it."""
    codes = {sign: f"%{ord(sign):02X}" for sign in "\\{}^~|`<>\"'$"}
    made = "".join(codes.get(sign, sign) for sign in one_line(address))
    return "".join(f"\\{sign}" if sign in "%#&_" else sign for sign in made)
