"""Choice of the links of a search graph: near rows in different directions (alpha pruning, Subramanya et al. 2019)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.int8_products import dot
from recommender.index.kernels.neighbour_lists import product_of, row_of

__all__ = ["Backlinks", "LinkRule", "backlinks", "choose_both", "choose_own", "code_product", "link"]


class LinkRule(NamedTuple):
    """When a link is a detour and left out.

    A candidate is a detour if it is nearer to a link chosen earlier than `slack` times its distance from the row.
    """

    squares: float  # product of a unit vector's codes with themselves
    slack: float  # up to 1; smaller values keep longer links


class Backlinks(NamedTuple):
    """Rows that link to each row: those of row i are ``rows[starts[i] : starts[i + 1]]``."""

    starts: NDArray[np.int64]  # (n + 1,)
    rows: NDArray[np.int32]


@njit(nogil=True, cache=True, inline="always")
def code_product(codes, row, signed):  # type: ignore[no-untyped-def]
    """Return the product of a row with signed codes, too large by 128 times the sum of the latter."""
    width = codes.shape[1]
    return dot(codes.ctypes.data + row * width, signed.ctypes.data, width)


@njit(nogil=True, cache=True)
def _signed(codes, row, out):  # type: ignore[no-untyped-def]
    """Write the signed codes of a row; return the excess of `code_product` with them."""
    total = np.int64(0)
    for j in range(out.shape[0]):
        out[j] = np.int8(np.int32(codes[row, j]) - 128)
        total += out[j]
    return 128 * total


@njit(nogil=True, cache=True)
def _choose(codes, candidates, products, rule, links, signed):  # type: ignore[no-untyped-def]
    """Write to `links` the candidates, best first, that are no detours, then the nearest detours, padded with -1."""
    squares, slack = rule
    n_links, n_chosen = links.shape[0], 0
    skipped = np.zeros(candidates.shape[0], dtype=np.bool_)
    for place in range(candidates.shape[0]):
        if n_chosen == n_links:
            break
        far = squares - products[place]
        excess = _signed(codes, candidates[place], signed)
        for chosen in range(n_chosen):
            if squares - (code_product(codes, links[chosen], signed) - excess) < slack * far:
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


@njit(nogil=True, cache=True)
def link(codes, row, candidates, rule, links, signed):  # type: ignore[no-untyped-def]
    """Write the links of a row, chosen among candidates in any order; `signed` is workspace."""
    excess = _signed(codes, row, signed)
    products = np.empty(candidates.shape[0], np.int64)
    for j in range(candidates.shape[0]):
        products[j] = code_product(codes, candidates[j], signed) - excess
    order = np.argsort(-products, kind="mergesort")
    _choose(codes, candidates[order], products[order], rule, links, signed)


@njit(nogil=True, cache=True)
def choose_own(codes, keys, rule, links):  # type: ignore[no-untyped-def]
    """Write the links of each row, chosen among its neighbour list."""
    kept = keys.shape[1]
    candidates, products = np.empty(kept, np.int32), np.empty(kept, np.int64)
    signed = np.empty(codes.shape[1], np.int8)
    for i in range(keys.shape[0]):
        n = 0
        while n < kept and keys[i, n] != 0:
            candidates[n] = row_of(keys[i, n])
            products[n] = np.int64(product_of(keys[i, n]))
            n += 1
        _choose(codes, candidates[:n], products[:n], rule, links[i], signed)


@njit(nogil=True, cache=True)
def backlinks(links, most):  # type: ignore[no-untyped-def]
    """Return the rows that link to each row, at most `most` of them; those that chose it early come first."""
    n = links.shape[0]
    counts = np.zeros(n + 1, np.int64)
    for i in range(n):
        for j in range(links.shape[1]):
            if links[i, j] >= 0 and counts[links[i, j] + 1] < most:
                counts[links[i, j] + 1] += 1
    starts = np.cumsum(counts)
    filled = starts[:-1].copy()
    rows = np.empty(starts[-1], np.int32)
    for j in range(links.shape[1]):  # the first links are the nearest
        for i in range(n):
            to = links[i, j]
            if to >= 0 and filled[to] < starts[to + 1]:
                rows[filled[to]] = i
                filled[to] += 1
    return Backlinks(starts, rows)


@njit(nogil=True, cache=True)
def choose_both(codes, own, back, first, rule, links):  # type: ignore[no-untyped-def]
    """Write the links of rows first, first + 1, ..., chosen among their own links and their backlinks."""
    signed = np.empty(codes.shape[1], np.int8)
    for i in range(links.shape[0]):
        row = first + i
        incoming = back.rows[back.starts[row] : back.starts[row + 1]]
        both = np.empty(own.shape[1] + incoming.shape[0], np.int32)
        n = 0
        for j in range(own.shape[1]):
            if own[row, j] >= 0:
                both[n] = own[row, j]
                n += 1
        n_own = n
        for each in incoming:
            known = False
            for j in range(n_own):
                known = known or both[j] == each
            if not known:
                both[n] = each
                n += 1
        link(codes, row, both[:n], rule, links[i], signed)
