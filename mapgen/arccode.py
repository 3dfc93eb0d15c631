"""Code arcs of grid positions compactly, as text that a page carries, and read them back.

In: positions on the map's grid, arc by arc, and how coarse each arc's positions are. Out: base64 text, and
the sizes that its reader needs. The page's script (`assets/js/arcs.js`) reads the same code. Which positions
an arc has is decided in `generalise`.

The text is base64 of one zlib stream. Steps from one position to the next take a byte each, nearly always,
and lie in groups, by the arc's level, the axis, and the sign of the step before: coasts go on as they went.
Each group is compressed by a code of its own. That comes to within a few percent of their entropy, a sixth
less than steps as variable-length numbers in one row take.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

WIDE = 255
"""A step of this byte or more stands in full among the wide ones."""

SIGNS = (-1, 0, 1)


@dataclass(frozen=True, slots=True)
class CodedArcs:
    """Arcs as text, with what their reader needs to know beforehand.

    Attributes
    ----------
    text : str
        Base64 of a zlib stream.
    arcs : int
        Number of arcs.
    sizes : list of int
        How many steps each group has: by level, then axis (x, y), then sign of the step before (-, 0, +).
        Steps of arcs of level k are multiples of ``2 ** k``.
    """

    text: str
    arcs: int
    sizes: list[int]


def encode_arcs(positions: Ints, lengths: Ints, levels: Ints) -> CodedArcs:
    """Code arcs of grid positions.

    Parameters
    ----------
    positions : int array of shape (n, 2)
        Grid positions of all arcs, one arc after another. Positions between an arc's ends lie a multiple of
        ``2 ** level`` from its first one.
    lengths : int array of shape (arcs,)
        Number of positions of each arc, at least one.
    levels : int array of shape (arcs,)

    Returns
    -------
    CodedArcs
    """
    ends = np.cumsum(lengths)
    first, last = positions[ends - lengths], positions[ends - 1]
    inner = np.ones(len(positions), dtype=bool)
    inner[ends - lengths] = False
    level = np.repeat(levels, lengths)[:, None]
    steps = np.diff(positions, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)) >> level
    before = np.zeros_like(steps)
    before[1:] = np.where(inner[:-1, None], np.sign(steps[:-1]), 0)
    coded, before, at = _zigzag(steps[inner]), before[inner], level[inner, 0]
    present = int(levels.max(initial=-1)) + 1
    groups = [
        coded[(at == k) & (before[:, axis] == sign), axis]
        for k in range(present)
        for axis in (0, 1)
        for sign in SIGNS
    ]
    # What the last step of an arc lacks to its end, which other arcs share and is not rounded.
    rest = ((last - first) & ((1 << levels) - 1)[:, None])[levels > 0]
    starts = first.copy()
    starts[1:] -= last[:-1]
    starts = _zigzag(starts)
    chunks = [
        _varints(lengths),
        levels.astype(np.uint8).tobytes(),
        _varints(starts[:, 0]),
        _varints(starts[:, 1]),
        _varints(rest.ravel()),
        _varints(coded[coded >= WIDE] - WIDE),
        *(np.minimum(group, WIDE).astype(np.uint8).tobytes() for group in groups),
    ]
    text = base64.b64encode(_compress(chunks)).decode("ascii")
    return CodedArcs(text, len(lengths), [len(group) for group in groups])


def decode_arcs(coded: CodedArcs) -> tuple[Ints, Ints]:
    """Read arcs back.

    Parameters
    ----------
    coded : CodedArcs

    Returns
    -------
    positions : int array of shape (n, 2)
        Grid positions of all arcs, one arc after another.
    lengths : int array of shape (arcs,)
    """
    stream = _Stream(zlib.decompress(base64.b64decode(coded.text)))
    lengths = stream.varints(coded.arcs)
    levels = [stream.byte() for _ in range(coded.arcs)]
    starts = [stream.varints(coded.arcs), stream.varints(coded.arcs)]
    rest = iter(stream.varints(2 * sum(level > 0 for level in levels)))
    # Wide steps come before the groups, whose ends are known from the end of the stream.
    groups_at = len(stream.data) - sum(coded.sizes)
    wide = iter(stream.varints_until(groups_at))
    groups = []
    for size in coded.sizes:
        groups.append(iter(stream.data[groups_at : groups_at + size]))
        groups_at += size
    positions = []
    at = [0, 0]
    for arc, (length, level) in enumerate(zip(lengths, levels, strict=True)):
        at = [at[axis] + _unzigzag(starts[axis][arc]) for axis in (0, 1)]
        before = [0, 0]
        positions.append(tuple(at))
        for _ in range(length - 1):
            for axis in (0, 1):
                number = next(groups[6 * level + 3 * axis + before[axis] + 1])
                step = _unzigzag(number if number < WIDE else WIDE + next(wide))
                before[axis] = (step > 0) - (step < 0)
                at[axis] += step << level
            positions.append(tuple(at))
        if level:
            at = [at[0] + next(rest), at[1] + next(rest)]
            positions[-1] = tuple(at)
    return np.array(positions, dtype=np.int64).reshape(-1, 2), np.array(lengths, dtype=np.int64)


class _Stream:
    """Bytes that are read from the front."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def varint(self) -> int:
        number = shift = 0
        while (byte := self.byte()) > 0x7F:
            number |= (byte & 0x7F) << shift
            shift += 7
        return number | byte << shift

    def varints(self, count: int) -> list[int]:
        return [self.varint() for _ in range(count)]

    def varints_until(self, end: int) -> list[int]:
        found = []
        while self.at < end:
            found.append(self.varint())
        return found


def _compress(chunks: list[bytes]) -> bytes:
    """Compress chunks to one zlib stream, each by a code of its own."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_FILTERED)
    packed = [packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH) for chunk in chunks if chunk]
    return b"".join([*packed, packer.flush()])


def _zigzag(numbers: Ints) -> Ints:
    """Make signed numbers small non-negative ones: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return (numbers << 1) ^ (numbers >> 63)


def _unzigzag(number: int) -> int:
    return (number >> 1) ^ -(number & 1)


def _varints(numbers: Ints) -> bytes:
    """Code non-negative numbers as seven-bit groups, lowest first, the top bit set on all but the last."""
    size = np.ones(len(numbers), dtype=np.int64)
    for bits in range(7, 63, 7):
        size += numbers >= (1 << bits)
    number = np.repeat(numbers, size)
    group = np.arange(len(number)) - np.repeat(np.cumsum(size) - size, size)
    more = group < np.repeat(size, size) - 1
    return (((number >> (7 * group)) & 0x7F) | np.where(more, 0x80, 0)).astype(np.uint8).tobytes()
