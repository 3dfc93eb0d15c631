"""Keep what took long to make, so that the next build need not make it again.

In: a key, which is a digest of all that something depends on, and a text. Out: the text again, or nothing.
What is kept lies in the user's own cache folder, never in a project: a project may come from anybody. It may
be deleted at any time; what is damaged, or cannot be read or written, is as if it were not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from mapgen.digests import Digests, sha256, tools

VARIABLE = "MAPGEN_CACHE"
"""Names another folder for the cache; empty, there is none."""

LARGEST = 128 * 1024 * 1024
"""Bytes that all entries may take; the oldest go first."""

MOST = 1_000
_KNOWN = "digests"


class Cache:
    """A folder of entries.

    Parameters
    ----------
    folder : Path or None
        Made when something is kept; without one nothing is.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder if folder is not None and _is_own(folder) else None
        self._digests: Digests | None = None
        self._tools: dict[tuple[str, ...], str] = {}

    @property
    def digests(self) -> Digests:
        """Digests of files, those of large ones kept from earlier builds."""
        if self._digests is None:
            text = self.read(_KNOWN)
            self._digests = Digests(json.loads(text) if text else None)
        return self._digests

    def tools(self, without: tuple[str, ...] = ()) -> str:
        """Return a digest of mapgen, its data and the packages that it uses; part of every key."""
        if without not in self._tools:
            self._tools[without] = tools(without)
        return self._tools[without]

    def key(self, kind: str, *parts: Any, without: tuple[str, ...] = ()) -> str:
        """Return the key of something: its kind, and all that it depends on besides mapgen itself.

        Folders of mapgen's own package that it does not depend on are named by `without`.
        """
        return f"{kind}-{sha256(json.dumps([self.tools(without), *parts], sort_keys=True))}"

    def read(self, key: str) -> str | None:
        """Return what was kept under a key, None if nothing was or it is damaged."""
        if self.folder is None:
            return None
        with suppress(OSError, ValueError):
            path = self.folder / key
            digest, _, data = path.read_bytes().partition(b"\n")
            if hashlib.sha256(data).hexdigest().encode("ascii") == digest:
                os.utime(path)
                return data.decode("utf-8")
        return None

    def keep(self, key: str, text: str) -> None:
        """Keep a text under a key; where that cannot be done, nothing is kept."""
        if self.folder is None:
            return
        temporary = self.folder / f".{secrets.token_hex(8)}"
        try:
            data = text.encode("utf-8")
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary.write_bytes(hashlib.sha256(data).hexdigest().encode("ascii") + b"\n" + data)
            os.replace(temporary, self.folder / key)
            _make_room(self.folder)
        except (OSError, ValueError):
            with suppress(OSError):
                temporary.unlink()

    def close(self) -> None:
        """Keep the digests of files that were read."""
        if self._digests is not None and self._digests.changed:
            self.keep(_KNOWN, json.dumps(self._digests.remembered()))
            self._digests.changed = False


def user_cache() -> Cache:
    """Return the cache of whoever runs this: ``MAPGEN_CACHE``, or where their system keeps such."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Cache(Path(named) if named else None)
    places = {"darwin": "Library/Caches", "win32": "AppData/Local"}
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(
        os.path.expanduser("~"), places.get(sys.platform, ".cache")
    )
    return Cache(Path(base) / "mapgen" if os.path.isabs(base) else None)


def _is_own(folder: Path) -> bool:
    """Tell whether nobody else can have put something into a folder; one that is to be made is safe."""
    try:
        status = os.stat(folder)
    except OSError:
        return True
    return not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & 0o022)


def _make_room(folder: Path) -> None:
    """Remove the entries that were used longest ago, until the others take no more than they may."""
    entries = []
    for entry in os.scandir(folder):
        with suppress(OSError):  # another build makes room too
            status = entry.stat()
            entries.append((status.st_mtime_ns, status.st_size, entry.path))
    total = sum(size for _, size, _ in entries)
    for index, (_, size, path) in enumerate(sorted(entries)):
        if total <= LARGEST and len(entries) - index <= MOST:
            break
        total -= size
        with suppress(OSError):
            os.unlink(path)
