"""Projects with one fault each: what is found, where, and that nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import mapgen
from mapgen.findings import CODES, write_github, write_json, write_text

PROJECT = """\
title: A test
territories: [KAZ, KGZ]
{project}
sources: sources.yaml
annotations: [claims.yaml]
"""

SOURCES = """\
- id: paper
  title: A paper
  publisher: A publisher
  date: 2015-06
{source}
"""

CLAIMS = """\
- id: one
  layer: claims
  where: {{territory: KAZ}}
  claim: Something is so.
  source: paper
{one}
{more}
"""

SECOND = """\
- id: two
  layer: claims
  where: {{territory: {code}}}
  claim: {claim}
  source: paper
"""


def _findings(folder: Path, **parts: str) -> list[tuple[str, str, int | None]]:
    files = {"mapgen.yaml": PROJECT, "sources.yaml": SOURCES, "claims.yaml": CLAIMS}
    keys = ("project", "source", "one", "more")
    for name, text in files.items():
        (folder / name).write_text(text.format(**{key: parts.get(key, "") for key in keys}), encoding="utf-8")
    found = mapgen.load(folder).check()
    return [
        (f.code, f.position.file if f.position else "", f.position.line if f.position else None)
        for f in found
    ]


def test_a_sound_project_has_no_finding(tmp_path: Path) -> None:
    assert _findings(tmp_path) == []


BROKEN = {
    "quote without speaker": (
        {"one": "  quote: So it is."},
        ("quote-without-speaker", "claims.yaml", 6),
    ),
    "undated source": (
        {"source": "- {id: other, title: Other, publisher: P}", "more": "  analyst: A"},
        ("source-undated", "sources.yaml", 5),
    ),
    "source nobody names": (
        {"source": "- {id: other, title: Other, publisher: P, date: 2015}"},
        ("source-unused", "sources.yaml", 5),
    ),
    "source that cannot be found": (
        {"source": "- {id: other, title: Other, date: 2015}"},
        ("source-without-locator", "sources.yaml", 5),
    ),
    "address without an archived copy": (
        {"source": "  url: https://example.org/"},
        ("source-unarchived", "sources.yaml", 1),
    ),
    "read before it was published": (
        {"source": "  accessed: 2015-05-31"},
        ("accessed-before-published", "sources.yaml", 5),
    ),
    "claim later than its source": (
        {"one": "  date: 2015-07"},
        ("date-after-source", "claims.yaml", 6),
    ),
    "claim later than the as-of date": (
        {"project": "as_of: 2015-06", "one": "  date: 2015-07"},
        ("date-after-as-of", "claims.yaml", 6),
    ),
    "source later than the as-of date": (
        {"project": "as_of: 2015-05"},
        ("date-after-as-of", "sources.yaml", 4),
    ),
    "likelihood and confidence in one sentence": (
        {"one": "  note: It is likely, with high confidence."},
        ("likelihood-with-confidence", "claims.yaml", 6),
    ),
    "two scales of likelihood": (
        {"one": "  note: It is likely. It is probable."},
        ("likelihood-vocabulary", "claims.yaml", 6),
    ),
    "the same claim twice": (
        {"more": SECOND.format(code="KAZ", claim="something IS so")},
        ("claim-duplicate", "claims.yaml", 10),
    ),
    "almost the same claim": (
        {"more": SECOND.format(code="KAZ", claim="Something was so.")},
        ("claim-near-duplicate", "claims.yaml", 10),
    ),
    "superseded and still asserted": (
        {"more": SECOND.format(code="KGZ", claim="Otherwise.") + "  supersedes: [one]"},
        ("superseded-but-asserted", "claims.yaml", 1),
    ),
    "place outside the territory": (
        {
            "more": "- {id: two, layer: claims, claim: C, source: paper, "
            "where: [{territory: KGZ}, {place: Almaty}]}"
        },
        ("point-outside-territory", "claims.yaml", 7),
    ),
    "a statement that geography refutes": (
        {"one": "  asserts: [{shares_border: [KAZ, TJK]}]"},
        ("assertion-refuted", "claims.yaml", 6),
    ),
    "a dispute without data": (
        {"project": "context: none", "more": SECOND.format(code="GEO", claim="Other.")},
        None,
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_fault_has_its_finding_at_its_line(name: str, tmp_path: Path) -> None:
    parts, expected = BROKEN[name]
    found = _findings(tmp_path, **parts)
    if expected is None:
        assert found == []
    else:
        assert expected in found
        assert expected[0] in CODES


def test_several_faults_are_found_in_one_run(tmp_path: Path) -> None:
    found = _findings(
        tmp_path,
        project="as_of: 2015-06",
        source="  url: https://example.org/\n  accessed: 2015-05",
        one="  date: 2015-08\n  quote: So.\n  note: Likely, with low confidence.",
    )
    codes = {code for code, _, _ in found}
    assert codes >= {
        "date-after-as-of",
        "date-after-source",
        "quote-without-speaker",
        "likelihood-with-confidence",
        "accessed-before-published",
        "source-unarchived",
    }


def test_a_circle_of_supersedes_stops_the_build(tmp_path: Path) -> None:
    more = SECOND.format(code="KGZ", claim="Otherwise.") + "  supersedes: [one]"
    found = _findings(tmp_path, one="  supersedes: [two]", more=more)
    assert [(file, line) for _, file, line in found] == [("claims.yaml", 6), ("claims.yaml", 12)]
    with pytest.raises(mapgen.errors.InputError, match="supersedes itself"):
        mapgen.load(tmp_path).maps()


def test_the_check_list_of_disputes(tmp_path: Path) -> None:
    text = PROJECT.format(project="context: none").replace("[KAZ, KGZ]", "[GEO, UKR]")
    _findings(tmp_path)
    (tmp_path / "mapgen.yaml").write_text(text, encoding="utf-8")
    messages = [f.message for f in mapgen.load(tmp_path).check() if f.code == "dispute-without-data"]
    assert [
        name for name in ("Abkhazia", "South Ossetia", "Donbas", "Crimea") if any(name in m for m in messages)
    ] == [
        "Abkhazia",
        "South Ossetia",
        "Donbas",
    ]


def test_what_is_set_aside_is_shown_with_its_reason(tmp_path: Path) -> None:
    silence = "silence: [{check: quote-without-speaker, annotation: one, reason: An anonymous leaflet.}]"
    assert _findings(tmp_path, one="  quote: So it is.", project=silence) == []
    loaded = mapgen.load(tmp_path)
    assert loaded.check() == ()
    assert [each.reason for each in loaded.set_aside()] == ["An anonymous leaflet."]
    assert "quote-without-speaker: An anonymous leaflet." in loaded.maps()[0].html
    assert "Reason: An anonymous leaflet." in write_text((), loaded.set_aside())


def test_setting_aside_what_is_not_found_is_a_finding(tmp_path: Path) -> None:
    silence = "silence: [{check: quote-without-speaker, reason: None needed.}]"
    assert _findings(tmp_path, project=silence) == [("silence-unused", "mapgen.yaml", 3)]


def test_findings_are_written_for_programs_and_code_hosts(tmp_path: Path) -> None:
    _findings(tmp_path, one='  quote: "100 % so,\\nsaid: no one"')
    loaded = mapgen.load(tmp_path)
    rows = json.loads(write_json(loaded.check()))
    assert [(row["code"], row["line"], row["severity"]) for row in rows] == [
        ("quote-without-speaker", 6, "warning")
    ]
    (line,) = write_github(loaded.check()).splitlines()
    assert line.startswith("::warning file=claims.yaml,line=6,col=")
    assert ",title=quote-without-speaker::" in line


def test_a_finding_in_a_table_is_set_aside_for_its_row(tmp_path: Path) -> None:
    text = PROJECT.format(
        project="layers: [{name: claims, title: Claims}]\n"
        "silence: [{check: quote-without-speaker, annotation: two, reason: A leaflet.}]"
    ).replace("claims.yaml", "claims.csv")
    (tmp_path / "mapgen.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "sources.yaml").write_text(SOURCES.format(source=""), encoding="utf-8")
    rows = (
        "id,layer,territory,claim,source,quote\none,claims,KAZ,Yes.,paper,So.\ntwo,claims,KGZ,No.,paper,So.\n"
    )
    (tmp_path / "claims.csv").write_text(rows, encoding="utf-8")
    loaded = mapgen.load(tmp_path)
    assert [(f.code, f.position.line) for f in loaded.check() if f.position] == [("quote-without-speaker", 2)]
    assert [each.reason for each in loaded.set_aside()] == ["A leaflet."]
