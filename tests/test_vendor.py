"""The vendored files are what their authors published, and the lock file says what that is."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from mapgen.vendor import refresh

VENDOR = Path(refresh.__file__).parent
PACKAGES: list[dict[str, Any]] = json.loads(refresh.LOCK.read_text("utf-8"))["packages"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_each_file_is_as_the_lock_says(package: dict[str, Any]) -> None:
    for path, file in package["files"].items():
        assert refresh.integrity((VENDOR / path).read_bytes()) == file["sha512"], path


def test_nothing_lies_there_that_the_lock_does_not_list() -> None:
    listed = {path for package in PACKAGES for path in package["files"]}
    listed |= {file["entry"] for package in PACKAGES for file in package["files"].values() if "entry" in file}
    own = {"README.md", "refresh.py", "vendor.lock.json"}
    there = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert {path for path in there if "__pycache__" not in path} == listed | own


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_each_package_has_a_version_a_licence_and_its_text(package: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", package["integrity"])
    assert package["license"]
    assert [path for path in package["files"] if path.endswith("/LICENSE")]
    assert f"{package['version']}" in (VENDOR / "README.md").read_text("utf-8")


def test_leaflet_is_the_version_that_the_lock_names() -> None:
    (leaflet,) = (package for package in PACKAGES if package["name"] == "leaflet")
    script = (VENDOR / "leaflet/leaflet.js").read_text("utf-8")
    assert script.startswith(f"/* Parts of Leaflet {leaflet['version']}, (c) ")


def test_only_the_parts_of_leaflet_that_pages_use_are_there() -> None:
    script = (VENDOR / "leaflet/leaflet.js").read_text("utf-8")
    assert len(script) < 70_000
    for unused in ("createTile", "leaflet-popup", "marker-icon", "leaflet-control-layers"):
        assert unused not in script, unused


def _serve(monkeypatch: pytest.MonkeyPatch, folder: Path, *, script: bytes) -> dict[str, Any]:
    """Let refresh work in a folder, on a package that npm is not asked for; return its entry in the lock."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in {"dist/a.js": script, "package.json": b'{"license": "MIT"}'}.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    monkeypatch.setattr(refresh, "VENDOR", folder)
    monkeypatch.setattr(refresh, "read_tarball", lambda name, version: buffer.getvalue())
    entry = {"name": "a", "version": "1.0.0", "license": "", "integrity": ""}
    return {**entry, "files": {"a/a.js": {"from": "dist/a.js", "sha512": ""}}}


def test_refresh_moves_a_package_then_holds_to_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = _serve(monkeypatch, tmp_path, script=b"1;")
    assert refresh.refresh(package, version="1.1.0") == []
    assert (package["version"], package["license"]) == ("1.1.0", "MIT")
    assert (tmp_path / "a/a.js").read_bytes() == b"1;"

    _serve(monkeypatch, tmp_path, script=b"steal();")
    assert refresh.refresh(package, version=None) == ["the package", "a/a.js"]
    assert (tmp_path / "a/a.js").read_bytes() == b"1;", "what differs from the lock is not saved"


def test_refresh_refuses_a_package_that_the_lock_does_not_have() -> None:
    command = [sys.executable, refresh.__file__, "left-pad@1.3.0"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert asked.returncode == 2
    assert "Not in vendor.lock.json: left-pad" in asked.stdout
