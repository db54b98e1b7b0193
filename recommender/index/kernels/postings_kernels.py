"""Compiled loops of `Postings`."""

from __future__ import annotations

import numpy as np
from numba import njit

from recommender.index.kernels.similarity_keys import packed, select, unpacked

__all__ = ["answer", "list_rows", "listed_starts", "merge_rows", "thresholds"]


@njit(nogil=True, cache=True)
def thresholds(indptr, data, n_postings):  # type: ignore[no-untyped-def]
    """Return the threshold of each term; see `fit_thresholds`."""
    bars = np.zeros(indptr.shape[0] - 1, dtype=np.float32)
    for term in range(bars.shape[0]):
        values = data[indptr[term] : indptr[term + 1]]
        if values.shape[0] > n_postings:
            bar = np.partition(values, values.shape[0] - n_postings)[values.shape[0] - n_postings]
            n_listed = 0
            for value in values:
                n_listed += value >= bar
            bars[term] = bar if n_listed <= 2 * n_postings else np.nextafter(bar, np.float32(np.inf))
    return bars


@njit(nogil=True, cache=True)
def listed_starts(matrix, thresholds):  # type: ignore[no-untyped-def]
    """Return where the rows of each term start among those that all terms list."""
    indptr, indices, data = matrix
    starts = np.zeros(thresholds.shape[0] + 1, dtype=np.int64)
    for entry in range(indptr[0], indptr[-1]):
        starts[indices[entry] + 1] += data[entry] >= thresholds[indices[entry]]
    return np.cumsum(starts)


@njit(nogil=True, cache=True)
def list_rows(matrix, thresholds, ends, rows, levels):  # type: ignore[no-untyped-def]
    """Write the rows that each term lists, as the arrays of `Postings`. `ends` are the starts, which move on."""
    indptr, indices, data = matrix
    for row in range(indptr.shape[0] - 1):
        for entry in range(indptr[row], indptr[row + 1]):
            term = indices[entry]
            if data[entry] >= thresholds[term]:
                place = ends[term]
                rows[place] = row
                levels[place] = np.uint8(np.ceil(255 * np.sqrt(min(data[entry], np.float32(1.0)))))
                ends[term] = place + 1


@njit(nogil=True, cache=True)
def merge_rows(old, new, moved, added):  # type: ignore[no-untyped-def]
    """Return the arrays of two `Postings` as those of one; see `Postings.merged`."""
    starts = np.zeros(old.starts.shape[0], dtype=np.int64)
    n_most = old.rows.shape[0] + new.rows.shape[0]
    rows, levels = np.empty(n_most, dtype=np.int32), np.empty(n_most, dtype=np.uint8)
    place = 0
    for term in range(starts.shape[0] - 1):
        entry, last = new.starts[term], new.starts[term + 1]
        for at in range(old.starts[term], old.starts[term + 1]):
            row = moved[old.rows[at]]
            if row < 0:
                continue
            while entry < last and added[new.rows[entry]] < row:
                rows[place], levels[place] = added[new.rows[entry]], new.levels[entry]
                entry, place = entry + 1, place + 1
            rows[place], levels[place] = row, old.levels[at]
            place += 1
        while entry < last:
            rows[place], levels[place] = added[new.rows[entry]], new.levels[entry]
            entry, place = entry + 1, place + 1
        starts[term + 1] = place
    return starts, rows[:place].copy(), levels[:place].copy()


@njit(nogil=True, cache=True)
def answer(index, queries, own, n_terms, scratch, found):  # type: ignore[no-untyped-def]
    """Write the nearest rows of each query into `found`, best first; `own` rows are left out."""
    starts, listed, levels = index
    squares = np.empty(256, dtype=np.float32)
    for level in range(256):
        squares[level] = level * level
    indptr, indices, data = queries
    sums, touched = scratch
    bit, bits = np.empty(1, dtype=np.float32), np.empty(found.shape[1], dtype=np.uint32)
    for query in range(found.shape[0]):
        terms = indices[indptr[query] : indptr[query + 1]]
        weights = data[indptr[query] : indptr[query + 1]]
        n_touched = np.uint64(0)
        for entry in np.argsort(-weights, kind="mergesort")[:n_terms]:
            term, weight = terms[entry], weights[entry]
            if not weight > 0:  # the sum of a row that is touched must not be zero
                continue
            for place in range(starts[term], starts[term + 1]):
                row = listed[place]
                touched[n_touched] = row  # without a branch: a row that was touched before is overwritten
                n_touched += np.uint64(sums[row] == 0.0)
                sums[row] += weight * squares[levels[place]]
        keys = np.empty(n_touched, dtype=np.uint64)
        n_keys = 0
        for place in range(n_touched):
            row = touched[place]
            if row != own[query]:
                bit[0] = sums[row]
                keys[n_keys] = packed(bit.view(np.uint32)[0], row)
                n_keys += 1
            sums[row] = 0.0
        select(keys[:n_keys], found.shape[1])
        n_kept = min(n_keys, found.shape[1])
        unpacked(np.sort(keys[:n_kept])[::-1], bits, found[query])
