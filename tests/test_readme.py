"""The README keeps its word: its examples run as they stand, and it names all that there is.

In: README.md. Sections with examples are followed block by block, as a newcomer does: ``console`` blocks are
run and compared with what they show, ``diff`` blocks are applied, ``yaml`` blocks whose first line names a
file are written to it. docs/checks.md has a row for each finding that there is in the code.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from pydantic import BaseModel

from mapgen.cli import cli
from mapgen.entries import FORMATS, AnnotationFile
from mapgen.findings import CODES
from mapgen.model import (
    ASSERTION_KINDS,
    LOCATION_KINDS,
    Annotation,
    Layer,
    MapSpec,
    ProjectFile,
    Silence,
    Source,
    Speaker,
)
from mapgen.notices import Correction
from mapgen.readers import SUFFIXES
from mapgen.readers.columns import COLUMNS

REPOSITORY = Path(__file__).resolve().parent.parent
README = (REPOSITORY / "README.md").read_text("utf-8")
CHECKS = (REPOSITORY / "docs" / "checks.md").read_text("utf-8")
LARGEST_PICTURE = 400_000


def _section(heading: str) -> str:
    """Return the text under a heading, up to the next of its rank or above."""
    depth = len(heading.partition(" ")[0])
    lines = README.split("\n")
    assert heading in lines, f"README.md has no section {heading!r}"
    found: list[str] = []
    in_block = False
    for line in lines[lines.index(heading) + 1 :]:
        in_block ^= line.startswith("```")
        if not in_block and re.match(rf"#{{1,{depth}}} ", line):
            break
        found.append(line)
    return "\n".join(found)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield the fenced blocks of a text: language and content."""
    yield from re.findall(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S)


def _run(*arguments: str, cwd: Path) -> str:
    """Run a command of mapgen and return what a terminal shows, errors after the rest."""
    path = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


def _without_sizes(text: str) -> str:
    """Take out sizes of files: they change with every change to the page."""
    return re.sub(r"\([\d,]+ bytes\)", "(… bytes)", text).strip()


def _converse(block: str, folder: Path) -> Path:
    """Run the commands of a ``console`` block and compare; return the folder that it leads to."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, expected = part.partition("\n")
        name, *arguments = command.split()
        if name == "cd":
            folder = folder / arguments[0]
            continue
        assert name == "mapgen"
        assert _without_sizes(_run("-m", "mapgen", *arguments, cwd=folder)) == _without_sizes(expected)
    return folder


def _apply(block: str, folder: Path) -> None:
    """Apply a ``diff`` block: each part between ``@@`` lines replaces what it shows as there before."""
    head, _, body = block.partition("\n")
    file = folder / head.removeprefix("--- ")
    text = file.read_text("utf-8")
    for hunk in re.split(r"^@@\n", body, flags=re.M):
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(before) == 1, f"{head}: stands there {text.count(before)} times:\n{before}"
        text = text.replace(before, after)
    file.write_text(text, "utf-8")


def _write(block: str, folder: Path) -> None:
    """Write a ``yaml`` block to the file that its first line names."""
    name = block.partition("\n")[0].removeprefix("# ")
    assert re.fullmatch(r"data/[\w/]+\.yaml", name)
    (folder / name).write_text(block, "utf-8")


def _follow(section: str, folder: Path) -> Path:
    """Do what a section says, block by block; return the folder at its end."""
    for language, block in _blocks(section):
        if language == "console":
            folder = _converse(block, folder)
        else:
            {"diff": _apply, "yaml": _write}[language](block, folder)
    return folder


@pytest.fixture(scope="module")
def first_map(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that a newcomer has after the section on the first map."""
    section = _section("## Your first map in five minutes")
    return _follow(section.partition("\n### ")[0], tmp_path_factory.mktemp("newcomer"))


@pytest.fixture
def project(first_map: Path, tmp_path: Path) -> Path:
    """A copy of that project, to be changed."""
    return Path(shutil.copytree(first_map, tmp_path / "project"))


def test_the_first_map_is_made_as_the_readme_says(first_map: Path) -> None:
    page = (first_map / "output" / "overview.html").read_text("utf-8")
    assert "From Stettin in the Baltic to Trieste in the Adriatic" in page
    assert (first_map / "output" / "treaty.html").is_file()


