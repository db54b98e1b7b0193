"""Numbers of articles that never change, whatever comes and goes."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["Numbers"]


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
