"""Members that appear in two sets or more, the only ones that make two sets similar."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.text.set_bounds import least_with_any

__all__ = ["Recurring"]

_SLOTS_PER_MEMBER = 4  # 22 % of the members of one set are false positives; `SetIndex` counts exactly


class Recurring:
    """A hash table of two-bit counters that finds recurring members, with some false positives.

    Parameters
    ----------
    n_members : int
        Number of members to be added.
    """

    def __init__(self, n_members: int) -> None:
        n_slots = 1 << max(6, (_SLOTS_PER_MEMBER * int(n_members) - 1).bit_length())
        self._table = np.zeros(n_slots // 4, dtype=np.uint8)

    def add(self, members: NDArray[np.uint64], sizes: NDArray[np.int64], used: NDArray[np.bool_]) -> None:
        """Count the members of the used sets. `members` holds all sets, one after the other."""
        _add(self._table, members, sizes, used)

    def kept(
        self,
        members: NDArray[np.uint64],
        sizes: NDArray[np.int64],
        used: NDArray[np.bool_],
        at_least: float,
    ) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Return the number of recurring members of each set, and these members.

        Both leave out unused sets, and sets with too few recurring members to reach the similarity
        `at_least`.
        """
        n_kept, kept = _kept(self._table, members, sizes, used, at_least)
        return n_kept, kept


@njit(nogil=True, cache=True)
def _add(table, members, sizes, used):  # type: ignore[no-untyped-def]
    mask = np.uint64(4 * table.shape[0] - 1)
    end = 0
    for row in range(sizes.shape[0]):
        begin, end = end, end + sizes[row]
        for at in range(begin, end if used[row] else begin):
            slot = members[at] & mask
            shift = np.uint8((slot & np.uint64(3)) << np.uint64(1))
            seen = table[slot >> np.uint64(2)]
            if (seen >> shift) & 3 < 2:
                table[slot >> np.uint64(2)] = seen + (np.uint8(1) << shift)


@njit(nogil=True, cache=True)
def _kept(table, members, sizes, used, at_least):  # type: ignore[no-untyped-def]
    mask = np.uint64(4 * table.shape[0] - 1)
    n_kept = np.zeros(sizes.shape[0], dtype=np.int64)
    kept = np.empty(members.shape[0], dtype=np.uint64)
    end, total = 0, 0
    for row in range(sizes.shape[0]):
        begin, end = end, end + sizes[row]
        if not used[row]:
            continue
        before = total
        for at in range(begin, end):
            slot = members[at] & mask
            shift = np.uint8((slot & np.uint64(3)) << np.uint64(1))
            kept[total] = members[at]
            total += (table[slot >> np.uint64(2)] >> shift) & 3 > 1
        if total - before < least_with_any(sizes[row], at_least):
            total = before
        n_kept[row] = total - before
    return n_kept, kept[:total].copy()
