"""Measure pictures: ``python -m tests.benchmarks.pictures [--peers PYTHON] [--runs N]``.

The default project's overview as SVG, PNG and PDF, from cold processes, beside matplotlib's and cartopy's of
the same countries, where the Python that is named has them (``pip install geopandas matplotlib cartopy``);
nothing else needs them. Then how alike the SVG looks in what is installed: Chromium, librsvg, Inkscape.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.benchmarks.measure import REPOSITORY, Command, always, run_interleaved, sizes
from tests.benchmarks.table import Cell, format_table

HERE = Path(__file__).resolve().parent
SHAPES = REPOSITORY / "data" / "borders" / "natural-earth-10m"
PEERS = {"matplotlib": "geopandas, matplotlib", "cartopy": "cartopy"}
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{fonts}</dir>
<cachedir>{cache}</cachedir></fontconfig>"""
STRONG = 64
"""Difference of a colour, of 255, that one sees."""


def commands(folder: Path, peers: str | None) -> dict[str, tuple[Path, Command]]:
    """Return what is run, by name, with the file that it writes."""
    found: dict[str, tuple[Path, Command]] = {}
    own = [sys.executable, "-m", "mapgen", "export"]
    sizes_of = {"svg": [], "png": ["--dpi", "192"], "pdf": []}
    a4 = ["--paper", "a4", "--dpi", "300"]
    for name, form, options in (
        *((f"mapgen, {form}", form, options) for form, options in sizes_of.items()),
        ("mapgen, png, A4 at 300 dpi", "png", a4),
    ):
        file = folder / f"{name.replace(', ', '-').replace(' ', '-')}.{form}"
        command = [*own, form, str(REPOSITORY), "--map", "overview", "--output", str(file), *options]
        found[name] = file, always(command)
    for peer, needed in PEERS.items():
        if peers is None or subprocess.run([peers, "-c", f"import {needed}"], capture_output=True).returncode:
            continue
        for form in sizes_of:
            file = folder / f"{peer}.{form}"
            script = [peers, str(HERE / f"plain_{peer}.py"), str(SHAPES), str(file)]
            found[f"{peer}, {form}"] = file, always(script)
    return found


def describe(folder: Path, peers: str | None, runs: int) -> str:
    """Measure, and return a table."""
    asked = commands(folder, peers)
    costs = run_interleaved({name: command for name, (_, command) in asked.items()}, runs)
    rows: list[list[Cell]] = []
    for name, (file, _) in asked.items():
        raw, gzipped = sizes(file)
        cost = costs[name]
        rows.append([name, cost.wall, cost.cpu, round(cost.peak), raw, gzipped])
    notes = [
        "mapgen's have title, lead, legend, scale, names that do not collide, footer; the peers' do not."
    ]
    return format_table("Pictures", ["", "s", "CPU s", "MiB", "bytes", "gzipped"], rows, notes)


def show_alike(svg: Path, folder: Path) -> str:
    """Show one SVG in all programs that there are, and return how they differ from resvg."""
    shown: dict[str, Any] = {}
    for name, show in programs(folder).items():
        content = show(svg)
        if content:
            shown[name] = np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)
    reference = shown.pop("resvg")
    rows: list[list[Cell]] = []
    for name, pixels in shown.items():
        differing = np.abs(pixels - reference).max(axis=2)
        rows.append([name, float(differing.mean()), 100 * float((differing > STRONG).mean())])
    return format_table("Unlike resvg", ["", "mean", f"% over {STRONG}"], rows)


def programs(folder: Path) -> Mapping[str, Callable[[Path], bytes]]:
    """Return what shows an SVG as PNG, one pixel a dot."""
    return {
        "resvg": _resvg,
        "Chromium": _chromium,
        "librsvg": lambda svg: _run(["rsvg-convert", str(svg)], {}),
        "librsvg, fonts installed": lambda svg: _run(["rsvg-convert", str(svg)], _with_fonts(folder)),
        "Inkscape, fonts installed": lambda svg: _run(
            ["inkscape", "--export-type=png", "--export-filename=-", str(svg)], _with_fonts(folder)
        ),
    }


def _resvg(svg: Path) -> bytes:
    from mapgen.picture.fonts import FACES, VENDOR
    from mapgen.picture.raster import render_png

    fonts = [VENDOR / path for path in FACES.values()]
    return render_png(svg.read_text("utf-8"), (1200, 800), fonts=fonts, dpi=96, texts={})


def _chromium(svg: Path) -> bytes:
    from tests.browser import open_page, start_browser

    size = {"width": 1200, "height": 800}
    with start_browser() as browser, open_page(browser, svg, viewport=size) as opened:
        return opened.page.screenshot()


def _run(command: list[str], variables: Mapping[str, str]) -> bytes:
    if shutil.which(command[0]) is None:
        return b""
    ran = subprocess.run(command, capture_output=True, check=True, env={**os.environ, **variables})
    return ran.stdout


def _with_fonts(folder: Path) -> dict[str, str]:
    """Return what lets a program find the fonts that come with mapgen, and no others."""
    file = folder / "fonts.conf"
    vendor = REPOSITORY / "mapgen" / "vendor"
    file.write_text(FONTS.format(fonts=vendor, cache=folder / "cache"), "utf-8")
    return {"FONTCONFIG_FILE": str(file)}


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description="Measure pictures.")
    parser.add_argument("--peers", metavar="PYTHON", help="a Python that has geopandas, matplotlib, cartopy")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mapgen-pictures-") as name:
        folder = Path(name)
        print(describe(folder, asked.peers, asked.runs), flush=True)
        print("\n" + show_alike(folder / "mapgen-svg.svg", folder), flush=True)


if __name__ == "__main__":
    main()
