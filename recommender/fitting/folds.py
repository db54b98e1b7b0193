"""Parts of the labelled articles: weights are chosen on some and judged on the others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from recommender.fitting.labels import Labelled, place_of

__all__ = ["Folds", "folds_of", "standard_error"]


class Folds(NamedTuple):
    """Where each labelled article belongs.

    Attributes
    ----------
    group : ndarray of int64, shape (q,)
        Articles that are related both ways, directly or over others, are one group: what helps one helps all.
    fold : ndarray of int64, shape (q,)
        All of a group are in one fold.
    """

    group: NDArray[np.int64]
    fold: NDArray[np.int64]


def folds_of(labelled: Labelled, n_folds: int, seed: int) -> Folds:
    """Return groups and folds, by a hash of the ids.

    A group that is larger than half a fold is taken apart: on a site whose articles all lead to each other there
    would be nothing to judge on.
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
    # queries are ordered by their place, so that a group is told by its first
    first = np.unique(group, return_index=True)[1]
    fold = np.array(
        [place_of(labelled.query_ids[query], seed + 1) % n_folds for query in first], dtype=np.int64
    )
    return Folds(group, fold[group] if n else group)


def standard_error(values: NDArray[np.float64], group: NDArray[np.int64]) -> float:
    """Return the standard error of a mean whose values go together within groups (Liang and Zeger 1986).

    Examples
    --------
    >>> alone, twice = np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.0, 1.0, 1.0, 2.0, 2.0])
    >>> one, other = standard_error(alone, np.arange(3)), standard_error(twice, np.arange(6) // 2)
    >>> round(one, 4), round(other, 4)  # what is said twice is not known better
    (0.5774, 0.5774)
    """
    sums = np.bincount(group, values - values.mean())
    n_groups = len(sums)
    return float(np.sqrt((sums**2).sum() * n_groups / max(n_groups - 1, 1)) / len(values))
