"""Articles that are the same story again: found by the words of their bodies, and put into groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from recommender.text.near_copy_groups import NearCopies

if TYPE_CHECKING:
    from recommender.text.shingles import ShingleSets

__all__ = ["NearCopies", "find_near_copies"]

_RUN = 2**21  # characters that a thread reads at a time
_MANY, _MANY_EACH = 2_000_000, 10  # pairs of a site that all are kept, and more for each of its articles


def find_near_copies(
    bodies: Iterable[str], *, at_least: float = 0.8, n_jobs: int | None = None
) -> NearCopies:
    """Return all pairs of articles that share most of their shingles, the runs of five successive words, and their groups.

    Parameters
    ----------
    bodies : iterable of str
        Clean bodies without their titles, one an article, read once.
    at_least : float, default 0.8
        Least Jaccard similarity of the sets of shingles of two copies, above 0 and up to 1, inclusive. A new headline, a
        byline and another first sentence stay above 0.8; a story updated with new facts falls below.
    n_jobs : int or None
        Threads; the result does not depend on it.

    Returns
    -------
    NearCopies

    Raises
    ------
    ValueError
        If `at_least` is out of its range, or `bodies` is one string.

    Notes
    -----
    Exact, but for two shingles with the same hash of 64 bits. Words count without case and punctuation; in scripts
    without spaces each character is a word. A body of fewer than five words has no shingle and is nobody's copy; two of five
    words or more are copies if they are the same.

    Takes memory of 10 to 12 bytes a word of all bodies while it works, 1.7 KB an abstract. Linear in the length of the
    texts, some 70 MB/s on two threads, and then in the number of pairs, about a microsecond each; identical articles cost
    nothing, however many.

    Examples
    --------
    >>> story = "It rained in May, and the river rose over the road to the mill for a week."
    >>> copies = find_near_copies([story, "Sun in June.", story.upper(), story + " More soon."])
    >>> copies.groups.tolist(), copies.identical.tolist()
    ([0, 1, 0, 0], [0, 1, 0, 3])
    >>> copies.pairs.tolist(), copies.jaccard.round(3).tolist()
    ([[0, 3]], [0.867])
    """
    if not 0 < at_least <= 1:
        raise ValueError(f"at_least is a Jaccard similarity above 0 and up to 1, got {at_least}")
    at_least = float(at_least)
    from recommender.text.shingles import shingle_sets

    # what is read ahead is what memory holds
    workers = Parallel(n_jobs, prefer="threads", return_as="generator", pre_dispatch="2*n_jobs", batch_size=1)
    runs = list(workers(delayed(shingle_sets)(run) for run in _runs(bodies)))
    identical = _first_of_each(
        np.concatenate([np.empty(0, np.uint64), *(run.digests for run in runs)]),
        np.concatenate([np.empty(0, np.int64), *(run.sizes for run in runs)]) > 0,
    )
    pairs, jaccard = _similar(runs, identical, at_least, n_jobs)
    return NearCopies(_components(pairs, identical), identical, pairs, jaccard)


def _runs(bodies: Iterable[str]) -> Iterator[list[str]]:
    if isinstance(bodies, str):
        raise ValueError("wanted a list of bodies, got one string; put it in a list")
    run: list[str] = []
    size = 0
    for body in bodies:
        run.append(body)
        size += len(body) + 1
        if size >= _RUN:
            yield run
            run, size = [], 0
    if run:
        yield run


def _first_of_each(digests: NDArray[np.uint64], usable: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return for each row the first usable one with the same digest; rows that are not usable have their own."""
    rows = np.flatnonzero(usable)
    _, first, same = np.unique(digests[rows], return_index=True, return_inverse=True)
    firsts = np.arange(len(digests), dtype=np.int32)
    firsts[rows] = rows[first[same]]
    return firsts


def _similar(
    runs: list[ShingleSets], identical: NDArray[np.int32], at_least: float, n_jobs: int | None
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the pairs among the first of each set, ascending, and their similarities."""
    from recommender.text.recurring import Recurring
    from recommender.text.set_join import SetJoin

    sizes = np.concatenate([np.empty(0, np.int64), *(run.sizes for run in runs)])
    wanted = (identical == np.arange(len(identical))) & (sizes > 0)
    bounds = np.cumsum([0, *(len(run.sizes) for run in runs)])
    parts = [(run.hashes, run.sizes, wanted[a:b]) for run, (a, b) in zip(runs, pairwise(bounds), strict=True)]
    recurring = Recurring(sum(len(run.hashes) for run in runs))
    for part in parts:
        recurring.add(*part)
    kept = [recurring.kept(*part, at_least) for part in parts]
    n_kept = np.concatenate([np.empty(0, np.int64), *(lengths for lengths, _ in kept)])
    members = np.concatenate([np.empty(0, np.uint64), *(members for _, members in kept)])
    rows = np.flatnonzero(n_kept)
    join = SetJoin.of(rows, sizes[rows], n_kept[rows], members, at_least)
    pairs, alike = join.pairs(at_least, limit=_MANY + _MANY_EACH * len(sizes), n_jobs=n_jobs)
    pairs = np.sort(pairs, axis=1)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return pairs[order].astype(np.int32), alike[order]


def _components(pairs: NDArray[np.int32], identical: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the first row of all that hang together by pairs or are identical."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(identical)
    one = np.concatenate([pairs[:, 0], np.arange(n)])
    other = np.concatenate([pairs[:, 1], identical])
    links = coo_matrix((np.ones(len(one), dtype=np.int8), (one, other)), shape=(n, n))
    labels = connected_components(links, directed=False)[1] if n else np.empty(0, np.int32)
    _, first, members = np.unique(labels, return_index=True, return_inverse=True)
    return first[members].astype(np.int32)
