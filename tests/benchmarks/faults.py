"""Try the faults as often as one likes: ``python -m tests.benchmarks.faults [--kills 200] [--rounds 50]``.

Builds of a small project with two maps are killed at moments spread over their whole time, half of them while
files are written; two builds of different states write to one folder at once; and a disk (a ``tmpfs`` of its
own, where one may be mounted) is filled so far that each write in turn is the one that finds no room. Nothing
is measured in seconds here: what counts is how often a file was torn, which is to be never.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.table import Cell, format_table
from tests.killing import Builder, build_at_once, kill_builds, make_editions, read_output
from tests.projects import write_project

DISK = 8 * 1024 * 1024
STEPS = 24


def main() -> None:
    """Try, and print a table; exit with 1 if a file was torn."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mapgen-faults-") as name:
        folder = Path(name)
        killed, interrupted = kill_builds(folder / "kills", write_states, options.kills)
        at_once, last = build_at_once(folder / "at-once", write_states, options.rounds)
        filled = fill_disks(folder / "disk")
    rows: list[list[Cell]] = [
        ["builds killed", options.kills, len(killed), f"{interrupted} were dead before they were done"],
        ["two builds at once", options.rounds, len(at_once), f"{len(last)} of the two were ever the last"],
        [
            "a full disk",
            STEPS,
            *(("-", "no tmpfs may be mounted here") if filled is None else (len(filled), "")),
        ],
    ]
    print(format_table("Faults", ["fault", "tried", "torn or wrong", "remark"], rows))
    for line in [*killed, *at_once, *(filled or [])]:
        print(line)
    sys.exit(bool(killed or at_once or filled))


def write_states(folder: Path, number: int) -> Path:
    """Write one of two states of a small project."""
    claims = [{"claim": f"State {number}, claim {each}."} for each in range(3)]
    return write_project(folder, claims, maps=[{"name": "one"}, {"name": "two", "title": f"Two {number}"}])


def fill_disks(folder: Path) -> list[str] | None:
    """Build on a disk with less and less room; return what was torn, None if there can be no such disk."""
    torn = []
    folder.mkdir(parents=True)
    with mount(folder / "mounted") as disk, Builder(folder / "cache") as builder:
        if disk is None:
            return None
        editions = make_editions(builder, folder, write_states)
        needed = sum(map(len, editions[1][1].values()))
        for step in range(STEPS):
            for path in disk.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            assert builder.build(editions[0][0], disk / "output") == 0
            room = needed * step // STEPS
            with (disk / "filling").open("wb") as file:
                file.write(b"x" * max(0, shutil.disk_usage(disk).free - room))
            status = builder.build(editions[1][0], disk / "output")
            if read_output(disk / "output") != editions[0][1] or status == 0:
                torn.append(f"{room:,} bytes of room: status {status}")
    return torn


@contextmanager
def mount(folder: Path) -> Iterator[Path | None]:
    """Mount a small disk in memory, if that may be done."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


if __name__ == "__main__":
    main()
