"""The command line: what each command says, where it says it, and with which status it ends."""

from __future__ import annotations

import json
import os
import pty
import resource
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.projects import REPOSITORY, write_project

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPOSITORY), "COLUMNS": "100"}


def run(*arguments: str | Path, cwd: Path = REPOSITORY, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own; a traceback fails every test."""
    done = subprocess.run(
        [sys.executable, "-m", "mapgen", *map(str, arguments)],
        cwd=cwd,
        env={**ENVIRONMENT, **changes},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert "Traceback" not in done.stderr
    return done


def refused(*arguments: str | Path, status: int = 1, **options: object) -> str:
    """Run what is to be refused: nothing on the standard output, a message on the other."""
    done = run(*arguments, **options)  # type: ignore[arg-type]
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.endswith("\n")
    return done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project")


WARNING = {"asserts": [{"shares_border": ["LIE", "DEU"]}]}


# ---- build


def test_build_writes_the_maps_and_says_so(project: Path) -> None:
    done = run("build", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    size = (project / "output" / "map.html").stat().st_size
    assert done.stdout == f"wrote output/map.html ({size:,} bytes)\n"


@pytest.mark.parametrize("name", ["project", "project/mapgen.yaml", "./project/"])
def test_a_project_is_named_by_its_folder_or_its_file(project: Path, name: str) -> None:
    assert run("build", name, cwd=project.parent).returncode == 0
    assert (project / "output" / "map.html").exists()


def test_output_names_another_folder(project: Path, tmp_path: Path) -> None:
    assert run("build", "--output", tmp_path / "there", cwd=project).returncode == 0
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == ["manifest.json", "map.html"]
    assert not (project / "output").exists()


def test_maps_of_earlier_builds_are_told_and_left_alone(project: Path) -> None:
    run("build", cwd=project)
    old, foreign = project / "output" / "old.html", project / "output" / "mine.html"
    (project / "output" / "map.html").rename(old)
    foreign.write_text("<title>Made with mapgen</title>")
    (project / "output" / "folder.html").mkdir()
    done = run("build", cwd=project)
    assert done.returncode == 0
    told = [line for line in done.stderr.splitlines() if line.startswith("output/")]
    assert told == ["output/old.html was not written by this build: an older map"]
    assert old.exists()
    assert foreign.exists()


def test_strict_writes_nothing_if_a_check_warns(project: Path) -> None:
    write_project(project, [WARNING])
    message = refused("build", "--strict", cwd=project)
    assert "warning [assertion-refuted]: Liechtenstein and Germany share no border" in message
    assert message.startswith("claims.yaml:")
    assert message.endswith("1 finding of severity error or warning: nothing was written\n")
    assert not (project / "output").exists()
    done = run("build", cwd=project)
    assert done.returncode == 0
    assert "warning [assertion-refuted]" in done.stderr


def test_a_failed_build_leaves_the_last_good_one(project: Path) -> None:
    run("build", cwd=project)
    before = (project / "output" / "map.html").read_bytes()
    write_project(project, [{"where": {"place": "Vadus"}}])
    assert "unknown place 'Vadus'. To do: Did you mean 'Vaduz'" in refused("build", cwd=project)
    assert (project / "output" / "map.html").read_bytes() == before


def test_an_output_that_is_a_file_is_refused(project: Path) -> None:
    (project / "output").write_text("mine")
    assert "output: the maps cannot be written" in refused("build", cwd=project)
    assert (project / "output").read_text() == "mine"


# ---- check


def test_check_finds_nothing_in_a_sound_project_and_writes_nothing(project: Path) -> None:
    done = run("check", cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (0, "no findings\n", "")
    assert not (project / "output").exists()


def test_check_tells_findings_with_their_places_and_fails_if_told_to(project: Path) -> None:
    write_project(project, [WARNING, {"where": {"route": ["LIE", "DEU"]}}])
    done = run("check", cwd=project)
    assert (done.returncode, done.stdout) == (0, "")
    assert [line.split(": ")[1] for line in done.stderr.splitlines()] == [
        "warning [route-gap]",
        "warning [assertion-refuted]",
    ]
    assert "\n2 findings of severity error or warning" in refused("check", "--strict", cwd=project)


def test_check_tells_all_errors_at_once(project: Path) -> None:
    write_project(project, [{"where": {"place": "Vadus"}}, {"where": {"territory": "LIX"}}])
    message = refused("check", cwd=project)
    assert "unknown place 'Vadus'" in message
    assert "unknown territory 'LIX'" in message
    assert "2 findings of severity error" in message


# ---- borders


def test_borders_lists_those_of_the_project(project: Path) -> None:
    done = run("borders", "--project", project)
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()[:3]] == ["LIE-CHE", "LIE-AUT", "CHE-AUT"]
    assert "Geodesic lengths in Natural Earth 5.1.1, 1:10m" in done.stdout


def test_borders_tells_of_one_in_json(tmp_path: Path) -> None:
    done = run("borders", "AFG", "TJK", "--json", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert set(told) == {"left", "right", "length_km", "parts", "dataset", "bounds"}
    assert (told["left"], told["right"], told["parts"]) == ("AFG", "TJK", 1)
    assert told["length_km"] == pytest.approx(1170, rel=0.005)
    assert told["bounds"] == pytest.approx([67.8, 36.7, 74.9, 38.5], abs=0.1)
    assert done.stderr == ""


def test_borders_of_a_project_are_a_list_in_json(project: Path) -> None:
    told = json.loads(run("borders", "--json", cwd=project).stdout)
    assert {"left", "right", "length_km", "parts", "dataset", "bounds"} == set(told[0])


def test_borders_tells_what_lies_between(tmp_path: Path) -> None:
    message = refused("borders", "TJK", "KAZ", cwd=tmp_path)
    assert "46 km apart" in message
    assert "China (CHN), Kyrgyzstan (KGZ), Uzbekistan (UZB)" in message
    assert "Did you mean 'TJK'?" in refused("borders", "TJX", "KAZ", cwd=tmp_path)


@pytest.mark.parametrize("codes", [("AFG",), ("AFG", "TJK", "KAZ")])
def test_borders_takes_two_codes_or_none(codes: tuple[str, ...]) -> None:
    assert "two codes" in refused("borders", *codes, status=2)


# ---- init and schema


def test_init_writes_a_project_that_builds(tmp_path: Path) -> None:
    done = run("init", "mine", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-2:] == [
        "Yours to edit: mine/data/annotations/claims.yaml, mine/data/sources.yaml, mine/mapgen.yaml",
        "Next: mapgen build mine",
    ]
    assert run("check", "--strict", "mine", cwd=tmp_path).returncode == 0
    assert "is there already" in refused("init", "mine", cwd=tmp_path)


def test_init_writes_the_example(tmp_path: Path) -> None:
    assert run("init", "--example", "mine", cwd=tmp_path).returncode == 0
    assert "AFG" in (tmp_path / "mine" / "mapgen.yaml").read_text()
    assert (tmp_path / "mine" / "data" / "areas" / "north-caucasus.geojson").exists()


@pytest.mark.parametrize(
    ("part", "known"), [("project", "territories"), ("annotations", "claim"), ("sources", "title")]
)
def test_schema_prints_a_json_schema(part: str, known: str) -> None:
    done = run("schema", part)
    assert (done.returncode, done.stderr) == (0, "")
    assert known in json.dumps(json.loads(done.stdout))


def test_schema_writes_all_three(tmp_path: Path) -> None:
    assert run("schema", "--output", tmp_path / "schemas").returncode == 0
    names = sorted(path.name for path in (tmp_path / "schemas").iterdir())
    assert names == ["annotations.schema.json", "project.schema.json", "sources.schema.json"]


# ---- mistakes


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Usage: mapgen"),
        (("biuld",), "No such command 'biuld'"),
        (("build", "--strickt"), "--strict"),
        (("build", "a", "b"), "unexpected extra argument"),
        (("build", "--output"), "requires an argument"),
        (("init",), "Missing argument 'FOLDER'"),
        (("schema", "sorces"), "'sorces' is not one of"),
    ],
    ids=str,
)
def test_a_wrong_command_line_ends_with_2(arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(*arguments, status=2)


def test_an_option_cannot_rewrite_the_terminal() -> None:
    message = refused("--\x1b[2J\u202e", status=2)
    assert "\x1b" not in message
    assert r"\x1b[2J\u202e" in message


BROKEN: dict[str, bytes] = {
    "empty": b"",
    "an empty list": b"[]",
    "a scalar": b"title",
    "open bracket": b"title: [",
    "tabs": b"title:\n\t- a",
    "duplicate keys": b"title: a\ntitle: b\n",
    "alias": b"a: &a [x]\nb: *a\n",
    "merge": b"a: &a {b: c}\n<<: *a\n",
    "tag": b"title: !!python/object/apply:os.system [id]\n",
    "two documents": b"title: a\n---\ntitle: b\n",
    "nul": b"title: a\0b\n",
    "latin-1": "title: Gr\xfc\xdfe\n".encode("latin-1"),
    "utf-16": "title: a\n".encode("utf-16"),
    "binary": bytes(range(256)) * 40,
    "an image": b"\x89PNG\r\n\x1a\n" + b"\0" * 400,
    "deep": b"[" * 5000,
    "deep mappings": b"{a: " * 5000,
    "anchors": b"a: &" + b"a" * 5000,
    "escape": b"title: \"\x1b[2J\"\n",
    "bad escape": b'title: "\\q"\n',
    "lone surrogate": b'title: "\\ud800"\n',
}  # fmt: skip


@pytest.mark.parametrize("file", ["mapgen.yaml", "sources.yaml", "claims.yaml"])
def test_broken_files_are_refused_with_their_place(project: Path, file: str) -> None:
    good = (project / file).read_bytes()
    # One process for all of them: a subprocess each would take a minute.
    script = (
        "import sys, io, contextlib\nfrom pathlib import Path\nfrom mapgen.cli import main\n"
        "good, broken = Path(sys.argv[1]), eval(sys.argv[2])\n"
        "for name, data in broken.items():\n"
        "    good.write_bytes(data)\n"
        "    err = io.StringIO()\n"
        "    try:\n"
        "        with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):\n"
        "            main(['check', str(good.parent)])\n"
        "    except SystemExit as ended:\n"
        "        print(repr((name, ended.code, err.getvalue())))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, project / file, repr(BROKEN)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stderr == ""
    (project / file).write_bytes(good)
    told = {name: (status, said) for name, status, said in map(eval, done.stdout.splitlines())}
    assert told.keys() == BROKEN.keys()
    for name, (status, said) in told.items():
        if name not in ("empty", "an empty list") or file == "mapgen.yaml":  # of claims, these are none
            assert status == 1, name
            assert file in said, name
        assert all(character.isprintable() for character in said.replace("\n", "")), name


def test_what_is_no_project_is_refused(tmp_path: Path) -> None:
    assert "mapgen.yaml: there is no such file" in refused("build", cwd=tmp_path)
    assert "has no mapgen.yaml" in refused("build", tmp_path)
    assert "there is no such file" in refused("check", "none.yaml", cwd=tmp_path)
    assert refused("build", os.fsdecode(b"\xff\xfe.yaml"), cwd=tmp_path)
    assert refused("build", "x" * 5000, cwd=tmp_path)
    assert refused("build", "/dev/null", cwd=tmp_path)
    (tmp_path / "mapgen.yaml").symlink_to("mapgen.yaml")
    assert refused("build", cwd=tmp_path)


def test_names_that_a_terminal_cannot_write_are_spelt_out(project: Path) -> None:
    write_project(project, [{"where": {"place": "Vadüüüz"}}])
    for encoding in ("ascii", "latin-1"):
        message = refused("check", cwd=project, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
        assert "unknown place 'Vad" in message


# ---- processes


def test_it_runs_as_a_module_and_says_its_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("mapgen, version ")


def test_help_tells_each_command_in_a_whole_sentence() -> None:
    said = run("--help", COLUMNS="80").stdout.partition("Commands:")[2]
    assert [line for line in said.splitlines() if line.endswith("...")] == []
    assert said.count(".\n") == len(said.strip().splitlines())


def test_help_takes_less_than_015_seconds() -> None:
    taken = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert run("--help").stdout.startswith("Usage: mapgen")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(taken) < 0.15


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "mapgen", "schema"]
    with subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        assert b"Traceback" not in started.stderr.read()


@pytest.mark.parametrize("moment", [0.4, 0.6, 0.8, 1.0, 1.3])
def test_an_interrupted_build_ends_with_130(project: Path, moment: float) -> None:
    # Many claims, so that there is something to interrupt.
    write_project(project, [{"where": {"route": ["LIE", "AUT"]}}] * 800)
    command = [sys.executable, "-m", "mapgen", "build"]
    with subprocess.Popen(
        command, cwd=project, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as started:
        time.sleep(moment)
        started.send_signal(signal.SIGINT)
        _, said = started.communicate(timeout=60)
    # Where Python itself runs text as code, it ends by the signal in the end: 130 to a shell, too.
    assert started.returncode in (130, -signal.SIGINT)
    assert said.strip() == "interrupted"
    assert not (project / "output").exists() or not list((project / "output").glob(".mapgen-*"))


def _on_terminal(*arguments: str, cwd: Path) -> str:
    """Run on a terminal and return what it shows."""
    main, second = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "mapgen", *arguments],
        cwd=cwd,
        env={**ENVIRONMENT, "TERM": "xterm"},
        stdout=second,
        stderr=second,
        stdin=second,
    ) as started:
        os.close(second)
        shown = b""
        while started.poll() is None or select.select([main], [], [], 0.1)[0]:
            if select.select([main], [], [], 0.1)[0]:
                try:
                    shown += os.read(main, 65536)
                except OSError:
                    break
    os.close(main)
    return shown.decode()


def test_progress_is_told_on_a_terminal_only(project: Path) -> None:
    shown = _on_terminal("build", cwd=project)
    assert "reading boundaries" in shown
    assert "wrote output/map.html" in shown
    assert run("build", cwd=project).stderr == ""
