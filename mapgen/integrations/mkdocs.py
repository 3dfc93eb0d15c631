"""A hook for MkDocs: a fenced block ``mapgen`` in a page becomes a map.

In: the Markdown of a page. Out: the same with a frame for each such block, and the maps as files of the site,
in ``maps/``. A hook of one line in the site's own folder brings it in:
``from mapgen.integrations.mkdocs import on_page_markdown``.
"""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from mapgen import load
from mapgen.embed import Subject, embed, has_links
from mapgen.errors import MapgenError

FOLDER = "maps"
KEYS = ("project", "map")
_BLOCK = re.compile(r"^```[ \t]*mapgen[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put a frame in the place of each block.

    Raises
    ------
    PluginError
        If a block or its project is wrong; names the page and the line.
    """

    def show(block: re.Match[str]) -> str:
        line = markdown[: block.start()].count("\n") + 1
        try:
            return _show(_settings(block[1]), page, config, files)
        except (MapgenError, ValueError) as error:
            raise PluginError(f"{page.file.src_uri}:{line}: {error}") from None

    return _BLOCK.sub(show, markdown)


def _settings(text: str) -> dict[str, str]:
    """Read the lines of a block: ``key: value``."""
    settings = {}
    for line in filter(str.strip, text.splitlines()):
        key, colon, value = line.partition(":")
        if key.strip() not in KEYS or not colon:
            raise ValueError(
                f"{line.strip()!r} is not a setting of a map: expected {' or '.join(KEYS)}, ':' and a value"
            )
        settings[key.strip()] = value.strip()
    return settings


def _show(settings: dict[str, str], page: Page, config: MkDocsConfig, files: Files) -> str:
    home = Path(config.config_file_path).parent if config.config_file_path else Path()
    project = load(home / settings.get("project", "mapgen.yaml"))
    made = project.map(settings.get("map"))
    name = f"{FOLDER}/{made.name}.html"
    known = files.get_file_from_path(name)
    if known is not None and known.content_string != made.html:
        raise ValueError(f"{name} is there already: give the maps of this site different names")
    if known is None:
        files.append(File.generated(config, name, content=made.html))
    title = project.texts()[made.name].title
    address = get_relative_url(name, page.url)
    return embed(Subject(title=title, alt=title, has_links=has_links(made.html), address=address))
