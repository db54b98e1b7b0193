"""Mentions after an update: those of the articles that came, and of titles whose number of mentions changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.index.sparse_rows import SparseRows
from recommender.scoring.mention_rows import MentionPairs
from recommender.scoring.mention_strength import mention_strength
from recommender.scoring.mentions import MentionRules, mentions_in
from recommender.updating.growth import Step
from recommender.updating.patched_rows import patched_rows

__all__ = ["MentionPatch", "Words", "merged_mentions", "patched_mentions"]


class Words(NamedTuple):
    """Unit rows of titles and of whole articles after an update, and what the model knows of the titles.

    Attributes
    ----------
    titles, sparse : SparseRows
    known : ndarray of int32, shape (n,)
        Articles that mention each title as the model knows it, -1 where it does not.
    titles_held : callable
        Returns the rows of all titles that a text of some terms may hold half of, see `TitleTerms.held`.
    texts_naming : callable
        Returns the mentions of some titles in all articles, see `mentions_in`.
    """

    titles: SparseRows
    sparse: SparseRows
    known: NDArray[np.int32]
    titles_held: Callable[[NDArray[np.int32]], NDArray[np.int32]]
    texts_naming: Callable[[SparseRows, NDArray[np.int32]], MentionPairs]


class MentionPatch(NamedTuple):
    """Mentions that were measured anew.

    Attributes
    ----------
    rows : ndarray of int32, shape (m,)
        The articles whose mentions with all others are here, new ones among them.
    n_naming : ndarray of int32, shape (m,)
        Articles that mention the title of each.
    one, other : ndarray of int32, shape (p,)
        Pairs of one of `rows` and any article, in both directions.
    strengths : ndarray of float32, shape (p,)
    """

    rows: NDArray[np.int32]
    n_naming: NDArray[np.int32]
    one: NDArray[np.int32]
    other: NDArray[np.int32]
    strengths: NDArray[np.float32]


def merged_mentions(old: Collection, words: Words, step: Step, rules: MentionRules) -> MentionPatch:
    """Return the mentions that an update changes, as `find_mentions` finds them among all articles."""
    of_added = words.texts_naming(words.titles.take(step.added), step.added)
    counts = _counted(old, words, step, rules)
    unknown = words.known[step.added] < 0
    found = np.bincount(of_added.titles, minlength=len(step.added)).astype(np.int32)
    counts[step.added[unknown]] = found[unknown]
    before = step.arrays(old.n_naming, np.full(len(step.added), -1, dtype=np.int32))
    recounted = np.setdiff1d(np.flatnonzero((counts != before) & step.there), step.added).astype(np.int32)
    rows = np.union1d(recounted, step.added).astype(np.int32)
    of_titles = [of_added._replace(titles=step.added[of_added.titles])]
    if len(recounted):
        more = words.texts_naming(words.titles.take(recounted), recounted)
        of_titles.append(more._replace(titles=recounted[more.titles]))
    pairs = MentionPairs(*(np.concatenate(each) for each in zip(*of_titles, strict=True)))
    one, other, strengths = _strengths(words, counts, rows, pairs, rules)
    across = ~np.isin(other, rows)  # the other direction of pairs with a row that is not measured anew
    return MentionPatch(
        rows, counts[rows], np.concatenate([one, other[across]]), np.concatenate([other, one[across]]),
        np.concatenate([strengths, strengths[across]]),
    )  # fmt: skip


def patched_mentions(old: SparseRows, moved: NDArray[np.int32], n: int, patch: MentionPatch) -> SparseRows:
    """Return the strengths of mentions by new rows; see `patched_copies` for `moved` and `n`."""
    replaced = np.zeros(n, dtype=np.bool_)
    replaced[patch.rows] = True
    return patched_rows(old, moved, replaced, (patch.one, patch.other, patch.strengths))


def _counted(old: Collection, words: Words, step: Step, rules: MentionRules) -> NDArray[np.int32]:
    """Return how many articles mention each title: what the model knows, or else what is counted.

    The titles of new articles that the model does not know are left at 0.
    """
    counts = step.arrays(old.n_naming, np.zeros(len(step.added), dtype=np.int32))
    for rows, sign in ((words.sparse.take(step.added), 1), (old.sparse.take(step.removed), -1)):
        held = words.titles_held(_terms(rows))
        staying = held[(words.known[held] < 0) & (step.former[held] >= 0)]
        if len(staying):
            nobody = np.full(len(staying), -1, dtype=np.int32)
            pairs = mentions_in(words.titles.take(staying), nobody, rows, rules, n_jobs=1)
            counts[staying] += sign * np.bincount(pairs.titles, minlength=len(staying)).astype(np.int32)
    return np.where(words.known >= 0, words.known, counts).astype(np.int32)


def _strengths(
    words: Words,
    counts: NDArray[np.int32],
    rows: NDArray[np.int32],
    of_titles: MentionPairs,
    rules: MentionRules,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Return the strengths between some rows and all others, in both directions added up, without zeros.

    `of_titles` are the texts that mention the titles of these rows.
    """
    n = len(counts)
    place = np.full(n, -1, dtype=np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    texts = words.sparse.take(rows)
    held = words.titles_held(_terms(texts))
    in_texts = mentions_in(words.titles.take(held), place[held], texts, rules, n_jobs=1)
    named = mention_strength(of_titles.shares, counts[of_titles.titles], rules.n_articles)
    titles = held[in_texts.titles]
    naming = mention_strength(in_texts.shares, counts[titles], rules.n_articles)
    keys = [
        place[of_titles.titles].astype(np.int64) * n + of_titles.texts, in_texts.texts.astype(np.int64) * n + titles,
    ]  # fmt: skip
    pairs, at = np.unique(np.concatenate(keys), return_inverse=True)
    both = np.zeros(len(pairs), dtype=np.float32)
    both[at[: len(named)]] = named  # no pair twice in one direction
    both[at[len(named) :]] += naming
    pairs, both = pairs[both != 0], both[both != 0]
    return rows[pairs // n], (pairs % n).astype(np.int32), both


def _terms(rows: SparseRows) -> NDArray[np.int32]:
    """Return the terms that some rows hold, ascending."""
    return np.unique(rows.indices[rows.indptr[0] : rows.indptr[-1]])
