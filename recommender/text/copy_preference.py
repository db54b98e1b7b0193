"""The order in which near copies are preferred."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

__all__ = ["RULES", "preference_order"]

RULES = ("original", "longest", "newest", "sections")
"""Rules that `preference_order` accepts."""

_NO_DATE = np.iinfo(np.int64).min


class SectionOrder(TypedDict, total=False):
    """Options of the rule "sections"; see `preference_order`."""

    sections: NDArray[np.int32] | None
    preferred_sections: Sequence[int]


def preference_order(
    groups: NDArray[np.int32],
    rule: str,
    *,
    published: NDArray[np.int64],
    lengths: NDArray[np.int64],
    id_order: NDArray[np.int32],
    **section_order: Unpack[SectionOrder],
) -> NDArray[np.intp]:
    """Return the articles sorted by group, and within a group by a rule.

    Parameters
    ----------
    groups : ndarray of int32, shape (n,)
        As in `NearCopies`: equal for the members of a group.
    rule : {"original", "longest", "newest", "sections"}
        "original" prefers the earliest date, "newest" the latest date; undated articles come last in both.
        "longest" prefers the most characters. "sections" prefers the section that comes first in
        `preferred_sections`; other sections come last. Ties are broken by the earliest date, then by length,
        then by id.
    published : ndarray of int64, shape (n,)
        Microseconds since 1970; the smallest int64 if unknown.
    lengths : ndarray of int64, shape (n,)
        Characters, 0 or more.
    id_order : ndarray of int32, shape (n,)
        Rank of each article's id among all ids.
    sections : ndarray of int32, shape (n,), optional
        Section code of each article. Required by the rule "sections", ignored by the others.
    preferred_sections : sequence of int, default ()
        Section codes, best first.

    Returns
    -------
    ndarray of int, shape (n,)
        Places of the articles, the preferred first in each group.

    Raises
    ------
    ValueError
        If the rule is unknown, or is "sections" and `sections` is missing.

    Examples
    --------
    >>> groups, order = np.array([0, 0, 2], np.int32), np.arange(3, dtype=np.int32)
    >>> lengths = np.array([5, 9, 7])
    >>> preference_order(groups, "longest", published=np.zeros(3, np.int64), lengths=lengths, id_order=order).tolist()
    [1, 0, 2]
    """
    if rule not in RULES:
        raise ValueError(f"the rule of copies must be one of {', '.join(RULES)}, got {rule!r}")
    original = [np.where(published == _NO_DATE, np.iinfo(np.int64).max, published), -lengths, id_order]
    if rule == "longest":
        keys = [-lengths, *original]
    elif rule == "newest":
        keys = [~published, *original]  # ~x is -x - 1, the largest value for an unknown date
    elif rule == "sections":
        sections = section_order.get("sections")
        if sections is None:
            raise ValueError("the rule sections needs the section of each article; pass sections")
        keys = [_section_ranks(sections, section_order.get("preferred_sections", ())), *original]
    else:
        keys = original
    return np.lexsort([*reversed(keys), groups])  # the last key is the primary one


def _section_ranks(sections: NDArray[np.int32], preferred_sections: Sequence[int]) -> NDArray[np.int64]:
    """Return the rank of each article's section in the order of preference; unlisted sections come last."""
    ranks = np.full(len(sections), len(preferred_sections))
    for rank, section in reversed(list(enumerate(preferred_sections))):
        ranks[sections == section] = rank
    return ranks
