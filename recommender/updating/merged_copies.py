"""Near copies after an update. Only articles near those that came or went are compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.text.copy_index import CopyIndex, headline_keys
from recommender.text.near_copy_groups import NearCopies
from recommender.text.site_copies import find_site_copies
from recommender.text.spool import TextSpool
from recommender.updating.growth import Step

__all__ = ["CopyPatch", "Former", "merged_copies", "patched_copies"]

Text = tuple[str, str]


class CopyPatch(NamedTuple):
    """Near copies that were found anew.

    Attributes
    ----------
    rows : ndarray of int32, shape (m,)
        The articles that were compared. Near copies of others are not among them.
    groups, identical : ndarray of int32, shape (m,)
        Rows, as in `NearCopies`.
    pairs : ndarray of int32, shape (p, 2)
        Rows.
    jaccard : ndarray of float64, shape (p,)
    """

    rows: NDArray[np.int32]
    groups: NDArray[np.int32]
    identical: NDArray[np.int32]
    pairs: NDArray[np.int32]
    jaccard: NDArray[np.float64]


class Former(NamedTuple):
    """What is looked up of articles before an update.

    Attributes
    ----------
    copies : NearCopies
    holders : callable
        Returns the rows of articles that have one of some keys, see `CopyIndex.holders`.
    alike : callable
        Returns the rows of articles that may be similar to new ones, see `CopyIndex.alike`.
    title, text : callable
        Return the title of a row, and its title and clean body.
    """

    copies: NearCopies
    holders: Callable[[NDArray[np.uint64]], NDArray[np.int32]]
    alike: Callable[[CopyIndex], NDArray[np.int32]]
    title: Callable[[int], str]
    text: Callable[[int], Text]


def merged_copies(
    former: Former, step: Step, id_order: NDArray[np.int32], new: tuple[CopyIndex, list[Text]]
) -> CopyPatch:
    """Return the near copies of articles near those that came or went, by rows after the update.

    They are those that `find_site_copies` finds among all articles.

    Parameters
    ----------
    former : Former
    step : Step
    id_order : ndarray of int32, shape (n,)
        Of the articles after the update. The first of equal articles is that with the least id.
    new : (CopyIndex, list of (str, str))
        Of the articles that came.

    Notes
    -----
    Pairs depend on two texts, and teasers on those of one headline. So a set of articles that holds all members of the
    groups and headlines that it touches can be compared by itself.
    """
    index, new_texts = new
    headlines = headline_keys(title for title, _ in new_texts)
    begin = {*step.removed.tolist(), *former.alike(index).tolist(), *former.holders(headlines).tolist()}
    near = _closure(former, begin)
    staying = [row for row in near if step.moved[row] >= 0]
    rows = np.concatenate([step.moved[staying], step.added]).astype(np.int32)
    texts = [former.text(row) for row in staying] + new_texts
    order = np.argsort(id_order[rows])
    spool = TextSpool()
    for place in order.tolist():
        spool.append(*texts[place])
    found, rows = find_site_copies(spool, n_jobs=1), rows[order]
    pairs = rows[found.pairs].astype(np.int32)
    return CopyPatch(rows, rows[found.groups], rows[found.identical], pairs, found.jaccard)


def _closure(former: Former, waiting: set[int]) -> list[int]:
    """Return some rows and all members of the groups and headlines that they touch."""
    near: set[int] = set()
    groups = np.asarray(former.copies.groups)
    while waiting:
        near |= waiting
        rows = np.array(sorted(waiting), dtype=np.int32)
        headlines = headline_keys(map(former.title, rows.tolist()))
        belongs = np.zeros(len(groups), dtype=np.bool_)
        belongs[groups[rows]] = True
        mates = np.flatnonzero(belongs[groups])
        waiting = {*mates.tolist(), *former.holders(headlines).tolist()} - near
    return sorted(near)


def patched_copies(old: NearCopies, moved: NDArray[np.int32], n: int, patch: CopyPatch) -> NearCopies:
    """Return near copies by new rows, with those of some articles found anew.

    Parameters
    ----------
    old : NearCopies
    moved : ndarray of int32, shape (n_before + 1,)
        New row of each former row, -1 for one that is gone.
    n : int
        Articles after the update.
    patch : CopyPatch
        Holds all staying members of the groups of articles that are gone.
    """
    touched = np.zeros(n + 1, dtype=np.bool_)
    touched[patch.rows] = touched[-1] = True  # the last stands for what is gone
    groups = _moved_outside(read_only(old.groups), read_only(moved), touched)
    identical = _moved_outside(read_only(old.identical), read_only(moved), touched)
    groups[patch.rows], identical[patch.rows] = patch.groups, patch.identical
    pairs = moved[old.pairs]
    kept = ~touched[pairs].any(axis=1)
    pairs = np.concatenate([pairs[kept], patch.pairs])
    jaccard = np.concatenate([old.jaccard[kept], patch.jaccard])
    if not len(patch.pairs):  # the others are in their order
        return NearCopies(groups, identical, pairs.astype(np.int32), jaccard)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return NearCopies(groups, identical, pairs[order].astype(np.int32), jaccard[order])


@njit(nogil=True, cache=True)
def _moved_outside(firsts, moved, touched):  # type: ignore[no-untyped-def]
    """Return the first of each article's group by new rows; touched articles are alone."""
    found = np.arange(touched.shape[0] - 1, dtype=np.int32)
    for row in range(firsts.shape[0]):
        if not touched[moved[row]]:
            found[moved[row]] = moved[firsts[row]]
    return found
