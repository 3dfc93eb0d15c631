"""The house holds together: who may import whom, who may print, and what no file of ours contains.

``ORDER`` is the way of the data. A new module gets its place in it, and may import only what stands above it.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "mapgen"

ORDER = (
    # words and files
    "errors",
    "bundled",
    "digests",
    "cache",
    "gdal",
    "yamlwords",
    "yamlvalues",
    "dates",
    "languages",
    "datewords",
    "scripts",
    "documents",
    "fields",
    "entries",
    "notices",
    "locations",
    "themes",
    "translations",
    "model",
    "modelwords",
    "annotations",
    "schema",
    # boundary data
    "examination",
    "encodings",
    "dbase",
    "plausibility",
    "shapefile",
    "geojson",
    "packing",
    "mending",
    "vectorfile",
    # claims in other formats, and the project
    "readers.columns",
    "readers.table",
    "readers.encoding",
    "readers.delimited",
    "readers.spreadsheet",
    "readers.features",
    "readers.geojsonfile",
    "readers.kmlfile",
    "readers.vectordata",
    "readers.webannotation",
    "readers.acled",
    "readers.ucdp",
    "readers.__init__",
    "storychecks",
    "project",
    # boundaries
    "datasets",
    "antimeridian",
    "worldviews",
    "boundarylines",
    "codecolumns",
    "boundaries",
    "names",
    "borders",
    # where claims are
    "routes",
    "gazetteer",
    "areafiles",
    "areas",
    "places",
    "checks",
    "disputes",
    "recordchecks",
    "findings",
    "inputs",
    "ledger",
    "plans",
    "prepared",
    "keeping",
    # the map
    "projection",
    "topology",
    "arccode",
    "curves",
    "frame",
    "generalise",
    "labelling",
    "sheet",
    "linework",
    "scenes",
    "missed",
    "drawing",
    "templating",
    "layers",
    "compose",
    "preparing",
    # the page
    "wording",
    "offered",
    "inlining",
    "switching",
    "told",
    "pageviews",
    "page",
    "embed",
    "scales",
    "facets",
    "stories",
    "translated",
    "views",
    "pagechecks",
    "edition",
    # what is carried and written
    "writers.__init__",
    "writers.plain",
    "writers.yamlfiles",
    "carried",
    "extract",
    "writers.table",
    "writers.csvfile",
    "writers.shapes",
    "writers.geojson",
    "writers.kml",
    "writers.webannotation",
    "writers.claimreview",
    "writers.export",
    # reports
    "report.__init__",
    "report.document",
    "report.escaping",
    "report.contents",
    "report.functions",
    "report.authoring",
    "report.markdownreader",
    "report.markdownwriter",
    "report.latexwriter",
    "report.htmlwriter",
    "report.docxwriter",
    "report.typstwriter",
    "report.pdfwriter",
    "report.weaving",
    "report.making",
    # what a user meets
    "manifest",
    "build",
    "changing",
    # pictures
    "picture.styles",
    "picture.fonts",
    "picture.typeset",
    "picture.room",
    "picture.chart",
    "picture.view",
    "picture.outlines",
    "picture.marks",
    "picture.names",
    "picture.options",
    "picture.shapes",
    "picture.claimwork",
    "picture.mapwork",
    "picture.sheetparts",
    "picture.sheetwork",
    "picture.render",
    "picture.raster",
    "picture.vector",
    "picture.__init__",
    # a project in Python
    "loading",
    "embedding",
    "verify",
    "difference",
    "gitfiles",
    "editions",
    "writers.changes",
    "listing",
    "changesmap",
    "starting",
    "template",
    # the preview
    "watching",
    "nearby",
    "appending",
    "pointing",
    "previewpage",
    "previewserver",
    "rebuilding",
    "preview",
    "__init__",
    "integrations.__init__",
    "integrations.sphinx",
    "integrations.mkdocs",
    "cli.console",
    "cli.pictureflags",
    "cli.working",
    "cli.publishing",
    "cli.editions",
    "cli.__init__",
    "__main__",
)

ONLY_IN = {
    "folium": {"layers", "compose", "page"},
    "branca": {"layers", "compose", "page"},
    "click": {name for name in ORDER if name.startswith("cli.")},
    "rich": {"cli.console"},
    "watchfiles": {"watching"},
    "uharfbuzz": {"picture.fonts"},
    "resvg_py": {"picture.raster"},
}
"""Libraries that only these modules know, so that each can be replaced in one place."""

HEAVY = ("geopandas", "pandas", "folium", "branca", "shapely", "pyogrio", "numpy")
"""What takes long to import, and what no ``--help`` has to wait for."""

MAY_PRINT_AND_EXIT = {"__main__", *(name for name in ORDER if name.startswith("cli."))}

LONGEST = 400


def _modules() -> dict[str, Path]:
    """Return the modules by their name without ``mapgen.``; scripts beside data are left out."""
    paths = (
        path
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in {"vendor", "starter"}
    )
    return {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in sorted(paths)}


MODULES = _modules()
every_module = pytest.mark.parametrize("name", MODULES)


@cache
def _tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text("utf-8"))


def _imports(name: str) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of all that a module imports, inside functions too."""
    for node in ast.walk(_tree(name)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{MODULES[name].name}:{node.lineno}: a relative import"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _own_module(imported: str) -> str | None:
    """Return the module of ours that an import means, None for a library; the version is for all to read."""
    package, _, rest = imported.partition(".")
    if package != "mapgen" or rest == "__version__":
        return None
    names = {name: name.removesuffix(".__init__") for name in MODULES}
    named = [name for name, own in names.items() if rest == own or rest.startswith(f"{own}.")]
    return max(named, key=lambda name: len(names[name]), default="__init__")


@every_module
def test_each_module_has_its_place_in_the_order(name: str) -> None:
    assert name in ORDER, "give it its place in ORDER"


def test_each_place_in_the_order_is_taken() -> None:
    assert [name for name in ORDER if name not in MODULES] == []


@every_module
def test_each_module_imports_only_from_above(name: str) -> None:
    above = ORDER[: ORDER.index(name)]
    wrong = [
        f"{MODULES[name].name}:{line} imports {imported}"
        for line, imported in _imports(name)
        if (own := _own_module(imported)) is not None and own not in above
    ]
    assert not wrong


@every_module
def test_each_library_is_known_only_where_it_belongs(name: str) -> None:
    wrong = [
        f"{MODULES[name].name}:{line} imports {imported}"
        for line, imported in _imports(name)
        if name not in ONLY_IN.get(imported.partition(".")[0], {name})
    ]
    assert not wrong


@every_module
def test_only_the_command_line_prints_or_exits(name: str) -> None:
    if name in MAY_PRINT_AND_EXIT:
        return
    forbidden = {
        "print",
        "input",
        "exit",
        "quit",
        "SystemExit",
        "sys.exit",
        "sys.stdout",
        "sys.stderr",
        "os._exit",
    }
    used = {ast.unparse(node) for node in ast.walk(_tree(name)) if isinstance(node, ast.Name | ast.Attribute)}
    assert not used & forbidden


@every_module
def test_no_module_runs_text_as_code(name: str) -> None:
    used = {ast.unparse(node.func) for node in ast.walk(_tree(name)) if isinstance(node, ast.Call)}
    assert not used & {
        "eval",
        "exec",
        "compile",
        "__import__",
        "yaml.load",
        "yaml.unsafe_load",
        "pickle.load",
        "pickle.loads",
    }


@every_module
def test_each_module_says_what_it_does(name: str) -> None:
    assert ast.get_docstring(_tree(name))


@every_module
def test_no_module_is_too_long(name: str) -> None:
    lines = MODULES[name].read_text("utf-8").count("\n")
    assert lines <= LONGEST, "it wants to be two"


def test_asking_for_help_imports_nothing_heavy() -> None:
    code = f"import sys, mapgen, mapgen.cli; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    asked = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert asked.stdout.split() == []


# ---- what the page is made of


def _assets(pattern: str) -> list[Path]:
    return sorted(path for folder in ("assets", "templates") for path in (PACKAGE / folder).rglob(pattern))


def _found(path: Path, pattern: str) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [
        f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()}"
        for number, line in enumerate(lines, 1)
        if re.search(pattern, line)
    ]


