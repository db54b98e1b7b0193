"""What raises or lowers a content score: hubs, and what articles carry beside their text.

``score = content * exp(sum of logs)``. A hub's log is ``-hub * ln((h + .01) / (mean h + .01))``, where *h* is the mean
content score of an article's ten nearest by the default weights (after local scaling, Zelnik-Manor and Perona 2004; on
hubs, Radovanović et al. 2010). An attribute's is its weight times the log-likelihood ratio of the pair's bin, times
1/2 + `leaning`: a short article leans on it more. Age, where a site wants it to count, is a log of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.attributes import Attribute
from recommender.ranking.weights import Weights

__all__ = ["HUB_NEIGHBOURS", "Context", "parts_of"]

HUB_NEIGHBOURS = 10
_FLOOR = 0.01  # of the mean score, so that an article without neighbours is no miracle


@dataclass(frozen=True, eq=False)
class Context:
    """What is known of a site's articles beside their content.

    Parameters
    ----------
    hubs : ndarray of float32, shape (n,)
        Mean content score of each article's ten nearest; fewer count as 0.
    attributes : mapping of str to Attribute
    ratios : mapping of str to float32 array
        See `log_ratios`; an attribute without is left out.
    ages : ndarray of float32, shape (n,), or None
        See `age_logs`; None where age plays no part.
    """

    hubs: NDArray[np.float32]
    attributes: Mapping[str, Attribute]
    ratios: Mapping[str, NDArray[np.float32]]
    ages: NDArray[np.float32] | None = None

    def logs(
        self,
        mine: Mapping[str, Attribute],
        rows: NDArray[np.integer],
        lean: NDArray[np.float32],
        others: NDArray[np.integer],
        weights: Weights,
    ) -> dict[str, NDArray[np.float32]]:
        """Return the weighted logs of pairs, by name.

        Parameters
        ----------
        mine : mapping of str to Attribute
            Where `rows` look their attributes up: `attributes`, or those of a draft.
        rows, others : int arrays, shape (p,)
            The pairs: whose list it is, and who may be in it.
        lean : ndarray of float32, shape (p,)
            See `leaning`, of the first.
        weights : Weights
        """
        floor = np.float32(_FLOOR)
        found = {}
        if weights.hub:
            relative = (self.hubs[others] + floor) / (self._mean_hub + floor)
            found["hub"] = -np.float32(weights.hub) * np.log(relative)
        for name, ratios in self.ratios.items():
            weight = getattr(weights, name)
            if weight and name in mine and ratios.any():
                bins = self.attributes[name].bins(mine[name], rows, others)
                # the last place, which -1 points to, is for pairs of which nothing is known
                known = np.append(np.asarray(ratios, np.float32), np.float32(0))
                found[name] = np.float32(weight) * (np.float32(0.5) + lean) * known[bins]
        if self.ages is not None:
            found["age"] = self.ages[others]
        return found

    @cached_property
    def _mean_hub(self) -> np.float32:
        return np.float32(self.hubs.mean(dtype=np.float64)) if len(self.hubs) else np.float32(0)


def parts_of(content: Mapping[str, float], logs: Mapping[str, float]) -> dict[str, float]:
    """Return what each signal adds to a score; the parts add up to it.

    The gain by the logs, ``content * (exp(sum) - 1)``, is shared among them in proportion.

    Examples
    --------
    >>> parts = parts_of({"lexical": 0.2}, {"hub": -0.1, "time": 0.3})
    >>> bool(abs(sum(parts.values()) - 0.2 * np.exp(0.2)) < 1e-12)
    True
    """
    total, logged = sum(content.values()), sum(logs.values())
    gain = total * (np.expm1(logged) / logged if logged else 1.0)
    return dict(content) | {name: float(gain * log) for name, log in logs.items()}
