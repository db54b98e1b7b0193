"""What similarity of dates, sections and tags is worth on a site, measured without labels.

For each bin of similarity: the logarithm of how much more often it holds the nearest articles by content than random
pairs. Where an attribute has nothing to do with relatedness the logarithm is near 0 and the attribute has no effect. This
is the weight of evidence (Good 1950) of naive Bayes, with the nearest articles by content in the place of labels.

Dates are compared with those of articles on the same subject, ten to thirty places down the same lists, and not with
random pairs: controls matched on content, as in epidemiology (Rothman, Greenland and Lash 2008). Where all pages of
one kind were edited on one day, the same day marks the kind, which the words show already. Then the tenth neighbour
shares the day as often as the first, and the logarithm is near 0.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from recommender.collection.attributes import Attribute
from recommender.scoring.random_pairs import random_pairs

__all__ = ["N_NEAREST", "log_ratios"]

N_NEAREST = 30
"""Articles of each list that are counted."""

_RELATED = 3  # of each list count as related
_CONTROLS = 10  # place from which on articles are only on the same subject
_RANDOM_PAIRS = 200_000
_PRIOR = 2.0  # imagined pairs in each bin, related and expected: few pairs count little
_LEAST, _MOST = -3.0, 4.0
_MIN_ARTICLES = 30  # with fewer, the nearest are not near


def log_ratios(
    attributes: Mapping[str, Attribute],
    lists: NDArray[np.int32],
    by_id: NDArray[np.int32],
    seed: int = 0,
) -> dict[str, NDArray[np.float32]]:
    """Return the logarithm of the likelihood ratio of each bin of each attribute.

    Parameters
    ----------
    attributes : mapping of str to Attribute
    lists : ndarray of int32, shape (n_articles, m)
        The nearest of each article by content, best first, padded with -1; only the first `N_NEAREST` count.
    by_id : ndarray of int32, shape (n_articles,)
        Rows in the order of their ids.
    seed : int, default 0
        Seed of the random pairs.

    Returns
    -------
    dict of str to float32 array, shape (n_bins,)
        From -3 to 4; 0 in a bin without pairs, and everywhere on a site of fewer than 30 articles.

    Notes
    -----
    Compares 23 pairs an article and at most 200,000 random pairs.
    """
    n = len(lists)
    near, controls = _pairs(lists[:, :_RELATED]), _pairs(lists[:, _CONTROLS:N_NEAREST])
    random = random_pairs(by_id, _RANDOM_PAIRS, seed)
    found = {}
    for name, attribute in attributes.items():
        n_bins = len(attribute.edges) + 1
        if n < _MIN_ARTICLES:
            found[name] = np.zeros(n_bins, dtype=np.float32)
            continue
        related = _counted(attribute.bins(attribute, *near), n_bins)
        any_two = (
            _counted(attribute.bins(attribute, *controls), n_bins) if attribute.matched else np.zeros(n_bins)
        )
        if any_two.sum() <= related.sum():  # lists are too short to compare with
            any_two = _counted(attribute.bins(attribute, *random), n_bins)
        expected = any_two / max(any_two.sum(), 1) * related.sum()
        logs = np.clip(np.log((related + _PRIOR) / (expected + _PRIOR)), _LEAST, _MOST)
        found[name] = logs.round(4).astype(np.float32)
    return found


def _pairs(lists: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    rows, places = np.nonzero(lists >= 0)
    return rows, lists[rows, places]


def _counted(bins: NDArray[np.int8], n_bins: int) -> NDArray[np.float64]:
    return np.bincount(bins[bins >= 0], minlength=n_bins).astype(np.float64)
