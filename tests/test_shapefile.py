"""Damaged shapefiles: 500 mutations of real boundaries, and each kind of damage by itself."""

from __future__ import annotations

import random
import struct
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from mapgen.errors import MapgenError
from mapgen.vectorfile import open_vector_file

BORDERS = Path(__file__).resolve().parent.parent / "data" / "borders" / "natural-earth-10m"
CODES = ["AFG", "ARM", "AZE", "GEO", "IRN", "KAZ", "KGZ", "MNG", "PAK", "TJK", "TKM", "UZB"]
MUTATIONS = 500
TOLERANCE = 1e-6
"""Degrees, some 0.1 m: what a map's coordinates are rounded to."""

Files = dict[str, bytes]
Mutation = Callable[[random.Random, Files], Files]


def flip(data: bytes, chance: random.Random, begin: int, end: int | None = None) -> bytes:
    """Turn over one bit."""
    at = chance.randrange(begin, len(data) if end is None else end)
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def put(data: bytes, at: int, form: str, *values: float) -> bytes:
    """Write numbers at a place."""
    new = struct.pack(form, *values)
    return data[:at] + new + data[at + len(new) :]


def records(shx: bytes) -> list[tuple[int, int]]:
    """Return where the contents of the records begin, and how many bytes they have."""
    words = struct.iter_unpack(">ii", shx[100:])
    return [(offset * 2 + 8, size * 2) for offset, size in words]


def some_point(chance: random.Random, files: Files) -> tuple[int, int, int]:
    """Return where a record, its points, and one of them begin."""
    start, _ = chance.choice(records(files[".shx"]))
    parts, points = struct.unpack_from("<ii", files[".shp"], start + 36)
    first = start + 44 + 4 * parts
    return start, first, first + 16 * chance.randrange(points)


def cut(suffix: str) -> Mutation:
    return lambda chance, files: {suffix: files[suffix][: chance.randrange(len(files[suffix]))]}


def flip_in(suffix: str, begin: int, end: Callable[[bytes], int]) -> Mutation:
    return lambda chance, files: {suffix: flip(files[suffix], chance, begin, end(files[suffix]))}


def flip_record_header(chance: random.Random, files: Files) -> Files:
    start, _ = chance.choice(records(files[".shx"]))
    return {".shp": flip(files[".shp"], chance, start - 8, start + 48)}


def dbf_header(dbf: bytes) -> int:
    return int.from_bytes(dbf[8:10], "little")


def flip_table(chance: random.Random, files: Files) -> Files:
    return {".dbf": flip(files[".dbf"], chance, dbf_header(files[".dbf"]))}


