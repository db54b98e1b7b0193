"""A draft as a query: its vectors, and the articles that it mentions or that mention it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article
from recommender.collection.attributes import Attribute, Dates
from recommender.collection.labels import Labels, labels_of, title_labels
from recommender.collection.summary_table import microseconds
from recommender.encoders.one_text import TextVectors
from recommender.index.sparse_rows import SparseRow, SparseRows
from recommender.lists.site import Site
from recommender.ranking.candidate_search import Budget, ascending, candidates_of
from recommender.ranking.site_sizes import is_small
from recommender.scoring.mention_strength import LEAST_SHARE, mention_strength
from recommender.scoring.model import Model
from recommender.scoring.queries import Queries, Vectors

__all__ = ["Draft", "draft_language", "draft_query", "wide_budget"]

_BY_TERMS = 400
_BY_VECTORS = 200
_QUERY_TERMS = 128


class Draft(NamedTuple):
    """A draft with its clean title and body, its neural vector, and the code of its language."""

    article: Article
    text: tuple[str, str]
    neural: NDArray[np.float32]
    language: int


def wide_budget(k: int) -> Budget:
    """Return the candidates of a single query for a list of k: 400 by terms and 200 by each kind of vectors."""
    return Budget(max(_BY_TERMS, 4 * k), max(_BY_VECTORS, k), _QUERY_TERMS)


def draft_language(model: Model, tag: str | None, text: tuple[str, str]) -> tuple[int, str]:
    """Return the code and the name of a draft's language, -1 and "" where it is unknown or would change nothing."""
    from recommender.collection.site_languages import language_code
    from recommender.text.languages import primary_language

    names = model.languages
    if len(names) < 2 and not primary_language(tag) and not model.crosses:
        return -1, ""  # detecting it would take a second and change nothing
    (name,) = model.language.prior.languages([tag], [text])
    return language_code(names, name), name


def draft_query(
    site: Site,
    draft: Article,
    text: tuple[str, str],
    neural: NDArray[np.float32],
    k: int,
    language: int = -1,
) -> tuple[Queries, NDArray[np.int32]]:
    """Return a draft as a query, and its candidates for a list of k, ascending.

    Parameters
    ----------
    site : Site
    draft : Article
        Its date, section and tags count.
    text : tuple of str
        Its clean title and body.
    neural : ndarray of float32, shape (e,)
    k : int
    language : int, default -1
        Code of its language, -1 where it is unknown.

    Notes
    -----
    A draft is compared with all articles of a small site. Of a larger one it is compared with the 400 articles that
    share most of its terms, the 200 nearest by each kind of vectors, those whose titles it holds, and mates, see
    `label_mates`. A long list takes 4 k and k of them. The search of vectors grows with the site, see `choose_index`.
    """
    collection, n = site.collection, len(site.collection)
    vectors = site.model.lexical.one_text_encoder.encode(*text)
    sparse = SparseRow(vectors.columns, vectors.values)
    attributes = _attributes(site, draft, text[0])
    whole = Vectors.of_text(vectors, neural, language)
    query = Queries(whole, attributes, np.zeros(1, dtype=np.int32))
    held = site.index.title_terms.held(sparse.columns)
    strengths = mention_strength(
        collection.titles.squares_held(sparse, held), collection.n_naming[held], site.model.n_articles
    )
    mentioned = SparseRow(held[strengths > 0], strengths[strengths > 0])
    if is_small(n, k):
        rows = np.arange(n, dtype=np.int32)
    else:
        near = candidates_of(query, -1, collection, site.index, wide_budget(k))
        rows = ascending(np.concatenate([near, mentioned.columns]))
    mentions = _mentions(site, vectors, rows, mentioned)
    return query.with_mentions(SparseRows.of_rows([mentions])), rows


def _mentions(site: Site, vectors: TextVectors, rows: NDArray[np.int32], mentioned: SparseRow) -> SparseRow:
    """Return the strength of mentions between a draft and some articles, in both directions."""
    squares = SparseRow(vectors.title_columns, vectors.title_values**2)
    shares = site.collection.sparse.sums_where(squares, rows)
    n_naming = np.array((shares >= LEAST_SHARE).sum())
    strengths = mention_strength(shares, n_naming, site.model.n_articles) + mentioned.at(rows)
    some = np.flatnonzero(strengths)
    return SparseRow(rows[some], strengths[some])


def _attributes(site: Site, draft: Article, title: str) -> dict[str, Attribute]:
    found: dict[str, Attribute] = {}
    for name in site.collection.attributes:
        if name == "time":
            found[name] = Dates(np.array([microseconds(draft.published)], dtype=np.int64))
        else:
            labels = title_labels(title) if name == "title" else labels_of(draft, name)
            found[name] = Labels(site.model.labels[name].rows([labels]))
    return found
