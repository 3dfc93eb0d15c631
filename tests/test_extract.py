"""A project taken out of its page builds the same page; a hostile page writes nothing anywhere else."""

from __future__ import annotations

import gzip
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mapgen import extract as extracting
from mapgen.build import build_project
from mapgen.cli import cli
from mapgen.errors import InputError
from mapgen.extract import extract_project, find_block
from mapgen.project import read_project
from mapgen.writers.plain import plain_project
from tests.generated import HOSTILE
from tests.projects import REPOSITORY, default_edition, default_project, write_project
from tests.test_carried import packed, whole

AREA = {
    "type": "Feature",
    "properties": {"name": "<b>An area</b>"},
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[9.4, 47], [9.6, 47], [9.6, 47.2], [9.4, 47.2], [9.4, 47]]],
    },
}
MOST_BYTES = 6 * 1024
"""What the data may add to the default project's first page, compressed as it travels."""


def page_with(text: str) -> str:
    return f'<!DOCTYPE html><script type="application/json" id="project-data">{json.dumps(text)}</script>'


def take_out(html: str, folder: Path) -> Path:
    page = folder / "page.html"
    page.write_bytes(html.encode("utf-8"))
    extract_project(page, folder / "out")
    return folder / "out"


def tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_the_default_project_comes_back_from_each_map_and_builds_the_same_bytes(tmp_path: Path) -> None:
    pages = default_edition().pages
    assert len(pages) >= 2
    for name, html in pages.items():
        (tmp_path / name).mkdir()
        again = read_project(take_out(html, tmp_path / name))
        assert again.model_copy(update={"folder": REPOSITORY}) == default_project()
    assert build_project(again).pages == pages


def test_a_hostile_project_of_several_files_builds_the_same_bytes(tmp_path: Path) -> None:
    texts = [text for text in HOSTILE if max(text) <= "\uffff"]  # JSON's other escapes are none of YAML's
    publications = [
        {"id": f"report-{number}", "title": text, "url": text, "note": text}
        for number, text in enumerate(texts)
    ]
    claims = [
        {
            "claim": text,
            "quote": text,
            "speaker": {"name": text},
            "source": f"report-{number}",
            "note": text,
            "where": {"place": "Vaduz", "label": text},
            "date": "2015-12?",
        }
        for number, text in enumerate(texts)
    ]
    claims[0] |= {"where": [{"area": "areas/b.geojson"}, {"relation": ["areas/a.json", "CHE"]}]}
    claims[1] |= {"where": {"border": ["LIE-CHE", "AUT-LIE"]}, "asserts": {"shares_border": ["LIE", "CHE"]}}
    layers = [{"name": "claims", "title": "</script>", "description": "{{7*7}}"}]
    maps = [
        {"name": "all", "title": "-->"},
        {"name": "near", "extent": [9, 47, 10, 48], "layers": ["claims"]},
    ]
    folder = tmp_path / "project"
    home = write_project(
        folder, claims, publications=publications, layers=layers, maps=maps, credit="=1", as_of="2016"
    )
    (home / "areas").mkdir()
    (home / "areas" / "a.json").write_text(json.dumps(AREA, indent=3))
    (home / "areas" / "b.geojson").write_text(json.dumps(AREA) + "\r\n")
    pages = build_project(read_project(home)).pages
    again = take_out(pages["near.html"], tmp_path)
    assert build_project(read_project(again)).pages == pages
    assert str(tmp_path) not in "".join(pages.values())


def test_a_boundary_file_of_ones_own_is_asked_for_by_name_and_checksum(tmp_path: Path) -> None:
    home = write_project(tmp_path / "project", territories=["AAA", "BBB"], context="none")
    squares = {"AAA": 0, "BBB": 1}
    features = [
        {
            "type": "Feature",
            "properties": {"ISO": code},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]],
            },
        }
        for code, x in squares.items()
    ]
    own = tmp_path / "own.geojson"
    own.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    settings = json.loads((home / "mapgen.yaml").read_text())
    settings |= {"boundaries": "own.geojson", "code_column": "ISO", "name_column": "ISO"}
    (home / "mapgen.yaml").write_text(json.dumps(settings))
    (home / "own.geojson").write_bytes(own.read_bytes())
    (home / "claims.yaml").write_text(
        json.dumps(
            [{"id": "a", "layer": "b", "where": {"territory": "AAA"}, "claim": "c", "source": "report"}]
        )
    )
    pages = build_project(read_project(home)).pages
    page = tmp_path / "map.html"
    page.write_bytes(pages["map.html"].encode())
    made = extract_project(page, tmp_path / "out")
    (note,) = made.notes
    assert "own.geojson" in note
    assert re.search("[0-9a-f]{64}", note)
    assert not (tmp_path / "out" / "own.geojson").exists()
    (tmp_path / "out" / "own.geojson").write_bytes(own.read_bytes())
    assert build_project(read_project(tmp_path / "out")).pages == pages


