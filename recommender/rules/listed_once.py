"""Articles of which a list holds one: near copies, and the versions and translations of a page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.rules.policy import Policy

__all__ = ["alike", "kinds_of_trees", "listed_once"]


def listed_once(policy: Policy, collection: Collection) -> NDArray[np.int32]:
    """Return the same number for articles of which a list holds one, int32 of shape (n,).

    Near copies are such articles unless the policy keeps them, and so are the versions and translations of a page unless
    it lists those of all trees.
    """
    copies = [] if policy.copies == "keep" else [np.asarray(collection.copies.groups)]
    return _joined(len(collection), [*copies, *_pages(policy, collection)])


def alike(policy: Policy, collection: Collection) -> NDArray[np.int32]:
    """Return the same number for articles that say the same, int32 of shape (n,), whether copies are kept or not."""
    return _joined(len(collection), [np.asarray(collection.copies.groups), *_pages(policy, collection)])


def kinds_of_trees(policy: Policy, collection: Collection) -> list[int]:
    """Return which columns of `Trees` divide the site: 0 for translations, 1 for versions."""
    matter = (policy.trees == "own" and not policy.cross_language, policy.trees == "own")
    return [kind for kind in (0, 1) if matter[kind] and (collection.trees.pages[:, kind] >= 0).any()]


def _pages(policy: Policy, collection: Collection) -> list[NDArray[np.int32]]:
    return [np.asarray(collection.trees.pages)[:, kind] for kind in kinds_of_trees(policy, collection)]


def _joined(n: int, partitions: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    """Return the least row that each row is joined to, directly or by others, where equal numbers from 0 on join."""
    if not partitions:
        return np.arange(n, dtype=np.int32)
    known = [(np.flatnonzero(each >= 0), each[each >= 0]) for each in partitions]
    found, before = np.arange(n, dtype=np.int32), None
    while before is None or (found != before).any():
        before = found.copy()
        for rows, codes in known:
            least = np.full(int(codes.max(initial=-1)) + 1, n, dtype=np.int32)
            np.minimum.at(least, codes, found[rows])
            found[rows] = least[codes]
    return found
