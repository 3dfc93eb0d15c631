"""The letters of pictures: which font files there are, how wide a text is, and which letters are missing.

In: texts and how they are set. Out: widths in pixels, as the text is shaped, and fonts cut down to the
letters in use. The fonts come with mapgen, so that a picture is the same on every machine; a user's own are
added for letters that they lack. Where a text goes is not decided here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mapgen.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from types import ModuleType

VENDOR = Path(__file__).parent.parent / "vendor"

Family = Literal["sans", "serif"]

FACES: dict[tuple[str, int, bool], str] = {
    ("Noto Sans", 400, False): "noto-sans/NotoSans-Regular.ttf",
    ("Noto Sans", 600, False): "noto-sans/NotoSans-SemiBold.ttf",
    ("Noto Sans", 400, True): "noto-sans/NotoSans-Italic.ttf",
    ("Noto Serif", 600, False): "noto-serif/NotoSerif-SemiBold.ttf",
    ("Vazirmatn", 400, False): "vazirmatn/Vazirmatn-Regular.ttf",
    ("Vazirmatn", 600, False): "vazirmatn/Vazirmatn-SemiBold.ttf",
}
"""Font files by family, weight and slant."""

MOST_OWN = 8
LARGEST_OWN = 30_000_000

ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")

JOINED = re.compile("[\u0600-\u08ff\u0900-\u0dff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufeff]")
"""Letters that join, and are never set apart."""

INVISIBLE = {"Cf", "Mn", "Me", "Zs", "Cc"}
"""Categories of characters that need no letter of their own: controls, marks, spaces."""


@dataclass(frozen=True, slots=True)
class Letters:
    """How a text is set.

    Attributes
    ----------
    size : float
        In pixels.
    family : {"sans", "serif"}
    weight : {400, 600}
    italic : bool
    spacing : float
        Between letters, in pixels. Letters that join have none.
    """

    size: float
    family: Family = "sans"
    weight: int = 400
    italic: bool = False
    spacing: float = 0.0


@dataclass(frozen=True)
class Face:
    """One font file."""

    path: Path
    family: str
    weight: int = 400
    italic: bool = False

    @cached_property
    def font(self) -> Any:
        """The font as HarfBuzz reads it."""
        harfbuzz = _harfbuzz()
        return harfbuzz.Font(harfbuzz.Face(harfbuzz.Blob.from_file_path(str(self.path))))

    @cached_property
    def characters(self) -> frozenset[int]:
        """The characters that it has letters for."""
        return frozenset(self.font.face.unicodes)

    @cached_property
    def em(self) -> int:
        """Font units in the size of its letters."""
        return int(self.font.face.upem)


class Fonts:
    """The fonts of a picture.

    Parameters
    ----------
    own : sequence of Path
        A user's font files, for letters that those of mapgen lack.

    Raises
    ------
    InputError
        If one of them is no font.
    MissingExtraError
        If HarfBuzz is not installed.
    """

    def __init__(self, own: Sequence[Path] = ()) -> None:
        _harfbuzz()
        self.own = tuple(_own_face(path) for path in own)
        self.faces = (*_faces().values(), *self.own)

    def chain(self, letters: Letters, text: str) -> list[Face]:
        """Return the fonts that are asked for a text's letters, in this order."""
        latin = "Noto Serif" if letters.family == "serif" else "Noto Sans"
        named = ["Vazirmatn", latin] if ARABIC.search(text) else [latin, "Vazirmatn"]
        return [*(_closest(family, letters) for family in named), *self.own]

    def families(self, letters: Letters, text: str) -> str:
        """Return the font families of a text, as SVG names them."""
        generic = "serif" if letters.family == "serif" else "sans-serif"
        return ", ".join([*(f"'{face.family}'" for face in self.chain(letters, text)), generic])

    def width(self, text: str, letters: Letters) -> float:
        """Return how wide a text is, in pixels, shaped and set in one line."""
        return self._width(text, letters)

    def missing(self, text: str) -> set[str]:
        """Return the characters of a text that no font has a letter for."""
        return {
            each
            for each in set(text)
            if unicodedata.category(each) not in INVISIBLE
            and not any(ord(each) in face.characters for face in self.faces)
        }

    def runs(self, text: str, letters: Letters) -> list[tuple[Face, str]]:
        """Return a text in pieces, each with the font that has its letters."""
        return list(_runs(text, self.chain(letters, text)))

    @lru_cache(maxsize=20_000)  # noqa: B019 - a picture's fonts live as long as the picture is made
    def _width(self, text: str, letters: Letters) -> float:
        advance = sum(_advance(face, run) / face.em for face, run in self.runs(text, letters))
        return advance * letters.size + letters.spacing * len(text)


