"""``mapgen export svg|png|pdf``: what it writes, what it says, and what it refuses."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from mapgen.cli import cli
from tests.benchmarks import pictures
from tests.pictures import said, tree
from tests.projects import write_project
from tests.test_cli import refused, run


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    claims = [{"where": {"border": "LIE-CHE"}}, {"where": {"place": "Vaduz"}, "layer": "towns"}]
    return write_project(tmp_path_factory.mktemp("command") / "project", claims)


def _export(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["export", *map(str, arguments)])


def test_a_picture_is_written_and_told(project: Path, tmp_path: Path) -> None:
    target = tmp_path / "map.png"
    done = run("export", "png", project, "--output", target, "--width", "100mm", "--dpi", "300", "--notes")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"wrote {target}\n"
    assert Image.open(target).width == round(378 * 300 / 96)


def test_an_svg_is_printed_where_no_file_is_named(project: Path) -> None:
    done = _export(
        "svg", project, "--paper", "a5-portrait", "--theme", "dark", "--no-title", "--layers", "towns"
    )
    assert done.exit_code == 0
    root = tree(done.stdout)
    assert (root.get("width"), root.get("height")) == ("559", "794")
    assert "A map" not in said(done.stdout)
    assert [each for each in said(done.stdout) if each.isdecimal()] == ["1"]
    assert 'fill="#17191b"' in done.stdout


def test_a_pdf_is_written_as_bytes(project: Path, tmp_path: Path) -> None:
    done = _export("pdf", project, "-o", tmp_path / "map.pdf", "--grey", "--language", "de")
    assert done.exit_code == 0
    assert (tmp_path / "map.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_letters_that_no_font_has_are_told(tmp_path: Path) -> None:
    folder = write_project(tmp_path / "project", title="Map 中")
    done = _export("svg", folder)
    assert done.exit_code == 0
    assert (
        "no font has 中 (U+4E2D): shown as boxes; name a font file that has them: --font FILE" in done.stderr
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["csv", "--grey", "--map", "x"], "--grey, --map: only for pictures (svg, png, pdf), not for csv."),
        (["svg", "--dpi", "300"], "--dpi: only for png; a svg has no dots."),
        (["png", "--paper", "a4", "--width", "300"], "--paper: gives width and height"),
        (["png", "--width", "wide"], "'wide' is not a length"),
        (["png", "--width", "50"], "width: 50 pixels. Expected from 240 to 8000."),
        (["png", "--theme", "drak"], "no theme 'drak': expected light, dark. Did you mean 'dark'?"),
        (["png", "--layers", "cities"], "no layer 'cities': expected one of"),
        (["png", "--extent", "1,2"], "'1,2' is not an extent"),
        (["png", "--dpi", "7"], "dpi: 7. Expected from 24 to 1200."),
    ],
)
def test_what_cannot_be_is_refused(arguments: list[str], says: str, project: Path) -> None:
    done = _export(arguments[0], project, *arguments[1:])
    assert done.stdout == ""
    assert says in str(done.exception)


def test_a_mistake_ends_with_status_2_and_one_line(project: Path) -> None:
    message = refused("export", "png", project, "--map", "ovrview", status=2)
    assert message.startswith("no map 'ovrview': expected one of map")
    assert message.count("\n") == 1


def test_a_font_that_is_none_is_refused(project: Path, tmp_path: Path) -> None:
    (tmp_path / "font.ttf").write_text("no font")
    done = _export("svg", project, "--font", tmp_path / "font.ttf")
    assert "not a font that pictures can use. Expected a TrueType or OpenType file" in str(done.exception)


def test_the_benchmark_measures_what_is_installed(tmp_path: Path) -> None:
    asked = pictures.commands(tmp_path, sys.executable)
    assert [name for name in asked if name.startswith("mapgen")] == [
        *("mapgen, svg", "mapgen, png", "mapgen, pdf", "mapgen, png, A4 at 300 dpi"),
    ]
    svg = tmp_path / "small.svg"
    svg.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"/>', "utf-8")
    assert Image.open(io.BytesIO(pictures.programs(tmp_path)["resvg"](svg))).size == (20, 10)
