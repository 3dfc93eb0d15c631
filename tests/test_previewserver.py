"""The preview's server: who is neither its page nor its reader gets nothing and changes nothing."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from mapgen import previewserver
from mapgen.errors import Problem, UsageError
from mapgen.previewpage import Served
from mapgen.previewserver import LARGEST_BODY, PORT, TOKEN_HEADER, Server

SECRET = b"not for the preview"
PAGE = b"<!DOCTYPE html><title>A map</title>"


class Running:
    """A server in a thread, and requests to it, byte by byte."""

    def __init__(self, folder: Path, port: int | None = 0) -> None:
        self.asked: list[Mapping[str, Any]] = []
        self.server = Server(folder, {"save": self._save}, port)
        self.server.publish(Served({"map.html": PAGE}, {"map.html": "v1"}))
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def _save(self, asked: Mapping[str, Any]) -> tuple[HTTPStatus, Mapping[str, Any]]:
        self.asked.append(asked)
        return HTTPStatus.OK, {"saved": "one"}

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.server.server_port), timeout=10)

    def raw(self, request: bytes) -> tuple[int, bytes]:
        """Send bytes, and return the status and all that comes back; 0 if the connection is only closed."""
        with self.connect() as connection:
            answer = b""
            with suppress(OSError):  # cut off in the middle
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                while more := connection.recv(65536):
                    answer += more
        return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0, answer

    def get(self, path: str = "/map.html", method: str = "GET", **headers: str) -> tuple[int, bytes]:
        lines = {"Host": self.host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        return self.raw(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1"))

    def post(self, body: bytes = b"{}", path: str = "/~mapgen/save", **changes: str) -> int:
        own = {
            "Host": self.host,
            "Origin": f"http://{self.host}",
            TOKEN_HEADER: self.server.token,
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
        }
        headers = {**own, **{name.replace("_", "-"): value for name, value in changes.items()}}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
        return self.raw(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body)[0]

    def end(self) -> None:
        self.server.end()
        self.thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    output = tmp_path / "output"
    output.mkdir()
    (tmp_path / "secret.txt").write_bytes(SECRET)
    (output / "data.json").write_text("{}")
    (output / ".hidden").write_bytes(SECRET)
    (output / "link.txt").symlink_to(tmp_path / "secret.txt")
    (output / "folder").mkdir()
    (output / "folder" / "deep.txt").write_bytes(SECRET)
    (output / "up").symlink_to(tmp_path)
    os.mkfifo(output / "pipe")
    return output


@pytest.fixture
def running(folder: Path) -> Iterator[Running]:
    made = Running(folder)
    yield made
    made.end()


def test_maps_and_files_of_the_folder_are_served(running: Running) -> None:
    status, answer = running.get()
    assert (status, answer.endswith(b"\r\n\r\n" + PAGE)) == (200, True)
    assert running.get(Host=f"localhost:{running.server.server_port}")[0] == 200
    assert running.get("/map.html?x=1")[0] == 200
    assert running.get("/data.json")[1].endswith(b"\r\n\r\n{}")
    status, answer = running.get("/")
    assert status == 302 and b"\r\nLocation: /map.html\r\n" in answer
    status, answer = running.get(method="HEAD")
    assert status == 200 and answer.endswith(b"\r\n\r\n")
    assert running.get("/nothing.html")[0] == 404


def test_answers_are_not_kept_framed_or_shared(running: Running) -> None:
    _, answer = running.get()
    for header in (b"Cache-Control: no-store", b"X-Frame-Options: DENY", b"X-Content-Type-Options: nosniff"):
        assert header in answer
    assert b"Cross-Origin-Resource-Policy: same-origin" in answer
    assert b"Access-Control" not in answer
    assert b"Python" not in answer
    # What mapgen did not make shares nothing with the preview's pages, whatever it is.
    assert b"Content-Security-Policy: sandbox" in running.get("/data.json")[1]


HOSTS = [
    "evil.example",
    "evil.example:{port}",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.1.evil.example:{port}",
    "localhost.evil.example:{port}",
    "[::1]:{port}",
    "0.0.0.0:{port}",
    "user@127.0.0.1:{port}",
    "",
]


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_is_refused(running: Running, host: str) -> None:
    status, answer = running.get(Host=host.format(port=running.server.server_port))
    assert status == 403
    assert PAGE not in answer


def test_two_hosts_are_refused(running: Running) -> None:
    head = f"GET /map.html HTTP/1.1\r\nHost: {running.host}\r\nHost: evil.example\r\n\r\n"
    assert running.raw(head.encode())[0] == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://{host}", "http://localhost:1", "file://"]
)
def test_another_origin_is_refused(running: Running, origin: str) -> None:
    wrong = origin.format(host=running.host)
    assert running.get(Origin=wrong)[0] == 403
    assert running.get("/~mapgen/events", Origin=wrong)[0] == 403
    assert running.post(Origin=wrong) == 403
    assert running.asked == []


def test_other_sites_pages_may_link_and_nothing_else(running: Running) -> None:
    for dest in ("script", "image", "iframe", "empty", "style", "object"):
        headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": dest}
        assert running.get(**headers)[0] == 403
    assert running.get(**{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"})[0] == 200
    assert running.get(**{"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty"})[0] == 200
    assert running.get(**{"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document"})[0] == 200


OUT = [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/%252e%252e%252fsecret.txt",
    "/..%5csecret.txt",
    "/..\\secret.txt",
    "/folder/../../secret.txt",
    "/folder/deep.txt",
    "/./map.html/../../secret.txt",
    "//secret.txt",
    "/%00/../secret.txt",
    "/secret.txt%00.html",
    "/..%c0%afsecret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/link.txt",
    "/up/secret.txt",
    "/up",
    "/folder",
    "/pipe",
    "/.hidden",
    "/.mapgen-x",
    "http://evil.example/secret.txt",
    "file:///etc/passwd",
    "/etc/passwd",
    "//etc/passwd",
    "/C:/secret.txt",
    "/map.html/",
    "/~mapgen/",
    "/~mapgen/save",
    "*",
]


@pytest.mark.parametrize("path", OUT)
def test_no_path_leads_out_of_the_folder(running: Running, path: str) -> None:
    status, answer = running.get(path)
    assert status in (400, 404)
    assert SECRET not in answer and b"root:" not in answer


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "get"])
def test_other_methods_are_refused(running: Running, folder: Path, method: str) -> None:
    status, answer = running.get(method=method, Origin=f"http://{running.host}")
    assert status in (405, 501)
    assert b"Access-Control" not in answer
    assert sorted(os.listdir(folder)) == [".hidden", "data.json", "folder", "link.txt", "pipe", "up"]


def test_a_page_of_the_preview_may_ask(running: Running) -> None:
    assert running.post(b'{"a": 1}') == 200
    assert running.asked == [{"a": 1}]


WRONG: list[tuple[dict[str, Any], int]] = [
    ({TOKEN_HEADER: ""}, 403),
    ({TOKEN_HEADER: "guess"}, 403),
    ({TOKEN_HEADER: "\xff\xfe"}, 403),
    ({"Origin": ""}, 403),
    ({"Host": "evil.example"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Content-Type": "text/plain"}, 415),
    ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ({"Transfer-Encoding": "chunked"}, 415),
    ({"Content-Length": ""}, 411),
    ({"Content-Length": "-1"}, 411),
    ({"Content-Length": "1e3"}, 411),
    ({"Content-Length": str(LARGEST_BODY + 1)}, 413),
    ({"Content-Length": "9" * 30}, 413),
    ({"path": "/~mapgen/shutdown"}, 404),
    ({"path": "/map.html"}, 404),
    ({"body": b"[]"}, 400),
    ({"body": b"{"}, 400),
    ({"body": b"\xff"}, 400),
    ({"body": b"[" * 60_000}, 400),
]


@pytest.mark.parametrize(("changes", "status"), WRONG, ids=[str(changes)[:50] for changes, _ in WRONG])
def test_whoever_is_no_page_of_the_preview_changes_nothing(
    running: Running, changes: dict[str, Any], status: int
) -> None:
    assert running.post(**changes) == status
    assert running.asked == []


def test_oversized_requests_are_refused(running: Running) -> None:
    assert running.get("/" + "a" * 70_000)[0] in (0, 414)
    assert running.get(X_Long="a" * 70_000)[0] in (0, 431)
    assert running.get(**{f"X-{number}": "a" for number in range(200)})[0] in (0, 431)
    assert running.post(b"{" + b" " * (LARGEST_BODY + 10) + b"}") in (0, 413)
    assert running.asked == []
    assert running.get()[0] == 200


@pytest.mark.parametrize(
    "text",
    [b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET", b"GET /map.html\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"],
)
def test_what_is_no_request_gets_nothing(running: Running, text: bytes) -> None:
    _, answer = running.raw(text)
    assert PAGE not in answer
    assert running.get()[0] == 200


def test_slow_clients_are_cut_off_and_hold_nobody_up(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previewserver, "REQUEST_SECONDS", 0.5)
    with running.connect() as slow:
        start = time.monotonic()
        slow.sendall(b"GET /map.html HTTP/1.1\r\nHost: ")
        with pytest.raises(OSError):  # however the system says that the other end has gone
            while time.monotonic() < start + 8:
                slow.sendall(b"a")  # each byte in time, the whole never
                assert running.get()[0] == 200
                time.sleep(0.1)
        assert time.monotonic() - start < 5


def test_more_connections_than_there_may_be_are_let_go(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previewserver, "MOST_CONNECTIONS", 3)
    several = [running.connect() for _ in range(3)]
    time.sleep(0.2)
    assert running.get()[0] == 0
    for connection in several:
        connection.close()
    time.sleep(0.3)
    assert running.get()[0] == 200


def test_events_tell_what_is_served_now_and_each_change(running: Running) -> None:
    with running.connect() as connection:
        connection.sendall(f"GET /~mapgen/events HTTP/1.1\r\nHost: {running.host}\r\n\r\n".encode())
        stream = connection.makefile("rb")
        assert b"200" in stream.readline()
        head = b"".join(iter(stream.readline, b"\r\n"))
        assert b"Content-Type: text/event-stream" in head
        first = json.loads(stream.readline().removeprefix(b"data: "))
        assert first == {"versions": {"map.html": "v1"}, "problems": []}
        problem = Problem(None, "a\u2028 <b>\x07")
        running.server.publish(Served({"map.html": PAGE}, {"map.html": "v1"}, (problem,)))
        stream.readline()
        second = json.loads(stream.readline().removeprefix(b"data: "))
        assert second["problems"] == [{"at": "", "text": "a\\u2028 <b>\\x07"}]


def test_nothing_is_left_when_it_ends(folder: Path) -> None:
    before = set(threading.enumerate())
    running = Running(folder)
    host = running.host
    listening = running.connect()
    listening.sendall(f"GET /~mapgen/events HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    silent = running.connect()
    time.sleep(0.2)
    start = time.monotonic()
    running.end()
    assert time.monotonic() - start < 3
    deadline = time.monotonic() + 2
    while set(threading.enumerate()) - before and time.monotonic() < deadline:
        time.sleep(0.02)  # the clocks of requests that were cut short
    assert set(threading.enumerate()) <= before
    for connection in (listening, silent):
        connection.close()
    with pytest.raises(OSError):
        running.connect()
    again = Running(folder, int(host.rpartition(":")[2]))  # the port can be had again at once
    assert again.get()[0] == 200
    again.end()


def test_only_the_loopback_address_is_bound(running: Running) -> None:
    assert running.server.socket.getsockname()[0] == "127.0.0.1"
    assert running.server.address == f"http://{running.host}/"


def test_a_port_that_is_taken_is_told_and_the_usual_one_is_replaced(running: Running, folder: Path) -> None:
    taken = running.server.server_port
    with pytest.raises(UsageError, match=rf"port {taken} of 127\.0\.0\.1 cannot be had .* --port 0"):
        Server(folder, {}, taken)
    with socket.socket() as blocking:
        with suppress(OSError):  # if somebody else has it, so much the better
            blocking.bind(("127.0.0.1", PORT))
            blocking.listen()
        other = Server(folder, {})
        assert other.server_port not in (0, PORT)
        other.server_close()


def test_without_a_map_a_page_waits_for_one(running: Running) -> None:
    running.server.publish(Served({}, {}))
    status, answer = running.get("/")
    assert status == 200
    assert b"No map yet" in answer
    assert running.server.token.encode() in answer
