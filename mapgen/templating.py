"""Read the package's templates: one way for all of them, escaped, strict, and compiled once.

In: nothing but the templates of this package. Out: a jinja2 environment. What is rendered is the work of
`layers` and `page`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket

TEMPLATES = Path(__file__).parent / "templates"


class CompiledTemplates(jinja2.BytecodeCache):
    """Keeps compiled templates where Python keeps compiled modules, if that can be written to."""

    folder = TEMPLATES / "__pycache__"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a compiled template; one of another text or another jinja2 is left alone."""
        with suppress(OSError), (self.folder / bucket.key).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template, whole or not at all."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                bucket.write_bytecode(file)
            os.replace(file.name, self.folder / bucket.key)


def make_environment(finalize: Callable[[Any], Any] | None = None) -> jinja2.Environment:
    """Return an environment in which every expression is escaped and every missing name is an error.

    Parameters
    ----------
    finalize : callable, optional
        What each printed value goes through first.
    """
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        bytecode_cache=CompiledTemplates(),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
