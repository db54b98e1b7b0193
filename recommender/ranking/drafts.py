"""A draft meets a site: its vectors, whom it is compared with, and who names whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article
from recommender.encoders.one_text import OneTextEncoder
from recommender.ranking.champions import Champions
from recommender.ranking.mention_strength import LEAST_SHARE, mention_strength
from recommender.ranking.nearest import Search, index_arrays, open_search, plans_of
from recommender.ranking.one_list import FEW_ARTICLES, Query
from recommender.ranking.site import LEARNED, Site
from recommender.ranking.sketches import Sketches
from recommender.ranking.sparse_rows import SparseRow, SparseRows
from recommender.ranking.title_terms import TitleTerms

if TYPE_CHECKING:
    from recommender.encoders.lexical import Vectors
    from recommender.index.planner import SearchPlan

__all__ = ["DraftSearch", "n_by_vectors", "search_arrays"]

_EVERYBODY = FEW_ARTICLES  # here too, so that a test can take any site for a large one
_BY_TERMS = 1000  # of a larger site, those with most of its terms
_BY_VECTORS = 400  # and those nearest by each kind of vectors


@dataclass(frozen=True, eq=False)
class DraftSearch:
    """What makes a query of a draft, opened without reading it."""

    site: Site
    encoder: OneTextEncoder
    titles: SparseRows
    n_naming: NDArray[np.int32]
    champions: Champions
    title_terms: TitleTerms
    dense: Search
    neural: Search

    @classmethod
    def open(cls, site: Site, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> Self:
        """Return the search of an artifact's arrays and facts."""
        learned = {name.removeprefix(LEARNED): arrays[name] for name in arrays if name.startswith(LEARNED)}
        searches = (
            open_search(plan, kind, getattr(site, kind), arrays) for kind, plan in plans_of(facts).items()
        )
        return cls(
            site, OneTextEncoder(learned, facts["encoder"]["settings"]), SparseRows.of(arrays, "titles"),
            arrays["n_naming"], Champions(*(arrays[f"champions_{field}"] for field in Champions._fields)),
            TitleTerms(*(arrays[f"title_terms_{field}"] for field in TitleTerms._fields)), *searches,
        )  # fmt: skip

    def query(
        self, draft: Article, text: tuple[str, str], neural: NDArray[np.float32], k: int
    ) -> tuple[Query, NDArray[np.int32]]:
        """Return a draft as a query, and the rows it is to be compared with for a list of k.

        Parameters
        ----------
        draft : Article
            Its date, section and tags count.
        text : tuple of str
            Its title and body, tidy.
        neural : ndarray of float32, shape (e,)
        k : int

        Notes
        -----
        A site of 2,048 articles is compared as a whole, and so is one of 20 k. Of a larger one it is the 1,000
        articles that share most, the 400 nearest by each kind of vectors, and those whose titles the draft holds; of a
        long list 4 k and k. What grows with the site is the search of vectors, see `choose_index`.
        """
        vectors = self.encoder.encode(*text)
        sparse = SparseRow(vectors.columns, vectors.values)
        n = len(self.site.id_order)
        held = self.title_terms.held(sparse.columns)
        strengths = mention_strength(self.titles.squares_held(sparse, held), self.n_naming[held], n)
        held, strengths = held[strengths > 0], strengths[strengths > 0]
        near = self.near(sparse, vectors.dense, neural, k)
        rows = np.arange(n, dtype=np.int32) if near is None else np.union1d(near, held)
        squares = SparseRow(vectors.title_columns, vectors.title_values**2)
        shares = self.site.sparse.sums_where(squares, rows)
        named = mention_strength(shares, np.array((shares >= LEAST_SHARE).sum()), n)
        mentions = named + SparseRow(held, strengths).at(rows)
        attributes = {name: each.one(draft) for name, each in self.site.context.attributes.items()}
        some = np.flatnonzero(mentions)
        query = Query(sparse, vectors.dense, neural, SparseRow(rows[some], mentions[some]), attributes, 0)
        return query, rows

    def near(
        self, sparse: SparseRow, dense: NDArray[np.float32], neural: NDArray[np.float32], k: int
    ) -> NDArray[np.int32] | None:
        """Return the rows that are worth an exact score for a list of k, ascending; None for all, see `query`."""
        n = len(self.site.id_order)
        if n <= max(_EVERYBODY, 20 * k):
            return None
        by_vectors = n_by_vectors(k)
        found = [
            self.champions.nearest(sparse, max(_BY_TERMS, 4 * k), n),
            self.dense(dense, by_vectors),
            self.neural(neural, by_vectors),
        ]
        return np.unique(np.concatenate(found))


def n_by_vectors(k: int) -> int:
    """Return how many of the nearest by each kind of vectors a draft is compared with for a list of k."""
    return max(_BY_VECTORS, k)


def search_arrays(
    vectors: Vectors, neural: NDArray[np.float32], plans: Mapping[str, SearchPlan], n_jobs: int | None
) -> dict[str, NDArray[Any]]:
    """Return what `DraftSearch.open` reads beside the vectors, as plain arrays by name.

    `plans` say how vectors of each kind, "dense" and "neural", are searched.
    """
    made: dict[str, Any] = {
        "champions": Champions.of(vectors.sparse, n_jobs), "title_terms": TitleTerms.of(vectors.titles),
        "dense_sketches": Sketches.of(vectors.dense), "neural_sketches": Sketches.of(neural),
    }  # fmt: skip
    arrays = {
        f"{name}_{field}": array for name, part in made.items() for field, array in part._asdict().items()
    }
    return (
        arrays
        | index_arrays(plans["dense"], "dense", vectors.dense, n_jobs)
        | index_arrays(plans["neural"], "neural", neural, n_jobs)
    )
