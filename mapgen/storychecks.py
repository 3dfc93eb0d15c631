"""Check a story against the layers and claims that it names.

In: a project file as it stands, the layers, and the claims. Out: problems, each with its line. Nothing here
knows where an extent lies.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from mapgen.documents import Document
from mapgen.errors import Position, Problem, quoted, suggest
from mapgen.model import MapSpec, ProjectFile


def check_story(
    document: Document,
    settings: ProjectFile,
    layers: Sequence[str],
    *,
    layer_of: Mapping[str, str],
    claims: Collection[str] | None,
) -> Iterator[Problem]:
    """Say which claims and layers of a story are not there, and whether a map shows all of them.

    Parameters
    ----------
    document : Document
        The project file.
    settings : ProjectFile
    layers : sequence of str
        Names of the project's layers.
    layer_of : mapping of str to str
        Layers of the claims that could be read, by id.
    claims : collection of str or None
        Ids of all claims that are written; None if not all files could be read.
    """
    needed: set[str] = set()
    sound = True
    for number, step in enumerate(settings.story):
        at = document.position("story", number, "claim")
        for index, name in enumerate(step.layers or ()):
            if name not in layers:
                sound = False
                there = document.position("story", number, "layers", index)
                yield _unknown("layer", name, there, layers, "Name a layer of the project.")
        if step.claim is not None and claims is not None and step.claim not in claims:
            sound = False
            yield _unknown("claim", step.claim, at, claims, "No file under 'annotations' has it.")
        own = layer_of.get(step.claim or "")
        if own and step.layers and own not in step.layers:
            message = f"this step hides {quoted(own)}, the layer of the claim {quoted(step.claim or '')}."
            yield Problem(at, f"{message} Add it to the step's layers.")
        needed |= {*(step.layers or ()), *([own] if own else [])}
    shown = [set(spec.layers or layers) for spec in settings.maps or (MapSpec(name="map"),)]
    if sound and not any(needed <= each for each in shown):
        names = ", ".join(sorted(needed))
        message = "no map shows all claims and layers of the story. Let one map show these layers:"
        yield Problem(document.position("story"), f"{message} {names}.")


def _unknown(kind: str, name: str, at: Position, known: Collection[str], remedy: str) -> Problem:
    return Problem(at, f"unknown {kind} {quoted(name)}.{suggest(name, sorted(known)) or ' ' + remedy}")
