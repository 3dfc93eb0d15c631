"""Write a document as a Word file: real headings, captions, lists, links and described pictures.

In: a document. Out: the bytes of a ``.docx``. The same document gives the same bytes.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import zipfile
from collections.abc import Iterable
from typing import Any

from mapgen.errors import MissingExtraError
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
from mapgen.report.escaping import one_line
from mapgen.scripts import direction_of

SOFT = "5E5A52"
EPOCH = (1980, 1, 1, 0, 0, 0)
DPI = 200
AFTER_KEEP_NEXT = (
    "w:keepLines",
    "w:pageBreakBefore",
    "w:tabs",
    "w:bidi",
    "w:spacing",
    "w:ind",
    "w:jc",
    "w:rPr",
)
"""What follows ``w:keepNext`` in the properties of a paragraph; Word wants them in their order."""


def write_docx(document: Document) -> bytes:
    """Return a document as a Word file.

    Raises
    ------
    MissingExtraError
        If python-docx is not installed.
    """
    return _DocxWriter(document).write()


class _DocxWriter:
    """Writes one document."""

    def __init__(self, document: Document) -> None:
        try:
            import docx.shared
        except ImportError as error:
            raise MissingExtraError("report", "python-docx") from error
        self.document = document
        self.file = docx.Document()
        self.bookmarks = 0
        self.indent, self.width = docx.shared.Mm(9), docx.shared.Mm(210 - 2 * 25)
        self._prepare()

    def write(self) -> bytes:
        """Return the file."""
        self._blocks(self.document.content, None)
        buffer = io.BytesIO()
        self.file.save(buffer)
        return _repack(buffer.getvalue())

    def _prepare(self) -> None:
        """Set the page, the styles and what the file says of itself; no clock, no user's name."""
        from docx.enum.style import WD_STYLE_TYPE
        from docx.shared import Mm, Pt, RGBColor

        section, styles = self.file.sections[0], self.file.styles
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(25)
        section.top_margin = section.bottom_margin = Mm(22)
        normal = styles["Normal"]
        normal.font.name, normal.font.size = "Georgia", Pt(10.5)
        normal.paragraph_format.space_after = Pt(5)
        for level in range(1, 7):
            styles[f"Heading {level}"].font.color.rgb = RGBColor.from_string("1F1E1B")
        styles["Title"].font.color.rgb = RGBColor.from_string("1F1E1B")
        styles["Caption"].font.bold = False
        styles["Caption"].font.color.rgb = RGBColor.from_string(SOFT)
        small = styles.add_style("Small print", WD_STYLE_TYPE.PARAGRAPH)
        small.base_style = normal
        small.paragraph_format.keep_together = True
        small.font.size, small.font.color.rgb = Pt(8.5), RGBColor.from_string(SOFT)
        entry = styles.add_style("Claim", WD_STYLE_TYPE.PARAGRAPH)
        entry.base_style = normal
        entry.paragraph_format.left_indent, entry.paragraph_format.first_line_indent = Mm(9), Mm(-9)
        entry.paragraph_format.tab_stops.add_tab_stop(Mm(9))
        entry.paragraph_format.space_before = Pt(8)
        entry.paragraph_format.keep_with_next = True
        about = self.file.core_properties
        about.title, about.language = one_line(self.document.title)[:255], self.document.language
        about.author, about.comments, about.last_modified_by = "", "", ""
        about.created = about.modified = datetime.datetime(*EPOCH)
        _set_language(styles, self.document.language)
        if direction_of(self.document.language) == "rtl":
            normal.element.get_or_add_pPr().append(_element("w:bidi"))
            normal.element.get_or_add_rPr().append(_element("w:rtl"))

    def _blocks(self, nodes: Iterable[Block], indent: Any) -> None:
        for node in nodes:
            self._block(node, indent)

    def _paragraph(self, style: str, content: Iterable[Node], indent: Any = None) -> Any:
        paragraph = self.file.add_paragraph(style=style)
        if indent is not None:
            paragraph.paragraph_format.left_indent = indent
        self._line(paragraph, content, {})
        return paragraph

    def _block(self, node: Block, indent: Any) -> None:
        match node:
            case Heading(1, content):
                self._paragraph("Title", content)
            case Heading(level, content):
                self._paragraph(f"Heading {min(level - 1, 6)}", content)
            case Paragraph(content):
                self._paragraph("Normal", content, indent)
            case Notice(content):
                self._paragraph("Small print", content, indent)
            case Quote():
                self._quote(node, indent)
            case Listing(items, start):
                for index, item in enumerate(items):
                    self._item(item, None if start is None else start + index)
            case Entries(items):
                self._blocks(items, indent)
            case Entry():
                self._entry(node, self.indent)
            case Facts(items):
                self._facts(items, indent)
            case Figure():
                self._figure(node)
            case Listed(text):
                for line in text.rstrip("\n").split("\n"):
                    self._paragraph("Normal", (Code(line),), indent)
            case Parts(content):
                self._blocks(content, indent)
            case Rule():
                self._paragraph("Normal", (Words("* * *"),), indent)
            case _:
                raise TypeError(node)

    def _line(self, paragraph: Any, nodes: Iterable[Node], look: dict[str, bool]) -> None:
        """Add what stands in a line; `look` tells what is bold or italic around it."""
        for node in nodes:
            match node:
                case Words(text):
                    _look(paragraph.add_run(one_line(text)), look)
                case Code(text):
                    run = paragraph.add_run(one_line(text))
                    run.font.name = "Consolas"
                    _look(run, look)
                case Break():
                    paragraph.add_run().add_break()
                case Strong(content):
                    self._line(paragraph, content, {**look, "bold": True})
                case Emphasis(content):
                    self._line(paragraph, content, {**look, "italic": True})
                case Link(address, content):
                    self._linked(paragraph, {"r:id": self._outside(paragraph, address)}, content, look)
                case Reference(anchor, text):
                    self._linked(paragraph, {"w:anchor": _bookmark(anchor)}, (Words(text),), look)
                case _:
                    raise TypeError(node)

    def _outside(self, paragraph: Any, address: str) -> str:
        from docx.opc.constants import RELATIONSHIP_TYPE

        related = paragraph.part.relate_to(one_line(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return str(related)

    def _linked(
        self, paragraph: Any, target: dict[str, str], content: Iterable[Node], look: dict[str, bool]
    ) -> None:
        """Put content into a hyperlink: what was added at the end of the paragraph moves into it."""
        link = _element("w:hyperlink", **target)
        before = len(paragraph._p)
        self._line(paragraph, content, look)
        added = list(paragraph._p)[before:]
        paragraph._p.append(link)
        for run in added:
            link.append(run)

    def _quote(self, node: Quote, indent: Any) -> None:
        from docx.shared import Mm

        leftwards = direction_of(node.language) == "rtl"
        for block in node.content:
            if not isinstance(block, Paragraph):
                self._block(block, indent)
                continue
            paragraph = self._paragraph("Quote", block.content)
            paragraph.paragraph_format.left_indent = (indent or 0) + Mm(6)
            if leftwards:
                paragraph._p.get_or_add_pPr().append(_element("w:bidi"))
                for run in paragraph.runs:
                    run.font.rtl = True

    def _item(self, item: Iterable[Block], number: int | None) -> None:
        """Add a point of a list; a number is written out, since Word would go on counting."""
        for index, block in enumerate(item):
            if index or not isinstance(block, Paragraph):
                self._block(block, self.indent)
            elif number is None:
                self._paragraph("List Bullet", block.content)
            else:
                self._numbered(f"{number}.", block.content)

    def _entry(self, node: Entry, indent: Any) -> None:
        first, *rest = node.content
        head = first.content if isinstance(first, Paragraph) else ()
        paragraph = self._numbered(node.mark, head)
        if node.anchor:
            self._mark(paragraph, node.anchor)
        body = self.file.element.body
        before = len(body)
        self._blocks(rest if head else node.content, indent)
        # A claim stays with who said it, and a source with its address: on one page, where they fit.
        for added in list(body)[before - 1 : -2]:
            added.get_or_add_pPr().insert_element_before(_element("w:keepNext"), *AFTER_KEEP_NEXT)

    def _numbered(self, mark: str, content: Iterable[Node]) -> Any:
        """Add a paragraph with its number before it: Word would count by itself."""
        paragraph = self.file.add_paragraph(style="Claim")
        self._line(paragraph, (Words(mark),), {"bold": True})
        paragraph.add_run().add_tab()
        self._line(paragraph, content, {})
        return paragraph

    def _mark(self, paragraph: Any, anchor: str) -> None:
        """Make a paragraph what references lead to."""
        self.bookmarks += 1
        number = str(self.bookmarks)
        start = _element("w:bookmarkStart", **{"w:id": number, "w:name": _bookmark(anchor)})
        paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
        paragraph._p.append(_element("w:bookmarkEnd", **{"w:id": number}))

    def _facts(self, items: Iterable[Fact], indent: Any) -> None:
        line: list[Node] = []
        for item in items:
            line += [*([Words(" · ")] if line else []), Strong((Words(f"{item.name}: "),)), *item.content]
        self._paragraph("Small print", line, indent)

    def _figure(self, node: Figure) -> None:
        paragraph = self.file.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(node.picture.png(DPI)), width=self.width)
        about = shape._inline.docPr
        about.set("descr", one_line(node.picture.alt))
        about.set("name", f"Map {node.name}")
        self._paragraph("Caption", node.caption)


def _look(run: Any, look: dict[str, bool]) -> None:
    run.bold, run.italic = look.get("bold"), look.get("italic")


def _bookmark(anchor: str) -> str:
    """Return an anchor as Word takes it: a letter first, no hyphens, forty characters at most."""
    name = anchor.replace("-", "_")
    return name if len(name) <= 40 else f"{name[:27]}_{hashlib.sha256(anchor.encode()).hexdigest()[:12]}"


def _element(name: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    return made


def _set_language(styles: Any, language: str) -> None:
    """Tell Word which language the text is in."""
    from docx.oxml.ns import qn

    for each in styles.element.iter(qn("w:lang")):
        each.set(qn("w:val"), language)


def _repack(data: bytes) -> bytes:
    """Pack the same parts again in their order, each with the same date."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
