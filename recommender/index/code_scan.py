"""The exact nearest of one vector, by a look at the codes of all and an exact similarity of those that may be among them."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.encoders.vocabulary import read_only
from recommender.index.graph_links import product
from recommender.index.nearest import key_of, product_of, row_of
from recommender.index.quantised import encode_one, quantise

__all__ = ["CodeScan", "all_products"]

_LEAST = np.float32(1e-30)


class CodeScan(NamedTuple):
    """Codes of 8 bits, a quarter of the vectors: reading them all is what a search costs.

    Attributes
    ----------
    codes : ndarray of uint8, shape (n, width)
        See `Quantised`.
    signs : ndarray of float32, shape (3, width)
    scales : ndarray of float64, shape (2,)
        What a code's step is worth, and how far a product of codes may be off.

    Examples
    --------
    >>> vectors = np.eye(3, dtype=np.float32)
    >>> CodeScan.of(vectors).nearest(vectors[1], vectors, 1)
    array([1], dtype=int32)
    """

    codes: NDArray[np.uint8]
    signs: NDArray[np.float32]
    scales: NDArray[np.float64]

    @classmethod
    def of(cls, vectors: NDArray[np.float32], n_jobs: int | None = None) -> Self:
        """Return the codes of float32 unit rows."""
        quantised = quantise(vectors, n_jobs)
        return cls(quantised.codes, quantised.signs, np.array([quantised.scale, quantised.margin]))

    def nearest(self, query: NDArray[np.float32], vectors: NDArray[np.float32], n: int) -> NDArray[np.int32]:
        """Return the `n` rows of `vectors` with the largest inner products with `query`, in no order.

        A few more than `n` are compared by their vectors. Where something else might still be among the nearest, as
        products of codes are off by their margin at most, all are: the answer is exact either way.
        """
        if n >= len(vectors):
            return np.arange(len(vectors), dtype=np.int32)
        scale, margin = self.scales.tolist()
        query = query / max(np.float32(np.linalg.norm(query)), _LEAST)  # the margin is that of unit vectors
        coded = read_only(self.codes), read_only(self.signs)
        rows, last = _best(read_only(query), *coded, np.float32(scale), 2 * n + 12)
        similarities = np.einsum("ij,j->i", vectors[rows], query)
        order = np.argpartition(-similarities, n - 1)
        if len(rows) < len(vectors) and last * scale**2 + margin > similarities[order[n - 1]]:
            return all_products(query, vectors, n)
        return np.asarray(rows[order[:n]])


def all_products(query: NDArray[np.float32], vectors: NDArray[np.float32], n: int) -> NDArray[np.int32]:
    """Return the `n` rows of `vectors` with the largest inner products with `query`, in no order; reads them all."""
    if n >= len(vectors):
        return np.arange(len(vectors), dtype=np.int32)
    # not by @: threads of BLAS would have to be woken, and take longer than the memory needs
    return np.argpartition(-np.einsum("ij,j->i", vectors, query), n - 1)[:n].astype(np.int32)


@njit(nogil=True, cache=True)
def _best(query, codes, signs, scale, kept):  # type: ignore[no-untyped-def]
    """Return the `kept` rows with the largest products, and the least of these products."""
    width = codes.shape[1]
    signed, out, spare = np.empty(width, np.int8), np.empty(width, np.float32), np.empty(width, np.float32)
    encode_one(query, signs, scale, signed, out, spare)
    off = 128 * np.int64(signed.sum())
    keys = np.empty(4 * kept, np.uint64)
    bar, n = np.int64(-(2**31)), 0
    for row in range(codes.shape[0]):
        found = product(codes, row, signed) - off
        if found <= bar:
            continue
        keys[n] = key_of(np.int32(found), row)
        n += 1
        if n == keys.shape[0]:
            keys.sort()
            keys[:kept] = keys[-kept:].copy()
            bar, n = np.int64(product_of(keys[0])), kept
    best = np.sort(keys[:n])[::-1][:kept]
    rows = np.empty(best.shape[0], np.int32)
    for place in range(best.shape[0]):
        rows[place] = row_of(best[place])
    return rows, np.int64(product_of(best[-1]))
