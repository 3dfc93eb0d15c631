"""The commands for work on a project: begin one, build it, check it, look at its borders.

In: arguments. Out: messages and files. What a command does, it does in the stage that it is named after,
imported when it is needed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mapgen.cli.console import INTERRUPTION, PROJECT, progress, report_findings, stop_at
from mapgen.errors import InputError, UsageError, visible

if TYPE_CHECKING:
    from mapgen.rebuilding import Built


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--example", is_flag=True, help="Write the default project, the borders north of Afghanistan.")
def init(folder: Path, example: bool) -> None:
    """Write a small project of one's own into FOLDER, ready to build."""
    from mapgen.starting import start_project

    written = start_project(folder, example=example)
    for path in written:
        click.echo(f"wrote {visible(str(path))}")
    files = ", ".join(visible(str(path)) for path in written if path.suffix == ".yaml")
    click.echo(f"Yours to edit: {files}")
    click.echo(f"Next: mapgen build {visible(str(folder))}")


@click.command()
@PROJECT
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="Folder to write to [default: output/ in the project].",
)
@click.option("--strict", is_flag=True, help="Write nothing if a check warns.")
@click.option("--watch", is_flag=True, help="Build again whenever an input is saved, until Ctrl-C.")
@click.option("--no-cache", is_flag=True, help="Make everything anew, and keep nothing for the next build.")
def build(project: Path, output: Path | None, strict: bool, watch: bool, no_cache: bool) -> None:
    """Build the maps of PROJECT, a mapgen.yaml or its folder."""
    import mapgen

    if watch:
        _build_on_changes(project, output, strict)
        return

    with progress() as tell:
        loaded = mapgen.load(project, cache=not no_cache)
        findings = loaded.check(tell)
    INTERRUPTION.end()
    report_findings(findings)
    stop_at(findings, strict, ": nothing was written")
    with progress() as tell:
        written = loaded.build(output, tell)
    if loaded.unchanged:
        click.echo(f"nothing changed: {visible(str(written[0].parent))}{os.sep} is current")
    for path in () if loaded.unchanged else written:
        click.echo(f"wrote {visible(str(path))} ({path.stat().st_size:,} bytes)")
    for path in mapgen.loading.older_maps(written):
        click.echo(f"{visible(str(path))} was not written by this build: an older map", err=True)


def _build_on_changes(project: Path, output: Path | None, strict: bool) -> None:
    """Build, and again whenever an input is saved."""
    from mapgen.rebuilding import Rebuilder

    with INTERRUPTION.expected(), Rebuilder(project, output, strict=strict) as rebuilder:
        for built in rebuilder.builds():
            _tell(built)


def _tell(built: Built) -> None:
    """Say what a build came to that nobody asked for by itself."""
    report_findings(built.findings)
    if built.problems:
        click.echo(str(InputError(*built.problems)), err=True)
        click.echo("not built; the maps from before are as they were. Mend it and save.", err=True)
        return
    files = ", ".join(visible(str(path)) for path in built.written)
    click.echo(f"wrote {files} in {built.seconds:.1f} s; watching for changes")


@click.command(short_help="Build, show in the browser, and update on each save.")
@PROJECT
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to serve on; 0 for any [default: 8000, or any]."
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="Folder to write to [default: output/ in the project].",
)
def serve(project: Path, port: int | None, output: Path | None) -> None:
    """Build the maps of PROJECT, serve them to this machine only, and update open pages on each save.

    A page that is served can be clicked to add a claim. Ctrl-C ends it.
    """
    from mapgen.preview import Preview

    with INTERRUPTION.expected(), Preview(project, output, port) as preview:
        click.echo(f"serving {preview.address} to this machine; Ctrl-C ends it")
        for built in preview.builds():
            _tell(built)


@click.command()
@PROJECT
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="For people, for programs, or for a code host's workflow.",
)
def check(project: Path, strict: bool, form: str) -> None:
    """Check PROJECT and report findings; writes nothing."""
    import mapgen
    from mapgen import findings as report

    with progress() as tell:
        loaded = mapgen.load(project)
        found = loaded.check(tell)
    write = {"text": report.write_text, "json": report.write_json, "github": report.write_github}[form]
    click.echo(write(found, loaded.set_aside()) or "no findings", err=form == "text" and bool(found))
    stop_at(found, strict)


@click.command(short_help="List borders with their lengths, or describe one.")
@click.argument("territories", nargs=-1, metavar="[LEFT RIGHT]")
@click.option(
    "--project",
    "-p",
    default="mapgen.yaml",
    type=click.Path(path_type=Path),
    help="A mapgen.yaml or its folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def borders(territories: tuple[str, ...], project: Path, as_json: bool) -> None:
    """List the borders of a project's territories, or describe the one of LEFT and RIGHT.

    Without a project, the bundled boundaries are used.
    """
    if len(territories) not in (0, 2):
        raise UsageError(
            "mapgen borders takes two codes, such as AFG TJK, or none for all borders of the project"
        )
    from mapgen.listing import describe_border, list_borders

    with progress() as tell:
        tell("reading boundaries")
        found = [describe_border(project, *territories)] if territories else list_borders(project)
    if as_json:
        click.echo(json.dumps(found[0] if territories else found))
        return
    for each in found:
        parts = f", {each['parts']} parts" if each["parts"] > 1 else ""
        click.echo(f"{each['left']}-{each['right']}  {each['length_km']:>8,.0f} km{parts}")
    if found:
        dataset = found[0]["dataset"]
        click.echo(f"Geodesic lengths in {dataset}; published ones are often longer: data is generalised.")


@click.command(short_help="Print the JSON Schema of a project's files, for editors.")
@click.argument("part", type=click.Choice(["project", "annotations", "sources"]), required=False)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="Write all three into this folder instead."
)
def schema(part: str | None, output: Path | None) -> None:
    """Print the JSON Schema of a project's files, for editors to complete and check them."""
    from mapgen import schema as schemas

    made = {
        "project": schemas.project_schema,
        "annotations": schemas.annotations_schema,
        "sources": schemas.sources_schema,
    }
    if output is None:
        click.echo(json.dumps(made[part or "project"](), indent=2))
        return
    from mapgen.edition import save_edition

    files = {
        f"{name}.schema.json": json.dumps(make(), indent=2, ensure_ascii=False) + "\n"
        for name, make in made.items()
    }
    for path in save_edition(output, files):
        click.echo(f"wrote {visible(str(path))}")


@click.command(short_help="Write a spreadsheet to fill in with claims.")
@click.argument("file", metavar="FILE.xlsx", type=click.Path(path_type=Path))
@click.option(
    "--project",
    "-p",
    type=click.Path(path_type=Path),
    help="Whose layers and sources it offers [default: here].",
)
def template(file: Path, project: Path | None) -> None:
    """Write a spreadsheet to fill in, with drop-down lists and explanations."""
    from mapgen.project import PROJECT_FILE, read_declared
    from mapgen.template import save_template

    home = project or Path(PROJECT_FILE)
    layers, sources = read_declared(home) if project or home.exists() else ([], [])
    save_template(file, layers, sources)
    click.echo(f"wrote {visible(str(file))}")
    click.echo(f"Fill it in, and name it under 'annotations' in {PROJECT_FILE}.")
