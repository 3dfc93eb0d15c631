"""Set a document as PDF, by Typst.

In: a document. Out: the bytes of a PDF with embedded fonts, tags and a language; the maps in it are vectors.
Nothing is fetched: Typst gets a folder with this document's files and no packages.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from mapgen.errors import InputError, MissingExtraError
from mapgen.report.document import Document, Figure, walk
from mapgen.report.typstwriter import TypstWriter

VENDOR = Path(__file__).parent.parent / "vendor"
MAIN = "report.typ"


def write_pdf(document: Document) -> bytes:
    """Return a document as PDF.

    Raises
    ------
    MissingExtraError
        If Typst is not installed.
    InputError
        If Typst cannot set it.
    """
    try:
        import typst
    except ImportError as error:
        raise MissingExtraError("report", "typst") from error
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = TypstWriter(lambda figure: f"{figure}.pdf").document(document)
        (folder / MAIN).write_text(source, "utf-8")
        for node in walk(document.content):
            if isinstance(node, Figure):
                (folder / f"{node.name}.pdf").write_bytes(node.picture.pdf())
        try:
            made: bytes = typst.compile(
                str(folder / MAIN),
                root=str(folder),
                font_paths=[str(VENDOR)],
                package_path=str(folder),
                package_cache_path=str(folder),
                timestamp=0,
            )
        except (typst.TypstError, RuntimeError) as error:
            raise InputError(f"the report cannot be set as PDF: {error}") from error
    return made
