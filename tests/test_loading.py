"""The way in from Python: load, check, show in a notebook, build; and nothing more than that."""

from __future__ import annotations

import html
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import mapgen
from mapgen.errors import InputError, UsageError
from tests.projects import REPOSITORY, write_project


def test_the_packages_names_are_these_and_no_others() -> None:
    assert mapgen.__all__ == ["LoadedProject", "Map", "__version__", "load"]
    assert all(hasattr(mapgen, name) for name in mapgen.__all__)


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = "{'numpy', 'pandas', 'shapely', 'geopandas', 'folium', 'pydantic', 'yaml', 'jinja2', 'click'}"
    code = f"import sys, mapgen; sys.exit(' '.join(sorted({heavy} & sys.modules.keys())))"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.stderr == "\n"


def test_a_project_is_loaded_by_its_file_or_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_project(tmp_path, title="Mine")
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path, tmp_path / "mapgen.yaml", str(tmp_path), "mapgen.yaml"):
        assert mapgen.load(path).project.title == "Mine"
    assert mapgen.load().project.title == "Mine"


def test_what_is_wrong_is_raised_with_its_place(tmp_path: Path) -> None:
    write_project(tmp_path, titel="Mine")
    with pytest.raises(InputError, match=r"mapgen.yaml:\d+:\d+: .*'titel'.*'title'"):
        mapgen.load(tmp_path)
    with pytest.raises(InputError):
        mapgen.load(tmp_path / "none.yaml")


def test_check_tells_the_worst_first_and_never_raises(tmp_path: Path) -> None:
    write_project(
        tmp_path,
        [
            {"asserts": [{"between": {"territory": "LIE", "from": ["CHE", "DEU"], "to": "AUT"}}]},
            {"asserts": [{"shares_border": ["LIE", "DEU"]}]},
        ],
    )
    findings = mapgen.load(tmp_path).check()
    severities = [each.severity for each in findings]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert {"assertion-refuted", "assertion-partly"} <= {each.code for each in findings}
    write_project(tmp_path, [{"where": {"place": "Vadus"}}, {"where": {"territory": "XYZ"}}])
    findings = mapgen.load(tmp_path).check()
    assert [each.code for each in findings] == ["unknown-place", "unknown-territory"]
    assert all(each.position is not None for each in findings)


def test_maps_are_named_as_in_the_project(tmp_path: Path) -> None:
    write_project(tmp_path, maps=[{"name": "one"}, {"name": "two"}])
    project = mapgen.load(tmp_path)
    assert [each.name for each in project.maps()] == ["one", "two"]
    assert project.map().name == "one"
    assert project.map("two").html.startswith("<!DOCTYPE html>")
    with pytest.raises(UsageError, match=r"no map 'twoo': expected one of one, two. Did you mean 'two'\?"):
        project.map("twoo")


class _Frames(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_a_notebook_shows_a_map_in_a_frame_of_its_own(tmp_path: Path) -> None:
    shown = mapgen.load(write_project(tmp_path, title='"><script>alert(1)</script>')).map()
    reader = _Frames()
    reader.feed(shown._repr_html_())
    [(tag, attributes)] = reader.tags
    assert tag == "iframe"
    assert attributes["srcdoc"] == shown.html
    assert "allow-scripts" in (attributes["sandbox"] or "")
    assert "allow-same-origin" not in (attributes["sandbox"] or "")
    assert html.escape(shown.html) in shown._repr_html_()


def test_building_writes_what_maps_show(tmp_path: Path) -> None:
    project = mapgen.load(write_project(tmp_path / "project"))
    assert project.build() == [tmp_path / "project" / "output" / "map.html"]
    [written] = project.build(tmp_path / "elsewhere")
    assert written == tmp_path / "elsewhere" / "map.html"
    assert written.read_text("utf-8") == project.map().html


def test_nothing_is_written_where_something_is_wrong(tmp_path: Path) -> None:
    write_project(tmp_path, [{"where": {"place": "Vadus"}}])
    with pytest.raises(InputError, match="unknown place 'Vadus'"):
        mapgen.load(tmp_path).build()
    assert not (tmp_path / "output").exists()
