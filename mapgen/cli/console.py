"""What all commands share: how they say what goes on, report findings, and are interrupted.

In: what commands want to say. Out: messages on the terminal. What is said is decided by the commands.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from mapgen.errors import InputError, visible

if TYPE_CHECKING:
    from mapgen.model import Finding

PROJECT = click.argument("project", default="mapgen.yaml", type=click.Path(path_type=Path))
"""The project that most commands take: a mapgen.yaml or its folder."""


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


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
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


def report_findings(findings: Sequence[Finding]) -> None:
    """Print findings, one a line, where errors are printed too."""
    from mapgen.findings import write_text

    if findings:
        click.echo(write_text(findings), err=True)


def stop_at(findings: Sequence[Finding], strict: bool, then: str = "") -> None:
    """End with status 1 if findings stand against the project, saying what comes of it."""
    wrong = {"error", "warning"} if strict else {"error"}
    count = sum(finding.severity in wrong for finding in findings)
    if count:
        noun = "finding" if count == 1 else "findings"
        raise InputError(f"{count} {noun} of severity {' or '.join(sorted(wrong))}{then}")


def write_everything() -> None:
    """Let streams spell out what their encoding cannot write: no message fails for a name in it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
