"""Which articles are the same page in other languages: by their paths, by a key that they share, by their own word."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.collection.editions import Editions
from recommender.collection.translation_pairs import TranslationPairs, chosen_pairs
from recommender.collection.trees import Trees
from recommender.text.link_names import LinkNames, linked_pairs

__all__ = ["translation_sets"]

_LARGEST = (
    200  # articles of a set; no page is in more languages, so a larger set comes from a key that is none
)


def translation_sets(alone: Collection, pairs: TranslationPairs) -> NDArray[np.int32]:
    """Return the first row of the set of translations that each article belongs to, int32 of shape (n,).

    An article without translations is its own set. Without any translation the array has no rows.

    Two articles are translations of each other if they are the same page of two parallel trees, if they have the same key,
    or if each names the other as one of its languages. One that is named and names nobody is none: sites often name their
    home page for all pages (https://developers.google.com/search/docs/specialty/international/localized-versions).

    Sets that are declared so are joined by the pairs that are found in the texts, see `chosen_pairs`, strongest first. No
    such pair joins sets with articles in one edition, see `Editions`.
    """
    declared = _declared(alone.trees, alone.link_names)
    if not len(pairs.one):
        return declared
    editions = Editions.of(alone).codes()
    chosen = chosen_pairs(pairs, editions, alone.id_order)
    return _joined(declared, chosen, editions) if chosen else declared


def _joined(
    sets: NDArray[np.int32], pairs: list[tuple[int, int]], editions: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return sets joined by pairs."""
    found = sets.copy() if len(sets) else np.arange(len(editions), dtype=np.int32)
    members = defaultdict(list)
    for row, own in enumerate(found.tolist()):
        members[own].append(row)
    for one, other in pairs:
        low, high = sorted((int(found[one]), int(found[other])))
        spoken = [frozenset(editions[members[each]].tolist()) for each in (low, high)]
        if low != high and not spoken[0] & spoken[1]:
            members[low] += members.pop(high)
            found[members[low]] = low
    return found


def _declared(trees: Trees, names: LinkNames) -> NDArray[np.int32]:
    """Return the sets that sites declare, see `translation_sets`."""
    n = len(names.own)
    parts = [_reciprocal(names, n), _equal(names.keys.astype(np.int64), names.keys > 0)]
    if trees.names:
        parts.append(_equal(trees.pages[:, 0], trees.members[:, 0] >= 0))
    one, other = (np.concatenate(each) for each in zip(*parts, strict=True))
    if not len(one):
        return np.zeros(0, dtype=np.int32)
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    linked = coo_matrix((np.ones(len(one), dtype=np.int8), (one, other)), shape=(n, n))
    labels = connected_components(linked, directed=False)[1]
    _, first, sets, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    found = np.where(sizes[sets] <= _LARGEST, first[sets], np.arange(n)).astype(np.int32)
    return found if (found != np.arange(n)).any() else found[:0]


def _reciprocal(names: LinkNames, n: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the pairs of articles each of which names the other."""
    one, other = linked_pairs(names.own, names.alternates)
    both = np.isin(one * n + other, other * n + one)
    return one[both], other[both]


def _equal(values: NDArray[np.int64], there: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return each row with a value and the first row that has the same, if that is another."""
    rows = np.flatnonzero(there)
    _, first, places = np.unique(values[rows], return_index=True, return_inverse=True)
    firsts = rows[first][places]
    return rows[rows != firsts], firsts[rows != firsts]
