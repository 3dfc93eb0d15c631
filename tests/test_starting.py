"""Starting: a small project that builds without a finding, and nothing that was there is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

import mapgen
from mapgen.errors import InputError
from mapgen.starting import start_project


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_the_starter_builds_without_a_finding(tmp_path: Path) -> None:
    written = start_project(tmp_path / "mine")
    assert (tmp_path / "mine" / "mapgen.yaml") in written
    assert sorted(_files(tmp_path / "mine")) == [
        ".gitignore",
        "data/annotations/claims.yaml",
        "data/sources.yaml",
        "mapgen.yaml",
    ]
    project = mapgen.load(tmp_path / "mine")
    assert {finding.severity for finding in project.check()} <= {"note"}
    assert [path.name for path in project.build()] == ["overview.html", "borders.html"]


def test_the_starter_shows_several_ways_to_place_a_claim(tmp_path: Path) -> None:
    start_project(tmp_path)
    kinds = {each.where[0].kind for each in mapgen.load(tmp_path).project.annotations}
    assert kinds == {"border", "route", "territory", "place"}


def test_the_example_is_the_default_project(tmp_path: Path, default_project_folder: Path) -> None:
    start_project(tmp_path, example=True)
    assert mapgen.load(tmp_path).maps() == mapgen.load(default_project_folder).maps()


@pytest.mark.parametrize("example", [False, True])
def test_files_that_are_there_are_all_named_and_left_alone(tmp_path: Path, example: bool) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "mapgen.yaml").write_text("mine")
    (tmp_path / "data" / "sources.yaml").write_text("mine too")
    before = _files(tmp_path)
    with pytest.raises(InputError) as caught:
        start_project(tmp_path, example=example)
    assert len(caught.value.problems) == 2
    assert all("is there already" in problem.message for problem in caught.value.problems)
    assert _files(tmp_path) == before


def test_a_dangling_link_is_there_too(tmp_path: Path) -> None:
    (tmp_path / "mapgen.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError):
        start_project(tmp_path)
    assert not (tmp_path / "nowhere").exists()
    assert _files(tmp_path) == {}


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")
    with pytest.raises(InputError, match="cannot be written"):
        start_project(tmp_path / "file")


def test_a_project_that_cannot_be_finished_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.read_bytes

    def read(self: Path) -> bytes:
        if self.name == "sources.yaml":
            raise OSError(28, "No space left on device")
        return real(self)

    monkeypatch.setattr(Path, "read_bytes", read)
    with pytest.raises(InputError, match="No space left on device"):
        start_project(tmp_path)
    monkeypatch.undo()
    assert _files(tmp_path) == {}
