"""The peer for many claims: as many points with popups on a plain folium map.

    python plain_points.py points.geojson map.html

One GeoJson layer on a canvas is folium's fast way to do it; its own Marker takes five times as long.
"""

from __future__ import annotations

import json
import sys

import folium


def main(points: str, output: str) -> None:
    """Read, compose, save."""
    with open(points, encoding="utf-8") as file:
        features = json.load(file)
    page = folium.Map(location=(45, 65), zoom_start=4, tiles=None, prefer_canvas=True)
    folium.GeoJson(
        features,
        name="Claims",
        marker=folium.CircleMarker(radius=4),
        popup=folium.GeoJsonPopup(["claim", "speaker", "date", "source"]),
    ).add_to(page)
    page.save(output)


if __name__ == "__main__":
    main(*sys.argv[1:])
