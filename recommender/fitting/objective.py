"""Objective function of a fit: the measure of each labelled article under given weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.hits import Grades, Hits, calculate
from recommender.evaluation.measures import Measure
from recommender.fitting.labels import Labelled
from recommender.fitting.pool import Pool
from recommender.scoring.weights import Weights

__all__ = ["Objective"]


class Objective:
    """Maps weights to the measure of each labelled article, float64, shape (q,). Results are cached."""

    def __init__(self, pool: Pool, labelled: Labelled, measure: Measure, k: int) -> None:
        self._grades = labelled.grades_of(pool.rows)
        self._pool, self._ideal, self._measure = pool, labelled.ideal, measure
        self._k = k if measure.cutoff is None else min(k, measure.cutoff)
        self._known: dict[Weights, NDArray[np.float64]] = {}

    @property
    def signals(self) -> tuple[str, ...]:
        """Names of the weights that affect the values, see `Pool.signals`."""
        return self._pool.signals

    def __call__(self, weights: Weights) -> NDArray[np.float64]:
        """Return the values for `weights`."""
        if weights not in self._known:
            places = self._pool.best(weights, self._k)
            grades = np.where(places >= 0, np.take_along_axis(self._grades, np.maximum(places, 0), axis=1), 0)
            query, rank = np.nonzero(grades > 0)
            met = Grades(query, rank + 1, grades[query, rank])
            self._known[weights] = calculate(self._measure, Hits(len(grades), met, self._ideal))
        return self._known[weights]
