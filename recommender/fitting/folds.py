"""Folds of the labelled articles for cross-validation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from recommender.fitting.labels import Labelled, random_key

__all__ = ["Folds", "folds_of", "standard_error"]


class Folds(NamedTuple):
    """Group and fold of each labelled article.

    Attributes
    ----------
    group : ndarray of int64, shape (q,)
        Connected components of mutually related articles. Their values are correlated.
    fold : ndarray of int64, shape (q,)
        Fold of each article. Articles of a group share a fold.
    """

    group: NDArray[np.int64]
    fold: NDArray[np.int64]


def folds_of(labelled: Labelled, n_folds: int, seed: int) -> Folds:
    """Assign groups to folds by a hash of the ids.

    Groups larger than half a fold are split into single articles. Otherwise a site with one large group could
    not be divided into folds.
    """
    n = len(labelled.rows)
    query_of = {row: query for query, row in enumerate(labelled.rows.tolist())}
    pairs = [
        (query, query_of[row])
        for query, grades in enumerate(labelled.grades)
        for row, grade in grades.items()
        if grade > 0 and row in query_of
    ]
    rows, others = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    one_way = csr_matrix((np.ones(len(pairs), dtype=np.int8), (rows, others)), shape=(n, n))
    group = connected_components(one_way.multiply(one_way.T), directed=False)[1].astype(np.int64)
    large = np.bincount(group)[group] > n / (2 * n_folds)
    group[large] = n + np.flatnonzero(large)
    group = np.unique(group, return_inverse=True)[1]
    # queries are ordered by `random_key`, so the first query of a group identifies it
    first = np.unique(group, return_index=True)[1]
    fold = np.array(
        [random_key(labelled.query_ids[query], seed + 1) % n_folds for query in first], dtype=np.int64
    )
    return Folds(group, fold[group] if n else group)


def standard_error(values: NDArray[np.float64], group: NDArray[np.int64]) -> float:
    """Return the standard error of a mean of values that are correlated within groups (Liang and Zeger 1986).

    Examples
    --------
    >>> alone, twice = np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.0, 1.0, 1.0, 2.0, 2.0])
    >>> one, other = standard_error(alone, np.arange(3)), standard_error(twice, np.arange(6) // 2)
    >>> round(one, 4), round(other, 4)  # duplicates do not reduce the error
    (0.5774, 0.5774)
    """
    sums = np.bincount(group, values - values.mean())
    n_groups = len(sums)
    return float(np.sqrt((sums**2).sum() * n_groups / max(n_groups - 1, 1)) / len(values))