@pytest.mark.parametrize("heading", ["### What a mistake looks like", "### The next edition"])
def test_the_sections_after_the_first_map_are_true(heading: str, project: Path) -> None:
    before = (project / "output" / "overview.html").read_bytes()
    _follow(_section(heading), project)
    after = (project / "output" / "overview.html").read_bytes()
    assert (before == after) == ("mistake" in heading), "a mistake leaves the maps as they were"


def test_the_commands_print_what_the_readme_shows(project: Path) -> None:
    blocks = [block for language, block in _blocks(_section("## Commands")) if language == "console"]
    assert blocks
    for block in blocks:
        _converse(block, project)


@pytest.mark.parametrize("heading", ["## Use a map", "## In Python"])
def test_the_python_examples_run(heading: str, project: Path) -> None:
    blocks = [block for language, block in _blocks(_section(heading)) if language == "python"]
    assert blocks
    for number, block in enumerate(blocks):
        (project / f"example_{number}.py").write_text(block, "utf-8")
        assert _run(f"example_{number}.py", cwd=project) == ""
    if heading == "## Use a map":
        assert '<iframe title="treaty" srcdoc="' in (project / "report.html").read_text("utf-8")


def test_a_map_gives_its_project_back_as_the_readme_says(project: Path) -> None:
    blocks = [block for language, block in _blocks(_section("## Use a map")) if language == "console"]
    (console,) = [block for block in blocks if "mapgen extract" in block]
    _run("-m", "mapgen", "build", cwd=project)
    _converse(console, project)
    again = project.parent / "again" / "output"
    for name in ("overview.html", "treaty.html"):
        assert (again / name).read_bytes() == (project / "output" / name).read_bytes()


def test_the_examples_of_claims_build_in_the_default_project(tmp_path: Path) -> None:
    _run("-m", "mapgen", "init", "--example", ".", cwd=tmp_path)
    blocks = [block for language, block in _blocks(_section("## Claims")) if language == "yaml"]
    for block in blocks:
        _write(block, tmp_path)
    said = _run("-m", "mapgen", "build", cwd=tmp_path)
    assert "wrote output/overview.html" in said
    assert "error" not in said
    assert "warning" not in said
    text = "".join(blocks)
    assert [kind for kind in (*LOCATION_KINDS, *ASSERTION_KINDS) if f"{{{kind}: " not in text] == []


def test_the_examples_of_claims_from_a_table_build(project: Path) -> None:
    blocks = dict(_blocks(_section("## Claims from tables and maps")))
    _apply(blocks["diff"], project)
    (project / "data" / "claims.csv").write_text(blocks["csv"], "utf-8")
    assert "wrote output/overview.html" in _run("-m", "mapgen", "build", "--strict", cwd=project)
    page = (project / "output" / "treaty.html").read_text("utf-8")
    assert "The frontier follows the Oder and the Lusatian Neisse." in page


def test_the_example_of_findings_set_aside_is_valid() -> None:
    for text in (_section("## Checks"), CHECKS):
        (example,) = [block for language, block in _blocks(text) if language == "yaml"]
        entries = [Silence.model_validate(entry) for entry in yaml.safe_load(example)["silence"]]
        assert {entry.check for entry in entries} <= _explained().keys()


def test_the_example_of_boundaries_of_ones_own_is_valid(project: Path) -> None:
    import geopandas as gpd

    (example,) = [block for language, block in _blocks(_section("## Boundaries")) if language == "yaml"]
    countries = gpd.read_file(REPOSITORY / "data/borders/natural-earth-10m/countries.shp")
    own = countries[countries["ADM0_A3"].isin(["DEU", "POL", "CZE", "AUT", "ITA"])].to_crs(3035)
    own = own[["ADM0_A3", "NAME_DE", "geometry"]].set_axis(["kuerzel", "titel", "geometry"], axis=1)
    own.to_file(project / "data" / "my-boundaries.gpkg")
    file = project / "mapgen.yaml"
    file.write_text(
        re.sub(r"^boundaries: .*\n", lambda _: example, file.read_text("utf-8"), flags=re.M), "utf-8"
    )
    assert "wrote output/overview.html" in _run("-m", "mapgen", "build", cwd=project)


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("## The project file", ProjectFile),
        ("## The project file", Layer),
        ("## The project file", MapSpec),
        ("## The project file", Silence),
        ("## The project file", Correction),
        ("## Claims from tables and maps", AnnotationFile),
        ("## Sources", Source),
        ("## Claims", Annotation),
        ("## Claims", Speaker),
    ],
)
def test_each_key_is_explained(heading: str, model: type[BaseModel]) -> None:
    section = _section(heading)
    missing = [key for key in model.model_fields if not re.search(rf"[`{{ ]{key}[`:]", section)]
    assert missing == []


