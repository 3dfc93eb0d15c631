"""What docs/publishing.md shows is run as it stands there: the workflow's steps, and the script for cron."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.projects import REPOSITORY, write_project

GUIDE = (REPOSITORY / "docs" / "publishing.md").read_text("utf-8")


def block(language: str, begins: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return next(text for text in found if text.startswith(begins))


def run(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    bin_folder = folder.parent / "bin"
    bin_folder.mkdir(exist_ok=True)
    (bin_folder / "mapgen").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mapgen "$@"\n', "utf-8")
    (bin_folder / "mapgen").chmod(0o755)
    paths = os.pathsep.join([str(bin_folder), os.environ["PATH"]])
    python = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": paths, "PYTHONPATH": python, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def commit(folder: Path) -> None:
    who = "-c user.name=A -c user.email=a@example.org"
    done = run(f"git init -q . && git add -A && git {who} commit -q -m Edition", folder)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two commits, in which a claim has changed."""
    folder = tmp_path_factory.mktemp("publishing") / "project"
    source = {"id": "report", "title": "A report", "date": "2024", "publisher": "P", "license": "CC BY 4.0"}
    for claim in ("The border is open.", "The border is closed."):
        write_project(folder, [{"claim": claim}], publications=[source], maps=[{"name": "overview"}])
        (folder / ".gitignore").write_text("site/\n", "utf-8")
        commit(folder)
    return folder


def test_the_steps_of_the_workflow_run_and_say_what_changed(project: Path) -> None:
    workflow = yaml.safe_load(block("yaml", "name: Maps"))
    steps = workflow["jobs"]["maps"]["steps"]
    commands = [
        step["run"] for step in steps if "mapgen" in step.get("run", "") and step["name"] != "Install"
    ]
    assert len(commands) == 5
    summary = project.parent / "summary.md"
    for command in commands:
        done = run(command, project, GITHUB_STEP_SUMMARY=str(summary))
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    told = summary.read_text("utf-8")
    assert "The border is ~~open~~**closed**." in told
    assert (project / "site" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "The border is closed." in (project / "site" / "overview.html").read_text("utf-8")


def test_the_script_publishes_and_keeps_the_old_edition_when_a_check_fails(project: Path) -> None:
    script = project / "publish.sh"
    script.write_text(block("sh", "#!/bin/sh"), "utf-8")
    target = project.parent / "www"
    first = run(f"sh publish.sh '{target}'", project)
    assert first.returncode == 0, first.stderr
    published = (target / "overview.html").read_text("utf-8")
    claims = project / "claims.yaml"
    good = claims.read_text("utf-8")
    claims.write_text(good.replace("closed", "open again"), "utf-8")
    again = run(f"sh publish.sh '{target}'", project)
    assert again.returncode == 0, again.stderr
    assert "open again" in (target / "changes.md").read_text("utf-8")
    renewed = (target / "overview.html").read_text("utf-8")
    assert renewed != published
    claims.write_text(good.replace("LIE", "NOWHERE"), "utf-8")
    assert run(f"sh publish.sh '{target}'", project).returncode == 1
    assert (target / "overview.html").read_text("utf-8") == renewed


def test_the_line_for_cron_is_one() -> None:
    line = block("crontab", "17").strip()
    assert re.fullmatch(r"(?:[\d*]+ ){5}.*publish\.sh\S* \S+", line)
