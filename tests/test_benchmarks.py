"""The benchmarks work, on small numbers; and the overview is as small as it has to be."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.benchmarks import browser, cold_build, many_claims
from tests.benchmarks.__main__ import describe_bars
from tests.benchmarks.cold_build import MAPGEN, PLAIN, Built
from tests.benchmarks.measure import FailedRunError, always, run_interleaved, run_once
from tests.benchmarks.supplies import Supplies, inline
from tests.benchmarks.table import format_table, ratio

LARGEST, LARGEST_GZIPPED = 420_000, 150_000


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    return cold_build.measure(tmp_path_factory.mktemp("cold"), 1, peers=False, warm_up=False)


def test_the_overview_is_small(built: Mapping[str, Built]) -> None:
    overview = built[MAPGEN]
    assert overview.file.name == "overview.html"
    assert overview.raw <= LARGEST
    assert overview.gzipped <= LARGEST_GZIPPED


def test_the_peer_makes_the_same_map(built: Mapping[str, Built]) -> None:
    page = built[PLAIN].file.read_text("utf-8")
    assert page.count("L.marker(") == 14
    assert all(f'"{name}"' in page for name in ("Afghanistan", "Russia", "AFG-TJK", "KAZ-RUS"))
    assert "TJK-KAZ" not in page, "they share no border"


def test_builds_are_told_beside_plain_folium(built: Mapping[str, Built]) -> None:
    table = cold_build.describe(built).splitlines()
    assert next(line for line in table if line.startswith(PLAIN)).split()[-3:] == ["1.00"] * 3
    assert all(one.cost.wall > 0 and one.cost.cpu > 0 and one.cost.peak > 20 for one in built.values())


def test_maps_are_opened_with_and_without_a_network(built: Mapping[str, Built], chromium: str) -> None:
    shown = browser.measure({MAPGEN: built[MAPGEN].file}, 1, None)
    ours = shown[MAPGEN]
    assert ours.drawn is not None and ours.settled is not None and ours.drawn <= ours.settled
    assert (ours.requests, ours.offline) == (0, True)
    with browser.start_browser() as started:
        plain = browser.open_once(started, built[PLAIN].file, None, limit=2_000)
    assert plain.drawn is None, "its scripts are elsewhere, and nobody answers"
    assert plain.requests >= 10
    shown[PLAIN] = browser.Shown(plain.drawn, plain.settled, plain.requests, plain.heap, offline=False)
    bars = {row.split("  ")[0]: row.split()[-1] for row in describe_bars(built, shown).splitlines() if row}
    assert bars["files that the page asks for"] == "yes"
    assert bars["drawn and settled, times plain folium's"] == "-", "folium's map was never there"


def test_many_claims_are_built(tmp_path: Path) -> None:
    many = many_claims.measure(tmp_path, (20,), 1, None, in_browser=False)
    assert [one.count for one in many.values()] == [20] * 4
    assert [name for name, one in many.items() if one.raw] == [
        "mapgen, 20 claims",
        "plain folium, 20 points",
    ]
    page = (tmp_path / "claims-20" / "output" / "map.html").read_text("utf-8")
    assert all(f"crossing {number}, going north" in page for number in range(1, 20))
    assert "crossing 0, 1 times, going north" in page, "its words were changed between two builds"
    assert "mapgen, 20 claims" in many_claims.describe(many)


def test_commands_are_run_in_turn() -> None:
    asked: list[tuple[str, int]] = []

    def noting(name: str) -> list[str]:
        asked.append((name, len(asked) // 2))
        return [sys.executable, "-c", ""]

    run_interleaved({"a": lambda _: noting("a"), "b": lambda _: noting("b")}, 2)
    assert asked == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2), ("b", 2)]


def test_cpu_time_is_not_wall_time() -> None:
    cost = run_once([sys.executable, "-c", "import time; time.sleep(0.3)"])
    assert cost.wall >= 0.3 > cost.cpu


def test_a_run_that_fails_says_why() -> None:
    with pytest.raises(FailedRunError, match="no such thing"):
        run_interleaved({"it": always([sys.executable, "-c", "raise SystemExit('no such thing')"])}, 1)


def test_addresses_are_found_in_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    supplies = Supplies(tmp_path)
    asked: list[str] = []

    def read(package: str, path: str) -> bytes:
        asked.append(f"{package} {path}")
        return b"let a;"

    monkeypatch.setattr(supplies, "read", read)
    page = inline(
        '<script src="https://network.test/npm/leaflet@1.9.3/dist/leaflet.js"></script>'
        '<script src="https://network.test/jquery-3.7.1.min.js"></script>'
        '<link rel="stylesheet" href="https://network.test/npm/@a/b@6.2.0/css/all.css"/>'
        '<link rel="stylesheet" href="https://network.test/unknown.css"/>',
        supplies,
    )
    assert asked == [
        "leaflet@1.9.3 dist/leaflet.js",
        "jquery@3.7.1 dist/jquery.min.js",
        "@a/b@6.2.0 css/all.css",
    ]
    assert page == "<script>let a;</script>" * 2 + "<style>let a;</style><style></style>"


def test_tables_are_aligned() -> None:
    table = format_table(
        "Title", ["what", "n", "x"], [["one", 1_000, 0.5], ["another", None, True]], ["note"]
    )
    assert table.splitlines() == [
        "Title",
        "",
        "what         n     x",
        "-------  -----  ----",
        "one      1,000  0.50",
        "another      -   yes",
        "",
        "note",
    ]
    assert (ratio(1, 2), ratio(None, 2), ratio(1, None)) == (0.5, None, None)
