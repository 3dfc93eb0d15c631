"""Building again: the same maps as a build by itself, after each change of whatever input."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import mapgen
from mapgen import page, rebuilding
from mapgen.inlining import inline
from mapgen.rebuilding import Built, Rebuilder
from tests.projects import write_project

AREA = {
    "type": "Polygon",
    "coordinates": [[[9.5, 47.1], [9.6, 47.1], [9.6, 47.2], [9.5, 47.2], [9.5, 47.1]]],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_project(
        tmp_path / "project",
        [{}, {"where": {"area": "areas/valley.geojson"}}],
        annotations=["claims.yaml", "more.csv"],
    )
    (folder / "areas").mkdir()
    (folder / "areas" / "valley.geojson").write_text(json.dumps(AREA))
    (folder / "more.csv").write_text("id,layer,source,claim,territory\nrow,claims,report,From a table.,AUT\n")
    return folder


@pytest.fixture
def builds(folder: Path) -> Iterator[Iterator[Built]]:
    with Rebuilder(folder) as rebuilder:
        yield rebuilder.builds()


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def _assert_as_built_alone(built: Built, folder: Path) -> None:
    assert built.problems == ()
    alone = mapgen.load(folder).build(folder.parent / "alone")
    assert [path.name for path in built.written] == [path.name for path in alone]
    for ours, theirs in zip(built.written, alone, strict=True):
        assert ours.read_bytes() == theirs.read_bytes()


def test_each_kind_of_input_is_built_again(folder: Path, builds: Iterator[Built]) -> None:
    changes = [
        ("mapgen.yaml", "A map", "Another map"),
        ("sources.yaml", "A report", "Another report"),
        ("claims.yaml", "A claim.", "Another claim."),
        ("more.csv", "From a table.", "From another table."),
        ("areas/valley.geojson", "9.6", "9.58"),
    ]
    before = next(builds)
    for name, old, new in changes:
        _replace(folder / name, old, new)
        built = next(builds)
        assert built.problems == ()
        assert built.maps[0].html != before.maps[0].html, name
        before = built
    _assert_as_built_alone(before, folder)


def test_an_own_boundary_file_is_an_input(folder: Path) -> None:
    features = [
        {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": AREA}
        for code, name in (("AAA", "Here"),)
    ]
    (folder / "lines").mkdir()
    (folder / "lines" / "own.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    write_project(
        folder, [{"where": {"territory": "AAA"}}], territories=["AAA"], boundaries="lines/own.geojson"
    )
    with Rebuilder(folder) as rebuilder:
        builds = rebuilder.builds()
        assert "Here" in next(builds).maps[0].html
        _replace(folder / "lines" / "own.geojson", "Here", "There")
        assert "There" in next(builds).maps[0].html


def test_what_is_wrong_is_told_and_the_maps_stay(folder: Path, builds: Iterator[Built]) -> None:
    good = next(builds)
    bytes_before = good.written[0].read_bytes()
    _replace(folder / "claims.yaml", '"layer"', '"lair"')
    built = next(builds)
    assert built.maps == built.written == () and built.project is None
    assert str(built.problems[0]).startswith("claims.yaml:2:2: the key 'layer' is missing")
    assert good.written[0].read_bytes() == bytes_before
    _replace(folder / "claims.yaml", '"lair"', '"layer"')
    _assert_as_built_alone(next(builds), folder)


def test_a_project_can_be_wrong_or_missing_at_the_beginning(tmp_path: Path) -> None:
    with Rebuilder(tmp_path) as rebuilder:
        builds = rebuilder.builds()
        assert "mapgen.yaml" in str(next(builds).problems[0])
        (tmp_path / "mapgen.yaml").write_text("title: [")
        assert next(builds).problems[0].position.line == 1  # type: ignore[union-attr]
        write_project(tmp_path)
        built = next(builds)
        while built.problems:  # the files are written one after another
            built = next(builds)
        assert [path.name for path in built.written] == ["map.html"]


def test_a_change_during_a_build_is_built_next(
    folder: Path, builds: Iterator[Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = rebuilding.loading.load

    def load_and_change(path: Path) -> object:
        loaded = real(path)
        _replace(folder / "claims.yaml", "A claim.", "A claim, corrected while it was built.")
        monkeypatch.setattr(rebuilding.loading, "load", real)
        return loaded

    next(builds)
    monkeypatch.setattr(rebuilding.loading, "load", load_and_change)
    _replace(folder / "sources.yaml", "A report", "Another report")
    assert "changed while the maps were built; nothing was written" in str(next(builds).problems[0])
    built = next(builds)
    assert "corrected while it was built" in built.maps[0].html
    _assert_as_built_alone(built, folder)


def test_files_come_and_go(folder: Path) -> None:
    (folder / "many").mkdir()
    write_project(folder, annotations=["many/**/*.yaml"])
    claims = folder / "claims.yaml"
    shutil.move(claims, folder / "many" / "one.yaml")
    with Rebuilder(folder) as rebuilder:
        builds = rebuilder.builds()
        next(builds)
        (folder / "many" / "deep").mkdir()
        text = (
            (folder / "many" / "one.yaml")
            .read_text()
            .replace("claim-1", "second")
            .replace("A claim.", "New.")
        )
        (folder / "many" / "two.yaml").write_text(text)
        assert "New." in next(builds).maps[0].html
        (folder / "many" / "deep" / "three.yaml").write_text(
            text.replace("second", "third").replace("New.", "Deep.")
        )
        assert "Deep." in next(builds).maps[0].html
        (folder / "many" / "two.yaml").unlink()
        assert "New." not in next(builds).maps[0].html


def test_a_style_and_a_template_of_mapgen_are_inputs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten = []
    monkeypatch.setattr(page, "forget", lambda: forgotten.append("page"))
    with Rebuilder(folder) as rebuilder:
        builds = rebuilder.builds()
        next(builds)
        style = Path(page.__file__).parent / "assets" / "page.css"
        rebuilder._watcher._changed.put(
            {style}
        )  # as if it had been saved: the tests change no file of mapgen's
        assert next(builds).problems == ()
    assert forgotten == ["page"]


def test_styles_and_templates_are_read_again(folder: Path) -> None:
    page.forget()
    assert inline.cache_info().currsize == 0
    first = Rebuilder(folder).build()
    assert inline.cache_info().currsize > 0
    page.forget()
    assert inline.cache_info().currsize == 0
    assert Rebuilder(folder).build().maps == first.maps


def test_a_failure_of_mapgen_itself_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(rebuilding.loading, "load", fail)
    built = Rebuilder(folder).build()
    assert "mapgen itself failed (ZeroDivisionError: division by zero)" in str(built.problems[0])


def test_strict_writes_nothing_where_a_check_warns(folder: Path) -> None:
    write_project(folder, [{"where": {"point": [100.0, -40.0]}}])
    assert Rebuilder(folder).build().problems == ()
    shutil.rmtree(folder / "output")
    built = Rebuilder(folder, strict=True).build()
    assert built.problems and built.findings
    assert not (folder / "output").exists()


def test_no_thread_is_left(folder: Path) -> None:
    before = threading.active_count()
    with Rebuilder(folder) as rebuilder:
        next(rebuilder.builds())
    assert threading.active_count() == before
