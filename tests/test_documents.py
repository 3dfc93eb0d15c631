"""YAML files: text stays text, positions are exact, what is hostile or broken is refused in plain words."""

from __future__ import annotations

import os
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mapgen import yamlvalues
from mapgen.documents import MAX_BYTES, parse_document, read_document
from mapgen.errors import InputError, Position
from mapgen.yamlvalues import MAX_DEPTH

# what stands in the file, where the complaint points, a part of it
BROKEN = [
    pytest.param(
        'title: "x\nlead: y\n', "1:8", "quotation mark that opens here is never closed", id="open-quote"
    ),
    pytest.param("a: [1, 2\n", "1:4", "the list that opens here is never closed. Add ']'", id="open-list"),
    pytest.param(
        "a: {b: 1\n", "1:4", "the mapping that opens here is never closed. Add '}'", id="open-mapping"
    ),
    pytest.param(
        "a: [1, 2\nb: 3\n", "2:2", "expected ',' or ']' here, in the list that opens", id="torn-list"
    ),
    pytest.param(
        "claim: ISIS: 3,000\n", "1:12", "': ' cannot stand here. Put the text in quotes", id="colon"
    ),
    pytest.param("a: 1\n  b: 2\n", "2:4", "': ' cannot stand here", id="indent"),
    pytest.param("a:\n\t- 1\n", "2:1", "a tab stands here. Indent with spaces, not tabs.", id="tab"),
    pytest.param("a: b\n\tc: d\n", "2:1", "Indent with spaces, not tabs.", id="tab-after-text"),
    pytest.param("\ta: 1\n", "1:1", "a tab stands here", id="tab-first"),
    pytest.param("by: @hertling\n", "1:5", "a text cannot begin with '@'", id="at"),
    pytest.param("by: `x`\n", "1:5", "a text cannot begin with '`'", id="backtick"),
    pytest.param("share: %x\n", "1:8", "a text cannot begin with '%'", id="percent"),
    pytest.param("a: 1\nfoo\nb: 2\n", "2:1", "expected 'key: value' here", id="no-colon"),
    pytest.param("a:\n  - id: x\n   b: 1\n", "3:4", "expected '- ' here. Line it up", id="dedent"),
    pytest.param("a: 'it's'\n", "1:8", "expected a key here", id="quote-inside"),
    pytest.param("a: - b\n", "1:4", "a list item ('- ') cannot begin here", id="dash"),
    pytest.param("a: ]\n", "1:4", "expected a value here", id="bracket"),
    pytest.param('a: "C:\\q"\n', "1:7", "unknown escape in double quotes", id="escape"),
    pytest.param('a: "\\ud800"\n', "1:7", "this escape is not a character", id="surrogate"),
    pytest.param('"a" b\n', "1:5", "nothing can follow here", id="behind-quote"),
    pytest.param("a: |x\n", "1:5", "nothing can follow '|'", id="block"),
    pytest.param("---\na: 1\n---\nb: 2\n", "3:1", "a second document begins here", id="two-documents"),
    pytest.param("%YAML 3.0\n---\na: 1\n", "1:1", "this version of YAML is not read", id="version"),
    pytest.param("%FOO\n---\na: 1\n", "1:5", "this '%' line is not read", id="directive"),
    pytest.param("a: 1\nb: 2\na: 3\n", "3:1", "the key 'a' stands here twice, first in line 1", id="twice"),
    pytest.param("x: {a: 1, a: 2}\n", "1:11", "the key 'a' stands here twice", id="twice-flow"),
    pytest.param("a: &x 1\n", "1:4", "anchors ('&x') are not read", id="anchor"),
    pytest.param("a: *x\n", "1:4", "aliases ('*x') are not read", id="alias"),
    pytest.param("a: !!python/object:os.system 1\n", "1:4", "tags ('tag:yaml.org,2002:python/obj", id="tag"),
    pytest.param("a: !important text\n", "1:4", "tags ('!important') are not read", id="own-tag"),
    pytest.param("<<: {a: 1}\n", "1:1", "merges ('<<') are not read", id="merge"),
    pytest.param("[a, b]: 1\n", "1:1", "a list or mapping as a key is not read", id="list-key"),
    pytest.param("~: 1\n", "1:1", "an empty key is not read", id="empty-key"),
    pytest.param("a: x\x07y\n", "1:5", "a control character (\\x07)", id="control"),
    pytest.param("سلام: [می\u200cخواهم\n", "1:7", "the list that opens here is never closed", id="persian"),
    pytest.param('عنوان: "متن فارسی" متن\n', "1:20", "expected a key here", id="persian-behind-quote"),
    pytest.param("a: '\u2028'\nb: @\n", "2:4", "a text cannot begin with '@'", id="line-separator"),
    pytest.param("a: 1\r\nb: @\r\n", "2:4", "a text cannot begin with '@'", id="windows"),
    pytest.param("\ufeffa: 1\nb: @\n", "2:4", "a text cannot begin with '@'", id="byte-order-mark"),
]


