"""Approximate search for one vector: candidates by sketches of one bit per dimension, compared by their vectors.

Vectors are rotated at random and only signs are stored. The share of signs in which two vectors differ grows with
their angle (Charikar 2002; orthogonal as in Ji et al. 2012). Sketches take a thirty-second of the memory of the
vectors, and a million are compared in about a millisecond.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.index.kernels.large_arrays import large_array

__all__ = ["Sketches"]

_WORD = 64
_ROWS = 8192  # rotated at a time, which bounds the memory


class Sketches(NamedTuple):
    """Signs of rotated vectors.

    Attributes
    ----------
    bits : ndarray of uint64, shape (n, n_words)
        n_words depends on d alone, so that sketches made of no vectors, or of zeros, take those of others.
    rotation : ndarray of float32, shape (d, 64 * n_words)
    """

    bits: NDArray[np.uint64]
    rotation: NDArray[np.float32]

    @classmethod
    def of(cls, vectors: NDArray[np.float32], seed: int = 0) -> Self:
        """Return the sketches of float32 rows."""
        from threadpoolctl import threadpool_limits

        n, d = vectors.shape
        width = -(-d // _WORD) * _WORD
        rotation = _rotation(width, seed)[:d] if width else np.empty((d, 0), np.float32)
        bits = large_array((n, width // _WORD), np.uint64)
        with threadpool_limits(1, "blas"):  # so that signs do not depend on the number of cores
            for start in range(0, n if width else 0, _ROWS):
                bits[start : start + _ROWS] = _signs(vectors[start : start + _ROWS] @ rotation)
        return cls(bits, rotation)

    def of_others(self, vectors: NDArray[np.float32]) -> Self:
        """Return the sketches of other rows by the same rotation."""
        if not self.rotation.shape[1]:
            return type(self)(np.empty((len(vectors), 0), np.uint64), self.rotation)
        return type(self)(_signs(vectors @ self.rotation), self.rotation)

    def nearest(
        self, query: NDArray[np.float32], vectors: NDArray[np.float32], n: int, rescored: int = 5
    ) -> NDArray[np.int32]:
        """Return up to `n` rows of `vectors` with the largest inner products with `query`, in no order.

        Approximate: only the ``rescored * n`` rows whose sketches differ least are compared.
        """
        if not self.bits.shape[1] or not query.any():
            return np.empty(0, dtype=np.int32)
        from recommender.index.kernels.sketch_kernels import least_different, products_of_rows

        # einsum instead of @: waking the threads of BLAS takes longer
        signs = _signs(np.einsum("i,ij->j", query, self.rotation)[None])[0]
        rows = least_different(read_only(self.bits), signs, min(rescored * n, len(self.bits)))
        products = products_of_rows(read_only(vectors), rows, read_only(query))
        if len(rows) > n:
            best = np.argpartition(-products, n - 1)[:n]
            rows, products = rows[best], products[best]
        near = products != 0
        near[~near] = vectors[rows[~near]].any(axis=1)  # a zero vector is near nothing
        return np.asarray(rows[near])


def _rotation(width: int, seed: int) -> NDArray[np.float32]:
    gaussian = np.random.default_rng(seed).standard_normal((width, width))
    return np.linalg.qr(gaussian)[0].astype(np.float32)


def _signs(rotated: NDArray[np.float32]) -> NDArray[np.uint64]:
    return np.packbits(rotated > 0, axis=1).view(np.uint64)
