"""Measure mapgen beside its peers: ``make bench``, or ``python -m tests.benchmarks [--quick]``.

Three things are measured, each beside its peers in one run, in turn, as medians:

1. **The build step**: ``python -m mapgen build`` of the default project (two maps, everything checked) in a
   cold process, beside a plain folium script that reads the same shapefile, computes the same borders and
   saves one map (`plain_folium`), and geopandas' ``explore`` (`plain_explore`, where matplotlib and
   mapclassify are installed, which it needs). Wall time, CPU time (user and system), peak memory, bytes of
   the file, raw and gzipped. The cache is empty at each build, but for "one text changed" and
   "nothing changed", which build an edited copy of the project, and the same again, into the same folder.
2. **In the browser**: milliseconds from the start of navigation to the first drawn map, and until nothing
   changes any more; files that the page asks others for; whether its map is drawn with no network;
   JavaScript's heap. Pages are opened from disk. What folium's pages fetch is answered by this machine at
   once, from packages that npm brings, so no network is measured; without npm folium's times are left out.
   "folium, all inlined" has those files in the page, as offline forks of folium do.
3. **Many claims**: generated projects of 500 and 5,000 claims (points, borders, territories), beside as
   many points with popups on a plain folium map: a first build, the next one after the words of a claim
   changed, and a check.

Times depend on the machine and on what else it does: compare them within a run only. The bars are therefore
ratios to plain folium in the same run, but for the sizes, which are the same everywhere. ``x`` is the
figure divided by plain folium's: below 1 is better. On a busy machine trust the ratio of CPU time more than
that of wall time.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks import browser, cold_build, many_claims
from tests.benchmarks.cold_build import EXPLORE, MAPGEN, PLAIN, Built
from tests.benchmarks.supplies import Supplies, inline
from tests.benchmarks.table import Cell, format_table, ratio

INLINED = "folium, all inlined"


def main() -> None:
    """Measure, and print tables."""
    options = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="mapgen-bench-") as name:
        folder = Path(name)
        built = cold_build.measure(folder, options.runs)
        print(cold_build.describe(built), "\n", flush=True)
        supplies = Supplies(folder / "supplies") if Supplies.can_be_had() else None
        shown = browser.measure(find_pages(built, folder, supplies), options.runs, supplies)
        print(browser.describe(shown, PLAIN), "\n", flush=True)
        print(describe_bars(built, shown), flush=True)
        many = {}
        if not options.quick:
            many = many_claims.measure(folder, (500, 5_000), min(3, options.runs), supplies, in_browser=True)
            print("\n", many_claims.describe(many), sep="", flush=True)
    if options.json:
        parts: dict[str, Mapping[str, Any]] = {"cold_build": built, "browser": shown, "many_claims": many}
        figures = {part: {name: asdict(one) for name, one in each.items()} for part, each in parts.items()}
        options.json.write_text(json.dumps(figures, indent=1, default=str) + "\n", encoding="utf-8")


def parse_arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description="Measure mapgen beside its peers."
    )
    parser.add_argument(
        "--runs", type=int, default=None, metavar="N", help="runs of each [default: 7, quick: 3]"
    )
    parser.add_argument("--quick", action="store_true", help="leave out the many claims")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE as well")
    options = parser.parse_args()
    options.runs = options.runs or (3 if options.quick else 7)
    if options.runs < 1:
        parser.error("--runs must be at least 1")
    return options


def find_pages(built: Mapping[str, Built], folder: Path, supplies: Supplies | None) -> dict[str, Path]:
    """Return the pages to open: those that were built, and folium's with everything put into it."""
    pages = {name: built[name].file for name in (MAPGEN, PLAIN, EXPLORE) if name in built}
    if supplies is not None:
        pages[INLINED] = folder / "inlined.html"
        text = inline(built[PLAIN].file.read_text("utf-8"), supplies)
        pages[INLINED].write_text(text, encoding="utf-8")
    return pages


def describe_bars(built: Mapping[str, Built], shown: Mapping[str, browser.Shown]) -> str:
    """Return what is asked of mapgen beside what was measured."""
    ours, plain = built[MAPGEN], built[PLAIN]
    inlined = shown.get(INLINED)
    settled = shown[MAPGEN].settled

    def cpu(name: str) -> float | None:
        return ratio(built[name].cost.cpu, plain.cost.cpu) if name in built else None

    bars: list[tuple[str, float | int | None, float | int]] = [
        ("cold build, wall time, times plain folium's", ratio(ours.cost.wall, plain.cost.wall), 1.2),
        ("cold build, CPU time, times plain folium's", ratio(ours.cost.cpu, plain.cost.cpu), 1.2),
        ("one text changed, CPU time, times plain folium's", cpu(cold_build.TEXT), 0.35),
        ("nothing changed, CPU time, times plain folium's", cpu(cold_build.AGAIN), 0.12),
        ("peak memory, times plain folium's", ratio(ours.cost.peak, plain.cost.peak), 1.0),
        ("bytes of the overview", ours.raw, 420_000),
        ("bytes of the overview, gzipped", ours.gzipped, 150_000),
        ("drawn and settled, times plain folium's", ratio(settled, shown[PLAIN].settled), 0.5),
        (
            "drawn and settled, times inlined folium's",
            ratio(settled, inlined.settled if inlined else None),
            0.8,
        ),
        ("files that the page asks for", shown[MAPGEN].requests, 0),
    ]
    rows: list[list[Cell]] = [
        [what, value, bar, None if value is None else value <= bar] for what, value, bar in bars
    ]
    return format_table("What is asked of mapgen", ["bar", "measured", "at most", "holds"], rows)


if __name__ == "__main__":
    main()
