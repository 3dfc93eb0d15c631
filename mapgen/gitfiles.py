"""Read the files of a project as they were in a revision of its git repository.

In: a revision, and a project in a working copy. Out: the project's files in a folder. Files are read as they
are stored: nothing is checked out, so no hook, filter or attribute of the repository runs, no link is
followed, and nothing is fetched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from mapgen.errors import InputError, quoted
from mapgen.inputs import ALONE

KINDS = (*ALONE, ".gpkg", ".shp", ".shx", ".dbf", ".prj", ".cpg", ".zip")
"""How the names of files end that a project can be made of."""

LARGEST = 1024 * 1024 * 1024
"""Bytes of all files of a revision."""

PROJECT_FILE = "mapgen.yaml"


def save_revision(revision: str, project: Path, target: Path) -> Path:
    """Write the files that a project had in a revision.

    Parameters
    ----------
    revision : str
        As git names it: ``HEAD~1``, a tag, a branch, a commit.
    project : Path
        The project file or its folder, in a working copy.
    target : Path
        An empty folder.

    Returns
    -------
    Path
        The project file as it was then.

    Raises
    ------
    InputError
        If there is no git, no repository or no such revision, or the project was not there.
    """
    file = project / PROJECT_FILE if project.is_dir() else project
    here = file.parent if file.parent.is_dir() else Path()
    if revision.startswith("-") or not revision or any(sign in revision for sign in "\0\n:"):
        raise InputError(f"{quoted(revision)} is no project, no map and no git revision")
    commit = _ask(
        here, revision, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    prefix = _ask(here, revision, "rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").strip("\n")
    blobs = list(_list_blobs(here, revision, commit.decode("ascii").strip(), prefix))
    if not any(name == file.name for name, _ in blobs):
        raise InputError(f"{quoted(revision)}: the project had no {file.name} then")
    _write(here, blobs, target)
    return target / file.name


def _list_blobs(here: Path, revision: str, commit: str, prefix: str) -> Iterator[tuple[str, str]]:
    """Return the files below a folder that a project can be made of: path and object."""
    where = ["--", prefix] if prefix else []
    listing = _ask(here, revision, "ls-tree", "-r", "-z", "--full-tree", "-l", commit, *where)
    total = 0
    for entry in listing.decode("utf-8", "surrogateescape").split("\0"):
        about, _, path = entry.partition("\t")
        mode, _, rest = about.partition(" ")
        if not path.startswith(prefix) or not mode.startswith("100") or not path.lower().endswith(KINDS):
            continue  # links and modules are none of the project's files
        _, blob, size = rest.split()
        name = path[len(prefix) :]
        total += int(size)
        if total > LARGEST:
            raise InputError(f"{quoted(revision)}: the project's files are larger than {LARGEST:,} bytes")
        if ".." not in PurePosixPath(name).parts and not name.startswith("/"):
            yield name, blob


def _write(here: Path, blobs: list[tuple[str, str]], target: Path) -> None:
    """Write objects to files, one process for all of them."""
    asked = "".join(f"{blob}\n" for _, blob in blobs).encode("ascii")
    data = _run(here, "cat-file", "--batch", given=asked).stdout
    at = 0
    for name, _ in blobs:
        end = data.index(b"\n", at)
        size = int(data[at:end].split()[-1])
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data[end + 1 : end + 1 + size])
        at = end + size + 2


def _ask(here: Path, revision: str, *arguments: str) -> bytes:
    done = _run(here, *arguments)
    if done.returncode:
        raise InputError(
            f"{quoted(revision)} is no project, no map, and no revision of a git repository at "
            f"{quoted(str(here))}. Expected a project folder, an .html file, or a revision such as HEAD~1."
        )
    return done.stdout


def _run(here: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git, which reads objects and nothing else."""
    safe = ["--no-pager", "--no-replace-objects", "--no-optional-locks", "-c", "core.fsmonitor=false"]
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    try:
        return subprocess.run(
            ["git", *safe, "-C", str(here), *arguments],
            input=given,
            capture_output=True,
            check=False,
            env={**os.environ, **quiet},
        )
    except OSError:
        raise InputError("git cannot be run, and only it can read a revision. Install git.") from None
