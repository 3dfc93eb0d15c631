"""Draw smooth lines through few positions: the curves of routes and the arcs of relations.

In and out: positions in projected metres, x to the east and y to the north. These are drawings, not lines on
the ground.
"""

from __future__ import annotations

import numpy as np

from mapgen.projection import Floats

STEPS = 14
"""Positions drawn between two positions of a route."""

RISE = 0.16
"""Height of a relation's arc as a share of its length."""


def smooth(way: Floats) -> Floats:
    """Return a smooth curve through positions.

    Parameters
    ----------
    way : float array of shape (n, 2), n >= 2

    Returns
    -------
    float array of shape (m, 2)
        A centripetal Catmull-Rom spline, which passes through every position without loops or overshoot.

    Notes
    -----
    Barry, P. J. and Goldman, R. N. (1988), A recursive evaluation algorithm for a class of Catmull-Rom
    splines.
    """
    if len(way) < 3:
        return way
    points = np.vstack([2 * way[0] - way[1], way, 2 * way[-1] - way[-2]])
    knots = np.concatenate(
        [[0.0], np.cumsum(np.sqrt(np.maximum(np.hypot(*np.diff(points, axis=0).T), 1e-9)))]
    )
    pieces = [_piece(points[i : i + 4], knots[i : i + 4]) for i in range(len(points) - 3)]
    return np.vstack([*pieces, way[-1:]])


def _piece(points: Floats, knots: Floats) -> Floats:
    """Return the curve between the second and the third of four positions, without its end."""
    t = np.linspace(knots[1], knots[2], STEPS, endpoint=False)[:, None]
    t0, t1, t2, t3 = knots

    def between(left: Floats, right: Floats, start: float, stop: float) -> Floats:
        return ((stop - t) * left + (t - start) * right) / (stop - start)

    a1, a2, a3 = (between(points[i], points[i + 1], knots[i], knots[i + 1]) for i in range(3))
    return between(between(a1, a2, t0, t2), between(a2, a3, t1, t3), t1, t2)


def arc(here: Floats, there: Floats) -> Floats:
    """Return an arc from one position to another, bent to the left of the way there.

    Parameters
    ----------
    here, there : float array of shape (2,)

    Returns
    -------
    float array of shape (25, 2)
    """
    along = there - here
    peak = (here + there) / 2 + 2 * RISE * np.array([-along[1], along[0]])
    t = np.linspace(0, 1, 25)[:, None]
    return (1 - t) ** 2 * here + 2 * t * (1 - t) * peak + t**2 * there