def complaints(data: str | bytes) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_document(data.encode() if isinstance(data, str) else data, "a.yaml")
    return str(caught.value).splitlines()


@pytest.mark.parametrize(("text", "position", "message"), BROKEN)
def test_broken(text, position, message):
    (complaint,) = complaints(text)
    assert complaint.startswith(f"a.yaml:{position}: ")
    assert message in complaint


# the other parser passes over directives that it does not know
@pytest.mark.parametrize("text", [case.values[0] for case in BROKEN if case.id != "directive"])
def test_broken_also_without_the_compiled_parser(text, monkeypatch):
    monkeypatch.setattr(yamlvalues, "_LOADER", yaml.SafeLoader)
    (complaint,) = complaints(text)
    assert complaint.startswith("a.yaml:")


def test_every_value_stays_text_and_only_nothing_is_none():
    text = "a: NO\nb: 12:30\nc: 2015-12-07\nd: 1_000\ne: 0x1F\nf: '~'\n"
    text += "g: ~\nh:\ni: null\nj: [1.0, yes, '']\nk: 'null'\n"
    assert parse_document(text.encode(), "a.yaml").value == {
        "a": "NO",
        "b": "12:30",
        "c": "2015-12-07",
        "d": "1_000",
        "e": "0x1F",
        "f": "~",
        "g": None,
        "h": None,
        "i": None,
        "j": ["1.0", "yes", ""],
        "k": "null",
    }


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "~\n"])
def test_an_empty_file_has_no_value(text):
    document = parse_document(text.encode(), "a.yaml")
    assert document.value is None
    assert document.position() == Position("a.yaml", 1, 1)


def test_text_that_yaml_1_1_takes_for_line_ends_is_kept():
    text = "a: one\u2028two\u2029three\x85four\nb: 5\n"
    document = parse_document(text.encode(), "a.yaml")
    assert document.value == {"a": "one\u2028two\u2029three\x85four", "b": "5"}
    assert document.position("b") == Position("a.yaml", 2, 4)


def test_escaped_control_characters_are_kept():
    assert parse_document(b'a: "x\\0\\u202Ey\\u2028"\n', "a.yaml").value == {"a": "x\0\u202ey\u2028"}


def test_positions_of_values_keys_and_what_is_missing():
    text = "نام: مقدار\nlist:\n  - {a: x, سلام: y}\n  - z\nempty:\nblock: |\n  one\n"
    document = parse_document(text.encode(), "a.yaml")
    positions = {
        (): "1:1",
        ("نام",): "1:6",
        ("list",): "3:3",
        ("list", 0): "3:5",
        ("list", 0, "a"): "3:9",
        ("list", 0, "سلام"): "3:18",
        ("list", 1): "4:5",
        ("empty",): "5:1",
        ("block",): "6:8",
        ("list", 0, "b"): "3:5",
        ("list", 7, "a"): "3:3",
        ("no", "such"): "1:1",
    }
    for path, expected in positions.items():
        assert str(document.position(*path)) == f"a.yaml:{expected}", path
    assert str(document.position("list", 0, "سلام", key=True)) == "a.yaml:3:12"
    assert str(document.position("list", key=True)) == "a.yaml:2:1"
    assert document.has("list", 1)
    assert not document.has("list", 2)
    assert document.is_empty("empty")
    assert not document.is_empty("list", 0)


def test_all_that_is_wrong_below_the_syntax_is_told_at_once():
    text = "a: &x 1\nb: *x\nc: !t 2\na: 3\n<<: {}\n"
    assert [complaint.split(": ")[0] for complaint in complaints(text)] == [
        "a.yaml:1:4",
        "a.yaml:2:4",
        "a.yaml:3:4",
        "a.yaml:4:1",
        "a.yaml:5:1",
    ]


@pytest.mark.parametrize(
    ("data", "position", "message"),
    [
        (b"title: caf\xe9\n", "1:11", "byte 11 of the file (0xE9) is not UTF-8"),
        ("a: متن\n".encode() + b"b: \xd1\xf2\n", "2:4", "byte 14 of the file (0xD1)"),
        (b"\xef\xbb\xbfa: \xff\n", "1:4", "byte 7 of the file (0xFF)"),
        (b"a: \xed\xa0\x80\n", "1:4", "is not UTF-8"),
        ("a: 1\n".encode("utf-16"), "1:1", "the file is UTF-16"),
        (b"a: \x00\n", "1:4", "a control character (\\x00)"),
    ],
)
def test_bytes_that_are_no_text(data, position, message):
    (complaint,) = complaints(data)
    assert complaint.startswith(f"a.yaml:{position}: ")
    assert message in complaint


