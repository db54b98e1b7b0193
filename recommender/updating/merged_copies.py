"""Near copies after an update. Only articles near those that came or went are compared."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from recommender.text.copy_index import CopyIndex, copy_keys
from recommender.text.near_copy_groups import NearCopies
from recommender.text.site_copies import find_site_copies
from recommender.text.spool import TextSpool
from recommender.updating.merge import Merge

__all__ = ["merged_copies"]

Text = tuple[str, str]


def merged_copies(
    old: NearCopies, index: CopyIndex, merge: Merge, old_text: Callable[[int], Text], new_texts: list[Text]
) -> NearCopies:
    """Return the near copies after an update, as `find_site_copies` finds them among all articles.

    Parameters
    ----------
    old : NearCopies
    index : CopyIndex
        Of the articles before the update.
    merge : Merge
    old_text : callable
        Returns the clean title and body of a row before the update.
    new_texts : list of (str, str)

    Notes
    -----
    Pairs depend on two texts, and teasers on those of one headline. So a set of articles that holds all members of the
    groups and headlines that it touches can be compared by itself.
    """
    removed = np.flatnonzero(merge.moved[:-1] < 0)
    near = _closure(old, index, old_text, np.unique(removed).tolist(), new_texts)
    staying = [row for row in near if merge.moved[row] >= 0]
    rows = np.concatenate([merge.moved[staying], merge.added]).astype(np.int32)
    texts = [old_text(row) for row in staying] + new_texts
    order = np.argsort(rows)
    spool = TextSpool()
    for place in order.tolist():
        spool.append(*texts[place])
    found, rows = find_site_copies(spool, n_jobs=1), rows[order]
    return _joined(old, merge, np.array(near, dtype=np.int64), found, rows)


def _closure(
    old: NearCopies, index: CopyIndex, old_text: Callable[[int], Text], removed: list[int], new: list[Text]
) -> list[int]:
    """Return the rows that may be copies of new articles or were copies of removed ones, and all that belongs to them."""
    near: set[int] = set()
    waiting = {*removed, *index.holders(copy_keys(new)[0]).tolist()}
    groups = np.asarray(old.groups)
    while waiting:
        near |= waiting
        rows = np.array(sorted(waiting), dtype=np.int32)
        headlines = copy_keys((old_text(row)[0], "") for row in rows.tolist())[0]
        mates = np.flatnonzero(np.isin(groups, groups[rows]))
        waiting = {*mates.tolist(), *index.holders(headlines).tolist()} - near
    return sorted(near)


def _joined(
    old: NearCopies, merge: Merge, near: NDArray[np.int64], found: NearCopies, rows: NDArray[np.int32]
) -> NearCopies:
    """Return the copies among `rows`, found anew, and the former ones among all others."""
    touched = np.zeros(len(old.groups), dtype=np.bool_)
    touched[near] = True
    outside = np.flatnonzero(~touched)
    groups = np.arange(len(merge.order), dtype=np.int32)
    identical = groups.copy()
    groups[merge.moved[outside]] = merge.moved[old.groups[outside]]
    identical[merge.moved[outside]] = merge.moved[old.identical[outside]]
    groups[rows], identical[rows] = rows[found.groups], rows[found.identical]
    kept = ~touched[old.pairs].any(axis=1)
    pairs = np.concatenate([merge.moved[old.pairs[kept]], rows[found.pairs]])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    jaccard = np.concatenate([old.jaccard[kept], found.jaccard])
    return NearCopies(groups, identical, pairs[order].astype(np.int32), jaccard[order])
