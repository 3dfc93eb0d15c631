"""Find the map that is to be embedded: a file that was built, or a map of a project.

In: what a user names. Out: an `embed.Subject`. What is printed for it is the work of `embed`.
"""

from __future__ import annotations

from pathlib import Path

from mapgen.embed import Subject, check_address, has_links, read_map
from mapgen.errors import UsageError
from mapgen.loading import load


def choose_subject(
    what: Path,
    *,
    name: str | None = None,
    url: str | None = None,
    picture: str | None = None,
    inline: bool = False,
) -> Subject:
    """Return the map that is to be embedded.

    Parameters
    ----------
    what : Path
        An HTML file that mapgen built, or a project.
    name : str, optional
        Which map of a project; the first by default.
    url : str, optional
        Its address; by default that of the project's ``address``, else its file name.
    picture : str, optional
        Address of a picture of it; by default the one that is built where the project has an ``address``.
    inline : bool
        Whether the whole map goes into the page.

    Raises
    ------
    UsageError
        If an address cannot be embedded, or there is no such map.
    InputError
        If the map or the project cannot be read.
    """
    if what.suffix.lower() in (".html", ".htm"):
        if name is not None:
            raise UsageError("--map chooses a map of a project; MAP.html is one already")
        html, title, linked = read_map(what)
        address, shown, alt = what.name, "", title
    else:
        project = load(what)
        made = project.map(name)
        text = project.texts()[made.name]
        html, title, linked, alt = made.html, text.title, has_links(made.html), text.title
        address = text.card.address if text.card else f"{made.name}.html"
        shown = text.card.picture if text.card else ""
    where = check_address(url) if url else "" if inline and "://" not in address else address
    return Subject(
        title=title,
        alt=alt,
        has_links=linked,
        address=where,
        html=html if inline else "",
        picture=check_address(picture) if picture else shown,
    )
