"""The next and the previous part of a series that may be in a list."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.collection.series import Series
from recommender.rules.eligibility import Eligibility, QueryColumns

__all__ = ["neighbouring_parts"]


def neighbouring_parts(series: Series, eligibility: Eligibility, queries: QueryColumns) -> NDArray[np.int32]:
    """Return the next and the previous part of each query that all rules allow, int32 of shape (m, 2); -1 for none.

    A part that a rule forbids is passed over: the next part may be in another language.
    """
    places = np.where(queries.rows >= 0, series.places[queries.rows], -1)
    found = np.full((len(places), 2), -1, dtype=np.int32)
    for column, step in enumerate((1, -1)):
        waiting = np.flatnonzero(places >= 0)
        at = places[waiting] + step
        while len(waiting):
            there = (at >= 0) & (at < len(series.rows))
            there[there] = series.numbers[at[there]] == series.numbers[places[waiting[there]]]
            waiting, at = waiting[there], at[there]
            others = series.rows[at]
            fine = series.ranks[at] != series.ranks[places[waiting]]
            fine &= eligibility.allows(queries, waiting, others)
            found[waiting[fine], column] = others[fine]
            waiting, at = waiting[~fine], at[~fine] + step
    return found
