"""What drift is measured by: which articles a model knows, which of their words, and which texts their titles find."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.index.sparse_rows import SparseRow, SparseRows
from recommender.lists.site import Site
from recommender.scoring.known_articles import KnownArticles

__all__ = ["ArticleStates", "found_by_title", "unknown_share"]

_TITLES = 500  # titles that are searched for, at most
_AGAINST = 2_000  # articles that each is searched among, at most


class ArticleStates(NamedTuple):
    """Which articles came or changed since a model was fitted: bool arrays of shape (n,)."""

    added: NDArray[np.bool_]
    edited: NDArray[np.bool_]

    @classmethod
    def of(cls, collection: Collection, known: KnownArticles) -> Self:
        """Compare the articles of a collection with those that a model knows."""
        there, same = known.states_of(collection.summaries.hashes, collection.digests)
        return cls(~there, there & ~same)

    @property
    def same(self) -> NDArray[np.bool_]:
        """Which articles are as they were."""
        return ~(self.added | self.edited)


def unknown_share(collection: Collection, some: NDArray[np.bool_]) -> float | None:
    """Return the mean share of the terms of some articles that the model does not know. None of no articles.

    It is one minus the square of the length of the sparse row, in which unknown terms count as terms of a single article
    do, see `TfidfEncoder`. Terms that one article alone held when the model was fitted are unknown to it.

    Parameters
    ----------
    collection : Collection
    some : ndarray of bool, shape (n,)
        Articles without a text do not count.
    """
    rows = np.flatnonzero(some & (collection.text_lengths > 0))
    if not len(rows):
        return None
    sparse = collection.sparse.take(rows)
    data = sparse.data[int(sparse.indptr[0]) : int(sparse.indptr[-1])]
    return float(np.clip(1 - np.square(data, dtype=np.float64).sum() / len(rows), 0, 1))


def found_by_title(site: Site, some: NDArray[np.bool_], seed: int = 0) -> float | None:
    """Return the share of articles that are found first by their titles, by words, among up to 2,000. None of no articles.

    An article is looked for by its text without the title; the others have theirs.

    Parameters
    ----------
    site : Site
    some : ndarray of bool, shape (n,)
        Up to 500 of them are drawn. Articles without a title or without a text do not count.
    seed : int
    """
    collection, model = site.collection, site.model
    drawn = np.random.default_rng(seed).permutation(len(collection))
    against = np.sort(collection.by_id[drawn[:_AGAINST]])
    rows = collection.by_id[drawn][some[collection.by_id[drawn]]][:_TITLES]
    titles, bodies, kept = [], [], []
    for row in rows.tolist():
        title, body = collection.texts[row]
        body = model.texts.clean(title, body)
        if title and body:
            vectors = model.lexical.one_text_encoder.encode("", body)
            titles.append(collection.titles.row(row))
            bodies.append(SparseRow(vectors.columns, vectors.values))
            kept.append(row)
    if not kept:
        return None
    queries, targets, others = (
        each.to_csr(model.lexical.n_terms)
        for each in (
            SparseRows.of_rows(titles),
            SparseRows.of_rows(bodies),
            collection.sparse.take(against),
        )
    )
    own = queries.multiply(targets).sum(axis=1)
    scores = (queries @ others.T).toarray()
    scores[np.array(kept)[:, None] == against] = 0
    return float((np.ravel(own) > scores.max(axis=1, initial=0)).mean())
