"""Values of code columns as text; which columns are found is tested with files, in ``test_boundaries.py``."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mapgen.codecolumns import CODE_COLUMNS, NAME_COLUMNS, PAIRED, as_text


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (["KGZ", " TJK ", None], ["KGZ", "TJK", ""]),
        ([1, 2, 3], ["1", "2", "3"]),
        ([1.0, np.nan, 30.0], ["1", "", "30"]),
        ([1.5, 2.0], ["1.5", "2.0"]),
        ([None, None], ["", ""]),
        (["007", "-99"], ["007", "-99"]),
    ],
)
def test_values_as_text(values: list[object], text: list[str]) -> None:
    assert as_text(pd.Series(values)).tolist() == text


def test_finer_levels_come_before_coarser_ones() -> None:
    """A file of districts names its country in every row."""
    order = [CODE_COLUMNS.index(column) for column in ("GID_2", "GID_1", "GID_0")]
    assert order == sorted(order)
    assert all(name in NAME_COLUMNS or level == "GID_3" for level, names in PAIRED.items() for name in names)
    assert set(PAIRED) - {"GID_3"} <= set(CODE_COLUMNS)
