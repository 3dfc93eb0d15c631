"""Print what an author pastes into a page of their own: a map in a frame, by its address or whole.

In: a map's title, its address or its HTML, and a picture to fall back on. Out: HTML for a page of somebody
else's, and what that page's policy has to allow. The frame is sealed off: it may run its own scripts and open
sources in a new window, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from mapgen.errors import InputError, Position, Problem, UsageError, quoted
from mapgen.page import link, visible
from mapgen.templating import TEMPLATES, make_environment

RECEIVER = TEMPLATES.parent / "assets" / "embed.js"
HEIGHT = 560
"""Pixels, until the map has told its own height; a phone shows a small frame of this height whole."""

SANDBOX = "allow-scripts"
LINKS = "allow-popups allow-popups-to-escape-sandbox"
"""What a frame may do besides, where its map has links to sources: open them as any other page."""

STYLE = "iframe.mapgen { width: 100%; height: auto; aspect-ratio: 16 / 10; min-height: 480px; border: 0; }"
"""The style of a frame whose page runs no script."""

LARGEST = 64 * 1024 * 1024
"""Bytes of a map."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """The map to embed.

    Attributes
    ----------
    title, alt : str
        Its title, and what its picture shows.
    has_links : bool
        Whether it links to sources.
    address : str
        Where it is published, or its file name; empty for a map that goes into the page whole.
    html : str
        The whole map; empty for one that is shown by its address.
    picture : str
        Address of a picture of it; empty without.
    """

    title: str
    alt: str
    has_links: bool
    address: str = ""
    html: str = ""
    picture: str = ""


def embed(subject: Subject, *, script: bool = True) -> str:
    """Return what to paste: a frame, what fits its height, a picture for those without scripts, and a link.

    Parameters
    ----------
    subject : Subject
    script : bool
        Whether the page that it is pasted into may run a script; without, the frame's height stays.
    """
    template = make_environment(visible).get_template("embed/snippet.html.jinja2")
    return template.render(
        title=subject.title,
        alt=subject.alt,
        address=subject.address,
        page=subject.html,
        picture=subject.picture,
        script=Markup(receiver()) if script else "",
        sandbox=f"{SANDBOX} {LINKS}" if subject.has_links else SANDBOX,
        height=HEIGHT,
    )


@cache
def receiver() -> str:
    """Return the script that gives frames their height, on one line."""
    text = re.sub(r"^\s*//.*\n", "", RECEIVER.read_text("utf-8"), flags=re.MULTILINE)
    return re.sub(r"\s*\n\s*", "", text)


def policy(subject: Subject, *, script: bool = True) -> list[str]:
    """Return what the Content-Security-Policy of the page has to allow, where it has one."""
    told = []
    if script:
        digest = base64.b64encode(hashlib.sha256(receiver().encode("utf-8")).digest()).decode("ascii")
        told.append(f"script-src 'sha256-{digest}'")
    if subject.html:
        return [
            *told,
            "a map inside the page also takes over the page's policy: under a strict one, use --url",
        ]
    where = urlsplit(subject.address)
    return [*told, f"frame-src {where.scheme}://{where.netloc}" if where.netloc else "frame-src 'self'"]


def check_address(text: str) -> str:
    """Return an address that a frame may show.

    Raises
    ------
    UsageError
        If it is none of the web, or has blanks or quotation marks.
    """
    if link(text) and text.lower().startswith(("https://", "http://")):
        return text
    raise UsageError(f"{quoted(text)} is not an address that can be embedded: expected one with https://")


def map_address(home: str, file_name: str) -> str:
    """Return the address of a map in the folder that a project publishes in."""
    return f"{home.rstrip('/')}/{quote(file_name)}"


def card_name(name: str) -> str:
    """Return the file name of the picture that other sites show of a map."""
    return f"{name}.png"


def read_map(path: Path) -> tuple[str, str, bool]:
    """Read a map that has been built.

    Returns
    -------
    html, title : str
    has_links : bool

    Raises
    ------
    InputError
        If it cannot be read, or mapgen did not make it.
    """
    at = Position(path.as_posix())
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(Problem(at, f"the file is larger than {LARGEST // 1024 // 1024} MiB: no map."))
        html = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise InputError(Problem(at, f"the map cannot be read ({reason}).")) from None
    head = _Head()
    head.feed(html[: html.find("<body") + 1 or None])
    if not head.generator.startswith("Made with mapgen"):
        raise InputError(Problem(at, "this is no map of mapgen's. Expected an HTML file that mapgen built."))
    return html, head.title.strip(), has_links(html)


def has_links(html: str) -> bool:
    """Tell whether a map links to sources."""
    return 'rel="noopener noreferrer"' in html


class _Head(HTMLParser):
    """Reads the head of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.generator = "", ""
        self.in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the generator, and where the title begins."""
        said = dict(attrs)
        self.in_title = tag == "title"
        if tag == "meta" and said.get("name") == "generator":
            self.generator = said.get("content") or ""

    def handle_endtag(self, tag: str) -> None:
        """Note where the title ends."""
        self.in_title = False

    def handle_data(self, data: str) -> None:
        """Take the title."""
        if self.in_title:
            self.title += data
