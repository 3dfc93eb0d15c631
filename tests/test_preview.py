"""The preview as a whole: it serves what it builds, publishes what a build publishes, and ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import mapgen
from mapgen.preview import Preview
from mapgen.previewserver import TOKEN_HEADER
from mapgen.rebuilding import Built
from tests.projects import REPOSITORY, write_project


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_project(
        tmp_path / "project", [{"layer": "claims"}], layers=[{"name": "claims", "title": "Claims"}]
    )


class Serving:
    """A preview in this process, with requests to it."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview
        self.builds: Iterator[Built] = preview.builds()
        self.first = next(self.builds)

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        host = self.preview.address.removeprefix("http://").rstrip("/")
        connection = http.client.HTTPConnection(host, timeout=20)
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8")
        connection.close()
        return answer.status, text

    def ask(self, action: str, asked: Any) -> tuple[int, dict[str, Any]]:
        page = self.request("GET", f"/{self.first.written[0].name}")[1]
        found = re.search(r'id="preview-data">(.*?)</script>', page)
        assert found is not None
        headers = {
            TOKEN_HEADER: json.loads(found[1])["token"],
            "Origin": self.preview.address.rstrip("/"),
            "Content-Type": "application/json",
        }
        status, text = self.request("POST", f"/~mapgen/{action}", asked, **headers)
        return status, json.loads(text)


@contextmanager
def _serve(folder: Path) -> Iterator[Serving]:
    with Preview(folder, port=0) as preview:
        yield Serving(preview)


def test_what_is_published_is_what_a_build_publishes(folder: Path) -> None:
    with _serve(folder) as serving:
        published = {path.name: path.read_bytes() for path in (folder / "output").iterdir()}
        served = serving.request("GET", "/map.html")[1]
    alone = mapgen.load(folder).build(folder.parent / "alone")
    assert published["map.html"] == alone[0].read_bytes()
    assert published.keys() == {path.name for path in (folder.parent / "alone").iterdir()}
    assert "preview-data" in served
    assert b"preview-data" not in published["map.html"]


def test_a_claim_is_added_by_pointing_and_built(folder: Path) -> None:
    claims = folder / "claims.yaml"
    claims.write_text(
        "- id: one\n  layer: claims\n  where: {territory: LIE}\n  claim: A claim.\n  source: report\n"
    )
    with _serve(folder) as serving:
        status, found = serving.ask("point", {"longitude": 9.52, "latitude": 47.14, "reach": 4})
        assert status == 200
        where = next(each["where"] for each in found["choices"] if "border" in each["where"])
        asked = {
            "where": where,
            "fields": {"claim": "Trains run here.", "layer": "claims", "source": "report"},
        }
        asked["file"] = found["files"][0]
        status, draft = serving.ask("draft", asked)
        assert (status, draft["problems"]) == (200, [])
        status, saved = serving.ask("save", {**asked, "digest": draft["digest"]})
        assert (status, saved["saved"]) == (200, "trains-run-here")
        built = next(serving.builds)
        assert "Trains run here." in built.maps[0].html
        assert "Trains run here." in serving.request("GET", "/map.html")[1]
        status, again = serving.ask("save", {**asked, "digest": draft["digest"]})
        assert status == 422 and "has changed meanwhile" in again["problems"][0]["text"]
    assert claims.read_text().count("trains-run-here") == 1


def test_what_is_wrong_is_served_over_the_last_good_map_and_goes(folder: Path) -> None:
    claims = folder / "claims.yaml"
    good = claims.read_text()
    with _serve(folder) as serving:
        page = serving.request("GET", "/map.html")[1]
        claims.write_text(good.replace('"report"', '"reprot"'))
        built = next(serving.builds)
        assert built.problems
        server = serving.preview._server
        told = server.served.event()["problems"]
        assert told[0]["at"].startswith("claims.yaml:")
        assert "reprot" in told[0]["text"]
        assert serving.request("GET", "/map.html")[1] == page
        status, answer = serving.ask("point", {"longitude": 9.5, "latitude": 47.1, "reach": 1})
        assert status == 422 and "Mend" in answer["problems"][0]["text"]
        claims.write_text(good)
        next(serving.builds)
        assert server.served.event()["problems"] == []


def test_a_change_that_changes_no_map_loads_no_page_again(folder: Path) -> None:
    with _serve(folder) as serving:
        server = serving.preview._server
        before = server.served.event()
        (folder / "sources.yaml").write_text((folder / "sources.yaml").read_text() + "\n\n")
        next(serving.builds)
        assert server.served.event() == before


def test_nothing_is_left_when_it_is_closed(folder: Path) -> None:
    before = set(threading.enumerate())
    with _serve(folder) as serving:
        assert serving.request("GET", "/map.html")[0] == 200
    deadline = time.monotonic() + 2
    while set(threading.enumerate()) - before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert set(threading.enumerate()) <= before
    with pytest.raises(OSError):
        serving.request("GET", "/map.html")


@contextmanager
def _command(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "mapgen", *arguments],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_ctrl_c_ends_the_command_with_status_zero_and_frees_the_port(folder: Path) -> None:
    with _command("serve", "--port", "0", str(folder)) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:(\d+)/", first)
        assert address is not None, first
        assert process.stdout.readline().startswith("wrote ")
        connection = http.client.HTTPConnection("127.0.0.1", int(address[1]), timeout=10)
        connection.request("GET", "/~mapgen/events")  # a page that listens holds nothing up
        connection.getresponse().readline()
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert time.monotonic() - start < 5
        assert process.stderr is not None and process.stderr.read() == ""
        with pytest.raises(OSError):
            http.client.HTTPConnection("127.0.0.1", int(address[1]), timeout=2).connect()


def test_build_watch_builds_again_without_a_server(folder: Path) -> None:
    with _command("build", "--watch", str(folder)) as process:
        assert process.stdout is not None and process.stderr is not None
        assert "map.html" in process.stdout.readline()
        claims = folder / "claims.yaml"
        claims.write_text(claims.read_text().replace("A claim.", "A claim, corrected."))
        assert "map.html" in process.stdout.readline()
        assert "A claim, corrected." in (folder / "output" / "map.html").read_text()
        claims.write_text("- id: [")
        assert "claims.yaml:1:" in process.stderr.readline()
        assert "the maps from before are as they were" in process.stderr.readline()
        assert "A claim, corrected." in (folder / "output" / "map.html").read_text()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


def test_a_port_that_is_taken_is_a_wrong_command_line(folder: Path) -> None:
    with _serve(folder) as serving:
        port = serving.preview.address.rstrip("/").rpartition(":")[2]
        with _command("serve", "--port", port, str(folder)) as process:
            _, said = process.communicate(timeout=30)
            assert process.returncode == 2
            assert f"port {port} of 127.0.0.1 cannot be had" in said
            assert "Traceback" not in said
