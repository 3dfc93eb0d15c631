"""Manifests: what went into a map, the same wherever it is built; and whether a map is whole and current."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

import mapgen
from mapgen.build import build_project
from mapgen.errors import InputError
from mapgen.extract import extract_project
from mapgen.manifest import BLANK, is_whole, seal
from mapgen.project import read_project
from mapgen.verify import describe_verdict, read_manifest, verify_map
from tests.projects import REPOSITORY, default_edition, write_project


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built project that sets findings aside and names a date."""
    folder = tmp_path_factory.mktemp("manifest") / "project"
    write_project(
        folder,
        [{"asserts": [{"shares_border": ["LIE", "DEU"]}]}, {}],
        as_of="2024-06",
        publications=[{"id": "report", "title": "A report", "publisher": "P"}],
        silence=[{"check": "source-undated", "reason": "It has none."}],
        maps=[{"name": "one"}, {"name": "two"}],
    )
    mapgen.load(folder).build()
    return folder


def _manifest(page: Path) -> dict[str, Any]:
    found = read_manifest(page.read_bytes())
    assert found is not None
    return found


def test_a_map_says_what_went_into_it(folder: Path) -> None:
    manifest = _manifest(folder / "output" / "one.html")
    assert manifest["mapgen"] == mapgen.__version__
    assert manifest["map"] == "one"
    assert manifest["boundaries"]["title"] == "Natural Earth 5.1.1, 1:10m"
    dataset = REPOSITORY / "data" / "borders" / "natural-earth-10m" / "dataset.json"
    assert manifest["boundaries"]["sha256"] == hashlib.sha256(dataset.read_bytes()).hexdigest()
    assert (manifest["worldview"], manifest["as_of"]) == ("neutral", "2024-06")
    assert manifest["set_aside"] == [{"check": "source-undated", "count": 1, "reason": "It has none."}]
    assert {len(digest) for digest in manifest["project"].values()} == {64}


def test_the_manifest_beside_the_maps_names_every_file(folder: Path) -> None:
    beside = json.loads((folder / "output" / "manifest.json").read_text("utf-8"))
    for part, where in (("inputs", folder), ("maps", folder / "output")):
        for name, digest in beside[part].items():
            assert hashlib.sha256((where / name).read_bytes()).hexdigest() == digest
    assert list(beside["inputs"]) == ["claims.yaml", "mapgen.yaml", "sources.yaml"]
    assert list(beside["maps"]) == ["one.html", "two.html"]


def test_no_clock_and_no_folder_is_in_it(folder: Path, tmp_path: Path) -> None:
    text = (folder / "output" / "manifest.json").read_text("utf-8")
    assert str(folder) not in text
    mapgen.load(folder).build(tmp_path)
    assert (tmp_path / "manifest.json").read_text("utf-8") == text


def test_it_costs_a_page_less_than_1500_bytes_packed() -> None:
    page = default_edition().pages["overview.html"]
    bare = re.sub(r'<script type="application/json" id="manifest">.*?</script>', "", page)
    sizes = [len(gzip.compress(text.encode(), 9, mtime=0)) for text in (bare, page)]
    assert 0 < sizes[1] - sizes[0] < 1500


def test_a_project_that_is_taken_out_of_a_map_gives_the_same_manifest(folder: Path, tmp_path: Path) -> None:
    extract_project(folder / "output" / "one.html", tmp_path / "again")
    pages = build_project(read_project(tmp_path / "again")).pages
    assert pages["one.html"] == (folder / "output" / "one.html").read_text("utf-8")


def test_every_changed_byte_is_noticed(folder: Path) -> None:
    page = (folder / "output" / "one.html").read_bytes()
    assert is_whole(page) is True
    for at in range(0, len(page), 997):
        changed = page[:at] + bytes([page[at] ^ 1]) + page[at + 1 :]
        assert not is_whole(changed), at
    assert not is_whole(page + b"\n")
    assert not is_whole(page[:-1])
    assert is_whole(page.replace(b'id="manifest"', b'id="other"')) is False


def test_a_page_without_a_seal_is_none_of_ours() -> None:
    assert is_whole(b"<html></html>") is None
    text = f'{{"sha256":"{BLANK}"}}</script>'
    assert is_whole(seal(text).encode()) is True
    assert is_whole((seal(text) * 2).encode()) is None


def test_a_map_is_whole_and_current(folder: Path) -> None:
    verdict = verify_map(folder / "output" / "two.html", folder)
    assert (verdict.whole, verdict.current, verdict.differences) == (True, True, ())
    good, bad = describe_verdict(verdict, Path("two.html"), folder)
    assert good[0] == (
        f"two.html is whole: made with mapgen {mapgen.__version__}, Natural Earth 5.1.1, 1:10m, "
        "worldview neutral, as of 2024-06"
    )
    assert not bad
    assert verify_map(folder / "output" / "two.html").current is None


def test_a_map_that_somebody_changed_is_not_whole(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "one.html"
    text = (folder / "output" / "one.html").read_text("utf-8")
    page.write_text(text.replace("A claim.", "A clain."), encoding="utf-8")
    verdict = verify_map(page, folder)
    assert (verdict.whole, verdict.current) == (False, False)
    assert len(describe_verdict(verdict, page, folder)[1]) == 1


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("claims.yaml", "A claim.", "Another.", "the claims changed"),
        ("sources.yaml", "A report", "The report", "the sources changed"),
        ("mapgen.yaml", "2024-06", "2024-07", "the as-of date: 2024-06 in the map, 2024-07 now"),
        ("mapgen.yaml", '"one"', '"three"', "the project has no map 'one'"),
        ("mapgen.yaml", '"as_of"', '"worldview": "UA", "as_of"', "the worldview: neutral in the map, UA now"),
        ("mapgen.yaml", "It has none.", "None.", "the findings set aside changed"),
    ],
)
def test_what_changed_since_is_told(
    folder: Path, tmp_path: Path, name: str, old: str, new: str, told: str
) -> None:
    for path in folder.glob("*.yaml"):
        text = path.read_text("utf-8")
        assert path.name != name or old in text
        (tmp_path / path.name).write_text(text.replace(old, new) if path.name == name else text, "utf-8")
    verdict = verify_map(folder / "output" / "one.html", tmp_path)
    assert (verdict.whole, verdict.current) == (True, False)
    assert told in verdict.differences


@pytest.mark.parametrize("text", ["", "no map", '<script type="application/json" id="manifest">[]</script>'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.html").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.html: no manifest is in this file"):
        verify_map(tmp_path / "a.html")
    with pytest.raises(InputError, match="cannot be read"):
        verify_map(tmp_path / "none.html")