def test_depth_is_bounded():
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert parse_document(deepest.encode(), "a.yaml").value
    (complaint,) = complaints("[" + deepest + "]")
    assert complaint.startswith(f"a.yaml:1:{MAX_DEPTH + 1}: ")
    assert "values are nested deeper than 32 levels" in complaint


MERGE_BOMB = "a: &a {x: 1}\n" + "".join(
    f"b{n}: &b{n} {{<<: [*a, *a, *a, *a, *a, *a, *a]}}\n" for n in range(12)
)
ALIAS_BOMB = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40)
)


@pytest.mark.parametrize(
    "text",
    [
        MERGE_BOMB,
        ALIAS_BOMB,
        "[" * 1_000_000,
        "- " * 1_000_000,
        "? " * 1_000_000,
        "{a: " * 1_000_000,
        "a: [" + "*x, " * 1_000_000,
        "!t " * 1_000_000,
        "a: 'x'\n" * 1_000_000,
    ],
    ids=["merge", "alias", "lists", "dashes", "marks", "mappings", "aliases", "tags", "keys"],
)
def test_bombs_are_refused_at_once(text):
    begin = time.perf_counter()
    found = complaints(text)
    assert 1 <= len(found) <= yamlvalues.MAX_PROBLEMS
    assert time.perf_counter() - begin < 10


def test_the_number_of_values_is_bounded(monkeypatch):
    monkeypatch.setattr(yamlvalues, "MAX_VALUES", 1000)
    (complaint,) = complaints("[" + "a," * 1000 + "]")
    assert complaint.startswith("a.yaml:1:2000: the file holds more than 1,000 values")


def test_a_file_of_16_mib_is_read_and_a_larger_one_refused(tmp_path):
    path = tmp_path / "large.yaml"
    path.write_bytes(b"a: " + b"x" * (MAX_BYTES - 3))
    value = read_document(path, "large.yaml").value
    assert isinstance(value, dict)
    assert len(value["a"]) == MAX_BYTES - 3
    path.write_bytes(b"a: " + b"x" * (MAX_BYTES - 2))
    with pytest.raises(InputError, match=r"^large.yaml: the file is larger than 16 MiB"):
        read_document(path, "large.yaml")


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "claims.yaml").write_text("a: 1\n")
    with pytest.raises(
        InputError, match=r"^clams.yaml: there is no such file. Did you mean 'claims.yaml'\?$"
    ):
        read_document(tmp_path / "clams.yaml", "clams.yaml")
    with pytest.raises(InputError, match=r"^x: expected a file, this is a folder"):
        read_document(tmp_path, "x")
    with pytest.raises(InputError, match=r"cannot be read"):
        read_document(tmp_path / "claims.yaml" / "below", "x")
    with pytest.raises(InputError, match=r"cannot be read"):
        read_document(tmp_path / ("n" * 5000), "x")
    with pytest.raises(InputError, match=r"cannot be read"):
        read_document(tmp_path / "nul\0", "x")
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(InputError, match=r"expected a file"):
        read_document(tmp_path / "pipe.yaml", "x")


def test_a_file_without_permission(tmp_path, monkeypatch):
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(InputError) as caught:
        read_document(path, "a.yaml")
    assert str(caught.value) == "a.yaml: the file cannot be read (Permission denied)."


def check_any(data: bytes) -> None:
    try:
        document = parse_document(data, "a.yaml")
    except InputError as error:
        lines = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for problem in error.problems:
            at = problem.position
            assert at is not None
            if at.line is not None and at.column is not None:
                assert 1 <= at.line <= len(lines)
                assert 1 <= at.column <= len(lines[at.line - 1]) + 1
            assert "\n" not in str(problem)
    else:
        assert document.position().line is not None


@given(st.text())
def test_any_text_gives_a_value_or_problems_inside_the_file(text):
    check_any(text.encode("utf-8", "surrogatepass"))


@given(st.text(alphabet="ab:-,[]{}'\"&*!|>%@#?<~ \n\t\\0é\u2028\x85\ufeff", max_size=60))
def test_any_text_of_yaml_signs_gives_a_value_or_problems_inside_the_file(text):
    check_any(text.encode())


@given(st.binary())
def test_any_bytes_give_a_value_or_problems_inside_the_file(data):
    check_any(data)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
keys = texts.filter(lambda key: key != "<<")
values = st.recursive(
    texts,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(keys, inside, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(keys, values, max_size=5))
def test_what_is_written_in_quotes_comes_back(value):
    written = yaml.safe_dump(value, default_style='"', allow_unicode=True)
    assert parse_document(written.encode(), "a.yaml").value == value
