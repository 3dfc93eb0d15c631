"""mapgen installed from its wheel is whole: it builds the default project outside the checkout, offline."""

from __future__ import annotations

import ast
import configparser
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from functools import reduce
from itertools import chain
from operator import or_
from pathlib import Path

import pytest

from mapgen import bundled

REPOSITORY = Path(__file__).resolve().parent.parent
PACKED = ("LICENSE", "README.md", "mapgen.yaml", "pyproject.toml", "setup.cfg")
LARGEST_WHEEL = 30_000_000


def _run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command away from the checkout and return what it prints; what it says is shown when it fails."""
    kept = {
        name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "SOURCE_DATE_EPOCH"}
    }
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the wheel is built from, with tests and outputs beside it that must stay out."""
    folder = tmp_path_factory.mktemp("source")
    for name in PACKED:
        shutil.copy(REPOSITORY / name, folder)
    for name in ("mapgen", "data"):
        shutil.copytree(
            REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "output")
        )
    for stray in ("tests/test_stray.py", "output/overview.html"):
        (folder / stray).parent.mkdir()
        (folder / stray).write_text("", "utf-8")
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as ``pip install`` builds it."""
    return _build_wheel(source, tmp_path_factory.mktemp("wheel"))


def _build_wheel(source: Path, folder: Path) -> Path:
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation")
    _run(*pip, "--wheel-dir", folder, source, cwd=folder)
    (wheel,) = folder.glob("mapgen-*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment with the wheel in it, and the libraries of the running environment."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    _run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    python = folder / "bin/python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps")
    _run(*pip, wheel, cwd=folder)
    (packages,) = folder.glob("lib/python*/site-packages")
    # A line with a path appends it: mapgen is found in its own environment, what it needs behind that.
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "libraries.pth").write_text("\n".join(sorted(libraries)) + "\n", "utf-8")
    return python


def _without_network() -> list[str]:
    """Return what to put before a command so that it has no network, where the system allows that."""
    command = ["unshare", "--map-root-user", "--net"]
    allowed = shutil.which("unshare") and subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if allowed and allowed.returncode == 0 else []


def _build_example(python: Path | str, folder: Path, **environment: str) -> dict[str, bytes]:
    """Build the default project in a folder of its own; return the outputs by name."""
    shutil.copytree(REPOSITORY / "data", folder / "data", ignore=shutil.ignore_patterns("borders"))
    shutil.copy(REPOSITORY / "mapgen.yaml", folder)
    nowhere = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    _run(*_without_network(), python, "-m", "mapgen", "build", cwd=folder, **nowhere, **environment)
    return {path.name: path.read_bytes() for path in sorted((folder / "output").iterdir()) if path.is_file()}


def test_the_wheel_holds_the_package_and_the_default_project_and_nothing_else(
    source: Path, wheel: Path
) -> None:
    data = {f"data/{path}" for path in _files(source / "data") if not path.endswith(".py")}
    expected = {f"mapgen/{path}" for path in _files(source / "mapgen")} - {"mapgen/vendor/refresh.py"}
    expected |= {f"mapgen/example/{path}" for path in {"mapgen.yaml", *data}}
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == expected
    assert {"mapgen/example/data/sources.yaml", "mapgen/starter/mapgen.yaml", "mapgen/py.typed"} <= packed


def test_the_wheel_carries_all_licences_and_is_small_enough(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        licences = {name.partition("/licenses/")[2] for name in archive.namelist() if "/licenses/" in name}
    vendored = (REPOSITORY / "mapgen/vendor").glob("*/LICENSE")
    assert licences == {"LICENSE", *(path.relative_to(REPOSITORY).as_posix() for path in vendored)}
    assert {"mapgen/vendor/leaflet/LICENSE", "mapgen/vendor/vazirmatn/LICENSE"} <= licences
    assert wheel.stat().st_size <= LARGEST_WHEEL


def test_the_source_distribution_makes_the_same_wheel(source: Path, wheel: Path, tmp_path: Path) -> None:
    _run(
        sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", tmp_path, source, cwd=tmp_path
    )
    (packed,) = tmp_path.glob("mapgen-*.tar.gz")
    shutil.unpack_archive(packed, tmp_path)
    again = _build_wheel(tmp_path / packed.name.removesuffix(".tar.gz"), tmp_path)
    with zipfile.ZipFile(wheel) as first, zipfile.ZipFile(again) as second:
        assert sorted(first.namelist()) == sorted(second.namelist())


def test_an_installed_mapgen_finds_its_data_in_itself(installed: Path, tmp_path: Path) -> None:
    code = "from mapgen import bundled; print(bundled.example_folder()); print(*bundled.datasets())"
    folder, names = _run(installed, "-c", code, cwd=tmp_path).splitlines()
    assert Path(folder).is_relative_to(installed.parent.parent)
    assert names.split() == bundled.datasets()


def test_an_installed_mapgen_builds_the_default_project_with_no_network(
    installed: Path, tmp_path: Path
) -> None:
    (tmp_path / "project").mkdir()
    outputs = _build_example(installed, tmp_path / "project")
    assert {"overview.html", "border-concerns.html"} <= outputs.keys()

    (tmp_path / "elsewhere").mkdir()
    from_checkout = _build_example(sys.executable, tmp_path / "elsewhere", PYTHONPATH=str(REPOSITORY))
    assert outputs == from_checkout, "where mapgen and the project lie must not show in what is built"


def test_the_command_is_installed(installed: Path, tmp_path: Path) -> None:
    assert "build" in _run(installed.parent / "mapgen", "--help", cwd=tmp_path)


def test_a_checkout_finds_its_data_at_the_top() -> None:
    assert bundled.example_folder() == REPOSITORY
    assert bundled.datasets() == ["natural-earth-10m"]
    assert bundled.dataset_folder("natural-earth-10m") == REPOSITORY / "data/borders/natural-earth-10m"


@pytest.mark.parametrize("name", ["", ".", "..", "../areas", "natural-earth-10", "/etc"])
def test_a_dataset_that_is_not_there_is_named_with_those_that_are(name: str) -> None:
    with pytest.raises(bundled.BoundaryDataError, match="natural-earth-10m"):
        bundled.dataset_folder(name)


# ---- dependencies


def _setup(section: str, option: str) -> dict[str, str]:
    """Return the requirements of an option of setup.cfg: name in lower case and lower bound."""
    setup = configparser.ConfigParser()
    setup.read(REPOSITORY / "setup.cfg", "utf-8")
    lines = setup[section][option].strip().splitlines()
    return {
        name.strip().lower(): bound.strip()
        for name, _, bound in (line.partition(">=") for line in lines)
        if not name.startswith("mapgen[")
    }


def _every_requirement() -> dict[str, str]:
    extras = ("pictures", "pdf", "report", "test")
    several = [_setup("options.extras_require", extra) for extra in extras]
    return reduce(or_, several, _setup("options", "install_requires"))


def _pins() -> dict[str, str]:
    lines = (REPOSITORY / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert not [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][A-Za-z0-9.]*", pin)]
    parted = (pin.partition("==") for pin in pins)
    return {name.lower().replace("_", "-"): version for name, _, version in parted}


def test_each_requirement_has_a_lower_bound_and_an_exact_version() -> None:
    required = _every_requirement()
    assert all(required.values())
    assert required.keys() <= _pins().keys()


def test_each_library_that_is_imported_is_required() -> None:
    provided_by = {
        "yaml": "pyyaml",
        "pydantic_core": "pydantic",
        "docx": "python-docx",
        "markdown_it": "markdown-it-py",
        "resvg_py": "resvg-py",
        "docutils": "sphinx",
    }
    known = set(sys.stdlib_module_names) | {"mapgen"}
    imported: set[str] = set()
    for path in (REPOSITORY / "mapgen").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.partition(".")[0])
    needed = {provided_by.get(name, name) for name in imported - known}
    extras = [_setup("options.extras_require", extra) for extra in ("pictures", "pdf", "report")]
    # The tools of the integrations import mapgen, not the other way.
    assert needed - {"sphinx", "mkdocs"} == {*_setup("options", "install_requires"), *chain(*extras)}
