"""Write a project's claims as linked data: W3C Web Annotations in JSON-LD.

In: a project. Out: the text of the file, one line an annotation. What the W3C's context has a term for uses
that term; everything else has mapgen's own, by the name that it has in the files, defined in the document
itself. A source's address becomes an identifier only where it is one; else the source is named by its id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from mapgen import __version__, dates
from mapgen.model import Annotation, Project, Source
from mapgen.writers.plain import Plain, plain, plain_annotation
from mapgen.writers.table import lost_controls, without_controls

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
CLAIM, SOURCE, TERM = "urn:mapgen:claim:", "urn:mapgen:source:", "urn:mapgen:term:"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

_IRI = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(?:[/?#][A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*)?", re.ASCII)
_STANDARD = ("id", "claim", "quote", "note", "analyst", "source")
"""Fields that the W3C's own terms say."""
_JSON = ("where", "asserts", "translations")
_DATES = ("date", "accessed")
_RELATIONS = ("supersedes", "supports", "contradicts")


def write_webannotation(project: Project) -> str:
    """Return a project's claims as an annotation collection with one page.

    Parameters
    ----------
    project : Project

    Returns
    -------
    str
        JSON-LD 1.1. Reading it needs only the context of the W3C Web Annotation recommendation.
    """
    head = {
        "@context": [CONTEXT, own_terms()],
        "id": "urn:mapgen:claims",
        "type": "AnnotationCollection",
        "label": plain(project.title),
        "generator": {"type": "Software", "name": f"mapgen {__version__}"},
        "total": len(project.annotations),
    }
    page = {"id": "urn:mapgen:claims:1", "type": "AnnotationPage", "startIndex": 0}
    items = ",\n".join(_json(web_annotation(project, each)) for each in project.annotations)
    return f'{_json(head)[:-1]},"first":{_json(page)[:-1]},"items":[\n{items}\n]}}}}\n'


def own_terms() -> Plain:
    """Return the context of mapgen's own terms: fields of claims and sources that the W3C's does not have."""
    fields = [*Annotation.model_fields, *Source.model_fields]
    terms: Plain = {name: f"mapgen:{name}" for name in fields if name not in _STANDARD or name == "note"}
    terms |= {name: f"dcterms:{name}" for name in ("title", "publisher")}
    terms |= {name: {"@id": f"mapgen:{name}", "@type": "@json"} for name in _JSON}
    terms |= {name: {"@id": f"mapgen:{name}", "@type": "edtf:EDTF"} for name in _DATES}
    terms |= {name: {"@id": f"mapgen:{name}", "@type": "@id"} for name in _RELATIONS}
    names = {"role": "mapgen:role", "source_id": "mapgen:source_id"}
    prefixes = {"mapgen": TERM, "edtf": EDTF.removesuffix("EDTF")}
    return {"@version": 1.1, **prefixes, **terms, **names}


def web_annotation(project: Project, annotation: Annotation) -> Plain:
    """Return a claim as a Web Annotation."""
    written = plain_annotation(annotation)
    own = {name: value for name, value in written.items() if name not in _STANDARD}
    for name in _RELATIONS:
        if name in own:
            own[name] = [f"{CLAIM}{other}" for other in own[name]]
    bodies = [_body("describing", written["claim"])]
    if annotation.note:
        bodies.append(_body("commenting", written["note"]))
    creator = {"creator": {"type": "Person", "name": written["analyst"]}} if annotation.analyst else {}
    return {
        "id": f"{CLAIM}{annotation.id}",
        "canonical": f"{CLAIM}{annotation.id}",
        "type": "Annotation",
        "motivation": "assessing",
        **creator,
        "body": bodies,
        "target": _target(project.sources[annotation.source], written.get("quote")),
        **own,
    }


def lost_in_webannotation(annotation: Annotation) -> Iterator[str]:
    """Say what of a claim a Web Annotation does not carry."""
    yield from lost_controls(annotation)


def _body(purpose: str, text: str) -> Plain:
    return {"type": "TextualBody", "value": text, "format": "text/plain", "purpose": purpose}


def _target(source: Source, quote: str | None) -> Plain:
    """Return what a claim is about: words in a source, as it was when it was read."""
    written = plain(source.model_dump(exclude_defaults=True, exclude={"id"}))
    selector = {"selector": {"type": "TextQuoteSelector", "exact": quote}} if quote else {}
    state = {"type": "TimeState", **_read_on(source), **_cached(source)}
    return {
        "type": "SpecificResource",
        "source": {"id": _iri(source.url) or f"{SOURCE}{source.id}", "source_id": source.id, **written},
        **selector,
        **({"state": state} if len(state) > 1 else {}),
    }


def _read_on(source: Source) -> Plain:
    parsed = dates.parse(source.accessed) if source.accessed else None
    day = parsed.earliest if parsed and parsed.earliest == parsed.latest else None
    return {"sourceDate": f"{day.isoformat()}T00:00:00Z"} if day else {}


def _cached(source: Source) -> Plain:
    return {"cached": address} if (address := _iri(source.archive_url)) else {}


def _iri(address: str | None) -> str | None:
    """Return an address that identifies something, None for any other text."""
    return address if address and _IRI.fullmatch(address) else None


def _json(value: Any) -> str:
    return json.dumps(without_controls(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
