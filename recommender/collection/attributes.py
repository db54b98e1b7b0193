"""What articles carry beside their text, and how similar two articles are by it.

Similarity comes in a few bins, so that a site can measure what each bin is worth (see `likelihood_ratios`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.summary_table import NO_DATE

__all__ = ["Attribute", "Dates"]

_DAY = 86_400_000_000  # microseconds
_GAPS = np.array([0.5, 1.5, 3, 7, 14, 30, 60, 120, 240, 480, 1000])  # days between the bins


class Attribute(Protocol):
    """One attribute of all articles of a site, or of some queries."""

    edges: NDArray[np.float64]
    """Values between the bins; there is one bin more than edges."""

    matched: bool
    """Whether ratios compare with articles on the same subject instead of random pairs, see `log_ratios`."""

    def bins(self, queries: Self, rows: NDArray[Any], others: NDArray[Any]) -> NDArray[np.int8]:
        """Return the bin of each pair of a row of `queries` and a row of this, -1 where a value is missing."""
        ...


@dataclass(frozen=True, eq=False)
class Dates:
    """When each article was published. Bins are days between two articles.

    Dates are compared with those of articles on the same subject: a date can be that of an import or an
    edit, and those come by kinds of pages.

    Parameters
    ----------
    published : ndarray of int64, shape (n,)
        Microseconds since 1970, `NO_DATE` where unknown.
    """

    published: NDArray[np.int64]
    edges = _GAPS
    matched = True

    def bins(self, queries: Self, rows: NDArray[Any], others: NDArray[Any]) -> NDArray[np.int8]:  # noqa: D102
        here, there = queries.published[rows], self.published[others]
        days = np.abs(here - there) / _DAY  # whole microseconds first: a gap that equals an edge stays on it
        bins = np.searchsorted(_GAPS, days, side="right").astype(np.int8)
        return np.where((here == NO_DATE) | (there == NO_DATE), np.int8(-1), bins)
