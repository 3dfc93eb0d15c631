"""Linked data: a JSON-LD processor understands every term, offline; reviews are only of what was checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from pyld import jsonld

from mapgen.model import Project, Source, Speaker
from mapgen.writers.claimreview import write_claimreview
from mapgen.writers.webannotation import CONTEXT, own_terms, web_annotation, write_webannotation
from tests.generated import projects
from tests.projects import at, claim, default_project, statement

OA = "http://www.w3.org/ns/oa#"
TERMS = json.loads(
    Path(__file__).with_name("data").joinpath("web-annotation-terms.jsonld").read_text("utf-8")
)
"""What mapgen uses of the W3C's context, written by hand: see tests/data/README.md."""


def load(url: str, options: dict[str, Any]) -> dict[str, Any]:
    """Serve the one context that there is; nothing is asked of a network."""
    assert url == CONTEXT
    return {"contextUrl": None, "documentUrl": url, "contentType": "application/ld+json", "document": TERMS}


def expand(document: Any) -> Any:
    return jsonld.expand(document, {"documentLoader": load, "processingMode": "json-ld-1.1"})


def keys(value: Any, *, closed: tuple[str, ...] = ("where", "asserts")) -> Iterator[str]:
    """Yield all keys of a document but those in JSON literals, each as often as it stands there."""
    if isinstance(value, dict):
        for key, inside in value.items():
            if key != "@context":
                yield key
            if key not in ("@context", *closed):
                yield from keys(inside)
    elif isinstance(value, list):
        for each in value:
            yield from keys(each)


def predicates(value: Any) -> Iterator[str]:
    """Yield all keys of an expanded document, JSON literals closed."""
    if isinstance(value, list):
        for each in value:
            yield from predicates(each)
    elif isinstance(value, dict) and value.get("@type") != "@json":
        for key, inside in value.items():
            yield key
            yield from predicates(inside)


def full(term: str) -> str:
    """Return what a term means, by the context of the document and then the W3C's."""
    own, w3c = own_terms(), TERMS["@context"]
    found = own.get(term, w3c.get(term))
    name = str(found["@id"] if isinstance(found, dict) else found)
    prefix, _, rest = name.partition(":")
    return name if prefix.startswith("@") else str({**w3c, **own}[prefix]) + rest


def check(project: Project) -> Any:
    document = json.loads(write_webannotation(project))
    (expanded,) = expand(document)
    written = sorted(full(key) for key in keys(document))
    understood = sorted(key for key in predicates(expanded) if key not in ("@value", "@list"))
    # values with a type of their own (dates, numbers of a list) add @type, ids of plain texts add @id
    for each in set(written) - {"@id", "@type"}:
        assert written.count(each) == understood.count(each), each
    assert set(understood) <= {*written, "@id", "@type", "@language"}
    return expanded


def test_every_term_of_the_default_project_is_understood() -> None:
    expanded = check(default_project())
    (page,) = expanded["http://www.w3.org/ns/activitystreams#first"]
    (items,) = page["http://www.w3.org/ns/activitystreams#items"]
    assert len(items["@list"]) == len(default_project().annotations)
    for each in items["@list"]:
        assert each["@type"] == [f"{OA}Annotation"]
        assert each[f"{OA}motivatedBy"] == [{"@id": f"{OA}assessing"}]
        assert each[f"{OA}hasBody"][0]["@type"] == [f"{OA}TextualBody"]
        assert each[f"{OA}hasTarget"][0]["@type"] == [f"{OA}SpecificResource"]
        assert each["@id"].startswith("urn:mapgen:claim:")


@settings(max_examples=25)
@given(projects())
def test_every_term_of_every_project_is_understood(project: Project) -> None:
    check(project)


@settings(max_examples=25)
@given(projects())
def test_the_same_project_gives_the_same_bytes(project: Project) -> None:
    assert write_webannotation(project) == write_webannotation(project)


def test_a_claim_says_what_the_standard_has_words_for() -> None:
    source = Source(
        id="report",
        title="A report",
        url="https://example.org/a?b=1",
        accessed="2016-01-02",
        archive_url="https://archive.example.org/1",
    )
    annotation = claim(
        at("border", ("AFG", "TJK")),
        quote="Words.",
        note="A remark.",
        analyst="N. N.",
        speaker=Speaker(role="analyst"),
        date="2015-12?",
        supports=("two",),
        asserts=(statement("shares_border", pair=("AFG", "TJK")),),
    )
    project = default_project().model_copy(update={"sources": {"report": source}})
    written = web_annotation(project, annotation)
    assert written["creator"] == {"type": "Person", "name": "N. N."}
    assert [(body["purpose"], body["value"]) for body in written["body"]] == [
        ("describing", "A claim."),
        ("commenting", "A remark."),
    ]
    assert written["target"]["source"]["id"] == "https://example.org/a?b=1"
    assert written["target"]["selector"] == {"type": "TextQuoteSelector", "exact": "Words."}
    assert written["target"]["state"] == {
        "type": "TimeState",
        "sourceDate": "2016-01-02T00:00:00Z",
        "cached": "https://archive.example.org/1",
    }
    assert written["supports"] == ["urn:mapgen:claim:two"]
    assert (written["date"], written["where"]) == ("2015-12?", {"border": "AFG-TJK"})


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://example.org/a b",
        "https://",
        "_:b0",
        "/etc",
        'http://a/"',
        "http://a/\n",
        None,
    ],
)
def test_what_is_no_address_becomes_no_identifier(address: str | None) -> None:
    source = Source(id="report", title="A report", url=address, archive_url=address)
    project = default_project().model_copy(update={"sources": {"report": source}})
    written = web_annotation(project, claim(at("territory", "AFG")))
    assert written["target"]["source"]["id"] == "urn:mapgen:source:report"
    assert "state" not in written["target"]


def test_only_checked_claims_are_reviewed() -> None:
    source = Source(id="report", title="A report", url="https://example.org/", date="2015-12")
    checked = claim(
        at("territory", "AFG"),
        speaker=Speaker(name="N. N."),
        fact_check="Mostly false",
        fact_check_url="https://example.org/check",
    )
    recorded = claim(at("territory", "AFG"), id="two")
    project = default_project().model_copy(
        update={"sources": {"report": source}, "annotations": (checked, recorded), "credit": "The desk"}
    )
    document = json.loads(write_claimreview(project))
    assert document["@context"] == "https://schema.org"
    (review,) = document["@graph"]
    assert review == {
        "@type": "ClaimReview",
        "claimReviewed": "A claim.",
        "url": "https://example.org/check",
        "author": {"@type": "Organization", "name": "The desk"},
        "reviewRating": {"@type": "Rating", "alternateName": "Mostly false"},
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": "N. N."},
            "datePublished": "2015-12",
            "appearance": {"@type": "CreativeWork", "name": "A report", "url": "https://example.org/"},
        },
    }


@settings(max_examples=25)
@given(projects())
def test_reviews_are_json_without_what_is_not_known(project: Project) -> None:
    text = write_claimreview(project)
    document = json.loads(text)
    assert len(document["@graph"]) == sum(each.fact_check is not None for each in project.annotations)
    assert "null" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
