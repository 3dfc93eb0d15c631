"""The commands for maps that are built: take out what they carry, verify them, tell editions apart.

In: arguments. Out: messages and files. What a command does, it does in the stage that it is named after,
imported when it is needed.
"""

from __future__ import annotations

from pathlib import Path

import click

from mapgen.cli.console import progress
from mapgen.errors import InputError, visible


@click.command(short_help="Write the project that a map carries into a new folder.")
@click.argument("page", metavar="MAP.html", type=click.Path(path_type=Path))
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), help="Folder to make.")
def extract(page: Path, output: Path) -> None:
    """Write the project that a map carries, claims and sources, into a new folder."""
    from mapgen.extract import extract_project

    made = extract_project(page, output)
    for path in made.files:
        click.echo(f"wrote {visible(str(path))}")
    for note in made.notes:
        click.echo(visible(note), err=True)
    click.echo(f"Next: mapgen build {visible(str(output))}")


@click.command(short_help="Tell whether a map is whole, and whether it is current.")
@click.argument("page", metavar="MAP.html", type=click.Path(path_type=Path))
@click.option(
    "--project", "-p", type=click.Path(path_type=Path), help="Compare it with this project [default: here]."
)
def verify(page: Path, project: Path | None) -> None:
    """Tell whether a map is as it was built, and whether its project would give the same map now."""
    from mapgen.project import PROJECT_FILE
    from mapgen.verify import describe_verdict, verify_map

    here = project or (Path(PROJECT_FILE) if Path(PROJECT_FILE).exists() else None)
    verdict = verify_map(page, here)
    good, bad = describe_verdict(verdict, page, here)
    for line in good:
        click.echo(visible(line))
    if bad:
        raise InputError(*bad)


@click.command(short_help="Tell what changed between two editions.")
@click.argument("old")
@click.argument("new", default=".")
@click.option(
    "--project",
    "-p",
    default="mapgen.yaml",
    type=click.Path(path_type=Path),
    help="Whose git revisions are meant [default: here].",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json", "html"]), default="text", help="Form."
)
@click.option("--output", "-o", type=click.Path(path_type=Path), help="File to write to [default: print it].")
def diff(old: str, new: str, project: Path, form: str, output: Path | None) -> None:
    """Tell what changed from OLD to NEW: a project, a map (MAP.html), or a git revision such as HEAD~1.

    Without NEW, the project here is meant.
    """
    from mapgen.changesmap import write_changes
    from mapgen.edition import save_edition

    with progress() as tell:
        tell("comparing")
        text = write_changes(old, new, project, form)
    if output is None:
        click.echo(text, nl=False)
    else:
        save_edition(output.parent, {output.name: text})
        click.echo(f"wrote {visible(str(output))}")
