"""Mentions of titles as a matrix of strengths, of all articles or a run of them at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender.index.sparse_rows import SparseRows
from recommender.scoring.mention_strength import mention_strength

__all__ = ["MentionPairs", "NamedTitles", "mention_rows"]


class MentionPairs(NamedTuple):
    """Single mentions: the title's place, the row of the text that holds it, and the share that it holds."""

    titles: NDArray[np.int32]
    texts: NDArray[np.int32]
    shares: NDArray[np.float32]


class NamedTitles(NamedTuple):
    """The mentions of a run of titles.

    Attributes
    ----------
    titles, texts : ndarray of int32, shape (p,)
        Rows.
    strengths : ndarray of float32, shape (p,)
    n_naming : ndarray of int32, shape (m,)
        Articles that mention each title of the run.
    """

    titles: NDArray[np.int32]
    texts: NDArray[np.int32]
    strengths: NDArray[np.float32]
    n_naming: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        pairs: MentionPairs,
        n_titles: int,
        n_articles: int,
        known: NDArray[np.int32] | None,
        first: int = 0,
    ) -> Self:
        """Return how strong the mentions of some titles are, of which the first has the row `first`.

        `n_articles` are those of the model. `known` is that of `find_mentions`, for these titles.
        """
        counts = np.bincount(pairs.titles, minlength=n_titles).astype(np.int32)
        if known is not None:
            counts = np.where(known >= 0, known, counts)
        strengths = mention_strength(pairs.shares, counts[pairs.titles], n_articles)
        return cls(pairs.titles + np.int32(first), pairs.texts, strengths, counts)


def mention_rows(found: Sequence[NamedTitles], run: range, n: int) -> SparseRows:
    """Return the strengths of mentions of a run of `n` articles in both directions, added up; see `Mentions`."""
    ways = []
    for mine, other in (("texts", "titles"), ("titles", "texts")):
        parts = []
        for each in found:
            rows, columns = getattr(each, mine), getattr(each, other)
            there = (rows >= run.start) & (rows < run.stop)
            parts.append((rows[there] - run.start, columns[there], each.strengths[there]))
        rows, columns, strengths = (np.concatenate(each) for each in zip(*parts, strict=True))
        ways.append(csr_matrix((strengths, (rows, columns)), shape=(len(run), n)))
    both = csr_matrix(ways[0] + ways[1])
    both.sort_indices()
    return SparseRows.of(both)
