"""Run commands as cold processes and measure them.

In: commands. Out: wall time, CPU time and peak memory of each, as medians of interleaved runs, so that what
else the machine does falls on all of them alike. What the commands are for is not known here.

This process must stay smaller than those it measures: Linux counts the memory of the process that starts a
child as the child's own until the child's program is loaded.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

REPOSITORY = Path(__file__).resolve().parent.parent.parent

BYTES_OF_MAXRSS = 1 if os.uname().sysname == "Darwin" else 1024


Command = Callable[[int], Sequence[str]]
"""Returns the command of a run, given its number from 0: a cold build writes to a new folder each time."""


class FailedRunError(Exception):
    """A command that is to be measured ended with an error."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run of a command takes.

    Attributes
    ----------
    wall, cpu : float
        Seconds; `cpu` is user and system time of the process, which a busy machine changes less than `wall`.
    peak : float
        Largest resident memory in MiB.
    """

    wall: float
    cpu: float
    peak: float


def run_once(command: Sequence[str]) -> Cost:
    """Run a command in the repository and measure it.

    Raises
    ------
    FailedRunError
        If it ends with another status than 0; says what it wrote.
    """
    # A user's second run finds all modules compiled, and so do the runs that count here.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            text = said.read().decode("utf-8", "replace").strip()
            raise FailedRunError(f"{' '.join(command)} ended with {process.returncode}:\n{text}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * BYTES_OF_MAXRSS / 2**20)


def run_interleaved(commands: Mapping[str, Command], runs: int, *, warm_up: bool = True) -> dict[str, Cost]:
    """Run several commands in turn, and return the median of what each takes.

    Parameters
    ----------
    commands : mapping of str to Command
    runs : int
        Runs of each command that count.
    warm_up : bool
        Whether to run each once before, uncounted, so that files are in memory and modules compiled.

    Returns
    -------
    dict of str to Cost
        Medians, each figure by itself.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(runs + warm_up):
        for name, command in commands.items():
            costs[name].append(run_once(command(number)))
    counted = {name: several[warm_up:] for name, several in costs.items()}
    return {
        name: Cost(
            median(c.wall for c in several), median(c.cpu for c in several), median(c.peak for c in several)
        )
        for name, several in counted.items()
    }


def always(command: Sequence[str]) -> Command:
    """Return a command that is the same in each run."""
    return lambda _: command


def sizes(path: Path) -> tuple[int, int]:
    """Return a file's bytes, raw and gzipped."""
    content = path.read_bytes()
    return len(content), len(gzip.compress(content, 9, mtime=0))
