"""CSV: encodings, separators, quotation marks, columns, cells, and the place of everything that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading import DATA, Read, read, write

HEAD = "id,layer,source,claim,territory\n"


def csv(folder: Path, text: str | bytes, **entry: object) -> Read:
    return read(write(folder, "c.csv", text), **entry)


def test_a_file_as_a_german_spreadsheet_program_saves_it():
    found = read(DATA / "semicolons.csv")
    assert found.problems == []
    assert found.notes == ["table-separator: its columns are separated by semicolons"]
    first, second = found.claims
    assert first.claim == 'Example: a claim with "quotation marks";\r\na semicolon and a second line.'
    assert [each.value for each in first.where] == [("LIE", "CHE"), ("LIE", "AUT")]
    assert (first.speaker.role, first.date) == ("an example", "2015-12")
    assert str(first.position("where", 1)) == "semicolons.csv:3:33"
    assert second.claim == "=1+1 is no formula here"
    assert str(second.position("claim")) == "semicolons.csv:5:25"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_ends_of_lines_and_byte_order_marks(tmp_path, mark, separator, end):
    rows = (["id", "layer", "source", "claim", "place"], ["one", "l", "s", "a claim", "Vaduz"])
    text = mark + end.join(separator.join(row) for row in rows) + end
    found = csv(tmp_path, text)
    assert found.problems == []
    assert [str(found.claims[0].position(name)) for name in ("id", "claim")] == ["c.csv:2:1", "c.csv:2:9"]


def test_the_first_line_in_which_excel_names_the_separator(tmp_path):
    found = csv(tmp_path, "sep=;\n" + HEAD.replace(",", ";") + "one;l;s;c;AFG\n")
    assert [str(claim.position()) for claim in found.claims] == ["c.csv:3:1"]


def test_lines_count_behind_line_breaks_in_quotation_marks(tmp_path):
    found = csv(tmp_path, HEAD + 'one,l,s,"a\nb\r\nc",AFG\n\ntwo,l,s,"x, ""y""",A!\n')
    assert found.problems == [
        "c.csv:6:20: territory: 'A!' is not a territory code. Expected a code such as AFG."
    ]


def test_every_kind_of_location_and_lists(tmp_path):
    text = (
        "id,layer,source,claim,border,route,relation,territory,place,point,longitude,latitude,area,where_label,"
        "supports\n"
        'one,l,s,c,AFG-TJK; A-1 > B-2,AFG > TKM > KAZ;AFG > UZB,"RUS > Termez, UZB",AFG;TJK,'
        '"Termez, UZB; Kabul","67.28, 37.22; 68 38",1.5,-2,data/a.geojson,here,two; three\n'
    )
    found = csv(tmp_path, text)
    assert found.problems == []
    [claim] = found.claims
    assert [(each.kind, each.value) for each in claim.where] == [
        ("border", ("AFG", "TJK")),
        ("border", ("A-1", "B-2")),
        ("route", ("AFG", "TKM", "KAZ")),
        ("route", ("AFG", "UZB")),
        ("relation", ("RUS", "Termez, UZB")),
        ("territory", "AFG"),
        ("territory", "TJK"),
        ("place", "Termez, UZB"),
        ("place", "Kabul"),
        ("point", (67.28, 37.22)),
        ("point", (68.0, 38.0)),
        ("area", "data/a.geojson"),
        ("point", (1.5, -2.0)),
    ]
    assert {each.label for each in claim.where} == {"here"}
    assert claim.supports == ("two", "three")


@pytest.mark.parametrize(
    ("cell", "claim"),
    [
        ("=1+1", "=1+1"),
        ("+1", "+1"),
        ("-1", "-1"),
        ("@a", "@a"),
        ("'=1+1", "=1+1"),
        ("''=1", "'=1"),
        ("'twas", "'twas"),
        ("2015", "2015"),
        ("null", "null"),
        (" blanks ", " blanks "),
        ("кириллица", "кириллица"),
    ],
)
def test_cells_are_text(tmp_path, cell, claim):
    assert [each.claim for each in csv(tmp_path, HEAD + f"one,l,s,{cell},AFG\n").claims] == [claim]


def test_all_that_is_wrong_is_told_at_its_cell(tmp_path):
    found = csv(
        tmp_path,
        "id,layer,source,claim,territory,date,longitude,latitude,info_credibility\n"
        "One,l,,c,AFG,2015-13,,,7\n"
        "two,l,s,,,,67,,\n"
        "three,l,s,c,,,,,\n"
        "four,l,s,a\x07b,AFG,,,,,,extra\n"
        "five,l,s,a\x07b,AFG\n",
    )
    assert [problem.partition(": ")[0] for problem in found.problems] == [
        "c.csv:2:1",
        "c.csv:2:7",
        "c.csv:2:14",
        "c.csv:2:24",
        "c.csv:3:9",
        "c.csv:3:12",
        "c.csv:4:1",
        "c.csv:5:23",
        "c.csv:6:10",
    ]
    text = "\n".join(found.problems)
    for part in (
        "id: expected an id",
        "source: nothing is written here",
        "has no such month: 13",
        "at most 6, got '7'",
        "got none of them",
        "'extra' stands behind the last column",
        "separated by commas",
        r"a control character (\x07)",
    ):
        assert part in text


