"""How the rows of a large site become those after an update: new articles come behind, and what goes leaves a hole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.updating.merge import Merge

__all__ = ["Growth", "Step"]


@dataclass(frozen=True, eq=False)
class Growth:
    """Rows before and after an update, as `Merge` has them. Rows never move.

    Parameters
    ----------
    removed : ndarray of int32
        Rows of which articles go, ascending.
    added : ndarray of int32
        Rows of new articles, from `n_before` on.
    there : ndarray of bool, shape (n,)
        The rows that hold an article after the update.
    n_before : int
    """

    removed: NDArray[np.int32]
    added: NDArray[np.int32]
    there: NDArray[np.bool_]
    n_before: int

    @property
    def n(self) -> int:
        """The number of rows after the update."""
        return self.n_before + len(self.added)

    @cached_property
    def moved(self) -> NDArray[np.int32]:
        """The row of each former row, -1 for one without an article, and once more -1 at the end for the row -1."""
        moved = np.arange(self.n_before + 1, dtype=np.int32)
        moved[:-1][~self.there[: self.n_before]] = moved[-1] = -1
        return moved

    @cached_property
    def former(self) -> NDArray[np.int32]:
        """The former row of each row, -1 for one that is new or holds no article."""
        former = np.full(self.n, -1, dtype=np.int32)
        former[: self.n_before] = self.moved[:-1]
        return former

    def arrays(self, old: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
        """Return one array of all rows."""
        return np.concatenate([old, new])


Step: TypeAlias = Merge | Growth
"""How rows before an update become those after it."""
