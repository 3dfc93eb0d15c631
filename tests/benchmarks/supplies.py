"""Have the files at hand that the peers' pages fetch from elsewhere, so that no network is measured.

In: addresses of scripts and styles. Out: their content, from packages that ``npm pack`` brings once in a
run. What is in no package is answered with nothing: that makes the peers faster, never slower.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path

IN_PACKAGE = re.compile(r"/npm/((?:@[\w.-]+/)?[\w.-]+@\d[\w.-]*)/([^?#]+)")
"""How content networks address a file of a package: name, version, path."""

ELSEWHERE = (
    (re.compile(r"/jquery-(\d[\d.]*\d)\.min\.js$"), r"jquery@\1", "dist/jquery.min.js"),
    (re.compile(r"/(leaflet\.awesome-markers\.(?:js|css))$"), "leaflet.awesome-markers@2.0.5", r"dist/\1"),
    (re.compile(r"/(images/markers-[\w@-]+\.png)$"), "leaflet.awesome-markers@2.0.5", r"dist/\1"),
)
"""Files that are addressed otherwise: pattern of the address, package, path in it."""

TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
}


class Supplies:
    """Packages in a folder, brought when first asked for.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.read = cache(self._read)
        self._archive = cache(self._pack)

    @staticmethod
    def can_be_had() -> bool:
        """Tell whether npm is installed."""
        return shutil.which("npm") is not None

    def content(self, address: str) -> bytes:
        """Return the content of what an address names, empty if no package has it."""
        found = _locate(address)
        return self.read(*found) if found else b""

    def _read(self, package: str, path: str) -> bytes:
        """Return a file of a package, empty if it is not in it."""
        with tarfile.open(self._archive(package)) as archive:
            # Most archives keep their files in package/, some in a folder of another name.
            names = {name.partition("/")[2]: name for name in archive.getnames()}
            file = archive.extractfile(names[path]) if path in names else None
            return file.read() if file else b""

    def _pack(self, package: str) -> Path:
        command = ["npm", "pack", "--silent", "--ignore-scripts", package]
        done = subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True)
        return self.folder / done.stdout.strip().splitlines()[-1]


def _locate(address: str) -> tuple[str, str] | None:
    """Return the package and the path in it of what an address names."""
    if found := IN_PACKAGE.search(address):
        return found[1], found[2]
    for pattern, package, path in ELSEWHERE:
        if found := pattern.search(address):
            return found.expand(package), found.expand(path)
    return None


def content_type(address: str) -> str:
    """Return the type that an address's ending promises."""
    return TYPES.get(Path(address.partition("?")[0]).suffix, "application/octet-stream")


def inline(page: str, supplies: Supplies) -> str:
    """Return a page with its scripts and styles put into it, as offline forks of folium do."""

    def script(found: re.Match[str]) -> str:
        text = supplies.content(found[1]).decode("utf-8").replace("</script", "<\\/script")
        return f"<script>{text}</script>"

    def style(found: re.Match[str]) -> str:
        return f"<style>{supplies.content(found[1]).decode('utf-8')}</style>"

    page = re.sub(r'<script src="(https?:[^"]+)"></script>', script, page)
    return re.sub(r'<link rel="stylesheet" href="(https?:[^"]+)"\s*/?>', style, page)
