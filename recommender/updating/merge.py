"""How the rows of a collection and of new articles become those of the collection after an update."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from recommender.collection.string_column import StringColumn
from recommender.collection.summary_table import SummaryTable
from recommender.index.sparse_rows import SparseRows
from recommender.text.link_names import LinkTargets

__all__ = ["Merge"]

Array = TypeVar("Array", bound=NDArray)  # type: ignore[type-arg]


@dataclass(frozen=True, eq=False)
class Merge:
    """Rows before and after an update. Both are in the order of the ids.

    Parameters
    ----------
    kept : ndarray of int64, shape (k,)
        Rows that stay, ascending.
    order : ndarray of int64, shape (n,)
        Place of each row after the update among the kept rows and, behind them, the new articles.
    n_before : int
    """

    kept: NDArray[np.int64]
    order: NDArray[np.int64]
    n_before: int

    @classmethod
    def of(cls, ids: Sequence[str], removed: NDArray[np.int32], new_ids: Sequence[str]) -> Self:
        """Return the merge of a collection without the `removed` rows, and of articles with `new_ids`.

        `ids` and `new_ids` ascend. An edited article is removed and new.
        """
        removed = np.unique(removed)
        kept = np.setdiff1d(np.arange(len(ids)), removed, assume_unique=True)
        before = np.array([bisect_left(ids, article_id) for article_id in new_ids], dtype=np.int64)
        places = before - np.searchsorted(removed, before)
        order = np.insert(np.arange(len(kept)), places, len(kept) + np.arange(len(new_ids)))
        return cls(kept, order, len(ids))

    @property
    def n(self) -> int:
        """The number of rows after the update."""
        return len(self.order)

    @cached_property
    def removed(self) -> NDArray[np.int32]:
        """The rows of which articles go, ascending."""
        return np.flatnonzero(self.moved[:-1] < 0).astype(np.int32)

    @cached_property
    def there(self) -> NDArray[np.bool_]:
        """The rows that hold an article after the update: all."""
        return np.ones(self.n, dtype=np.bool_)

    @cached_property
    def former(self) -> NDArray[np.int32]:
        """The former row of each row, -1 for one that is new."""
        former = np.full(self.n, -1, dtype=np.int32)
        former[self.stayed] = self.kept
        return former

    @cached_property
    def _rows(self) -> NDArray[np.int32]:
        """The row of each kept and each new article."""
        rows = np.empty(len(self.order), dtype=np.int32)
        rows[self.order] = np.arange(len(self.order), dtype=np.int32)
        return rows

    @cached_property
    def moved(self) -> NDArray[np.int32]:
        """The row of each former row, -1 for one that is removed, and once more -1 at the end for the row -1."""
        moved = np.full(self.n_before + 1, -1, dtype=np.int32)
        moved[self.kept] = self._rows[: len(self.kept)]
        return moved

    @cached_property
    def added(self) -> NDArray[np.int32]:
        """The row of each new article, ascending."""
        return self._rows[len(self.kept) :]

    @cached_property
    def stayed(self) -> NDArray[np.int32]:
        """The row of each kept article, ascending."""
        return self._rows[: len(self.kept)]

    def arrays(self, old: Array, new: Array) -> Array:
        """Return one array of all rows."""
        if not len(self.added):
            return old[self.kept]  # type: ignore[return-value]
        joined = np.empty((len(self.order), *old.shape[1:]), dtype=old.dtype)
        joined[self.stayed] = old if len(self.kept) == len(old) else old[self.kept]
        joined[self.added] = new
        return joined  # type: ignore[return-value]

    def sparse(self, old: SparseRows, new: SparseRows) -> SparseRows:
        """Return one matrix of all rows."""
        runs = self._runs(old.indptr, new.indptr)
        lengths = self.arrays(np.diff(old.indptr), np.diff(new.indptr))
        indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return SparseRows(
            indptr, _concatenated(old.indices, new.indices, runs), _concatenated(old.data, new.data, runs)
        )

    def targets(self, old: LinkTargets, new: LinkTargets) -> LinkTargets:
        """Return what all articles link to."""
        runs = self._runs(old.indptr, new.indptr)
        lengths = self.arrays(np.diff(old.indptr), np.diff(new.indptr))
        indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return LinkTargets(indptr, _concatenated(old.names, new.names, runs))

    def columns(self, old: StringColumn, new: StringColumn) -> StringColumn:
        """Return one column of texts of all rows."""
        runs = self._runs(old.offsets, new.offsets)
        lengths = self.arrays(np.diff(old.offsets), np.diff(new.offsets))
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return StringColumn(_concatenated(old.spelling, new.spelling, runs), offsets)

    def summaries(self, old: SummaryTable, new: SummaryTable) -> SummaryTable:
        """Return one table of all articles."""
        stayed = self.moved[old.id_rows]
        kept = stayed >= 0
        at = np.searchsorted(old.id_hashes[kept], new.id_hashes)  # equal hashes may stand in either order
        hashes = np.insert(old.id_hashes[kept], at, new.id_hashes)
        rows = np.insert(stayed[kept], at, self.added[new.id_rows])
        columns = {name: self.columns(column, new.columns[name]) for name, column in old.columns.items()}
        return SummaryTable(columns, self.arrays(old.published, new.published), hashes, rows)

    def _runs(self, old: NDArray[np.int64], new: NDArray[np.int64]) -> list[tuple[bool, int, int]]:
        """Return runs of entries that stay together: whether they are new, and where they begin and end."""
        if not len(self.order):
            return []
        n_kept = len(self.kept)
        is_new = self.order >= n_kept
        source = np.where(is_new, self.order - n_kept, 0)
        source[~is_new] = self.kept[self.order[~is_new]]
        breaks = np.flatnonzero((np.diff(source) != 1) | (np.diff(is_new.astype(np.int8)) != 0)) + 1
        first, last = np.concatenate([[0], breaks]), np.concatenate([breaks, [len(source)]]) - 1
        return [
            (fresh, int((new if fresh else old)[a]), int((new if fresh else old)[b + 1]))
            for fresh, a, b in zip(
                is_new[first].tolist(), source[first].tolist(), source[last].tolist(), strict=True
            )
        ]


def _concatenated(old: Array, new: Array, runs: list[tuple[bool, int, int]]) -> Array:
    parts = [(new if fresh else old)[start:stop] for fresh, start, stop in runs]
    return np.concatenate([old[:0], *parts])  # type: ignore[return-value]
