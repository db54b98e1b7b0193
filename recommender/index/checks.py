"""Checks of arguments, and the sparse matrix of neighbours, shared by the dense indexes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

__all__ = ["checked_neighbours", "checked_vectors", "neighbours_matrix"]


def checked_vectors(X: NDArray[np.float32], n_features: int | None = None) -> NDArray[np.float32]:
    """Return vectors as C-contiguous float32 rows; ValueError for a wrong shape, NaN or infinity."""
    X = np.ascontiguousarray(X, dtype=np.float32)
    if X.ndim != 2 or X.shape[1] < 1:
        raise ValueError(f"wanted vectors of shape (n, d), got shape {X.shape}")
    if n_features is not None and X.shape[1] != n_features:
        raise ValueError(f"the index holds vectors of {n_features} dimensions, the queries have {X.shape[1]}")
    if not np.isfinite(np.dot(X.ravel(), X.ravel())):
        raise ValueError("vectors hold NaN or infinity; compute them again")
    return X


def checked_neighbours(n_neighbors: int | None, default: int) -> int:
    """Return the number of neighbours to search for; ValueError below 1."""
    k = default if n_neighbors is None else n_neighbors
    if k < 1:
        raise ValueError(f"n_neighbors must be 1 or more, got {k}")
    return k


def neighbours_matrix(distances: NDArray[np.float32], rows: NDArray[np.int32], n: int) -> csr_matrix:
    """Return neighbours as a CSR matrix of distances, shape (m, n), with no entry where a row is -1."""
    found = rows >= 0
    indptr = np.concatenate([[0], np.cumsum(found.sum(axis=1))])
    return csr_matrix((distances[found], rows[found], indptr), shape=(rows.shape[0], n))
