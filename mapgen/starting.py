"""Start a project: copy a small one, or the default one, into a folder.

In: a folder. Out: the files of a project that builds. Nothing that is there already is changed.
"""

from __future__ import annotations

import os
from pathlib import Path

from mapgen.bundled import example_folder
from mapgen.errors import InputError

STARTER = Path(__file__).parent / "starter"
EXAMPLE_FILES = ("mapgen.yaml", "data/sources.yaml", "data/annotations/*.yaml", "data/areas/*.geojson")


def start_project(folder: Path, *, example: bool = False) -> list[Path]:
    """Write the files of a new project.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    example : bool
        Write the default project instead of the small one.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        If one of the files is there already (all of them are named), or the folder cannot be written to.
    """
    home = example_folder() if example else STARTER
    patterns = EXAMPLE_FILES if example else ("**/*",)
    files = sorted(path for pattern in patterns for path in home.glob(pattern) if path.is_file())
    targets = {folder / path.relative_to(home): path for path in files}
    there = [str(target) for target in targets if os.path.lexists(target)]
    if there:
        raise InputError(
            *(f"{name}: is there already; choose an empty folder, nothing was changed" for name in there)
        )
    begun: list[Path] = []
    try:
        for target, path in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                begun.append(target)
                file.write(path.read_bytes())
    except OSError as error:
        for target in begun:
            target.unlink(missing_ok=True)
        raise InputError(f"{folder}: the project cannot be written ({error.strerror})") from error
    return list(targets)
