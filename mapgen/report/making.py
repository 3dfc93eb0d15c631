"""Make a report: run its template, and write what comes of it in the format that is wanted.

In: what the maps of a project say, what makes their pictures, and a template, ours or an author's. Out:
files by name: the report, and the pictures that lie beside it where its format holds none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from mapgen.errors import InputError, Position, Problem, UsageError, suggest
from mapgen.page import Page
from mapgen.report.authoring import Printed, run_template
from mapgen.report.document import Anchoring, Block, Document, Figure, Heading, Node, Picture, walk, words
from mapgen.report.docxwriter import write_docx
from mapgen.report.escaping import escape_markdown
from mapgen.report.functions import Functions
from mapgen.report.htmlwriter import write_fragment, write_html
from mapgen.report.latexwriter import LatexWriter
from mapgen.report.markdownreader import read_markdown
from mapgen.report.markdownwriter import MarkdownWriter
from mapgen.report.pdfwriter import write_pdf
from mapgen.report.weaving import (
    html_writer,
    split_front_matter,
    weave_html,
    weave_latex,
    weave_markdown,
    write_front_matter,
)
from mapgen.templating import TEMPLATES

Format = Literal["html", "md", "qmd", "docx", "tex", "pdf"]
FORMATS: tuple[Format, ...] = ("html", "md", "qmd", "docx", "tex", "pdf")
OURS = TEMPLATES / "report" / "report.md.jinja2"

LANGUAGES = {
    ".md": "markdown", ".markdown": "markdown", ".qmd": "markdown",
    ".html": "html", ".htm": "html", ".tex": "tex",
}  # fmt: skip
"""What a template is written in, by its suffix."""

OWN_FORM: Mapping[str, frozenset[str]] = {
    "markdown": frozenset({"md", "qmd"}),
    "html": frozenset({"html"}),
    "tex": frozenset({"tex"}),
}
"""The formats in which a template's own text stays as it was written."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template of a report.

    Attributes
    ----------
    text : str
    file : str
        Its name for messages.
    language : str
        What it is written in: one of the values of `LANGUAGES`.
    """

    text: str
    file: str
    language: str


def read_template(path: Path) -> Template:
    """Read an author's template.

    Raises
    ------
    UsageError
        If its suffix is not one of `LANGUAGES`.
    InputError
        If it cannot be read as UTF-8.
    """
    name = re.sub(r"\.(jinja2|jinja|j2)$", "", path.name)
    language = LANGUAGES.get(Path(name).suffix.lower())
    if language is None:
        raise UsageError(
            f"{path}: a template is named {', '.join(LANGUAGES)}, with .jinja2 behind it or not."
        )
    try:
        return Template(path.read_text("utf-8"), path.as_posix(), language)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise InputError(
            Problem(Position(path.as_posix()), f"the template cannot be read ({reason}).")
        ) from None


def choose_format(file_name: str, form: str | None) -> Format:
    """Return the format of a report: the one that was named, or the one of its file's name.

    Raises
    ------
    UsageError
        If it is none of `FORMATS`.
    """
    wanted = form or Path(file_name).suffix.lower().removeprefix(".")
    for known in FORMATS:
        if known == wanted:
            return known
    expected = f"expected {', '.join(FORMATS)}"
    raise UsageError(f"no report can be written as {wanted!r}: {expected}.{suggest(wanted, FORMATS)}")


def our_template() -> Template:
    """Return the template that a report has without one of its own."""
    return Template(OURS.read_text("utf-8"), OURS.name, "markdown")


@dataclass(frozen=True, slots=True)
class ReportMaker:
    """Makes reports of one project.

    Attributes
    ----------
    texts : mapping of str to Page
        What each map says, by its name.
    draw : callable
        Given the name of a map, returns its picture.
    """

    texts: Mapping[str, Page]
    draw: Callable[[str], Picture]

    def make(
        self, form: Format, file_name: str, *, name: str | None = None, template: Template | None = None
    ) -> dict[str, bytes]:
        """Make a report.

        Parameters
        ----------
        form : str
            One of `FORMATS`.
        file_name : str
            What the report's file will be called.
        name : str, optional
            The map whose claims and numbers it has; the first by default.
        template : Template, optional
            An author's; ours by default.

        Returns
        -------
        dict of str to bytes
            The report first, then the pictures that lie beside it.

        Raises
        ------
        UsageError
            If there is no such map, or the template cannot become this format.
        InputError
            If the template fails, with ``file:line``.
        """
        name = name or next(iter(self.texts))
        if name not in self.texts:
            raise UsageError(
                f"no map {name!r}: expected one of {', '.join(self.texts)}.{suggest(name, self.texts)}"
            )
        chosen = template or our_template()
        own = chosen.language if template and form in OWN_FORM[chosen.language] else None
        if own is None and chosen.language != "markdown":
            made = ", ".join(sorted(OWN_FORM[chosen.language]))
            raise UsageError(
                f"{chosen.file}: this template makes {made} only; one in Markdown makes every format."
            )
        functions = Functions(self.texts, name, self.draw)
        printed = run_template(chosen.text, chosen.file, functions.functions(), functions.values())
        anchoring = Anchoring(value for value in printed.values if isinstance(value, Node))
        printed.values = [anchoring.settle(value) for value in printed.values]
        beside = _Beside(file_name, "pdf" if form == "tex" else "svg")
        try:
            if own:
                text = _woven(printed, own, beside)
                figures = [node for node in printed.values if isinstance(node, Node)]
                return {file_name: text.encode("utf-8"), **beside.pictures(figures)}
            document = self._document(printed, self.texts[name])
        except InputError as error:
            raise _located(error, chosen.file) from None
        return {file_name: _written(document, form, beside), **beside.pictures(document.content)}

    @staticmethod
    def _document(printed: Printed, page: Page) -> Document:
        """Return what a template in Markdown printed as a document; its front matter may give the title."""
        front, body = split_front_matter(printed)
        blocks = read_markdown(replace(printed, text=body))
        titles = [str(block) for block in blocks if isinstance(block, Heading) and block.level == 1]
        title = front.get("title")
        if isinstance(title, str) and not titles:
            blocks = (Heading(1, words(title)), *blocks)
        language = front.get("lang")
        chosen = title if isinstance(title, str) else titles[0] if titles else page.title
        return Document(chosen, language if isinstance(language, str) else page.language, blocks)


class _Beside:
    """The pictures that lie beside a report, and their names."""

    def __init__(self, file_name: str, suffix: str) -> None:
        stem = re.sub(r"[^A-Za-z0-9-]+", "-", Path(file_name).stem).strip("-") or "report"
        self.stem, self.suffix = stem, suffix
        self.wanted = False

    def name(self, figure: str) -> str:
        self.wanted = True
        return f"{self.stem}-{figure}.{self.suffix}"

    def pictures(self, nodes: list[Node] | tuple[Block, ...]) -> dict[str, bytes]:
        """Return the pictures that the report asks for."""
        if not self.wanted:
            return {}
        figures = [node for node in walk(nodes) if isinstance(node, Figure)]
        draw = {"svg": lambda picture: picture.svg.encode("utf-8"), "pdf": lambda picture: picture.pdf()}
        return {self.name(each.name): draw[self.suffix](each.picture) for each in figures}


def _woven(printed: Printed, language: str, beside: _Beside) -> str:
    match language:
        case "markdown":
            return weave_markdown(printed, MarkdownWriter(beside.name).node)
        case "tex":
            return weave_latex(printed, LatexWriter(beside.name).node)
    return weave_html(printed, html_writer(lambda node: write_fragment([node])))


def _written(document: Document, form: Format, beside: _Beside) -> bytes:
    match form:
        case "docx":
            return write_docx(document)
        case "pdf":
            return write_pdf(document)
        case "html":
            return write_html(document).encode("utf-8")
        case "tex":
            return LatexWriter(beside.name).document(document).encode("utf-8")
        case "md":
            return MarkdownWriter(beside.name).document(document).encode("utf-8")
        case "qmd":
            return _quarto(document, beside).encode("utf-8")


def _quarto(document: Document, beside: _Beside) -> str:
    """Write Quarto's Markdown: the title stands in the front matter, as Markdown in YAML."""
    title = next((each for each in document.content if isinstance(each, Heading) and each.level == 1), None)
    rest = replace(document, content=tuple(each for each in document.content if each is not title))
    front = {"title": escape_markdown(document.title), "lang": document.language}
    return write_front_matter(front) + "\n" + MarkdownWriter(beside.name).document(rest)


def _located(error: InputError, file: str) -> InputError:
    return InputError(*(Problem(each.position or Position(file), each.message) for each in error.problems))