HEADERS = [
    ("id,layer,source,clam,place", "c.csv:1:17: unknown column 'clam'. Did you mean 'claim'?"),
    ("id,layer,source,clam,place", "c.csv:1:1: there is no column 'claim'"),
    ("id,layer,claim,place", "c.csv:1:1: there is no column 'source'"),
    ("id,layer,source,claim", "c.csv:1:1: no column places the claims. Expected at least one of border"),
    ("id,layer,source,claim,place,Claim", "c.csv:1:29: the column 'Claim' is there twice."),
    ("id,layer,source,claim,place,colour", "c.csv:1:29: unknown column 'colour'. Remove it, or say"),
    (",".join(["id", *"x" * 300]), "c.csv:1:1: the header has 301 columns, expected at most 256."),
    ("", "c.csv:1:1: the file is empty. Expected a header"),
    (
        "event_id_cnty,event_date,latitude,longitude,notes",
        "c.csv:1:1: these are the columns of an export of ACLED. Write {file: c.csv, format: acled,",
    ),
]


@pytest.mark.parametrize(("header", "expected"), HEADERS)
def test_headers(tmp_path, header, expected):
    found = csv(tmp_path, header + "\na,l,s,c,Vaduz\n" if header else "")
    assert any(problem.startswith(expected) for problem in found.problems), found.problems


def test_the_project_file_names_columns_layer_and_source(tmp_path):
    found = csv(
        tmp_path,
        "Nr,remark,town,note,colour\none,a claim,Vaduz,not this,red\n",
        layer="l",
        source="s",
        columns={"id": "nr", "claim": "remark", "place": "town", "note": None},
    )
    assert found.problems == []
    assert found.notes == ["columns-left-out: 2 columns are not carried over: 'note', 'colour'"]
    [claim] = found.claims
    assert (claim.id, claim.layer, claim.source, claim.claim, claim.note) == (
        "one",
        "l",
        "s",
        "a claim",
        None,
    )
    assert str(claim.position("claim")) == "c.csv:2:5"


def test_a_column_that_the_project_file_names_wrong(tmp_path):
    found = csv(tmp_path, "id,remark,place\n", layer="l", source="s", columns={"claim": "remarks"})
    said = "c.csv:1:1: there is no column 'remarks', which the project file names for 'claim'."
    assert found.problems[0] == f"{said} Did you mean 'remark'?"


ENCODINGS = [
    ("Россия очень обеспокоена", "cp1251", "It looks like cp1251 (Windows, Cyrillic)."),
    ("café à la crème, naïve", "cp1252", "It looks like cp1252 (Windows, western)."),
    ("Größe “in Anführungszeichen”", "cp1252", "It looks like cp1252 (Windows, western)."),
    ("مرز افغانستان", "cp1256", "It looks like cp1256 (Windows, Arabic)."),
]


@pytest.mark.parametrize(("text", "codec", "looks"), ENCODINGS)
def test_other_encodings_are_named_and_never_guessed(tmp_path, text, codec, looks):
    found = csv(tmp_path, (HEAD + f'one,l,s,plain,AFG\ntwo,l,s,"{text}",AFG\n').encode(codec))
    assert found.claims == []
    [problem] = found.problems
    assert problem.startswith("c.csv:3:")
    assert "row 3 is not UTF-8" in problem
    assert looks in problem
    assert "Save it as UTF-8" in problem


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("id,layer".encode("utf-16"), "c.csv:1:1: the file is UTF-16."),
        (b"PK\x03\x04abc", "c.csv: this is a spreadsheet or a zip file, not text."),
    ],
)
def test_what_is_no_text(tmp_path, content, expected):
    assert csv(tmp_path, content).problems[0].startswith(expected)


QUOTES = [
    ('one,l,s,"open,AFG\ntwo\n', "c.csv:2:9: the quotation mark that opens here is never closed."),
    ('one,l,s,"a" b,AFG\n', "c.csv:2:9: text follows the closing quotation mark."),
    ("one,l,s," + "x" * 140_000 + ",AFG\n", "c.csv:2:9: a cell has more than 131,072 characters."),
]


@pytest.mark.parametrize(("rows", "expected"), QUOTES)
def test_rows_that_cannot_be_taken_apart(tmp_path, rows, expected):
    found = csv(tmp_path, HEAD + rows)
    assert found.problems[0].startswith(expected)


HOSTILE = {
    "commas": HEAD + "," * 16_000_000,
    "line ends": HEAD + "\n" * 16_000_000,
    "rows": HEAD + "a\n" * 900_000,
    "columns": "id," * 5_000_000,
    "quotes": HEAD + '"",' * 5_000_000,
    "wrong everywhere": HEAD + "A!,L!,S!,c,A F\n" * 100_000,
    "too large": HEAD + "a" * 17_000_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_end_soon(tmp_path, kind):
    found = csv(tmp_path, HOSTILE[kind])
    assert not found.claims
    assert len(found.problems) < 1_100
