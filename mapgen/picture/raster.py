"""Make a PNG of a picture: drawn by resvg, with what it shows written into the file.

In: SVG, fonts, a resolution, and texts. Out: the bytes of a PNG. The same SVG gives the same bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mapgen.errors import MissingExtraError, UsageError

SIGNATURE = b"\x89PNG\r\n\x1a\n"

CSS_DPI = 96.0
"""Pixels of an SVG in an inch."""

LEAST_DPI, MOST_DPI = 24.0, 1200.0

MOST_DOTS = 120_000_000
"""Dots that a PNG has at most: resvg takes four bytes of memory for each."""

METRES_PER_INCH = 0.0254


def render_png(
    svg: str, size: tuple[int, int], *, fonts: Iterable[Path], dpi: float, texts: Mapping[str, str]
) -> bytes:
    """Return a picture as PNG.

    Parameters
    ----------
    svg : str
    size : (int, int)
        Its width and height in pixels of 1/96 inch.
    fonts : iterable of Path
        Font files: no others are looked at.
    dpi : float
        Dots per inch: 96 gives one for each pixel.
    texts : mapping of str to str
        By PNG's keywords, such as ``Description``.

    Raises
    ------
    UsageError
        If that resolution gives too many dots, or next to none.
    MissingExtraError
        If resvg is not installed.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError as error:
        raise MissingExtraError("pictures", "resvg-py") from error
    check_dpi(dpi, size)
    made = svg_to_bytes(
        svg_string=svg,
        skip_system_fonts=True,
        font_files=[str(path) for path in fonts],
        zoom=dpi / CSS_DPI,
    )
    return b"".join([SIGNATURE, *_annotated(bytes(made), dpi, texts)])


def check_dpi(dpi: float, size: tuple[int, int]) -> None:
    """Raise a `UsageError` for a resolution that no picture can have."""
    if not LEAST_DPI <= dpi <= MOST_DPI:
        raise UsageError(f"dpi: {dpi:g}. Expected from {LEAST_DPI:g} to {MOST_DPI:g}.")
    dots = size[0] * size[1] * (dpi / CSS_DPI) ** 2
    if dots > MOST_DOTS:
        most = int(dpi * (MOST_DOTS / dots) ** 0.5)
        raise UsageError(f"dpi: {dpi:g} would make {dots:,.0f} dots. Expected {most} at most for this size.")


def _annotated(png: bytes, dpi: float, texts: Mapping[str, str]) -> Iterator[bytes]:
    """Yield the chunks of a PNG with its resolution and its texts before the first of its data."""
    dots = round(dpi / METRES_PER_INCH)
    own = [chunk(b"pHYs", struct.pack(">IIB", dots, dots, 1))]
    own += [chunk(b"iTXt", _international(keyword, text)) for keyword, text in texts.items() if text]
    for kind, data in read_chunks(png):
        if kind == b"IDAT" and own:
            yield from own
            own = []
        if kind not in (b"pHYs", b"iTXt", b"tEXt", b"zTXt", b"tIME"):
            yield chunk(kind, data)


def read_chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (kind, data) of each chunk of a PNG."""
    at = len(SIGNATURE)
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        yield kind, png[at + 8 : at + 8 + length]
        at += length + 12


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _international(keyword: str, text: str) -> bytes:
    """Return text as an iTXt chunk has it: not compressed, its language not told."""
    return keyword.encode("latin-1") + b"\0\0\0\0\0" + text.replace("\0", "").encode("utf-8", "replace")
