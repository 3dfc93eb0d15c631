"""Pointing: from a place and a form to a claim in the file, through the readers of all claims."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mapgen.errors import InputError
from mapgen.pointing import Pointing, form_fields
from mapgen.project import read_project
from mapgen.schema import annotations_schema
from tests.projects import default_project

CLAIMS = """\
# Claims about Liechtenstein; keep them short.
- id: one   # the first
  layer: claims
  where: {territory: LIE}
  claim: A claim.
  source: report
"""
FIELDS = {"claim": "Trains run here.", "layer": "claims", "source": "report"}
BORDER = {"border": "LIE-CHE"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sources = [{"id": "report", "title": "A report"}]
    project = {
        "title": "A map",
        "territories": ["LIE", "CHE", "AUT"],
        "sources": "sources.yaml",
        "annotations": ["claims/*.yaml"],
        "layers": [{"name": "claims", "title": "Claims"}, {"name": "rail", "title": "Railways"}],
    }
    (tmp_path / "mapgen.yaml").write_text(json.dumps(project))
    (tmp_path / "sources.yaml").write_text(json.dumps(sources))
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "a.yaml").write_text(CLAIMS)
    return tmp_path


@pytest.fixture
def pointing(folder: Path) -> Pointing:
    made = Pointing(folder / "mapgen.yaml")
    made.project, made.broken = read_project(folder), False
    return made


def _save(pointing: Pointing, where: dict[str, Any] = BORDER, **fields: str) -> dict[str, Any]:
    asked: dict[str, Any] = {"where": where, "fields": {**FIELDS, **fields}, "file": "claims/a.yaml"}
    return pointing.save({**asked, "digest": pointing.draft(asked)["digest"]})


def test_a_place_gives_locations_files_and_the_form(pointing: Pointing) -> None:
    found = pointing.look({"longitude": 9.52, "latitude": 47.14, "reach": 4})
    assert {"border": "LIE-CHE"} in [each["where"] for each in found["choices"]]
    assert {"territory": "LIE"} in [each["where"] for each in found["choices"]]
    assert found["files"] == ["claims/a.yaml"]
    assert found["fields"][0]["name"] == "claim"


def test_the_form_has_all_keys_of_the_schema_with_their_values() -> None:
    fields = {field["name"]: field for field in form_fields(default_project())}
    keys = {"speaker" if name.startswith("speaker.") else name for name in fields}
    assert keys == set(annotations_schema()["items"]["properties"]) - {"where", "asserts"}
    assert [value for value, _ in fields["source_reliability"]["values"]] == list("ABCDEF")
    assert [value for value, _ in fields["where_precision"]["values"]] == list("1234567")
    assert ("concerns", "Concerns at the borders") in fields["layer"]["values"]
    assert [value for value, _ in fields["source"]["values"]] == list(default_project().sources)
    assert {name for name, field in fields.items() if field["required"]} == {"claim", "layer", "source"}
    assert fields["claim"]["kind"] == "long" and fields["claim"]["about"]


def test_a_claim_is_written_behind_the_others_and_read_again(pointing: Pointing, folder: Path) -> None:
    answer = _save(pointing, date="2015-12", where_precision="5", **{"speaker.role": "a guard"})
    assert answer == {"saved": "trains-run-here", "file": "claims/a.yaml", "line": 8}
    text = (folder / "claims" / "a.yaml").read_text()
    assert text == CLAIMS + (
        "\n- id: trains-run-here\n  layer: claims\n  where:\n    border: LIE-CHE\n  claim: Trains run here.\n"
        "  speaker:\n    role: a guard\n  source: report\n  date: 2015-12\n  where_precision: 5\n"
    )
    claim = read_project(folder).annotations[-1]
    assert (claim.where[0].value, claim.where_precision, claim.speaker.role) == (("LIE", "CHE"), 5, "a guard")  # type: ignore[union-attr]


def test_a_draft_says_what_is_wrong_and_where_it_would_be(pointing: Pointing, folder: Path) -> None:
    draft = pointing.draft(
        {"where": BORDER, "fields": {**FIELDS, "id": "one", "source": "reprot", "date": "soon"}}
    )
    assert draft["yaml"].startswith("- id: one\n")
    told = {problem["at"]: problem["text"] for problem in draft["problems"]}
    assert "'soon' is not a date" in told["claims/a.yaml:14:9"]
    draft = pointing.draft({"where": BORDER, "fields": {**FIELDS, "id": "one", "source": "reprot"}})
    told = {problem["at"]: problem["text"] for problem in draft["problems"]}
    assert "used already" in told["claims/a.yaml:8:7"]
    assert "Did you mean 'report'?" in told["claims/a.yaml:13:11"]
    assert (folder / "claims" / "a.yaml").read_text() == CLAIMS


WRONG = [
    ({"id": "one"}, BORDER, "used already"),
    ({"id": "One!"}, BORDER, "id"),
    ({"layer": "ferries"}, BORDER, "unknown layer 'ferries'"),
    ({"supports": "one, two"}, BORDER, "unknown claim 'two'"),
    ({"status": "perhaps"}, BORDER, "status"),
    ({"claim": "  "}, BORDER, "claim"),
    ({}, {"border": "LIE-DEU"}, "share no border"),
    ({}, {"place": "Nowhere at all"}, "unknown place"),
    ({}, {"point": [200, 100]}, "not on the globe"),
    ({}, {"territory": "LIE", "place": "Vaduz"}, "expected a location"),
    ({}, {"area": "../../outside.geojson"}, "not a path in the project folder"),
    ({}, {"border": {"deep": ["er"]}}, "no location"),
    ({}, {}, "location"),
]


@pytest.mark.parametrize(("fields", "where", "said"), WRONG, ids=[said for *_, said in WRONG])
def test_what_the_readers_refuse_is_not_written(
    pointing: Pointing, folder: Path, fields: dict[str, str], where: dict[str, Any], said: str
) -> None:
    asked = {"where": where, "fields": {**FIELDS, **fields}, "file": "claims/a.yaml"}
    try:
        digest = pointing.draft(asked)["digest"]
    except InputError:
        digest = ""
    with pytest.raises(InputError, match=said if digest else None):
        pointing.save({**asked, "digest": digest})
    assert (folder / "claims" / "a.yaml").read_text() == CLAIMS
    assert [path.name for path in (folder / "claims").iterdir()] == ["a.yaml"]


def test_a_file_that_changed_since_the_draft_is_left_alone(pointing: Pointing, folder: Path) -> None:
    path = folder / "claims" / "a.yaml"
    asked = {"where": BORDER, "fields": FIELDS, "file": "claims/a.yaml"}
    digest = pointing.draft(asked)["digest"]
    path.write_text(CLAIMS + "# mine\n")
    with pytest.raises(InputError, match="has changed meanwhile"):
        pointing.save({**asked, "digest": digest})
    assert path.read_text() == CLAIMS + "# mine\n"
    pointing.save({**asked, "digest": pointing.draft(asked)["digest"]})
    assert path.read_text().startswith(CLAIMS + "# mine\n")


@pytest.mark.parametrize("file", ["mapgen.yaml", "../claims/a.yaml", "/etc/passwd", "claims/b.yaml", None, 5])
def test_only_files_of_claims_are_written_to(pointing: Pointing, file: object) -> None:
    with pytest.raises(InputError, match="no file of claims"):
        pointing.draft({"where": BORDER, "fields": FIELDS, "file": file})


def test_a_link_that_leads_out_of_the_project_is_not_written_through(
    pointing: Pointing, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "b.yaml"
    outside.write_text("- id: theirs\n")
    (folder / "claims" / "b.yaml").symlink_to(outside)
    with pytest.raises(InputError, match="leads out of the project folder"):
        pointing.draft({"where": BORDER, "fields": FIELDS, "file": "claims/b.yaml"})
    assert outside.read_text() == "- id: theirs\n"


def test_a_project_that_cannot_be_built_is_not_added_to(pointing: Pointing) -> None:
    pointing.broken = True
    for ask in (pointing.look, pointing.draft, pointing.save):
        with pytest.raises(InputError, match="Mend what is wrong first"):
            ask({"longitude": 9.5, "latitude": 47.1, "reach": 1, "where": BORDER, "fields": FIELDS})


@pytest.mark.parametrize(
    "place", [{}, {"longitude": "9"}, {"longitude": 1e9}, {"longitude": float("nan")}, {"reach": True}]
)
def test_what_is_no_place_is_refused(pointing: Pointing, place: dict[str, Any]) -> None:
    asked = {"longitude": 9.5, "latitude": 47.1, "reach": 1.0, **place} if place else {}
    with pytest.raises(InputError, match=r"expected a number|not on the globe"):
        pointing.look(asked)


@pytest.mark.parametrize(
    "text",
    ["</script><img onerror=x>", "- id: two\n- id: three", "{{7*7}} ${1} `x` \u202e\u2028\x07", "a" * 20_000],
)
def test_hostile_text_is_written_as_text(pointing: Pointing, folder: Path, text: str) -> None:
    _save(pointing, id="hostile", claim=text, note=text)
    project = read_project(folder)
    assert [each.id for each in project.annotations] == ["one", "hostile"]
    assert project.annotations[1].claim == project.annotations[1].note == text


def test_ids_are_made_of_the_first_words_and_never_twice(pointing: Pointing, folder: Path) -> None:
    def made(claim: str) -> str:
        return str(pointing.draft({"where": BORDER, "fields": {**FIELDS, "claim": claim}})["id"])

    assert made("One!") == "one-2"
    assert made("Граница закрыта") == "claim"
    assert len(made("A claim that goes on and on and on, over the hills and far away")) <= 40
