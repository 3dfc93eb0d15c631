"""Projects: the default one and the starter, the rules between files, and every problem at its place."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from mapgen.errors import InputError
from mapgen.model import Project
from mapgen.project import read_project

REPOSITORY = Path(__file__).resolve().parent.parent

PROJECT = """\
title: Map
territories: [AFG, TJK]
sources: data/sources.yaml
annotations: [data/annotations/*.yaml]
layers:
  - {name: concerns, title: Concerns}
  - {name: context, title: Context}
maps:
  - {name: overview}
  - {name: near, layers: [concerns]}
"""
SOURCES = """\
- {id: report, title: Report}
- {id: paper, title: Paper, date: 2015-12}
"""
CLAIMS = """\
- id: one
  layer: concerns
  where: {border: AFG-TJK}
  claim: First.
  source: report
- id: two
  layer: context
  where: {place: Termez}
  claim: Second.
  source: paper
  supports: one
"""
FILES = {"mapgen.yaml": PROJECT, "data/sources.yaml": SOURCES, "data/annotations/claims.yaml": CLAIMS}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def complaints(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_project(folder)
    return str(caught.value).splitlines()


def changed(file: str, old: str, new: str) -> dict[str, str]:
    assert FILES[file].count(old) == 1, f"{old!r} must stand once in {file}"
    return {**FILES, file: FILES[file].replace(old, new)}


def test_the_default_project(default_project_folder):
    project = read_project(default_project_folder)
    assert project.title == "Border-crossing concerns north of Afghanistan"
    assert project.territories == ("AFG", "TKM", "UZB", "TJK", "KAZ", "RUS")
    assert [spec.name for spec in project.maps] == ["overview", "border-concerns"]
    assert {annotation.id for annotation in project.annotations} == {
        "hertling-north-afg",
        "hertling-kaz-between",
        "hertling-passage",
        "isis-3000",
        "rus-taliban-channel",
        "caucasus-syria",
        "pipeline-closer",
        "oliker-ties",
        "mudd-pass-back",
        "rojansky-equals",
        "afg-violence",
        "state-shared-interest",
        "us-legitimise",
        "zakharova-weapons",
    }
    (source,) = project.sources.values()
    # the page has none of these, and nobody invents them
    assert (source.date, source.author, source.url, source.publisher) == (None, None, None, None)
    assert {annotation.date for annotation in project.annotations} == {None}
    quotes = {annotation.id: annotation.quote for annotation in project.annotations if annotation.quote}
    assert quotes == {
        "hertling-passage": "Russia and Mr. Putin are very concerned about the passage of "
        "terrorists, insurgents, Islamists between those borders"
    }
    own_voice = {annotation.id for annotation in project.annotations if annotation.speaker is None}
    assert own_voice == {"caucasus-syria", "afg-violence"}
    # a claim about a whole country is never a pin
    assert not {"place", "point"} & {where.kind for claim in project.annotations for where in claim.where}
    assert [claim.id for claim in project.annotations if claim.layer == "concerns"] == [
        "hertling-north-afg",
        "hertling-kaz-between",
        "hertling-passage",
    ]


def test_the_starter_is_a_project_of_another_region_with_marked_examples():
    project = read_project(REPOSITORY / "mapgen" / "starter")
    assert not {"AFG", "TJK", "RUS"} & set(project.territories)
    assert all(annotation.claim.startswith("Example: ") for annotation in project.annotations)
    assert {where.kind for claim in project.annotations for where in claim.where} == {
        "border",
        "route",
        "territory",
        "place",
    }


def test_a_project_is_named_by_its_folder_or_its_file(tmp_path, monkeypatch):
    write(tmp_path, FILES)
    by_folder, by_file = read_project(str(tmp_path)), read_project(tmp_path / "mapgen.yaml")
    monkeypatch.chdir(tmp_path)
    here = read_project()
    assert by_folder == by_file
    assert here.annotations == by_file.annotations
    assert (here.folder, here.file) == (Path(), "mapgen.yaml")
    assert list(here.sources) == ["report", "paper"]


def test_positions(tmp_path):
    project = read_project(write(tmp_path, FILES))
    one, two = project.annotations
    assert str(project.position("territories", 1)) == "mapgen.yaml:2:20"
    assert str(project.position("maps", 1, "layers", 0)) == "mapgen.yaml:10:27"
    assert str(project.position("worldview")) == "mapgen.yaml:1:1"
    assert str(project.sources["paper"].position("date")) == "data/sources.yaml:2:35"
    assert str(one.position()) == "data/annotations/claims.yaml:1:3"
    assert str(one.position("where", 0)) == "data/annotations/claims.yaml:3:19"
    assert str(one.position("speaker", "name")) == "data/annotations/claims.yaml:1:3"
    assert str(two.position("supports", 0)) == "data/annotations/claims.yaml:11:13"


def test_what_is_left_out(tmp_path):
    text = "title: Map\nterritories: AFG\nas_of:\n"
    text += "sources: data/sources.yaml\nannotations: data/annotations/claims.yaml\n"
    project = read_project(write(tmp_path, {**FILES, "mapgen.yaml": text}))
    assert [(layer.name, layer.title) for layer in project.layers] == [
        ("concerns", "concerns"),
        ("context", "context"),
    ]
    assert [(spec.name, spec.layers) for spec in project.maps] == [("map", None)]
    assert (project.context, project.worldview, project.language, project.as_of) == (
        "neighbours",
        "neutral",
        "en",
        None,
    )


def test_several_files_in_order_and_each_once(tmp_path):
    files = changed("mapgen.yaml", "[data/annotations/*.yaml]", "[data/annotations/z.yaml, 'data/**/*.yaml']")
    item = "- {{id: {0}, layer: concerns, where: {{place: Termez}}, claim: {0}, source: third}}\n"
    files["mapgen.yaml"] = files["mapgen.yaml"].replace(
        "data/sources.yaml", "[data/sources.yaml, more.yaml]", 1
    )
    files["more.yaml"] = "- {id: third, title: Third}\n"
    files["data/annotations/z.yaml"] = item.format("from-z")
    files["data/annotations/a.yaml"] = item.format("from-a")
    files["data/annotations/empty.yaml"] = ""
    del files["data/sources.yaml"]
    files["data/sources.yaml"] = SOURCES
    files["mapgen.yaml"] = files["mapgen.yaml"].replace("'data/**/*.yaml'", "'data/anno*/**/*.yaml'")
    project = read_project(write(tmp_path, files))
    assert [annotation.id for annotation in project.annotations] == ["from-z", "from-a", "one", "two"]
    assert list(project.sources) == ["report", "paper", "third"]


# file, old text, new text, complaint
BROKEN = [
    (
        "mapgen.yaml",
        "annotations:",
        "anotations:",
        "mapgen.yaml:1:1: the key 'annotations' is missing. (The files",
    ),
    (
        "mapgen.yaml",
        "annotations:",
        "anotations:",
        "mapgen.yaml:4:1: unknown key 'anotations'. Did you mean 'annotations'?",
    ),
    (
        "mapgen.yaml",
        "title: Map",
        "title:",
        "mapgen.yaml:1:1: title: nothing is written here. (Heading of the maps)",
    ),
    ("mapgen.yaml", "title: Map", "title: ' '", "mapgen.yaml:1:8: title: the text is empty. Write one."),
    ("mapgen.yaml", "title: Map", "title: [a]", "mapgen.yaml:1:8: title: expected text, got a list."),
    (
        "mapgen.yaml",
        "[AFG, TJK]",
        "[]",
        "mapgen.yaml:2:14: territories: the list is empty. Write at least one.",
    ),
    (
        "mapgen.yaml",
        "[AFG, TJK]",
        "[AFG, Tajikistan the country]",
        "mapgen.yaml:2:20: territories: expected a territory code, such as 'AFG', got 'Taj",
    ),
    (
        "mapgen.yaml",
        "[AFG, TJK]",
        "[AFG, AFG]",
        "mapgen.yaml:2:14: territories: 'AFG' stands in the list twice. Remove one.",
    ),
    (
        "mapgen.yaml",
        "[AFG, TJK]",
        "{a: AFG}",
        "mapgen.yaml:2:14: territories: expected a list, got a mapping.",
    ),
    (
        "mapgen.yaml",
        "title: Map",
        "title: Map\ncontext: neighbors",
        "mapgen.yaml:2:10: context: 'neighbors' is not one of neighbours, none. Did you mean 'neighbours'?",
    ),
    (
        "mapgen.yaml",
        "title: Map",
        "title: Map\ncontext: [K Z]",
        "mapgen.yaml:2:11: context: expected a territory code, such as 'AFG', got 'K Z'.",
    ),
    (
        "mapgen.yaml",
        "title: Map",
        "title: Map\nprojection: Conic",
        "mapgen.yaml:2:13: projection: 'Conic' is not one of auto, mercator, conic. Did you mean 'conic'?",
    ),
    (
        "mapgen.yaml",
        "title: Map",
        "title: Map\nworldview: ua",
        "mapgen.yaml:2:12: worldview: 'ua' is not a worldview. Expected neutral, de_facto, international or "
        "the code of a country, such as UA. Did you mean 'UA'?",
    ),
    (
        "mapgen.yaml",
        "title: Map",
        "title: Map\nlanguage: english",
        "mapgen.yaml:2:11: language: expected a language code, such as 'en', got 'english'.",
    ),
    (
        "mapgen.yaml",
        "title: Map",
        "title: Map\nas_of: 7 December 2015",
        "mapgen.yaml:2:8: as_of: '7 December 2015' is not a date. Expected a date such as 2015,",
    ),
    (
        "mapgen.yaml",
        "title: Map",
        "عنوان: نقشه\ntitle: Map",
        "mapgen.yaml:1:1: unknown key 'عنوان'. Known keys: title, lead,",
    ),
    (
        "mapgen.yaml",
        "title: Map",
        "title: نقشه\nlead: {متن: یک}",
        "mapgen.yaml:2:7: lead: expected text, got a mapping.",
    ),
    (
        "mapgen.yaml",
        "{name: near, ",
        "{name: overview, ",
        "mapgen.yaml:10:12: the name 'overview' is used twice, first at mapgen.yaml:9:12. Give one",
    ),
    (
        "mapgen.yaml",
        "{name: near, ",
        "{name: ../near, ",
        "mapgen.yaml:10:12: name: expected an id: small letters, digits and '-'",
    ),
    (
        "mapgen.yaml",
        "[concerns]",
        "[concern]",
        "mapgen.yaml:10:27: unknown layer 'concern'. Did you mean 'concerns'?",
    ),
    (
        "mapgen.yaml",
        "[concerns]",
        "[concerns], extent: [1, 2, 3]",
        "mapgen.yaml:10:46: extent: expected four numbers: [west, south, east, north].",
    ),
    (
        "mapgen.yaml",
        "[concerns]",
        "[concerns], extent: [5, 2, 3, 4]",
        "mapgen.yaml:10:46: extent: expected [west, south, east, north] in degrees",
    ),
    (
        "mapgen.yaml",
        "[concerns]",
        "[concerns], extent: [a, 2, 3, 4]",
        "mapgen.yaml:10:47: extent: expected a number, got 'a'.",
    ),
    (
        "mapgen.yaml",
        "[concerns]",
        "[concerns], extent: [1, 2, 1e999, 4]",
        "mapgen.yaml:10:53: extent: expected a finite number, got '1e999'.",
    ),
    (
        "mapgen.yaml",
        "{name: context, title: Context}",
        "{name: context, titel: Context}",
        "mapgen.yaml:7:21: unknown key 'titel'. Did you mean 'title'?",
    ),
    (
        "mapgen.yaml",
        "{name: context, title: Context}",
        "context",
        "mapgen.yaml:7:5: layers: expected a mapping ('key: value'), got 'context'.",
    ),
    (
        "mapgen.yaml",
        "{name: context,",
        "{name: concerns,",
        "mapgen.yaml:7:12: the name 'concerns' is used twice, first at mapgen.yaml:6:12.",
    ),
    (
        "mapgen.yaml",
        "data/sources.yaml",
        "data/source.yaml",
        "mapgen.yaml:3:10: sources: there is no file 'data/source.yaml' in the project folder. "
        "Did you mean 'data/sources.yaml'?",
    ),
    (
        "mapgen.yaml",
        "data/sources.yaml",
        "/etc/passwd",
        "mapgen.yaml:3:10: sources: '/etc/passwd' is not a path in the project folder.",
    ),
    (
        "mapgen.yaml",
        "data/sources.yaml",
        "data/../../sources.yaml",
        "mapgen.yaml:3:10: sources: 'data/../../sources.yaml' is not a path in the project folder.",
    ),
    (
        "mapgen.yaml",
        "data/sources.yaml",
        "data/sources.csv",
        "mapgen.yaml:3:10: sources: 'data/sources.csv' is not a YAML file.",
    ),
    (
        "mapgen.yaml",
        "data/annotations/*.yaml",
        "data/claims/*.yaml",
        "mapgen.yaml:4:15: annotations: no file fits 'data/claims/*.yaml'.",
    ),
    (
        "data/sources.yaml",
        "id: report",
        "id: paper",
        "data/sources.yaml:2:8: the id 'paper' is used twice, first at data/sources.yaml:1:8.",
    ),
    (
        "data/sources.yaml",
        "title: Paper",
        "titel: Paper",
        "data/sources.yaml:2:3: the key 'title' is missing. (Title as the source gives it)",
    ),
    (
        "data/sources.yaml",
        "2015-12",
        "2015-13",
        "data/sources.yaml:2:35: date: '2015-13' has no such month: 13.",
    ),
    (
        "data/sources.yaml",
        "- {id: report, title: Report}",
        "- report",
        "data/sources.yaml:1:3: expected a source ('id: ...', 'title: ...'), got 'report'.",
    ),
    (
        "data/annotations/claims.yaml",
        "layer: context",
        "layer: contxt",
        "data/annotations/claims.yaml:7:10: unknown layer 'contxt'. Did you mean 'context'?",
    ),
    (
        "data/annotations/claims.yaml",
        "source: paper",
        "source: papers",
        "data/annotations/claims.yaml:10:11: unknown source 'papers'. Did you mean 'paper'?",
    ),
    (
        "data/annotations/claims.yaml",
        "source: paper",
        "source: zzz",
        "data/annotations/claims.yaml:10:11: unknown source 'zzz'. No file under 'sources' has it.",
    ),
    (
        "data/annotations/claims.yaml",
        "supports: one",
        "supports: [onne]",
        "data/annotations/claims.yaml:11:14: unknown claim 'onne'. Did you mean 'one'?",
    ),
    (
        "data/annotations/claims.yaml",
        "id: two",
        "id: one",
        "data/annotations/claims.yaml:6:7: the id 'one' is used twice, first at "
        "data/annotations/claims.yaml:1:7. Give one of them another id.",
    ),
    (
        "data/annotations/claims.yaml",
        "  supports: one",
        "  info_credibility: 9",
        "data/annotations/claims.yaml:11:21: info_credibility: expected a number of at most 6, got '9'.",
    ),
    (
        "data/annotations/claims.yaml",
        "  supports: one",
        "  likelihood: very likly",
        "data/annotations/claims.yaml:11:15: likelihood: 'very likly' is not one of almost no chance,",
    ),
    (
        "data/annotations/claims.yaml",
        "  supports: one",
        "  speaker: {}",
        "data/annotations/claims.yaml:11:12: speaker: has neither a name nor a role.",
    ),
    (
        "data/annotations/claims.yaml",
        "  supports: one",
        "  speaker: {nmae: X}",
        "data/annotations/claims.yaml:11:13: unknown key 'nmae'. Did you mean 'name'?",
    ),
    (
        "data/annotations/claims.yaml",
        "  supports: one",
        "  speaker: Hertling",
        "data/annotations/claims.yaml:11:12: speaker: expected a mapping ('key: value'), got 'Hertling'.",
    ),
    (
        "data/annotations/claims.yaml",
        "claim: Second.",
        "claim: Second: x",
        "data/annotations/claims.yaml:9:16: ': ' cannot stand here.",
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"), BROKEN, ids=[f"{row[0]}-{row[2]}" for row in BROKEN]
)
def test_broken(tmp_path, file, old, new, expected):
    found = complaints(write(tmp_path, changed(file, old, new)))
    assert any(complaint.startswith(expected) for complaint in found), found
    # one cause, one complaint: where a key is misspelt it is also missing
    assert len(found) == (
        2
        if new.startswith(("anotations", "titel", "{name: context, titel", "{name: concerns,", "id: paper"))
        else 1
    ), found


def test_the_problems_of_all_files_are_told_at_once(tmp_path):
    files = {
        "mapgen.yaml": PROJECT.replace("title: Map", "titel: Map").replace("[concerns]", "[concern]"),
        "data/sources.yaml": SOURCES.replace("2015-12", "soon"),
        "data/annotations/claims.yaml": CLAIMS.replace("{place: Termez}", "{plce: Termez}").replace(
            "one\n", "won\n"
        ),
        "data/annotations/torn.yaml": "- {id: x\n",
    }
    assert [complaint.split(": ")[0] for complaint in complaints(write(tmp_path, files))] == [
        "data/annotations/claims.yaml:8:11",
        "data/annotations/torn.yaml:1:3",
        "data/sources.yaml:2:35",
        "mapgen.yaml:1:1",
        "mapgen.yaml:1:1",
        "mapgen.yaml:10:27",
    ]


def test_nobody_is_told_of_what_only_follows(tmp_path):
    files = {**FILES, "data/sources.yaml": SOURCES.replace("title: Paper", "titel: Paper")}
    found = complaints(write(tmp_path, files))
    assert not any("unknown source" in complaint for complaint in found)
    (tmp_path / "data/sources.yaml").write_text("- {torn\n")
    assert len(complaints(tmp_path)) == 1
    write(tmp_path, changed("data/annotations/claims.yaml", "claim: First.", "claim:"))
    found = complaints(tmp_path)
    assert [complaint for complaint in found if "unknown claim" in complaint] == []


@pytest.mark.parametrize("text", ["", "- a\n", "text\n"])
def test_a_project_file_that_is_no_project(tmp_path, text):
    found = complaints(write(tmp_path, {**FILES, "mapgen.yaml": text}))
    assert len(found) == 1
    assert "expected a project ('title: ...', 'territories: [...]'), got " in found[0]


@pytest.mark.parametrize("text", ["id: a\n", "text\n"])
def test_a_sources_file_that_is_no_list(tmp_path, text):
    found = complaints(write(tmp_path, {**FILES, "data/sources.yaml": text}))
    assert (
        "data/sources.yaml:1:1: expected a list of sources, each beginning with '- id: ...', got " in found[0]
    )


def test_no_project_where_one_is_named(tmp_path):
    with pytest.raises(InputError, match=r"this folder has no mapgen.yaml. Write one with 'mapgen init'"):
        read_project(tmp_path)
    with pytest.raises(InputError, match=r"there is no such file"):
        read_project(tmp_path / "mapgn.yaml")
    with pytest.raises(InputError):
        read_project("n" * 5000)
    with pytest.raises(InputError):
        read_project("nul\0")


@pytest.mark.parametrize("name", ["n" * 5000 + ".yaml", "nul\\0.yaml", "\\u202e.yaml", "[*.yaml"])
def test_names_that_no_file_has(tmp_path, name):
    (found,) = complaints(write(tmp_path, changed("mapgen.yaml", "data/sources.yaml", f'"{name}"')))
    assert found.startswith("mapgen.yaml:3:10: sources: ")
    assert len(found) < 200


def test_a_symbolic_link_that_leads_nowhere_is_a_problem(tmp_path):
    write(tmp_path, FILES)
    os.symlink(tmp_path / "nowhere.yaml", tmp_path / "data/annotations/link.yaml")
    read_project(tmp_path)
    (tmp_path / "data/sources.yaml").unlink()
    os.symlink(tmp_path / "nowhere.yaml", tmp_path / "data/sources.yaml")
    assert "there is no file 'data/sources.yaml'" in complaints(tmp_path)[0]


HOSTILE = [
    "<script>alert(1)</script>",
    "</script>",
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    "`alert(1)`",
    "{{7*7}}",
    "{% for a in b %}",
    "javascript:alert(1)",
    "data:text/html,x",
    "a\u2028b",
    "a\u202eb",
    "a\0b",
    "x" * 100_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=[repr(text[:12]) for text in HOSTILE])
def test_hostile_text_is_kept_as_it_was_written(tmp_path, text):
    written = '"' + text.replace("\0", "\\0").replace("\u2028", "\\u2028") + '"'
    files = {
        "mapgen.yaml": PROJECT.replace("title: Map", f"title: {written}\ncredit: {written}"),
        "data/sources.yaml": SOURCES.replace("title: Report", f"title: {written}, url: {written}"),
        "data/annotations/claims.yaml": CLAIMS.replace(
            "First.", f"{written}\n  speaker: {{name: {written}}}"
        ),
    }
    project = read_project(write(tmp_path, files))
    claim = project.annotations[0]
    assert claim.speaker is not None
    source = project.sources["report"]
    assert {project.title, project.credit, source.title, source.url, claim.claim, claim.speaker.name} == {
        text
    }


def test_5000_annotations_are_read_in_a_moment(tmp_path):
    claim = """\
- id: claim-{0}
  layer: concerns
  where: {{route: [[AFG, TJK, UZB], [AFG, UZB]]}}
  claim: Claim {0} of five thousand, with a text of ordinary length that says something.
  quote: And a quotation.
  speaker: {{name: Somebody, role: analyst}}
  source: report
  date: 2015-12?
  source_reliability: B
  info_credibility: 3
  where_precision: 5
  asserts: [{{shares_border: [AFG, TJK]}}]
"""
    files = {**FILES, "data/annotations/more.yaml": "".join(claim.format(number) for number in range(5000))}
    write(tmp_path, files)
    begin = time.process_time()
    project = read_project(tmp_path)
    assert time.process_time() - begin < 6  # 1.1 s on an idle machine of two cores
    assert isinstance(project, Project)
    assert len(project.annotations) == 5002
