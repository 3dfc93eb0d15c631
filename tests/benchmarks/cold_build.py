"""Measure the build step: the default project from a cold process, beside the peers' scripts for one map.

In: a folder for what is written, and how often to run. Out: what each build takes, and how large its file is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.measure import REPOSITORY, Command, Cost, always, run_interleaved, sizes
from tests.benchmarks.table import Cell, format_table, ratio

HERE = Path(__file__).resolve().parent
COUNTRIES = REPOSITORY / "data" / "borders" / "natural-earth-10m" / "countries.shp"

MAPGEN, TEXT, AGAIN, PLAIN, EXPLORE = (
    "mapgen, 2 maps",
    "mapgen, one text changed",
    "mapgen, nothing changed",
    "plain folium, 1 map",
    "geopandas explore, 1 map",
)

MIDDLES = {"AFG": (33.9, 66.1), "KAZ": (48.2, 67.3), "RUS": (58.2, 44.7), "SYR": (35.1, 38.5)}
"""Latitude and longitude of the peers' markers: they know nothing of borders and routes."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build takes, and the file that it writes (mapgen's first, where it writes two)."""

    cost: Cost
    file: Path
    raw: int
    gzipped: int


def measure(folder: Path, runs: int, *, peers: bool = True, warm_up: bool = True) -> dict[str, Built]:
    """Build the default project and the peers' maps in turn.

    Parameters
    ----------
    folder : Path
        Where the files are written; mapgen writes into a new folder in each run, with nothing in its
        cache, but for the builds in which a text or nothing changed.
    runs : int
    peers : bool
        False for mapgen and plain folium only.
    warm_up : bool
        Whether to run each once before, uncounted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    claims = write_claims(folder / "claims.json")
    plain, explore, last = (
        folder / "plain-folium.html",
        folder / "explore.html",
        folder / f"mapgen-{runs - 1 + warm_up}",
    )

    def script(name: str, output: Path) -> Command:
        return always([sys.executable, str(HERE / name), str(COUNTRIES), str(claims), str(output)])

    commands: dict[str, Command] = {
        MAPGEN: lambda number: build_command(
            REPOSITORY, folder / f"mapgen-{number}", folder / f"cache-{number}"
        ),
        PLAIN: script("plain_folium.py", plain),
    }
    files = {MAPGEN: last / "overview.html", PLAIN: plain}
    if peers:
        edited, warm = copy_project(folder / "project"), folder / "cache"
        commands[TEXT] = lambda number: build_command(edit_text(edited, number), folder / "again", warm)
        commands[AGAIN] = lambda number: build_command(edited, folder / "again", warm)
        files[TEXT] = files[AGAIN] = folder / "again" / "overview.html"
    if peers and all(map(find_spec, ("matplotlib", "mapclassify"))):
        commands[EXPLORE] = script("plain_explore.py", explore)
        files[EXPLORE] = explore
    costs = run_interleaved(commands, runs, warm_up=warm_up)
    return {name: Built(costs[name], file, *sizes(file)) for name, file in files.items()}


def build_command(project: Path, output: Path, cache: Path | None = None) -> list[str]:
    """Return the command that builds a project's maps with this checkout's mapgen, with a cache or none."""
    environment = ["env", f"MAPGEN_CACHE={cache or ''}"]
    return [*environment, sys.executable, "-m", "mapgen", "build", str(project), "--output", str(output)]


def copy_project(folder: Path) -> Path:
    """Copy the default project, to be edited."""
    for pattern in ("mapgen.yaml", "data/sources.yaml", "data/annotations/*.yaml", "data/areas/*.geojson"):
        for path in REPOSITORY.glob(pattern):
            copy = folder / path.relative_to(REPOSITORY)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    return folder


def edit_text(project: Path, number: int) -> Path:
    """Change one word of one claim, and return the project."""
    file = project / "data" / "annotations" / "concerns.yaml"
    original = (REPOSITORY / "data" / "annotations" / "concerns.yaml").read_text("utf-8")
    text = original.replace("northern borders", f"northern borders ({number})", 1)
    assert text != original
    file.write_text(text, encoding="utf-8")
    return project


def write_claims(path: Path) -> Path:
    """Write the default project's claims as a user of folium has them: text, speaker, and one point each."""
    import mapgen

    listed = []
    for number, annotation in enumerate(mapgen.load(REPOSITORY).project.annotations):
        named = json.dumps([location.value for location in annotation.where])
        latitude, longitude = next(
            (at for code, at in MIDDLES.items() if f'"{code}"' in named), MIDDLES["RUS"]
        )
        speaker = annotation.speaker
        listed.append(
            {
                "at": (latitude, longitude + number),
                "who": (speaker.name or speaker.role if speaker else None) or annotation.source,
                "text": " ".join(filter(None, [annotation.claim, annotation.quote, annotation.note])),
            }
        )
    path.write_text(json.dumps(listed), encoding="utf-8")
    return path


def describe(built: Mapping[str, Built]) -> str:
    """Return the figures as a table, with ratios to plain folium."""
    peer = built[PLAIN]
    rows: list[list[Cell]] = [
        [
            name,
            one.cost.wall,
            one.cost.cpu,
            one.cost.peak,
            one.raw,
            one.gzipped,
            ratio(one.cost.wall, peer.cost.wall),
            ratio(one.cost.cpu, peer.cost.cpu),
            ratio(one.cost.peak, peer.cost.peak),
        ]
        for name, one in built.items()
    ]
    head = ["cold build", "wall s", "CPU s", "peak MiB", "bytes", "gzipped", "wall x", "CPU x", "peak x"]
    return format_table(
        "The default project's build step, each in a process of its own; x: times plain folium's",
        head,
        rows,
        ["Bytes are those of one file: mapgen's is overview.html; the peers' need other files when opened."],
    )
