"""Build in processes that die: at any moment, by SIGKILL, while files are written too.

In: two states of a project. Out: what is in the output folder after a build was killed. A process imports
mapgen once and forks a child for each build, so that many kills take little time. Shared by ``test_faults``
and ``benchmarks/faults``.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from mapgen.edition import PREFIX

REPOSITORY = Path(__file__).resolve().parent.parent

Edition = tuple[Path, dict[str, bytes]]
"""A project, and the files that a build of it makes."""

# Reads lines of project, output and seconds; forks for each; says when it writes, and how it ended.
BUILDER = """
import os, sys, time
import mapgen
from mapgen import edition
for line in sys.stdin:
    project, output, slow = line.rstrip("\\n").split("\\t")
    child = os.fork()
    if child == 0:
        def slowly(name):
            real = getattr(os, name)
            def wait(*arguments):
                if name == "fsync":
                    print("writing", flush=True)
                time.sleep(float(slow))
                return real(*arguments)
            setattr(os, name, wait)
        if float(slow):
            slowly("fsync")
            slowly("replace")
        status = 1
        try:
            mapgen.load(project).build(output)
            status = 0
        finally:
            os._exit(status)
    print("begun", child, flush=True)
    _, status = os.waitpid(child, 0)
    print("ended", os.waitstatus_to_exitcode(status), flush=True)
"""


class Builder:
    """A process that builds in children of its own, with a cache of its own."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self._process = subprocess.Popen(
            [sys.executable, "-c", BUILDER],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "MAPGEN_CACHE": str(cache)},
        )

    def __enter__(self) -> Builder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    def build(
        self, project: Path, output: Path, *, kill_after: float | None = None, slow: float = 0.0
    ) -> int:
        """Build, and kill the build after some seconds; return its exit status.

        Parameters
        ----------
        project, output : Path
        kill_after : float, optional
            Seconds from the beginning; with `slow`, from the first file on its way to the disk.
        slow : float
            Seconds that each flush and each renaming takes longer.
        """
        self.begin(project, output, slow=slow)
        child = int(self._line("begun"))
        if kill_after is not None:
            if slow:
                self._line("writing")
            time.sleep(kill_after)
            with suppress(ProcessLookupError):  # it was quicker
                os.kill(child, signal.SIGKILL)
        return self.end()

    def begin(self, project: Path, output: Path, *, slow: float = 0.0) -> None:
        """Begin to build, and go on."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{project}\t{output}\t{slow}\n")
        self._process.stdin.flush()

    def end(self) -> int:
        """Wait for the build that was begun, and return its exit status."""
        return int(self._line("ended"))

    def _line(self, wanted: str) -> str:
        assert self._process.stdout is not None
        while True:
            line = self._process.stdout.readline()
            if not line:
                raise AssertionError("the building process has ended")
            word, _, rest = line.strip().partition(" ")
            if word == wanted:
                return rest
            if word == "ended":  # it was over before it began to write
                raise AssertionError(f"ended with {rest} instead of {wanted}")


def read_output(output: Path) -> dict[str, bytes]:
    """Return the files of an edition; temporary ones of killed builds are left out."""
    files = output.iterdir() if output.exists() else ()
    return {path.name: path.read_bytes() for path in files if not path.name.startswith(PREFIX)}


def make_editions(builder: Builder, folder: Path, write: Callable[[Path, int], Path]) -> list[Edition]:
    """Write two projects and build each of them undisturbed: the editions that there can be."""
    made = []
    for number in range(2):
        project = write(folder / f"project-{number}", number)
        assert builder.build(project, folder / f"whole-{number}") == 0
        made.append((project, read_output(folder / f"whole-{number}")))
    assert made[0][1].keys() == made[1][1].keys() and made[0][1] != made[1][1]
    return made


def kill_builds(
    folder: Path, write: Callable[[Path, int], Path], kills: int, *, seed: int = 0
) -> tuple[list[str], int]:
    """Kill builds at moments spread over their time: half of them while files are
    written, a fourth without a cache.

    Parameters
    ----------
    folder : Path
        Where projects and output go.
    write : callable
        Given a folder and 0 or 1, writes a project that differs by the number, and returns it.
    kills : int
    seed : int

    Returns
    -------
    broken : list of str
        What is neither the one nor the other edition's, or is missing.
    interrupted : int
        Builds that were dead before they were done.
    """
    chance = random.Random(seed)
    output = folder / "output"
    broken: list[str] = []
    interrupted = 0
    with Builder(folder / "cache") as builder:
        editions = make_editions(builder, folder, write)
        times = [_time(builder, editions[0][0], output, fresh=fresh) for fresh in (False, True)]
        assert read_output(output) == editions[0][1]
        for number in range(kills):
            project, _ = editions[read_output(output) == editions[0][1]]  # the one that is not there yet
            share = (number // 4 + chance.random()) / max(1, kills // 4)
            slow, moment = 0.0, share * times[number % 4 == 2] * 1.05
            if number % 4 == 2:
                shutil.rmtree(builder.cache)
            elif number % 2:
                slow = 0.02
                moment = share * slow * (2 * len(editions[0][1]) + 1)
            status = builder.build(project, output, kill_after=moment, slow=slow)
            interrupted += status == -signal.SIGKILL
            there = read_output(output)
            for name in editions[0][1]:
                if there.get(name) not in (editions[0][1][name], editions[1][1][name]):
                    broken.append(f"kill {number} after {moment:.3f} s: {name}")
            broken += [f"kill {number}: {name} is new" for name in there.keys() - editions[0][1].keys()]
        # The next build is as good as any.
        assert builder.build(editions[0][0], output) == 0
        if read_output(output) != editions[0][1]:
            broken.append("the build after the kills")
    return broken, interrupted


def _time(builder: Builder, project: Path, output: Path, *, fresh: bool) -> float:
    """Return the seconds that a build takes, with a cache or without."""
    if fresh:
        shutil.rmtree(builder.cache)
    shutil.rmtree(output, ignore_errors=True)
    start = time.perf_counter()
    assert builder.build(project, output) == 0
    return time.perf_counter() - start


def build_at_once(
    folder: Path, write: Callable[[Path, int], Path], rounds: int, *, seed: int = 0
) -> tuple[list[str], set[int]]:
    """Let two builds of different states write to one folder at the same time.

    Returns
    -------
    broken : list of str
        Rounds after which the folder held neither the one nor the other edition as a whole.
    last : set of int
        Which of the two were ever the last to write.
    """
    chance = random.Random(seed)
    output = folder / "output"
    broken: list[str] = []
    last: set[int] = set()
    with Builder(folder / "left") as left, Builder(folder / "right") as right:
        editions = make_editions(left, folder, write)
        for builder, (project, _) in zip((left, right), editions, strict=True):
            assert builder.build(project, output) == 0
        for number in range(rounds):
            both = [(left, editions[0][0]), (right, editions[1][0])]
            chance.shuffle(both)
            for builder, project in both:
                builder.begin(project, output, slow=0.002)
                time.sleep(chance.random() * 0.02)
            statuses = [builder.end() for builder, _ in both]
            there = read_output(output)
            which = [index for index, (_, files) in enumerate(editions) if files == there]
            if statuses != [0, 0] or not which:
                broken.append(f"round {number}: {statuses}")
            last |= set(which)
    return broken, last