def test_the_data_adds_little_to_a_page() -> None:
    html = default_edition().pages["overview.html"]
    bare = re.sub(r'<script type="application/json" id="project-data">[^<]*</script>\n', "", html)
    sizes = [len(gzip.compress(text.encode("utf-8"), 9, mtime=0)) for text in (html, bare)]
    assert 0 < sizes[0] - sizes[1] <= MOST_BYTES


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(default_edition().pages["overview.html"].encode())
    for there in (tmp_path / "folder", tmp_path / "file", tmp_path / "link"):
        if there.name == "folder":
            there.mkdir()
        elif there.name == "file":
            there.write_text("mine")
        else:
            there.symlink_to(tmp_path / "nowhere")
        before = tree(tmp_path)
        with pytest.raises(InputError, match="is there already"):
            extract_project(page, there)
        assert tree(tmp_path) == before
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    "path",
    [
        "../out.json",
        "/tmp/out.json",
        "a/../../out.json",
        "C:\\out.json",
        "~/out.json",
        "a\x00.json",
        "b.yaml",
    ],
)
def test_no_area_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(InputError, match="was not written by mapgen"):
        take_out(page_with(packed(whole(areas={path: "{}"}))), tmp_path)
    assert tree(tmp_path) == ["page.html"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"project": {"title": "A", "territories": ["AFG"], "surprise": 1}},
        {"project": {"title": "A", "territories": ["AFG"], "boundaries": "/etc/passwd"}},
        {"project": {"title": {"a": [1]}, "territories": ["AFG"]}},
        {"project": {"title": "A", "territories": ["AFG"]}, "annotations": [{"id": "../x"}]},
        {"project": {"title": "A", "territories": ["AFG"], "key\n- b: &a": "*a"}},
        {"project": {"title": "A", "territories": ["AFG"]}, "areas": {"data/sources.yaml/a.json": ""}},
        {"project": {"title": "A", "territories": ["AFG"]}, "areas": {f"{'a' * 300}.json": ""}},
    ],
)
def test_data_that_is_no_project_is_refused_and_leaves_nothing(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    with pytest.raises(InputError):
        take_out(page_with(packed(whole(**changes))), tmp_path)
    assert tree(tmp_path) == ["page.html"]


def test_values_nested_without_end_are_refused(tmp_path: Path) -> None:
    value: list[Any] = []
    for _ in range(900):
        value = [value]
    with pytest.raises(InputError):
        take_out(page_with(packed(whole(project={"title": value}))), tmp_path)


@pytest.mark.parametrize(
    "text",
    ["", "plain text", "\x00\xff", "<html></html>", "<script id='project-data'>", page_with("a") * 2],
)
def test_files_that_are_no_maps_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"page\.html: .*project data"):
        find_block(text, "page.html")


@pytest.mark.parametrize("block", ["{}", "[", "1e999", "nonsense", '{"a": 1}'])
def test_blocks_that_hold_no_text_are_refused(tmp_path: Path, block: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        take_out(f'<script id="project-data" type="application/json">{block}</script>', tmp_path)


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<", "<script ", "<script id=", '<script a="', "</script", "<script id=project-data>", "&#"],
)
def test_hostile_pages_are_searched_in_little_time(piece: str) -> None:
    began = time.process_time()
    with pytest.raises(InputError):
        find_block(piece * (4_000_000 // len(piece)), "page.html")
    assert time.process_time() - began < 10


def test_huge_and_missing_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"none\.html: the file cannot be read"):
        extract_project(tmp_path / "none.html", tmp_path / "out")
    monkeypatch.setattr(extracting, "LARGEST", 1000)
    with pytest.raises(InputError, match="is larger than"):
        take_out(" " * 1001, tmp_path)


def test_a_page_of_another_version_is_said(tmp_path: Path) -> None:
    files = plain_project(default_project())
    value = whole(made_with="0.0.1", project=files.settings)
    page = tmp_path / "page.html"
    page.write_text(page_with(packed(value)))
    (note,) = extract_project(page, tmp_path / "out").notes
    assert "made with mapgen 0.0.1" in note


def test_the_commands_write_what_they_say(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(default_edition().pages["overview.html"].encode())
    done = CliRunner().invoke(cli, ["extract", str(page), "--output", str(tmp_path / "out")])
    assert done.exit_code == 0
    assert "data/annotations/claims.yaml" in done.output
    for name in ("csv", "jsonld", "claimreview"):
        target = tmp_path / f"claims.{name}"
        done = CliRunner().invoke(cli, ["export", name, str(tmp_path / "out"), "--output", str(target)])
        assert done.exit_code == 0
        assert target.stat().st_size > 0
    done = CliRunner().invoke(cli, ["export", "csv", str(tmp_path / "out")])
    assert "hertling-passage" in done.output
    assert "not in csv: statements about geography (asserts): 2 claims" in done.output
