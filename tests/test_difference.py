"""Ten prepared pairs of editions: what changed is told completely and rightly in every form."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mapgen.changesmap import compare_editions, write_changes
from mapgen.difference import Difference, compare_words, tell
from mapgen.editions import open_edition
from mapgen.writers.changes import outline, summarise, write_json, write_markdown, write_text
from tests.projects import write_project

SPEECH = {
    "id": "speech",
    "claim": "The border is very long.",
    "quote": "Very long.",
    "where": {"border": "LIE-AUT"},
}
TREATY = {
    "id": "treaty",
    "claim": "The border was agreed.",
    "where": {"territory": "LIE"},
    "where_precision": 6,
}
REPORT = {"id": "report", "title": "A report", "publisher": "P", "date": "2024-01"}
AREA = {"type": "Polygon", "coordinates": [[[9.4, 47], [9.7, 47], [9.7, 47.3], [9.4, 47]]]}
OTHER_AREA = {"type": "Polygon", "coordinates": [[[9.5, 47], [9.7, 47], [9.7, 47.3], [9.5, 47]]]}


@dataclass
class Side:
    """An edition to be written: claims, sources, settings, an area."""

    claims: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    settings: dict[str, Any]
    area: dict[str, Any]


@dataclass(frozen=True)
class Pair:
    """What is done to the new edition, and what is to be told."""

    change: Callable[[Side], object]
    summary: str
    told: list[tuple[str, tuple[str, ...], str, dict[str, str]]]
    """Section, kinds, id, and rows: label and text with the marks of the text form."""


def _correct(side: Side) -> None:
    side.claims[0].update(claim="The border is rather long.", speaker={"name": "A. Speaker"})


def _regrade(side: Side) -> None:
    side.claims[1].update(source_reliability="B", where_precision=5)


def _move(side: Side) -> None:
    side.claims[0]["where"] = {"border": "LIE-CHE"}
    side.claims[0]["quote"] = None


def _retract(side: Side) -> None:
    side.claims[1]["status"] = "retracted"
    side.settings["corrections"] = [
        {"date": "2024-05-17", "claim": "treaty", "what": "The claim was withdrawn.", "why": "It was wrong."}
    ]


def _rename(side: Side) -> None:
    side.claims[0]["id"] = "address"


def _outline(side: Side) -> None:
    side.area.update(OTHER_AREA)


def _sources(side: Side) -> None:
    side.sources[0]["date"] = "2024-02"
    side.sources.append({"id": "book", "title": "A book", "publisher": "P", "date": "2023"})


PAIRS: dict[str, Pair] = {
    "nothing": Pair(lambda side: side.claims.reverse(), "nothing changed", []),
    "added": Pair(
        lambda side: side.claims.append(
            {"id": "new", "claim": "A new claim.", "where": {"territory": "CHE"}}
        ),
        "1 claim added",
        [("claims", ("added",), "new", {})],
    ),
    "withdrawn": Pair(
        lambda side: side.claims.pop(1), "1 claim withdrawn", [("claims", ("withdrawn",), "treaty", {})]
    ),
    "retracted": Pair(
        _retract,
        "1 claim withdrawn, 1 correction",
        [
            ("claims", ("withdrawn",), "treaty", {"status": "[-asserted-]{+retracted+}"}),
            ("corrections", ("2024-05-17",), "treaty", {"why": "It was wrong."}),
        ],
    ),
    "corrected": Pair(
        _correct,
        "1 claim changed",
        [
            (
                "claims",
                ("corrected",),
                "speech",
                {
                    "claim": "The border is [-very-]{+rather+} long.",
                    "speaker": "{+name A. Speaker+}",
                },
            )
        ],
    ),
    "regraded": Pair(
        _regrade,
        "1 claim changed",
        [
            (
                "claims",
                ("regraded",),
                "treaty",
                {"where precision": "[-6-]{+5+}", "source reliability": "{+B+}"},
            )
        ],
    ),
    "moved": Pair(
        _move,
        "1 claim changed",
        [
            (
                "claims",
                ("moved", "corrected"),
                "speech",
                {"where": "border LIE-[-AUT-]{+CHE+}", "quote": "[-Very long.-]"},
            )
        ],
    ),
    "outline and id": Pair(
        lambda side: (_rename(side), _outline(side)),
        "2 claims changed",
        [
            ("claims", ("renamed",), "address", {"id": "[-speech-]{+address+}"}),
            ("claims", ("moved",), "around", {"area": "{+another outline+}"}),
        ],
    ),
    "sources": Pair(
        _sources,
        "2 sources changed",
        [
            ("sources", ("added",), "book", {}),
            ("sources", ("changed",), "report", {"date": "2024-[-01-]{+02+}"}),
        ],
    ),
    "borders": Pair(
        lambda side: side.settings.update(territories=["LIE", "CHE"], worldview="international"),
        "2 settings changed",
        [
            ("settings", ("changed",), "worldview", {"worldview": "[-neutral-]{+international+}"}),
            ("settings", ("changed",), "territories", {"territories": "LIE, CHE[-, AUT-]"}),
        ],
    ),
}
"""By name."""


def _write(folder: Path, change: Callable[[Side], object]) -> Path:
    around = {"id": "around", "claim": "Something is so.", "where": {"area": "area.geojson"}}
    side = Side(
        [dict(SPEECH), dict(TREATY), around],
        [dict(REPORT)],
        {"territories": ["LIE", "CHE", "AUT"]},
        dict(AREA),
    )
    change(side)
    write_project(folder, side.claims, publications=side.sources, **side.settings)
    (folder / "area.geojson").write_text(json.dumps(side.area), encoding="utf-8")
    return folder


def _compare(old: Path, new: Path) -> Difference:
    with open_edition(str(old), old) as before, open_edition(str(new), new) as after:
        return compare_editions(before, after)


def _pair(tmp_path: Path, pair: Pair) -> tuple[Path, Path]:
    return _write(tmp_path / "old", lambda _: None), _write(tmp_path / "new", pair.change)


def _marked(parts: tuple[tuple[str, str], ...]) -> str:
    signs = {" ": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(signs[sign].format(text) for sign, text in parts)


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_all_that_changed_is_told_and_nothing_else(tmp_path: Path, pair: Pair) -> None:
    difference = _compare(*_pair(tmp_path, pair))
    told = [
        (section.name, each.kinds, each.id, {row.label: _marked(row.parts) for row in each.rows})
        for section in outline(difference)
        for each in section.told
        if section.name != "boundaries"
    ]
    assert sorted(told, key=str) == sorted(pair.told, key=str)
    assert bool(difference) == bool(pair.told)
    assert summarise(difference) == pair.summary


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_every_text_form_tells_all_of_it(tmp_path: Path, pair: Pair) -> None:
    difference = _compare(*_pair(tmp_path, pair))
    text, markdown = write_text(difference), write_markdown(difference)
    value = json.loads(write_json(difference))
    assert summarise(difference) in text
    assert summarise(difference) in markdown
    for section, kinds, known_by, rows in pair.told:
        lines = [line for line in text.splitlines() if line.startswith(f"  {', '.join(kinds)}  ")]
        assert [line for line in lines if f"  {known_by}" in line], (kinds, known_by)
        for label, marked in rows.items():
            assert f"      {label}: {marked}" in text.splitlines()
            plain = marked.replace("[-", "~~").replace("-]", "~~").replace("{+", "**").replace("+}", "**")
            assert f"  - {label}: {plain}" in markdown.replace("\\", "").splitlines()
        if section in ("claims", "sources"):
            kind = kinds[0] if not rows else "changed"
            assert known_by in [each["id"] for each in value[section][kind]]
    assert value["settings"] == [{"field": c.field, "old": c.old, "new": c.new} for c in difference.settings]
    assert len(value["corrections"]) == len(difference.corrections)


def test_another_dataset_and_its_borders_are_told(tmp_path: Path) -> None:
    old, new = _pair(tmp_path, PAIRS["borders"])
    for folder, middle, top in ((old, 9.5, 47.2), (new, 9.5, 47.3)):
        features = [
            {
                "type": "Feature",
                "properties": {"iso_a3": code, "name": code},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[w, 47], [e, 47], [e, top], [w, top], [w, 47]]],
                },
            }
            for code, w, e in (("CHE", 9, middle), ("LIE", middle, 10), ("AUT", 10, 11))
        ]
        own = {"type": "FeatureCollection", "features": features}
        (folder / "own.geojson").write_text(json.dumps(own), encoding="utf-8")
        project = json.loads((folder / "mapgen.yaml").read_text("utf-8"))
        project = {**project, "boundaries": "own.geojson", "worldview": "neutral"}
        (folder / "mapgen.yaml").write_text(json.dumps(project), encoding="utf-8")
    difference = _compare(old, new)
    assert difference.dataset is not None
    lengths = {each.field: (each.old, each.new) for each in difference.borders}
    # A tenth of a degree of latitude has 11.1 km. That AUT is no longer asked for makes no border vanish.
    assert lengths == {
        "LIE-CHE": (pytest.approx(22.2, abs=0.1), pytest.approx(33.4, abs=0.1)),
        "LIE-AUT": (pytest.approx(22.2, abs=0.1), pytest.approx(33.4, abs=0.1)),
    }
    told = write_text(difference)
    assert "  changed  dataset: own.geojson" in told
    assert "length: [-22.2 km-]{+33.4 km+}" in told
    assert json.loads(write_json(difference))["borders"][0]["field"] == "LIE-CHE"


def test_the_same_dataset_is_no_change(tmp_path: Path) -> None:
    difference = _compare(*_pair(tmp_path, PAIRS["moved"]))
    assert (difference.dataset, difference.borders) == (None, ())


def test_words_are_compared_whole() -> None:
    assert compare_words("Persian: سلام دنیا", "Persian: سلام جهان") == [
        (" ", "Persian: سلام "),
        ("-", "دنیا"),
        ("+", "جهان"),
    ]
    for old, new in (("", "a b"), ("a b", ""), ("a\n b", "a b"), ("x" * 50, "y")):
        parts = compare_words(old, new)
        assert "".join(text for sign, text in parts if sign != "+") == old
        assert "".join(text for sign, text in parts if sign != "-") == new


def test_values_are_told_on_one_line() -> None:
    assert (
        tell([{"border": "AFG-TJK"}, {"place": "Termez", "label": "T"}])
        == "border AFG-TJK; place Termez, label T"
    )
    assert tell(["A", "B"]) == "A, B"
    assert tell(None) == ""


def test_a_text_cannot_break_out_of_its_line(tmp_path: Path) -> None:
    hostile = "\x1b[31mred\n- **bold** <img src=x onerror=alert(1)> [link](javascript:alert(1)) `code`"
    old = _write(tmp_path / "old", lambda _: None)
    new = _write(tmp_path / "new", lambda side: side.claims[0].update(note=hostile.replace("\x1b", "\u202e")))
    difference = _compare(old, new)
    assert "\u202e" not in write_text(difference)
    markdown = write_markdown(difference)
    assert "<img" not in markdown
    assert "\\[link\\]" in markdown
    assert len(markdown.splitlines()) == len(write_markdown(_compare(old, new)).splitlines())
    page = write_changes(str(old), str(new), new, "html")
    assert "<img src=x" not in page


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_forms_are_written_by_name(tmp_path: Path, form: str) -> None:
    old, new = _pair(tmp_path, PAIRS["added"])
    assert "new" in write_changes(str(old), str(new), new, form)