@pytest.mark.parametrize("path", _assets("*.js"), ids=lambda path: path.name)
def test_no_script_turns_text_into_markup_or_code(path: Path) -> None:
    assert not _found(
        path, r"(inner|outer)HTML|insertAdjacentHTML|ContextualFragment|document\.write|\beval\(|\bFunction\("
    )


@pytest.mark.parametrize("path", _assets("*.js"), ids=lambda path: path.name)
def test_no_script_is_too_long_or_asks_the_network(path: Path) -> None:
    lines = path.read_text("utf-8").count("\n")
    assert lines <= LONGEST, "it wants to be two"
    if path.parent.name == "preview":  # served copies only, see test_preview_page.py
        return
    assert not _found(path, r"\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|\bimport\(")


@pytest.mark.parametrize("path", _assets("*.jinja2"), ids=lambda path: path.name)
def test_each_template_escapes_and_fits_the_content_security_policy(path: Path) -> None:
    assert not _found(path, r"\|\s*safe\b|autoescape\s+false"), "text is escaped everywhere"
    assert not _found(path, r"\s(style|on[a-z]+)\s*="), (
        "the policy refuses attributes with styles and scripts"
    )


def test_there_are_scripts_and_templates_to_look_at() -> None:
    assert _assets("*.js")
    assert _assets("*.jinja2")


# ---- what no file contains


def _text_files() -> Iterator[Path]:
    left_out = {"build", "dist", "output", "__pycache__"}
    kinds = {
        ".py",
        ".js",
        ".css",
        ".jinja2",
        ".md",
        ".cfg",
        ".toml",
        ".txt",
        ".yaml",
        ".yml",
        ".json",
        ".geojson",
        "",
    }
    for folder, folders, files in os.walk(REPOSITORY):
        folders[:] = sorted(
            name for name in folders if name not in left_out and (name[0] != "." or name == ".ci")
        )
        yield from (
            path for name in sorted(files) if (path := Path(folder, name)).suffix in kinds and name != ".git"
        )


def test_no_file_names_a_folder_of_one_machine() -> None:
    home = r"(?<![\w.$}])/(?:root|home|Users)/\w"
    assert not [line for path in _text_files() for line in _found(path, home)]


def test_nothing_is_left_to_do() -> None:
    marker = r"\b(TODO|FIXME|XXX)\b"
    ours = (path for path in _text_files() if path.suffix in {".py", ".js", ".css", ".jinja2"})
    assert not [line for path in ours if path != Path(__file__) for line in _found(path, marker)]
