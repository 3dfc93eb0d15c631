"""Keep GDAL from doing more than reading.

In and out: nothing but what GDAL looks up in the environment when geopandas loads it, at its first read.
"""

from __future__ import annotations

import os

VIRTUAL = "OGR_VRT"


def forbid_virtual_files() -> None:
    """Leave out GDAL's virtual format: a file of it, whatever its name, opens other files and addresses."""
    skipped = [name for name in os.environ.get("OGR_SKIP", "").split(",") if name]
    if VIRTUAL not in skipped:
        os.environ["OGR_SKIP"] = ",".join([*skipped, VIRTUAL])
