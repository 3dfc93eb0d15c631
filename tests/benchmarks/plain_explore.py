"""Another peer: the same map by geopandas' own ``explore``, which is folium with more of the work done.

python plain_explore.py countries.shp claims.json map.html
"""

from __future__ import annotations

import json
import sys
from itertools import combinations

import geopandas as gpd

CODES = ("AFG", "TKM", "UZB", "TJK", "KAZ", "RUS")


def main(shapefile: str, claims: str, output: str) -> None:
    """Read, compute the borders, compose, save."""
    where = f"ADM0_A3 IN ({', '.join(repr(code) for code in CODES)})"
    countries = gpd.read_file(shapefile, columns=["ADM0_A3", "ADMIN"], where=where)
    shapes = dict(zip(countries["ADM0_A3"], countries.geometry, strict=True))
    lines = {f"{a}-{b}": shapes[a].intersection(shapes[b]) for a, b in combinations(CODES, 2)}
    lines = {name: line for name, line in lines.items() if line.length > 0}
    borders = gpd.GeoDataFrame({"border": list(lines)}, geometry=list(lines.values()), crs=countries.crs)
    with open(claims, encoding="utf-8") as file:
        listed = json.load(file)
    points = gpd.GeoDataFrame(
        {"who": [claim["who"] for claim in listed], "text": [claim["text"] for claim in listed]},
        geometry=gpd.points_from_xy(*zip(*(claim["at"][::-1] for claim in listed), strict=True)),
        crs=countries.crs,
    )
    page = countries.explore(tiles=None, color="#eeeeee", name="Countries")
    page = borders.explore(m=page, color="#bb2200", name="Borders")
    page = points.explore(m=page, popup=True, marker_type="marker", name="Claims")
    page.save(output)


if __name__ == "__main__":
    main(*sys.argv[1:])
