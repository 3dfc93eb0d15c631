"""The preview: a project is built, served, and built again on each change; claims are added by pointing.

In: a project's path. Out: the maps at an address of this machine, and word of each build. The parts have
modules of their own: ``rebuilding`` builds, ``previewpage`` makes the served copies, ``previewserver``
answers, ``pointing`` turns places into claims.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any

from mapgen.errors import InputError
from mapgen.pointing import Pointing
from mapgen.previewpage import Served, describe, serve_pages
from mapgen.previewserver import Answer, Server
from mapgen.rebuilding import Built, Rebuilder


class Preview:
    """Builds and serves a project until it is closed.

    Parameters
    ----------
    project : Path
        A project file or its folder.
    output : Path, optional
        As `LoadedProject.build` takes it.
    port : int, optional
        0 for any that is free.

    Raises
    ------
    UsageError
        If the port cannot be had.
    """

    def __init__(self, project: Path, output: Path | None = None, port: int | None = None) -> None:
        self._rebuilder = Rebuilder(project, output)
        self._pointing = Pointing(self._rebuilder.file)
        actions = {
            "point": lambda asked: self._act(self._pointing.look, asked),
            "draft": lambda asked: self._act(self._pointing.draft, asked),
            "save": lambda asked: self._act(self._pointing.save, asked),
        }
        self._server = Server(self._rebuilder.output, actions, port)
        self._serving = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name="mapgen-serve", daemon=True
        )

    def __enter__(self) -> Preview:
        self._serving.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.end()
        self._serving.join()
        self._rebuilder.__exit__(kind, error, trace)

    @property
    def address(self) -> str:
        """Where a browser finds it, such as ``http://127.0.0.1:8000/``."""
        return self._server.address

    def builds(self) -> Iterator[Built]:
        """Yield each build once its maps are served; never ends by itself."""
        for built in self._rebuilder.builds():
            self._publish(built)
            yield built

    def _publish(self, built: Built) -> None:
        """Serve new maps; what is wrong is shown over the last good ones."""
        served = self._server.served
        pages, versions = served.pages, served.versions
        if not built.problems:
            made = {f"{each.name}.html": each.html for each in built.maps}
            pages, versions = serve_pages(made, self._server.token)
            self._pointing.project = built.project
        self._pointing.broken = bool(built.problems)
        self._server.publish(Served(pages, versions, built.problems))

    def _act(self, action: Any, asked: Mapping[str, Any]) -> Answer:
        """Answer a page's script; what is wrong is told, as in a build."""
        try:
            return HTTPStatus.OK, action(asked)
        except InputError as error:
            return HTTPStatus.UNPROCESSABLE_ENTITY, {"problems": describe(error.problems)}
