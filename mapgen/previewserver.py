"""Serve a preview on the loopback address: to this machine's own browsers, and to no other site's pages.

In: requests. Out: the maps of the output folder, events for open pages, and answers to their script. What
another site or another host name might ask for is refused before it is looked at: foreign ``Host`` and
``Origin``, paths that lead out of the folder, symbolic links, other methods, large or slow requests, and any
change without the token that only the served pages hold. What a change does is not known here. Whoever else
is logged in to this machine can ask too: a loopback address belongs to all of them.
"""

from __future__ import annotations

import json
import mimetypes
import os
import secrets
import socket
import stat
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from mapgen import __version__
from mapgen.errors import UsageError
from mapgen.previewpage import PATH, Served, to_event, waiting_page

LOOPBACK = "127.0.0.1"
PORT = 8000
MOST_CONNECTIONS = 64
REQUEST_SECONDS = 10.0
"""How long a client may take to say what it wants, all in all."""
ALIVE_SECONDS = 15.0
LARGEST_BODY = 64 * 1024
LARGEST_FILE = 64 * 1024 * 1024
TOKEN_HEADER = "X-Mapgen-Token"
SAME = frozenset({"same-origin", "none"})
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Connection": "close",
}

Answer = tuple[HTTPStatus, Mapping[str, Any]]
Action = Callable[[Mapping[str, Any]], Answer]


class Server(ThreadingHTTPServer):
    """What is served now, and to whom.

    Parameters
    ----------
    folder : Path
        The output folder.
    actions : mapping of str to callable
        What the pages' script may ask for, by name: from JSON to JSON.
    port : int, optional
        0 for any that is free; by default `PORT`, or any if that one is taken.

    Raises
    ------
    UsageError
        If the port cannot be had.
    """

    daemon_threads = False
    block_on_close = True
    allow_reuse_address = os.name != "nt"  # on Windows that would share the port with another program
    request_queue_size = 32

    def __init__(self, folder: Path, actions: Mapping[str, Action], port: int | None = None) -> None:
        self.folder, self.actions = folder, actions
        self.token = secrets.token_urlsafe(32)
        self.served = Served({}, {})
        self.ended = False
        self.news = threading.Condition()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__((LOOPBACK, 0), Handler, bind_and_activate=False)
        self._bind(port)
        own = {LOOPBACK, "localhost"}
        self.hosts = {f"{name}:{self.server_port}" for name in own} | (
            own if self.server_port == 80 else set()
        )

    @property
    def address(self) -> str:
        """Where a browser finds the preview."""
        return f"http://{LOOPBACK}:{self.server_port}/"

    def publish(self, served: Served) -> None:
        """Serve something else from now on, and tell open pages."""
        with self.news:
            self.served = served
            self.news.notify_all()

    def wait_for_news(self, told: Served) -> None:
        """Wait until something else is served, or for some time."""
        with self.news:
            self.news.wait_for(lambda: self.ended or told is not self.served, ALIVE_SECONDS)

    def end(self) -> None:
        """Stop serving: no connection, no thread and no port is left."""
        with self.news:
            self.ended = True
            self.news.notify_all()
        self.shutdown()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Take a connection, unless there are too many."""
        with self._lock:
            if len(self._open) >= MOST_CONNECTIONS:
                return False
            self._open.add(request)
            return True

    def shutdown_request(self, request: Any) -> None:
        """Let a connection go."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that go away in the middle."""

    def _bind(self, port: int | None) -> None:
        for wanted in (PORT, 0) if port is None else (port,):
            try:
                self.server_address = (LOOPBACK, wanted)
                self.server_bind()
                self.server_activate()
                return
            except OSError as error:
                reason = error.strerror or type(error).__name__
                if wanted == 0 or port is not None:
                    self.server_close()
                    remedy = "Name another with --port, or --port 0 for any that is free."
                    raise UsageError(
                        f"port {wanted} of {LOOPBACK} cannot be had ({reason}). {remedy}"
                    ) from None
                self.socket.close()
                self.socket = socket.socket(self.address_family, self.socket_type)

    def server_bind(self) -> None:
        """Bind without looking up the machine's name."""
        if self.allow_reuse_address:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = LOOPBACK, int(self.server_address[1])


