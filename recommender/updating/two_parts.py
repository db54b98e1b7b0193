"""An index of sorted pairs to which few are added without a pass over it: a large part, and a small one behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["TwoParts"]


class _Merges(Protocol):
    def merged(self, other: Self, moved: NDArray[np.int32], added: NDArray[np.int32]) -> Self: ...


Index = TypeVar("Index", bound=_Merges)


@dataclass(frozen=True)
class TwoParts(Generic[Index]):
    """An index whose rows never move.

    Parameters
    ----------
    large, small : Index
        `small` holds the rows that came since `large` was made.
    """

    large: Index
    small: Index

    def grown(self, new: Index, added: NDArray[np.int32], n_before: int) -> Self:
        """Return the index with more rows. `added` are those of `new`, from `n_before` on."""
        return replace(self, small=self.small.merged(new, np.arange(n_before, dtype=np.int32), added))

    def as_one(self, moved: NDArray[np.int32], empty: Index) -> Self:
        """Return the index with all rows in the large part. Rows that `moved` gives as -1 are left out."""
        rows = np.arange(len(moved), dtype=np.int32)
        return type(self)(self.large.merged(self.small, moved, rows), empty)

    def found(self, find: Callable[[Index], NDArray[np.int32]]) -> NDArray[np.int32]:
        """Return what is found in both parts, ascending."""
        return np.concatenate([find(self.large), find(self.small)])
