"""Editions are read from folders, maps and git alike; of a repository, files are read and nothing is run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import mapgen
from mapgen.changesmap import write_changes
from mapgen.editions import open_edition
from mapgen.errors import InputError
from mapgen.gitfiles import save_revision
from tests.projects import write_project


def _git(folder: Path, *arguments: str) -> None:
    settings = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *settings, "-C", folder, *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a project in a folder, in two revisions; the working copy is a third edition."""
    top = tmp_path_factory.mktemp("repository")
    project = top / "maps" / "one"
    write_project(project, [{"claim": "First words."}])
    subprocess.run(["git", "init", "-q", "-b", "main", top], check=True, capture_output=True)
    (project / "secret.sh").write_text("echo no input")
    (project / "link.yaml").symlink_to("/etc/hostname")
    _git(top, "add", "-A")
    _git(top, "commit", "-q", "-m", "one")
    _git(top, "tag", "v1")
    write_project(project, [{"claim": "Second words."}])
    _git(top, "commit", "-q", "-a", "-m", "two")
    write_project(project, [{"claim": "Third words."}])
    return project


@pytest.mark.parametrize(
    ("revision", "claim"), [("HEAD", "Second words."), ("HEAD~1", "First words."), ("v1", "First words.")]
)
def test_a_revision_is_read_as_it_was(repository: Path, revision: str, claim: str) -> None:
    with open_edition(revision, repository) as edition:
        assert [each.claim for each in edition.project.annotations] == [claim]
        assert edition.record.name == revision
        folder = edition.project.folder
        assert sorted(path.name for path in folder.iterdir()) == [
            "claims.yaml",
            "mapgen.yaml",
            "sources.yaml",
        ]
    assert not folder.exists()


def test_a_revision_is_compared_with_the_working_copy(repository: Path) -> None:
    told = write_changes("v1", str(repository), repository, "text")
    assert "claim: [-First-]{+Third+} words." in told
    assert write_changes("HEAD", "v1", repository / "mapgen.yaml", "text").count("[-Second-]{+First+}") == 1


def test_nothing_of_a_repository_runs(repository: Path, tmp_path: Path) -> None:
    top = repository.parent.parent
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "filter.trap.smudge",
        "diff.trap.textconv",
        "core.sshCommand",
    ):
        _git(top, "config", key, str(trap))
    (top / ".git" / "info" / "attributes").write_text("* filter=trap diff=trap export-ignore\n")
    for hook in ("post-checkout", "reference-transaction"):
        (top / ".git" / "hooks" / hook).symlink_to(trap)
    with open_edition("v1", repository) as edition:
        assert [each.claim for each in edition.project.annotations] == ["First words."]
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    "revision", ["nothing", "--upload-pack=x", "HEAD:mapgen.yaml", "", "a\nb", "HEAD~99"]
)
def test_what_is_no_revision_is_refused(repository: Path, tmp_path: Path, revision: str) -> None:
    with pytest.raises(InputError, match="is no project, no map"):
        save_revision(revision, repository, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_repository_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    folder = write_project(tmp_path / "project")
    with pytest.raises(InputError, match="no revision of a git repository"):
        save_revision("HEAD", folder, tmp_path)
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(InputError, match="Install git"):
        save_revision("HEAD", folder, tmp_path)


def test_a_project_that_was_not_there_yet_is_told(repository: Path, tmp_path: Path) -> None:
    other = repository.parent / "two"
    write_project(other)
    with pytest.raises(InputError, match=r"had no mapgen\.yaml then"):
        save_revision("v1", other, tmp_path)


def test_maps_are_compared_as_their_projects_are(tmp_path: Path) -> None:
    old = write_project(tmp_path / "old", [{"claim": "One.", "where": {"border": "LIE-AUT"}}])
    new = write_project(tmp_path / "new", [{"claim": "Two.", "where": {"border": "LIE-AUT"}}])
    pages = [str(mapgen.load(folder).build()[0]) for folder in (old, new)]
    by_maps, by_folders = (
        write_changes(*pair, new, "json").split('"claims"')[1] for pair in (pages, (str(old), str(new)))
    )
    assert by_maps == by_folders
    assert '"field": "claim"' in by_maps
    with pytest.raises(InputError, match="cannot be read"):
        write_changes(str(tmp_path / "none.html"), str(new), new, "text")
