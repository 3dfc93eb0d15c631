"""Write nodes of a document as HTML: one sealed file, the picture in it.

In: nodes. Out: HTML, by the templates of ``templates/report/``. The whole document asks for nothing and runs
nothing; its policy allows its own style sheet by hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from mapgen.report.document import Block, Document, Node, Picture
from mapgen.report.escaping import one_line
from mapgen.scripts import direction_of
from mapgen.templating import TEMPLATES, make_environment

STYLE = TEMPLATES.parent / "assets" / "report.css"


def write_html(document: Document) -> str:
    """Return a whole document."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{digest}'; img-src data:"
    )
    template = _environment().get_template("report/document.html.jinja2")
    return (
        template.render(
            document=document,
            direction=direction_of(document.language),
            style=Markup(style),
            policy=Markup(policy),
        )
        + "\n"
    )


def write_fragment(nodes: Iterable[Block | Node]) -> str:
    """Return nodes for a page of somebody else's."""
    return _environment().get_template("report/fragment.html.jinja2").render(nodes=tuple(nodes)).strip()


@cache
def _environment() -> jinja2.Environment:
    environment = make_environment(_shown)
    environment.tests["kind"] = lambda node, name: type(node).__name__ == name
    environment.filters["as_listed"] = _as_listed
    environment.filters["picture_address"] = _picture_address
    return environment


def _shown(value: Any) -> Any:
    """Show text as every other format of a report does."""
    return one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _as_listed(text: str) -> Markup:
    """Keep the lines of a listed text."""
    return Markup("\n").join(one_line(line) for line in text.rstrip("\n").split("\n"))


def _picture_address(picture: Picture) -> str:
    """Return a picture as a ``data:`` address."""
    data = base64.b64encode(picture.svg.encode("utf-8")).decode("ascii")
    return f"data:image/svg+xml;base64,{data}"


@cache
def _style() -> str:
    bare = re.sub(r"/\*.*?\*/", "", STYLE.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", bare).strip()
