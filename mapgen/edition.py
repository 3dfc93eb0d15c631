"""Save an edition: files that are whole at every moment.

In: names and texts of files, and the output folder. Out: the files on disk; a crash, a full disk or an
interruption leaves the last good edition. What the files say is not known here.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from mapgen.errors import InputError

PREFIX = ".mapgen-"
"""Temporary files begin with this; those that a killed build left are removed by the next."""

LONGEST_WAIT = 5.0
"""Seconds to wait for another build that is naming its files."""

STALE_SECONDS = 600.0
"""A temporary file older than this belongs to no running build."""


def save_edition(folder: Path, files: Mapping[str, str | bytes]) -> list[Path]:
    """Write files, each of them whole or not at all, none of them before all of them could be written.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    files : mapping of str to str or bytes
        Text (UTF-8) or bytes by file name; names are ids with a suffix and never lead out of the folder.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        If the folder or a file cannot be written; what was there before is still there, whole.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        for name, text in files.items():
            waiting.append((_write_beside(folder, text), folder / name))
        with _alone(folder):
            for temporary, target in waiting:
                os.replace(temporary, target)
        _flush_folder(folder)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"{folder}: the maps cannot be written ({reason}); the files from before are still whole"
        ) from error
    finally:
        for temporary, _ in waiting:
            _remove(temporary)
    return [target for _, target in waiting]


def save_folder(
    folder: Path, files: Mapping[str, str], *, check: Callable[[Path], object] = lambda _: None
) -> list[Path]:
    """Write files into a new folder, all of them or none.

    Parameters
    ----------
    folder : Path
        Must not be there.
    files : mapping of str to str
        Text by path in the folder.
    check : callable, optional
        Given the folder before it gets its name; what it raises keeps the folder from being.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        If the folder is there already, a path leads out of it, or it cannot be written.
    """
    if os.path.lexists(folder):
        raise InputError(f"{folder}: is there already; name a new folder, nothing was changed")
    temporary = folder.parent / f"{PREFIX}{secrets.token_hex(8)}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary.mkdir()
        for name, text in files.items():
            _write_new(temporary, name, text)
        check(temporary)
        temporary.rename(folder)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise InputError(f"{folder}: the folder cannot be written ({reason})") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return [folder / name for name in files]


def _write_new(folder: Path, name: str, text: str) -> None:
    """Write a new file below a folder."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{name}: leads out of the folder")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(text.encode("utf-8"))


def _write_beside(folder: Path, text: str | bytes) -> Path:
    """Write a temporary file in the folder, down to the disk."""
    path = folder / f"{PREFIX}{secrets.token_hex(8)}"
    try:
        with path.open("xb") as file:
            file.write(text.encode("utf-8") if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        _remove(path)
        raise
    return path


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let no other build name its files meanwhile, where the system can: they belong together."""
    with ExitStack() as stack:
        with suppress(OSError, ImportError):  # some systems open no folders, some file systems lock none
            import fcntl

            descriptor = os.open(folder, os.O_RDONLY)
            stack.callback(os.close, descriptor)
            until = time.monotonic() + LONGEST_WAIT
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > until:
                        break  # whoever holds it has been stopped
                    time.sleep(0.005)
        yield


def _flush_folder(folder: Path) -> None:
    """Make the new names last, where the system can."""
    with suppress(OSError):  # some systems open no folders, some file systems flush none
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sweep(folder: Path) -> None:
    """Remove temporary files that a killed build left behind."""
    for path in folder.glob(f"{PREFIX}*"):
        with suppress(OSError):  # another build sweeps too
            if time.time() - path.stat().st_mtime > STALE_SECONDS:
                path.unlink()


def _remove(path: Path) -> None:
    """Remove a temporary file if it is there; one that stays is swept later."""
    with suppress(OSError):
        path.unlink()
