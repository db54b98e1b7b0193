"""Candidates: the articles that are worth an exact score for a list.

Up to 2,048 articles every article is a candidate for every list. On a larger site the nearest by terms and by vectors are,
and articles that mention each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.rules.eligibility import Eligibility, QueryColumns

__all__ = ["AllArticles", "CandidateMatrix", "Candidates", "distinct", "with_copies"]


class Candidates(Protocol):
    """The candidates of all articles of a site."""

    @property
    def width(self) -> int:
        """Candidates of an article at most."""
        ...

    def block(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the candidates of some articles, shape (m, c), -1 for none, each at most once."""
        ...

    def distinct(self) -> NDArray[np.int32]:
        """Return all articles that are candidates, ascending, each once."""
        ...

    def order(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return places in `rows`, in an order in which these articles are ranked in the least time."""
        ...


@dataclass(frozen=True, eq=False)
class AllArticles:
    """Some articles as the candidates of every list.

    Parameters
    ----------
    others : ndarray of int32, shape (c,)
    """

    others: NDArray[np.int32]

    @property
    def width(self) -> int:
        """Candidates of an article at most."""
        return len(self.others)

    def block(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the same candidates for each of some articles."""
        return np.tile(self.others, (len(rows), 1))

    def distinct(self) -> NDArray[np.int32]:
        """Return these articles, ascending."""
        return distinct(self.others)

    def order(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the places of some articles as they come."""
        return np.arange(len(rows), dtype=np.int32)


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

    def distinct(self) -> NDArray[np.int32]:
        """Return all articles that are candidates, ascending, each once."""
        return distinct(self.rows)

    def order(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the places of all articles, each after one with nearly the same candidates; some as they come."""
        if len(rows) < len(self.rows):
            return np.arange(len(rows), dtype=np.int32)
        from recommender.ranking.query_order import along_candidates

        return along_candidates(self.rows)


def distinct(rows: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return rows ascending, each once, without -1."""
    seen = np.zeros(int(rows.max(initial=-1)) + 2, dtype=np.bool_)  # the last place is that of -1
    seen[rows] = True
    return np.flatnonzero(seen[:-1]).astype(np.int32)


def with_copies(
    candidates: NDArray[np.int32], queries: QueryColumns, eligibility: Eligibility
) -> NDArray[np.int32]:
    """Return candidates of shape (m, c) and, in further columns, the preferred allowed member of each of their groups.

    A search may find copies that a rule forbids in a list, and miss the copy that it allows there.
    """
    copies = eligibility.copies
    if not copies:
        return candidates
    own = eligibility.columns.group[candidates] == queries.group[:, None]
    places, at = np.nonzero((candidates >= 0) & (copies.first[candidates] >= 0) & ~own)
    if not len(places):
        return candidates
    found = candidates[places, at].astype(np.int64)
    n = len(copies.first)
    groups = np.unique(places * n + copies.first[found])
    places_of_groups, firsts = groups // n, copies.members[groups % n]
    chosen = eligibility.first_allowed(queries, places_of_groups, firsts)
    new = (chosen >= 0) & ~np.isin(places_of_groups * n + chosen, places * n + found)
    places_of_groups, chosen = places_of_groups[new], chosen[new]
    counts = np.bincount(places_of_groups, minlength=len(candidates))
    ranks = np.arange(len(chosen)) - np.repeat(np.cumsum(counts) - counts, counts)
    more = np.full((len(candidates), int(counts.max(initial=0))), -1, dtype=np.int32)
    more[places_of_groups, ranks] = chosen
    return np.hstack([candidates, more])