def lie(chance: random.Random, files: Files) -> Files:
    """Write a wrong count somewhere."""
    start, size = chance.choice(records(files[".shx"]))
    other = chance.choice([-3, -2, -1, 1, 2, 3, 1000, 2**30])
    shp, shx, dbf = files[".shp"], files[".shx"], files[".dbf"]
    parts, points = struct.unpack_from("<ii", shp, start + 36)
    (count,) = struct.unpack_from("<i", dbf, 4)
    return chance.choice(
        [
            {".dbf": put(dbf, 4, "<i", max(count + other, 0))},
            {".shp": put(shp, start + 36, "<i", parts + other)},
            {".shp": put(shp, start + 40, "<i", points + other)},
            {".shp": put(shp, start - 4, ">i", min(size // 2 + other, 2**31 - 1))},
            {".shp": put(shp, 24, ">i", len(shp) // 2 + other)},
            {".shx": put(shx[: -8 * min(abs(other), 5)], 24, ">i", len(shx) // 2 - 4 * min(abs(other), 5))},
        ]
    )


def poison(chance: random.Random, files: Files) -> Files:
    """Write coordinates that are none, or the other way round; half the time the record's box agrees."""
    start, first, at = some_point(chance, files)
    shp = files[".shp"]
    x, y = struct.unpack_from("<dd", shp, at)
    bad = chance.choice(
        [float("nan"), float("inf"), float("-inf"), 1e300, -1e300, 1e9, 4_500_000.0, -999.0, "swap"]
    )
    new = (y, x) if bad == "swap" else chance.choice([(bad, y), (x, bad), (bad, bad)])
    shp = put(shp, at, "<dd", *new)
    if at == first:  # the ring still closes
        parts, points = struct.unpack_from("<ii", shp, start + 36)
        ends = [*struct.unpack_from(f"<{parts}i", shp, start + 44), points]
        shp = put(shp, first + 16 * (ends[1] - 1), "<dd", *new)
    if chance.random() < 0.5:
        west, south, east, north = struct.unpack_from("<4d", shp, start + 4)
        shp = put(
            shp,
            start + 4,
            "<4d",
            min(west, new[0]),
            min(south, new[1]),
            max(east, new[0]),
            max(north, new[1]),
        )
    return {".shp": shp}


def swap_all(chance: random.Random, files: Files) -> Files:
    """Write latitude before longitude, in one record or everywhere, with the boxes to it."""
    shp = files[".shp"]
    chosen = records(files[".shx"])
    for start, _ in chosen if chance.random() < 0.5 else [chance.choice(chosen)]:
        west, south, east, north = struct.unpack_from("<4d", shp, start + 4)
        shp = put(shp, start + 4, "<4d", south, west, north, east)
        parts, points = struct.unpack_from("<ii", shp, start + 36)
        form, first = f"<{2 * points}d", start + 44 + 4 * parts
        xy = struct.unpack_from(form, shp, first)
        shp = put(
            shp, first, form, *(value for pair in zip(xy[1::2], xy[::2], strict=True) for value in pair)
        )
    return {".shp": shp}


def blank(chance: random.Random, files: Files) -> Files:
    """Lose a block to zeros, as a bad disk or a broken download does."""
    suffix = chance.choice([".shp", ".shx", ".dbf"])
    data = files[suffix]
    size = chance.choice([4, 16, 512])
    at = chance.randrange(len(data) - 4) // size * size
    return {suffix: data[:at] + bytes(len(data[at : at + size])) + data[at + size :]}


def lose(chance: random.Random, files: Files) -> Files:
    return {chance.choice([".prj", ".shx", ".dbf"]): b""}


def other_table(chance: random.Random, files: Files) -> Files:
    """Take another layer's table, or the own one with its rows in another order."""
    if chance.random() < 0.5:
        return {
            ".dbf": (BORDERS / chance.choice(["lakes.dbf", "disputed_areas.dbf", "rivers.dbf"])).read_bytes()
        }
    dbf, begin = files[".dbf"], dbf_header(files[".dbf"])
    size = int.from_bytes(dbf[10:12], "little")
    rows = [dbf[at : at + size] for at in range(begin, begin + size * len(CODES), size)]
    chance.shuffle(rows)
    return {".dbf": dbf[:begin] + b"".join(rows) + dbf[begin + size * len(CODES) :]}


def cp1251(chance: random.Random, files: Files) -> Files:
    """Write the Russian names in cp1251; the .cpg says something else, or is not there."""
    dbf = files[".dbf"]
    for name in ("Афганистан", "Армения", "Азербайджан", "Грузия", "Иран", "Казахстан"):
        text = name.encode("utf-8")
        dbf = dbf.replace(text, name.encode("cp1251").ljust(len(text)))
    return {".dbf": dbf, ".cpg": chance.choice([b"", b"UTF-8", b"1252", b"ISO-8859-1"])}


RECIPE: list[tuple[str, int, Mutation]] = [
    ("truncated .shp", 60, cut(".shp")),
    ("truncated .shx", 20, cut(".shx")),
    ("truncated .dbf", 25, cut(".dbf")),
    ("flip in .shp header", 30, flip_in(".shp", 0, lambda data: 100)),
    ("flip in .shx header", 20, flip_in(".shx", 0, lambda data: 100)),
    ("flip in .dbf header", 40, flip_in(".dbf", 0, dbf_header)),
    ("flip in record header", 30, flip_record_header),
    ("flip in .shx records", 15, flip_in(".shx", 100, len)),
    ("flip in .shp body", 75, flip_in(".shp", 100, len)),
    ("flip in .dbf body", 50, flip_table),
    ("lying count", 40, lie),
    ("poisoned coordinate", 40, poison),
    ("swapped axes", 10, swap_all),
    ("blank block", 15, blank),
    ("lost part", 10, lose),
    ("another table", 10, other_table),
    ("cp1251 text", 10, cp1251),
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The twelve countries as a shapefile of its own."""
    countries = gpd.read_file(BORDERS / "countries.shp")
    path = tmp_path_factory.mktemp("sample") / "sample.shp"
    countries[countries["ADM0_A3"].isin(CODES)].to_file(path, encoding="UTF-8")
    return path


def contents(path: Path) -> Files:
    return {
        suffix: path.with_suffix(suffix).read_bytes() for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg")
    }


def write(folder: Path, files: Files) -> str:
    """Write the parts of a shapefile; an empty one is not there."""
    for suffix, data in files.items():
        path = folder / f"mutant{suffix}"
        path.unlink(missing_ok=True)
        if data:
            path.write_bytes(data)
    return str(folder / "mutant.shp")


def outcome(path: str, original: gpd.GeoDataFrame) -> str:
    """Tell what became of a mutant: an error, a finding, the same as before, or wrong without a word."""
    try:
        frame, findings = open_vector_file(path).read()
    except MapgenError as error:
        assert "mutant" in str(error)
        return "error"
    if findings:
        return "finding"
    same = (
        len(frame) == len(original)
        and frame.drop(columns="geometry").equals(original.drop(columns="geometry"))
        and all(map(near, frame.geometry, original.geometry))
    )
    return "same" if same else "wrong"


def near(left: shapely.Geometry, right: shapely.Geometry) -> bool:
    """Tell whether two geometries have the same points, but for what no map shows."""
    return bool(shapely.equals_exact(left, right, tolerance=TOLERANCE))


def test_mutations_do_not_pass_silently(sample: Path, tmp_path: Path) -> None:
    original, findings = open_vector_file(str(sample)).read()
    assert not findings
    files = contents(sample)
    chance = random.Random("mapgen")
    table: dict[str, Counter[str]] = {}
    for name, count, mutation in RECIPE:
        kinds = table[name] = Counter()
        for _ in range(count):
            kinds[outcome(write(tmp_path, files | mutation(chance, files)), original)] += 1
    total = sum(table.values(), Counter[str]())
    lines = [f"{name:24}{dict(kinds)}" for name, kinds in table.items()] + [f"{'all':24}{dict(total)}"]
    print("\n".join(lines))
    assert total.total() == MUTATIONS
    assert total["wrong"] <= 40, "\n".join(lines)
