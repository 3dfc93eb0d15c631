"""Measure projects of many claims, beside as many points on a plain folium map.

In: a folder and numbers of claims. Out: what each check and build takes, its size, how soon it is drawn. A
first run finds nothing that mapgen has kept; "one claim changed" finds the geometry of the run before.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

from tests.benchmarks.browser import Shown
from tests.benchmarks.browser import measure as measure_pages
from tests.benchmarks.cold_build import HERE, build_command
from tests.benchmarks.measure import Command, Cost, always, run_interleaved, sizes
from tests.benchmarks.supplies import Supplies
from tests.benchmarks.table import Cell, format_table, ratio

TERRITORIES = ("AFG", "TKM", "UZB", "TJK", "KAZ", "RUS")
BORDERS = ("AFG-TKM", "AFG-UZB", "AFG-TJK", "TKM-UZB", "TJK-UZB", "KAZ-TKM", "KAZ-UZB", "KAZ-RUS")
EXTENT = (52.0, 30.0, 88.0, 56.0)
"""Where the points lie, evenly spread: west, south, east, north in degrees."""


@dataclass(frozen=True, slots=True)
class Many:
    """What one run over many claims takes, and the page if it writes one."""

    count: int
    cost: Cost
    raw: int | None
    gzipped: int | None
    shown: Shown | None


def measure(
    folder: Path, counts: Sequence[int], runs: int, supplies: Supplies | None, *, in_browser: bool
) -> dict[str, Many]:
    """Build maps of generated claims in turn, mapgen's and plain folium's.

    Parameters
    ----------
    folder : Path
    counts : sequence of int
        Numbers of claims.
    runs : int
        Builds of each that count; pages are opened twice, and the second time counts.
    supplies : Supplies or None
        What answers the requests of folium's pages.
    in_browser : bool
        Whether to open the pages as well.
    """
    commands: dict[str, Command] = {}
    files: dict[str, tuple[int, Path | None]] = {}
    for count in counts:
        project = write_project(folder / f"claims-{count}", count)
        plain = project / "plain-folium.html"
        theirs = [sys.executable, str(HERE / "plain_points.py"), str(project / "points.geojson"), str(plain)]
        for name, command, file in (
            (f"mapgen, {count:,} claims", _first_build(project), project / "output" / "map.html"),
            (f"mapgen, {count:,} claims, one changed", _next_build(project), None),
            (f"mapgen check, {count:,} claims", _first_check(project), None),
            (f"plain folium, {count:,} points", always(theirs), plain),
        ):
            commands[name] = command
            files[name] = count, file
    costs = run_interleaved(commands, runs, warm_up=False)
    pages = {name: path for name, (_, path) in files.items() if path}
    shown = measure_pages(pages, 1, supplies) if in_browser else {}
    return {
        name: Many(count, costs[name], *(sizes(path) if path else (None, None)), shown.get(name))
        for name, (count, path) in files.items()
    }


def _first_build(project: Path) -> Command:
    """Return a build that finds nothing kept: not in a cache, not in its folder."""
    built = build_command(project, project / "output")

    def command(number: int) -> Sequence[str]:
        rmtree(project / "output", ignore_errors=True)
        return [*_keeping_in(project / f"kept-{number}"), *built]

    return command


def _next_build(project: Path) -> Command:
    """Return a build that finds what the first of its round kept, and the words of one claim changed."""
    built = build_command(project, project / "output")
    claims = project / "data" / "claims.yaml"
    first, _, others = claims.read_text("utf-8").partition("\n- ")

    def command(number: int) -> Sequence[str]:
        claims.write_text(first.replace("going", f"{number + 1} times, going") + "\n- " + others, "utf-8")
        return [*_keeping_in(project / f"kept-{number}"), *built]

    return command


def _first_check(project: Path) -> Command:
    checked = [sys.executable, "-m", "mapgen", "check", str(project)]
    return lambda number: [*_keeping_in(project / f"kept-by-check-{number}"), *checked]


def _keeping_in(folder: Path) -> list[str]:
    """Return what a command begins with that keeps what it computes in a folder of its own."""
    return ["env", f"MAPGEN_CACHE={folder}"]


def write_project(folder: Path, count: int) -> Path:
    """Write a project of generated claims, and its points as GeoJSON for the peer.

    Of ten claims, eight are at points, one at a border, one at a territory; the peer gets a point for each.
    """
    chance = random.Random(count)
    claims = [_claim(number, chance) for number in range(count)]
    (folder / "data").mkdir(parents=True, exist_ok=True)
    files = {
        "mapgen.yaml": {
            "title": f"{count:,} claims",
            "territories": TERRITORIES,
            "sources": "data/sources.yaml",
            "annotations": ["data/claims.yaml"],
            "layers": [{"name": "claims", "title": "Claims"}],
            "maps": [{"name": "map"}],
        },
        "data/sources.yaml": [{"id": "generated", "title": "Generated"}],
        "points.geojson": {
            "type": "FeatureCollection",
            "features": [_feature(claim, chance) for claim in claims],
        },
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    (folder / "data" / "claims.yaml").write_text("".join(map(_item, claims)), encoding="utf-8")
    return folder


def _claim(number: int, chance: random.Random) -> dict[str, Any]:
    west, south, east, north = EXTENT
    where: dict[str, Any] = {
        "point": [round(chance.uniform(west, east), 4), round(chance.uniform(south, north), 4)]
    }
    if number % 10 == 8:
        where = {"border": [chance.choice(BORDERS)]}
    elif number % 10 == 9:
        where = {"territory": chance.choice(TERRITORIES)}
    return {
        "id": f"claim-{number}",
        "layer": "claims",
        "where": where,
        "claim": f"Groups of {chance.randint(2, 90)} fighters were seen at crossing {number}, going north.",
        "speaker": {"name": f"Speaker {chance.randint(1, 60)}", "role": "eyewitness"},
        "source": "generated",
        "date": f"2015-{chance.randint(1, 12):02}",
    }


def _item(claim: Mapping[str, Any]) -> str:
    """Write a claim as people do, one key a line."""
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in claim.items()]
    return "- " + "\n  ".join(lines) + "\n"


def _feature(claim: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    west, south, east, north = EXTENT
    at = claim["where"].get("point") or [chance.uniform(west, east), chance.uniform(south, north)]
    texts = {
        "claim": claim["claim"],
        "speaker": claim["speaker"]["name"],
        "date": claim["date"],
        "source": claim["source"],
    }
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": at}, "properties": texts}


def describe(many: Mapping[str, Many]) -> str:
    """Return the figures as a table."""
    peers = {one.count: one for name, one in many.items() if name.startswith("plain")}
    rows: list[list[Cell]] = []
    for name, one in many.items():
        peer = peers[one.count]
        drawn = None if one.shown is None or one.shown.settled is None else round(one.shown.settled)
        times = (
            ratio(one.cost.wall, peer.cost.wall),
            ratio(one.cost.cpu, peer.cost.cpu),
            ratio(one.raw, peer.raw),
        )
        rows.append([name, one.cost.wall, one.cost.cpu, one.cost.peak, one.raw, one.gzipped, drawn, *times])
    head = [
        "many claims",
        "wall s",
        "CPU s",
        "peak MiB",
        "bytes",
        "gzipped",
        "settled ms",
        "wall x",
        "CPU x",
        "bytes x",
    ]
    return format_table(
        "Many claims; x: times as many points on a plain folium map",
        head,
        rows,
        ["The peer's map has points with popups and nothing else: no land, no borders, no list, no sources."],
    )
