"""The cache: what was kept comes back whole or not at all, and where nothing can be kept nothing fails."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from mapgen import cache as caches
from mapgen import digests
from mapgen.cache import Cache, user_cache
from mapgen.digests import SMALL, Digests, siblings


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    Cache(tmp_path / "cache").keep("one", "Łódź\n\n")
    assert Cache(tmp_path / "cache").read("one") == "Łódź\n\n"
    assert Cache(tmp_path / "cache").read("two") is None


@pytest.mark.parametrize("damage", [b"", b"x", b"0" * 64 + b"\nwhole", b"\xff\xfe"])
def test_what_is_damaged_is_not_there(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(tmp_path)
    cache.keep("one", "whole")
    (tmp_path / "one").write_bytes(damage)
    assert cache.read("one") is None
    cache.keep("one", "whole")
    assert cache.read("one") == "whole"


def test_any_flipped_byte_is_noticed(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.keep("one", "some text")
    data = (tmp_path / "one").read_bytes()
    for index in range(len(data)):
        (tmp_path / "one").write_bytes(data[:index] + bytes([data[index] ^ 1]) + data[index + 1 :])
        assert cache.read("one") is None, index


def test_a_folder_that_cannot_be_written_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file where a folder should be")
    cache = Cache(tmp_path / "file" / "cache")
    cache.keep("one", "text")
    assert cache.read("one") is None


def test_a_folder_that_others_can_write_to_is_not_believed(tmp_path: Path) -> None:
    Cache(tmp_path / "cache").keep("one", "text")
    os.chmod(tmp_path / "cache", 0o777)
    assert Cache(tmp_path / "cache").read("one") is None


def test_the_folder_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPGEN_CACHE", "")
    assert user_cache().folder is None
    monkeypatch.delenv("MAPGEN_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache().folder == tmp_path / "mapgen"
    user_cache().keep("one", "text")
    assert (tmp_path / "mapgen").stat().st_mode & 0o077 == 0


def test_the_oldest_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "LARGEST", 3 * 1100)
    cache = Cache(tmp_path)
    for number in range(6):
        cache.keep(f"key-{number}", "x" * 1000)
        os.utime(tmp_path / f"key-{number}", (number, number))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key-3", "key-4", "key-5"]
    cache.read("key-3")
    cache.keep("key-6", "x" * 1000)
    assert "key-3" in {path.name for path in tmp_path.iterdir()}, "what is read is not old"


def test_two_at_once_read_whole_entries_only(tmp_path: Path) -> None:
    texts = {"a" * 200_000, "b" * 200_000}
    seen: set[str | None] = set()

    def work(text: str) -> None:
        cache = Cache(tmp_path)
        for _ in range(60):
            cache.keep("one", text)
            seen.add(cache.read("one"))

    threads = [threading.Thread(target=work, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen - {None} <= texts
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_key_changes_with_mapgen_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Cache(tmp_path).key("geometry", {"a": 1})
    assert Cache(tmp_path).key("geometry", {"a": 1}) == before
    assert Cache(tmp_path).key("geometry", {"a": 2}) != before
    monkeypatch.setenv("OGR_GEOMETRY_ACCEPT_UNCLOSED_RING", "NO")
    assert Cache(tmp_path).key("geometry", {"a": 1}) != before
    monkeypatch.delenv("OGR_GEOMETRY_ACCEPT_UNCLOSED_RING")
    own = tmp_path / "package"
    own.mkdir()
    (own / "module.py").write_text("x = 1\n")
    monkeypatch.setattr(digests, "PACKAGE", own)
    moved = Cache(tmp_path).key("geometry", {"a": 1})
    (own / "module.py").write_text("x = 2\n")
    changed = Cache(tmp_path)
    assert changed.key("geometry", {"a": 1}) not in (before, moved)
    without = changed.key("geometry", {"a": 1}, without=("assets",))
    (own / "assets").mkdir()
    (own / "assets" / "page.css").write_text("")
    assert Cache(tmp_path).key("geometry", {"a": 1}, without=("assets",)) == without
    assert Cache(tmp_path).key("geometry", {"a": 1}) != changed.key("geometry", {"a": 1})


def test_large_files_are_read_again_after_any_change(tmp_path: Path) -> None:
    file = tmp_path / "large.bin"
    file.write_bytes(b"a" * SMALL)
    old = time.time() - 100
    os.utime(file, (old, old))
    known = Digests()
    first = known.file(file)
    assert not known.changed, "it has only just been written: its date may not tell of the next change"
    file.write_bytes(b"b" * SMALL)
    os.utime(file, (old, old))
    assert known.file(file) != first, "same size, same date"
    assert Digests({str(file): "nonsense"}).file(file) == known.file(file)
    assert known.file(tmp_path / "none") is None


def test_the_parts_of_a_shapefile_are_those_of_its_name(tmp_path: Path) -> None:
    for name in ("a.shp", "a.dbf", "a.shp.xml", "ab.shp", "b.shp"):
        (tmp_path / name).write_text("")
    assert [path.name for path in siblings(tmp_path / "a.shp")] == ["a.dbf", "a.shp", "a.shp.xml"]
