"""A directive for Sphinx, and so for MyST: ``.. mapgen:: mapgen.yaml`` shows a map.

In: the path of a project, beginning at the document, or with a slash at the folder of ``conf.py``, and
options ``:map:`` (its name) and ``:no-script:`` (the frame keeps its height). Out: in HTML the whole map in a
frame; in other formats its title and its claims. The document is made again when the project changes.
"""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.addnodes import only
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from mapgen import __version__, load
from mapgen.embed import Subject, embed, has_links
from mapgen.errors import MapgenError
from mapgen.page import Page


class MapgenDirective(SphinxDirective):
    """Shows a map of a project."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {"map": directives.unchanged, "no-script": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return the nodes of the map, or an error that names the document and the line."""
        _, path = self.env.relfn2path(self.arguments[0])
        try:
            project = load(path)
            made = project.map(self.options.get("map"))
            text = project.texts()[made.name]
            for file in project.files():
                self.env.note_dependency(str(file.resolve()))
        except MapgenError as error:
            raise self.error(str(error)) from None
        subject = Subject(title=text.title, alt=text.title, has_links=has_links(made.html), html=made.html)
        html = embed(subject, script="no-script" not in self.options)
        shown = only("", nodes.raw("", html, format="html"), expr="html")
        return [shown, only("", *_plain(text), expr="not html")]


def _plain(text: Page) -> list[nodes.Node]:
    """Return what a format without frames gets."""
    claims = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
    for claim in text.claims:
        claims += nodes.list_item("", nodes.paragraph("", claim.claim))
    return [nodes.paragraph("", "", nodes.strong("", text.title)), claims]


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive to Sphinx."""
    app.add_directive("mapgen", MapgenDirective)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
