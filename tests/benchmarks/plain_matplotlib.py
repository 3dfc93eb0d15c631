"""The peer: the script that a competent user of matplotlib writes for a picture of the same map.

    python plain_matplotlib.py FOLDER map.png [dpi]

FOLDER is the one of the shapefiles, which geopandas reads. It projects the countries to an equal-area conic,
fills them, draws borders, lakes and rivers, names the territories, and numbers six borders. It knows nothing
of mapgen: its names may cover each other, and it has no legend, no footer and no notes.
"""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

CODES = ("AFG", "TKM", "UZB", "TJK", "KAZ", "RUS")
CONIC = "+proj=aea +lat_1=38.1 +lat_2=73.1 +lat_0=55.6 +lon_0=57.4 +R=6371007.2"
CONCERNS = ("AFG-TKM", "AFG-UZB", "AFG-TJK", "KAZ-TKM", "KAZ-UZB", "KAZ-RUS")
VIEW = (-2_900_000, 2_900_000, -3_000_000, 500_000)
SIZE = (12.5, 8.33)


def main(folder: str, output: str, dpi: str = "192") -> None:
    """Read, project, draw, save."""
    countries = gpd.read_file(Path(folder) / "countries.shp", columns=["ADM0_A3", "NAME"])
    # Antarctica and the far side of the world do not fit on the cone.
    near = countries.cx[-20:179, 5:82].to_crs(CONIC).set_index("ADM0_A3")
    own = near.loc[list(CODES)]
    figure, axes = plt.subplots(figsize=SIZE, layout="constrained")
    axes.set_facecolor("#dbe5e9")
    near.plot(ax=axes, color="#eeeae1", edgecolor="#a39b8c", linewidth=0.5)
    own.plot(ax=axes, color="#e0d8c8", edgecolor="#6f675a", linewidth=0.7)
    for name, colour, width in (("lakes", "#dbe5e9", 0.4), ("rivers", "#a9c0cc", 0.5)):
        layer = gpd.read_file(Path(folder) / f"{name}.shp").cx[-20:179, 5:82].to_crs(CONIC)
        layer.plot(ax=axes, color=colour, linewidth=width)
    number = 0
    for left, right in combinations(CODES, 2):
        line = near.geometry[left].intersection(near.geometry[right])
        if f"{left}-{right}" in CONCERNS or f"{right}-{left}" in CONCERNS:
            gpd.GeoSeries([line], crs=near.crs).plot(ax=axes, color="#b5400c", linewidth=2.5)
            number += 1
            at = line.interpolate(0.5, normalized=True)
            axes.text(at.x, at.y, str(number), color="white", bbox={"boxstyle": "circle", "fc": "#b5400c"})
    for _, row in own.iterrows():
        at = row.geometry.representative_point()
        axes.text(at.x, at.y, row["NAME"].upper(), fontsize=9, ha="center", clip_on=True)
    axes.set(xlim=VIEW[:2], ylim=VIEW[2:], xticks=[], yticks=[], xlabel="", ylabel="")
    axes.set_title("Border-crossing concerns north of Afghanistan", loc="left", fontsize=18)
    figure.savefig(output, dpi=float(dpi))


if __name__ == "__main__":
    main(*sys.argv[1:])
