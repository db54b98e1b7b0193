"""Mates: articles that share a rare section or tag with a query.

Where a label raises scores, the best of a small section are related although many articles of other sections are nearer
by content, and no search among all articles finds them. The candidates that were missed on a site of 20,000 abstracts
were all of this kind.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.collection.labels import LABEL_FIELDS, Labels
from recommender.index.kernels.array_layout import read_only
from recommender.index.threads import on_all_threads, slices
from recommender.scoring.queries import Queries
from recommender.scoring.scorer import Scorer

__all__ = ["N_MATES", "label_mates"]

N_MATES = 128
"""Mates of an article by each field of labels."""

_MOST = 2_048  # articles that are compared with one, for each field
_SHARE = 25  # one in so many articles may have a rare label; mates by others are near by content too
_FEW = 256  # articles that may have one in any case
_WORTH = 0.05  # least log by which a label may raise a score
_BLOCK = 2_048  # queries that a thread takes at a time


def label_mates(
    scorer: Scorer,
    queries: Queries,
    known: NDArray[np.int32],
    groups: NDArray[np.int32],
    n_jobs: int | None = None,
) -> NDArray[np.int32]:
    """Return the mates of some queries that are nearest by dense vectors, int32 of shape (m, c), padded with -1.

    They are 128 at most by each field of labels.

    Parameters
    ----------
    scorer : Scorer
        Fields of labels that raise no score are passed over.
    queries : Queries
    known : ndarray of int32, shape (m, c)
        Articles that are left out with their near copies, -1 for none.
    groups : ndarray of int32, shape (n_articles,)
        The same number for near copies of each other. One of each group is returned.
    n_jobs : int or None

    Notes
    -----
    Up to 2,048 articles are compared with each query. Their labels are taken from the rarest on, and a label that more
    than one in 25 articles of the site has is passed over.
    """
    found = [np.empty((len(queries), 0), dtype=np.int32)]
    for name in LABEL_FIELDS:
        theirs, ours = scorer.collection.attributes.get(name), queries.attributes.get(name)
        if isinstance(theirs, Labels) and isinstance(ours, Labels) and _raises(scorer, name):
            known = np.hstack([known, *found[1:]])
            found.append(_mates(scorer, (ours, theirs), queries, (known, groups), n_jobs))
    return np.hstack(found)


def _raises(scorer: Scorer, name: str) -> bool:
    """Return whether a label of a field in common may raise scores."""
    ratios = np.asarray(scorer.model.log_ratios.get(name, ()), dtype=np.float32)
    return float(getattr(scorer.weights, name) * ratios.max(initial=0)) >= _WORTH


def _mates(
    scorer: Scorer,
    labels: tuple[Labels, Labels],
    queries: Queries,
    seen: tuple[NDArray[np.int32], NDArray[np.int32]],
    n_jobs: int | None,
) -> NDArray[np.int32]:
    """Return the mates of some queries by one field, of which the labels of the queries and of the site are given."""
    (ours, theirs), (known, groups) = labels, seen
    collection, own = scorer.collection, ours.rows.take(queries.rows).compact().read_only()
    vectors = read_only(queries.vectors.dense), read_only(collection.dense)
    labels_here, indices = np.unique(own.indices, return_inverse=True)
    starts, holders = (read_only(each) for each in theirs.holders(labels_here))
    rare = max(_FEW, len(collection) // _SHARE)
    rows = queries.rows if ours is theirs else np.full(len(queries), -1, dtype=np.int32)
    found = np.full((len(queries), N_MATES), -1, dtype=np.int32)
    order = _by_label(own.indptr, indices, starts)  # so that the vectors of mates stay in the caches
    blocks = slices(len(order), _BLOCK)

    def fill(blocks: Iterator[slice]) -> None:
        for block in blocks:
            places = order[block]
            found[places] = _nearest_mates(
                (own.indptr, indices), (starts, holders), vectors, (places, rows),
                (known, read_only(groups)), (rare, _MOST, N_MATES),
            )  # fmt: skip

    on_all_threads(lambda: fill(blocks), n_jobs if len(order) > _BLOCK else 1)
    return found


@njit(nogil=True, cache=True)
def _by_label(indptr, indices, starts):  # type: ignore[no-untyped-def]
    """Return the places of queries with labels, those of one rarest label together."""
    rarest = np.full(indptr.shape[0] - 1, -1, dtype=np.int64)
    for place in range(rarest.shape[0]):
        least = np.int64(2**62)
        for label in indices[indptr[place] : indptr[place + 1]]:
            if starts[label + 1] - starts[label] < least:
                least = starts[label + 1] - starts[label]
                rarest[place] = label
    order = np.argsort(rarest, kind="mergesort")
    return order[np.sum(rarest < 0) :]


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def _nearest_mates(labels, holders, vectors, queries, left_out, limits):  # type: ignore[no-untyped-def]
    (indptr, indices), (starts, rows_of), (mine, theirs) = labels, holders, vectors
    (places, rows), (known, groups), (rare, most, n) = queries, left_out, limits
    found = np.full((places.shape[0], n), -1, dtype=np.int32)
    products = np.empty(n, dtype=np.float32)
    seen = np.full(theirs.shape[0], -1, dtype=np.int64)
    for at in range(places.shape[0]):
        place = places[at]
        if rows[place] >= 0:
            seen[groups[rows[place]]] = at
        for other in known[place]:
            if other >= 0:
                seen[groups[other]] = at
        own = indices[indptr[place] : indptr[place + 1]]
        n_found, left = 0, most
        for label in own[np.argsort(starts[own + 1] - starts[own], kind="mergesort")]:
            count = starts[label + 1] - starts[label]
            if count > rare or count > left:
                break
            left -= count
            for other in rows_of[starts[label] : starts[label + 1]]:
                if seen[groups[other]] == at:
                    continue
                seen[groups[other]] = at
                product = np.float32(0.0)
                for dimension in range(mine.shape[1]):
                    product += mine[place, dimension] * theirs[other, dimension]
                n_found = _put(found[at], products, n_found, other, product)
    return found


@njit(nogil=True, cache=True, inline="always")
def _put(rows, products, n_found, row, product):  # type: ignore[no-untyped-def]
    """Put a row among the best, which are in descending order. Return how many there are now."""
    full = n_found == rows.shape[0]
    if full and product <= products[n_found - 1]:
        return n_found
    place = n_found - 1 if full else n_found
    while place > 0 and products[place - 1] < product:
        rows[place], products[place] = rows[place - 1], products[place - 1]
        place -= 1
    rows[place], products[place] = row, product
    return n_found if full else n_found + 1
