"""What likeness by date, section or tags is worth on this site, found without labels.

For each bin of likeness: how much more often the articles that words put first are so alike than any two articles of
the site, as a logarithm. Where relatedness and the attribute have to do with each other the ratio tells how
much, and where they do not it is near 0 and the attribute does nothing. It is the weight of evidence (Good 1950) of naive
Bayes, with the nearest articles by content in the place of labels.

Dates are compared with those of articles on the same matter, ten to thirty places down the same lists, and not with
those of any two: controls matched on content, as in epidemiology (Rothman, Greenland and Lash 2008). Where all
pages of one kind were edited on one day, the same day tells the kind, which the words have told already: any two so
alike would be expected to share it, the tenth neighbour as much as the first, and the ratio is near 1.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.attributes import Attribute

__all__ = ["LOOKED_AT", "log_ratios", "random_pairs"]

LOOKED_AT = 30
"""Of each list: what is further down is not asked."""

_NEAREST = 3  # of each list are taken for related
_CONTROLS = 10  # the place from which on they are only on the same matter
_RANDOM_PAIRS = 200_000
_PRIOR = 2.0  # imagined pairs in each bin, related and expected alike: few pairs say little
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
        The nearest of each article by content, best first, padded with -1; only the first `LOOKED_AT` count.
    by_id : ndarray of int32, shape (n_articles,)
        Rows in the order of their ids, so that the order of the input changes nothing.
    seed : int, default 0
        Of the random pairs.

    Returns
    -------
    dict of str to float32 array, shape (n_bins,)
        From -3 to 4; 0 in a bin without pairs, and everywhere on a site of fewer than 30 articles.

    Notes
    -----
    Costs 23 pairs an article and at most 200,000 random pairs.
    """
    n = len(lists)
    near, controls = _pairs(lists[:, :_NEAREST]), _pairs(lists[:, _CONTROLS:LOOKED_AT])
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


def random_pairs(by_id: NDArray[np.int32], most: int, seed: int = 0) -> NDArray[np.int32]:
    """Return pairs of two different rows, shape (2, p), with p up to `most` and to 50 an article."""
    n = len(by_id)
    pairs = np.random.default_rng(seed).integers(0, max(n, 1), (2, min(most, 50 * n)))
    return by_id[pairs[:, pairs[0] != pairs[1]]]


def _pairs(lists: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    rows, places = np.nonzero(lists >= 0)
    return rows, lists[rows, places]


def _counted(bins: NDArray[np.int8], n_bins: int) -> NDArray[np.float64]:
    return np.bincount(bins[bins >= 0], minlength=n_bins).astype(np.float64)
