"""Find the data that mapgen comes with: the boundary datasets, and the default project as an example.

In: nothing but where this file lies. Out: folders. In a checkout the data is at the top of the repository,
beside the package; in an installed wheel it is in ``mapgen/example/`` (``package_dir`` in ``setup.cfg``
puts it there). What is in the files is not read here, and nothing is imported that takes time.
"""

from __future__ import annotations

from pathlib import Path

from mapgen.errors import BoundaryDataError, quoted, suggest

_PACKAGE = Path(__file__).resolve().parent


def example_folder() -> Path:
    """Return the folder of the default project, with its ``mapgen.yaml`` and ``data/``.

    Returns
    -------
    Path
        Absolute. It may be read-only: whoever wants to build elsewhere than in a checkout copies it, or names
        another folder for the output.
    """
    installed = _PACKAGE / "example"
    return installed if installed.is_dir() else _PACKAGE.parent


def datasets() -> list[str]:
    """Return the names of the bundled boundary datasets, sorted: ``["natural-earth-10m"]``."""
    return sorted(folder.name for folder in _borders().iterdir() if (folder / "dataset.json").is_file())


def dataset_folder(name: str) -> Path:
    """Return the folder of a bundled boundary dataset.

    Parameters
    ----------
    name : str
        As a project file's ``boundaries`` gives it, for example ``natural-earth-10m``.

    Returns
    -------
    Path
        Absolute; it holds the dataset's files and its README.

    Raises
    ------
    BoundaryDataError
        If no dataset of this name is bundled; suggests the closest and names them all.
    """
    known = datasets()
    if name not in known:
        raise BoundaryDataError(
            f"no boundary dataset {quoted(name)} comes with mapgen.{suggest(name, known)} "
            f"Expected one of: {', '.join(known)}; or give the path of a file of your own."
        )
    return _borders() / name


def _borders() -> Path:
    return example_folder() / "data" / "borders"
