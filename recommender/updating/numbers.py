"""A site in memory, and the numbers of its articles, which never change, whatever comes and goes."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.lists.site import Site

__all__ = ["Numbers", "Whole"]


class Numbers(NamedTuple):
    """The numbers of articles.

    Attributes
    ----------
    rows : ndarray of int32, shape (n,)
        The number of each row.
    next : int
        The number of the next new article.
    """

    rows: NDArray[np.int32]
    next: int

    @classmethod
    def first(cls, n: int) -> Self:
        """Return the numbers of n articles that are stored together."""
        return cls(np.arange(n, dtype=np.int32), n)


class Whole(NamedTuple):
    """Everything of a state: the site, its rows in the order of the ids, and the numbers of its articles."""

    site: Site
    numbers: Numbers

    @classmethod
    def first(cls, site: Site) -> Self:
        """Return a site whose articles have the first numbers."""
        return cls(site, Numbers.first(len(site.collection)))
