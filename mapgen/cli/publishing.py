"""The commands for what goes elsewhere: claims and pictures in other formats, embeds, reports.

In: arguments. Out: messages and files. What a command does, it does in the stage that it is named after,
imported when it is needed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from mapgen.cli.console import PROJECT, progress
from mapgen.cli.pictureflags import PICTURES, make, picture_flags, refuse_flags
from mapgen.errors import UsageError, visible


@click.command(short_help="Write claims or a picture of a map in a format that others read.")
@click.argument(
    "format", type=click.Choice(["claimreview", "csv", "geojson", "jsonld", "kml", "pdf", "png", "svg"])
)
@PROJECT
@click.option("--output", "-o", type=click.Path(path_type=Path), help="File to write to [default: print it].")
@picture_flags
def export(format: str, project: Path, output: Path | None, **flags: Any) -> None:
    """Write the claims of PROJECT, or a picture of a map (pdf, png, svg)."""
    import mapgen
    from mapgen.edition import save_edition
    from mapgen.writers.export import export_project

    if output is None and format in ("png", "pdf") and sys.stdout.isatty():
        raise UsageError(f"a {format} is nothing for a terminal: name a file, --output map.{format}")
    content: str | bytes
    with progress() as tell:
        tell(f"writing {format}")
        if format in PICTURES:
            made = make(mapgen.load(project), format, flags, tell)
            content, remarks = made.content, made.remarks
        else:
            refuse_flags(format, flags)
            exported = export_project(mapgen.load(project).project, format)
            content, remarks = exported.text, tuple(f"not in {format}: {what}" for what in exported.lost)
    for remark in remarks:
        click.echo(visible(remark), err=True)
    if output is None:
        click.echo(content, nl=False)
    else:
        save_edition(output.parent, {output.name: content})
        click.echo(f"wrote {visible(str(output))}")


@click.command("embed", short_help="Print what to paste into a page of your own.")
@click.argument(
    "what", metavar="[MAP.html | PROJECT]", default="mapgen.yaml", type=click.Path(path_type=Path)
)
@click.option("--map", "name", help="Which map of PROJECT [default: the first].")
@click.option("--url", help="Address of the map [default: by the project's own, or its file name].")
@click.option("--picture", help="Address of a picture of it, for readers without scripts.")
@click.option("--inline", is_flag=True, help="Put the whole map into the page.")
@click.option("--no-script", is_flag=True, help="For a page that runs no scripts: the height stays.")
def embed_map(
    what: Path, name: str | None, url: str | None, picture: str | None, inline: bool, no_script: bool
) -> None:
    """Print HTML that shows a map in a page of your own."""
    from mapgen import embed
    from mapgen.embedding import choose_subject

    with progress() as tell:
        tell("reading the map")
        subject = choose_subject(what, name=name, url=url, picture=picture, inline=inline)
    click.echo(embed.embed(subject, script=not no_script), nl=False)
    if no_script:
        click.echo(f"In the style sheet of your page: {embed.STYLE}", err=True)
    allowed = "; ".join(embed.policy(subject, script=not no_script))
    click.echo(f"If your page has a Content-Security-Policy, it needs: {allowed}", err=True)


@click.command(short_help="Write a report: map, claims, sources, method.")
@PROJECT
@click.option("--output", "-o", type=click.Path(path_type=Path), help="File to write to.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "md", "qmd", "docx", "tex", "pdf"]),
    help="As the file's name.",
)
@click.option("--map", "name", help="Map whose claims and numbers it has [default: the first].")
@click.option(
    "--template", type=click.Path(path_type=Path), help="Your own text with {{ map() }}, {{ claim(...) }}."
)
@click.option("--show-template", is_flag=True, help="Print mapgen's own template, to begin with.")
def report(
    project: Path,
    output: Path | None,
    form: str | None,
    name: str | None,
    template: Path | None,
    show_template: bool,
) -> None:
    """Write a report of PROJECT: title, map, claims by layer, sources, method and disclaimer."""
    import mapgen
    from mapgen.report.making import our_template

    if show_template:
        click.echo(our_template().text, nl=False)
        return
    if output is None:
        raise UsageError("mapgen report needs --output FILE, such as report.docx")
    with progress() as tell:
        tell("writing the report")
        written = mapgen.load(project).report(output, form=form, name=name, template=template)
    for path in written:
        click.echo(f"wrote {visible(str(path))} ({path.stat().st_size:,} bytes)")
