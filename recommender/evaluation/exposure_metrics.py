"""Metrics of all lists of a site that need no judgements: exposure, diversity within lists and novelty.

Lists are an int array of shape (n, k): row i is the list of article i as article positions, best first,
padded with -1. Means over no values are NaN.
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

_BLOCK = 1_024  # lists whose vectors are summed per step


@dataclass(frozen=True, slots=True)
class Novelty:
    """Dates of entries relative to the date of the article whose list they appear in.

    Parameters
    ----------
    dated : float
        Share of entries for which both dates are known, 0 to 1. The other values refer to these entries.
    newer, older : float
        Shares of entries published after and before the article, 0 to 1. The remainder have the same date.
    median_days_apart : float
        Median absolute difference in days.
    """

    dated: float
    newer: float
    older: float
    median_days_apart: float


@dataclass(frozen=True, slots=True)
class Exposure:
    """Distribution of the entries of all lists over the articles of a site.

    Parameters
    ----------
    n_articles, k : int
        Shape of the lists.
    coverage : float
        Share of articles that appear in at least one list, 0 to 1 (Ge, Delgado-Battenfeld and Jannach 2010).
    orphans : int
        Number of articles that appear in no list.
    in_degree_gini : float
        Gini coefficient of the number of lists per article, 0 (all equal) to 1 - 1/n (one article has all
        entries).
    max_in_degree : int
        Number of lists that contain the most shown article.
    max_over_mean : float
        `max_in_degree` divided by the mean number of lists per article.
    short_lists, empty_lists : int
        Number of lists with fewer than k entries (including empty ones), and with no entries.
    intra_list_distance : float or None
        Mean over lists, see the function `intra_list_distance`. None without vectors.
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
    """Compute the exposure metrics of all lists of a site.

    Parameters
    ----------
    lists : int array, shape (n, k)
        Row i is the list of article i, padded with -1.
    vectors : float array or sparse matrix, shape (n, dim), optional
        Vectors of the articles, of any norm, for the distance within lists.
    published : datetime64 array, shape (n,), optional
        Dates of the articles for novelty, NaT where unknown.

    Raises
    ------
    ValueError
        If a shape or a position is invalid.

    Notes
    -----
    Time is O(n k), or O(n k dim) with vectors.

    Examples
    --------
    >>> metrics = exposure(np.array([[1, 2], [0, -1], [1, -1]], dtype=np.int32))
    >>> metrics.coverage, metrics.max_in_degree, metrics.short_lists
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
    """Return the number of lists that contain each article, int64, shape (n,).

    Raises
    ------
    ValueError
        If `lists` is not an int array of shape (n, k) with positions from -1 to n - 1.
    """
    if lists.ndim != 2 or not np.issubdtype(lists.dtype, np.integer):
        raise ValueError(f"expected an int array of shape (n, k), got {lists.dtype} of shape {lists.shape}")
    if lists.size and not (lists.min() >= -1 and lists.max() < len(lists)):
        raise ValueError(
            f"expected positions from -1 to {len(lists) - 1}, got {lists.min()} to {lists.max()}"
        )
    return np.bincount(lists[lists >= 0], minlength=len(lists))


def gini(amounts: NDArray[Any]) -> float:
    """Return the Gini coefficient of non-negative amounts (Gini 1912; sorted-sum formula of Sen 1973).

    0 if all amounts are equal, 1 - 1/n if only one is not 0, NaN for an empty array.

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
    """Return the mean of 1 - cosine over the pairs of entries in each list (Smyth and McClave 2001).

    Parameters
    ----------
    lists : int array, shape (n, k)
        Lists, padded with -1.
    vectors : float array or sparse matrix, shape (n, dim)
        One row per article. A zero vector has distance 1 to every other.

    Returns
    -------
    float64 array, shape (n,)
        0 (all entries have the same direction) to 2. NaN for lists of fewer than two entries.

    Raises
    ------
    ValueError
        If a shape or a position is invalid.
    """
    from scipy.sparse import csr_array, issparse

    in_degrees(lists)  # validates the positions
    if vectors.ndim != 2 or vectors.shape[0] != len(lists):
        raise ValueError(f"expected vectors of shape ({len(lists)}, dim), got {vectors.shape}")
    table: Any = csr_array(vectors) if issparse(vectors) else np.asarray(vectors)
    blocks = [slice(start, start + _BLOCK) for start in range(0, len(lists), _BLOCK)]
    squares = np.concatenate([_row_sums(table[block] * table[block]) for block in blocks] or [np.zeros(0)])
    scale = np.divide(1.0, np.sqrt(squares), out=np.zeros(len(squares)), where=squares > 0)
    shown = lists >= 0
    lengths = shown.sum(axis=1)
    ends = np.concatenate(([0], np.cumsum(lengths)))
    members = csr_array((scale[lists[shown]], lists[shown], ends), shape=(len(lists), len(lists)))
    # the squared norm of the sum of a list's unit vectors is the sum of cosines over all ordered pairs,
    # including each entry with itself
    squared = np.zeros(len(lists))
    for block in blocks:
        summed: Any = members[block] @ table
        squared[block] = _row_sums(summed * summed)
    itself = np.sum(shown & (scale > 0)[lists], axis=1)
    pairs = lengths * (lengths - 1.0)
    cosine = np.divide(squared - itself, pairs, out=np.full(len(lists), np.nan), where=pairs > 0)
    return np.asarray(np.clip(1 - cosine, 0, 2), dtype=np.float64)


def novelty(lists: Lists, published: NDArray[np.datetime64]) -> Novelty:
    """Compare the dates of entries with those of the articles whose lists they appear in.

    Parameters
    ----------
    lists : int array, shape (n, k)
        Lists, padded with -1.
    published : datetime64 array, shape (n,)
        Dates of the articles, NaT where unknown.

    Raises
    ------
    ValueError
        If a shape, a dtype or a position is invalid.

    Examples
    --------
    >>> days = np.array(["2026-05-01", "2026-05-03", "NaT"], dtype="datetime64[s]")
    >>> novelty(np.array([[1, 2], [0, -1], [0, -1]]), days)
    Novelty(dated=0.5, newer=0.5, older=0.5, median_days_apart=2.0)
    """
    in_degrees(lists)  # validates the positions
    if published.shape != (len(lists),) or not np.issubdtype(published.dtype, np.datetime64):
        got = f"{published.dtype} of shape {published.shape}"
        raise ValueError(f"expected datetime64 dates of shape ({len(lists)},), got {got}")
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
