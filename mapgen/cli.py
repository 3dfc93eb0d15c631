"""The command line: ``mapgen init``, ``build``, ``check``, ``borders``, ``export`` and more.

In: arguments. Out: messages, files and an exit status: 0 fine, 1 the input is wrong, 2 the command line is
wrong, 130 interrupted. Only this module prints or ends the process. What a command does, it does in the stage
that it is named after, imported when it is needed.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from mapgen import __version__
from mapgen.errors import InputError, MapgenError, UsageError, visible
from mapgen.pictureflags import PICTURES, make, picture_flags, refuse_flags

if TYPE_CHECKING:
    from mapgen.model import Finding
    from mapgen.rebuilding import Built

PROJECT = click.argument("project", default="mapgen.yaml", type=click.Path(path_type=Path))
INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="mapgen")
def cli() -> None:
    """Make maps of sourced claims about borders.

    A project is a folder with a mapgen.yaml. `mapgen init DIR` writes a small one to begin with; `mapgen
    build` there writes its maps to output/, one HTML file each, which work anywhere and without a network.
    """


@cli.command()
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


@cli.command()
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

    with _progress() as tell:
        loaded = mapgen.load(project, cache=not no_cache)
        findings = loaded.check(tell)
    INTERRUPTION.end()
    _report(findings)
    _stop(findings, strict, ": nothing was written")
    with _progress() as tell:
        written = loaded.build(output, tell)
    if loaded.unchanged:
        click.echo(f"nothing changed: {visible(str(written[0].parent))}{os.sep} is current")
    for path in () if loaded.unchanged else written:
        click.echo(f"wrote {visible(str(path))} ({path.stat().st_size:,} bytes)")
    for path in mapgen.loading.older_maps(written):
        click.echo(f"{visible(str(path))} was not written by this build: an older map", err=True)


@cli.command(short_help="Build, show in the browser, and update on each save.")
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


@cli.command()
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

    with _progress() as tell:
        loaded = mapgen.load(project)
        found = loaded.check(tell)
    write = {"text": report.write_text, "json": report.write_json, "github": report.write_github}[form]
    click.echo(write(found, loaded.set_aside()) or "no findings", err=form == "text" and bool(found))
    _stop(found, strict)


@cli.command(short_help="List borders with their lengths, or describe one.")
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

    with _progress() as tell:
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


@cli.command(short_help="Print the JSON Schema of a project's files, for editors.")
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


@cli.command(short_help="Write claims or a picture of a map in a format that others read.")
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

    content: str | bytes
    with _progress() as tell:
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


@cli.command("embed", short_help="Print what to paste into a page of your own.")
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

    with _progress() as tell:
        tell("reading the map")
        subject = choose_subject(what, name=name, url=url, picture=picture, inline=inline)
    click.echo(embed.embed(subject, script=not no_script), nl=False)
    if no_script:
        click.echo(f"In the style sheet of your page: {embed.STYLE}", err=True)
    allowed = "; ".join(embed.policy(subject, script=not no_script))
    click.echo(f"If your page has a Content-Security-Policy, it needs: {allowed}", err=True)


@cli.command(short_help="Write a report: map, claims, sources, method.")
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
    with _progress() as tell:
        tell("writing the report")
        written = mapgen.load(project).report(output, form=form, name=name, template=template)
    for path in written:
        click.echo(f"wrote {visible(str(path))} ({path.stat().st_size:,} bytes)")


@cli.command(short_help="Write the project that a map carries into a new folder.")
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


@cli.command(short_help="Tell whether a map is whole, and whether it is current.")
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


@cli.command(short_help="Tell what changed between two editions.")
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

    with _progress() as tell:
        tell("comparing")
        text = write_changes(old, new, project, form)
    if output is None:
        click.echo(text, nl=False)
    else:
        save_edition(output.parent, {output.name: text})
        click.echo(f"wrote {visible(str(output))}")


@cli.command(short_help="Write a spreadsheet to fill in with claims.")
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


def _build_on_changes(project: Path, output: Path | None, strict: bool) -> None:
    """Build, and again whenever an input is saved."""
    from mapgen.rebuilding import Rebuilder

    with INTERRUPTION.expected(), Rebuilder(project, output, strict=strict) as rebuilder:
        for built in rebuilder.builds():
            _tell(built)


def _tell(built: Built) -> None:
    """Say what a build came to that nobody asked for by itself."""
    _report(built.findings)
    if built.problems:
        click.echo(str(InputError(*built.problems)), err=True)
        click.echo("not built; the maps from before are as they were. Mend it and save.", err=True)
        return
    files = ", ".join(visible(str(path)) for path in built.written)
    click.echo(f"wrote {files} in {built.seconds:.1f} s; watching for changes")


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Say what is going on, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: INTERRUPTION.end()
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status("reading the project") as status:

        def tell(what: str) -> None:
            INTERRUPTION.end()
            status.update(escape(visible(what)))

        yield tell


def _report(findings: Sequence[Finding]) -> None:
    """Print findings, one a line, where errors are printed too."""
    from mapgen.findings import write_text

    if findings:
        click.echo(write_text(findings), err=True)


def _stop(findings: Sequence[Finding], strict: bool, then: str = "") -> None:
    """End with status 1 if findings stand against the project, saying what comes of it."""
    wrong = {"error", "warning"} if strict else {"error"}
    count = sum(finding.severity in wrong for finding in findings)
    if count:
        noun = "finding" if count == 1 else "findings"
        raise InputError(f"{count} {noun} of severity {' or '.join(sorted(wrong))}{then}")


class Interruption:
    """Remembers that a user interrupted: a library that is being imported may swallow the exception."""

    def __init__(self) -> None:
        self.came = False

    def watch(self) -> None:
        """Take note of interruptions from now on."""
        with suppress(ValueError):  # only the main thread has signals
            signal.signal(signal.SIGINT, self._note)

    def _note(self, *_: object) -> NoReturn:
        self.came = True
        raise KeyboardInterrupt

    def end(self) -> None:
        """Raise it again if it was swallowed."""
        if self.came:
            raise KeyboardInterrupt

    @contextmanager
    def expected(self) -> Iterator[None]:
        """Take it for the way to end what goes on without end: the exit status is 0 then."""
        try:
            yield
        except KeyboardInterrupt:
            self.came = False


INTERRUPTION = Interruption()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit status."""
    # A run is short and keeps what it makes: looking for garbage would take a tenth of its time.
    gc.disable()
    _write_everything()
    INTERRUPTION.watch()
    try:
        status = cli.main(arguments, prog_name="mapgen", standalone_mode=False)
        INTERRUPTION.end()
        sys.exit(status)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        shown = StringIO()
        error.show(shown)
        click.echo("\n".join(map(visible, shown.getvalue().splitlines())), err=True)
        sys.exit(UsageError.exit_status)
    except MapgenError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_status)


def _write_everything() -> None:
    """Let streams spell out what their encoding cannot write: no message fails for a name in it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
