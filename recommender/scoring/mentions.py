"""Articles that mention another's title.

`mention_strength` defines a mention and its strength. Rarest terms come first, as in prefix filtering for set joins
(Chaudhuri, Ganti and Kaushik 2006).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.index.kernels.large_arrays import large_array
from recommender.index.sparse_rows import SparseRows
from recommender.index.threads import on_all_threads
from recommender.scoring.mention_kernels import find_titles, named_by_others, term_columns, term_starts
from recommender.scoring.mention_rows import MentionPairs, NamedTitles, mention_rows

__all__ = [
    "MentionRules", "Mentions", "TermTexts", "find_mentions", "mentions_by_terms", "mentions_in", "named_titles",
]  # fmt: skip

_WHOLE = 0.95  # share of a title that is all of it but for its slight terms
_COMMON = 1_000  # terms in more articles than this,
_COMMON_SHARE = 0.02  # and in a larger share of the site, are skipped
_FEW = 4_096  # titles and texts whose own terms take less time than those of a site
_BLOCK = 512  # titles searched at a time by one thread


class MentionRules(NamedTuple):
    """What mentions are measured by, learned from the articles that a model was fitted on.

    Attributes
    ----------
    frequencies : ndarray of int32, shape (n_terms,)
        Articles that hold each term.
    n_articles : int
    """

    frequencies: NDArray[np.int32]
    n_articles: int

    @property
    def common(self) -> int:
        """The number of articles from which on a term is skipped that more than these hold."""
        return max(_COMMON, int(_COMMON_SHARE * self.n_articles))


class TermTexts(NamedTuple):
    """The texts that hold each term.

    Attributes
    ----------
    starts : ndarray of int64, shape (n_terms + 1,)
    texts : ndarray of int32
        Ascending within a term.
    n : int
        The number of texts.
    """

    starts: NDArray[np.int64]
    texts: NDArray[np.int32]
    n: int

    @classmethod
    def of(cls, texts: SparseRows, wanted: NDArray[np.bool_]) -> Self:
        """Return the texts of the wanted terms. The other terms have none."""
        texts = texts.read_only()
        starts = term_starts(texts, wanted)
        rows = large_array((int(starts[-1]),), np.int32)
        term_columns(texts, wanted, starts[:-1].copy(), rows)
        return cls(starts, rows, texts.n_rows)

    @classmethod
    def of_all(cls, texts: SparseRows, rules: MentionRules) -> Self:
        """Return the texts of all terms that are not skipped."""
        return cls.of(texts, rules.frequencies <= rules.common)


class Mentions(NamedTuple):
    """Which articles mention each other.

    Attributes
    ----------
    strengths : SparseRows
        Strengths of mentions in both directions, added up: symmetric, 0 to 2, without a diagonal.
    n_naming : ndarray of int32, shape (n_articles,)
        Articles that mention each title.
    in_full : ndarray of bool, shape (n_articles,)
        Titles that another article holds as a whole, beside those of the same title and those with nearly the same
        words: a headline is no name because its story was printed twice.
    """

    strengths: SparseRows
    n_naming: NDArray[np.int32]
    in_full: NDArray[np.bool_]


class _Search(NamedTuple):
    """Titles as CSR rows, and the articles of each term as CSC columns."""

    titles: SparseRows
    own: NDArray[np.int32]
    starts: NDArray[np.int64]
    articles: NDArray[np.int32]
    frequencies: NDArray[np.int32]
    common: int
    n: int


def find_mentions(
    titles: SparseRows,
    sparse: SparseRows,
    rules: MentionRules,
    known: NDArray[np.int32] | None = None,
    *,
    n_jobs: int | None = None,
) -> Mentions:
    """Return which articles mention which others' titles, and how strongly.

    Parameters
    ----------
    titles : SparseRows
        Unit vectors of the titles alone.
    sparse : SparseRows
        The articles; only the presence of their terms counts.
    rules : MentionRules
    known : ndarray of int32, shape (n_articles,), or None
        Articles that mention each title as a model knows it, -1 where it does not. Those are counted.
    n_jobs : int or None
        Threads; the result does not depend on it.
    """
    n = sparse.n_rows
    pairs = mentions_in(titles, np.arange(n, dtype=np.int32), sparse, rules, n_jobs=n_jobs)
    named = NamedTitles.of(pairs, n, rules.n_articles, known)
    whole = pairs.shares >= _WHOLE
    in_full = named_by_others(titles.read_only(), sparse.read_only(), pairs.titles[whole], pairs.texts[whole])
    return Mentions(mention_rows([named], range(n), n), named.n_naming, in_full)


def named_titles(
    titles: SparseRows,
    run: range,
    texts: Iterable[tuple[int, SparseRows]],
    rules: MentionRules,
    known: NDArray[np.int32] | None,
    *,
    n_jobs: int | None = None,
) -> NamedTitles:
    """Return the mentions of a run of titles in texts that are given in runs, each with its first row."""
    mine = titles.take(np.arange(run.start, run.stop, dtype=np.int32))
    found = []
    for first, some in texts:
        own = np.arange(run.start - first, run.stop - first, dtype=np.int32)
        own[(own < 0) | (own >= some.n_rows)] = -1
        pairs = mentions_in(mine, own, some, rules, n_jobs=n_jobs)
        found.append(pairs._replace(texts=pairs.texts + np.int32(first)))
    pairs = MentionPairs(*(np.concatenate(each) for each in zip(*found, strict=True)))
    return NamedTitles.of(pairs, len(run), rules.n_articles, known, run.start)


def mentions_in(
    titles: SparseRows,
    own: NDArray[np.int32],
    texts: SparseRows,
    rules: MentionRules,
    *,
    n_jobs: int | None = None,
) -> MentionPairs:
    """Return the texts that mention some titles.

    Parameters
    ----------
    titles : SparseRows
        Unit vectors of titles.
    own : ndarray of int32, shape (n_titles,)
        The row of `texts` that each title belongs to, -1 for none. A text does not mention its own title.
    texts : SparseRows
        Only the presence of their terms counts.
    rules : MentionRules

    Notes
    -----
    Visits the articles that hold a title's terms, over all titles. Terms held by more than a thousand articles and
    by a fiftieth of the site are skipped. A mention depends on the title, the text and the rules alone.
    """
    if titles.n_rows + texts.n_rows <= _FEW:
        titles, texts, rules = _within(titles, texts, rules)
    wanted = np.zeros(len(rules.frequencies), dtype=np.bool_)
    wanted[titles.indices[titles.indptr[0] : titles.indptr[-1]]] = True
    wanted &= rules.frequencies <= rules.common
    return mentions_by_terms(titles, own, TermTexts.of(texts, wanted), rules, n_jobs=n_jobs)


def _within(
    titles: SparseRows, texts: SparseRows, rules: MentionRules
) -> tuple[SparseRows, SparseRows, MentionRules]:
    """Return the same with the terms of the titles alone, numbered from 0 on."""
    titles, texts = titles.compact(), texts.compact()
    terms, indices = np.unique(titles.indices, return_inverse=True)
    wanted = np.zeros(len(rules.frequencies), dtype=np.bool_)
    wanted[terms] = True
    held = wanted[texts.indices]
    lengths = np.concatenate([[0], np.cumsum(held)])[texts.indptr]
    columns = np.searchsorted(terms, texts.indices[held]).astype(np.int32)
    few = rules._replace(frequencies=rules.frequencies[terms])
    return (
        titles._replace(indices=indices.astype(np.int32)),
        SparseRows(lengths.astype(np.int64), columns, texts.data[held]),
        few,
    )


def mentions_by_terms(
    titles: SparseRows,
    own: NDArray[np.int32],
    texts: TermTexts,
    rules: MentionRules,
    *,
    n_jobs: int | None = None,
) -> MentionPairs:
    """Return the texts that mention some titles, as `mentions_in` does, from the texts of each term."""
    n = titles.n_rows
    search = _Search(
        titles.read_only(), read_only(own), read_only(texts.starts), read_only(texts.texts),
        read_only(rules.frequencies), rules.common, texts.n,
    )  # fmt: skip
    starts = range(0, n, _BLOCK)
    found: list[Any] = [None] * len(starts)
    blocks = iter(enumerate(starts))

    def find() -> None:
        scratch = np.zeros(texts.n, np.uint8), np.zeros(texts.n, np.float32), np.empty(texts.n, np.int32)
        for place, start in blocks:
            found[place] = find_titles(search, start, min(start + _BLOCK, n), scratch)

    on_all_threads(find, n_jobs)
    parts = zip(*found, strict=True) if found else ([], [], [])
    none = np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32)
    return MentionPairs(*(np.concatenate([empty, *part]) for empty, part in zip(none, parts, strict=True)))
