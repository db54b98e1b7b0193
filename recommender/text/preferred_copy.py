"""Which article of a group of near copies stands for all of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["RULES", "preferred"]

RULES = ("original", "longest", "newest", "sections")
"""How `preferred` may choose."""

_NO_DATE = np.iinfo(np.int64).min


def preferred(
    groups: NDArray[np.int32],
    rule: str,
    *,
    published: NDArray[np.int64],
    lengths: NDArray[np.int64],
    id_order: NDArray[np.int32],
    sections: NDArray[np.int32] | None = None,
    preferred_sections: Sequence[int] = (),
) -> NDArray[np.int32]:
    """Return for each article the one that stands for its group.

    Parameters
    ----------
    groups : ndarray of int32, shape (n,)
        As in `NearCopies`; equal for the members of a group.
    rule : {"original", "longest", "newest", "sections"}
        "original" is the earliest published, "newest" the latest, in both undated ones last; "longest" has the most
        characters; "sections" is of the section that stands first in `preferred_sections`, the others after
        all of these. Ties go by "original", then the longest, then by id.
    published : ndarray of int64, shape (n,)
        Microseconds since 1970, the least number where unknown.
    lengths : ndarray of int64, shape (n,)
        Characters, 0 or more.
    id_order : ndarray of int32, shape (n,)
        Place of each article among all ids in order.
    sections : ndarray of int32, shape (n,), optional
        Code of each article's section; for the rule "sections" alone.
    preferred_sections : sequence of int
        Codes, the best first.

    Returns
    -------
    ndarray of int32, shape (n,)
        Rows; an article alone stands for itself.

    Raises
    ------
    ValueError
        On another rule, or on "sections" without `sections`.

    Examples
    --------
    >>> groups, order = np.array([0, 0, 2], np.int32), np.arange(3, dtype=np.int32)
    >>> preferred(groups, "longest", published=np.zeros(3, np.int64), lengths=np.array([5, 9, 7]), id_order=order).tolist()
    [1, 1, 2]
    """
    if rule not in RULES:
        raise ValueError(f"wanted one of {', '.join(RULES)} as the rule of copies, got {rule!r}")
    original = [np.where(published == _NO_DATE, np.iinfo(np.int64).max, published), -lengths, id_order]
    if rule == "longest":
        keys = [-lengths, *original]
    elif rule == "newest":
        keys = [~published, *original]  # ~x is -x - 1, and the greatest of all where there is no date
    elif rule == "sections":
        if sections is None:
            raise ValueError("the rule sections needs the section of each article; pass sections")
        keys = [_places(sections, preferred_sections), *original]
    else:
        keys = original
    best_first = np.lexsort([*reversed(keys), groups])  # the last key is the first to sort by
    _, first, members = np.unique(groups[best_first], return_index=True, return_inverse=True)
    chosen = np.empty(len(groups), dtype=np.int32)
    chosen[best_first] = best_first[first[members]]
    return chosen


def _places(sections: NDArray[np.int32], preferred_sections: Sequence[int]) -> NDArray[np.int64]:
    """Return where each article's section stands in the order of preference, past its end if nowhere."""
    places = np.full(len(sections), len(preferred_sections))
    for place, section in reversed(list(enumerate(preferred_sections))):
        places[sections == section] = place
    return places
