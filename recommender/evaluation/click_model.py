"""Position-bias correction of click counts, and judgements derived from them.

In the position-based model (Craswell et al. 2008) an entry is clicked if it is examined and attractive.
Examination depends on the position only and attractiveness on the pair of articles only. The click rate is
the product of the two probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from recommender.errors import InputError, Problem
from recommender.evaluation.clicks import ClickLog

__all__ = ["ClickModel", "fit_clicks"]

_Value = TypeVar("_Value", int, float)


@dataclass(frozen=True, eq=False, repr=False)
class ClickModel:
    """Position-based click model of a log, fitted by `fit_clicks`.

    Parameters
    ----------
    log : ClickLog
        Log that the model was fitted to.
    positions : int64 array, shape (n_positions,)
        Distinct positions of the log in ascending order.
    propensities : float64 array, shape (n_positions,)
        Examination probability at each position relative to the most examined one, in (0, 1].
    informative_clicks : int
        Clicks on pairs that were shown at two or more positions. Only these inform the propensities.
    examined : float64 array, shape (n_pairs,)
        Expected number of examinations of each pair: the sum of the propensities of its impressions.
    clicks : int64 array, shape (n_pairs,)
        Clicks on each pair.
    """

    log: ClickLog
    positions: NDArray[np.int64]
    propensities: NDArray[np.float64]
    informative_clicks: int
    examined: NDArray[np.float64]
    clicks: NDArray[np.int64]

    def __repr__(self) -> str:
        shares = ", ".join(
            f"{p}: {share:.2f}" for p, share in zip(self.positions, self.propensities, strict=True)
        )
        return f"<ClickModel of {self.log!r}, propensities {{{shares}}}>"

    @property
    def mean_rate(self) -> float:
        """Clicks per examination over the whole log, above 0."""
        return float(self.clicks.sum() / self.examined.sum())

    @property
    def lifts(self) -> NDArray[np.float64]:
        """Click rate of each pair divided by that of the log, float64, shape (n_pairs,), above 0.

        The rate is clicks over examinations: the normalised inverse propensity weighting of Joachims,
        Swaminathan and Schnabel (2017). Each pair gets one prior click, with the number of examinations that
        the log has per click. This keeps rarely examined pairs near 1, the mean of the log.
        """
        return (self.clicks + 1) / (self.examined * self.mean_rate + 1)

    def relevances(self) -> dict[str, dict[str, float]]:
        """Return the click probability of each pair given examination: query -> article -> value in (0, 1].

        The values are `lifts` times the mean rate, at most 1, and refer to the most examined position. They
        can serve as labels of a fit. A rarely shown pair has about the mean rate.
        """
        return self._by_query(np.minimum(self.lifts * self.mean_rate, 1.0).tolist())

    def qrels(self, max_grade: int = 4) -> dict[str, dict[str, int]]:
        """Return the clicks as graded judgements for evaluation.

        A lift of 1 is grade 1, and each doubling adds one grade: 2 from a lift of 2, 3 from 4, 4 from 8. The
        gain 2^grade - 1 therefore grows with the click rate. A lift of one half or less is grade 0. Pairs
        with a lift between one half and 1 get no judgement, because rarely shown articles fall in that range
        too. Queries without a grade above 0 are omitted: without clicks they cannot rank one list above
        another.

        Parameters
        ----------
        max_grade : int
            Highest grade, at least 1.

        Raises
        ------
        ValueError
            If `max_grade` is below 1.
        """
        if max_grade < 1:
            raise ValueError(f"max_grade must be at least 1, got {max_grade}")
        # a lift is a quotient of sums, so 2 may be computed as 1.9999999999999998
        grades = np.clip(np.floor(np.log2(self.lifts) + 1 + 1e-9), 0, max_grade).astype(np.int64)
        judged = self._by_query(np.where((grades > 0) | (self.lifts <= 0.5), grades, -1).tolist())
        graded = {q: {d: g for d, g in by_id.items() if g >= 0} for q, by_id in judged.items()}
        return {q: by_id for q, by_id in graded.items() if any(by_id.values())}

    def _by_query(self, values: list[_Value]) -> dict[str, dict[str, _Value]]:
        first = np.flatnonzero(np.diff(self.log.pairs, prepend=-1))
        ids = self.log.article_ids
        found: dict[str, dict[str, _Value]] = {}
        columns = self.log.query[first].tolist(), self.log.shown[first].tolist(), values
        for query, shown, value in zip(*columns, strict=True):
            found.setdefault(ids[query], {})[ids[shown]] = value
        return found


def fit_clicks(log: ClickLog, *, prior_clicks: float = 10.0, decay: float = 0.5) -> ClickModel:
    """Estimate the examination propensity of each position and the expected examinations of each pair.

    The estimate compares each pair that was shown at several positions with itself, as in the intervention
    harvesting of Agarwal et al. (2019). Articles ranked first because they are the best therefore do not
    inflate the propensity of the first position. The expected share of a pair's clicks at position k is

        n_k p_k / sum over j of n_j p_j

    with n_k impressions and propensity p_k. The p maximise the likelihood of the Poisson model with an effect
    for each pair, conditioned on the pair's clicks (Hausman, Hall and Griliches 1984). The log-likelihood is
    concave, so the solution is unique, and no estimate of each pair's attractiveness is needed. The estimator
    is consistent for any counts whose means are the product of the two factors, including binary clicks
    (Wooldridge 1999).

    Parameters
    ----------
    log : ClickLog
        Log with at least one click.
    prior_clicks : float
        Number of prior clicks per position, above 0, distributed as the prior propensities ``position **
        -decay``. Near 0 a few rows decide; with large values the prior dominates.
    decay : float
        Decay of the prior propensities, 0 to 3. 0 assumes that all positions are examined equally; 1 that the
        tenth is examined a tenth as often as the first. The default puts the first of five at 1.5 times the
        mean, the first of ten at 2 times. Collins et al. (2018) found 1.5 and 1.9 times the mean on two sites
        with lists of related articles.

    Raises
    ------
    InputError
        If the log has no clicks.
    ValueError
        If an argument is out of range.

    Notes ----- The fit makes ten to a hundred passes over the entries of the log and holds a few copies of
    them in memory.

    Examples
    --------
    Twice as many clicks at position 1 as at 3, on the same pair:

    >>> first, third = [("a", "b", 1, i < 400) for i in range(999)], [("a", "b", 3, i < 200) for i in range(999)]
    >>> fit_clicks(ClickLog.from_rows(first + third), prior_clicks=1).propensities.round(2).tolist()
    [1.0, 0.5]
    """
    if not 0 < prior_clicks < np.inf or not 0 <= decay <= 3:
        raise ValueError(
            f"prior_clicks must be above 0 and decay from 0 to 3, got {prior_clicks} and {decay}"
        )
    if not log.clicks.any():
        raise InputError(
            Problem("no clicks in the log", f"{log.impressions.sum():,} impressions", "give a longer log")
        )
    positions, place = np.unique(log.position, return_inverse=True)
    prior = positions.astype(np.float64) ** -decay
    propensities, informative = _propensities(log, place, prior, prior_clicks * len(positions))
    return ClickModel(
        log=log,
        positions=positions,
        propensities=propensities,
        informative_clicks=informative,
        examined=np.bincount(log.pairs, log.impressions * propensities[place]).astype(np.float64),
        clicks=np.bincount(log.pairs, log.clicks).astype(np.int64),
    )


def _propensities(
    log: ClickLog, place: NDArray[np.int64], prior: NDArray[np.float64], prior_clicks: float
) -> tuple[NDArray[np.float64], int]:
    """Return the maximum a posteriori propensities, relative to the largest, and the informative clicks."""
    from scipy.optimize import minimize

    pair_clicks = np.bincount(log.pairs, log.clicks)
    informative = (np.bincount(log.pairs) > 1) & (pair_clicks > 0)
    kept = informative[log.pairs]
    pair = (np.cumsum(informative) - 1)[log.pairs[kept]]
    place, impressions, pair_clicks = place[kept], log.impressions[kept], pair_clicks[informative]
    prior = prior / prior.sum()
    clicks = np.bincount(place, log.clicks[kept], len(prior)) + prior_clicks * prior
    total = clicks.sum()

    def loss(logs: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        share = np.exp(logs - logs.max())
        weights = impressions * share[place]
        sums = np.bincount(pair, weights, len(pair_clicks))
        expected = np.bincount(place, weights * (pair_clicks / sums)[pair], len(prior))
        expected = expected + prior_clicks * share / share.sum()
        value = pair_clicks @ np.log(sums) + prior_clicks * np.log(share.sum()) - clicks @ (logs - logs.max())
        return value / total, (expected - clicks) / total

    found = minimize(
        loss,
        np.log(prior),
        jac=True,
        method="L-BFGS-B",
        options={"gtol": 1e-9, "ftol": 0.0, "maxiter": 1_000},
    )
    return np.exp(found.x - found.x.max()), int(pair_clicks.sum())
