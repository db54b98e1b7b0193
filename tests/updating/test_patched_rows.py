"""Rows of pairs of which some are replaced: the same whether rows stay where they are or move."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.index.sparse_rows import SparseRows
from recommender.updating import patched_rows as kernels
from recommender.updating.patched_rows import patched_rows

PAIRS = st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1]))
ROWS = st.sets(st.integers(0, 9))


def entries(pairs, shift=0.0):
    both = sorted([(one, other) for pair in pairs for one, other in (pair, pair[::-1])])
    rows, columns = np.array(both, dtype=np.int32).reshape(-1, 2).T
    return (
        rows,
        columns,
        (np.minimum(rows, columns) * 10 + np.maximum(rows, columns) + shift).astype(np.float32),
    )


@pytest.fixture(autouse=True, params=["compiled", "checked"])
def kind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Compiled loops do not see that they leave an array; the same loops in Python do."""
    names = ("_spliced", "_patched") if request.param == "checked" else ()
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setattr(kernels, name, getattr(kernels, name).py_func)
        yield


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # loops are compiled
@given(PAIRS, PAIRS, ROWS, ROWS, st.integers(0, 3))
def test_entries_of_replaced_rows_are_the_new_ones_and_all_others_stay(old, new, gone, replaced, n_new):
    n_before = 10 - n_new
    old = {pair for pair in old if pair[1] < n_before}
    gone = {row for row in gone if row < n_before}
    replaced = (replaced | set(range(n_before, 10))) - gone
    new = {pair for pair in new if replaced & set(pair) and not gone & set(pair)}
    rows, columns, values = entries(old)
    indptr = np.searchsorted(rows, np.arange(n_before + 1))
    before = SparseRows(indptr.astype(np.int64), columns, values)
    stays = np.append(np.where(np.isin(np.arange(n_before), list(gone)), -1, np.arange(n_before)), -1).astype(
        np.int32
    )
    mask = np.zeros(10, dtype=np.bool_)
    mask[list(replaced)] = True

    expected = np.zeros((10, 10), dtype=np.float32)
    kept = {pair for pair in old if not (gone | replaced) & set(pair)}
    for found, shift in ((kept, 0.0), (new, 0.5)):
        where, others, strengths = entries(found, shift)
        expected[where, others] = strengths
    here = patched_rows(before, stays, mask, entries(new, 0.5))
    assert np.array_equal(here.to_csr(10).toarray(), expected)
    assert all(
        (np.diff(here.indices[a:b]) > 0).all() for a, b in zip(here.indptr, here.indptr[1:], strict=False)
    )

    left = [row for row in range(10) if row not in gone]  # rows that are gone make no hole
    moved = np.append(np.where(stays[:-1] < 0, -1, np.cumsum(stays[:-1] >= 0) - 1), -1).astype(np.int32)
    where, others, strengths = entries(new, 0.5)
    place = np.cumsum(~np.isin(np.arange(10), list(gone))).astype(np.int32) - 1
    there = patched_rows(before, moved, mask[left], (place[where], place[others], strengths))
    assert np.array_equal(there.to_csr(len(left)).toarray(), expected[np.ix_(left, left)])
