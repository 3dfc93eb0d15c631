"""Fetch the vendored files again, exactly as ``vendor.lock.json`` names them.

In: the lock file beside this script, and the packages that ``npm pack`` brings. Out: the files that the
lock lists, and the lock with their sums: byte for byte as they were published where it says ``from``, joined
from the package's modules by the bundler that the lock names where it says ``entry``, a module here that
imports what the pages use. Nothing of a package is run but that bundler. This script is for the repository;
it is not part of the wheel.

    python mapgen/vendor/refresh.py                   fetch what the lock names; fail on any difference
    python mapgen/vendor/refresh.py leaflet@1.9.4     move a package to this version and write the lock anew
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).parent
LOCK = VENDOR / "vendor.lock.json"


def integrity(content: bytes) -> str:
    """Return the SHA-512 of bytes, written as npm and browsers write it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode("ascii")


def read_tarball(name: str, version: str) -> bytes:
    """Read the published package ``name@version`` by ``npm pack``, which runs none of its scripts."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", f"{name}@{version}", "--ignore-scripts", "--silent"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (tarball,) = Path(folder).glob("*.tgz")
        return tarball.read_bytes()


def read_members(tarball: bytes, members: list[str]) -> dict[str, bytes]:
    """Read some files of a package into memory; nothing is written, so no path in it can lead elsewhere."""
    with tarfile.open(fileobj=io.BytesIO(tarball)) as archive:
        opened = {member: archive.extractfile(f"package/{member}") for member in members}
        return {member: file.read() for member, file in opened.items() if file is not None}


def bundle(package: dict[str, Any], tarball: bytes, entry: str) -> bytes:
    """Join what an entry module imports from a package, named ``"package/..."``, into one small script."""
    bundler, header = package["bundler"], package["header"]
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(tarball)) as archive:
            archive.extractall(folder, filter="data")
        (Path(folder) / "entry.js").write_bytes((VENDOR / entry).read_bytes())
        command = [
            "npm",
            "exec",
            "--yes",
            f"--package={bundler}",
            "--",
            bundler.partition("@")[0],
            "entry.js",
        ]
        command += ["--bundle", "--minify", "--format=iife", f"--global-name={package['global']}"]
        command += ["--legal-comments=none", "--target=es2018", "--alias:package=./package"]
        made = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE).stdout
    first: str = header.replace("VERSION", package["version"])
    return first.encode() + b"\n" + made


def read_files(package: dict[str, Any], tarball: bytes) -> dict[str, bytes]:
    """Return the contents of a package's files by their path in the lock."""
    files = package["files"].items()
    members = read_members(tarball, [file["from"] for _, file in files if "from" in file])
    return {
        path: members[file["from"]] if "from" in file else bundle(package, tarball, file["entry"])
        for path, file in files
    }


def refresh(package: dict[str, Any], *, version: str | None) -> list[str]:
    """Fetch one package, save its files, and return what differs from the lock.

    Parameters
    ----------
    package : dict
        Its entry in the lock; brought up to date in place when ``version`` is given.
    version : str or None
        The version to move to, or None to hold to the lock.
    """
    tarball = read_tarball(package["name"], version or package["version"])
    package["version"] = version or package["version"]
    found = read_files(package, tarball)
    if version is not None:
        package["integrity"] = integrity(tarball)
        package["license"] = json.loads(read_members(tarball, ["package.json"])["package.json"])["license"]
        for path, file in package["files"].items():
            file["sha512"] = integrity(found[path])
    different = [path for path in found if integrity(found[path]) != package["files"][path]["sha512"]]
    if integrity(tarball) != package["integrity"]:
        different.insert(0, "the package")
    if not different:
        save(found)
    return different


def save(contents: dict[str, bytes]) -> None:
    """Save files under this folder, by their path in the lock."""
    for path, content in contents.items():
        target = VENDOR / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def main(arguments: list[str]) -> int:
    """Refresh every package of the lock, or move the named ones; return the exit status."""
    lock = json.loads(LOCK.read_text("utf-8"))
    wanted = dict(argument.rsplit("@", 1) for argument in arguments)
    unknown = wanted.keys() - {package["name"] for package in lock["packages"]}
    if unknown:
        print(f"Not in {LOCK.name}: {', '.join(sorted(unknown))}. Add its entry with name and files first.")
        return 2
    status = 0
    for package in lock["packages"]:
        if wanted and package["name"] not in wanted:
            continue
        different = refresh(package, version=wanted.get(package["name"]))
        named = f"{package['name']}@{package['version']}"
        if different:
            status = 1
            print(f"{named}: not what {LOCK.name} says: {', '.join(different)}")
        else:
            print(f"{named}: {', '.join(package['files'])}")
    LOCK.write_text(json.dumps(lock, indent=2) + "\n", "utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
