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
from types import FrameType
from typing import TYPE_CHECKING

import click

from mapgen.errors import InputError, visible

if TYPE_CHECKING:
    from mapgen.model import Finding

PROJECT = click.argument("project", default="mapgen.yaml", type=click.Path(path_type=Path))
"""The project that most commands take: a mapgen.yaml or its folder."""


LOOK_AGAIN = 0.02
"""Seconds after which it is looked again whether an interrupted import has ended."""


class Interruption:
    """Remembers that a user interrupted, and ends what goes on as soon as no library is being imported.

    An import that is interrupted may swallow that, fail with anything, or print a traceback of its own.
    """

    def __init__(self) -> None:
        self.came = False

    def watch(self) -> None:
        """Take note of interruptions from now on."""
        with suppress(ValueError):  # only the main thread has signals
            signal.signal(signal.SIGINT, self._note)
            if hasattr(signal, "setitimer"):
                signal.signal(signal.SIGALRM, self._note)

    def _note(self, _: int, frame: FrameType | None) -> None:
        self.came = True
        if hasattr(signal, "setitimer") and _is_importing(frame):
            signal.setitimer(signal.ITIMER_REAL, LOOK_AGAIN)
        else:
            self.end()

    def end(self) -> None:
        """End what goes on if a user interrupted it."""
        if self.came:
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_REAL, 0)
            raise KeyboardInterrupt

    @contextmanager
    def expected(self) -> Iterator[None]:
        """Take it for the way to end what goes on without end: the exit status is 0 then."""
        try:
            yield
        except KeyboardInterrupt:
            self.came = False


def _is_importing(frame: FrameType | None) -> bool:
    """Tell whether what a frame does is part of an import."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


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