def is_joined(text: str) -> bool:
    """Tell whether a text has letters that join, such as Arabic ones."""
    return bool(JOINED.search(text))


def cut_font(face: Face, text: Iterable[str]) -> bytes:
    """Return a font with the letters of a text only, as TrueType; the same letters give the same bytes."""
    harfbuzz = _harfbuzz()
    wanted = harfbuzz.SubsetInput()
    wanted.unicode_set.update({ord(each) for each in text} & face.characters)
    return bytes(harfbuzz.subset(face.font.face, wanted).blob.data)


def _runs(text: str, chain: Sequence[Face]) -> Iterable[tuple[Face, str]]:
    """Yield a text in pieces, each with the first font that has its letters; marks stay with their letter."""
    if all(ord(each) in chain[0].characters for each in text):
        yield from [(chain[0], text)] if text else []
        return
    face, piece = chain[0], ""
    for each in text:
        code = ord(each)
        own = face
        if unicodedata.category(each) not in INVISIBLE:
            own = next((one for one in chain if code in one.characters), chain[0])
        if own is not face and piece:
            yield face, piece
            piece = ""
        face, piece = own, piece + each
    if piece:
        yield face, piece


def _advance(face: Face, text: str) -> int:
    harfbuzz = _harfbuzz()
    buffer = harfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    harfbuzz.shape(face.font, buffer, {})
    return sum(position.x_advance for position in buffer.glyph_positions)


def _closest(family: str, letters: Letters) -> Face:
    """Return the face of a family that is nearest to what is wanted."""
    faces = _faces()
    for key in ((family, letters.weight, letters.italic), (family, letters.weight, False)):
        if key in faces:
            return faces[key]
    return next(face for key, face in faces.items() if key[0] == family)


@cache
def _faces() -> dict[tuple[str, int, bool], Face]:
    return {key: Face(VENDOR / path, *key) for key, path in FACES.items()}


def _own_face(path: Path) -> Face:
    """Read a user's font file: TrueType or OpenType, as SVG, PNG and PDF can take it."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise InputError(f"{path}: the font cannot be read ({error.strerror})") from error
    if start not in (b"\0\1\0\0", b"OTTO", b"true") or size > LARGEST_OWN:
        raise InputError(
            f"{path}: not a font that pictures can use. Expected a TrueType or OpenType file (.ttf, .otf)."
        )
    face = Face(path, "")
    try:
        named = face.font.face.get_name(_harfbuzz().OTNameIdPredefined.FONT_FAMILY) or ""
    except Exception as error:
        raise InputError(f"{path}: the font cannot be read") from error
    family = re.sub(r"[^\w .-]", "", named).strip()
    if not family or not face.characters:
        raise InputError(f"{path}: the font has no name or no letters")
    return Face(path, family)


def _harfbuzz() -> ModuleType:
    """Return HarfBuzz, which shapes and measures letters."""
    try:
        import uharfbuzz
    except ImportError as error:
        raise MissingExtraError("pictures", "uharfbuzz") from error
    return uharfbuzz  # type: ignore[no-any-return]
