"""A search graph out of lists of neighbours: few links a row, so chosen that no link is a detour of another."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.int8_products import dot
from recommender.index.nearest import product_of, row_of
from recommender.index.threads import on_all_threads, slices

__all__ = ["link", "linked", "product"]

_ROWS = 1_024


@njit(nogil=True, cache=True, inline="always")
def product(codes, row, signed):  # type: ignore[no-untyped-def]
    """Return the product of a row with signed codes, off by 128 times the sum of those."""
    width = codes.shape[1]
    return dot(codes.ctypes.data + row * width, signed.ctypes.data, width)


@njit(nogil=True, cache=True)
def _signed(codes, row, out):  # type: ignore[no-untyped-def]
    """Write the signed codes of a row; return what `product` with them is off by."""
    total = np.int64(0)
    for j in range(out.shape[0]):
        out[j] = np.int8(np.int32(codes[row, j]) - 128)
        total += out[j]
    return 128 * total


@njit(nogil=True, cache=True)
def choose(codes, candidates, products, squares, slack, links, signed):  # type: ignore[no-untyped-def]
    """Write into `links` those of `candidates`, best first, that are no detour; -1 for the rest.

    A candidate is a detour if it lies nearer to a link that is chosen already than `slack` of its way to the row. What
    is left of `links` is filled with detours, the nearest first (alpha pruning, Subramanya et al. 2019).
    """
    n_links, n_chosen = links.shape[0], 0
    skipped = np.zeros(candidates.shape[0], dtype=np.bool_)
    for place in range(candidates.shape[0]):
        if n_chosen == n_links:
            break
        far = squares - products[place]
        off = _signed(codes, candidates[place], signed)
        for chosen in range(n_chosen):
            if squares - (product(codes, links[chosen], signed) - off) < slack * far:
                skipped[place] = True
                break
        if not skipped[place]:
            links[n_chosen] = candidates[place]
            n_chosen += 1
    for place in range(candidates.shape[0]):
        if n_chosen == n_links:
            break
        if skipped[place]:
            links[n_chosen] = candidates[place]
            n_chosen += 1
    links[n_chosen:] = -1
    return n_chosen


@njit(nogil=True, cache=True)
def _choose_own(codes, keys, squares, slack, links):  # type: ignore[no-untyped-def]
    kept = keys.shape[1]
    candidates, products = np.empty(kept, np.int32), np.empty(kept, np.int64)
    signed = np.empty(codes.shape[1], np.int8)
    for i in range(keys.shape[0]):
        n = 0
        while n < kept and keys[i, n] != 0:
            candidates[n] = row_of(keys[i, n])
            products[n] = np.int64(product_of(keys[i, n]))
            n += 1
        choose(codes, candidates[:n], products[:n], squares, slack, links[i], signed)


@njit(nogil=True, cache=True)
def _returned(links, most):  # type: ignore[no-untyped-def]
    """Return for each row those that link to it, at most `most`, as they come: starts and rows."""
    n = links.shape[0]
    counts = np.zeros(n + 1, np.int64)
    for i in range(n):
        for j in range(links.shape[1]):
            if links[i, j] >= 0 and counts[links[i, j] + 1] < most:
                counts[links[i, j] + 1] += 1
    starts = np.cumsum(counts)
    filled = starts[:-1].copy()
    rows = np.empty(starts[-1], np.int32)
    for j in range(links.shape[1]):  # first links first: they are the nearest
        for i in range(n):
            to = links[i, j]
            if to >= 0 and filled[to] < starts[to + 1]:
                rows[filled[to]] = i
                filled[to] += 1
    return starts, rows


@njit(nogil=True, cache=True)
def _choose_both(codes, own, starts, rows, first, squares, slack, links):  # type: ignore[no-untyped-def]
    signed = np.empty(codes.shape[1], np.int8)
    for i in range(links.shape[0]):
        row = first + i
        back = rows[starts[row] : starts[row + 1]]
        both = np.empty(own.shape[1] + back.shape[0], np.int32)
        n = 0
        for j in range(own.shape[1]):
            if own[row, j] >= 0:
                both[n] = own[row, j]
                n += 1
        n_own = n
        for each in back:
            known = False
            for j in range(n_own):
                known = known or both[j] == each
            if not known:
                both[n] = each
                n += 1
        link(codes, row, both[:n], squares, slack, links[i], signed)


@njit(nogil=True, cache=True)
def link(codes, row, candidates, squares, slack, links, signed):  # type: ignore[no-untyped-def]
    """Write the links of a row, chosen among candidates in any order."""
    off = _signed(codes, row, signed)
    products = np.empty(candidates.shape[0], np.int64)
    for j in range(candidates.shape[0]):
        products[j] = product(codes, candidates[j], signed) - off
    order = np.argsort(-products, kind="mergesort")
    choose(codes, candidates[order], products[order], squares, slack, links, signed)


def linked(
    codes: NDArray[np.uint8],
    keys: NDArray[np.uint64],
    squares: float,
    n_links: int,
    slack: float,
    n_jobs: int | None,
) -> NDArray[np.int32]:
    """Return the links of every row, int32 (n, n_links), -1 where there are fewer.

    Parameters
    ----------
    codes : ndarray of uint8, shape (n, width)
    keys : ndarray of uint64, shape (n, kept)
        Lists of neighbours; see `Nearest`.
    squares : float
        Product of a vector's codes with themselves, for unit vectors.
    n_links : int
        Links a row may have; half of them are its own choice, and both sides are chosen from after that.
    slack : float
        Up to 1; the smaller, the longer the links that are kept.
    n_jobs : int or None
        Threads.
    """
    n = len(codes)
    own = np.empty((n, n_links // 2), np.int32)
    parts = slices(n, _ROWS)

    def choose_own() -> None:
        for part in parts:
            _choose_own(codes, keys[part], squares, slack, own[part])

    on_all_threads(choose_own, n_jobs)
    starts, rows = _returned(own, 2 * n_links)
    links = np.empty((n, n_links), np.int32)
    parts = slices(n, _ROWS)

    def choose_both() -> None:
        for part in parts:
            _choose_both(codes, own, starts, rows, part.start, squares, slack, links[part])

    on_all_threads(choose_both, n_jobs)
    return links
