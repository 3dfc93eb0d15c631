"""Plan a project's maps: which layers and claims each of them shows, and in what order.

In: a project. Out: a plan for each map. What is drawn and said of them is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from mapgen.model import Annotation, Layer, MapSpec, Project


@dataclass(frozen=True, slots=True)
class MapPlan:
    """One map of a project: its specification, layers, and annotations in the order of their numbers."""

    spec: MapSpec
    layers: tuple[Layer, ...]
    annotations: tuple[Annotation, ...]

    @property
    def file_name(self) -> str:
        """Name of the map's file."""
        return f"{self.spec.name}.html"


def plan_maps(project: Project) -> list[MapPlan]:
    """Return what each map of a project shows; claims are numbered layer by layer, in the files' order."""
    plans = []
    for spec in project.maps or (MapSpec(name="map"),):
        wanted = spec.layers or [layer.name for layer in project.layers]
        layers = tuple(layer for layer in project.layers if layer.name in wanted)
        shown = tuple(each for layer in layers for each in project.annotations if each.layer == layer.name)
        plans.append(MapPlan(spec, layers, shown))
    return plans
