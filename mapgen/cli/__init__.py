"""The command line: ``mapgen init``, ``build``, ``check``, ``borders``, ``export`` and more.

In: arguments. Out: messages, files and an exit status: 0 fine, 1 the input is wrong, 2 the command line is
wrong, 130 interrupted. Only this package prints or ends the process.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from io import StringIO
from typing import NoReturn

import click

from mapgen import __version__
from mapgen.cli import editions, publishing, working
from mapgen.cli.console import INTERRUPTION, write_everything
from mapgen.errors import MapgenError, UsageError, visible

INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="mapgen")
def cli() -> None:
    """Make maps of sourced claims about borders.

    A project is a folder with a mapgen.yaml. `mapgen init DIR` writes a small one to begin with; `mapgen
    build` there writes its maps to output/, one HTML file each, which work anywhere and without a network.
    """


for command in (
    working.init,
    working.build,
    working.serve,
    working.check,
    working.borders,
    working.schema,
    working.template,
    publishing.export,
    publishing.embed_map,
    publishing.report,
    editions.extract,
    editions.verify,
    editions.diff,
):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit status."""
    # A run is short and keeps what it makes: looking for garbage would take a tenth of its time.
    gc.disable()
    # Looking for plugins, pydantic would read what every installed package says of itself.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    write_everything()
    INTERRUPTION.watch()
    try:
        status = cli.main(arguments, prog_name="mapgen", standalone_mode=False)
        INTERRUPTION.end()
        sys.exit(status)
    except (KeyboardInterrupt, click.Abort):
        _end_interrupted()
    except click.ClickException as error:
        shown = StringIO()
        error.show(shown)
        click.echo("\n".join(map(visible, shown.getvalue().splitlines())), err=True)
        sys.exit(UsageError.exit_status)
    except Exception as error:
        # An import that is interrupted may fail with anything.
        if INTERRUPTION.came:
            _end_interrupted()
        if not isinstance(error, MapgenError):
            raise
        click.echo(str(error), err=True)
        sys.exit(error.exit_status)


def _end_interrupted() -> NoReturn:
    click.echo("interrupted", err=True)
    sys.exit(INTERRUPTED)
