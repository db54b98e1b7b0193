"""Exact neighbours of one query, by a scan of the codes of all vectors."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.index.kernels.code_scores import largest_products
from recommender.index.quantised import quantise

__all__ = ["CodeScan", "all_products"]

_LEAST = np.float32(1e-30)


class CodeScan(NamedTuple):
    """Codes of 8 bits. A search reads all of them, a quarter of the bytes of the vectors.

    Attributes
    ----------
    codes : ndarray of uint8, shape (n, width)
        See `Quantised`.
    signs : ndarray of float32, shape (3, width)
    scales : ndarray of float64, shape (2,)
        Size of a step of the codes, and largest error of a product.

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

        ``2 n + 12`` candidates are compared by their vectors. If another row might still be among the nearest, given
        the largest error of a product of codes, all rows are compared; the result is exact in both cases.
        """
        if n >= len(vectors):
            return np.arange(len(vectors), dtype=np.int32)
        scale, margin = self.scales.tolist()
        query = query / max(np.float32(np.linalg.norm(query)), _LEAST)  # the margin holds for unit vectors
        coded = read_only(self.codes), read_only(self.signs)
        rows, last = largest_products(read_only(query), *coded, np.float32(scale), 2 * n + 12)
        similarities = np.einsum("ij,j->i", vectors[rows], query)
        order = np.argpartition(-similarities, n - 1)
        if len(rows) < len(vectors) and last * scale**2 + margin > similarities[order[n - 1]]:
            return all_products(query, vectors, n)
        return np.asarray(rows[order[:n]])


def all_products(query: NDArray[np.float32], vectors: NDArray[np.float32], n: int) -> NDArray[np.int32]:
    """Return the `n` rows of `vectors` with the largest inner products with `query`, in no order, from all vectors."""
    if n >= len(vectors):
        return np.arange(len(vectors), dtype=np.int32)
    # einsum instead of @: waking the threads of BLAS takes longer than reading the vectors
    return np.argpartition(-np.einsum("ij,j->i", vectors, query), n - 1)[:n].astype(np.int32)
