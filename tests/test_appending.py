"""Appending to a file of claims: everything that was there stays, byte for byte, and the reader agrees."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mapgen.appending import append_entry, digest, replace_file, write_entry
from mapgen.documents import parse_document
from mapgen.edition import PREFIX
from mapgen.errors import InputError

ENTRY = {
    "id": "new",
    "where": {"point": [70.5, 37.25]},
    "claim": "Note: a # and 'quotes'.",
    "date": "2015-12",
}
READ = {**ENTRY, "where": {"point": ["70.5", "37.25"]}}

FILES = {
    "plain": "- id: a\n  claim: One.\n",
    "apart": "- id: a\n  claim: One.\n\n- id: b\n  claim: Two.\n",
    "indented": "# Claims\n  - id: a\n    claim: One.\n  - id: b\n    claim: Two.\n",
    "wide gap": "-   id: a\n    claim: One.\n",
    "dash alone": "-\n  id: a\n  claim: One.\n",
    "no end of line": "- id: a\n  claim: One.",
    "comments": "# first\n- id: a # here\n  claim: One.\n# last\n",
    "windows": "- id: a\r\n  claim: One.\r\n\r\n- id: b\r\n  claim: Two.\r\n",
    "byte order mark": "\ufeff- id: a\n  claim: One.\n",
    "literal text": "- id: a\n  claim: |+\n    One.\n\n\n",
    "folded text": "- id: a\n  claim: >-\n    One\n    - two\n",
    "list inside": "- id: a\n  where:\n  - point: [1, 2]\n  - point: [3, 4]\n  claim: One.\n",
    "document start": "---\n- id: a\n  claim: One.\n",
    "blank lines": "\n\n- id: a\n  claim: One.\n\n\n\n",
    "empty": "",
    "only comments": "# Claims go here.\n",
    "without a last line end, windows": "- id: a\r\n  claim: One.\r\n- id: b",
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_an_entry_stands_behind_what_was_there(text: str) -> None:
    old = text.encode("utf-8")
    before = parse_document(old, "claims.yaml").value or []
    new, line, written = append_entry(old, "claims.yaml", ENTRY)
    assert new.startswith(old)
    document = parse_document(new, "claims.yaml")
    assert document.value == [*before, READ]  # type: ignore[misc]
    assert document.position(len(before)).line == line  # type: ignore[arg-type]
    assert new.decode("utf-8").endswith(written)


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_the_draft_is_what_will_be_written(text: str) -> None:
    data = text.encode("utf-8")
    _, line, written = append_entry(data, "claims.yaml", ENTRY)
    drafted, at = write_entry(ENTRY, data, "claims.yaml")
    assert drafted == written
    assert abs(at - line) <= 1  # a text that keeps its blank lines takes the one before the draft


def test_the_entry_takes_the_form_of_the_file() -> None:
    _, _, written = append_entry(FILES["indented"].encode(), "claims.yaml", {"id": "new", "claim": "Three."})
    assert written == "  - id: new\n    claim: Three.\n"
    new, _, _ = append_entry(FILES["apart"].encode(), "claims.yaml", {"id": "new"})
    assert new.endswith(b"Two.\n\n- id: new\n")
    new, _, _ = append_entry(FILES["windows"].encode(), "claims.yaml", {"id": "new", "claim": "Three."})
    assert new.endswith(b"Two.\r\n\r\n- id: new\r\n  claim: Three.\r\n")
    assert b"\n" not in new.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"id": "a"}]', "brackets"),
        ("id: a\n", "expected a list"),
        ("- id: a\n...\n", "by hand"),
        ("- id: [\n", "expected a value here"),
    ],
)
def test_what_cannot_be_added_to_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        append_entry(text.encode(), "data/claims.yaml", ENTRY)
    assert "data/claims.yaml" in str(caught.value)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@example("- id: stolen\n  layer: x")
@example("'\"\\ \u2028 \u202e \x00 \x85 {a: [b]} &x *x !!python/object:os.system")
@example("null")
def test_any_text_is_one_value_and_nothing_else(text: str) -> None:
    new, _, _ = append_entry(FILES["apart"].encode(), "claims.yaml", {"id": "new", "claim": text})
    assert parse_document(new, "claims.yaml").value[-1] == {"id": "new", "claim": text}  # type: ignore[index]


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_bytes(b"old")
    path.chmod(0o600)
    replace_file(path, b"old", b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["claims.yaml"]


def test_a_file_that_has_changed_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_bytes(b"changed")
    with pytest.raises(InputError, match=r"claims\.yaml: the file has changed meanwhile"):
        replace_file(path, b"old", b"new")
    assert path.read_bytes() == b"changed"
    assert os.listdir(tmp_path) == ["claims.yaml"]


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_file_that_cannot_be_written_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "claims.yaml"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, name, fail)
    with pytest.raises(InputError, match="No space left on device"):
        replace_file(path, b"old", b"new")
    assert path.read_bytes() == b"old"
    assert not list(tmp_path.glob(f"{PREFIX}*"))


def test_digests_tell_contents_apart() -> None:
    assert digest(b"one") == digest(b"one") != digest(b"two")
