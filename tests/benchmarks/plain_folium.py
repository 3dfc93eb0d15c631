"""The peer: the script that a competent user of folium writes for a map of the same six countries.

    python plain_folium.py countries.shp claims.json map.html

It reads the countries that it needs and no more, computes the borders between them, adds the claims as
markers with popups, and saves one map. It is the bar that mapgen is measured against, so it is kept lean:
no tiles, and claims in JSON, which reads faster than YAML. It knows nothing of mapgen, and runs by itself.
"""

from __future__ import annotations

import html
import json
import sys
from itertools import combinations

import folium
import geopandas as gpd

CODES = ("AFG", "TKM", "UZB", "TJK", "KAZ", "RUS")


def main(shapefile: str, claims: str, output: str) -> None:
    """Read, compute the borders, compose, save."""
    where = f"ADM0_A3 IN ({', '.join(repr(code) for code in CODES)})"
    countries = gpd.read_file(shapefile, columns=["ADM0_A3", "ADMIN"], where=where).set_index("ADM0_A3")

    names, lines = [], []
    for left, right in combinations(CODES, 2):
        line = countries.geometry[left].intersection(countries.geometry[right])
        if line.length > 0:
            names.append(f"{left}-{right}")
            lines.append(line)
    borders = gpd.GeoDataFrame({"border": names}, geometry=lines, crs=countries.crs)

    page = folium.Map(location=(45, 65), zoom_start=4, tiles=None)
    folium.GeoJson(
        countries,
        name="Countries",
        style_function=lambda _: {
            "color": "#888888",
            "weight": 1,
            "fillColor": "#eeeeee",
            "fillOpacity": 0.6,
        },
        tooltip=folium.GeoJsonTooltip(["ADMIN"], labels=False),
    ).add_to(page)
    folium.GeoJson(
        borders,
        name="Borders",
        style_function=lambda _: {"color": "#bb2200", "weight": 2},
        tooltip=folium.GeoJsonTooltip(["border"], labels=False),
    ).add_to(page)
    markers = folium.FeatureGroup("Claims").add_to(page)
    with open(claims, encoding="utf-8") as file:
        for claim in json.load(file):
            popup = folium.Popup(html.escape(claim["text"]), max_width=300)
            folium.Marker(claim["at"], popup=popup, tooltip=html.escape(claim["who"])).add_to(markers)
    folium.LayerControl().add_to(page)
    page.save(output)


if __name__ == "__main__":
    main(*sys.argv[1:])
