"""Metrics of all lists of a site that need no judgements: exposure, diversity within lists and novelty.

Lists are an int array of shape (n, k): row i is the list of article i as article positions, best first,
padded with -1. Means over no values are NaN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.in_degrees import Lists, gini, in_degrees, mean
from recommender.evaluation.intra_list_distance import Vectors, intra_list_distance
from recommender.evaluation.novelty import Novelty, novelty

__all__ = ["Exposure", "exposure"]


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
        coverage=mean(degrees > 0),
        orphans=orphans,
        in_degree_gini=gini(degrees),
        max_in_degree=int(degrees.max(initial=0)),
        max_over_mean=float(degrees.max() / degrees.mean()) if degrees.any() else float("nan"),
        short_lists=int(np.sum(lengths < lists.shape[1])),
        empty_lists=int(np.sum(lengths == 0)),
        intra_list_distance=None if distances is None else mean(distances[~np.isnan(distances)]),
        novelty=None if published is None else novelty(lists, published),
    )
