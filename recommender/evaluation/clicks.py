"""Click logs in memory: impressions and clicks counted by query, article and position."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_POSITION", "ClickLog", "Impression"]

Impression: TypeAlias = tuple[str, str, int, bool]
"""Query article, article shown, position from 1, and whether it was clicked."""

MAX_POSITION = 1_000
_ID_BITS, _POSITION_BITS = 26, 10  # query, article and position in one integer of 62 bits
_CHUNK = 1 << 18  # impressions counted at a time


@dataclass(frozen=True, eq=False, repr=False)
class ClickLog:
    """Counts of impressions and clicks. Each entry is one combination of query, article and position.

    Entries are sorted by query, article and position, so the order of the input does not matter.

    Parameters
    ----------
    article_ids : tuple of str
        All ids of the log, sorted.
    query, shown : int64 array, shape (n,)
        Positions in `article_ids` of the query and of the article shown.
    position : int64 array, shape (n,)
        Position in the list, 1 to 1,000.
    impressions, clicks : int64 array, shape (n,)
        Number of impressions, at least 1, and of clicks, 0 to the number of impressions.

    Examples
    --------
    >>> log = ClickLog.from_rows([("a", "b", 1, True), ("a", "b", 1, False), ("a", "c", 2, False)])
    >>> log
    <ClickLog: 3 impressions of 2 pairs, 1 clicked>
    >>> log.impressions.tolist(), log.clicks.tolist()
    ([2, 1], [1, 0])
    """

    article_ids: tuple[str, ...]
    query: NDArray[np.int64]
    shown: NDArray[np.int64]
    position: NDArray[np.int64]
    impressions: NDArray[np.int64]
    clicks: NDArray[np.int64]

    @classmethod
    def from_rows(cls, rows: Iterable[Impression]) -> Self:
        """Count impressions in one pass.

        Memory grows with the ids and the distinct entries, about 24 bytes each.

        Raises
        ------
        ValueError
            If a position is not from 1 to 1,000, or there are more than 67 million ids.
        """
        ids: dict[str, int] = {}
        counted = np.zeros((3, 0), dtype=np.int64)
        keys, clicked = array("q"), array("b")
        for query, shown, position, click in rows:
            if not 1 <= position <= MAX_POSITION:
                raise ValueError(f"expected positions from 1 to {MAX_POSITION:,}, got {position}")
            pair = ids.setdefault(query, len(ids)) << _ID_BITS | ids.setdefault(shown, len(ids))
            keys.append(pair << _POSITION_BITS | position)
            clicked.append(click)
            if len(keys) == _CHUNK:
                counted = _added(counted, keys, clicked)
                keys, clicked = array("q"), array("b")
        if len(ids) > 1 << _ID_BITS:
            raise ValueError(f"expected at most {1 << _ID_BITS:,} ids, got {len(ids):,}")
        return cls(*_by_id(ids, _added(counted, keys, clicked)))

    def __len__(self) -> int:
        return len(self.query)

    def __repr__(self) -> str:
        return (
            f"<ClickLog: {self.impressions.sum():,} impressions of {self.pairs.max(initial=-1) + 1:,} pairs, "
            f"{self.clicks.sum():,} clicked>"
        )

    @property
    def pairs(self) -> NDArray[np.int64]:
        """Index of the (query, article) pair of each entry, ascending from 0; int64, shape (n,)."""
        new = (np.diff(self.query) != 0) | (np.diff(self.shown) != 0)
        return np.concatenate(([0], np.cumsum(new)))[: len(self)].astype(np.int64)


def _added(counted: NDArray[np.int64], keys: array[int], clicked: array[int]) -> NDArray[np.int64]:
    """Add a chunk of impressions to the counts. Rows are unique keys, impressions and clicks."""
    every = np.concatenate([counted[0], np.frombuffer(keys, np.int64) if keys else counted[0, :0]])
    kept, place = np.unique(every, return_inverse=True)
    old, new = np.split(place, [counted.shape[1]])
    clicks = np.bincount(new, np.array(clicked, np.float64), len(kept))
    return np.stack(
        [
            kept,
            np.bincount(old, counted[1], len(kept)).astype(np.int64) + np.bincount(new, minlength=len(kept)),
            np.bincount(old, counted[2], len(kept)).astype(np.int64) + clicks.astype(np.int64),
        ]
    )


def _by_id(ids: Mapping[str, int], counted: NDArray[np.int64]) -> tuple[Any, ...]:
    """Return the columns of a log, with ids renumbered from first occurrence to sorted order."""
    keys, impressions, clicks = counted
    article_ids = tuple(sorted(ids))
    place = np.zeros(len(ids), dtype=np.int64)
    place[[ids[each] for each in article_ids]] = np.arange(len(ids))
    query = place[keys >> (_ID_BITS + _POSITION_BITS)]
    shown = place[keys >> _POSITION_BITS & (1 << _ID_BITS) - 1]
    position = keys & (1 << _POSITION_BITS) - 1
    order = np.lexsort((position, shown, query))
    return article_ids, *(column[order] for column in (query, shown, position, impressions, clicks))
