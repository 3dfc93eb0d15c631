"""Editions: whatever happens while they are written, each file is whole, and nothing is left behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mapgen.edition import PREFIX, STALE_SECONDS, save_edition
from mapgen.errors import InputError

OLD = {"one.html": "old one", "two.html": "old two"}
NEW = {"one.html": "new one, longer", "two.html": "new two, longer"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_edition(tmp_path / "output", OLD)
    return tmp_path / "output"


def _read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}


def test_files_are_written_and_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "output"
    assert save_edition(folder, OLD) == [folder / "one.html", folder / "two.html"]
    assert _read(folder) == OLD
    save_edition(folder, NEW)
    assert _read(folder) == NEW


def test_other_files_in_the_folder_stay(folder: Path) -> None:
    (folder / "mine.txt").write_text("mine")
    save_edition(folder, NEW)
    assert _read(folder) == {**NEW, "mine.txt": "mine"}


def test_files_are_as_readable_as_the_umask_allows(folder: Path) -> None:
    mask = os.umask(0o027)
    try:
        [path, _] = save_edition(folder, NEW)
    finally:
        os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o640


FAILURES = [("fsync", 0), ("fsync", 1), ("replace", 0)]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=str)
@pytest.mark.parametrize(("name", "after"), FAILURES)
def test_a_failure_leaves_the_old_files_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, after: int, error: BaseException
) -> None:
    real, calls = getattr(os, name), []

    def failing(*args: object) -> object:
        calls.append(args)
        if len(calls) > after:
            raise error
        return real(*args)

    monkeypatch.setattr(os, name, failing)
    with pytest.raises(InputError if isinstance(error, OSError) else KeyboardInterrupt) as caught:
        save_edition(folder, NEW)
    assert _read(folder) == OLD
    if isinstance(error, OSError):
        assert "No space left on device" in str(caught.value)
        assert "still whole" in str(caught.value)


def test_a_failure_between_two_files_leaves_each_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace

    def failing(source: Path, target: Path) -> None:
        if target.name == "two.html":
            raise PermissionError(13, "Permission denied")
        real(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(InputError, match="Permission denied"):
        save_edition(folder, NEW)
    assert _read(folder) == {"one.html": NEW["one.html"], "two.html": OLD["two.html"]}


def test_a_failing_write_leaves_the_old_files_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def open_full(self: Path, *args: object) -> object:
        file = real(self, *args)
        monkeypatch.setattr(Path, "open", real)

        class Full:
            def __enter__(self) -> Full:
                return self

            def __exit__(self, *_: object) -> None:
                file.close()

            def write(self, text: bytes) -> None:
                file.write(text[: len(text) // 2])
                raise OSError(28, "No space left on device")

        return Full()

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(InputError, match="No space left"):
        save_edition(folder, NEW)
    assert _read(folder) == OLD


def test_a_folder_that_cannot_be_flushed_is_no_failure(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("mapgen.edition.os.open", refuse)
    folder.joinpath("one.html").unlink()
    # Files are opened by other means than the folder.
    assert len(save_edition(folder, NEW)) == 2


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("a file")
    with pytest.raises(InputError, match="cannot be written"):
        save_edition(tmp_path / "output", NEW)
    assert (tmp_path / "output").read_text() == "a file"
    with pytest.raises(InputError, match="cannot be written"):
        save_edition(tmp_path / "output" / "deeper", NEW)


def test_a_map_that_is_a_folder_is_refused(folder: Path) -> None:
    (folder / "two.html").unlink()
    (folder / "two.html").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        save_edition(folder, NEW)
    assert [path.name for path in folder.iterdir() if path.name.startswith(PREFIX)] == []


def test_a_linked_folder_is_written_to_but_a_linked_file_is_replaced(tmp_path: Path, folder: Path) -> None:
    outside = tmp_path / "outside.html"
    outside.write_text("not ours")
    (folder / "one.html").unlink()
    (folder / "one.html").symlink_to(outside)
    (tmp_path / "link").symlink_to(folder)
    save_edition(tmp_path / "link", NEW)
    assert _read(folder) == NEW
    assert outside.read_text() == "not ours"
    assert not (folder / "one.html").is_symlink()


def test_stale_temporary_files_are_swept_and_fresh_ones_are_not(folder: Path) -> None:
    stale, fresh = folder / f"{PREFIX}stale", folder / f"{PREFIX}fresh"
    for path in (stale, fresh):
        path.write_text("half")
    long_ago = time.time() - STALE_SECONDS - 60
    os.utime(stale, (long_ago, long_ago))
    save_edition(folder, NEW)
    assert _read(folder) == {**NEW, fresh.name: "half"}


def test_two_builds_at_once_disturb_neither_each_other_nor_a_reader(folder: Path) -> None:
    texts = {"a" * 300_000, "b" * 300_000}
    save_edition(folder, {"one.html": "a" * 300_000})
    errors: list[BaseException] = []

    def write(text: str) -> None:
        try:
            for _ in range(15):
                save_edition(folder, {"one.html": text})
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert (folder / "one.html").read_text() in texts
    assert errors == []
    assert sorted(_read(folder)) == ["one.html", "two.html"]


WRITER = """
import sys
from pathlib import Path
from mapgen.edition import save_edition
text = {name: name[0] * 2_000_000 for name in ("one.html", "two.html")}
print("ready", flush=True)
while True:
    save_edition(Path(sys.argv[1]), text)
"""


def test_fifty_kills_at_random_moments_tear_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "output"
    whole = {name: name[0] * 2_000_000 for name in ("one.html", "two.html")}
    save_edition(folder, whole)
    moments = random.Random(7)
    left_behind = 0
    for _ in range(50):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(moments.uniform(0, 0.03))
            writer.send_signal(signal.SIGKILL)
        found = _read(folder)
        assert {name: found[name] for name in whole} == whole
        left_behind = len(found) - len(whole)
    for path in folder.glob(f"{PREFIX}*"):
        os.utime(path, (0, 0))
    save_edition(folder, whole)
    assert sorted(_read(folder)) == sorted(whole), f"{left_behind} temporary files were to be swept"
