"""The peer: the script that a competent user of cartopy writes for a picture of the same map.

    python plain_cartopy.py FOLDER map.png [dpi]

FOLDER is the one of the shapefiles, which it reads itself: cartopy would fetch its own. It draws what
`plain_matplotlib` draws.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cartopy.crs as ccrs
import matplotlib as mpl
from cartopy.io.shapereader import Reader

mpl.use("Agg")
import matplotlib.pyplot as plt

CODES = ("AFG", "TKM", "UZB", "TJK", "KAZ", "RUS")
CONCERNS = (("AFG", "TKM"), ("AFG", "UZB"), ("AFG", "TJK"), ("KAZ", "TKM"), ("KAZ", "UZB"), ("KAZ", "RUS"))
VIEW = (-2_900_000, 2_900_000, -3_000_000, 500_000)
SIZE = (12.5, 8.33)


def main(folder: str, output: str, dpi: str = "192") -> None:
    """Read, project, draw, save."""
    conic = ccrs.AlbersEqualArea(57.4, 55.6, standard_parallels=(38.1, 73.1))
    degrees = ccrs.PlateCarree()
    figure = plt.figure(figsize=SIZE, layout="constrained")
    axes = figure.add_subplot(projection=conic)
    axes.set_extent(VIEW, conic)
    axes.set_facecolor("#dbe5e9")
    records = list(Reader(Path(folder) / "countries.shp").records())
    near = [each for each in records if each.bounds[3] > 5 and each.bounds[2] > -20]
    shapes = {each.attributes["ADM0_A3"]: each.geometry for each in near}
    others = [shape for code, shape in shapes.items() if code not in CODES]
    axes.add_geometries(others, degrees, facecolor="#eeeae1", edgecolor="#a39b8c", linewidth=0.5)
    own = [shapes[code] for code in CODES]
    axes.add_geometries(own, degrees, facecolor="#e0d8c8", edgecolor="#6f675a", linewidth=0.7)
    for name, style in (
        ("lakes", {"facecolor": "#dbe5e9"}),
        ("rivers", {"facecolor": "none", "edgecolor": "#a9c0cc"}),
    ):
        axes.add_geometries(
            Reader(Path(folder) / f"{name}.shp").geometries(), degrees, linewidth=0.5, **style
        )
    for number, (left, right) in enumerate(CONCERNS, 1):
        line = shapes[left].intersection(shapes[right])
        axes.add_geometries([line], degrees, facecolor="none", edgecolor="#b5400c", linewidth=2.5)
        at = line.interpolate(0.5, normalized=True)
        sign = {"boxstyle": "circle", "fc": "#b5400c"}
        axes.text(at.x, at.y, str(number), color="white", bbox=sign, transform=degrees)
    for record in near:
        if record.attributes["ADM0_A3"] in CODES:
            at = record.geometry.representative_point()
            axes.text(
                at.x, at.y, record.attributes["NAME"].upper(), fontsize=9, ha="center", transform=degrees
            )
    axes.set_title("Border-crossing concerns north of Afghanistan", loc="left", fontsize=18)
    figure.savefig(output, dpi=float(dpi))


if __name__ == "__main__":
    main(*sys.argv[1:])
