"""The text of an area's file: read as it is, from inside the project only, and without geometry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mapgen.areafiles import read_area_text
from mapgen.errors import CannotPlace


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_bytes(b'\xef\xbb\xbf{"type": "Polygon"}\n')
    assert read_area_text(tmp_path, "a.geojson") == '{"type": "Polygon"}\n'


def test_a_file_elsewhere_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "project"
    inside.mkdir()
    (tmp_path / "a.geojson").write_text("{}", encoding="utf-8")
    (inside / "link.geojson").symlink_to(tmp_path / "a.geojson")
    for path, why in (
        ("../a.geojson", "leads out"),
        ("link.geojson", "leads out"),
        ("b.geojson", "not there"),
    ):
        with pytest.raises(CannotPlace, match=why):
            read_area_text(inside, path)


def test_reading_one_needs_no_geometry() -> None:
    code = "import sys, mapgen.carried; print(*{'shapely', 'numpy', 'geopandas'} & set(sys.modules))"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.split() == []
