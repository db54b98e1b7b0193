"""The shape of all lists together, without judgements: who is shown, how varied, how new.

Lists come as an int array of shape (n, k): row i is the list of article i as positions of articles, best first,
padded with -1. Numbers that would be a mean of nothing are NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Exposure", "Novelty", "exposure", "gini", "in_degrees", "intra_list_distance", "novelty"]

Lists: TypeAlias = NDArray[np.integer[Any]]
Vectors: TypeAlias = "NDArray[np.floating[Any]] | csr_array"

_BLOCK = 1_024  # lists whose vectors are summed at a time


@dataclass(frozen=True, slots=True)
class Novelty:
    """How entries' dates stand to the date of the article whose list they are in.

    Parameters
    ----------
    dated : float
        Share of the entries where both dates are known, 0 to 1; the rest below is about these.
    newer, older : float
        Shares of entries published after and before the article, 0 to 1; the remainder have the same date.
    median_days_apart : float
        Median of the absolute difference in days.
    """

    dated: float
    newer: float
    older: float
    median_days_apart: float


@dataclass(frozen=True, slots=True)
class Exposure:
    """How the lists of a site spread attention over it.

    Parameters
    ----------
    n_articles, k : int
        Shape of the lists.
    coverage : float
        Share of the articles that are in at least one list, 0 to 1 (Ge, Delgado-Battenfeld and Jannach 2010).
    orphans : int
        Articles that are in no list.
    in_degree_gini : float
        Inequality of the number of lists an article is in, 0 (all alike) to 1 - 1/n (one has them all).
    max_in_degree : int
        Lists that the most shown article is in.
    max_over_mean : float
        The same over the mean number of lists an article is in.
    short_lists, empty_lists : int
        Lists with fewer than k entries (the empty ones too), and with none.
    intra_list_distance : float or None
        Mean over lists, see `intra_list_distance`; None without vectors.
    novelty : Novelty or None
        None without dates.
    """

    n_articles: int
    k: int
    coverage: float
    orphans: int
    in_degree_gini: float
    max_in_degree: int
    max_over_mean: float
    short_lists: int
    empty_lists: int
    intra_list_distance: float | None = None
    novelty: Novelty | None = None


def exposure(
    lists: Lists, vectors: Vectors | None = None, published: NDArray[np.datetime64] | None = None
) -> Exposure:
    """Describe all lists of a site.

    Parameters
    ----------
    lists : int array, shape (n, k)
        Row i is the list of article i, padded with -1.
    vectors : float array or sparse matrix, shape (n, dim), optional
        One row an article, of any length; for the distance within lists.
    published : datetime64 array, shape (n,), optional
        NaT where unknown; for novelty.

    Raises
    ------
    ValueError
        If a shape or a position is impossible.

    Notes
    -----
    Cost O(n k), and O(n k dim) with vectors.

    Examples
    --------
    >>> shape = exposure(np.array([[1, 2], [0, -1], [1, -1]], dtype=np.int32))
    >>> shape.coverage, shape.max_in_degree, shape.short_lists
    (1.0, 2, 2)
    """
    degrees = in_degrees(lists)
    lengths = np.sum(lists >= 0, axis=1)
    orphans = int(np.sum(degrees == 0))
    distances = None if vectors is None else intra_list_distance(lists, vectors)
    return Exposure(
        n_articles=len(lists),
        k=lists.shape[1],
        coverage=_mean(degrees > 0),
        orphans=orphans,
        in_degree_gini=gini(degrees),
        max_in_degree=int(degrees.max(initial=0)),
        max_over_mean=float(degrees.max() / degrees.mean()) if degrees.any() else float("nan"),
        short_lists=int(np.sum(lengths < lists.shape[1])),
        empty_lists=int(np.sum(lengths == 0)),
        intra_list_distance=None if distances is None else _mean(distances[~np.isnan(distances)]),
        novelty=None if published is None else novelty(lists, published),
    )


def in_degrees(lists: Lists) -> NDArray[np.int64]:
    """Return how many lists each article is in, int64, shape (n,).

    Raises
    ------
    ValueError
        If `lists` is not a 2-D int array of positions from -1 to n - 1.
    """
    if lists.ndim != 2 or not np.issubdtype(lists.dtype, np.integer):
        raise ValueError(f"wanted an int array of shape (n, k), got {lists.dtype} of shape {lists.shape}")
    if lists.size and not (lists.min() >= -1 and lists.max() < len(lists)):
        raise ValueError(f"wanted positions from -1 to {len(lists) - 1}, got {lists.min()} to {lists.max()}")
    return np.bincount(lists[lists >= 0], minlength=len(lists))


def gini(amounts: NDArray[Any]) -> float:
    """Return the Gini coefficient of amounts of 0 and above (Gini 1912; by sorted sums as in Sen 1973).

    0 if all are equal (or all 0), 1 - 1/n if one has everything; NaN of nothing.

    Examples
    --------
    >>> gini(np.array([5, 5, 5])), gini(np.array([0, 0, 0, 9]))
    (0.0, 0.75)
    """
    n = len(amounts)
    total = float(amounts.sum())
    if n == 0 or total == 0:
        return 0.0 if n else float("nan")
    weights = 2 * np.arange(1, n + 1) - n - 1
    return float(weights @ np.sort(amounts)) / (n * total)


def intra_list_distance(lists: Lists, vectors: Vectors) -> NDArray[np.float64]:
    """Return the mean of 1 - cosine over the pairs of entries of each list (Smyth and McClave 2001).

    Parameters
    ----------
    lists : int array, shape (n, k)
        Padded with -1.
    vectors : float array or sparse matrix, shape (n, dim)
        One row an article. A zero vector is at distance 1 from all.

    Returns
    -------
    float64 array, shape (n,)
        0 (all entries point the same way) to 2; NaN for lists of fewer than two entries.

    Raises
    ------
    ValueError
        If a shape or a position is impossible.
    """
    from scipy.sparse import csr_array, issparse

    in_degrees(lists)  # checks the positions
    if vectors.ndim != 2 or vectors.shape[0] != len(lists):
        raise ValueError(f"wanted vectors of shape ({len(lists)}, dim), got {vectors.shape}")
    table: Any = csr_array(vectors) if issparse(vectors) else np.asarray(vectors)
    blocks = [slice(start, start + _BLOCK) for start in range(0, len(lists), _BLOCK)]
    squares = np.concatenate([_row_sums(table[block] * table[block]) for block in blocks] or [np.zeros(0)])
    scale = np.divide(1.0, np.sqrt(squares), out=np.zeros(len(squares)), where=squares > 0)
    shown = lists >= 0
    lengths = shown.sum(axis=1)
    ends = np.concatenate(([0], np.cumsum(lengths)))
    members = csr_array((scale[lists[shown]], lists[shown], ends), shape=(len(lists), len(lists)))
    # the square of the sum of a list's unit vectors is the cosines of all ordered pairs, each with itself included
    squared = np.zeros(len(lists))
    for block in blocks:
        summed: Any = members[block] @ table
        squared[block] = _row_sums(summed * summed)
    itself = np.sum(shown & (scale > 0)[lists], axis=1)
    pairs = lengths * (lengths - 1.0)
    cosine = np.divide(squared - itself, pairs, out=np.full(len(lists), np.nan), where=pairs > 0)
    return np.asarray(np.clip(1 - cosine, 0, 2), dtype=np.float64)


def novelty(lists: Lists, published: NDArray[np.datetime64]) -> Novelty:
    """Return how the dates of entries stand to those of the articles they are shown at.

    Parameters
    ----------
    lists : int array, shape (n, k)
        Padded with -1.
    published : datetime64 array, shape (n,)
        NaT where unknown.

    Raises
    ------
    ValueError
        If a shape, a type or a position is impossible.

    Examples
    --------
    >>> days = np.array(["2026-05-01", "2026-05-03", "NaT"], dtype="datetime64[s]")
    >>> novelty(np.array([[1, 2], [0, -1], [0, -1]]), days)
    Novelty(dated=0.5, newer=0.5, older=0.5, median_days_apart=2.0)
    """
    in_degrees(lists)  # checks the positions
    if published.shape != (len(lists),) or not np.issubdtype(published.dtype, np.datetime64):
        raise ValueError(
            f"wanted datetime64 dates of shape ({len(lists)},), got {published.dtype} of shape {published.shape}"
        )
    rows, columns = np.nonzero(lists >= 0)
    apart = published[lists[rows, columns]] - published[rows]
    known = apart[~np.isnat(apart)]
    days = known / np.timedelta64(1, "D")
    return Novelty(
        dated=_mean(~np.isnat(apart)),
        newer=_mean(days > 0),
        older=_mean(days < 0),
        median_days_apart=float(np.median(np.abs(days))) if len(days) else float("nan"),
    )


def _row_sums(table: Any) -> NDArray[np.float64]:
    return np.asarray(table.sum(axis=1), dtype=np.float64).ravel()


def _mean(values: NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else float("nan")
