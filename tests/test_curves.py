"""Curves through few places: they pass where they must, and bend as they should."""

from __future__ import annotations

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mapgen.curves import RISE, STEPS, arc, smooth

WAYS = arrays.arrays(
    np.float64,
    st.tuples(st.integers(2, 6), st.just(2)),
    elements=st.integers(-5_000, 5_000).map(lambda kilometres: kilometres * 1000.0),
)


@given(WAYS)
def test_smooth_passes_through_every_position(way: np.ndarray) -> None:
    curve = smooth(way)
    assert np.isfinite(curve).all()
    for place in way:
        assert np.hypot(*(curve - place).T).min() < 1e-3


@given(WAYS)
def test_smooth_stays_near_the_straight_way(way: np.ndarray) -> None:
    steps = np.hypot(*np.diff(way, axis=0).T)
    assume(steps.min() > 0)
    reach = steps.max()
    curve = smooth(way)
    assert (curve.min(axis=0) >= way.min(axis=0) - reach).all()
    assert (curve.max(axis=0) <= way.max(axis=0) + reach).all()


def test_smooth_leaves_two_positions_alone() -> None:
    way = np.array([[0.0, 0.0], [1000.0, 500.0]])
    assert smooth(way).tolist() == way.tolist()


def test_smooth_has_no_corners() -> None:
    curve = smooth(np.array([[0.0, 0.0], [100e3, 0.0], [100e3, 100e3], [250e3, 100e3]]))
    assert len(curve) == 3 * STEPS + 1
    directions = np.unwrap(np.arctan2(*np.diff(curve, axis=0).T[::-1]))
    assert np.abs(np.diff(directions)).max() < np.radians(30)


def test_smooth_goes_straight_where_the_way_does() -> None:
    curve = smooth(np.array([[0.0, 0.0], [1e5, 1e5], [3e5, 3e5]]))
    assert curve[:, 0] == pytest.approx(curve[:, 1])


def test_stopping_twice_at_one_place_does_no_harm() -> None:
    curve = smooth(np.array([[0.0, 0.0], [1e5, 0.0], [1e5, 0.0], [2e5, 1e5]]))
    assert np.isfinite(curve).all()


def test_arc_bends_to_the_left() -> None:
    curve = arc(np.array([0.0, 0.0]), np.array([100.0, 0.0]))
    assert curve.shape == (25, 2)
    assert curve[0].tolist() == [0, 0]
    assert curve[-1].tolist() == [100, 0]
    assert curve[12] == pytest.approx([50, 100 * RISE])


def test_arcs_there_and_back_do_not_lie_on_each_other() -> None:
    here, there = np.array([0.0, 0.0]), np.array([300e3, 400e3])
    way, back = arc(here, there), arc(there, here)
    assert np.hypot(*(way[12] - back[12])) == pytest.approx(2 * RISE * 500e3)


def test_arc_to_itself_is_a_point() -> None:
    assert np.allclose(arc(np.ones(2), np.ones(2)), 1)
