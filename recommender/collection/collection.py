"""The collection: the articles of a site as its model sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.collection.article_texts import ArticleTexts
from recommender.collection.attributes import Attribute, Dates
from recommender.collection.labels import Labels
from recommender.collection.series import Series
from recommender.collection.summary_table import NO_DATE, SummaryTable
from recommender.collection.translation_pairs import TranslationPairs
from recommender.collection.trees import NO_TREES, Trees
from recommender.index.sparse_rows import SparseRows
from recommender.text.copy_index import CopyIndex
from recommender.text.link_names import LinkNames
from recommender.text.links import linked_rows
from recommender.text.near_copy_groups import NearCopies

__all__ = ["Collection", "Links"]


class Links(NamedTuple):
    """Links between articles, as compressed sparse rows without values.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n + 1,)
    indices : ndarray of int32
        The rows that each row links to, ascending.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Collection:
    """The articles of a site. A build puts the rows in the order of the ids.

    Parameters
    ----------
    summaries : SummaryTable
    id_order : ndarray of int32, shape (n,)
        Place of each row's id among the sorted ids.
    languages : ndarray of int16, shape (n,)
        Place of each article's language among the languages of the model, -1 where unknown.
    text_lengths : ndarray of int32, shape (n,)
        Characters of title and text.
    copies : NearCopies
    sparse : SparseRows
        Unit rows over the terms of the model; empty for an article without usable text.
    titles : SparseRows
        Unit rows of the titles alone.
    dense : ndarray of float32, shape (n, d)
        Unit rows or zeros.
    neural : ndarray of float32, shape (n, e)
        Unit rows; e is 0 without an encoder that makes such vectors.
    mentions : SparseRows
        Strengths of the mentions between two articles: symmetric, without a diagonal.
    n_naming : ndarray of int32, shape (n,)
        Articles that mention each title.
    hubs : ndarray of float32, shape (n,)
        Mean content score of each article's ten nearest.
    labels : mapping of str to SparseRows
        Labels of each article by field.
    variants : ndarray of int32, shape (n, 2)
        Script and region of each article's language, see `variants_of`. Without rows if none is known.
    trees : Trees
        The translation and the version that each article belongs to.
    texts : ArticleTexts
        Plain title and body of each article, before boilerplate is removed. Read by updates alone.
    digests : ndarray of uint64, shape (n,)
        See `Article.digest`.
    title_hashes : ndarray of uint64, shape (n,)
        See `title_hashes`.
    copy_index : CopyIndex
    listed_until : ndarray of int64, shape (n,)
        Microseconds since 1970 until when lists may hold each article, see `recommender.listing`. Without rows if they
        may always.
    link_names : LinkNames
        What each article is called and what it links to.
    translation_pairs : TranslationPairs
        Articles that may say the same in two languages.
    translations : ndarray of int32, shape (n,)
        First row of each article's set of translations, see `translation_sets`. Without rows if there are none.
    """

    summaries: SummaryTable
    id_order: NDArray[np.int32]
    languages: NDArray[np.int16]
    text_lengths: NDArray[np.int32]
    copies: NearCopies
    sparse: SparseRows
    titles: SparseRows
    dense: NDArray[np.float32]
    neural: NDArray[np.float32]
    mentions: SparseRows
    n_naming: NDArray[np.int32]
    hubs: NDArray[np.float32]
    labels: Mapping[str, SparseRows] = field(default_factory=dict)
    variants: NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 2), np.int32))
    trees: Trees = NO_TREES
    texts: ArticleTexts = field(default_factory=lambda: ArticleTexts.of([]))
    digests: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    title_hashes: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    copy_index: CopyIndex = field(
        default_factory=lambda: CopyIndex(np.zeros(0, np.uint64), np.zeros(0, np.int32))
    )
    listed_until: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    link_names: LinkNames = field(default_factory=LinkNames.none)
    translation_pairs: TranslationPairs = field(default_factory=TranslationPairs.none)
    translations: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))

    def __len__(self) -> int:
        return len(self.id_order)

    @property
    def has_neural(self) -> bool:
        """Whether articles have neural vectors."""
        return bool(self.neural.shape[1])

    @cached_property
    def links(self) -> Links:
        """The links in the texts."""
        return Links(*linked_rows(self.link_names))

    @cached_property
    def series(self) -> Series:
        """The parts of series."""
        return Series.of(self.summaries)

    @cached_property
    def by_id(self) -> NDArray[np.int32]:
        """Rows in the order of their ids."""
        rows = np.empty(len(self), dtype=np.int32)
        rows[self.id_order] = np.arange(len(self), dtype=np.int32)
        return rows

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """What articles carry beside their text, by name: attributes that two or more articles have."""
        found: dict[str, Attribute] = {}
        if np.count_nonzero(self.summaries.published != NO_DATE) > 1:
            found["time"] = Dates(self.summaries.published)
        for name, rows in self.labels.items():
            if np.count_nonzero(rows.indptr[1:] != rows.indptr[:-1]) > 1:
                found[name] = Labels(rows)
        return found
