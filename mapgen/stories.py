"""Put a project's story on a map: a guided way, step by step.

In: a project and the plan of a map. Out: the steps as the page shows them, and what its script needs to
follow them. A story is told on the maps that show all claims and layers that it names, and on no other: half
of it would be another story.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mapgen.model import Project, StoryStep
from mapgen.page import StepView
from mapgen.plans import MapPlan


def steps_of(
    project: Project, plan: MapPlan, untranslated: Callable[[StoryStep], tuple[str, ...]] = lambda _: ()
) -> tuple[StepView, ...]:
    """Return the steps of the story that a map tells, none if it does not show all of them.

    Parameters
    ----------
    project : Project
    plan : MapPlan
    untranslated : callable, optional
        Tells which texts of a step are not in the language of the page.
    """
    numbers = {annotation.id: number for number, annotation in enumerate(plan.annotations, 1)}
    texts = {annotation.id: annotation.claim for annotation in plan.annotations}
    layers = {layer.name for layer in plan.layers}
    told = all(
        (step.claim is None or step.claim in numbers) and layers.issuperset(step.layers or ())
        for step in project.story
    )
    if not told:
        return ()
    return tuple(
        StepView(text=step.text, untranslated=untranslated(step))
        if step.claim is None
        else StepView(
            text=step.text,
            claim=step.claim,
            number=numbers[step.claim],
            claim_text=texts[step.claim],
            untranslated=untranslated(step),
        )
        for step in project.story
    )


def script_steps(project: Project) -> list[dict[str, Any]]:
    """Return what the page's script needs of each step: ``claim``, ``extent`` and ``layers``, where given.

    An extent is ``[west, south, east, north]`` in degrees.
    """
    steps = []
    for step in project.story:
        said = {"claim": step.claim, "extent": step.extent, "layers": step.layers}
        steps.append({key: value for key, value in said.items() if value is not None})
    return steps
