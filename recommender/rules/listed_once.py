"""Articles of which a list holds one: near copies, and the versions and translations of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.rules.policy import Policy

__all__ = ["alike", "kinds_of_trees", "listed_once", "one_language", "same_pages"]


def listed_once(policy: Policy, collection: Collection) -> NDArray[np.int32]:
    """Return the same number for articles of which a list holds one, int32 of shape (n,).

    Near copies are such articles unless the policy keeps them, and so are the versions and translations of a page unless
    it lists those of all trees.
    """
    keeps = policy.copies == "keep"
    groups = np.arange(len(collection), dtype=np.int32) if keeps else np.asarray(collection.copies.groups)
    return _joined(groups, _pages(collection, kinds_of_trees(policy, collection)))


def alike(policy: Policy, collection: Collection) -> NDArray[np.int32]:
    """Return the same number for articles that say the same, int32 of shape (n,), whether copies are kept or not."""
    return _joined(
        np.asarray(collection.copies.groups), _pages(collection, kinds_of_trees(policy, collection))
    )


def same_pages(policy: Policy, collection: Collection) -> NDArray[np.int32] | None:
    """Return the same number for articles that are one page in whatever language, int32 of shape (n,).

    They are of one set of translations, have one path in parallel translations, or are of one group of `listed_once`. A
    page that waits for its translator has the path alone. None where no page has another language, or where it plays no
    part: lists hold one language each, or translations of all pages.
    """
    if not one_language(policy) and policy.translations != "apart":
        return None
    pages, sets = (
        _pages(collection, sorted({0, *kinds_of_trees(policy, collection)})),
        collection.translations,
    )
    if not pages and not len(sets):
        return None
    return _joined(listed_once(policy, collection), [*pages, *([sets] if len(sets) else [])])


def one_language(policy: Policy) -> bool:
    """Return whether lists that cross languages hold another page in one language only."""
    return policy.cross_language and policy.trees == "own"


def kinds_of_trees(policy: Policy, collection: Collection) -> list[int]:
    """Return which columns of `Trees` divide the site: 0 for translations, 1 for versions."""
    matter = (policy.trees == "own" and not policy.cross_language, policy.trees == "own")
    return [kind for kind in (0, 1) if matter[kind] and (collection.trees.pages[:, kind] >= 0).any()]


def _pages(collection: Collection, kinds: Sequence[int]) -> list[NDArray[np.integer[Any]]]:
    """Return the pages of some columns of `Trees` that have any, -1 for none."""
    found = []
    for kind in kinds:
        numbers = np.asarray(collection.trees.pages)[:, kind]
        if not (numbers >= 0).any():
            continue
        codes = np.unique(numbers, return_inverse=True)[1]
        found.append(np.where(numbers >= 0, codes, -1))
    return found


def _joined(groups: NDArray[np.int32], pages: Sequence[NDArray[np.integer[Any]]]) -> NDArray[np.int32]:
    """Return the first row of each group, where groups that hold the same page are joined to one.

    Parameters
    ----------
    groups : ndarray of int32, shape (n,)
        First row of each group.
    pages : sequence of ndarray of int, shape (n,)
        The same number, 0 or more, for versions of a page.
    """
    found, before = groups.copy(), None
    if not pages:
        return found
    kinds = [(np.flatnonzero(each >= 0), each[each >= 0]) for each in (*pages, groups)]
    while before is None or (found != before).any():
        before = found.copy()
        for rows, codes in kinds:
            least = np.full(int(codes.max(initial=-1)) + 1, len(found), dtype=np.int32)
            np.minimum.at(least, codes, found[rows])
            found[rows] = least[codes]
    return found
