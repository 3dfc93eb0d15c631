"""Write the claims that a project has checked itself as schema.org ClaimReview, for search engines.

In: a project. Out: the text of the file. Only claims that the project marks as its own fact-check
(``fact_check``, the verdict in words) are written: a claim that is merely recorded is not reviewed. No rating
number is made up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from mapgen.model import Annotation, Project
from mapgen.writers.plain import Plain, plain
from mapgen.writers.table import without_controls

CONTEXT = "https://schema.org"
_CALENDAR_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?", re.ASCII)


def write_claimreview(project: Project) -> str:
    """Return the reviews of a project as one JSON-LD graph.

    Parameters
    ----------
    project : Project

    Returns
    -------
    str
        JSON-LD with a ``ClaimReview`` for each claim that has a ``fact_check``.
    """
    graph = [claim_review(project, each) for each in project.annotations if each.fact_check]
    return (
        json.dumps(
            without_controls(plain({"@context": CONTEXT, "@graph": graph})), ensure_ascii=False, indent=1
        )
        + "\n"
    )


def claim_review(project: Project, annotation: Annotation) -> Plain:
    """Return one claim's review; keys that the project does not know are left out."""
    source, speaker = project.sources[annotation.source], annotation.speaker
    said = speaker and {"@type": "Person", "name": speaker.name, "jobTitle": speaker.role}
    review = {
        "@type": "ClaimReview",
        "claimReviewed": annotation.claim,
        "url": annotation.fact_check_url,
        "author": {"@type": "Organization", "name": annotation.analyst or project.credit or project.title},
        "reviewRating": {"@type": "Rating", "alternateName": annotation.fact_check},
        "itemReviewed": {
            "@type": "Claim",
            "author": said,
            "datePublished": _date(source.date),
            "appearance": {"@type": "CreativeWork", "name": source.title, "url": source.url},
        },
    }
    return dict(_without_none(review))


def lost_in_claimreview(annotation: Annotation) -> Iterator[str]:
    """Say what of a claim a review does not carry."""
    if not annotation.fact_check:
        yield "claims without a fact_check: they are not reviewed"


def _date(text: str | None) -> str | None:
    """Return a date that has no marks; schema.org has no words for doubt."""
    return text if text and _CALENDAR_DATE.fullmatch(text) else None


def _without_none(value: Plain) -> Plain:
    return {
        key: _without_none(each) if isinstance(each, dict) else each
        for key, each in value.items()
        if each is not None
    }
