"""Maps as code for sourced claims about borders.

In: a project, a folder with a ``mapgen.yaml``. Out: standalone interactive HTML maps. `load` is the way in;
what it loads knows how to check and build itself. Libraries that take time to load are loaded when a map is
made, not when this package is imported.

```
import mapgen

project = mapgen.load("mapgen.yaml")
project.check()                  # findings
project.map("overview")          # shows itself in a notebook
project.build("output")          # writes output/overview.html, ...
```
"""

from __future__ import annotations

from mapgen.loading import LoadedProject, Map, load

__version__ = "0.1.0"

__all__ = ["LoadedProject", "Map", "__version__", "load"]