class Refused(Exception):
    """A request that is not answered, and why."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server
    server_version = f"mapgen/{__version__}"
    sys_version = ""
    timeout = REQUEST_SECONDS

    def setup(self) -> None:
        """Give the whole request a time, not each of its bytes."""
        super().setup()
        self._deadline = threading.Timer(REQUEST_SECONDS, self._hang_up)
        self._deadline.daemon = True
        self._deadline.start()

    def finish(self) -> None:
        """Forget the time that was given."""
        self._deadline.cancel()
        with suppress(OSError):
            super().finish()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def do_GET(self) -> None:
        """Answer with a map, a file of the output folder, or the events."""
        self._answer(self._get)

    def do_HEAD(self) -> None:
        """Answer as to GET, without the content."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """Do what a served page's script asks for."""
        self._answer(self._post)

    def _other(self) -> None:
        self._answer(self._refuse_method)

    do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_TRACE = do_CONNECT = _other

    def _refuse_method(self) -> None:
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "GET, HEAD and POST are understood")

    def _answer(self, act: Callable[[], None]) -> None:
        try:
            self._check_client()
            act()
        except Refused as refused:
            self._send(refused.status, f"{refused.why}\n".encode(), "text/plain; charset=utf-8")
        except OSError:
            self.close_connection = True

    def _check_client(self) -> None:
        """Refuse what comes from neither a page of this preview nor an address typed in."""
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1 or hosts[0].lower() not in self.server.hosts:
            raise Refused(
                HTTPStatus.FORBIDDEN, "another host's name: open the address that mapgen serve prints"
            )
        origins = self.headers.get_all("Origin") or []
        if any(origin != f"http://{hosts[0].lower()}" for origin in origins):
            raise Refused(HTTPStatus.FORBIDDEN, "asked by another site")
        opened = self.headers.get("Sec-Fetch-Dest") == "document" and self.command == "GET"
        if self.headers.get("Sec-Fetch-Site", "none") not in SAME and not opened:
            raise Refused(HTTPStatus.FORBIDDEN, "asked by another site")

    def _get(self) -> None:
        path = self._path()
        served = self.server.served
        if path == f"{PATH}events":
            self._tell_news()
        elif path == "/":
            first = next(iter(served.pages), None)
            if first is None:
                self._send_page(waiting_page(self.server.token))
            else:
                self._send(HTTPStatus.FOUND, b"", "text/plain", {"Location": f"/{first}"})
        elif path[1:] in served.pages:
            self._send_page(served.pages[path[1:]])
        else:
            self._send_file(path)

    def _path(self) -> str:
        """Return the path of the request, decoded once, with nothing in it that leads elsewhere."""
        raw = self.path.partition("?")[0].partition("#")[0]
        try:
            path = unquote_to_bytes(raw).decode("utf-8")
        except UnicodeDecodeError:
            raise Refused(HTTPStatus.BAD_REQUEST, "the path is no UTF-8") from None
        strange = any(ord(character) < 32 or character in "\\:\x7f" for character in path)
        if not path.startswith("/") or strange or any(part.startswith(".") for part in path.split("/")):
            raise Refused(HTTPStatus.NOT_FOUND, "there is no such page")
        return path

    def _send_file(self, path: str) -> None:
        """Send a regular file that lies in the output folder itself; links are not followed."""
        name = path[1:]
        if not name or "/" in name:
            raise Refused(HTTPStatus.NOT_FOUND, "there is no such page")
        content = _read_regular(self.server.folder / name)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        # Whatever else lies in the folder is shown, and shares nothing with the preview's own pages.
        self._send(HTTPStatus.OK, content, kind, {"Content-Security-Policy": "sandbox allow-scripts"})

    def _tell_news(self) -> None:
        """Keep telling an open page what is served, until it goes or the preview ends."""
        self._deadline.cancel()
        self._begin(HTTPStatus.OK, "text/event-stream", {})
        if self.command == "HEAD":
            return
        told: Served | None = None
        while not self.server.ended:
            if told is not self.server.served:
                told = self.server.served
                self.wfile.write(to_event(told.event()))
            else:
                self.wfile.write(b": still here\n\n")
            self.wfile.flush()
            self.server.wait_for_news(told)

    def _post(self) -> None:
        if not self.headers.get("Origin"):
            raise Refused(HTTPStatus.FORBIDDEN, "asked by no page of this preview")
        token = self.headers.get(TOKEN_HEADER, "")
        if not secrets.compare_digest(token.encode("utf-8", "replace"), self.server.token.encode()):
            raise Refused(HTTPStatus.FORBIDDEN, "asked by no page of this preview: load the page again")
        path = self._path()
        action = self.server.actions.get(path.removeprefix(PATH)) if path.startswith(PATH) else None
        if action is None:
            raise Refused(HTTPStatus.NOT_FOUND, "there is no such action")
        status, answer = action(self._body())
        self._send(status, json.dumps(answer, ensure_ascii=True).encode("ascii"), "application/json")

    def _body(self) -> Mapping[str, Any]:
        """Read the JSON that a request carries."""
        if self.headers.get_content_type() != "application/json" or "Transfer-Encoding" in self.headers:
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "expected JSON")
        lengths = self.headers.get_all("Content-Length") or []
        if len(lengths) != 1 or not (lengths[0].isascii() and lengths[0].isdigit()):
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "expected the length of what is sent")
        if len(lengths[0]) > 9 or int(lengths[0]) > LARGEST_BODY:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"expected at most {LARGEST_BODY} bytes")
        try:
            value = json.loads(self.rfile.read(int(lengths[0])))
        except (ValueError, RecursionError):
            raise Refused(HTTPStatus.BAD_REQUEST, "what is sent is no JSON") from None
        if not isinstance(value, dict):
            raise Refused(HTTPStatus.BAD_REQUEST, "expected an object")
        return value

    def _send_page(self, page: bytes) -> None:
        self._send(HTTPStatus.OK, page, "text/html; charset=utf-8")

    def _begin(self, status: HTTPStatus, kind: str, more: Mapping[str, str]) -> None:
        self.close_connection = True
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": kind, **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(
        self, status: HTTPStatus, content: bytes, kind: str, more: Mapping[str, str] | None = None
    ) -> None:
        self._deadline.cancel()
        self._begin(status, kind, {"Content-Length": str(len(content)), **(more or {})})
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: what is asked for is nobody's business."""


def _read_regular(path: Path) -> bytes:
    """Return the content of a regular file; a link is refused, whatever it leads to."""
    nowhere = Refused(HTTPStatus.NOT_FOUND, "there is no such page")
    flags = (getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
    try:
        if path.is_symlink():  # for systems without O_NOFOLLOW
            raise nowhere
        descriptor = os.open(path, sum(flags, os.O_RDONLY))
    except (OSError, ValueError):
        raise nowhere from None
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise nowhere
        if about.st_size > LARGEST_FILE:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the file is too large to be previewed")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)
