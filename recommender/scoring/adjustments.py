"""What raises or lowers a content score: hubs, and what articles carry beside their text.

``raw = content * exp(sum of logs)``. The log of a hub is ``-hub * ln(s ** 12 * (h + .01) / (mean h + .01))``, where *h*
is the mean content score of an article's ten nearest by the default weights (after local scaling, Zelnik-Manor and Perona
2004; on hubs, Radovanović et al. 2010) and *s* says how scattered these are, see `hub_levels`. The log of an attribute is
its weight times the log-likelihood ratio of the pair's bin, times 1/2 + `shortness`; that of titles is set by
`title_ratios`. Age adds a log of its own where a policy wants it, and so does a pair of languages,
see `LanguagePairs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.collection.attributes import Attribute
from recommender.scoring.language_pairs import LanguagePairs
from recommender.scoring.queries import Queries
from recommender.scoring.weights import Weights, shortness

__all__ = ["HUB_NEIGHBOURS", "Adjustments", "hub_levels", "scattered_from"]

HUB_NEIGHBOURS = 10
_MOST_SCATTERED = 2.0
_FLOOR = np.float32(0.01)  # keeps the log of an article without neighbours finite


def scattered_from(n_terms: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
    """Return the scatter from which on articles are round-ups, in mean hubs: .4 for a long one, .6 for a lede.

    Few others reach it. The nearest of a short text have less in common whatever it is about.

    Examples
    --------
    >>> [round(float(each), 2) for each in scattered_from(np.array([720, 80, 0]))]
    [0.4, 0.64, 0.64]
    """
    return np.float32(0.34) + np.float32(0.6) * np.minimum(shortness(n_terms), np.float32(0.5))


def hub_levels(
    near: NDArray[np.float32], apart: NDArray[np.float32], least: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the hubs of articles: how close their ten nearest are, and much more where these are scattered.

    Parameters
    ----------
    near : ndarray of float32, shape (n,)
        Mean content score of the ten nearest of each article.
    apart : ndarray of float32, shape (n,)
        See `scatter`.
    least : ndarray of float32, shape (n,)
        What `apart` counts from, see `scattered_from`.

    Returns
    -------
    ndarray of float32, shape (n,)
        With the default weight of hubs the score of an article falls by the third power of its scatter, to an eighth
        at most: a round-up comes after the articles on its subjects and is still listed.
    """
    times = np.clip(apart / np.maximum(least, 1e-9), 1, _MOST_SCATTERED)
    return np.where(times > 1, (near + _FLOOR) * times**12 - _FLOOR, near).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Adjustments:
    """The adjustments of content scores on a site.

    Parameters
    ----------
    hubs : ndarray of float32, shape (n,)
        See `hub_levels`.
    mean_hub : float
        Mean content score of the ten nearest of the articles that the model was fitted on.
    attributes : mapping of str to Attribute
    log_ratios : mapping of str to float32 array
        See `log_ratios`. Attributes without one are left out.
    ages : ndarray of float32, shape (n,), or None
        See `age_logs`. None means that age plays no part.
    language_pairs : LanguagePairs or None
        None where no signal crosses languages.
    """

    hubs: NDArray[np.float32]
    mean_hub: float
    attributes: Mapping[str, Attribute]
    log_ratios: Mapping[str, NDArray[np.float32]]
    ages: NDArray[np.float32] | None = None
    language_pairs: LanguagePairs | None = None

    def logs(
        self,
        queries: Queries,
        places: NDArray[np.integer[Any]],
        others: NDArray[np.integer[Any]],
        weights: Weights,
    ) -> dict[str, NDArray[np.float32]]:
        """Return the weighted logs of pairs, float32 of shape (p,), by name.

        `places` are places in the block of queries, `others` rows of the site; shape (p,) both.
        """
        found = {}
        if weights.hub:
            found["hub"] = self._hub_logs(others, weights)
        scale = np.float32(0.5) + queries.shortness[places]
        for name, ratios in self._ratios.items():
            weight = getattr(weights, name)
            if weight and name in queries.attributes:
                bins = self.attributes[name].bins(queries.attributes[name], queries.rows[places], others)
                found[name] = np.float32(weight) * scale * ratios[bins]
        if self.language_pairs is not None and len(self.language_pairs.logs):
            found["language"] = self.language_pairs.between(queries.vectors.languages[places], others)
        if self.ages is not None:
            found["age"] = self.ages[others]
        return found

    @cached_property
    def _ratios(self) -> dict[str, NDArray[np.float32]]:
        """The ratios of each attribute that counts. Bin -1, of pairs without a value, picks the zero at the end."""
        return {
            name: np.append(np.asarray(ratios, np.float32), np.float32(0))
            for name, ratios in self.log_ratios.items()
            if name in self.attributes and ratios.any()
        }

    def most(self, others: NDArray[np.integer[Any]], weights: Weights) -> NDArray[np.float32]:
        """Return what the sum of the adjustments of some rows is at most, whatever the query, shape (p,)."""
        names = [name for name in self.log_ratios if name in self.attributes]
        most = sum(1.5 * getattr(weights, name) * max(self.log_ratios[name].max(), 0) for name in names)
        if self.language_pairs is not None:
            most += max(self.language_pairs.logs.max(initial=0), 0)
        found = np.full(len(others), most, dtype=np.float32)
        if weights.hub:
            found += self._hub_logs(others, weights)
        return found

    def _hub_logs(self, others: NDArray[np.integer[Any]], weights: Weights) -> NDArray[np.float32]:
        relative = (self.hubs[others] + _FLOOR) / (np.float32(self.mean_hub) + _FLOOR)
        return np.asarray(-np.float32(weights.hub) * np.log(relative))
