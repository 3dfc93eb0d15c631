"""Whatever happens during a build: the last good edition stays whole, and the message says what happened.

Killed at any moment, two builds at once, a full disk at each write, no permission, an input that changes.
``python -m tests.benchmarks.faults`` does the first three as often as it is asked to; here they are done
often enough to notice.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import mapgen
from mapgen import loading
from mapgen.edition import PREFIX, save_edition
from mapgen.errors import InputError
from tests.killing import build_at_once, kill_builds, read_output
from tests.projects import REPOSITORY, write_project

KILLS = int(os.environ.get("MAPGEN_KILLS", "12"))
ROUNDS = int(os.environ.get("MAPGEN_ROUNDS", "4"))


def _write(folder: Path, number: int) -> Path:
    claims = [{"claim": f"State {number}, claim {each}."} for each in range(3)]
    return write_project(folder, claims, maps=[{"name": "one"}, {"name": "two", "title": f"Two {number}"}])


def test_a_kill_at_any_moment_leaves_whole_files(tmp_path: Path) -> None:
    broken, interrupted = kill_builds(tmp_path, _write, KILLS)
    assert broken == []
    assert interrupted >= KILLS * 2 // 3  # or the kills came too late to tell


def test_two_builds_at_once_leave_one_edition_whole(tmp_path: Path) -> None:
    broken, last = build_at_once(tmp_path, _write, ROUNDS)
    assert broken == []
    assert last


def _run(folder: Path, output: Path, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    def restrict() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    # Nothing but the output is written: not the standard streams, not what Python compiles.
    return subprocess.run(
        [sys.executable, "-B", "-m", "mapgen", "build", str(folder), "--output", str(output)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        preexec_fn=restrict,
        env={**os.environ, "MAPGEN_CACHE": ""},
        check=False,
    )


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_a_disk_that_takes_no_more_leaves_the_old_edition(tmp_path: Path, share: float) -> None:
    output = tmp_path / "output"
    save_edition(output, {"one.html": "old one", "two.html": "old two"})
    old = read_output(output)
    folder = _write(tmp_path / "project", 1)
    mapgen.load(folder, cache=False).build(tmp_path / "whole")
    largest = max(len(content) for content in read_output(tmp_path / "whole").values())
    ended = _run(folder, output, int(largest * share))
    assert ended.returncode == 1
    assert "the maps cannot be written (File too large)" in ended.stderr
    assert "the files from before are still whole" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert read_output(output) == old
    assert not list(output.glob(f"{PREFIX}*"))


def test_a_full_disk_at_each_write_leaves_the_old_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "output"
    loaded = mapgen.load(_write(tmp_path / "project", 0), cache=False)
    loaded.build(output)
    old = read_output(output)
    _write(tmp_path / "project", 1)
    newer = mapgen.load(tmp_path / "project", cache=False)
    newer.maps()
    real, writes = os.fsync, []
    monkeypatch.setattr(os, "fsync", lambda descriptor: (writes.append(descriptor), real(descriptor))[1])
    shutil.copytree(output, tmp_path / "counted")
    newer.build(tmp_path / "counted")
    assert len(writes) > len(old)
    for number in range(len(old)):
        calls: list[int] = []

        def full(descriptor: int, calls: list[int] = calls, number: int = number) -> None:
            calls.append(descriptor)
            if len(calls) > number:
                raise OSError(28, "No space left on device")
            real(descriptor)

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(InputError, match=r"No space left on device.*still whole"):
            newer.build(output)
        assert read_output(output) == old
    monkeypatch.setattr(os, "fsync", real)
    newer.build(output)
    assert read_output(output) != old


AS_NOBODY = """
import os, sys
import mapgen
from mapgen.errors import InputError
loaded = mapgen.load(sys.argv[1], cache=False)
loaded.maps()
import mapgen.edition, mapgen.manifest, mapgen.changing
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    loaded.build(sys.argv[2])
except InputError as error:
    print(error)
"""


@pytest.mark.parametrize("mode", [0o555, 0o000])
def test_a_folder_that_may_not_be_written_to_is_told(tmp_path: Path, mode: int) -> None:
    for path in (tmp_path, *tmp_path.parents[:3]):  # nobody has to come as far as here
        path.chmod(path.stat().st_mode | 0o055)
    project, output = _write(tmp_path / "project", 0), tmp_path / "output"
    mapgen.load(project, cache=False).build(output)
    old = read_output(output)
    output.chmod(mode)
    ended = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(project), str(output)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    output.chmod(0o755)
    assert (
        "the maps cannot be written (Permission denied); the files from before are still whole"
        in ended.stdout
    )
    assert ended.stderr == ""
    assert read_output(output) == old


def test_an_output_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ended = _run(_write(tmp_path / "project", 0), tmp_path / "file" / "output")
    assert ended.returncode == 1
    assert "the maps cannot be written (Not a directory)" in ended.stderr
    assert "Traceback" not in ended.stderr


def _change(path: Path) -> None:
    path.write_text(path.read_text().replace("State 1", "State 1, corrected"))


CHANGES = {
    "a claim is corrected": lambda folder: _change(folder / "claims.yaml"),
    "a file of claims is gone": lambda folder: (folder / "claims.yaml").unlink(),
    "a file of claims is half written": lambda folder: os.truncate(folder / "claims.yaml", 60),
    "another file of claims comes": lambda folder: shutil.copy(
        folder / "claims.yaml", folder / "more-1.yaml"
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_input_that_changes_during_the_build_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: object
) -> None:
    folder, output = _write(tmp_path / "project", 0), tmp_path / "project" / "output"
    write_project(folder, [{"claim": "State 0."}], annotations=["claims.yaml", "more-*.yaml"])
    (folder / "more-0.yaml").write_text("[]")
    mapgen.load(folder, cache=False).build()
    old = read_output(output)
    (folder / "claims.yaml").write_text((folder / "claims.yaml").read_text().replace("State 0", "State 1"))
    loaded = mapgen.load(folder, cache=False)
    loaded.maps()
    assert callable(change)
    change(folder)
    with pytest.raises(InputError, match="changed while the maps were built; nothing was written") as caught:
        loaded.build()
    assert caught.value.problems[0].position is not None
    assert read_output(output) == old


AT_LEISURE = """
import os, sys, time
import mapgen.cli
def write_at_leisure(descriptor):
    print("writing", flush=True)
    time.sleep(60)
os.fsync = write_at_leisure
mapgen.cli.main(sys.argv[1:])
"""


def test_an_interruption_leaves_the_old_edition_and_nothing_else(tmp_path: Path) -> None:
    folder, output = _write(tmp_path / "project", 0), tmp_path / "output"
    mapgen.load(folder, cache=False).build(output)
    old = read_output(output)
    _write(folder, 1)
    process = subprocess.Popen(
        [sys.executable, "-c", AT_LEISURE, "build", "--output", str(output), str(folder)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "MAPGEN_CACHE": ""},
    )
    assert process.stdout is not None and process.stdout.readline() == "writing\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "interrupted"
    assert read_output(output) == old
    assert not list(output.glob(f"{PREFIX}*"))


def test_what_is_saved_is_what_was_read(tmp_path: Path) -> None:
    folder = _write(tmp_path / "project", 0)
    loaded = loading.load(folder, cache=False)
    os.utime(folder / "claims.yaml")  # touched, not changed
    written = loaded.build()
    assert "State 0, claim 1." in written[0].read_text("utf-8")
