"""Coded arcs come back as they were; the page's script reads the same code (see test_browser_page)."""

from __future__ import annotations

import base64
import gzip
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.arccode import CodedArcs, decode_arcs, encode_arcs
from tests.projects import default_drawing

GRID = st.integers(-(2**28), 2**28) | st.integers(-100, 100)
STEPS = st.integers(-(2**20), 2**20) | st.integers(-200, 200)


@st.composite
def arcs_with_levels(draw: st.DrawFn) -> list[tuple[int, np.ndarray]]:
    """Arcs of a level each: between their ends, positions are whole steps of it from the first."""
    arcs = []
    for _ in range(draw(st.integers(0, 6))):
        level = draw(st.integers(0, 5))
        start = np.array(draw(st.tuples(GRID, GRID)))
        inner = draw(st.lists(st.tuples(STEPS, STEPS), max_size=8))
        positions = [start, *(start + np.array(step) * 2**level for step in inner)]
        if draw(st.booleans()):
            positions.append(np.array(draw(st.tuples(GRID, GRID))))
        arcs.append((level, np.array(positions, dtype=np.int64)))
    return arcs


def encode(arcs: list[tuple[int, np.ndarray]]) -> CodedArcs:
    positions = np.concatenate([np.zeros((0, 2), dtype=np.int64), *(arc for _, arc in arcs)])
    lengths = np.array([len(arc) for _, arc in arcs], dtype=np.int64)
    return encode_arcs(positions, lengths, np.array([level for level, _ in arcs], dtype=np.int64))


@given(arcs_with_levels())
def test_arcs_come_back(arcs: list[tuple[int, np.ndarray]]) -> None:
    positions, lengths = decode_arcs(encode(arcs))
    assert lengths.tolist() == [len(arc) for _, arc in arcs]
    assert positions.tolist() == [xy for _, arc in arcs for xy in arc.tolist()]


def test_every_step_but_wide_ones_takes_one_byte() -> None:
    narrow = np.array([[0, 0], [100, -100], [127, 27]])
    wide = np.array([[0, 0], [128, 0], [128 + 2**20, 0]])
    one, other = (len(zlib.decompress(base64.b64decode(encode([(0, arc)]).text))) for arc in (narrow, wide))
    assert one == 1 + 1 + 2 + 4
    # 128 takes 256, one more than the mark's 255: a byte; 2 ** 20 takes 2 ** 21 less 255: three.
    assert other == one + 1 + 3


def test_the_default_maps_arcs_take_few_bytes() -> None:
    """A sixth less, compressed, than variable-length numbers for all steps in x, then all in y."""
    arcs = default_drawing().arcs
    positions, lengths = decode_arcs(arcs)
    ends = np.cumsum(lengths)
    steps = np.diff(positions, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    plain = b"".join(
        int(number).to_bytes(2 if abs(number) > 63 else 1, "little", signed=True)
        for axis in (0, 1)
        for number in steps[:, axis]
        if abs(number) < 2**15
    )
    assert len(gzip.compress(arcs.text.encode(), 9)) < 0.87 * len(zlib.compress(plain, 9))
    assert ends[-1] == len(positions) == len(lengths) + sum(arcs.sizes) // 2


def test_a_damaged_text_is_refused() -> None:
    coded = encode([(0, np.array([[0, 0], [5, 5]]))])
    with pytest.raises((ValueError, zlib.error)):
        decode_arcs(CodedArcs(coded.text[:-8] + "AAAAAAA=", coded.arcs, coded.sizes))
