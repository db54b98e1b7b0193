"""Candidates: the articles that are worth an exact score for a list.

Up to 2,048 articles every article is a candidate for every list. On a larger site the nearest by terms and by vectors are,
and articles that mention each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only

__all__ = ["AllArticles", "CandidateMatrix", "Candidates", "represented"]


class Candidates(Protocol):
    """The candidates of all articles of a site."""

    @property
    def width(self) -> int:
        """Candidates of an article at most."""
        ...

    def block(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the candidates of some articles, shape (m, c), -1 for none, each at most once."""
        ...


@dataclass(frozen=True, eq=False)
class AllArticles:
    """Some articles as the candidates of every list.

    Parameters
    ----------
    others : ndarray of int32, shape (c,)
        Rows that represent themselves.
    representative : ndarray of int32, shape (n,)
        See `Eligibility`.
    """

    others: NDArray[np.int32]
    representative: NDArray[np.int32]

    @property
    def width(self) -> int:
        """Candidates of an article at most."""
        return len(self.others)

    def block(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the candidates of some articles; near copies of an article are not its candidates."""
        return np.where(self.others == self.representative[rows, None], np.int32(-1), self.others)


@dataclass(frozen=True, eq=False)
class CandidateMatrix:
    """Candidates as a matrix of shape (n, c), -1 for none."""

    rows: NDArray[np.int32]

    @property
    def width(self) -> int:
        """Candidates of an article at most."""
        return int(self.rows.shape[1])

    def block(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the candidates of some articles."""
        return self.rows[rows]


def represented(candidates: NDArray[np.int32], own: NDArray[Any], representative: NDArray[np.int32]) -> None:
    """Replace candidates by the articles that represent them, in place, each at most once.

    `own` holds the representative of each query, which is removed; -1 for a draft.
    """
    _represent(candidates, np.asarray(own, np.int32), read_only(representative))


@njit(nogil=True, cache=True)
def _represent(candidates, own, representative):  # type: ignore[no-untyped-def]
    seen = np.full(representative.shape[0], -1, dtype=np.int32)
    for query in range(candidates.shape[0]):
        for place in range(candidates.shape[1]):
            if candidates[query, place] >= 0:
                other = representative[candidates[query, place]]
                candidates[query, place] = -1 if other == own[query] or seen[other] == query else other
                seen[other] = query
