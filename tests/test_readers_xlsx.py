"""XLSX: what cells hold, which sheet is read, packages that are broken or made to harm; and the template."""

from __future__ import annotations

import datetime
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from mapgen import template
from mapgen.cli import cli
from mapgen.errors import InputError
from mapgen.project import read_declared
from mapgen.readers.columns import COLUMNS
from tests.projects import write_project
from tests.reading import Read, read

HEAD = ("id", "layer", "source", "claim", "territory", "date", "info_credibility")
ROW = ("one", "l", "s", "c", "AFG", None, None)


def book(path: Path, *rows: Any, title: str = "claims", others: tuple[str, ...] = ()) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for other in others:
        workbook.create_sheet(other)
    workbook.save(path)
    return path


def xlsx(folder: Path, *rows: Any, **options: Any) -> Read:
    return read(book(folder / "c.xlsx", *rows, **options))


VALUES = [
    (2015, "2015"),
    (2015.0, "2015"),
    (67.28, "67.28"),
    (True, "true"),
    ("=not a formula", None),
    (datetime.date(2015, 12, 7), "2015-12-07"),
    (datetime.datetime(2015, 12, 7), "2015-12-07"),
    (datetime.datetime(2015, 12, 7, 14, 30), "2015-12-07T14:30:00"),
    (" кириллица\nнова ", " кириллица\nнова "),
]


@pytest.mark.parametrize(("value", "text"), [pair for pair in VALUES if pair[1]])
def test_values_become_text_as_a_person_writes_it(tmp_path, value, text):
    found = xlsx(tmp_path, HEAD, ("one", "l", "s", value, "AFG"))
    assert [claim.claim for claim in found.claims] == [text]


@pytest.mark.parametrize(
    ("shown", "text"),
    [("yyyy-mm-dd", "2015-12-01"), ("mmm-yy", "2015-12"), ("mmmm yyyy", "2015-12"), ("yyyy", "2015")],
)
def test_a_date_is_as_exact_as_its_cell_shows(tmp_path, shown, text):
    path = book(tmp_path / "c.xlsx", HEAD, (*ROW[:5], datetime.date(2015, 12, 1)))
    workbook = openpyxl.load_workbook(path)
    workbook["claims"]["F2"].number_format = shown
    workbook.save(path)
    assert [claim.date for claim in read(path).claims] == [text]


def test_all_that_is_wrong_is_told_at_its_cell(tmp_path):
    found = xlsx(
        tmp_path,
        (),
        HEAD,
        ("One", "l", None, "c", "AFG", "2015-13", 7),
        (),
        ("two", "l", "s", "=1+1", "AFG"),
        ("three", "l", "s", "#N/A", "A!", datetime.timedelta(days=1)),
        ("four", "l", "s", "c", "AFG", None, 2, None, "far out"),
    )
    assert [problem.split(": ")[0] for problem in found.problems] == [
        "c.xlsx:claims!A3",
        "c.xlsx:claims!C3",
        "c.xlsx:claims!F3",
        "c.xlsx:claims!G3",
        "c.xlsx:claims!D5",
        "c.xlsx:claims!D5",
        "c.xlsx:claims!D6",
        "c.xlsx:claims!E6",
        "c.xlsx:claims!F6",
        "c.xlsx:claims!I7",
    ]
    text = "\n".join(found.problems)
    for part in (
        "the formula has no saved value",
        "the error '#N/A'",
        "no text, number or date",
        "stands behind",
    ):
        assert part in text


def test_a_formula_gives_the_value_that_was_saved_with_it(tmp_path):
    path = book(tmp_path / "c.xlsx", HEAD, ("one", "l", "s", "=A1", "AFG"))
    rewrite(path, "xl/worksheets/sheet1.xml", b"<f>A1</f><v />", b"<f>A1</f><v>42</v>", b"<v></v>")
    assert [claim.claim for claim in read(path).claims] == ["42"]


def rewrite(path: Path, name: str, old: bytes, new: bytes, other: bytes = b"") -> None:
    """Replace bytes in a part of a package; writers differ in how they write an empty element."""
    with zipfile.ZipFile(path) as source:
        parts = {each: source.read(each) for each in source.namelist()}
    old = old if old in parts[name] else old.replace(b"<v />", other)
    assert old in parts[name]
    package(path, {**parts, name: parts[name].replace(old, new)})