def test_each_command_and_each_option_is_explained() -> None:
    section = _section("## Commands")
    missing = [
        f"{name} {option}"
        for name, command in cli.commands.items()
        for parameter in command.params
        for option in ([] if isinstance(parameter, click.Argument) else parameter.opts)
        if not any(f"`{option}" in row for row in _rows(section, name))
    ]
    assert missing == []
    assert [name for name in cli.commands if not _rows(section, name)] == []


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_each_choice_of_a_command_is_explained(name: str) -> None:
    choices = [
        str(choice)
        for parameter in cli.commands[name].params
        if isinstance(parameter.type, click.Choice)
        for choice in parameter.type.choices
    ]
    rows = "".join(_rows(_section("## Commands"), name))
    assert [choice for choice in choices if f"`{choice}`" not in rows] == []


def test_each_format_and_column_of_claims_is_explained() -> None:
    section = _section("## Claims from tables and maps")
    assert [name for name in (*FORMATS, *SUFFIXES) if f"`{name}`" not in section] == []
    formats = (REPOSITORY / "docs" / "formats.md").read_text("utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in formats] == []


def test_each_finding_is_explained() -> None:
    assert [code for code in (*CODES, *_reported()) if code not in _explained()] == []
    assert [code for code in _explained() if code not in CODES and code not in _reported()] == []
    wrong = {code: severity for code, severity in _reported().items() if _explained()[code] != severity}
    assert wrong == {}, "the severity that the code gives, which docs/checks.md does not say"


def _explained() -> dict[str, str]:
    """Return the codes in the tables of docs/checks.md, with their severities."""
    return dict(re.findall(r"^\| `([a-z-]+)` \| (error|warning|note) \|", CHECKS, re.M))


def _reported() -> dict[str, str]:
    """Return the codes that stand in calls in the code, with their severities."""
    calls = [
        node
        for path in (REPOSITORY / "mapgen").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
    ]
    found: dict[str, str] = {}
    for call in calls:
        name = ast.unparse(call.func).rpartition(".")[2]
        texts = [each.value if isinstance(each, ast.Constant) else None for each in call.args[:2]]
        match name, texts:
            case "Finding", [str(severity), str(code)]:
                found[code] = severity
            case "warn", [str(code), *_]:
                found[code] = "warning"
            case "CannotPlace", [str(code), *_]:
                found[code] = "error"
    return found


def _rows(section: str, command: str) -> list[str]:
    """Return the rows of a table that begin with a command."""
    return [line for line in section.splitlines() if line.startswith(f"| `mapgen {command}")]


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/checks.md", "docs/formats.md"]
)
def test_links_lead_to_files_and_headings_that_are_there(name: str) -> None:
    text = (REPOSITORY / name).read_text("utf-8")
    headings = {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", text, re.M)
    }
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith("https://")]
    files = [link for link in links if not link.startswith("#")]
    assert [link for link in files if not ((REPOSITORY / name).parent / link).exists()] == []
    assert [link for link in links if link.startswith("#") and link[1:] not in headings] == []


def test_the_picture_is_the_size_of_a_window_and_light() -> None:
    data = (REPOSITORY / "docs" / "overview.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (1280, 800)
    assert len(data) <= LARGEST_PICTURE


def test_contributing_names_every_module() -> None:
    from tests.test_architecture import ORDER

    table = (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8")
    missing = [name for name in ORDER if f"`{name}`" not in table and not name.endswith("__")]
    assert missing == [], "the table of stages in CONTRIBUTING.md is to name them"
