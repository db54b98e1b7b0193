"""Sections, tags and the spelling of titles: sets of labels in which rare labels weigh more."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article, ArticleSummary
from recommender.index.kernels.array_layout import read_only
from recommender.index.sparse_rows import SparseRows
from recommender.metadata import TAG_FIELDS, tags_of

__all__ = ["LABEL_FIELDS", "LabelVocabulary", "Labels", "labels_of", "title_labels"]

LABEL_FIELDS = ("section", "tags")
"""Fields whose values are labels."""

_GRAM = 4  # characters
_OVERLAPS = np.array([1e-6, 0.15, 0.3, 0.45, 0.6, 0.8])  # cosines between the bins
_FEW_LABELS = 16  # labels whose rows are looked for one by one
_FEW = 256  # pairs up to which the interpreter is quicker than importing the compiler


class LabelVocabulary(NamedTuple):
    """The labels of one field that a site knows.

    A label weighs ``1 + ln((1 + n) / (1 + df))``.

    Attributes
    ----------
    hashes : ndarray of uint64, shape (n_labels,)
        Ascending.
    counts : ndarray of int32, shape (n_labels,)
        The articles that have each label.
    n_articles : int
    """

    hashes: NDArray[np.uint64]
    counts: NDArray[np.int32]
    n_articles: int

    @classmethod
    def of(cls, sets: Sequence[frozenset[str]]) -> Self:
        """Return the vocabulary of the labels of all articles, one set an article."""
        hashes = np.array([_hash(label) for labels in sets for label in labels], dtype=np.uint64)
        known, counts = np.unique(hashes, return_counts=True)
        return cls(known, counts.astype(np.int32), len(sets))

    def rows(self, sets: Sequence[frozenset[str]]) -> SparseRows:
        """Return sets of labels as unit rows. Labels that the vocabulary lacks are left out."""
        hashes = np.array([_hash(label) for labels in sets for label in labels], dtype=np.uint64)
        owners = np.repeat(np.arange(len(sets)), [len(labels) for labels in sets])
        places = np.searchsorted(self.hashes, hashes)
        known = self.hashes.take(places, mode="clip") == hashes if len(self.hashes) else hashes != hashes
        places, owners = places[known], owners[known]
        order = np.lexsort((places, owners))
        places, owners = places[order], owners[order]
        weights = 1 + np.log((1 + self.n_articles) / (1 + self.counts[places]))
        lengths = np.sqrt(np.bincount(owners, weights**2, minlength=len(sets)))
        indptr = np.concatenate([[0], np.bincount(owners, minlength=len(sets)).cumsum()])
        values = (weights / lengths[owners]).astype(np.float32)
        return SparseRows(indptr.astype(np.int64), places.astype(np.int32), values)


@dataclass(frozen=True, eq=False)
class Labels:
    """The labels of each article in one field. Bins are cosines of two sets.

    Labels are compared with those of random pairs: a section is part of what an article is about.
    """

    rows: SparseRows
    edges = _OVERLAPS
    matched = False

    def holders(self, labels: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return where the rows of each of some labels begin, shape (m + 1,), and the rows, ascending for each label."""
        if len(labels) <= _FEW_LABELS and "_all_holders" not in self.__dict__:  # as for one article
            indptr, indices, _ = self.rows.compact()
            found = [np.flatnonzero(indices == label) for label in labels.tolist()]
            entries = np.concatenate([np.zeros(0, np.intp), *found])
            rows = np.searchsorted(indptr, entries, side="right") - 1
            return np.cumsum([0, *map(len, found)]), rows.astype(np.int32)
        starts, holders = self._all_holders
        known = np.minimum(labels, len(starts) - 2)  # of the last one no row has any: a draft may have others
        taken = SparseRows(starts, holders, holders.view(np.float32)).take(known).compact()
        return taken.indptr, taken.indices

    @cached_property
    def _all_holders(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        columns = self.rows.to_csr(int(self.rows.indices.max(initial=-1)) + 2).tocsc()
        return columns.indptr.astype(np.int64), columns.indices.astype(np.int32)

    def bins(self, queries: Self, rows: NDArray[Any], others: NDArray[Any]) -> NDArray[np.int8]:
        """Return the bin of each pair of a row of `queries` and a row of this, -1 where a set is empty."""
        cosines = _cosines(len(rows))(
            queries.rows.read_only(), self.rows.read_only(),
            read_only(np.asarray(rows, np.int64)), read_only(np.asarray(others, np.int64)),
        )  # fmt: skip
        bins = np.searchsorted(_OVERLAPS, cosines, side="right").astype(np.int8)
        return np.where(cosines < 0, np.int8(-1), bins)


def labels_of(article: Article | ArticleSummary, field: str) -> frozenset[str]:
    """Return the labels of an article in one of `LABEL_FIELDS`, in small letters."""
    if field == "section":
        return frozenset({article.section.casefold()} if article.section else ())
    values = (article.metadata.get(name) for name in TAG_FIELDS)
    return frozenset(tag.casefold() for value in values if value is not None for tag in tags_of(value))


def title_labels(title: str) -> frozenset[str]:
    """Return the runs of four characters of a title, with a space at both ends, regardless of case.

    Examples
    --------
    >>> sorted(title_labels("Sorts"))
    [' sor', 'orts', 'rts ', 'sort']
    """
    folded = unicodedata.normalize("NFKC", title).casefold().split()
    spelled = f" {' '.join(folded)} "
    starts = range(max(len(spelled) - _GRAM + 1, 1)) if folded else ()
    return frozenset(spelled[start : start + _GRAM] for start in starts)


@lru_cache(maxsize=2**16)
def _hash(label: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(label.encode(errors="surrogatepass"), digest_size=8).digest(), "little"
    )


def _cosines(n_pairs: int) -> Callable[..., NDArray[np.float32]]:
    compiled = _compiled.cache_info().currsize > 0
    return _compiled() if n_pairs > _FEW or compiled else _pair_cosines


@cache
def _compiled() -> Callable[..., NDArray[np.float32]]:
    from numba import njit

    return njit(nogil=True, cache=True)(_pair_cosines)


def _pair_cosines(mine, theirs, rows, others):  # type: ignore[no-untyped-def]
    """Return the cosine of each pair of rows, -1 where one is empty."""
    my_indptr, my_indices, my_data = mine
    indptr, indices, data = theirs
    cosines = np.empty(rows.shape[0], dtype=np.float32)
    for pair in range(rows.shape[0]):
        a, a_end = my_indptr[rows[pair]], my_indptr[rows[pair] + 1]
        b, b_end = indptr[others[pair]], indptr[others[pair] + 1]
        cosine = np.float32(-1.0 if a == a_end or b == b_end else 0.0)
        while a < a_end and b < b_end:
            if my_indices[a] == indices[b]:
                cosine += my_data[a] * data[b]
                a, b = a + 1, b + 1
            elif my_indices[a] < indices[b]:
                a += 1
            else:
                b += 1
        cosines[pair] = cosine
    return cosines
