"""The parts of a picture around its map: title, legend, notes and footer, each laid out by itself.

In: the words of a page, and a width in pixels. Out: pieces that say how high they are. Where they stand on
the sheet is decided in `sheetwork`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from mapgen.languages import Words
from mapgen.page import ClaimView, Page
from mapgen.picture.claimwork import ClaimDrawer
from mapgen.picture.fonts import Fonts, Letters
from mapgen.picture.shapes import Shape, layer_sample, legend_sample
from mapgen.picture.styles import Styles
from mapgen.picture.typeset import (
    DROP,
    Line,
    balance_lines,
    break_lines,
    isolate,
    plain,
    reads_leftwards,
    shorten,
)

TITLE, NARROW_TITLE = Letters(26, "serif", 600), Letters(20, "serif", 600)
LEAD = Letters(14)
LEGEND = Letters(11.5)
NOTE, BYLINE, HEADING = Letters(12), Letters(11), Letters(12, weight=600)
FOOT = Letters(10)

NARROW = 640.0
"""Pixels below which titles are smaller."""

LEAD_WIDTH = 1000.0
MOST_TITLE_LINES = MOST_LEAD_LINES = 3
MOST_NOTE_LINES = 5
INDENT = 28.0
"""From the edge of a note to its text: the sign stands between."""

COLUMN = 330.0
"""Pixels that a column of notes takes at least."""

GUTTER = 28.0
SEPARATOR = " · "


@dataclass
class Piece:
    """A laid out part: shapes and lines from its upper left corner, its height, and the gap above it."""

    height: float = 0.0
    gap: float = 0.0
    shapes: list[Shape] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def add(self, other: Piece, x: float, y: float) -> None:
        """Put another piece into this one."""
        self.shapes += [shape.moved(x, y) for shape in other.shapes]
        self.lines += [replace(line, x=line.x + x, y=line.y + y) for line in other.lines]


@dataclass(frozen=True)
class SheetWriter:
    """Lays out the parts of one picture.

    Attributes
    ----------
    page : Page
    words : Words
    styles : Styles
    fonts : Fonts
    broad : frozenset of int
        Indexes of the claims that are about whole areas only.
    """

    page: Page
    words: Words
    styles: Styles
    fonts: Fonts
    broad: frozenset[int] = frozenset()

    @property
    def leftwards(self) -> bool:
        """Whether the page's language is written from right to left."""
        return self.words.direction == "rtl"

    def head(self, width: float) -> Piece:
        """Return title and lead."""
        piece = Piece()
        letters = TITLE if width >= NARROW else NARROW_TITLE
        self._flow(piece, self.page.title, letters, width, leading=1.18, most=MOST_TITLE_LINES, balanced=True)
        if self.page.lead:
            piece.height += 5
            room = min(width, LEAD_WIDTH)
            inset = width - room if reads_leftwards(self.page.lead) else 0.0
            lead = self.page.lead
            self._flow(piece, lead, LEAD, room, x=inset, most=MOST_LEAD_LINES, colour="soft", balanced=True)
        return piece

    def legend(self, width: float) -> Piece:
        """Return what signs, lines and areas mean: the layers, then the rest."""
        cells = [self._layer_cell(number) for number, _ in self._layers()]
        rest = [self._legend_cell(entry.kind, entry.text) for entry in self.page.legend]
        piece = Piece()
        for row in (cells, rest):
            self._wrap(piece, row, width)
        return piece

    def footer(self, width: float) -> Piece:
        """Return what stands under every map: it cannot be left out."""
        foot = self.page.footer
        said = [foot.worldview, foot.dataset, foot.as_of, foot.projection, self.words("footer.disclaimer")]
        said += [foot.credit, foot.made_with]
        piece = Piece()
        for text in _join(filter(None, map(plain, said))):
            self._flow(piece, text, FOOT, width, leading=1.4, colour="soft")
        return piece

    def notes(self, width: float) -> Piece:
        """Return the numbered claims in one column or several, of about the same height."""
        count = max(1, int((width + GUTTER) // (COLUMN + GUTTER)))
        column = (width - (count - 1) * GUTTER) / count
        columns = _balance(self._note_blocks(column), count)
        piece = Piece()
        for i, blocks in enumerate(columns):
            place = count - 1 - i if self.leftwards else i
            y = 0.0
            for number, block in enumerate(blocks):
                y += block.gap if number else 0.0
                piece.add(block, place * (column + GUTTER), y)
                y += block.height
            piece.height = max(piece.height, y)
        return piece

    # ---- the legend's cells

    def _layers(self) -> list[tuple[int, str]]:
        used = {claim.layer for claim in self.page.claims}
        return [(number, layer.title) for number, layer in enumerate(self.page.layers) if number in used]

    def _layer_cell(self, number: int) -> tuple[float, Piece]:
        return self._cell(layer_sample(self.styles, number), 34.0, self.page.layers[number].title, weight=600)

    def _legend_cell(self, kind: str, text: str) -> tuple[float, Piece]:
        return self._cell(legend_sample(self.styles, kind), 30.0, text)

    def _cell(
        self, samples: Sequence[Shape], room: float, text: str, weight: int = 400
    ) -> tuple[float, Piece]:
        """Return a sample with its text, and how wide both are."""
        letters = replace(LEGEND, weight=weight)
        shown = shorten(self.fonts, text, letters, 320.0)
        wide = self.fonts.width(shown, letters)
        total = room + 7 + wide
        piece = Piece(height=17.0)
        piece.shapes = [shape.moved(total - room if self.leftwards else 0.0, 8.5) for shape in samples]
        y = 8.5 + DROP * letters.size
        x = 0.0 if self.leftwards else room + 7
        piece.lines = [Line(x, y, isolate(shown), letters, "ink")]
        return total, piece

    def _wrap(self, piece: Piece, cells: Iterable[tuple[float, Piece]], width: float) -> None:
        """Put cells into rows."""
        x, gap, height = 0.0, 20.0, 0.0
        for wide, cell in cells:
            if x and x + wide > width:
                x, piece.height = 0.0, piece.height + cell.height + 1
            piece.add(cell, width - x - wide if self.leftwards else x, piece.height)
            x, height = x + wide + gap, cell.height + 1
        piece.height += height

    # ---- the notes

    def _note_blocks(self, width: float) -> list[Piece]:
        """Return a heading for each layer, kept with its first note, and a block for every other note."""
        blocks = []
        for number, title in self._layers():
            heading: Piece | None = self._heading(title, width)
            for claim in self.page.claims:
                if claim.layer != number:
                    continue
                note = self._note(claim, width)
                if heading is None:
                    blocks.append(note)
                    continue
                heading.add(note, 0.0, heading.height)
                heading.height += note.height
                blocks.append(heading)
                heading = None
        return blocks

    def _heading(self, title: str, width: float) -> Piece:
        piece = Piece(gap=8.0)
        self._flow(piece, title, HEADING, width, leading=1.35, most=2)
        piece.height += 4
        return piece

    def _note(self, claim: ClaimView, width: float) -> Piece:
        piece = Piece()
        x = 0.0 if self.leftwards else INDENT
        index = self.page.claims.index(claim)
        kind = "struck" if claim.status == "retracted" else ""
        self._flow(
            piece, claim.claim, NOTE, width - INDENT, x=x, leading=1.35, most=MOST_NOTE_LINES, kind=kind
        )
        self._flow(
            piece, self._byline(claim), BYLINE, width - INDENT, x=x, leading=1.35, most=2, colour="soft"
        )
        spot = (width - 9.0 if self.leftwards else 9.0, 9.5)
        drawer = ClaimDrawer(self.page.claims, self.styles, self.words)
        shapes, number = drawer.sign(claim, spot, broad=index in self.broad)
        piece.shapes += shapes
        piece.lines.append(number)
        piece.height = max(piece.height, 20.0) + 7
        return piece

    def _byline(self, claim: ClaimView) -> str:
        """Return who said it and when, as the page's list does."""
        who = self.words("list.comma").join(filter(None, [claim.speaker_name, claim.speaker_role]))
        status = "" if claim.status == "asserted" else self.words(f"status.{claim.status}")
        replaced = self.words("claim.superseded") if claim.superseded else ""
        said = [status, replaced, who or self.words("claim.no_speaker"), claim.date]
        return SEPARATOR.join(filter(None, said))

    def _flow(
        self,
        piece: Piece,
        text: str,
        letters: Letters,
        width: float,
        *,
        x: float = 0.0,
        leading: float = 1.4,
        most: int = 1000,
        colour: str = "ink",
        kind: str = "",
        balanced: bool = False,
    ) -> None:
        """Add lines of text at the end of a piece, in the text's own direction."""
        leftwards = reads_leftwards(text)
        step = leading * letters.size
        broken = balance_lines if balanced else break_lines
        for line in broken(self.fonts, text, letters, width, most=most):
            y = piece.height + step / 2 + DROP * letters.size
            place, anchor = (x + width, "end") if leftwards else (x, "start")
            piece.lines.append(
                Line(place, y, isolate(line.rstrip(SEPARATOR), leftwards), letters, colour, anchor, kind)
            )
            piece.height += step


def _join(sentences: Iterable[str]) -> list[str]:
    """Join sentences of one direction to paragraphs: each reads its own way."""
    joined: list[str] = []
    for sentence in sentences:
        if joined and reads_leftwards(joined[-1]) == reads_leftwards(sentence):
            joined[-1] += SEPARATOR + sentence
        else:
            joined.append(sentence)
    return joined


def _balance(blocks: Sequence[Piece], count: int) -> list[list[Piece]]:
    """Divide blocks into columns, in order, so that the highest column is as low as it can be."""
    low, high = max((block.height for block in blocks), default=0.0), sum(block.height for block in blocks)
    while high - low > 1:
        middle = (low + high) / 2
        low, high = (low, middle) if len(_fill(blocks, middle)) <= count else (middle, high)
    return _fill(blocks, high + 1)


def _fill(blocks: Sequence[Piece], height: float) -> list[list[Piece]]:
    columns: list[list[Piece]] = [[]]
    used = 0.0
    for block in blocks:
        used += block.gap if columns[-1] else 0.0
        if columns[-1] and used + block.height > height:
            columns.append([])
            used = 0.0
        columns[-1].append(block)
        used += block.height
    return columns
