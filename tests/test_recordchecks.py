"""The record: disputes that a map touches, what is set aside, how findings are written.

What is found, and where, is listed in ``test_broken_projects``.
"""

from __future__ import annotations

import json
from pathlib import Path

import mapgen
from mapgen.findings import write_github, write_json, write_text

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
