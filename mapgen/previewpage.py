"""Make the copies of a map that the preview serves: the published page, with a script and a style of its own.

In: pages as they are published. Out: pages that update themselves and take claims by pointing. The policy of
a copy allows what was added, by hash, and requests to the preview itself. What is published is never touched.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from mapgen.errors import Problem
from mapgen.page import join_modules, json_block, source_hash
from mapgen.templating import make_environment

ASSETS = Path(__file__).parent / "assets"
PATH = "/~mapgen/"
"""Where the preview answers its own script; no map has such a name."""

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
BARE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; script-src; style-src; img-src data:"

WORDS = {
    "add": "Add a claim",
    "aim": "Click what the claim is about: border, place, territory. Enter takes the middle of the map.",
    "broken": "Not updated: something is wrong. What you see is the last map that could be built.",
    "cancel": "Cancel",
    "choose": "Choose",
    "file": "File",
    "gone": "The preview has ended. Start it again with mapgen serve.",
    "heading": "A new claim",
    "hide": "Hide",
    "looking": "Looking what is there …",
    "lost": "This map is no longer in the project.",
    "more": "More fields",
    "optional": "optional",
    "save": "Save into {file}",
    "saved": "Saved. The map updates in a moment.",
    "where": "Where",
    "yaml": "As it will stand in the file",
}
"""The words that the preview's script uses; the preview speaks English, as the command line does."""


@dataclass(frozen=True, slots=True)
class Served:
    """What the preview shows at a moment.

    Attributes
    ----------
    pages : mapping of str to bytes
        Copies of the maps by file name.
    versions : mapping of str to str
        By file name; another version means that an open page is to be loaded again.
    problems : tuple of Problem
        What keeps the newest inputs from being built.
    """

    pages: Mapping[str, bytes]
    versions: Mapping[str, str]
    problems: tuple[Problem, ...] = ()

    def event(self) -> dict[str, Any]:
        """Return what open pages are told."""
        return {"versions": dict(self.versions), "problems": describe(self.problems)}


def describe(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Return problems as the page shows them: position and text, both plain text."""
    return [{"at": str(each.position or ""), "text": str(Problem(None, each.message))} for each in problems]


def serve_pages(pages: Mapping[str, str], token: str) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the copies of maps that are served, and their versions.

    Parameters
    ----------
    pages : mapping of str to str
        Published pages by file name.
    token : str
        What the copies' script proves itself by.

    Returns
    -------
    pages : dict of str to bytes
    versions : dict of str to str
    """
    style, script = read_assets()
    versions = {
        name: hashlib.sha256("\0".join((page, style, script, token)).encode("utf-8")).hexdigest()[:20]
        for name, page in pages.items()
    }
    made = {name: _copy(page, name, versions[name], token).encode("utf-8") for name, page in pages.items()}
    return made, versions


def waiting_page(token: str) -> bytes:
    """Return the page that stands in for maps while none could be built yet."""
    page = _environment().get_template("preview.html.jinja2").render(policy=Markup(BARE_POLICY))
    return _copy(page, "", "", token).encode("utf-8")


def forget() -> None:
    """Read the preview's own style and script again: somebody works on them."""
    read_assets.cache_clear()
    _environment.cache_clear()


@cache
def _environment() -> jinja2.Environment:
    return make_environment()


@cache
def read_assets() -> tuple[str, str]:
    """Return the style sheet and the script that copies have in addition."""
    folder = ASSETS / "preview"
    style = (folder / "preview.css").read_text("utf-8").replace("\r\n", "\n").strip()
    return style, join_modules(folder, "preview.js", shared=ASSETS / "js")


def _copy(page: str, name: str, version: str, token: str) -> str:
    """Put the preview's own parts into a page, and let its policy allow them."""
    style, script = read_assets()
    found = POLICY.search(page)
    if found is None:
        return page
    policy = re.sub(r"script-src", f"script-src {source_hash(script)}", found[1], count=1)
    policy = re.sub(r"style-src", f"style-src {source_hash(style)}", policy, count=1)
    head, _, rest = page[found.end(1) :].partition("</head>")
    body, _, end = rest.rpartition("</body>")
    parts = {
        "head": f"{page[: found.start(1)]}{policy}; connect-src 'self'{head}",
        "body": body,
        "end": end,
        "style": style,
        "script": script,
        "data": json_block({"page": name, "version": version, "token": token, "path": PATH, "words": WORDS}),
    }
    template = _environment().get_template("preview_copy.html.jinja2")
    return template.render({part: Markup(text) for part, text in parts.items()})


def to_event(value: Mapping[str, Any]) -> bytes:
    """Return a value as one server-sent event."""
    return f"data: {json.dumps(value, ensure_ascii=True)}\n\n".encode("ascii")
