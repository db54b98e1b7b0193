"""The search of candidates: of all articles by joins, or of one query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.index.kernels.array_layout import read_only
from recommender.index.kernels.large_arrays import large_copy
from recommender.index.kernels.sketch_kernels import products_of_rows
from recommender.index.postings import N_QUERY_TERMS
from recommender.index.sparse_rows import SparseRow, SparseRows
from recommender.index.vector_search import VectorSearch
from recommender.progress import Progress
from recommender.ranking.candidate_index import CandidateIndex, vectors_of
from recommender.scoring.queries import Queries

__all__ = [
    "Budget",
    "Searched",
    "ascending",
    "candidates_near",
    "candidates_of",
    "find_candidates",
    "joined_of_kind",
    "joined_vectors",
    "kinds_of",
]

_ROWS = 256  # vectors looked at in one step
_TOGETHER, _PARTS = (
    20_000,
    16,
)  # articles at least whose terms are looked up together, and runs of them at most
_MENTIONED = 64  # candidates at most that mention an article or are mentioned by it


class TermSearch(Protocol):
    """Finds rows that share strong terms with a query, see `Postings`."""

    def nearest(
        self, query: SparseRow, n: int, n_rows: int, n_terms: int = N_QUERY_TERMS
    ) -> NDArray[np.int32]:
        """Return the rows nearest to one query, best first."""
        ...

    def nearest_of_rows(
        self, matrix: SparseRows, rows: NDArray[np.int32], n: int, n_terms: int, n_jobs: int | None = None
    ) -> NDArray[np.int32]:
        """Return the nearest others of some indexed rows, padded with -1."""
        ...


class Searched(Protocol):
    """What candidates of single articles are found with, see `CandidateIndex`."""

    @property
    def postings(self) -> TermSearch: ...  # noqa: D102
    @property
    def searches(self) -> Mapping[str, VectorSearch]: ...  # noqa: D102


class Budget(NamedTuple):
    """How many candidates are found in each way.

    Attributes
    ----------
    by_terms : int
    by_vectors : int
        For each kind of vectors.
    query_terms : int
        Strongest terms of a query that are looked up.
    """

    by_terms: int
    by_vectors: int
    query_terms: int = N_QUERY_TERMS

    @classmethod
    def of(cls, n_candidates: int, collection: Collection) -> Self:
        """Return half of `n_candidates` by terms and half by vectors, or all by terms where there are no vectors."""
        n_candidates = min(n_candidates, 2 * max(len(collection), 1))  # half of it are all articles
        if not kinds_of(collection):
            return cls(n_candidates, 0)
        return cls(-(-n_candidates // 2), max(n_candidates // 2, 1))


def find_candidates(
    collection: Collection, index: CandidateIndex, n_candidates: int, n_jobs: int | None, progress: Progress
) -> NDArray[np.int32]:
    """Return the candidates of each article, int32 of shape (n, c): itself left out, none twice, padded with -1.

    Half of `n_candidates` are the nearest by terms, the other half by dense vectors. With neural vectors, half of
    `n_candidates` more are the nearest by these. Up to 64 more have the strongest mentions. All the nearest by vectors
    are found, unless the plan of the index accepts a smaller recall. Where it does, and vectors have no clusters, as those
    of titles of random words, fewer are found than it says: all pairs of a large site would take too long.
    """
    near = joined_vectors(collection, index, n_candidates, n_jobs, progress)
    n, budget, found = len(collection), Budget.of(n_candidates, collection), list[NDArray[np.int32]]()
    size = max(_TOGETHER, -(-n // _PARTS))
    for start in range(0, n, size):
        progress("finding terms", start, n)
        rows = np.arange(start, min(start + size, n), dtype=np.int32)
        theirs = [each[start : start + size] for each in near]
        found.append(candidates_near(collection, index, rows, theirs, budget, n_jobs))
    progress("finding terms", n, n)
    return _stacked(found)


def joined_vectors(
    collection: Collection, index: CandidateIndex, n_candidates: int, n_jobs: int | None, progress: Progress
) -> list[NDArray[np.int32]]:
    """Return the nearest of each article by each kind of vectors, int32 of shape (n, c) each."""
    step = "finding neighbours"
    progress(step, 0, 1)
    kinds, found = kinds_of(collection), []
    for number, kind in enumerate(kinds):

        def report(step: str, done: int, total: int, number: int = number) -> None:
            progress(step, number * total + done, len(kinds) * total)

        found.append(joined_of_kind(collection, index, kind, n_candidates, n_jobs, report))
    if not kinds:
        progress(step, 1, 1)
    return found


def joined_of_kind(
    collection: Collection,
    index: CandidateIndex,
    kind: str,
    n_candidates: int,
    n_jobs: int | None,
    progress: Progress,
) -> NDArray[np.int32]:
    """Return the nearest of each article by one kind of vectors, int32 of shape (n, c)."""
    from recommender.index.clustered import ClusteredIndex

    joined = ClusteredIndex(
        recall=index.plans[kind].join_recall,
        n_jobs=n_jobs,
        on_progress=lambda done, total: progress("finding neighbours", done, total),
        bounded=True,
    )
    vectors = vectors_of(collection, kind)
    if not vectors.flags.writeable:  # a loop compiled for both would take twice the time to compile
        vectors = large_copy(vectors)
    n_neighbors = Budget.of(n_candidates, collection).by_vectors
    return joined.fit(vectors).kneighbors(n_neighbors=n_neighbors)[1]


def candidates_near(
    collection: Collection,
    index: CandidateIndex,
    rows: NDArray[np.int32],
    near: list[NDArray[np.int32]],
    budget: Budget,
    n_jobs: int | None,
) -> NDArray[np.int32]:
    """Return the candidates of some articles, of which the nearest by vectors are known, shape (m, c).

    `rows` ascend. They are those that `find_candidates` finds among all articles.
    """
    by_terms = index.postings.nearest_of_rows(collection.sparse, rows, budget.by_terms, N_QUERY_TERMS, n_jobs)
    mentions = collection.mentions.take(rows).read_only()
    longest = min(int(mentions.lengths.max(initial=0)), _MENTIONED)
    n = len(collection)
    return _united([by_terms, *near, _strongest(mentions, longest)], n)


def candidates_of(
    query: Queries, own: int, collection: Collection, index: Searched, budget: Budget
) -> NDArray[np.int32]:
    """Return the candidates of one query, found as `find_candidates` finds those of an article.

    `own` is the row of the article itself, -1 for a draft. They ascend. Where the plan of the index is approximate, a few
    candidates by vectors may differ from those of a join.
    """
    vectors, n = query.vectors, len(collection)
    by_terms = index.postings.nearest(query.sparse_row(0), budget.by_terms + 1, n, budget.query_terms)
    found = [by_terms[by_terms != own][: budget.by_terms]]
    for kind in kinds_of(collection):
        vector = vectors.dense[0] if kind == "dense" else vectors.neural[0]
        near = index.searches[kind].nearest(vector, vectors_of(collection, kind), budget.by_vectors + 1)
        if len(near) > budget.by_vectors:
            near = _without(near, own, vectors_of(collection, kind), vector)
        found.append(near[near != own])
    mentions = vectors.mentions.row(0)
    found.append(mentions.columns[np.argsort(-mentions.values, kind="stable")[:_MENTIONED]])
    return ascending(np.concatenate(found))


def ascending(rows: NDArray[np.integer[Any]]) -> NDArray[np.int32]:
    """Return rows in ascending order, each once; quicker than `np.unique`, which hashes them."""
    ordered: NDArray[np.int32] = np.sort(rows.astype(np.int32, copy=False))
    new = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered[new]


def _without(
    near: NDArray[np.int32], own: int, vectors: NDArray[np.float32], vector: NDArray[np.float32]
) -> NDArray[np.int32]:
    """Return rows without their own, or else without the one least like a vector: of several the largest row."""
    if own in near:
        return np.asarray(near[near != own])
    products = products_of_rows(read_only(vectors), near, read_only(vector))
    least = np.flatnonzero(products == products.min())
    return np.asarray(np.delete(near, least[near[least].argmax()]), dtype=np.int32)


def kinds_of(collection: Collection) -> list[str]:
    """Return the kinds of vectors of which some are not zero."""
    return [kind for kind in ("dense", "neural") if _any(vectors_of(collection, kind))]


def _any(vectors: NDArray[np.float32]) -> bool:
    """Return whether some vector is not zero. Reads them only as far as the first."""
    return vectors.shape[1] > 0 and any(
        vectors[start : start + _ROWS].any() for start in range(0, len(vectors), _ROWS)
    )


def _stacked(found: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    """Return candidates of runs of articles as one array, padded with -1."""
    width = max((each.shape[1] for each in found), default=0)
    stacked = np.full((sum(map(len, found)), width), -1, dtype=np.int32)
    start = 0
    for each in found:
        stacked[start : start + len(each), : each.shape[1]] = each
        start += len(each)
    return stacked


def _united(found: list[NDArray[np.int32]], n: int) -> NDArray[np.int32]:
    """Return candidates of several kinds, rows of `n` articles, each once."""
    united = np.full((len(found[0]), sum(each.shape[1] for each in found)), -1, dtype=np.int32)
    width = 0
    for each in found:
        _add(united, width, each, n)
        width += each.shape[1]
    return united


@njit(nogil=True, cache=True)
def _strongest(rows, n_kept):  # type: ignore[no-untyped-def]
    found = np.full((rows.indptr.shape[0] - 1, n_kept), -1, dtype=np.int32)
    for row in range(found.shape[0]):
        a, b = rows.indptr[row], rows.indptr[row + 1]
        order = np.argsort(-rows.data[a:b], kind="mergesort")[:n_kept]
        found[row, : order.shape[0]] = rows.indices[a:b][order]
    return found


@njit(nogil=True, cache=True)
def _add(united, width, more, n):  # type: ignore[no-untyped-def]
    """Put those of `more` that are in no earlier column into the columns from `width` on."""
    owner = np.full(n, -1, dtype=np.int32)
    for row in range(united.shape[0]):
        for place in range(width):
            if united[row, place] >= 0:
                owner[united[row, place]] = row
        for place in range(more.shape[1]):
            if more[row, place] >= 0 and owner[more[row, place]] != row:
                united[row, width + place] = more[row, place]