def package(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


def test_which_sheet_is_read(tmp_path):
    assert len(xlsx(tmp_path, HEAD, ROW, title="Any").claims) == 1
    assert len(xlsx(tmp_path, HEAD, ROW, title="Claims", others=("notes",)).claims) == 1
    [problem] = xlsx(tmp_path, HEAD, ROW, title="a", others=("b",)).problems
    assert problem == "c.xlsx: which sheet has the claims? It has 'a', 'b'. Name one of them 'claims'."
    [problem] = xlsx(tmp_path).problems
    assert problem.startswith("c.xlsx:claims!A1: the sheet is empty.")


def parts_of(folder: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(book(folder / "good.xlsx", HEAD, ROW)) as source:
        return {name: source.read(name) for name in source.namelist()}


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LOOSE = b"".join(b"<si><t>%d</t></si>" % number for number in range(600_000))
BOMBS = {
    "too large": ({"xl/a.xml": b" " * 140_000_000}, "unpacked, expected at most 128"),
    "too tight": ({"xl/a.xml": b"<a>" + b" " * 20_000_000}, "is packed 200 times or more"),
    "too many strings": ({STRINGS: b"<sst>" + LOOSE + b"</sst>"}, "cells or more"),
    "too many parts": ({f"xl/{number}.xml": b"<a/>" for number in range(1_100)}, "parts, expected at most"),
    "entities": ({STRINGS: b'<!DOCTYPE a [<!ENTITY a "b">]><sst/>'}, "declares a document type"),
    "another encoding": ({STRINGS: '<?xml version="1.0"?><sst/>'.encode("utf-16")}, "is not UTF-8"),
    "an encoding said": ({STRINGS: b'<?xml version="1.0" encoding="cp037"?><sst/>'}, "is not UTF-8"),
    "cut": ({SHEET: b"<worksheet><sheetData><row>"}, "cannot be read as XLSX"),
    "no workbook": ({"xl/workbook.xml": b""}, "cannot be read as XLSX"),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_packages_that_are_made_to_harm_end_soon_in_one_message(tmp_path, kind):
    parts, expected = BOMBS[kind]
    path = package(tmp_path / "c.xlsx", {**parts_of(tmp_path), **parts})
    begin = time.process_time()
    [problem] = read(path).problems
    assert time.process_time() - begin < 10
    assert problem.startswith("c.xlsx")
    assert expected in problem


def test_a_row_far_below_is_not_waited_for(tmp_path):
    parts = parts_of(tmp_path)
    far = parts[SHEET].replace(b'<row r="2"', b'<row r="1048576"').replace(b'r="A2"', b'r="A1048576"')
    [problem] = read(package(tmp_path / "c.xlsx", {**parts, SHEET: far})).problems
    assert "has more than 100,000 rows" in problem


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_package(tmp_path, content):
    path = tmp_path / "c.xlsx"
    path.write_bytes(content)
    [problem] = read(path).problems
    assert problem.startswith("c.xlsx: it is not a whole XLSX file")


# ---- the template


def test_the_template_is_the_same_file_every_time_and_read_when_filled_in(tmp_path):
    made = template.write_template(["claims"], ["report"])
    assert template.write_template(["claims"], ["report"]) == made
    path = tmp_path / "c.xlsx"
    path.write_bytes(made)
    assert (read(path).claims, read(path).problems) == ([], [])
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["claims"]
    row = {"id": "one", "layer": "claims", "source": "report", "claim": "A claim.", "place": "Vaduz"}
    row |= {"date": "2015-12", "likelihood": "likely", "where_precision": "2"}
    for number, name in enumerate(COLUMNS, 1):
        sheet.cell(row=2, column=number, value=row.get(name))
    workbook.save(path)
    found = read(path)
    assert found.problems == []
    assert (found.claims[0].likelihood, found.claims[0].where_precision) == ("likely", 2)


def test_the_template_explains_its_columns_and_offers_choices():
    import io

    workbook = openpyxl.load_workbook(io.BytesIO(template.write_template(["a", "b"], ["report"])))
    sheet, lists = workbook["claims"], workbook["lists"]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert all(cell.comment.text for cell in sheet[1])
    offered = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in lists.columns}
    assert offered["layer"] == ["a", "b"]
    assert offered["source"] == ["report"]
    assert offered["status"] == ["asserted", "disputed", "corroborated", "retracted"]
    assert offered["source_reliability"] == list("ABCDEF")
    assert offered["info_credibility"] == list("123456")
    assert offered["where_precision"] == list("1234567")
    assert len(offered["likelihood"]) == 7
    assert lists.sheet_state == "hidden"
    ranges = {str(rule.sqref).split(":")[0] for rule in sheet.data_validations.dataValidation}
    assert len(ranges) == len(offered)


def test_the_command_offers_what_the_project_declares_and_overwrites_nothing(tmp_path):
    project = write_project(tmp_path, layers=[{"name": "claims", "title": "C"}], annotations=["later.xlsx"])
    assert read_declared(project) == (["claims"], ["report"])
    path = tmp_path / "later.xlsx"
    done = CliRunner().invoke(cli, ["template", str(path), "--project", str(project)])
    assert done.exit_code == 0, done.output
    assert openpyxl.load_workbook(path)["lists"]["A2"].value == "claims"
    with pytest.raises(InputError, match="is there already"):
        template.save_template(path)
    with pytest.raises(InputError, match=r"ends in \.xlsx"):
        template.save_template(tmp_path / "a.csv")
